"""Grype's JSON report: one source, its matches, and the matches that a rule of the user's ignores (they stay, as suppressed)."""

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


class Match(Struct):
    """One package with a known hole."""

    vulnerability: Vulnerability
    artifact: Artifact


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
    source: Source
    descriptor: Descriptor
    ignored_matches: list[Match] = field(default_factory=list)


def is_grype(value: Any) -> bool:
    """By the keys that no other format has."""
    return isinstance(value, dict) and "matches" in value and "descriptor" in value


def grype(value: Any, name: str) -> Told:  # noqa: ARG001 (every reader is given the file's name)
    """Read a report. Raises `Junk`."""
    report = shaped(value, Report, "a Grype report")
    target = report.source.target
    said = target.get("userInput") if isinstance(target, dict) else target
    subject = word(said if isinstance(said, str) else "", "source.target")
    taken = instant(report.descriptor.timestamp, "descriptor.timestamp")
    found = (*_matches(report.matches, subject, "open"), *_matches(report.ignored_matches, subject, "suppressed"))
    return Told("Grype", "Grype", report.descriptor.version, taken, frozenset({subject}), found)


def _matches(matches: list[Match], subject: str, status: Status) -> Iterator[Foreign]:
    for one in matches:
        yield Foreign(
            tool="Grype", rule=word(one.vulnerability.id, "vulnerability.id"), subject=subject, kind="vulnerability",
            component=word(one.artifact.name, "artifact.name"), severity=severity(one.vulnerability.severity), status=status,
        )  # fmt: skip
