"""Log groups of CloudWatch Logs: how long they keep records, under whose key, and whether they mask what must not be read.

What is masked by a policy of the whole account is masked in each of its groups. CloudWatch Logs has no lock on retention: whoever may, can
shorten it (deletion protection keeps the group, not its records), so that is not learned here.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.aws.elements import arn, number, text
from collectors.collector import Item, Session, collector
from collectors.watching import LogStore

BY_THE_ACCOUNT = "ACCOUNT_DATA_PROTECTION"


@collector(
    "aws.log_stores",
    sees=LogStore,
    kinds=("log store",),
    learns=("retention_days", "key_held_by", "masked"),
    moves=("storedBytes",),
    grants=("logs:DescribeLogGroups",),
    where="region",
)
class LogStores:
    """Every log group of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeLogGroups`."""
        return session.pages("logs.DescribeLogGroups", "logGroups")

    def describe(self, session: Session, item: Item) -> LogStore:
        """The element tells all: what is not set is left out of it."""
        return LogStore(
            id=identity(session, item), provider="aws", account=session.account, region=session.region, kind="log store",
            name=item["logGroupName"], managed_by="customer", created=made(item),
            retention_days=number(item, "retentionInDays") if "retentionInDays" in item else 0,
            # Without a key of the customer's, the service encrypts with its own.
            key_held_by="customer" if text(item, "kmsKeyId") else "provider", masked=masked(item),
        )  # fmt: skip


def identity(session: Session, group: Mapping[str, Any]) -> str:
    """Its ARN, without the star behind it that stands for all of its streams."""
    said = text(group, "logGroupArn") or text(group, "arn")
    return said.removesuffix(":*") if said else arn(session, "logs", f"log-group:{group['logGroupName']}")


def made(group: Mapping[str, Any]) -> datetime | None:
    """When the group was made, which is told in milliseconds."""
    millis = number(group, "creationTime")
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


def masked(group: Mapping[str, Any]) -> bool:
    """A data protection policy is in force, of the group or of its account."""
    return group.get("dataProtectionStatus") == "ACTIVATED" or BY_THE_ACCOUNT in (
        group.get("inheritedProperties") or ()
    )
