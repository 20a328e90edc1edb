"""What every format shares: a tool's words for severity and time in ours, and junk refused by the place where it stands."""

import math
import unicodedata
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from agent.foreign.finding import Component, Foreign, Format, Severity

T = TypeVar("T")
LONGEST = 1024
SEVERITIES: dict[str, Severity] = {
    "critical": "critical", "fatal": "critical", "high": "high", "important": "high", "medium": "medium", "moderate": "medium",
    "low": "low", "minor": "low", "negligible": "low", "informational": "low", "info": "low", "none": "low", "note": "low",
}  # fmt: skip
SECONDS_UNTIL = 100_000_000_000
"""OCSF's instants are milliseconds; Prowler writes seconds. Below this number (the year 5138) it is seconds."""


class Told(NamedTuple):
    """What a file says, before it is an export."""

    format: Format
    tool: str
    version: str
    taken: datetime | None
    subjects: frozenset[str]
    findings: tuple[Foreign, ...]
    components: frozenset[Component] = frozenset()


class Junk(ValueError):
    """A file is not what it looks like; the words say where."""


def shaped(value: Any, of: type[T], what: str) -> T:
    """The value as a type. Raises `Junk` with the path at which it is not."""
    try:
        return msgspec.convert(value, of, strict=True)
    except msgspec.ValidationError as error:
        raise Junk(f"not {what}: {error}") from None


def word(text: str, what: str) -> str:
    """An id as it is kept: one line, not empty, not endless."""
    clean = "".join(one for one in text if unicodedata.category(one)[0] != "C").strip()
    if not clean:
        raise Junk(f"{what} is empty")
    if len(clean) > LONGEST:
        raise Junk(f"{what} is longer than {LONGEST} characters: {clean[:40]}...")
    return clean


def severity(text: str | None) -> Severity | None:
    """A tool's word for it."""
    return SEVERITIES.get((text or "").strip().lower())


def by_score(score: Any) -> Severity | None:
    """The word for a CVSS score. Source: CVSS v3.1, qualitative severity rating scale."""
    try:
        value = float(score) if score is not None else math.nan
    except (TypeError, ValueError):
        return None
    if not 0 <= value <= 10:
        return None
    return "critical" if value >= 9 else "high" if value >= 7 else "medium" if value >= 4 else "low"


def instant(value: str | float | None, what: str = "an instant") -> datetime | None:
    """An instant in UTC, of text with or without a zone, or of an epoch in seconds or milliseconds; `None` where nothing is said."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            found = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        else:
            found = datetime.fromtimestamp(value if value < SECONDS_UNTIL else value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise Junk(f"{what} is no instant: {str(value)[:40]!r}") from None
    return found.replace(microsecond=0) if found.year > 1970 else None  # Go writes its zero instant where it knows none


def latest(*instants: datetime | None) -> datetime | None:
    """The last of those that are said."""
    return max((one for one in instants if one is not None), default=None)
