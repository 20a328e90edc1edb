"""ASFF: what `aws securityhub get-findings` answers. Findings of Security Hub's controls, and what other products sent there.

Prowler and Trivy write it too, each with a way of its own to name itself and its rules: both are read to the names that their other formats
have, so that the same finding is the same whichever way it comes.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from agent.foreign.finding import Foreign, Kind, Severity, Status
from agent.foreign.told import Told, instant, latest, severity, shaped, word

RANGES: tuple[tuple[int, Severity], ...] = ((90, "critical"), (70, "high"), (40, "medium"))
NAMES = ("ProviderName", "Product Name", "aws/securityhub/ProductName")
"""Of `ProductFields`: where products write their own names."""


class Grade(Struct, rename="pascal"):
    """How grave."""

    label: str | None = None
    normalized: float | None = None
    """0 to 100: the older way to say it, which Trivy's template keeps."""

    @property
    def word(self) -> Severity | None:
        """In our words. Source: the ranges of ASFF's documentation."""
        if self.label is not None or self.normalized is None:
            return severity(self.label)
        return next((said for least, said in RANGES if self.normalized >= least), "low")


class Details(Struct, rename="pascal"):
    """What a product says besides of a resource."""

    other: dict[str, Any] = field(default_factory=dict)


class Resource(Struct, rename="pascal"):
    """What it was found in."""

    id: str
    details: Details | None = None


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
    severity: Grade | None = None
    compliance: Compliance | None = None
    workflow: Workflow | None = None
    product_fields: dict[str, Any] = field(default_factory=dict)
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
    versions = {str(row.product_fields.get("ProviderVersion", "")) for row in rows}
    taken = latest(*(one.last_seen for one in found))
    return Told(
        "ASFF", tools.pop() if len(tools) == 1 else "Security Hub", versions.pop() if len(versions) == 1 else "", taken,
        frozenset(one.subject for one in found), found,
    )  # fmt: skip


def _findings(row: Finding) -> Iterator[Foreign]:
    tool = _tool(row)
    for resource in row.resources:
        for rule, component, published, kind in _rules(row, tool, resource):
            yield Foreign(
                tool=tool, rule=word(rule, "GeneratorId"), subject=word(resource.id, "Resources.Id"), component=component, kind=kind,
                severity=row.severity.word if row.severity else None, status=_status(row),
                first_seen=instant(row.first_observed_at or row.created_at, "FirstObservedAt"),
                last_seen=instant(row.last_observed_at or row.updated_at, "LastObservedAt"),
                published=instant(published, "VendorCreatedAt"),
            )  # fmt: skip


def _tool(row: Finding) -> str:
    """The product by its own name for itself."""
    said = (row.product_fields[name] for name in NAMES if isinstance(row.product_fields.get(name), str))
    return word(row.product_name or next(said, None) or row.product_arn.rpartition("/")[2], "ProductName")


def _rules(row: Finding, tool: str, resource: Resource) -> Iterator[tuple[str, str, str | None, Kind]]:
    """Rule, component, when it was published, and kind: of each vulnerability, or of the finding itself."""
    for hole in row.vulnerabilities:
        yield hole.id, _package(hole), hole.vendor.vendor_created_at if hole.vendor else None, "vulnerability"
    if row.vulnerabilities:
        return
    other = resource.details.other if resource.details else {}
    if isinstance(other.get("CVE ID"), str):
        package = other.get("PkgName")
        yield other["CVE ID"], word(package, "PkgName") if isinstance(package, str) else "", None, "vulnerability"
        return
    control = row.compliance.security_control_id if row.compliance else None
    rule = row.generator_id.removeprefix("prowler-") if tool == "Prowler" else row.generator_id
    yield control or rule, "", None, "misconfiguration" if row.compliance else "other"


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
