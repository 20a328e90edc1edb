"""What must not be kept is taken out before anything reaches the store.

E-mail addresses of people become keyed pseudonyms, the same for the same person; any other hit is replaced in place by
`[redacted: <detector>]` and is reported, so that the machinery can make it a gap. What the patterns are: `collectors.detectors`.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

import msgspec

from collectors.answer import Clean
from collectors.detectors import ALONE, EMAIL, NEAR, Suspicion, able, suspect, suspicion
from collectors.resource import Resource
from collectors.sighting import Evidence, Reading, Sighting

R = TypeVar("R", bound=Resource)

MACHINES = ".gserviceaccount.com"
"""How the address of a service account of Google Cloud ends."""


_BRANCHES = (dict, list, tuple)
_LEAVES = frozenset({bool, int, float, type(None)})


class Hit(NamedTuple):
    """One thing that was taken out and is therefore not learned."""

    operation: str
    """Whose answer held it; empty for a fact, a name or a tag."""
    detector: str


class Redactor:
    """Takes out what must not be kept. `key` is the pseudonyms' secret: the same key gives the same person the same pseudonym."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pseudonym = lru_cache(maxsize=4096)(self.pseudonym)

    def text(self, text: str, hits: set[str] | None = None) -> str:
        """The text without secrets and addresses; the detectors that found something are added to `hits`."""
        for name, pattern in able(text):
            text, found = pattern.subn(partial(_replaced, name), text)
            if found and hits is not None:
                hits.add(name)
        return EMAIL.sub(self._known, text) if "@" in text or "%40" in text else text

    def _known(self, match: re.Match[str]) -> str:
        """Who is no person keeps the name: an operator must find the service account that is wrong."""
        return match[0] if match[0].lower().endswith(MACHINES) else self._pseudonym(match[0])

    def pseudonym(self, address: str) -> str:
        """`person-<12 hex>`: the same for every spelling of an e-mail address, of no use without the key."""
        canonical = address.replace("%40", "@").lower().encode()
        return f"person-{hmac.new(self._key, canonical, hashlib.sha256).hexdigest()[:12]}"

    def clean(self, sightings: Sequence[Sighting]) -> bool:
        """Nothing in any of them needs a look. Many at once cost half of what each costs by itself."""
        answers = {type(part.answer) for one in sightings for part in one.evidence}
        looked: Any = [(one.resource, one.cites) for one in sightings] if answers <= {Clean} else sightings
        return suspicion(msgspec.json.encode(looked)) is None

    def sighting(self, sighting: Sighting) -> tuple[Sighting, tuple[Hit, ...]]:
        """The sighting as it may be kept, and what was taken out of it."""
        if suspicion(msgspec.json.encode(sighting)) is None:
            return sighting, ()
        hits: set[str] = set()
        resource = self._resource(sighting.resource, hits)
        evidence, found = self._evidence(sighting.evidence)
        kept = msgspec.structs.replace(
            sighting, resource=resource, evidence=evidence, cites=tuple(map(self.text, sighting.cites))
        )
        return kept, tuple(sorted({*found, *(Hit("", name) for name in hits)}))

    def reading(self, reading: Reading) -> tuple[Reading, tuple[Hit, ...]]:
        """The reading as it may be kept, and what was taken out of it."""
        if suspicion(msgspec.json.encode(reading)) is None:
            return reading, ()
        hits: set[str] = set()
        values = self._tree(reading.values, hits)
        evidence, found = self._evidence(reading.evidence)
        kept = msgspec.structs.replace(reading, id=self.text(reading.id), values=values, evidence=evidence)
        return kept, tuple(sorted({*found, *(Hit("", name) for name in hits)}))

    def _tree(self, value: Any, hits: set[str], whole: Suspicion = suspect) -> Any:
        """Plain JSON with every string, keys too, redacted. Branches in which nothing is suspect are left alone."""
        if isinstance(value, str):
            return self.text(value, hits)
        suspects = suspicion(msgspec.json.encode(value), whole) if isinstance(value, _BRANCHES) else None
        if suspects is None:
            return value
        if not isinstance(value, dict):  # a fact of several parts is a tuple
            return type(value)(
                [self._tree(inner, hits, suspects) if _open(inner, suspects) else inner for inner in value]
            )
        if suspects is suspect and _near(value):
            return {self.text(key, hits): self._beside(inner, hits) for key, inner in value.items()}
        kept = {
            key: self._tree(inner, hits, suspects) if _open(inner, suspects) else inner for key, inner in value.items()
        }
        return {self.text(key, hits): inner for key, inner in kept.items()} if suspects("\0".join(value)) else kept

    def _beside(self, value: Any, hits: set[str]) -> Any:
        """A value that stands in one object with an access key id or a secret's name."""
        if isinstance(value, str) and ALONE.fullmatch(value):
            hits.add("aws secret key")
            return "[redacted: aws secret key]"
        return self._tree(value, hits)

    def _evidence(self, evidence: tuple[Evidence, ...]) -> tuple[tuple[Evidence, ...], set[Hit]]:
        kept: list[Evidence] = []
        found: set[Hit] = set()
        for one in evidence:
            hits: set[str] = set()
            kept.append(Evidence(operation=one.operation, answer=self._tree(one.answer, hits)))
            found |= {Hit(one.operation, name) for name in hits}
        return tuple(kept), found

    def _resource(self, resource: R, hits: set[str]) -> R:
        before = msgspec.to_builtins(resource)
        after = self._tree({name: value for name, value in before.items() if type(value) not in _LEAVES}, hits)
        changed = {name: value for name, value in after.items() if value != before[name]}
        return _decoded(type(resource), before, changed) if changed else resource


def _open(value: Any, suspects: Suspicion) -> bool:
    """It is a suspect text, or may hold one."""
    kind = type(value)
    return kind not in _LEAVES and (kind is not str or suspects(value))


def _near(element: dict[str, Any]) -> bool:
    """Something beside which a secret may stand is in a key or a value: no pattern reaches over what parts them here."""
    return (
        NEAR.search("\0".join(part for pair in element.items() for part in pair if isinstance(part, str))) is not None
    )


def _replaced(name: str, match: re.Match[str]) -> str:
    kept = match.groupdict().get("kept") or ""
    return f"{kept}[redacted: {name}]"


def _decoded(kind: type[R], before: dict[str, Any], changed: dict[str, Any]) -> R:
    """The resource as redacted; a fact that no longer has its type is not learned."""
    kept = {name: value if _decodes(kind, {**before, name: value}) else None for name, value in changed.items()}
    return msgspec.convert({**before, **kept}, kind)


def _decodes(kind: type[Resource], fields: dict[str, Any]) -> bool:
    try:
        msgspec.convert(fields, kind)
    except msgspec.ValidationError:
        return False
    return True
