"""Resource shares of AWS RAM: whom outside of the organisation an account lends something to.

A share names accounts, users and roles, units or whole organisations; the ARN of the last two has the management account in it. Without a
known organisation every other account is outside. What others lend to the account is theirs to judge.
"""

from collections.abc import Iterator

from collectors.aws.elements import instant, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.statements import account_of
from collectors.collector import Item, collector
from collectors.governing import Share

DELETED = frozenset({"DELETED", "DELETING", "FAILED"})
"""States of a share that lends nothing."""
LENT = {
    "ASSOCIATED": True, "ASSOCIATING": True, "SUSPENDED": True, "RESTORING": True, "SUSPENDING": True, "FAILED": False,
    "DISASSOCIATING": False, "DISASSOCIATED": False,
}  # fmt: skip
"""State of a principal -> a share names it, or names it again by itself."""
SERVICE = ".amazonaws."
"""In the name of a principal that is a service."""


@collector(
    "aws.shares",
    sees=Share,
    kinds=("resource share",),
    learns=("foreign_access",),
    grants=("ram:GetResourceShareAssociations", "ram:GetResourceShares"),
    where="region",
)
class Shares:
    """Every share that the account has made in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `GetResourceShares`."""
        found = session.pages("ram.GetResourceShares", "resourceShares", resourceOwner="SELF", maxResults=500)
        return (one for one in found if text(one, "status") not in DELETED)

    def describe(self, session: CellSession, item: Item) -> Share:
        """One listing of principals serves all of the region."""
        name = item["resourceShareArn"]
        lent = principals(session, name)
        inside = (session.organization_accounts or frozenset()) | {session.account}
        return Share(
            id=name, provider="aws", account=session.account, region=session.region, kind="resource share", name=text(item, "name"),
            tags=tags(item.get("tags", []), key="key", value="value"), managed_by="customer", created=instant(item, "creationTime"),
            foreign_access=None if lent is None else strangers(lent, inside),
        )  # fmt: skip


def principals(session: CellSession, share: str) -> tuple[Item, ...] | None:
    """The principals of a share; `None` where one does not say of which share it is."""
    found = among(session, share)
    nowhere = among(session, None) if found is not None else ()
    return found if nowhere == () else None


def among(session: CellSession, share: str | None) -> tuple[Item, ...] | None:
    """Those of the region's principals, read once, that name a share, or none."""
    return session.among(
        "ram.GetResourceShareAssociations", "resourceShareAssociations", by="resourceShareArn", of=share, associationType="PRINCIPAL",
        maxResults=500,
    )  # fmt: skip


def strangers(lent: tuple[Item, ...], inside: frozenset[str]) -> tuple[str, ...] | None:
    """Principals of accounts that are not inside; services are nobody. `None` where a principal's name or state tells nothing."""
    states = [LENT.get(text(one, "status") or "") for one in lent]
    named = [text(one, "associatedEntity") or "" for one, lends in zip(lent, states, strict=True) if lends]
    owners = {name: account_of(name) for name in named if SERVICE not in name}
    if None in states or None in owners.values():
        return None
    return tuple(sorted(name for name, owner in owners.items() if owner not in inside))
