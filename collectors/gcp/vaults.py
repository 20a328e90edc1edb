"""Vaults of Backup and DR. Backups in one cannot be deleted before its enforced time is over, by nobody.

A vault lies in one region, or in several that one place holds. Its backups leave the region of what they are copies of where all of that
lies elsewhere. Restores are not in the inventory.
"""

from collections.abc import Iterator
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import data, instant, key_held_by, labels, last, region, seconds, text, tri_any
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.watching import Vault

VAULT, SOURCE = "backupdr.googleapis.com/BackupVault", "backupdr.googleapis.com/DataSource"
WRONG = {
    None: False, "LAST_BACKUP_STATE_UNSPECIFIED": False, "FIRST_BACKUP_PENDING": False, "SUCCEEDED": False, "FAILED": True,
    "PERMISSION_DENIED": True,
}  # fmt: skip
"""State of the latest backup -> it failed."""


@collector(
    "gcp.vaults",
    sees=Vault,
    kinds=("backup vault",),
    learns=("locked", "copied_elsewhere", "key_held_by", "failing"),
    readings=("failing",),
    moves=("totalStoredBytes", "backupCount", "updateTime", "lastBackupState", "lastSuccessfulBackupConsistencyTime"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Vaults:
    """Every vault of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of vaults."""
        return session.assets(VAULT)

    def describe(self, session: GcpSession, item: Item) -> Vault:
        """The asset, and the sources that it keeps backups of."""
        vault = data(item)
        sources = session.worked_out("by vault", SOURCE, RESOURCE, _by_vault)
        mine = None if sources is None else sources.get(item["name"], [])
        session.notes.cites += [one["name"] for one in mine or ()]
        place = region(item)
        return Vault(
            id=item["name"], provider="gcp", account=session.account, region=place, kind="backup vault", name=last(item["name"]),
            tags=labels(vault), managed_by="customer", created=instant(vault, "createTime"),
            locked=bool(seconds(vault, "backupMinimumEnforcedRetentionDuration")), copied_elsewhere=elsewhere(place, mine),
            key_held_by=key_held_by(text(vault, "encryptionConfig", "kmsKeyName")),
            failing=None if mine is None else tri_any(map(fails, mine)),
        )  # fmt: skip


def fails(source: dict[str, Any]) -> bool | None:
    """The latest backup of a source failed; one that is not backed up yet has no state."""
    return WRONG.get(text(source, "resource", "data", "backupConfigInfo", "lastBackupState"))


def elsewhere(place: str, sources: list[dict[str, Any]] | None) -> bool | None:
    """Backups lie in several regions, or all in another one than what they are of."""
    if "-" not in place and place != "global":
        return True
    if sources is None:
        return None
    homes = [text(one["resource"]["data"], "dataSourceGcpResource", "location") or place for one in sources]
    return bool(homes) and all(not home.startswith(place) for home in homes)


def _by_vault(assets: Iterator[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for asset in assets:
        found.setdefault(asset["name"].partition("/dataSources/")[0], []).append(asset)
    return found
