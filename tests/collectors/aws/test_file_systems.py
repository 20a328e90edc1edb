"""File systems of EFS, and file servers of FSx."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from collectors.aws.file_servers import FileServers
from collectors.aws.file_systems import FileSystems
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:elasticfilesystem:eu-west-1:{ACCOUNT}:file-system/fs-1"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
ALIASES = {
    "kms.ListAliases": {"Aliases": []}, "backup.ListProtectedResources": {"Results": []}, "fsx.DescribeBackups": {"Backups": []},
}  # fmt: skip
THEN = datetime(2026, 1, 5, tzinfo=UTC)
ELEMENT = {"FileSystemId": "fs-1", "Name": "shared", "Encrypted": True, "KmsKeyId": KEY, "Tags": []}
ANYBODY = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount"], "Resource": ARN}
MOUNTED = {**ANYBODY, "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}}
NO_PLAIN = {
    "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Resource": ARN, "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}  # fmt: skip


def said(*statements):
    return {"FileSystemId": "fs-1", "Policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}


@pytest.mark.parametrize(
    ("answer", "public", "tls"),
    [
        (said(MOUNTED, NO_PLAIN), False, True),
        (said(MOUNTED), False, False),
        (said(ANYBODY, NO_PLAIN), True, True),
        (said({**MOUNTED, "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}}}), True, False),
        (said(MOUNTED, {**NO_PLAIN, "Action": "elasticfilesystem:ClientRootAccess"}), False, False),
        ("PolicyNotFound", False, False),
        ({"FileSystemId": "fs-1"}, None, None),
        (None, None, None),
    ],
)
def test_the_policy_says_who_mounts_it_and_how(answer, public, tls):
    found = FileSystems.describe(Told({**ALIASES, "efs.DescribeFileSystemPolicy": answer}), ELEMENT)
    assert (found.id, found.kind, found.name, found.tags) == (ARN, "file share", "shared", {})
    assert (found.encrypted, found.key_held_by) == (True, "customer")
    assert (found.public, found.transport_encrypted) == (public, tls)


def test_a_file_system_without_a_name_is_called_by_its_id():
    told = Told({**ALIASES, "efs.DescribeFileSystemPolicy": "PolicyNotFound"})
    found = FileSystems.describe(told, {"FileSystemId": "fs-1", "Encrypted": False})
    assert (found.name, found.encrypted, found.key_held_by, found.tags) == ("fs-1", False, "none", {})


@pytest.mark.parametrize(
    ("element", "name", "holder"),
    [
        ({"KmsKeyId": KEY, "Tags": [{"Key": "Name", "Value": "office"}]}, "office", "customer"),
        ({"FileSystemType": "LUSTRE", "Tags": None}, "fs-2", "provider"),
    ],
)
def test_a_file_server_is_always_encrypted(element, name, holder):
    found = FileServers.describe(Told(ALIASES), {"FileSystemId": "fs-2", **element})
    assert (found.id, found.kind) == (f"arn:aws:fsx:eu-west-1:{ACCOUNT}:file-system/fs-2", "file server")
    assert (found.name, found.encrypted, found.key_held_by) == (name, True, holder)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([{"ResourceArn": ARN, "LastBackupTime": THEN}], (THEN, False)),
        ([{"ResourceArn": "another", "LastBackupTime": THEN}], (None, True)),
        (None, (None, None)),
    ],
)
def test_a_file_system_is_backed_up_by_aws_backup(held, expected):
    results = None if held is None else {"Results": held}
    told = Told({**ALIASES, "efs.DescribeFileSystemPolicy": "PolicyNotFound", "backup.ListProtectedResources": results})
    found = FileSystems.describe(told, ELEMENT)
    assert (found.last_backup, found.never_backed_up) == expected


SERVER = f"arn:aws:fsx:eu-west-1:{ACCOUNT}:file-system/fs-2"
MADE = {"Lifecycle": "AVAILABLE", "CreationTime": THEN}
HELD = {"ResourceArn": SERVER, "LastBackupTime": THEN + timedelta(days=1)}


@pytest.mark.parametrize(
    ("kept", "held", "expected"),
    [
        ([MADE], [], (THEN, False)),
        ([MADE], [HELD], (HELD["LastBackupTime"], False)),
        ([{**MADE, "Lifecycle": "FAILED"}], [], (None, True)),
        ([], [], (None, True)),
        (None, [HELD], (None, None)),
    ],
)
def test_a_file_server_is_backed_up_by_itself_or_by_aws_backup(kept, held, expected):
    backups = None if kept is None else {"Backups": kept}
    told = Told({**ALIASES, "fsx.DescribeBackups": backups, "backup.ListProtectedResources": {"Results": held}})
    found = FileServers.describe(told, {"FileSystemId": "fs-2"})
    assert (found.last_backup, found.never_backed_up) == expected
