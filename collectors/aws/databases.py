"""Databases of RDS, Aurora, DocumentDB and Neptune.

A cluster is one database: its instances hold no storage and no backups of their own, so they are folded into it. An item is a
listing's element as it came, with a cluster's instances beside it under `DBInstances`, the name of their own listing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import flag, instant, key_held_by, number, tags, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.databases",
    sees=DataStore,
    kinds=("database",),
    learns=("encrypted", "key_held_by", "public", "backup_days", "deletion_protected", "multi_zone"),
    moves=("LatestRestorableTime", "EarliestRestorableTime", "EarliestBacktrackTime"),
    redacts=("MasterUsername",),
    grants=("rds:DescribeDBInstances", "rds:DescribeDBClusters"),
    where="region",
)
class Databases:
    """Every cluster, and every instance that belongs to none."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeDBInstances` and `DescribeDBClusters`."""
        members: dict[str, list[Item]] = defaultdict(list)
        for instance in session.pages("rds.DescribeDBInstances", "DBInstances"):
            belongs_to = text(instance, "DBClusterIdentifier")
            if belongs_to is None:
                yield instance
            else:
                members[belongs_to].append(instance)
        for cluster in session.pages("rds.DescribeDBClusters", "DBClusters"):
            yield {**cluster, "DBInstances": members.pop(cluster["DBClusterIdentifier"], [])}
        for orphans in members.values():
            yield from orphans

    def describe(self, session: Session, item: Item) -> DataStore:
        """The listings' elements tell all. `public` is the setting; a firewall may still stand before it."""
        cluster = "DBClusterArn" in item and "DBInstanceArn" not in item
        encrypted = flag(item, "StorageEncrypted")
        return DataStore(
            id=item["DBClusterArn" if cluster else "DBInstanceArn"], provider="aws", account=session.account, region=session.region,
            kind="database", name=text(item, "DBClusterIdentifier" if cluster else "DBInstanceIdentifier"),
            tags=tags(item.get("TagList")), managed_by="customer",
            created=instant(item, "ClusterCreateTime" if cluster else "InstanceCreateTime"), encrypted=encrypted,
            key_held_by=key_held_by(encrypted=encrypted, key=text(item, "KmsKeyId"), account=session.account),
            public=reachable(item) if cluster else flag(item, "PubliclyAccessible"),
            backup_days=number(item, "BackupRetentionPeriod"), deletion_protected=flag(item, "DeletionProtection"),
            multi_zone=flag(item, "MultiAZ"),
        )  # fmt: skip


def reachable(cluster: Mapping[str, Any]) -> bool | None:
    """A cluster is public if it, or any of its instances, is; Aurora says so of instances only."""
    said = [flag(member, "PubliclyAccessible") for member in cluster["DBInstances"]]
    if "PubliclyAccessible" in cluster or not said:
        said.append(flag(cluster, "PubliclyAccessible"))
    return True if True in said else None if None in said else False
