"""Streams of Kinesis. They answer over TLS alone; whom their own policy lets in is one call for each."""

from collections.abc import Iterator

from collectors.aws.elements import arn, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.reach import reach, rules_of
from collectors.aws.tagging import tags_of
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

GONE = ("ResourceNotFoundException",)
ENCRYPTED = {"KMS": True, "NONE": False}


@collector(
    "aws.streams",
    sees=DataStore,
    kinds=("stream",),
    learns=("encrypted", "key_held_by", "public", "foreign_access", "transport_encrypted"),
    moves=("OpenShardCount", "ConsumerCount"),
    grants=(
        "kinesis:ListStreams",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetResourcePolicy",
        "kms:ListAliases",
        "tag:GetResources",
    ),
    counted=("AWS::Kinesis::Stream",),
    where="region",
)
class Streams:
    """Every stream of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Names from `ListStreams`."""
        return session.pages("kinesis.ListStreams", "StreamNames")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """Two calls for each stream."""
        name = item["StreamNames"]
        own = arn(session, "kinesis", f"stream/{name}")
        answer = session.ask("kinesis.DescribeStreamSummary", gone=GONE, StreamName=name)
        stream = (answer or {}).get("StreamDescriptionSummary") or {}
        # A stream without a policy is not always told apart from one that is gone; whether it is there, was asked before.
        policy = session.ask("kinesis.GetResourcePolicy", absent=GONE, ResourceARN=own)
        rules = learned(policy, lambda known: rules_of(known.get("Policy")) if known else ())
        said = reach(rules, account=session.account, arn=own, actions=())
        encrypted = ENCRYPTED.get(text(stream, "EncryptionType") or "")
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="stream", name=name,
            tags=tags_of(session, own, "kinesis:stream"), managed_by="customer", created=instant(stream, "StreamCreationTimestamp"),
            encrypted=encrypted, key_held_by=holder(session, encrypted=encrypted, key=text(stream, "KeyId")),
            public=said.public, foreign_access=said.foreign_access, transport_encrypted=True,
        )  # fmt: skip
