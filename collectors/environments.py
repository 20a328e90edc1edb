"""Which environment a thing is of, by its tags or labels: production, or one of those before it. The one place where the words stand.

Keys and values are compared without case and separators, keys without a prefix before the last `:` or `/`. A value of no known word names
an environment too, by itself: what is kept apart from production is judged, not what it is called.
"""

import functools
import re
from collections.abc import Iterable, Mapping

from collectors.resource import Resource
from collectors.serving import Workload

KEYS = frozenset({
    "environment", "env", "environmentname", "environmenttype", "envname", "envtype", "deploymentenvironment", "deployenv",
})  # fmt: skip
STAGES = frozenset({"stage", "deploymentstage"})
"""Keys that may name something else too, and count for an environment where their value is a known word."""
WORDS = {
    "production": ("production", "prod", "prd", "live"),
    "staging": ("staging", "stage", "stg", "preproduction", "preprod", "uat", "acceptance"),
    "test": ("test", "testing", "tst", "qa", "qualityassurance", "integration", "int", "ci"),
    "development": ("development", "develop", "dev", "sandbox", "playground", "lab"),
}
"""Environment -> how people write it."""
NAMED = {word: name for name, words in WORDS.items() for word in words}
PRODUCTION = "production"


def environments(tags: Iterable[Mapping[str, str] | None]) -> tuple[str, ...] | None:
    """The environments that some things name, sorted; `()` where none does, `None` where somebody's tags were not learned."""
    found: set[str] = set()
    for each in tags:
        if each is None:
            return None
        found |= {named for key, value in each.items() if (named := _named(key, value))}
    return tuple(sorted(found))


def of_machines(seen: Iterable[Resource] | None, network: str) -> tuple[tuple[str, ...] | None, tuple[Workload, ...]]:
    """The environments of the machines that live in a network, and machines that show them: one for each.

    Not learned where a machine does not tell where it lives.
    """
    if seen is None:
        return None, ()
    machines = [one for one in seen if isinstance(one, Workload)]
    if any(one.networks is None for one in machines):
        return None, ()
    inside = [one for one in machines if network in (one.networks or ())]
    shown = {environments([one.tags]): one for one in inside if one.tags}
    return environments(one.tags for one in inside), tuple(one for named, one in shown.items() if named)


@functools.lru_cache(maxsize=10_000)
def _named(key: str, value: str) -> str:
    """The environment that one tag names; empty if none."""
    of, word = _plain(re.split(r"[:/]", key)[-1]), _plain(value)
    if of in KEYS:
        return NAMED.get(word, word)
    return NAMED.get(word, "") if of in STAGES else ""


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())
