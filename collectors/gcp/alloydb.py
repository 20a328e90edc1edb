"""Clusters of AlloyDB, each with its instances and its backups.

A cluster stands in several zones where its primary instance does. Nothing protects one from being deleted by one call: AlloyDB has no
setting for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from collectors.collector import Item, collector
from collectors.gcp.backups import Backed
from collectors.gcp.databases import READINGS
from collectors.gcp.elements import (
    at,
    data,
    flag,
    instant,
    key_held_by,
    labels,
    last,
    number,
    on,
    parts,
    path,
    region,
    seconds,
    text,
    tri_any,
)
from collectors.gcp.keys import DAY
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.ranges import world
from collectors.resource import DataStore

CLUSTER, INSTANCE = "alloydb.googleapis.com/Cluster", "alloydb.googleapis.com/Instance"
BACKUP = "alloydb.googleapis.com/Backup"
ZONES = {"REGIONAL": True, "ZONAL": False}
TLS = {"ENCRYPTED_ONLY": True, "ALLOW_UNENCRYPTED_AND_ENCRYPTED": False}


class Facts(NamedTuple):
    """What a cluster's instances say together."""

    public: bool | None
    transport_encrypted: bool | None
    multi_zone: bool | None
    private_only: bool | None


@collector(
    "gcp.alloydb",
    sees=DataStore,
    kinds=("database",),
    learns=(
        "encrypted", "key_held_by", "public", "transport_encrypted", "backup_days", "deletion_protected", "multi_zone", "private_only",
        *READINGS,
    ),
    readings=READINGS,
    redacts=("initialUser", "password"),
    moves=("earliestRestorableTime", "continuousBackupInfo", "etag", "updateTime"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)  # fmt: skip
class AlloyDb:
    """Every cluster of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of clusters."""
        return session.assets(CLUSTER)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset, its instances and its backups."""
        cluster, itself = data(item), path(item["name"]) or ""
        instances = session.worked_out("instances", INSTANCE, RESOURCE, _by_cluster)
        facts = together(None if instances is None else instances.get(itself, ()))
        backed = backed_up(session, cluster, itself)
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="database", name=last(item["name"]),
            tags=labels(cluster), managed_by="customer", created=instant(cluster, "createTime"), encrypted=True,
            key_held_by=key_held_by(text(cluster, "encryptionConfig", "kmsKeyName")), public=facts.public,
            transport_encrypted=facts.transport_encrypted, backup_days=backup_days(cluster), deletion_protected=False,
            multi_zone=facts.multi_zone, private_only=facts.private_only, last_backup=backed.at, never_backed_up=backed.never,
        )  # fmt: skip


def together(instances: Iterable[Mapping[str, Any]] | None) -> Facts:
    """All instances of a cluster; of one without, nobody reaches it, and the rest is not learned."""
    if instances is None:
        return Facts(None, None, None, None)
    every = list(instances)
    outside = [has_public_address(one) for one in every]
    primary = [one for one in every if text(one, "instanceType") == "PRIMARY"]
    speak = [encrypted_only(one) for one in every]
    return Facts(
        public=tri_any(open_to_all(one) if said else said for one, said in zip(every, outside, strict=True)),
        private_only=None if None in outside else True not in outside,
        transport_encrypted=None if not speak or (None in speak and False not in speak) else False not in speak,
        multi_zone=ZONES.get(text(primary[0], "availabilityType") or "") if primary else None,
    )


def has_public_address(instance: Mapping[str, Any]) -> bool | None:
    """Google leaves out what is off."""
    network = instance.get("networkConfig", {})
    return flag({"enablePublicIp": False, **network}, "enablePublicIp") if isinstance(network, dict) else None


def open_to_all(instance: Mapping[str, Any]) -> bool | None:
    """The networks that its public address admits are the whole Internet."""
    try:
        return world(
            [text(one, "cidrRange") or "" for one in parts(instance, "networkConfig", "authorizedExternalNetworks")]
        )
    except ValueError:
        return None


def encrypted_only(instance: Mapping[str, Any]) -> bool | None:
    """It refuses plain connections, or takes none but through connectors, which speak TLS."""
    if on(instance, "clientConnectionConfig", "requireConnectors"):
        return True
    return TLS.get(text(instance, "clientConnectionConfig", "sslConfig", "sslMode") or "")


def backup_days(cluster: Mapping[str, Any]) -> int | None:
    """For how many days it can be brought back, by either sort of backup; a number of backups kept says no days."""
    automated, continuous = at(cluster, "automatedBackupPolicy"), at(cluster, "continuousBackupConfig")
    days = number(continuous, "recoveryWindowDays") if on(continuous, "enabled") else 0
    kept = seconds(automated, "timeBasedRetention", "retentionPeriod") if on(automated, "enabled") else 0
    if kept is None:
        return days or None
    return None if days is None else max(days, kept // DAY)


def backed_up(session: GcpSession, cluster: Mapping[str, Any], itself: str) -> Backed:
    """Continuous backups bring it back to any instant; else the newest backup does."""
    if on(cluster, "continuousBackupConfig", "enabled"):
        read = instant({"at": session.read_time(CLUSTER)}, "at")
        return Backed(read, never=False) if read else Backed()
    copies = session.worked_out("copies", BACKUP, RESOURCE, _copies)
    if copies is None:
        return Backed()
    newest = copies.get(itself)
    return Backed(newest, never=newest is None)


def _by_cluster(assets: Iterator[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for asset in assets:
        if isinstance(described := at(asset, "resource", "data"), dict):
            found[(path(asset["name"]) or "").partition("/instances/")[0]].append(described)
    return dict(found)


def _copies(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    """Cluster -> its newest backup that is ready."""
    latest: dict[str, datetime] = {}
    for asset in assets:
        copy = at(asset, "resource", "data")
        of, when = path(text(copy, "clusterName")), instant(copy, "createTime")
        if of and when and text(copy, "state") in {None, "READY"}:
            latest[of] = max(when, latest.get(of, when))
    return latest
