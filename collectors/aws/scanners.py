"""Amazon Inspector in one account and region: whether it looks for vulnerabilities in machines, images and functions, in how many, and
whether anybody hears of what it finds: by a rule of the account, or of the one that administers it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws import receivers
from collectors.aws.elements import number, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.watches import places, watch
from collectors.collector import Item, Session, collector
from collectors.watching import Watch

KIND = "vulnerability scanning"
STATES = {
    "ENABLED": True, "ENABLING": False, "DISABLING": False, "DISABLED": False, "SUSPENDING": False, "SUSPENDED": False,
}  # fmt: skip
SCANS = ("ec2", "ecr", "lambda")
"""What is scanned without a further subscription. A region that has no scanning of functions leaves `lambda` out."""
SEVERE = {
    "source": "aws.inspector2", "detail-type": "Inspector2 Finding", "detail": {"severity": "CRITICAL", "status": "ACTIVE", "type": "zq7"},
}  # fmt: skip
"""A severe finding of a type that no rule names."""
NOT_THERE = ("RESOURCE_TERMINATED", "EC2_INSTANCE_STOPPED")
"""Why something is not scanned that is not running either."""


@collector(
    "aws.scanners",
    sees=Watch,
    kinds=(KIND,),
    learns=("enabled", "complete", "reported", "coverable", "covered"),
    readings=("coverable", "covered"),
    moves=("totalCounts", "countsByGroup"),
    redacts=receivers.REDACTED,
    grants=(
        "inspector2:BatchGetAccountStatus", "inspector2:ListCoverageStatistics", "inspector2:GetDelegatedAdminAccount",
        *receivers.GRANTS,
    ),
    where="region",
)  # fmt: skip
class Scanners:
    """The scanning of the cell, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item."""
        return places(session, KIND)

    def describe(self, session: OrganizationSession, item: Item) -> Watch:  # noqa: ARG002 - the item is the cell
        """One call where it is off, three and the reading of rules where it is on."""
        answer = session.ask("inspector2.BatchGetAccountStatus", accountIds=[session.account])
        account = own(answer, session.account)
        enabled = state(account.get("state"))
        complete = enabled and every(account.get("resourceState"))
        if enabled is not True:
            return watch(session, "inspector2", KIND, enabled=enabled, complete=complete, reported=enabled)
        there = [{"comparison": "NOT_EQUALS", "value": reason} for reason in NOT_THERE]
        ours = {"accountId": [{"comparison": "EQUALS", "value": session.account}], "scanStatusReason": there}
        active = {**ours, "scanStatusCode": [{"comparison": "EQUALS", "value": "ACTIVE"}]}
        return watch(
            session, "inspector2", KIND, enabled=enabled, complete=complete, coverable=counted(session, ours),
            covered=counted(session, active), reported=receivers.reported(session, SEVERE, lambda: administrator(session)),
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


def administrator(session: Session) -> tuple[str, ...] | None:
    """The account that administers this one's scanning, or none; `None` if that was not learned."""
    answer = session.ask("inspector2.GetDelegatedAdminAccount", absent=("ResourceNotFoundException",))
    if answer is None:
        return None
    said = answer.get("delegatedAdmin") or {}
    account = text(said, "accountId")
    return (account,) if account and text(said, "relationshipStatus") == "ENABLED" else ()


def counted(session: Session, criteria: Mapping[str, Any]) -> int | None:
    """How many things fit the criteria."""
    return number(session.ask("inspector2.ListCoverageStatistics", filterCriteria=criteria), "totalCounts")
