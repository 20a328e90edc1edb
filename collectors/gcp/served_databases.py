"""Databases without a machine of their own: Spanner, Firestore and Bigtable.

They are reached through Google's API over TLS alone, by whoever has the rights, from anywhere; a service perimeter makes them private.
Spanner and Firestore always live in several zones, Bigtable where its clusters do.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.backups import Backed
from collectors.gcp.databases import READINGS
from collectors.gcp.elements import (
    at,
    data,
    instant,
    key_held_by,
    labels,
    last,
    on,
    path,
    region,
    seconds,
    text,
    tri_any,
)
from collectors.gcp.keys import DAY
from collectors.gcp.perimeters import closed
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.resource import DataStore

SPANNER, FIRESTORE = "spanner.googleapis.com/Database", "firestore.googleapis.com/Database"
BIGTABLE = "bigtableadmin.googleapis.com/Instance"
COPY = "(spanner|firestore|bigtableadmin).googleapis.com/Backup"
PART = "bigtableadmin.googleapis.com/(Cluster|Table)"
SERVICE = {
    SPANNER: "spanner.googleapis.com",
    FIRESTORE: "firestore.googleapis.com",
    BIGTABLE: "bigtable.googleapis.com",
}
ROLES = {
    SPANNER: ("roles/spanner.", "roles/owner", "roles/editor", "roles/viewer"),
    FIRESTORE: ("roles/datastore.", "roles/firebase", "roles/owner", "roles/editor", "roles/viewer"),
    BIGTABLE: ("roles/bigtable.", "roles/owner", "roles/editor", "roles/viewer"),
}  # fmt: skip


class Said(NamedTuple):
    """What a database says of itself, each service in its own words."""

    held: Literal["provider", "customer"] | None
    protected: bool | None
    multi_zone: bool | None
    days: int | None
    backed: Backed


@collector(
    "gcp.served_databases",
    sees=DataStore,
    kinds=("database",),
    learns=(
        "encrypted", "key_held_by", "public", "transport_encrypted", "backup_days", "deletion_protected", "multi_zone", "private_only",
        *READINGS,
    ),
    readings=READINGS,
    moves=("earliestVersionTime", "etag"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy", "cloudasset.assets.listAccessPolicy"),
    where="account",
)  # fmt: skip
class ServedDatabases:
    """Every such database of the project; of Bigtable every instance."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of the three services."""
        for kind in SERVICE:
            yield from session.assets(kind)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset, its parts and backups, and the policies on it and above."""
        database, kind = data(item), item["assetType"]
        own = session.policy(item)
        said = of_bigtable(session, item) if kind == BIGTABLE else of_others(session, item, database)
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "locationId"), kind="database",
            name=last(item["name"]), tags=labels(database), managed_by="customer", created=instant(database, "createTime"),
            encrypted=True, key_held_by=said.held, transport_encrypted=True, backup_days=said.days,
            public=tri_any((None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES[kind]))),
            deletion_protected=said.protected, multi_zone=said.multi_zone, private_only=closed(session, item, SERVICE[kind]),
            last_backup=said.backed.at, never_backed_up=said.backed.never,
        )  # fmt: skip


def of_others(session: GcpSession, item: Item, database: Mapping[str, Any]) -> Said:
    """Spanner and Firestore; the latter may be brought back to any minute of the days for which it keeps versions."""
    copies = session.worked_out("copies", COPY, RESOURCE, _copies)
    found = None if copies is None else copies.get(path(item["name"]) or "", Copies())
    held = key_held_by(text(database, "encryptionConfig", "kmsKeyName") or text(database, "cmekConfig", "kmsKeyName"))
    protected = (
        on(database, "enableDropProtection") or text(database, "deleteProtectionState") == "DELETE_PROTECTION_ENABLED"
    )
    if text(database, "pointInTimeRecoveryEnablement") == "POINT_IN_TIME_RECOVERY_ENABLED":
        read = instant({"at": session.read_time(FIRESTORE)}, "at")
        days = max(7, found.days if found else 0)
        return Said(held, protected, multi_zone=True, days=days, backed=Backed(read, never=False) if read else Backed())
    if found is None:
        return Said(held, protected, multi_zone=True, days=None, backed=Backed())
    return Said(held, protected, multi_zone=True, days=found.days, backed=Backed(found.at, never=found.at is None))


def of_bigtable(session: GcpSession, item: Item) -> Said:
    """All clusters and all tables of an instance together: the least that holds for each."""
    inner = session.worked_out("parts", PART, RESOURCE, _inner)
    copies = session.worked_out("copies", COPY, RESOURCE, _copies)
    if inner is None:
        return Said(None, protected=None, multi_zone=None, days=None, backed=Backed())
    mine = inner.get(path(item["name"]) or "", ())
    tables = [one for one in mine if "/tables/" in one["name"]]
    clusters = [at(one, "resource", "data") for one in mine if "/clusters/" in one["name"]]
    keys = [text(one, "encryptionConfig", "kmsKeyName") for one in clusters]
    zones = {last(text(one, "location")) for one in clusters}
    kept = [seconds(one, "resource", "data", "automatedBackupPolicy", "retentionPeriod") or 0 for one in tables]
    return Said(
        held=key_held_by(keys[0] if keys and all(keys) else None),
        protected=bool(tables) and all(on(one, "resource", "data", "deletionProtection") for one in tables),
        multi_zone=len(zones) > 1 if clusters else None, days=min(kept) // DAY if kept else 0,
        backed=Backed() if copies is None else together([copies.get(path(one["name"]) or "", Copies()).at for one in tables]),
    )  # fmt: skip


def together(whens: list[datetime | None]) -> Backed:
    """What is only copied in part cannot be brought back."""
    whole = [when for when in whens if when]
    return Backed(min(whole), never=False) if whole and len(whole) == len(whens) else Backed(never=True)


class Copies(NamedTuple):
    """The backups of one database or table."""

    at: datetime | None = None
    days: int = 0
    """For how many days the newest is kept."""


def _copies(assets: Iterator[dict[str, Any]]) -> dict[str, Copies]:
    """Database or table -> its newest backup that is ready."""
    found: dict[str, Copies] = {}
    for asset in assets:
        copy = at(asset, "resource", "data")
        of = path(text(copy, "database") or text(copy, "sourceTable"))
        when = next(
            filter(None, (instant(copy, key) for key in ("versionTime", "snapshotTime", "startTime", "createTime"))),
            None,
        )
        ends = instant(copy, "expireTime")
        if (
            of
            and when
            and text(copy, "state") in {None, "READY"}
            and when > (found.get(of, Copies()).at or when - timedelta(1))
        ):
            found[of] = Copies(when, math.ceil((ends - when) / timedelta(days=1)) if ends else 0)
    return found


def _inner(assets: Iterator[dict[str, Any]]) -> dict[str, tuple[dict[str, Any], ...]]:
    """Instance -> its clusters and tables."""
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for asset in assets:
        instance = "/".join((path(asset["name"]) or "").split("/")[:4])
        found[instance] = (*found.get(instance, ()), asset)
    return found
