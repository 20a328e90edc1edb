"""The fake estate's backups: in each account a sound vault and a bare one, in its first region; elsewhere none."""

from datetime import timedelta
from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, key_arn, paged


def vault(request: Request, name: str, region: str = "") -> str:
    """The ARN of a vault."""
    return f"arn:aws:backup:{region or request.region}:{request.account}:backup-vault:{name}"


def _vaults(estate: Any, request: Request) -> dict[str, Any]:
    if request.region != estate.regions[0]:
        return {"BackupVaultList": []}
    entries = [
        {
            "BackupVaultName": name, "BackupVaultArn": vault(request, name), "VaultType": "BACKUP_VAULT", "CreationDate": THEN,
            "NumberOfRecoveryPoints": 2, "Locked": name == "sound",
            "EncryptionKeyArn": key_arn(request, "key-1" if name == "sound" else "key-aws"),
            **({"LockDate": THEN, "MinRetentionDays": 7} if name == "sound" else {}),
        }
        for name in ("sound", "bare")
    ]  # fmt: skip
    return paged(request, "BackupVaultList", entries)


def _copies(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["ByState"] == "COMPLETED"
    entries = [
        {
            "CopyJobId": str(number), "State": "COMPLETED", "SourceBackupVaultArn": vault(request, name),
            "DestinationBackupVaultArn": vault(request, "copies", region), "CreationDate": THEN, "CompletionDate": THEN,
        }
        for number, (name, region) in enumerate((("sound", ""), ("bare", ""), ("sound", "eu-north-1")))
    ]  # fmt: skip
    return paged(request, "CopyJobs", entries)


def _restores(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["ByStatus"] == "COMPLETED"
    job = {
        "RestoreJobId": "1",
        "Status": "COMPLETED",
        "BackupVaultArn": vault(request, "sound"),
        "CompletionDate": THEN,
    }
    return {"RestoreJobs": [job]}


def _backups(estate: Any, request: Request) -> dict[str, Any]:
    """In the sound vault a failure that was made good since, in the bare one a failure that stands."""
    entries = [
        {
            "BackupJobId": name, "State": "FAILED", "BackupVaultArn": vault(request, name), "CreationDate": THEN, "ResourceType": "EBS",
            "ResourceArn": f"arn:aws:ec2:{request.region}:{request.account}:volume/{name}",
        }
        for name in ("sound", "bare")
    ]  # fmt: skip
    return {"BackupJobs": entries if request.parameters["ByState"] == "FAILED" else []}


def _protected(estate: Any, request: Request) -> dict[str, Any]:
    resource = request.parameters["ResourceArn"]
    if resource.endswith("bare"):
        raise Refusal("ResourceNotFoundException", 400)
    return {"ResourceArn": resource, "ResourceType": "EBS", "LastBackupTime": THEN + timedelta(days=1)}


ANSWERS: dict[str, Any] = {
    "backup.DescribeProtectedResource": _protected,
    "backup.ListBackupJobs": _backups,
    "backup.ListBackupVaults": _vaults,
    "backup.ListCopyJobs": _copies,
    "backup.ListRestoreJobs": _restores,
}
"""What each operation is answered with."""
