"""Open findings of Inspector: known vulnerabilities in packages and in code. What can be reached from where (network reachability) is none.

Each account is asked for its own, so that an administrator does not tell its members' once more. There may be very many: of a finding
only what facts are read from is kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

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

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListFindings`; no call where Inspector is off."""
        if looks(session, SCANNERS, KIND) is False:
            return
        equals = {"awsAccountId": (session.account,), "findingStatus": ("ACTIVE",), "findingType": KINDS}
        criteria = {key: [{"comparison": "EQUALS", "value": one} for one in values] for key, values in equals.items()}
        yield from map(excerpt, session.pages("inspector2.ListFindings", "findings", filterCriteria=criteria))

    def describe(self, session: Session, item: Item) -> Finding:
        """No call."""
        package = item["packageVulnerabilityDetails"]
        return Finding(
            id=item["findingArn"], provider="aws", account=session.account, region=session.region, kind="vulnerability",
            name=text(package, "vulnerabilityId"), managed_by="customer", severity=SEVERITIES.get(text(item, "severity") or ""),
            first_seen=instant(item, "firstObservedAt"), fixable=FIXABLE.get(text(item, "fixAvailable") or ""),
            subject=next((text(one, "id") for one in item["resources"]), None), published=instant(package, "vendorCreatedAt"),
        )  # fmt: skip


def excerpt(finding: Item) -> Item:
    """What facts are read from."""
    package: Mapping[str, Any] = finding.get("packageVulnerabilityDetails") or {}
    return {
        **{key: finding[key] for key in KEPT if key in finding},
        "packageVulnerabilityDetails": {key: package[key] for key in KEPT_OF_PACKAGE if key in package},
        "resources": [{"id": one.get("id"), "type": one.get("type")} for one in finding.get("resources") or ()],
    }
