"""Snapshots of databases, and with whom each is shared. Automated ones cannot be shared (RDS user guide), so nothing is asked of them."""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import arn, flag, instant, key_held_by, tags, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.database_snapshots",
    sees=DataStore,
    kinds=("database snapshot",),
    learns=("encrypted", "key_held_by", "public", "foreign_access"),
    moves=("PercentProgress",),
    redacts=("MasterUsername",),
    grants=(
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBSnapshotAttributes",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBClusterSnapshotAttributes",
    ),
    where="region",
)
class DatabaseSnapshots:
    """Every snapshot of an instance or of a cluster that the account owns in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeDBSnapshots` and `DescribeDBClusterSnapshots`, without those that others share with the account."""
        yield from session.pages("rds.DescribeDBSnapshots", "DBSnapshots")
        yield from session.pages("rds.DescribeDBClusterSnapshots", "DBClusterSnapshots")

    def describe(self, session: Session, item: Item) -> DataStore:
        """Encryption from the element, sharing from one call."""
        cluster = "DBClusterSnapshotIdentifier" in item
        name = item["DBClusterSnapshotIdentifier" if cluster else "DBSnapshotIdentifier"]
        said = text(item, "DBClusterSnapshotArn" if cluster else "DBSnapshotArn")
        shares = (
            frozenset[str]() if text(item, "SnapshotType") == "automated" else shared(session, item, cluster=cluster)
        )
        encrypted = flag(item, "StorageEncrypted" if cluster else "Encrypted")
        return DataStore(
            id=said or arn(session, "rds", f"{'cluster-' if cluster else ''}snapshot:{name}"), provider="aws", account=session.account,
            region=session.region, kind="database snapshot", name=name, tags=tags(item.get("TagList")),
            managed_by="customer", created=instant(item, "SnapshotCreateTime"), encrypted=encrypted,
            key_held_by=key_held_by(encrypted=encrypted, key=text(item, "KmsKeyId"), account=session.account),
            public=None if shares is None else "all" in shares,
            foreign_access=None if shares is None else tuple(sorted(shares - {"all", session.account})),
        )  # fmt: skip


def shared(session: Session, item: Item, *, cluster: bool) -> frozenset[str] | None:
    """Account ids, and `all` for everybody, that may restore a snapshot."""
    if cluster:
        answer = session.ask(
            "rds.DescribeDBClusterSnapshotAttributes",
            gone=("DBClusterSnapshotNotFoundFault",),
            DBClusterSnapshotIdentifier=item["DBClusterSnapshotIdentifier"],
        )
        return restorers(answer, "DBClusterSnapshotAttributesResult", "DBClusterSnapshotAttributes")
    answer = session.ask(
        "rds.DescribeDBSnapshotAttributes",
        gone=("DBSnapshotNotFound",),
        DBSnapshotIdentifier=item["DBSnapshotIdentifier"],
    )
    return restorers(answer, "DBSnapshotAttributesResult", "DBSnapshotAttributes")


def restorers(answer: dict[str, Any] | None, result: str, listing: str) -> frozenset[str] | None:
    """The values of the attribute `restore`; nobody where an answer with attributes has none of that name."""
    listed = ((answer or {}).get(result) or {}).get(listing)
    if not isinstance(listed, list) or not all(text(one, "AttributeName") for one in listed):
        return None
    values = [one.get("AttributeValues") for one in listed if one["AttributeName"] == "restore"]
    if not all(isinstance(said, list) and all(isinstance(one, str) for one in said) for said in values):
        return None
    return frozenset(one for said in values for one in said or ())
