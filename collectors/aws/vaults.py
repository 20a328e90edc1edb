"""Vaults of AWS Backup: whether what lies in them can be lost, is also kept in another region, was ever restored, and still arrives.

Jobs are remembered by AWS Backup for a month or so: "never restored" means not in that time. A lock in governance mode can be lifted by
administrators and is none; one in compliance mode is told before its days of grace are over. Snapshots that services keep by themselves,
without AWS Backup, are in no vault.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.elements import flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.collector import Item, Session, collector, learned
from collectors.resource import FAR
from collectors.watching import Vault

AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
FAILURES = ("FAILED", "EXPIRED")
"""States of a backup job that made no backup; one that somebody aborted was wanted so."""
REFUTED = frozenset({"FAILED", "TIMED_OUT"})
"""How the validation of a restore ends that restored nothing of use."""


@collector(
    "aws.vaults",
    sees=Vault,
    kinds=("backup vault",),
    learns=("locked", "copied_elsewhere", "key_held_by", "last_restore", "never_restored", "failing"),
    readings=("last_restore", "never_restored", "failing"),
    moves=(
        "CopyJobs", "RestoreJobs", "BackupJobs", "NumberOfRecoveryPoints", "LastBackupTime", "LastRecoveryPointArn",
        "LatestRestoreExecutionTimeMinutes", "LatestRestoreJobCreationDate", "LatestRestoreRecoveryPointCreationDate",
    ),
    grants=(
        "backup:ListBackupVaults", "backup:ListCopyJobs", "backup:ListRestoreJobs", "backup:ListBackupJobs",
        "backup:DescribeProtectedResource", "kms:ListAliases",
    ),
    counted=("AWS::Backup::BackupVault",),
    where="region",
)  # fmt: skip
class Vaults:
    """Every vault of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListBackupVaults`."""
        return session.pages("backup.ListBackupVaults", "BackupVaultList")

    def describe(self, session: CellSession, item: Item) -> Vault:
        """Jobs are listed once for all vaults of the region; a resource whose backup failed is asked for its latest."""
        vault = item["BackupVaultArn"]
        restored = restores(session, vault)
        last = learned(restored, latest)
        return Vault(
            id=vault, provider="aws", account=session.account, region=session.region, kind="backup vault",
            name=text(item, "BackupVaultName"), managed_by="customer", created=instant(item, "CreationDate"), locked=locked(item),
            copied_elsewhere=copied(session, vault), last_restore=last, never_restored=learned(restored, lambda known: not known),
            failing=failing(session, vault), key_held_by=holder(session, encrypted=True, key=text(item, "EncryptionKeyArn")),
        )  # fmt: skip


def locked(vault: Mapping[str, Any]) -> bool | None:
    """By a lock in compliance mode, which alone has a date; an air-gapped vault is made with one."""
    if text(vault, "VaultType") == AIR_GAPPED:
        return True
    on = flag(vault, "Locked")
    return on and instant(vault, "LockDate") is not None


def copied(session: CellSession, vault: str) -> bool | None:
    """Some copy was made from it into a vault of another region; one of these is kept as evidence."""
    here = place(vault)

    def abroad(jobs: tuple[Item, ...]) -> tuple[Item, ...]:
        return next(((one,) for one in jobs if place(text(one, "DestinationBackupVaultArn") or vault) != here), ())

    found = session.among(
        "backup.ListCopyJobs", "CopyJobs", by="SourceBackupVaultArn", of=vault, keep=abroad, ByState="COMPLETED"
    )
    return learned(found, bool)


def place(vault: str) -> str:
    """The region in a vault's ARN."""
    return (vault.split(":") + [""] * 4)[3]


def restores(session: CellSession, vault: str) -> tuple[Item, ...] | None:
    """The latest restore of a backup in the vault that nothing refutes; `None` where jobs do not tell their vault."""
    found = among(session, vault)
    nowhere = among(session, None) if found == () else ()
    return None if found is None or nowhere is None or nowhere else found


def among(session: CellSession, vault: str | None) -> tuple[Item, ...] | None:
    """Restores that were completed, of one vault or of none: the latest."""
    return session.among(
        "backup.ListRestoreJobs", "RestoreJobs", by="BackupVaultArn", of=vault, keep=newest, ByStatus="COMPLETED"
    )


def newest(jobs: tuple[Item, ...]) -> tuple[Item, ...]:
    """The latest of the jobs that were not refuted."""
    done = [one for one in jobs if instant(one, "CompletionDate") and text(one, "ValidationStatus") not in REFUTED]
    return tuple(sorted(done, key=lambda one: instant(one, "CompletionDate") or FAR)[-1:])


def latest(jobs: tuple[Item, ...]) -> datetime | None:
    """When the last of them ended."""
    return instant(jobs[-1], "CompletionDate") if jobs else None


def failing(session: CellSession, vault: str) -> bool | None:
    """A resource whose backup into the vault failed has had none since."""
    failed: dict[str, datetime] = {}
    for state in FAILURES:
        jobs, nowhere = (
            session.among(
                "backup.ListBackupJobs", "BackupJobs", by="BackupVaultArn", of=one, keep=by_resource, ByState=state
            )
            for one in (vault, None)
        )
        if jobs is None or nowhere:  # of a job that does not tell its vault nobody knows whose it was
            return None
        for one in jobs:
            begun, resource = instant(one, "CreationDate"), text(one, "ResourceArn")
            if begun is None or resource is None:
                return None
            failed[resource] = max(begun, failed.get(resource, begun))
    found = [since(session, resource, at) for resource, at in sorted(failed.items())]
    return True if True in found else None if None in found else False


def by_resource(jobs: tuple[Item, ...]) -> tuple[Item, ...]:
    """The latest job of each resource."""
    found: dict[str, Item] = {}
    for one in sorted(jobs, key=lambda one: instant(one, "CreationDate") or FAR):
        found[text(one, "ResourceArn") or ""] = one
    return tuple(found[resource] for resource in sorted(found))


def since(session: CellSession, resource: str, failed: datetime) -> bool | None:
    """No backup of the resource is later than the one that failed."""
    answer = session.common(
        "backup.DescribeProtectedResource", absent=("ResourceNotFoundException",), ResourceArn=resource
    )
    if answer is None:
        return None
    last = instant(answer, "LastBackupTime")
    return last is None or last <= failed
