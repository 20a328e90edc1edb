"""Queues of SQS: one call for each tells how it is encrypted and what its policy says. A policy alone refuses calls without TLS."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, text
from collectors.aws.gathered import CellSession
from collectors.aws.reach import reach, rules_of
from collectors.aws.tagging import tags_of
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

GONE = ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
MOVING = ("sqs:SendMessage", "sqs:ReceiveMessage")


@collector(
    "aws.queues",
    sees=DataStore,
    kinds=("queue",),
    learns=("encrypted", "public", "foreign_access", "transport_encrypted"),
    moves=("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"),
    grants=("sqs:ListQueues", "sqs:GetQueueAttributes", "tag:GetResources"),
    counted=("AWS::SQS::Queue",),
    where="region",
)  # fmt: skip
class Queues:
    """Every queue of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Addresses from `ListQueues`."""
        return session.pages("sqs.ListQueues", "QueueUrls")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """One call for each queue."""
        address = item["QueueUrls"]
        name = address.rpartition("/")[2]
        own = arn(session, "sqs", name)
        answer = session.ask("sqs.GetQueueAttributes", gone=GONE, QueueUrl=address, AttributeNames=["All"])
        known = learned(answer, lambda told: told.get("Attributes") or None)
        rules = learned(known, lambda told: rules_of(told.get("Policy", "")))
        said = reach(rules, account=session.account, arn=own, actions=MOVING)
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="queue", name=name,
            tags=tags_of(session, own, "sqs"), managed_by="customer", encrypted=learned(known, encrypted), public=said.public,
            foreign_access=said.foreign_access, transport_encrypted=said.transport_encrypted,
        )  # fmt: skip


def encrypted(queue: Mapping[str, Any]) -> bool:
    """Under a key of KMS, or by SQS itself."""
    return text(queue, "KmsMasterKeyId") is not None or text(queue, "SqsManagedSseEnabled") == "true"
