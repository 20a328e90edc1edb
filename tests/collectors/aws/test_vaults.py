"""Vaults: locks that hold, copies abroad, restores that worked, backups that stopped coming."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.aws.vaults import Vaults
from tests.fakes.told import Told

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ARN = "arn:aws:backup:eu-west-1:111122223333:backup-vault:main"
OTHER = "arn:aws:backup:eu-west-1:111122223333:backup-vault:other"
ABROAD = "arn:aws:backup:eu-north-1:111122223333:backup-vault:copies"
ELEMENT = {
    "BackupVaultName": "main",
    "BackupVaultArn": ARN,
    "CreationDate": NOW,
    "Locked": False,
    "NumberOfRecoveryPoints": 35,
}
VOLUME = "arn:aws:ec2:eu-west-1:111122223333:volume/v"


def seen(element=ELEMENT, *, copies=(), restores=(), failed=(), expired=(), last=None):
    def listed(key, jobs):
        return None if jobs is None else {key: list(jobs)}

    told = Told({
        "backup.ListBackupVaults": {"BackupVaultList": [element]},
        "backup.ListCopyJobs": listed("CopyJobs", copies),
        "backup.ListRestoreJobs": listed("RestoreJobs", restores),
        "backup.ListBackupJobs": lambda asked: listed("BackupJobs", failed if asked["ByState"] == "FAILED" else expired),
        "backup.DescribeProtectedResource": last,
        "kms.ListAliases": {"Aliases": [{"AliasName": "alias/aws/backup", "TargetKeyId": "aws"}]},
    })  # fmt: skip
    (item,) = Vaults.list(told)
    return Vaults.describe(told, item)


@pytest.mark.parametrize(
    ("key", "held"),
    [
        ("arn:aws:kms:eu-west-1:111122223333:key/aws", "provider"),
        ("arn:aws:kms:eu-west-1:111122223333:key/ours", "customer"),
        (None, None),
    ],
)
def test_a_vault_is_under_the_key_that_it_was_made_with(key, held):
    assert seen({**ELEMENT, "EncryptionKeyArn": key}).key_held_by == held


@pytest.mark.parametrize(
    ("more", "locked"),
    [
        ({"Locked": True, "LockDate": NOW}, True),
        ({"Locked": True}, False),
        ({"Locked": False}, False),
        ({"Locked": None}, None),
        ({"Locked": False, "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}, True),
    ],
)
def test_only_a_lock_in_compliance_mode_holds(more, locked):
    assert seen({**ELEMENT, **more}).locked is locked


def copy(to, source=ARN):
    return {"SourceBackupVaultArn": source, "DestinationBackupVaultArn": to}


@pytest.mark.parametrize(
    ("copies", "elsewhere"),
    [
        ([copy(OTHER), copy(ABROAD)], True),
        ([copy(OTHER)], False),
        ([copy(ABROAD, source=OTHER)], False),
        ([{"SourceBackupVaultArn": ARN}], False),
        ([], False),
        (None, None),
    ],
)
def test_a_copy_counts_that_went_to_another_region(copies, elsewhere):
    assert seen(copies=copies).copied_elsewhere is elsewhere


def restore(at=NOW, vault=ARN, **more):
    return {"CompletionDate": at, "Status": "COMPLETED", **({"BackupVaultArn": vault} if vault else {}), **more}


@pytest.mark.parametrize(
    ("restores", "last", "never"),
    [
        ([restore(), restore(NOW - DAY)], NOW, False),
        ([restore(), restore(NOW + DAY, ValidationStatus="FAILED")], NOW, False),
        ([restore(ValidationStatus="TIMED_OUT")], None, True),
        ([restore(ValidationStatus="SUCCESSFUL")], NOW, False),
        ([restore(vault=OTHER)], None, True),
        ([restore(vault=None)], None, None),
        ([restore(), restore(NOW + DAY, vault=None)], NOW, False),
        ([], None, True),
        (None, None, None),
    ],
)
def test_the_latest_restore_that_nothing_refutes(restores, last, never):
    found = seen(restores=restores)
    assert (found.last_restore, found.never_restored) == (last, never)


def job(at=NOW, vault=ARN, resource=VOLUME):
    return {"BackupVaultArn": vault, "ResourceArn": resource, "CreationDate": at}


@pytest.mark.parametrize(
    ("jobs", "failing"),
    [
        ({}, False),
        ({"failed": [job()], "last": {"LastBackupTime": NOW + DAY}}, False),
        ({"failed": [job(), job(NOW + DAY + DAY)], "last": {"LastBackupTime": NOW + DAY}}, True),
        ({"failed": [job(NOW - DAY)], "expired": [job(NOW + DAY)], "last": {"LastBackupTime": NOW}}, True),
        ({"failed": [job()], "last": "ResourceNotFoundException"}, True),
        ({"failed": [job()], "last": {}}, True),
        ({"failed": [job()], "last": None}, None),
        ({"failed": [job(vault=OTHER)]}, False),
        ({"failed": None}, None),
        ({"expired": None}, None),
    ],
)
def test_a_failure_stands_until_a_later_backup(jobs, failing):
    assert seen(**jobs).failing is failing
