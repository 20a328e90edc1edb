"""CycloneDX as JSON: a bill of materials with its vulnerabilities, each with what was said of it (VEX).

Of what the bill is may be left out (pip-audit and cyclonedx-py do): then it is of what the file is named for. A statement that a
vulnerability does not matter is believed only with its reason beside it: a justification, or a detail in words.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from agent.foreign.finding import Component as Part
from agent.foreign.finding import Foreign, Severity, Status
from agent.foreign.told import Told, by_score, instant, severity, shaped, word

ORDER: tuple[Severity, ...] = ("critical", "high", "medium", "low")
NAMELESS = frozenset({"cli"})
"""Names that say nothing without the vendor's: npm calls itself so."""


class Supplier(Struct):
    """Who supplies a component."""

    name: str | None = None


class Component(Struct):
    """A part of what the bill is of, or that itself."""

    name: str
    version: str | None = None
    ref: str | None = field(default=None, name="bom-ref")
    supplier: Supplier | None = None
    publisher: str | None = None
    components: "list[Component]" = field(default_factory=list)


class Metadata(Struct):
    """Of what the bill is, and since when."""

    timestamp: str | None = None
    component: Component | None = None
    tools: Any = None


class Rating(Struct):
    """How grave somebody says it is."""

    severity: str | None = None
    score: float | None = None
    method: str | None = None
    """Whose scale the score is of; Grype writes probabilities (EPSS) as `other`."""

    @property
    def weight(self) -> Severity | None:
        """In our words: as said, or by the score where that is a CVSS score."""
        scored = self.score if self.method is None or self.method.startswith("CVSS") else None
        return severity(self.severity) or by_score(scored)


class Analysis(Struct):
    """The statement of a VEX."""

    state: str | None = None
    justification: str | None = None
    detail: str | None = None


class Affected(Struct):
    """A reference to a component, here or in another bill."""

    ref: str


class Vulnerability(Struct, rename="camel"):
    """One vulnerability with all that it affects."""

    id: str
    ratings: list[Rating] = field(default_factory=list)
    published: str | None = None
    created: str | None = None
    analysis: Analysis | None = None
    affects: list[Affected] = field(default_factory=list)


class Bill(Struct, rename="camel"):
    """The file."""

    bom_format: str
    spec_version: str
    serial_number: str | None = None
    metadata: Metadata | None = None
    components: list[Component] = field(default_factory=list)
    vulnerabilities: list[Vulnerability] = field(default_factory=list)


def is_cyclonedx(value: Any) -> bool:
    """By the key that says it."""
    return isinstance(value, dict) and value.get("bomFormat") == "CycloneDX"


def cyclonedx(value: Any, name: str) -> Told:
    """Read a bill. Raises `Junk`."""
    bill = shaped(value, Bill, "a CycloneDX bill of materials as JSON")
    about = bill.metadata.component if bill.metadata else None
    about = about or Component(name=name)
    subject = word(f"{about.name}@{about.version}" if about.version else about.name, "metadata.component.name")
    names = {one.ref: one.name for one in _all([about, *bill.components]) if one.ref}
    tool = _tool(bill.metadata.tools if bill.metadata else None)
    found = (one for hole in bill.vulnerabilities for one in _findings(hole, tool, subject, names))
    taken = instant(bill.metadata.timestamp if bill.metadata else None, "metadata.timestamp")
    parts = frozenset(_part(one, subject) for one in _all(bill.components))
    return Told("CycloneDX", tool, bill.spec_version, taken, frozenset({subject}), tuple(found), parts)


def _part(one: Component, subject: str) -> Part:
    supplier = (one.supplier.name if one.supplier else None) or one.publisher or ""
    return Part(
        subject=subject, name=word(one.name, "a component's name"), version=word(one.version, "a version") if one.version else "",
        supplier=word(supplier, "a supplier's name") if supplier.strip() else "",
    )  # fmt: skip


def _all(components: list[Component]) -> Iterator[Component]:
    """Components with those that they are made of."""
    waiting = list(components)
    while waiting:
        one = waiting.pop()
        waiting += one.components
        yield one


def _tool(tools: Any) -> str:
    """The name of the tool that wrote it, in either of the two shapes that CycloneDX has had."""
    listed = tools.get("components") if isinstance(tools, dict) else tools
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    name, vendor = first.get("name"), first.get("vendor")
    if not isinstance(name, str) or not name.strip():
        return "CycloneDX"
    said = f"{vendor} {name}" if name in NAMELESS and isinstance(vendor, str) else name
    return word(said, "the tool's name")


def _findings(hole: Vulnerability, tool: str, subject: str, names: dict[str, str]) -> Iterator[Foreign]:
    known = [one.weight for one in hole.ratings if one.weight is not None]
    for part in sorted({names.get(one.ref, one.ref) for one in hole.affects} or {""}):
        yield Foreign(
            tool=tool, rule=word(hole.id, "vulnerability id"), subject=subject, component=word(part, "affects.ref") if part else "",
            kind="vulnerability", severity=min(known, key=ORDER.index) if known else None, status=_status(hole.analysis),
            first_seen=instant(hole.created, "created"), published=instant(hole.published, "published"),
        )  # fmt: skip


def _status(said: Analysis | None) -> Status:
    if said is None or not (said.justification or (said.detail or "").strip()):
        return "mended" if said is not None and said.state in {"resolved", "resolved_with_pedigree"} else "open"
    states: dict[str, Status] = {
        "resolved": "mended", "resolved_with_pedigree": "mended", "not_affected": "not affected", "false_positive": "not affected",
    }  # fmt: skip
    return states.get(said.state or "", "open")
