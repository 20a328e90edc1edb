"""What no collector describes: how many things of each type there are, where AWS Config records them.

The same counts tell the other collectors where there is nothing for them (`collectors.aws.census`).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from collectors.aws.census import STARTED, Counted, CountingSession, settled
from collectors.aws.dates import dated
from collectors.aws.elements import arn, flag, number, text
from collectors.collector import Item, Session, Unseen, collector
from collectors.resource import Unjudged

ELSEWHERE = (
    "AWS::CloudFront::Distribution", "AWS::CloudTrail::Trail", "AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User",
    "AWS::KMS::Key", "AWS::RDS::DBClusterSnapshot", "AWS::RDS::DBSnapshot", "AWS::S3::Bucket",
)  # fmt: skip
"""Types that collectors list wherever AWS Config does or does not count all of them."""
PAGE = 100
"""The most types that one page has (Config API reference)."""


@collector(
    "aws.others",
    sees=Unjudged,
    kinds=("resource type",),
    learns=("things",),
    readings=("things",),
    moves=("count",),
    grants=(
        "config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorderStatus", "config:GetDiscoveredResourceCounts",
    ),
    where="region",
)  # fmt: skip
class Others:
    """Every type of resource that AWS Config counts in the region and no collector describes."""

    def list(self, session: CountingSession) -> Iterator[Item]:
        """Elements of `GetDiscoveredResourceCounts`; none, for one call, where nothing records."""
        recorders = at_work(session)
        if not recorders:
            return
        elements = list(session.pages("config.GetDiscoveredResourceCounts", "resourceCounts", limit=PAGE))
        counts = {
            str(one.get("resourceType")): -1 if (count := number(one, "count")) is None else count for one in elements
        }
        session.census.known[session.account, session.region] = Counted(
            counts=counts, recorders=settled(recorders, dated(session.notes.calls))
        )  # fmt: skip
        yield from (one for one in elements if one.get("resourceType") not in described())

    def describe(self, session: Session, item: Item) -> Unjudged:
        """The element tells all."""
        native = str(item["resourceType"])
        return Unjudged(
            id=arn(session, "config", f"resource-type/{native}"), provider="aws", account=session.account, region=session.region,
            kind="resource type", name=native, tags={}, managed_by="customer", things=number(item, "count"),
        )  # fmt: skip


@cache
def described() -> frozenset[str]:
    """The types that some collector lists."""
    from collectors.aws.catalogue import COLLECTORS

    return frozenset(native for one in COLLECTORS for native in (*one.counted, *ELSEWHERE))


def at_work(session: CountingSession) -> tuple[dict[str, Any], ...]:
    """The recorders of the region that are recording, with when they were started; they cannot be read: `Unseen`."""
    recorders = asked(session, "config.DescribeConfigurationRecorders", "ConfigurationRecorders")
    if not recorders:
        return ()
    states = asked(session, "config.DescribeConfigurationRecorderStatus", "ConfigurationRecordersStatus")
    working = {
        text(one, "name"): one.get(STARTED)
        for one in states
        if flag(one, "recording") and (text(one, "lastStatus") or "").upper() != "FAILURE"
    }
    named = ((text(one, "name"), one) for one in recorders)
    return tuple({**one, STARTED: working[name]} for name, one in named if name in working)


def asked(session: CountingSession, operation: str, key: str) -> list[dict[str, Any]]:
    """The elements of an answer that has no pages."""
    answer = session.common(operation)
    listed = None if answer is None else answer.get(key, [])
    if not isinstance(listed, list):
        raise Unseen(f"{operation} without {key}")
    return listed
