"""Answers of which something is taken away: each field of an answer left out, nulled, or worded as nobody knew when this was written.

For the law of monotony: what takes knowledge away turns no verdict into a better one. Elements of lists stay, since an answer with one
element less tells another story and not the same one less clearly.
"""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from controls.verdict import Outcome

Way = tuple[Any, ...]
"""Keys and positions to a value; behind a text that is JSON itself, the keys inside of it."""
Verdicts = Mapping[tuple[str, str], Outcome]
"""(check, resource id) -> outcome."""
LOST = "left out"
NULLED = "null"
UNHEARD = "a new word"
WORD = "unheard-of"
DENIED = frozenset({Outcome.FAILED, Outcome.UNKNOWN})


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """The way to every value inside, objects and lists too."""
    inside = inner(value)
    pairs = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
    for key, found in pairs:
        yield (*way, key)
        yield from ways(found, (*way, key))


def inner(value: Any) -> Any:
    """The value, or what it says where it is JSON as text."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def spoiled(value: Any, way: Way, *, worded: bool) -> Iterator[tuple[str, Any]]:
    """How it is spoiled at the end of a way, and the copy that is; `worded` where it is one of a list of words."""
    if not isinstance(way[-1], int):
        yield LOST, put(value, way, ...)
        yield NULLED, put(value, way, None)
    if worded:
        yield UNHEARD, put(value, way, WORD)


def at(value: Any, way: Way) -> Any:
    """What stands at the end of a way."""
    for key in way:
        value = inner(value)[key]
    return value


def put(value: Any, way: Way, new: Any) -> Any:
    """A copy with something else at the end of a way; `...` takes it out."""
    if not way:
        return new
    found = copy.copy(inner(value))
    if len(way) == 1 and new is ...:
        del found[way[0]]
    else:
        found[way[0]] = put(found[way[0]], way[1:], new)
    return json.dumps(found, default=str) if isinstance(value, str) else found


def named(way: Way) -> str:
    """A way in one word: `Grants.*.Grantee.URI`."""
    return ".".join("*" if isinstance(key, int) else str(key) for key in way)


def bettered(before: Verdicts, after: Verdicts) -> set[str]:
    """Checks of which something passes that did not before."""
    return {
        check
        for (check, resource), outcome in after.items()
        if outcome is Outcome.PASSED and before.get((check, resource)) in DENIED
    }


def unexplained(found: Mapping[str, set[str]], meant: Iterable[str]) -> dict[str, set[str]]:
    """What bettered a verdict and is not listed as meant, and what is listed and bettered none; words -> checks."""
    listed = frozenset(meant)
    return {words: checks for words, checks in found.items() if words not in listed} | {
        f"no longer: {words}": set() for words in listed - found.keys()
    }
