import json
from datetime import UTC, datetime, timedelta

import pytest

from collectors.aws.tables import Tables
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
THEN = datetime(2026, 1, 5, tzinfo=UTC)
TABLE = {"TableName": "orders", "TableArn": ARN, "CreationDateTime": THEN, "DeletionProtectionEnabled": True}
ON = {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 14, "LatestRestorableDateTime": THEN}
OFF = {"PointInTimeRecoveryStatus": "DISABLED"}


def seen(table=TABLE, recovery=ON, **answers):
    told = Told({
        "dynamodb.DescribeTable": table and {"Table": table},
        "dynamodb.DescribeContinuousBackups": recovery and {
            "ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
        },
        "dynamodb.GetResourcePolicy": "PolicyNotFoundException",
        "dynamodb.ListBackups": {"BackupSummaries": []}, "backup.ListProtectedResources": {"Results": []},
        "kms.ListAliases": {"Aliases": [{"AliasName": "alias/aws/dynamodb", "TargetKeyId": "theirs"}]},
        "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []},
        **{name.replace("__", "."): answer for name, answer in answers.items()},
    })  # fmt: skip
    return Tables.describe(told, {"TableNames": "orders"})


def test_a_table_is_always_encrypted_and_tells_by_whose_key():
    table = seen()
    assert (table.id, table.kind, table.name, table.created, table.tags) == (ARN, "table", "orders", THEN, {})
    assert (table.encrypted, table.key_held_by, table.deletion_protected, table.backup_days) == (
        True,
        "provider",
        True,
        14,
    )
    assert (table.last_backup, table.never_backed_up) == (THEN, False)


@pytest.mark.parametrize(
    ("said", "holder"),
    [
        ({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY}, "customer"),
        ({"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": KEY}, "customer"),
        ({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY.replace("/k", "/theirs")}, "provider"),
        ({"Status": "DISABLED"}, "provider"),
        ({"Status": "ENABLED", "SSEType": "KMS"}, None),
        (None, "provider"),
    ],
)
def test_without_encryption_under_a_key_of_kms_the_key_is_the_services_own(said, holder):
    assert seen({**TABLE, "SSEDescription": said}).key_held_by == holder


@pytest.mark.parametrize(
    ("recovery", "days"),
    [(ON, 14), (OFF, 0), ({"PointInTimeRecoveryStatus": "ENABLED"}, None), ({}, None), (None, None)],
)
def test_a_table_is_backed_up_as_far_as_it_can_be_recovered(recovery, days):
    assert seen(recovery=recovery).backup_days == days


BACKUP = {"TableArn": ARN, "BackupCreationDateTime": THEN}
HELD = {"ResourceArn": ARN, "LastBackupTime": THEN + timedelta(days=1)}


@pytest.mark.parametrize(
    ("own", "held", "expected"),
    [
        ([], [], (None, True)),
        ([BACKUP], [], (THEN, False)),
        ([BACKUP], [HELD], (HELD["LastBackupTime"], False)),
        ([], [HELD], (HELD["LastBackupTime"], False)),
        ([{**BACKUP, "TableArn": "another"}], [{**HELD, "ResourceArn": "another"}], (None, True)),
        (None, [HELD], (None, None)),
        ([BACKUP], None, (None, None)),
    ],
)
def test_without_recovery_the_newest_backup_is_where_it_can_be_brought_back_to(own, held, expected):
    found = seen(
        recovery=OFF,
        dynamodb__ListBackups=None if own is None else {"BackupSummaries": own},
        backup__ListProtectedResources=None if held is None else {"Results": held},
    )
    assert (found.last_backup, found.never_backed_up) == expected


STRANGER = {"Effect": "Allow", "Principal": {"AWS": "999988887777"}, "Action": "dynamodb:GetItem", "Resource": "*"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("PolicyNotFoundException", ()),
        ({"Policy": json.dumps({"Statement": [STRANGER]}), "RevisionId": "1"}, ("999988887777",)),
        ({"RevisionId": "1"}, None),
        (None, None),
    ],
)
def test_the_policy_of_a_table_names_other_accounts(answer, expected):
    assert seen(dynamodb__GetResourcePolicy=answer).foreign_access == expected


def test_what_is_refused_is_not_learned():
    found = seen(None, None)
    facts = ("encrypted", "key_held_by", "deletion_protected", "backup_days", "last_backup", "never_backed_up")
    assert {getattr(found, fact) for fact in facts} == {None}


def test_a_table_that_was_deleted_meanwhile_is_none():
    with pytest.raises(Gone):
        Tables.describe(Told({"dynamodb.DescribeTable": "ResourceNotFoundException"}), {"TableNames": "orders"})
