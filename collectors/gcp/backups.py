"""When something was last backed up: snapshots of disks, machine images, backup plans, and backups of databases and file shares.

Copies are looked for in the project of what they are copies of.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from collectors.collector import Item
from collectors.gcp.elements import at, instant, last, parts, path, text
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.gcp.snapshots import IMAGE, SNAPSHOT

ASSOCIATION = "backupdr.googleapis.com/BackupPlanAssociation"
FILES = "file.googleapis.com/Backup"
RUN, BACKUP = "sqladmin.googleapis.com/BackupRun", "sqladmin.googleapis.com/Backup"


class Backed(NamedTuple):
    """The latest instant to which something can be brought back, and whether there is none."""

    at: datetime | None = None
    never: bool | None = None


def machine(session: GcpSession, item: Item) -> Backed:
    """Of a machine: all of its disks are copied, or the whole of it; what is only copied in part cannot be brought back."""
    snapshots = session.worked_out("latest", SNAPSHOT, RESOURCE, _of_disks)
    images = session.worked_out("latest", IMAGE, RESOURCE, _of_images)
    plans = session.worked_out("latest", ASSOCIATION, RESOURCE, _of_plans)
    if snapshots is None or images is None or plans is None:
        return Backed()
    instance, itself = _data(item), path(item["name"]) or ""
    number = f"{itself.rpartition('/')[0]}/{text(instance, 'id')}"  # plans name it by either
    disks = [path(text(disk, "source")) for disk in parts(instance, "disks") if text(disk, "type") != "SCRATCH"]
    copies = [snapshots.get(disk or "") for disk in disks]
    whole = [min(found for found in copies if found)] if copies and None not in copies else []
    whole += [found for place in (images.get(itself), plans.get(itself), plans.get(number)) if (found := place)]
    return Backed(max(whole), never=False) if whole else Backed(never=True)


def database(session: GcpSession, name: str | None) -> Backed:
    """Of a Cloud SQL instance, by its name."""
    runs = session.worked_out("latest", RUN, RESOURCE, _of_databases)
    backups = session.worked_out("latest", BACKUP, RESOURCE, _of_databases)
    if runs is None or backups is None or name is None:
        return Backed()
    found = [one for one in (runs.get(name), backups.get(name)) if one]
    return Backed(max(found), never=False) if found else Backed(never=True)


def share(session: GcpSession, item: Item) -> Backed:
    """Of a Filestore instance: all of its file shares are copied; what is only copied in part cannot be brought back."""
    copies = session.worked_out("latest", FILES, RESOURCE, _of_shares)
    shares = [text(one, "name") for one in parts(_data(item), "fileShares")]
    if copies is None or not shares or None in shares:
        return Backed()
    found = [copies.get(f"{path(item['name'])}/{one}") for one in shares]
    whole = [one for one in found if one]
    return Backed(min(whole), never=False) if len(whole) == len(found) else Backed(never=True)


def _of_disks(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    return _latest(
        (path(text(copy, "sourceDisk")), instant(copy, "creationTimestamp"))
        for copy in map(_data, assets)
        if text(copy, "status") in {None, "READY"}
    )


def _of_images(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    return _latest(
        (path(text(image, "sourceInstance")), instant(image, "creationTimestamp"))
        for image in map(_data, assets)
        if text(image, "status") in {None, "READY"}
    )


def _of_plans(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    return _latest(
        (path(text(plan, "resource")), instant(rule, "lastSuccessfulBackupConsistencyTime"))
        for plan in map(_data, assets)
        for rule in parts(plan, "rulesConfigInfo")
    )


def _of_shares(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    return _latest(
        (f"{path(text(copy, 'sourceInstance'))}/{text(copy, 'sourceFileShare')}", instant(copy, "createTime"))
        for copy in map(_data, assets)
        if text(copy, "state") == "READY"
    )


def _of_databases(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    """Both kinds of backup: `status` and `endTime` of a run, `state` and the interval's end of a backup."""
    return _latest(
        (
            last(text(backup, "instance")),
            instant(backup, "endTime") or instant(backup, "backupInterval", "endTime") or instant(backup, "startTime"),
        )
        for backup in map(_data, assets)
        if "SUCCESSFUL" in {text(backup, "status"), text(backup, "state")}
    )


def _data(asset: Mapping[str, Any]) -> Any:
    return at(asset, "resource", "data")


def _latest(found: Iterable[tuple[str | None, datetime | None]]) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    for name, when in found:
        if name and when and (name not in latest or when > latest[name]):
            latest[name] = when
    return latest
