"""Topics of SNS: one call for each tells whether it is encrypted under a key, and what its policy says.

Without a key SNS encrypts nothing but its own disks, which counts for nothing here. Calls without TLS are refused by a policy alone.
"""

from collections.abc import Iterator

from collectors.aws.elements import text
from collectors.aws.gathered import CellSession
from collectors.aws.reach import reach, rules_of
from collectors.aws.tagging import tags_of
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

MOVING = ("sns:Publish",)


@collector(
    "aws.topics",
    sees=DataStore,
    kinds=("topic",),
    learns=("encrypted", "public", "foreign_access", "transport_encrypted"),
    moves=("SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted"),
    grants=("sns:ListTopics", "sns:GetTopicAttributes", "tag:GetResources"),
    counted=("AWS::SNS::Topic",),
    where="region",
)
class Topics:
    """Every topic of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListTopics`."""
        return session.pages("sns.ListTopics", "Topics")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """One call for each topic."""
        own = item["TopicArn"]
        answer = session.ask("sns.GetTopicAttributes", gone=("NotFound", "NotFoundException"), TopicArn=own)
        known = learned(answer, lambda told: told.get("Attributes") or None)
        rules = learned(known, lambda told: rules_of(told.get("Policy") or None))
        said = reach(rules, account=session.account, arn=own, actions=MOVING)
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="topic", name=own.rpartition(":")[2],
            tags=tags_of(session, own, "sns"), managed_by="customer",
            encrypted=learned(known, lambda told: text(told, "KmsMasterKeyId") is not None), public=said.public,
            foreign_access=said.foreign_access, transport_encrypted=said.transport_encrypted,
        )  # fmt: skip
