"""Snapshots of Redshift, automated ones too, and with which accounts each is shared. None can be for everybody."""

from collections.abc import Iterator

from collectors.aws.elements import arn, flag, instant, tags, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.warehouse_snapshots",
    sees=DataStore,
    kinds=("database snapshot",),
    learns=("encrypted", "public", "foreign_access"),
    moves=(
        "BackupProgressInMegaBytes", "CurrentBackupRateInMegaBytesPerSecond", "EstimatedSecondsToCompletion", "ElapsedTimeInSeconds",
        "TotalBackupSizeInMegaBytes", "ActualIncrementalBackupSizeInMegaBytes", "ManualSnapshotRemainingDays",
    ),
    redacts=("MasterUsername",),
    grants=("redshift:DescribeClusterSnapshots",),
    counted=("AWS::Redshift::ClusterSnapshot",),
    where="region",
)  # fmt: skip
class WarehouseSnapshots:
    """Every snapshot of a cluster that the account owns in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeClusterSnapshots`, without those that others share with the account."""
        found = session.pages("redshift.DescribeClusterSnapshots", "Snapshots")
        return (one for one in found if text(one, "OwnerAccount") in {None, session.account})

    def describe(self, session: Session, item: Item) -> DataStore:
        """No call."""
        name = item["SnapshotIdentifier"]
        return DataStore(
            id=arn(session, "redshift", f"snapshot:{item['ClusterIdentifier']}/{name}"), provider="aws", account=session.account,
            region=session.region, kind="database snapshot", name=name, tags=tags(item.get("Tags", [])), managed_by="customer",
            created=instant(item, "SnapshotCreateTime"), encrypted=flag(item, "Encrypted"), public=False,
            foreign_access=shared_with(item, session.account),
        )  # fmt: skip


def shared_with(snapshot: Item, account: str) -> tuple[str, ...] | None:
    """Accounts that may restore it; Redshift leaves the list out where there are none."""
    listed = snapshot.get("AccountsWithRestoreAccess", [])
    said = [text(one, "AccountId") for one in listed] if isinstance(listed, list) else [None]
    return None if None in said else tuple(sorted({one for one in said if one} - {account}))
