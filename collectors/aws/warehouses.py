"""Clusters of Redshift. TLS is demanded by their parameter group; they can be brought back to their newest snapshot."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.elements import Holder, arn, flag, instant, number, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

OF_REDSHIFT = "AWS_OWNED_KMS_KEY"
"""In place of a key's ARN: the key is Redshift's own."""


@collector(
    "aws.warehouses",
    sees=DataStore,
    kinds=("warehouse",),
    learns=(
        "encrypted", "key_held_by", "public", "private_only", "transport_encrypted", "access_logged", "backup_days", "multi_zone",
        "last_backup", "never_backed_up",
    ),
    readings=("last_backup", "never_backed_up"),
    moves=(
        "Snapshots", "ExpectedNextSnapshotScheduleTime", "ExpectedNextSnapshotScheduleTimeStatus", "NextMaintenanceWindowStartTime",
        "TotalStorageCapacityInMegaBytes", "ClusterAvailabilityStatus", "DataTransferProgress", "RestoreStatus",
        "LastSuccessfulDeliveryTime", "LastFailureTime",
    ),
    redacts=("MasterUsername", "MasterUserPassword"),
    grants=(
        "redshift:DescribeClusters", "redshift:DescribeClusterParameters", "redshift:DescribeClusterSnapshots",
        "redshift:DescribeLoggingStatus", "kms:ListAliases",
    ),
    counted=("AWS::Redshift::Cluster",),
    where="region",
)  # fmt: skip
class Warehouses:
    """Every cluster of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeClusters`."""
        return session.pages("redshift.DescribeClusters", "Clusters")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The element, and one call for its log; each parameter group and the snapshots of the region are read once."""
        name, public, zones = item["ClusterIdentifier"], flag(item, "PubliclyAccessible"), text(item, "MultiAZ")
        last, never = brought_back(session, name)
        logging = session.ask("redshift.DescribeLoggingStatus", gone=("ClusterNotFound",), ClusterIdentifier=name)
        return DataStore(
            id=arn(session, "redshift", f"cluster:{name}"), provider="aws", account=session.account, region=session.region,
            kind="warehouse", name=name, tags=tags(item.get("Tags", [])), managed_by="customer",
            created=instant(item, "ClusterCreateTime"), encrypted=flag(item, "Encrypted"), key_held_by=held_by(session, item),
            public=public, private_only=None if public is None else not public, transport_encrypted=demands_tls(session, item),
            access_logged=flag(logging, "LoggingEnabled"), backup_days=number(item, "AutomatedSnapshotRetentionPeriod"),
            multi_zone=None if zones is None else zones.lower() == "enabled", last_backup=last, never_backed_up=never,
        )  # fmt: skip


def held_by(session: CellSession, cluster: Mapping[str, Any]) -> Holder | None:
    """Who holds the key that encrypts it; one in a hardware security module of ours is ours."""
    encrypted, key = flag(cluster, "Encrypted"), text(cluster, "KmsKeyId")
    if encrypted and key == OF_REDSHIFT:
        return "provider"
    if encrypted and key is None and cluster.get("HsmStatus"):
        return "customer"
    return holder(session, encrypted=encrypted, key=key)


def demands_tls(session: CellSession, cluster: Mapping[str, Any]) -> bool | None:
    """The parameter groups that stand on it refuse connections without TLS."""
    groups = [text(one, "ParameterGroupName") for one in cluster.get("ClusterParameterGroups") or ()]
    said = [None if name is None else required(session, name) for name in groups]
    return False if False in said else None if None in said or not said else True


def required(session: CellSession, group: str) -> bool | None:
    """One group's `require_ssl`."""
    found = session.among(
        "redshift.DescribeClusterParameters", "Parameters", by="ParameterName", of="require_ssl", ParameterGroupName=group
    )  # fmt: skip
    return None if not found else text(found[0], "ParameterValue") == "true"


def brought_back(session: CellSession, cluster: str) -> tuple[datetime | None, bool | None]:
    """When the newest snapshot of the cluster was made, and whether there is none."""
    found = session.among(
        "redshift.DescribeClusterSnapshots", "Snapshots", by="ClusterIdentifier", of=cluster, newest="SnapshotCreateTime"
    )  # fmt: skip
    if found is None:
        return None, None
    made = instant(found[0], "SnapshotCreateTime") if found else None
    return made, made is None
