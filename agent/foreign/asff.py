"""ASFF: what `aws securityhub get-findings` answers. Findings of Security Hub's controls, and what other products sent there."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from agent.foreign.finding import Foreign, Kind, Status
from agent.foreign.told import Told, instant, latest, severity, shaped, word


class Severity(Struct, rename="pascal"):
    """How grave."""

    label: str | None = None


class Resource(Struct, rename="pascal"):
    """What it was found in."""

    id: str


class Compliance(Struct, rename="pascal"):
    """Of a control."""

    status: str | None = None
    security_control_id: str | None = None


class Workflow(Struct, rename="pascal"):
    """What people made of it."""

    status: str | None = None


class Package(Struct, rename="pascal"):
    """What is vulnerable."""

    name: str | None = None


class Vendor(Struct, rename="pascal"):
    """Who published the vulnerability."""

    vendor_created_at: str | None = None


class Vulnerability(Struct, rename="pascal"):
    """One vulnerability of a finding."""

    id: str
    vulnerable_packages: list[Package] = field(default_factory=list)
    vendor: Vendor | None = None


class Finding(Struct, rename="pascal"):
    """One finding."""

    id: str
    product_arn: str
    generator_id: str
    resources: list[Resource]
    created_at: str
    updated_at: str
    first_observed_at: str | None = None
    last_observed_at: str | None = None
    product_name: str | None = None
    severity: Severity | None = None
    compliance: Compliance | None = None
    workflow: Workflow | None = None
    record_state: str = "ACTIVE"
    vulnerabilities: list[Vulnerability] = field(default_factory=list)


def is_asff(value: Any) -> bool:
    """By the keys of the first finding; an empty answer too."""
    rows = value.get("Findings") if isinstance(value, dict) else value
    return isinstance(rows, list) and (
        (not rows and isinstance(value, dict)) or (bool(rows) and isinstance(rows[0], dict) and "ProductArn" in rows[0])
    )


def asff(value: Any, name: str) -> Told:  # noqa: ARG001 (every reader is given the file's name)
    """Read an answer. Raises `Junk`."""
    rows = shaped(value["Findings"] if isinstance(value, dict) else value, list[Finding], "findings in ASFF")
    found = tuple(one for row in rows for one in _findings(row))
    tools = {one.tool for one in found}
    taken = latest(*(one.last_seen for one in found))
    return Told(
        "ASFF", tools.pop() if len(tools) == 1 else "Security Hub", "", taken, frozenset(one.subject for one in found), found
    )  # fmt: skip


def _findings(row: Finding) -> Iterator[Foreign]:
    tool = word(row.product_name or row.product_arn.rpartition("/")[2], "ProductName")
    control = row.compliance.security_control_id if row.compliance else None
    rules: list[tuple[str, str, str | None, Kind]] = [
        (hole.id, _package(hole), hole.vendor.vendor_created_at if hole.vendor else None, "vulnerability")
        for hole in row.vulnerabilities
    ] or [(control or row.generator_id, "", None, "misconfiguration" if row.compliance else "other")]
    for resource in row.resources:
        for rule, component, published, kind in rules:
            yield Foreign(
                tool=tool, rule=word(rule, "GeneratorId"), subject=word(resource.id, "Resources.Id"), component=component, kind=kind,
                severity=severity(row.severity.label if row.severity else None), status=_status(row),
                first_seen=instant(row.first_observed_at or row.created_at, "FirstObservedAt"),
                last_seen=instant(row.last_observed_at or row.updated_at, "LastObservedAt"),
                published=instant(published, "VendorCreatedAt"),
            )  # fmt: skip


def _package(hole: Vulnerability) -> str:
    names = sorted({one.name for one in hole.vulnerable_packages if one.name})
    return word(names[0], "VulnerablePackages.Name") if names else ""


def _status(row: Finding) -> Status:
    said = row.compliance.status if row.compliance else None
    work = row.workflow.status if row.workflow else None
    if said == "PASSED":
        return "passed"
    if said == "NOT_AVAILABLE":
        return "not affected"
    if row.record_state == "ARCHIVED" or (work == "RESOLVED" and said is None):
        return "mended"
    return "suppressed" if work == "SUPPRESSED" else "open"
