"""Tables of DynamoDB. What lies in them is always encrypted; under whose key is each table's own choice.

A table is brought back by point-in-time recovery, or from a backup: one on demand, or one of AWS Backup. Backups are looked for only where
there is no point-in-time recovery. Over a table's own policy AWS blocks public access always.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.elements import Holder, arn, flag, instant, number, policy, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.protection import backed_up
from collectors.aws.reach import reach
from collectors.aws.tagging import tags_of
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

GONE = ("ResourceNotFoundException",)
UNDER_A_KEY = frozenset({"ENABLED", "UPDATING"})
"""States of encryption under a key of the account's KMS; otherwise the key is DynamoDB's own."""


@collector(
    "aws.tables",
    sees=DataStore,
    kinds=("table",),
    learns=(
        "encrypted", "key_held_by", "foreign_access", "backup_days", "deletion_protected", "last_backup", "never_backed_up",
    ),
    readings=("last_backup", "never_backed_up"),
    moves=(
        "EarliestRestorableDateTime", "LatestRestorableDateTime", "ItemCount", "TableSizeBytes", "IndexSizeBytes", "BackupSummaries",
        "Results", "NumberOfDecreasesToday", "LastIncreaseDateTime", "LastDecreaseDateTime",
    ),
    grants=(
        "dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:ListBackups",
        "dynamodb:GetResourcePolicy",
        "backup:ListProtectedResources", "kms:ListAliases", "tag:GetResources",
    ),
    counted=("AWS::DynamoDB::Table",),
    where="region",
)  # fmt: skip
class Tables:
    """Every table of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Names from `ListTables`."""
        return session.pages("dynamodb.ListTables", "TableNames")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """Three calls for each table."""
        name = item["TableNames"]
        table_arn = arn(session, "dynamodb", f"table/{name}")
        answer = session.ask("dynamodb.DescribeTable", gone=GONE, TableName=name)
        table = (answer or {}).get("Table") or {}
        recovery = point_in_time(session, name)
        allowed = session.ask(
            "dynamodb.GetResourcePolicy", absent=("PolicyNotFoundException",), gone=GONE, ResourceArn=table_arn
        )
        said = reach(learned(allowed, policy), account=session.account, arn=table_arn, actions=())
        last, never = brought_back(session, table_arn, recovery)
        return DataStore(
            id=table_arn, provider="aws", account=session.account, region=session.region, kind="table", name=name,
            tags=tags_of(session, table_arn, "dynamodb:table"), managed_by="customer", created=instant(table, "CreationDateTime"),
            encrypted=True if table else None, key_held_by=held_by(session, table) if table else None,
            foreign_access=said.foreign_access,
            backup_days=backup_days(recovery), deletion_protected=flag(table, "DeletionProtectionEnabled"), last_backup=last,
            never_backed_up=never,
        )  # fmt: skip


def held_by(session: CellSession, table: Mapping[str, Any]) -> Holder | None:
    """DynamoDB says nothing of encryption under its own key."""
    said = table.get("SSEDescription") or {}
    if text(said, "Status") not in UNDER_A_KEY:
        return "provider"
    return holder(session, encrypted=True, key=text(said, "KMSMasterKeyArn"))


def point_in_time(session: CellSession, name: str) -> Mapping[str, Any] | None:
    """What a table's point-in-time recovery says of itself."""
    answer = session.ask("dynamodb.DescribeContinuousBackups", gone=("TableNotFoundException",), TableName=name)
    described = (answer or {}).get("ContinuousBackupsDescription") or {}
    found: Mapping[str, Any] | None = described.get("PointInTimeRecoveryDescription")
    return found


def backup_days(recovery: Mapping[str, Any] | None) -> int | None:
    """For how many days back the table can be recovered; 0 where that is off."""
    state = text(recovery, "PointInTimeRecoveryStatus")
    if state is None:
        return None
    return number(recovery, "RecoveryPeriodInDays") if state == "ENABLED" else 0


def brought_back(
    session: CellSession, table: str, recovery: Mapping[str, Any] | None
) -> tuple[datetime | None, bool | None]:
    """To which instant it can be brought back, and whether it cannot be."""
    latest = instant(recovery, "LatestRestorableDateTime")
    if latest is not None:
        return latest, False
    if recovery is None:
        return None, None
    own = session.among(
        "dynamodb.ListBackups", "BackupSummaries", by="TableArn", of=table, newest="BackupCreationDateTime", BackupType="ALL"
    )  # fmt: skip
    return backed_up(session, table, own, "BackupCreationDateTime")
