"""Cloud SQL instances and their backups.

An instance is public if it has a public address and admits every address of the Internet. Backups run daily, so that the number kept is
a number of days. A backup cannot be shared: no policy stands on it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import backups
from collectors.gcp.elements import at, data, flag, instant, key_held_by, labels, last, number, on, region, text
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.ranges import world
from collectors.resource import DataStore

INSTANCE, BACKUP = "sqladmin.googleapis.com/Instance", "sqladmin.googleapis.com/BackupRun"
ENCRYPTED_ONLY = frozenset({"ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"})
READINGS = ("last_backup", "never_backed_up")
DEFAULT_KEPT = 7
"""Backups that Cloud SQL keeps where no number is set (Cloud SQL, "Automated backup and transaction log retention")."""


@collector(
    "gcp.databases",
    sees=DataStore,
    kinds=("database",),
    learns=(
        "encrypted",
        "key_held_by",
        "public",
        "transport_encrypted",
        "backup_days",
        "deletion_protected",
        "multi_zone",
        "private_only",
        *READINGS,
    ),
    readings=READINGS,
    redacts=("rootPassword", "clientKey", "serviceAccountEmailAddress"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Databases:
    """Every Cloud SQL instance of the project; replicas are backed up and stand by with their primary."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of instances that hold data of their own."""
        return (
            asset for asset in session.assets(INSTANCE)
            if text(asset, "resource", "data", "instanceType") not in {"READ_REPLICA_INSTANCE", "ON_PREMISES_INSTANCE"}
        )  # fmt: skip

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset tells all."""
        database = data(item)
        settings = at(database, "settings")
        key = text(database, "diskEncryptionConfiguration", "kmsKeyName")
        availability = text(settings, "availabilityType")
        backed = backups.database(session, last(text(database, "name")))
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "region"), kind="database",
            name=last(text(database, "name")), tags=labels(settings or {}, "userLabels"), managed_by="customer",
            created=instant(database, "createTime"), encrypted=True, key_held_by=key_held_by(key), public=public(settings),
            transport_encrypted=requires_tls(settings), backup_days=backup_days(settings),
            deletion_protected=on(settings, "deletionProtectionEnabled") if settings else None,
            multi_zone=None if not settings else availability == "REGIONAL", private_only=private_only(settings),
            last_backup=backed.at, never_backed_up=backed.never,
        )  # fmt: skip


@collector(
    "gcp.database_backups",
    sees=DataStore,
    kinds=("database snapshot",),
    learns=("encrypted", "key_held_by", "public", "foreign_access"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class DatabaseBackups:
    """Every backup of a Cloud SQL instance of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of backup runs."""
        return session.assets(BACKUP)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset tells all."""
        backup = data(item)
        key = text(backup, "diskEncryptionConfiguration", "kmsKeyName")
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="database snapshot",
            name=last(item["name"]), tags=tags_of(session, item), managed_by="customer", created=instant(backup, "startTime"),
            encrypted=True, key_held_by=key_held_by(key), public=False, foreign_access=(),
        )  # fmt: skip


def tags_of(session: GcpSession, backup: Item) -> dict[str, str] | None:
    """A backup has no labels of its own and goes by those of its instance; `None` if that is gone."""
    known = session.worked_out("labels", INSTANCE, RESOURCE, _labels)
    return None if known is None else known.get(backup["name"].partition("/backupRuns/")[0])


def _labels(assets: Iterator[dict[str, Any]]) -> dict[str, dict[str, str]]:
    return {asset["name"]: labels(at(asset, "resource", "data", "settings") or {}, "userLabels") for asset in assets}


def public(settings: Mapping[str, Any] | None) -> bool | None:
    """A public address, and networks that are the whole Internet; without settings, not learned."""
    address = at(settings, "ipConfiguration")
    if not isinstance(address, Mapping):
        return None
    outside = flag({"ipv4Enabled": False, **address}, "ipv4Enabled")
    if not outside:
        return outside
    named = address.get("authorizedNetworks", [])
    if not isinstance(named, list):
        return None
    try:
        return world([text(one, "value") or "" for one in named])
    except ValueError:
        return None


def private_only(settings: Mapping[str, Any] | None) -> bool | None:
    """It has no public address at all."""
    address = at(settings, "ipConfiguration")
    outside = flag({"ipv4Enabled": False, **address}, "ipv4Enabled") if isinstance(address, Mapping) else None
    return None if outside is None else not outside


def requires_tls(settings: Mapping[str, Any] | None) -> bool | None:
    """Connections without TLS are refused, by the mode or by the older flag."""
    address = at(settings, "ipConfiguration")
    if not isinstance(address, Mapping):
        return None
    mode = text(address, "sslMode")
    return mode in ENCRYPTED_ONLY if mode and mode != "SSL_MODE_UNSPECIFIED" else flag(address, "requireSsl") is True


def backup_days(settings: Mapping[str, Any] | None) -> int | None:
    """Daily backups kept; 0 where they are off."""
    if not isinstance(settings, Mapping):
        return None
    if not on(settings, "backupConfiguration", "enabled"):
        return 0
    kept = at(settings, "backupConfiguration", "backupRetentionSettings")
    return DEFAULT_KEPT if kept is None else number(kept, "retainedBackups")
