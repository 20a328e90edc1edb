"""Vaults of Azure Backup, of both kinds: what they keep cannot be deleted, is kept elsewhere too, succeeds and was restored.

Resource Graph keeps jobs for two weeks: a restore before that is not known to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

from collectors.azure.elements import header, inner, instant, listed, properties, some, text
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.watching import Vault

LOCKED = "locked"
DONE = frozenset({"completed", "completedwithwarnings"})
FAILED = frozenset({"failed", "unhealthy", "protectionerror", "backupsfailed", "actionrequired"})


class Tables(NamedTuple):
    """Where the items and the restores of a kind of vault are listed."""

    items: str
    restores: str


RECOVERY = Tables("graph.ProtectedItems", "graph.RecoveryRestores")
BACKUP = Tables("graph.BackupInstances", "graph.BackupRestores")


@collector(
    "azure.backup_vaults",
    sees=Vault,
    kinds=("backup vault",),
    learns=("locked", "copied_elsewhere", "key_held_by", "last_restore", "never_restored", "failing"),
    readings=("last_restore", "never_restored", "failing"),
    moves=(
        "data",
        "etag",
        "backupStorageVersion",
        "monitoringSummary",
        "moveState",
        "secureScore",
        "bcdrSecurityLevel",
    ),
    redacts=("userAlias", "upn", "contact", "userTriggered"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.RecoveryServices/vaults/read",
        "Microsoft.RecoveryServices/vaults/backupJobs/read",
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read",
        "Microsoft.DataProtection/backupVaults/read",
        "Microsoft.DataProtection/backupVaults/backupInstances/read",
        "Microsoft.DataProtection/backupVaults/backupJobs/read",
    ),
    where="account",
)
class BackupVaults:
    """Every Recovery Services vault and every Backup vault."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        yield from session.pages("graph.RecoveryVaults", "data")
        yield from session.pages("graph.BackupVaults", "data")

    def describe(self, session: Session, item: Item) -> Vault:
        """The row tells how it keeps; what it holds and what was restored are other tables. It always encrypts."""
        known, here = properties(item), cast("AzureSession", session)
        tables = RECOVERY if "recoveryservices" in str(item["type"]).lower() else BACKUP
        items, restores = (
            here.joined(tables.items, of_vault, item["id"]),
            here.joined(tables.restores, of_vault, item["id"]),
        )
        restored = None if restores is None else last_restore(restores)
        state = text(inner(known, "securitySettings", "immutabilitySettings"), "state")
        return Vault(
            **header(session, item), kind="backup vault", locked=None if known is None else (state or "").lower() == LOCKED,
            copied_elsewhere=copied_elsewhere(known), key_held_by=key_held_by(known),
            last_restore=restored, never_restored=None if restores is None else restored is None,
            failing=None if items is None else fails(items),
        )  # fmt: skip


def of_vault(row: Item) -> Iterator[str]:
    """The id of the vault in which an item or a job lies."""
    parts = str(row["id"]).split("/")
    yield "/".join(parts[:9])


def copied_elsewhere(known: Mapping[str, Any] | None) -> bool | None:
    """Storage is redundant over regions."""
    if tier := text(inner(known, "redundancySettings"), "standardTierStorageRedundancy"):
        return tier.lower() == "georedundant"
    stores = listed(known, "storageSettings")
    return any((text(one, "type") or "").lower() == "georedundant" for one in stores) if stores else None


def key_held_by(known: Mapping[str, Any] | None) -> Any:
    """The customer's where it names one."""
    if known is None:
        return None
    recovery = text(inner(known, "encryption", "keyVaultProperties"), "keyUri")
    backup = (text(inner(known, "securitySettings", "encryptionSettings"), "state") or "").lower() == "enabled"
    return "customer" if recovery or backup else "provider"


def last_restore(jobs: Iterable[Mapping[str, Any]]) -> datetime | None:
    """When the latest restore that succeeded had ended."""
    ended = [
        instant(properties(one), "endTime") for one in jobs if (text(properties(one), "status") or "").lower() in DONE
    ]
    return max((one for one in ended if one), default=None)


def fails(items: Iterable[Mapping[str, Any]]) -> bool | None:
    """Some item is not backed up as it should be; of none there is nothing to fail."""
    return some(map(failed, items))


def failed(item: Mapping[str, Any]) -> bool | None:
    """The latest backup of one item ended in an error, or its protection did; `None` where neither is told."""
    known = properties(item)
    told = (
        text(known, "lastBackupStatus"),
        text(known, "currentProtectionState"),
        text(inner(known, "protectionStatus"), "status"),
    )
    states = {one.lower() for one in told if one}
    return bool(FAILED & states) if states else None
