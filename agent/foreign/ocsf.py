"""OCSF findings: vulnerability (class 2002), compliance (2003) and detection (2004), as Prowler and Security Hub write them.

An array, JSON lines, or an object with `Findings`. Prowler writes detections whose `status_code` is what its check said.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from agent.foreign.finding import Foreign, Kind, Status
from agent.foreign.told import Told, instant, latest, severity, shaped, word

Instant = int | float | str | None
CLASSES = (2001, 2002, 2003, 2004, 2007)
"""Security (deprecated), vulnerability, compliance, detection and application security posture findings."""
NAMED = {1: "informational", 2: "low", 3: "medium", 4: "high", 5: "critical", 6: "fatal"}
SUPPRESSED, RESOLVED = 3, 4
CLOSE = 3
"""Of `activity_id`: how Security Hub says that a finding is no more."""


class Product(Struct):
    """The tool."""

    name: str | None = None
    version: str | None = None


class Metadata(Struct):
    """Of the event."""

    product: Product = field(default_factory=Product)
    event_code: str | None = None


class Analytic(Struct):
    """What looked."""

    uid: str | None = None
    name: str | None = None


class Info(Struct):
    """What was found."""

    uid: str
    analytic: Analytic | None = None
    created_time: Instant = None
    first_seen_time: Instant = None
    last_seen_time: Instant = None


class Resource(Struct):
    """In what."""

    uid: str | None = None
    name: str | None = None


class Compliance(Struct):
    """By which control."""

    control: str | None = None
    status: str | None = None
    status_id: int | None = None


class Cve(Struct):
    """A published vulnerability."""

    uid: str
    created_time: Instant = None


class Package(Struct):
    """What is vulnerable."""

    name: str | None = None


class Vulnerability(Struct):
    """One vulnerability of a finding."""

    cve: Cve | None = None
    title: str | None = None
    severity: str | None = None
    first_seen_time: Instant = None
    affected_packages: list[Package] = field(default_factory=list)


class Event(Struct):
    """One finding."""

    class_uid: int
    finding_info: Info
    activity_id: int | None = None
    time: Instant = None
    metadata: Metadata = field(default_factory=Metadata)
    severity_id: int | None = None
    severity: str | None = None
    status: str | None = None
    status_id: int | None = None
    status_code: str | None = None
    compliance: Compliance | None = None
    resources: list[Resource] = field(default_factory=list)
    resource: Resource | None = None
    vulnerabilities: list[Vulnerability] = field(default_factory=list)


def is_ocsf(value: Any) -> bool:
    """By the class of the first event; an empty array too."""
    rows = value.get("Findings") if isinstance(value, dict) and "Findings" in value else value
    rows = [rows] if isinstance(rows, dict) else rows
    return isinstance(rows, list) and (not rows or (isinstance(rows[0], dict) and "class_uid" in rows[0]))


def ocsf(value: Any, name: str) -> Told:  # noqa: ARG001 (every reader is given the file's name)
    """Read events. Raises `Junk`."""
    rows = value.get("Findings", [value]) if isinstance(value, dict) else value
    events = shaped(rows, list[Event], "findings in OCSF")
    found = tuple(one for event in events if event.class_uid in CLASSES for one in _findings(event))
    tools = {one.tool for one in found}
    versions = {event.metadata.product.version or "" for event in events}
    return Told(
        "OCSF", tools.pop() if len(tools) == 1 else "OCSF", versions.pop() if len(versions) == 1 else "",
        latest(*(instant(event.time, "time") for event in events)), frozenset(one.subject for one in found), found,
    )  # fmt: skip


def _findings(event: Event) -> Iterator[Foreign]:
    tool = word(event.metadata.product.name or "OCSF", "metadata.product.name")
    info = event.finding_info
    first = instant(info.first_seen_time, "first_seen_time") or instant(info.created_time, "created_time")
    named = severity(event.severity) or severity(NAMED.get(event.severity_id or 0))
    for subject in _subjects(event):
        if event.vulnerabilities:
            for hole in event.vulnerabilities:
                names = sorted({one.name for one in hole.affected_packages if one.name})
                yield Foreign(
                    tool=tool, rule=word((hole.cve.uid if hole.cve else hole.title) or info.uid, "cve.uid"), subject=subject,
                    component=word(names[0], "affected_packages.name") if names else "", kind="vulnerability",
                    severity=severity(hole.severity) or named, status=_status(event),
                    first_seen=instant(hole.first_seen_time, "first_seen_time") or first, last_seen=instant(event.time, "time"),
                    published=instant(hole.cve.created_time if hole.cve else None, "cve.created_time"),
                )  # fmt: skip
        else:
            kind: Kind = "misconfiguration" if event.compliance or event.status_code else "other"
            # Prowler writes the instant of its run as the one of creation: nothing is learned from it about the first time.
            since = None if event.status_code else first
            yield Foreign(
                tool=tool, rule=_rule(event), subject=subject, kind=kind, severity=named, status=_status(event), first_seen=since,
                last_seen=instant(event.time, "time"),
            )  # fmt: skip


def _subjects(event: Event) -> Iterator[str]:
    every = [*event.resources, *([event.resource] if event.resource else [])]
    for one in every:
        yield word(one.uid or one.name or "", "resources.uid")


def _rule(event: Event) -> str:
    analytic = event.finding_info.analytic
    said = event.metadata.event_code or (event.compliance.control if event.compliance else None)
    return word(
        said or (analytic.uid or analytic.name if analytic else None) or event.finding_info.uid, "finding_info.uid"
    )


def _status(event: Event) -> Status:
    said = (event.status_code or (event.compliance.status if event.compliance else None) or "").upper()
    if said.startswith("PASS"):
        return "passed"
    if said.startswith("MANUAL"):
        return "not affected"
    if event.status_id == RESOLVED or event.activity_id == CLOSE:
        return "mended"
    muted = event.status_id == SUPPRESSED or (event.status or "").lower() in {"suppressed", "muted"}
    return "suppressed" if muted else "open"
