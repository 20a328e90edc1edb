"""Trivy's JSON report (schema 2): one artifact, its vulnerabilities, misconfigurations and secrets.

What a user's ignore file or a VEX took out is there with `--show-suppressed` only; it stays, and a statement is believed with its reason.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct, field
from msgspec.structs import replace

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


class Modified(Struct, rename="pascal"):
    """One finding that was taken out, by whom and why."""

    type: str = ""
    status: str = ""
    statement: str = ""
    finding: dict[str, Any] = field(default_factory=dict)

    @property
    def meaning(self) -> Status:
        """Ours for it."""
        if self.status == "not_affected" and self.statement.strip():
            return "not affected"
        return "mended" if self.status == "fixed" and self.statement.strip() else "suppressed"


class Result(Struct, rename="pascal"):
    """One target inside of the artifact."""

    target: str
    vulnerabilities: list[Vulnerability] | None = None
    misconfigurations: list[Misconfiguration] | None = None
    secrets: list[Secret] | None = None
    modified: list[Modified] | None = field(default=None, name="ExperimentalModifiedFindings")


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
        yield _vulnerability(hole, subject)
    for rule in result.misconfigurations or ():
        yield _misconfiguration(rule, subject, result.target)
    for secret in result.secrets or ():
        yield _secret(secret, subject, result.target)
    for one in result.modified or ():
        found = _modified(one, subject, result.target)
        if found is not None:
            yield replace(found, status=one.meaning)


def _modified(one: Modified, subject: str, target: str) -> Foreign | None:
    if one.type == "vulnerability":
        return _vulnerability(shaped(one.finding, Vulnerability, "a vulnerability of Trivy's"), subject)
    if one.type == "misconfiguration":
        return _misconfiguration(
            shaped(one.finding, Misconfiguration, "a misconfiguration of Trivy's"), subject, target
        )
    return (
        _secret(shaped(one.finding, Secret, "a secret of Trivy's"), subject, target) if one.type == "secret" else None
    )


def _vulnerability(hole: Vulnerability, subject: str) -> Foreign:
    return Foreign(
        tool="Trivy", rule=word(hole.vulnerability_id, "VulnerabilityID"), subject=subject, kind="vulnerability",
        component=word(hole.pkg_name, "PkgName"), severity=severity(hole.severity),
        status="not affected" if hole.status == "not_affected" else "open", published=instant(hole.published_date, "PublishedDate"),
    )  # fmt: skip


def _misconfiguration(rule: Misconfiguration, subject: str, target: str) -> Foreign:
    return Foreign(
        tool="Trivy", rule=word(rule.id, "ID"), subject=subject, component=word(target, "Target"), kind="misconfiguration",
        severity=severity(rule.severity), status="passed" if rule.status.upper() == "PASS" else "open",
    )  # fmt: skip


def _secret(secret: Secret, subject: str, target: str) -> Foreign:
    return Foreign(
        tool="Trivy", rule=word(secret.rule_id, "RuleID"), subject=subject, component=word(target, "Target"), kind="other",
        severity=severity(secret.severity),
    )  # fmt: skip
