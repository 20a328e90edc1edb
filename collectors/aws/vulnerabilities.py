"""Open findings of Inspector: known vulnerabilities in packages and in code. What can be reached from where (network reachability) is none.

Each account has its own, so that an administrator does not tell its members' once more: asked of itself, or in a quiet region of the
organisation's administrator for all. There may be very many: of a finding only what facts are read from is kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.aws.administered import INSPECTOR, AdministeredSession
from collectors.aws.elements import instant, text
from collectors.aws.scanners import KIND
from collectors.aws.watches import looks
from collectors.collector import Item, Session, collector
from collectors.watching import Finding

SCANNERS = "aws.scanners"
SEVERITIES: Mapping[str, Literal["critical", "high", "medium", "low"]] = {
    "CRITICAL": "critical", "HIGH": "high", "MEDIUM": "medium", "LOW": "low", "INFORMATIONAL": "low",
}  # fmt: skip
"""A finding that Inspector has not weighed yet (`UNTRIAGED`) has none."""
KEPT = ("findingArn", "firstObservedAt", "fixAvailable", "lastObservedAt", "severity", "status", "type", "updatedAt")
KEPT_OF_PACKAGE = ("vendorCreatedAt", "vulnerabilityId")
KINDS = ("PACKAGE_VULNERABILITY", "CODE_VULNERABILITY")
FIXABLE = {"YES": True, "PARTIAL": False, "NO": False}


@collector(
    "aws.vulnerabilities",
    sees=Finding,
    kinds=("vulnerability",),
    learns=("severity", "first_seen", "fixable", "subject", "published"),
    moves=("lastObservedAt", "updatedAt"),
    grants=("inspector2:ListFindings",),
    beside=(SCANNERS,),
    where="region",
)
class Vulnerabilities:
    """Every active finding about the account in the region."""

    def list(self, session: AdministeredSession) -> Iterator[Item]:
        """Elements of `ListFindings`; no call where Inspector is off, nor where its administrator tells for the account."""
        if looks(session, SCANNERS, KIND) is False:
            return
        told = session.administered(INSPECTOR, excerpt, filterCriteria=criteria())
        if told is None:
            own = criteria(awsAccountId=(session.account,))
            told = map(excerpt, session.pages("inspector2.ListFindings", "findings", filterCriteria=own))
        yield from told

    def describe(self, session: Session, item: Item) -> Finding:
        """No call."""
        package = item["packageVulnerabilityDetails"]
        return Finding(
            id=item["findingArn"], provider="aws", account=session.account, region=session.region, kind="vulnerability",
            name=text(package, "vulnerabilityId"), managed_by="customer", severity=SEVERITIES.get(text(item, "severity") or ""),
            first_seen=instant(item, "firstObservedAt"), fixable=FIXABLE.get(text(item, "fixAvailable") or ""),
            subject=next((text(one, "id") for one in item["resources"]), None), published=instant(package, "vendorCreatedAt"),
        )  # fmt: skip


def criteria(**equals: tuple[str, ...]) -> Mapping[str, Any]:
    """What is asked for: what is active, and of these fields has one of these values."""
    wanted = {**equals, "findingStatus": ("ACTIVE",), "findingType": KINDS}
    return {key: [{"comparison": "EQUALS", "value": one} for one in values] for key, values in wanted.items()}


def excerpt(finding: Item) -> Item:
    """What facts are read from."""
    package: Mapping[str, Any] = finding.get("packageVulnerabilityDetails") or {}
    return {
        **{key: finding[key] for key in KEPT if key in finding},
        "packageVulnerabilityDetails": {key: package[key] for key in KEPT_OF_PACKAGE if key in package},
        "resources": [{"id": one.get("id"), "type": one.get("type")} for one in finding.get("resources") or ()],
    }
