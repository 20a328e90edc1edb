"""Amazon Inspector in one account and region: whether it looks for vulnerabilities in machines, images and functions, and in how many."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import number, text
from collectors.aws.watches import places, watch
from collectors.collector import Item, Session, collector
from collectors.watching import Watch

KIND = "vulnerability scanning"
STATES = {
    "ENABLED": True, "ENABLING": False, "DISABLING": False, "DISABLED": False, "SUSPENDING": False, "SUSPENDED": False,
}  # fmt: skip
SCANS = ("ec2", "ecr", "lambda")
"""What is scanned without a further subscription. A region that has no scanning of functions leaves `lambda` out."""
NOT_THERE = ("RESOURCE_TERMINATED", "EC2_INSTANCE_STOPPED")
"""Why something is not scanned that is not running either."""


@collector(
    "aws.scanners",
    sees=Watch,
    kinds=(KIND,),
    learns=("enabled", "complete", "coverable", "covered"),
    readings=("coverable", "covered"),
    moves=("totalCounts", "countsByGroup"),
    grants=("inspector2:BatchGetAccountStatus", "inspector2:ListCoverageStatistics"),
    where="region",
)
class Scanners:
    """The scanning of the cell, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item."""
        return places(session, KIND)

    def describe(self, session: Session, item: Item) -> Watch:  # noqa: ARG002 - the item is the cell
        """One call where it is off, three where it is on."""
        answer = session.ask("inspector2.BatchGetAccountStatus", accountIds=[session.account])
        account = own(answer, session.account)
        enabled = state(account.get("state"))
        complete = enabled and every(account.get("resourceState"))
        if enabled is not True:
            return watch(session, "inspector2", KIND, enabled=enabled, complete=complete)
        there = [{"comparison": "NOT_EQUALS", "value": reason} for reason in NOT_THERE]
        ours = {"accountId": [{"comparison": "EQUALS", "value": session.account}], "scanStatusReason": there}
        active = {**ours, "scanStatusCode": [{"comparison": "EQUALS", "value": "ACTIVE"}]}
        return watch(
            session, "inspector2", KIND, enabled=enabled, complete=complete, coverable=counted(session, ours),
            covered=counted(session, active),
        )  # fmt: skip


def own(answer: Mapping[str, Any] | None, account: str) -> Mapping[str, Any]:
    """The account's own element; empty where there is none."""
    listed = (answer or {}).get("accounts") or ()
    return next((one for one in listed if one.get("accountId") == account), {})


def state(element: Any) -> bool | None:
    """One `state`: on, or in any other state not."""
    return STATES.get(text(element, "status") or "") if isinstance(element, Mapping) else None


def every(resources: Any) -> bool | None:
    """Every kind of scan that the region has is on."""
    if not isinstance(resources, Mapping) or not resources:
        return None
    said = [state(resources[name]) for name in SCANS if name in resources]
    return False if False in said else None if None in said or not said else True


def counted(session: Session, criteria: Mapping[str, Any]) -> int | None:
    """How many things fit the criteria."""
    return number(session.ask("inspector2.ListCoverageStatistics", filterCriteria=criteria), "totalCounts")
