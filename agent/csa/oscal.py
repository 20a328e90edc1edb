"""CSA's files as OSCAL catalogs: a control with parts, of which one is the specification and others are questions of the CAIQ.

Source: NIST OSCAL, model `catalog`. Its ids are tokens without `&`, so a control is known by its label too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agent.csa import headers
from agent.csa.found import Found

STATEMENT = ("statement", "specification", "control")
"""Names of the part that is the specification itself, the likeliest first."""
DEEPEST = 8


def take(control: Mapping[str, Any], found: Found) -> str | None:
    """Take from a control (keys by their words) its text and questions; return its bare id, `None` if it is none of the CCM's."""
    named = next((one for text in _names(control) if (one := headers.token(text)) and one[1] is None), None)
    if named is None:
        return None
    bare, _ = named
    parts = [one for one in control["parts"] if isinstance(one, dict)]
    for name in STATEMENT:
        said = [text for part in parts if part.get("name") == name for text in _prose(part)]
        if said:
            found.text(bare, "\n".join(said))
            break
    for part in _all(parts):
        number = next((one for text in _names(part) if (one := headers.token(text)) and one[1] is not None), None)
        if number is not None:
            found.question(f"{number[0]}.{int(number[1] or 0)}", "\n".join(_prose(part)))
    return bare


def _names(value: Mapping[str, Any]) -> Iterator[str]:
    """How an object is called: by its labels, then by its id."""
    props = value.get("props")
    for prop in props if isinstance(props, list) else ():
        if isinstance(prop, dict) and prop.get("name") in {"label", "control-id", "question-id"}:
            yield str(prop.get("value"))
    if isinstance(value.get("id"), str):
        yield value["id"]


def _all(parts: list[dict[str, Any]], depth: int = 0) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        inner = part.get("parts")
        if isinstance(inner, list) and depth < DEEPEST:
            yield from _all([one for one in inner if isinstance(one, dict)], depth + 1)


def _prose(part: Mapping[str, Any]) -> list[str]:
    return [one["prose"].strip() for one in _all([dict(part)]) if isinstance(one.get("prose"), str)]
