"""Databases of RDS, Aurora, DocumentDB and Neptune.

A cluster is one database: its instances hold no storage and no backups of their own, so they are folded into it. An item is a
listing's element as it came, with a cluster's instances beside it under `DBInstances`, the name of their own listing. Where the provider
names no instant to which it can be brought back, its newest snapshot is that instant. Whether callers need TLS is a parameter, under
another name for each engine; what Oracle and Db2 demand is in their option groups and not read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.elements import arn, flag, instant, number, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

FORCED = {
    "postgres": "rds.force_ssl", "sqlserver": "rds.force_ssl", "mysql": "require_secure_transport", "mariadb": "require_secure_transport",
    "docdb": "tls",
}  # fmt: skip
"""How an engine's name begins, without `aurora-` -> the parameter that demands TLS."""
ON = frozenset({"1", "on", "true", "enabled", "fips-140-3", "tls1.2+", "tls1.3+"})


@collector(
    "aws.databases",
    sees=DataStore,
    kinds=("database",),
    learns=(
        "encrypted", "key_held_by", "public", "backup_days", "deletion_protected", "multi_zone", "private_only", "last_backup",
        "never_backed_up", "transport_encrypted",
    ),
    readings=("last_backup", "never_backed_up"),
    moves=("LatestRestorableTime", "EarliestRestorableTime", "EarliestBacktrackTime", "DBSnapshots", "DBClusterSnapshots"),
    redacts=("MasterUsername",),
    grants=(
        "rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBParameters", "rds:DescribeDBClusterParameters", "kms:ListAliases",
    ),
    counted=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    where="region",
)  # fmt: skip
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

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The listings' elements tell most. `public` is the setting; a firewall may still stand before it."""
        cluster = "DBInstances" in item
        encrypted = flag(item, "StorageEncrypted")
        public = reachable(item) if cluster else flag(item, "PubliclyAccessible")
        last, never = brought_back(session, item, cluster=cluster)
        return DataStore(
            id=identity(session, item, cluster=cluster), provider="aws", account=session.account, region=session.region, kind="database",
            name=text(item, "DBClusterIdentifier" if cluster else "DBInstanceIdentifier"),
            tags=tags(item.get("TagList")), managed_by="customer",
            created=instant(item, "ClusterCreateTime" if cluster else "InstanceCreateTime"), encrypted=encrypted,
            key_held_by=holder(session, encrypted=encrypted, key=text(item, "KmsKeyId")),
            public=public, private_only=None if public is None else not public,
            backup_days=number(item, "BackupRetentionPeriod"), deletion_protected=flag(item, "DeletionProtection"),
            multi_zone=flag(item, "MultiAZ"), last_backup=last, never_backed_up=never,
            transport_encrypted=requires_tls(session, item, cluster=cluster),
        )  # fmt: skip


def requires_tls(session: CellSession, item: Item, *, cluster: bool) -> bool | None:
    """A parameter of its group turns callers without TLS away; Neptune has no other."""
    engine = (text(item, "Engine") or "").removeprefix("aurora-")
    parameter = next((name for start, name in FORCED.items() if engine.startswith(start)), None)
    group = text(item, "DBClusterParameterGroup") if cluster else own_group(item)
    if engine == "neptune" or parameter is None or group is None:
        return True if engine == "neptune" else None
    kind = "Cluster" if cluster else ""
    asked: dict[str, Any] = {f"DB{kind}ParameterGroupName": group}
    found = session.among(f"rds.DescribeDB{kind}Parameters", "Parameters", by="ParameterName", of=parameter, **asked)
    return (text(found[0], "ParameterValue") or "").lower() in ON if found else None


def own_group(instance: Mapping[str, Any]) -> str | None:
    """The name of an instance's one group of parameters."""
    groups = instance.get("DBParameterGroups")
    return text(groups[0], "DBParameterGroupName") if isinstance(groups, list) and len(groups) == 1 else None


def identity(session: Session, item: Item, *, cluster: bool) -> str:
    """Its ARN, which RDS did not always tell."""
    if cluster:
        return text(item, "DBClusterArn") or arn(session, "rds", f"cluster:{item['DBClusterIdentifier']}")
    return text(item, "DBInstanceArn") or arn(session, "rds", f"db:{item['DBInstanceIdentifier']}")


def reachable(cluster: Mapping[str, Any]) -> bool | None:
    """A cluster is public if it, or any of its instances, is; Aurora says so of instances only."""
    if text(cluster, "EngineMode") == "serverless":
        return False  # of the first version, which has addresses inside of its network only
    said = [flag(member, "PubliclyAccessible") for member in cluster["DBInstances"]]
    if "PubliclyAccessible" in cluster or not said:
        said.append(flag(cluster, "PubliclyAccessible"))
    return True if True in said else None if None in said else False


def brought_back(session: CellSession, item: Item, *, cluster: bool) -> tuple[datetime | None, bool | None]:
    """To which instant it can be brought back, and whether it cannot be."""
    restorable = instant(item, "LatestRestorableTime")
    if restorable is not None:
        return restorable, False
    kind = "DBClusterSnapshot" if cluster else "DBSnapshot"
    name = "DBClusterIdentifier" if cluster else "DBInstanceIdentifier"
    found = session.among(f"rds.Describe{kind}s", f"{kind}s", by=name, of=item[name], newest="SnapshotCreateTime")
    if found is None:
        return None, None
    made = instant(found[0], "SnapshotCreateTime") if found else None
    return made, made is None
