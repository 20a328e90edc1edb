"""Trivy's JSON report (schema 2): one artifact, its vulnerabilities, misconfigurations and secrets."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from agent.foreign.finding import Foreign, Status
from agent.foreign.told import Told, instant, severity, shaped, word


class Vulnerability(Struct, rename="pascal"):
    """One package with a known hole."""

    vulnerability_id: str = field(name="VulnerabilityID")
    pkg_name: str
    severity: str = "UNKNOWN"
    published_date: str | None = None
    status: str | None = None


class Misconfiguration(Struct, rename="pascal"):
    """One rule over a file of configuration."""

    id: str = field(name="ID")
    severity: str = "UNKNOWN"
    status: str = "FAIL"


class Secret(Struct, rename="pascal"):
    """Something that looks like a credential; only the rule is read."""

    rule_id: str = field(name="RuleID")
    severity: str = "UNKNOWN"


class Result(Struct, rename="pascal"):
    """One target inside of the artifact."""

    target: str
    vulnerabilities: list[Vulnerability] | None = None
    misconfigurations: list[Misconfiguration] | None = None
    secrets: list[Secret] | None = None


class Report(Struct, rename="pascal"):
    """The file."""

    schema_version: Annotated[int, Meta(ge=2)]
    artifact_name: str
    created_at: str | None = None
    results: list[Result] | None = None


def is_trivy(value: Any) -> bool:
    """By the keys that no other format has."""
    return isinstance(value, dict) and "SchemaVersion" in value and "ArtifactName" in value


def trivy(value: Any, name: str) -> Told:  # noqa: ARG001 (every reader is given the file's name)
    """Read a report. Raises `Junk`."""
    report = shaped(value, Report, "a Trivy report of schema 2 or newer")
    subject = word(report.artifact_name, "ArtifactName")
    taken = instant(report.created_at, "CreatedAt")
    found = (one for result in report.results or () for one in _result(result, subject))
    return Told("Trivy", "Trivy", "", taken, frozenset({subject}), tuple(found))


def _result(result: Result, subject: str) -> Iterator[Foreign]:
    for hole in result.vulnerabilities or ():
        yield Foreign(
            tool="Trivy", rule=word(hole.vulnerability_id, "VulnerabilityID"), subject=subject, kind="vulnerability",
            component=word(hole.pkg_name, "PkgName"), severity=severity(hole.severity),
            status="not affected" if hole.status == "not_affected" else "open", published=instant(hole.published_date, "PublishedDate"),
        )  # fmt: skip
    for rule in result.misconfigurations or ():
        status: Status = "passed" if rule.status.upper() == "PASS" else "open"
        yield Foreign(
            tool="Trivy", rule=word(rule.id, "ID"), subject=subject, component=word(result.target, "Target"), kind="misconfiguration",
            severity=severity(rule.severity), status=status,
        )  # fmt: skip
    for secret in result.secrets or ():
        yield Foreign(
            tool="Trivy", rule=word(secret.rule_id, "RuleID"), subject=subject, component=word(result.target, "Target"), kind="other",
            severity=severity(secret.severity),
        )  # fmt: skip
