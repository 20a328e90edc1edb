"""One account in one region: its defaults, and whether some trail records what is done there."""

from collections.abc import Iterator

from collectors.aws.elements import arn, flag
from collectors.collector import Item, Session, collector
from collectors.resource import Region, Trail


@collector(
    "aws.regions",
    sees=Region,
    kinds=("region",),
    learns=("volumes_encrypted_by_default", "activity_logged"),
    grants=("ec2:GetEbsEncryptionByDefault",),
    needs=("aws.trails",),
    where="region",
)
class Regions:
    """The region of the cell, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item, made from the cell: that the region is there is known without a call."""
        yield {"AccountId": session.account, "RegionName": session.region}

    def describe(self, session: Session, item: Item) -> Region:
        """One call, and a join with the trails of the whole organisation."""
        defaults = session.ask("ec2.GetEbsEncryptionByDefault")
        return Region(
            id=arn(session, "account", f"region/{item['RegionName']}", region=""), provider="aws", account=session.account,
            region=session.region, kind="region", name=item["RegionName"], managed_by="customer",
            volumes_encrypted_by_default=flag(defaults, "EbsEncryptionByDefault"), activity_logged=activity_logged(session),
        )  # fmt: skip


def activity_logged(session: Session) -> bool | None:
    """Some trail that covers this account and region is logging all management events; that trail is cited."""
    trails = session.seen("aws.trails")
    if trails is None:
        return None
    covering = [trail for trail in trails if isinstance(trail, Trail) and covers(trail, session) is not False]
    for trail in sorted(covering, key=lambda trail: trail.id):
        if covers(trail, session) and trail.logging and trail.management_events:
            session.cite(trail)
            return True
    return None if any(may_log(trail) for trail in covering) else False


def covers(trail: Trail, session: Session) -> bool | None:
    """The trail records this account and region; an organisation's trail records all of its accounts."""
    here = True if trail.region == session.region else trail.multi_region
    if here is False or trail.account == session.account:
        return here
    inside = (
        session.organization_accounts is not None and {trail.account, session.account} <= session.organization_accounts
    )
    if not inside or trail.organization is False:
        return False
    return None if None in (here, trail.organization) else True


def may_log(trail: Trail) -> bool:
    """Nothing that was learned of the trail says that it does not log management events."""
    return trail.logging is not False and trail.management_events is not False
