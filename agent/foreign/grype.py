"""Grype's JSON report: one source, its matches, and those that a rule of the user's or a VEX ignores: what only a rule ignores stays."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from agent.foreign.finding import Foreign, Status
from agent.foreign.told import Told, instant, severity, shaped, word


class Vulnerability(Struct):
    """The hole."""

    id: str
    severity: str = "Unknown"


class Artifact(Struct):
    """The package."""

    name: str


class Ignored(Struct, rename="kebab"):
    """Why a match was ignored: a rule of the user's, or a statement of a VEX."""

    vex_status: str = ""
    vex_justification: str = ""


class Match(Struct, rename="camel"):
    """One package with a known hole."""

    vulnerability: Vulnerability
    artifact: Artifact
    applied_ignore_rules: list[Ignored] = field(default_factory=list)


class Source(Struct):
    """What was looked at: an image with its own values, or a folder's path."""

    target: Any = None


class Descriptor(Struct):
    """The tool."""

    name: str = "grype"
    version: str = ""
    timestamp: str | None = None


class Report(Struct, rename="camel"):
    """The file."""

    matches: list[Match]
    source: Source | None
    descriptor: Descriptor
    ignored_matches: list[Match] = field(default_factory=list)


def is_grype(value: Any) -> bool:
    """By the keys that no other format has."""
    return isinstance(value, dict) and "matches" in value and "descriptor" in value


def grype(value: Any, name: str) -> Told:
    """Read a report; where it does not say of what (a list of packages), it is of what the file is named for. Raises `Junk`."""
    report = shaped(value, Report, "a Grype report")
    target = report.source.target if report.source else name
    said = target.get("userInput") if isinstance(target, dict) else target
    subject = word(said if isinstance(said, str) else "", "source.target")
    taken = instant(report.descriptor.timestamp, "descriptor.timestamp")
    found = (*_matches(report.matches, subject), *_matches(report.ignored_matches, subject, ignored=True))
    return Told("Grype", "Grype", report.descriptor.version, taken, frozenset({subject}), found)


def _matches(matches: list[Match], subject: str, *, ignored: bool = False) -> Iterator[Foreign]:
    for one in matches:
        yield Foreign(
            tool="Grype", rule=word(one.vulnerability.id, "vulnerability.id"), subject=subject, kind="vulnerability",
            component=word(one.artifact.name, "artifact.name"), severity=severity(one.vulnerability.severity),
            status=_ignored(one.applied_ignore_rules) if ignored else "open",
        )  # fmt: skip


def _ignored(rules: list[Ignored]) -> Status:
    """A statement that it does not matter is believed with its reason beside it; a rule of the user's mends nothing."""
    reasoned = any(one.vex_status == "not_affected" and one.vex_justification.strip() for one in rules)
    return "not affected" if reasoned else "suppressed"
