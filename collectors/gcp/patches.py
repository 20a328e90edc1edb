"""What VM Manager says of machines: the software that its agent reports, and the vulnerabilities that are known of it.

A report names the packages that would mend a vulnerability. A machine without a report was not assessed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from collectors.collector import Item, collector
from collectors.gcp.elements import at, data, instant, parts, region, text, texts
from collectors.gcp.session import OS_INVENTORY, RESOURCE, GcpSession
from collectors.watching import Finding

INSTANCE, REPORT = "compute.googleapis.com/Instance", "osconfig.googleapis.com/VulnerabilityReport"
IN_CONTACT = timedelta(days=2)
"""The agent reports several times a day; one that was silent for longer is not in contact."""
Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: dict[str, Severity] = {
    "CRITICAL": "critical",
    "HIGH": "high",
    "MEDIUM": "medium",
    "LOW": "low",
    "MINIMAL": "low",
}
"""How VM Manager words them; `NONE` and what it left unsaid are not learned."""


class Agent(NamedTuple):
    """What the agent on a machine has reported."""

    managed: bool | None = None
    inventoried: bool | None = None


class Assessment(NamedTuple):
    """What is known to be missing, and since when."""

    missing: int | None = None
    at: datetime | None = None


def agent(session: GcpSession, item: Item) -> Agent:
    """Whether a machine reports its software, and did lately."""
    found = session.own(INSTANCE, OS_INVENTORY, item["name"])
    if found is None:
        return Agent()
    reported = at(found, "osInventory")
    if reported is None:
        return Agent(managed=False, inventoried=False)
    seen, now = instant(reported, "updateTime"), instant({"at": session.read_time(INSTANCE, OS_INVENTORY)}, "at")
    return Agent(
        managed=None if seen is None or now is None else now - seen <= IN_CONTACT, inventoried=reported["packages"] > 0
    )


def assessment(session: GcpSession, item: Item) -> Assessment:
    """The packages that a machine's report of vulnerabilities wants installed."""
    reports = session.worked_out("missing", REPORT, RESOURCE, _assessments)
    number = text(data(item), "id")
    if reports is None or number is None or number not in reports:
        return Assessment()
    name, found = reports[number]
    session.notes.cites.append(name)
    return found


def _assessments(assets: Iterator[dict[str, Any]]) -> dict[str, tuple[str, Assessment]]:
    """Number of a machine -> its report's name, and what is missing."""
    found = {}
    for asset in assets:
        report = at(asset, "resource", "data")
        wanted = {package for one in parts(report, "vulnerabilities") for package in mending(one)}
        found[machine_of(asset["name"])] = (asset["name"], Assessment(len(wanted), instant(report, "updateTime")))
    return found


def machine_of(report: str) -> str:
    """A machine's number, of its report's name: `.../instances/<number>/vulnerabilityReport`."""
    return report.partition("/instances/")[2].partition("/")[0]


def mending(vulnerability: Mapping[str, Any]) -> set[str]:
    """The packages, as the agent numbers them, that mend it and can be installed."""
    listed = {text(one, "availableInventoryItemId") for one in parts(vulnerability, "items")}
    return {one for one in (*listed, *texts(vulnerability, "availableInventoryItemIds")) if one}


@collector(
    "gcp.vulnerabilities",
    sees=Finding,
    kinds=("vulnerability",),
    learns=("severity", "first_seen", "fixable", "subject"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Vulnerabilities:
    """Every vulnerability of every machine of the project that VM Manager reports; one that is mended is no longer reported."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """One item for each vulnerability: its report's asset with that one alone."""
        for report in session.assets(REPORT):
            once = {text(one, "details", "cve") or "": one for one in parts(data(report), "vulnerabilities")}
            for cve in sorted(once):
                rest = {key: value for key, value in data(report).items() if key != "vulnerabilities"}
                yield {**report, "resource": {**report["resource"], "data": {**rest, "vulnerabilities": [once[cve]]}}}

    def describe(self, session: GcpSession, item: Item) -> Finding:
        """The asset tells all."""
        (found,) = parts(data(item), "vulnerabilities")
        cve = text(found, "details", "cve")
        upstream = any(text(one, "upstreamFix") for one in parts(found, "items"))
        return Finding(
            id=f"{item['name']}#{cve}", provider="gcp", account=session.account, region=region(item), kind="vulnerability", name=cve,
            tags={}, managed_by="customer", severity=SEVERITIES.get(text(found, "details", "severity") or ""),
            first_seen=instant(found, "createTime"), fixable=bool(mending(found)) or upstream,
            subject=item["name"].removesuffix("/vulnerabilityReport"),
        )  # fmt: skip
