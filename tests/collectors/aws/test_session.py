"""Paging to the end or not at all; absent, gone and denied are three things; nothing but reads."""

from collections.abc import Callable

import pytest

from collectors.aws.session import AwsSession
from collectors.collector import Gone, Unseen
from collectors.gap import Reason
from collectors.resource import Trail
from tests.fakes.aws import FakeAws, Raw, Refusal

LISTINGS = (
    ("ec2.DescribeVolumes", "Volumes", {}, 3),
    ("iam.GetAccountAuthorizationDetails", "RoleDetailList", {"Filter": ["Role"]}, 2),
    ("kms.ListKeys", "Keys", {}, 6),
    ("rds.DescribeDBInstances", "DBInstances", {}, 3),
    ("s3.ListBuckets", "Buckets", {}, 3),
    ("cloudtrail.DescribeTrails", "trailList", {}, 1),
)


@pytest.mark.parametrize(("operation", "key", "parameters", "count"), LISTINGS)
def test_every_page_is_read(
    session: Callable[..., AwsSession], operation: str, key: str, parameters: dict[str, list[str]], count: int
) -> None:
    here = session()
    assert len(list(here.pages(operation, key, **parameters))) == count
    assert here.notes.listing == operation
    assert here.notes.failures == []


@pytest.mark.parametrize(("operation", "key", "parameters", "count"), LISTINGS)
def test_a_page_without_its_key_is_no_empty_listing(
    session: Callable[..., AwsSession], operation: str, key: str, parameters: dict[str, list[str]], count: int
) -> None:
    here = session()
    with pytest.raises(Unseen):
        list(here.pages(operation, f"{key}s", **parameters))
    assert [(one.reason, one.operation) for one in here.notes.failures] == [(Reason.MALFORMED, operation)]


def test_elements_before_a_broken_page_stay(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    here = session()
    listing = here.pages("ec2.DescribeVolumes", "Volumes")
    first = [next(listing), next(listing)]
    aws.deny("ec2.DescribeVolumes")
    with pytest.raises(Unseen):
        next(listing)
    assert len(first) == 2
    assert [one.reason for one in here.notes.failures] == [Reason.DENIED]


KEYS = b'{"Keys": [{"KeyId": "key-1", "KeyArn": "arn"}], "Truncated": true%s}'


@pytest.mark.parametrize(
    "more", [b', "NextMarker": "again"', b""], ids=["a token that comes back", "more, without a token"]
)
def test_pages_that_lead_nowhere_are_malformed(session: Callable[..., AwsSession], aws: FakeAws, more: bytes) -> None:
    aws.trouble("kms.ListKeys", Raw(KEYS % more))
    here = session()
    with pytest.raises(Unseen):
        list(here.pages("kms.ListKeys", "Keys"))
    assert [one.reason for one in here.notes.failures] == [Reason.MALFORMED]
    assert sum(request.operation == "kms.ListKeys" for request in aws.requests) <= 2


def test_elements_that_are_no_objects_are_malformed(session: Callable[..., AwsSession]) -> None:
    with pytest.raises(Unseen):
        list(session(region="global").pages("iam.GetAccountSummary", "SummaryMap"))


def test_absent_is_an_answer(session: Callable[..., AwsSession]) -> None:
    here = session(region="global")
    assert here.ask("iam.GetAccountPasswordPolicy", absent=("NoSuchEntity",)) == {}
    assert here.notes.failures == []
    assert here.notes.answers == [("iam.GetAccountPasswordPolicy", {"Error": {"Code": "NoSuchEntity"}})]


def test_gone_is_neither_answer_nor_gap(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    aws.trouble("kms.DescribeKey", Refusal("NotFoundException"))
    here = session()
    with pytest.raises(Gone):
        here.ask("kms.DescribeKey", gone=("NotFoundException",), KeyId="key-1")
    assert here.notes.failures == []


def test_denied_is_not_absent(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    aws.deny("iam.GetAccountPasswordPolicy")
    here = session(region="global")
    assert here.ask("iam.GetAccountPasswordPolicy", absent=("NoSuchEntity",)) is None
    assert [one.reason for one in here.notes.failures] == [Reason.DENIED]


def test_another_region_is_asked_where_it_is(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    here = session(region="global")
    assert here.ask("s3.GetBucketEncryption", region="eu-west-1", Bucket="sound-222233334444") is not None
    assert aws.requests[-1].region == "eu-west-1"
    assert here.ask("s3.GetBucketEncryption", Bucket="sound-222233334444") is None
    assert [one.detail for one in here.notes.failures] == ["PermanentRedirect"]
    assert sum(request.operation == "s3.GetBucketEncryption" for request in aws.requests) == 2


@pytest.mark.parametrize(
    "operation", ["s3.DeleteBucket", "kms.Encrypt", "iam.CreateUser", "sts.AssumeRole", "s3.ListBuckets.x", "ec2"]
)
def test_nothing_but_reads_is_asked(session: Callable[..., AwsSession], aws: FakeAws, operation: str) -> None:
    before = len(aws.requests)
    with pytest.raises(ValueError, match="not a read"):
        session().ask(operation)
    assert len(aws.requests) == before


def test_what_a_needed_collector_could_not_see_is_a_gap(session: Callable[..., AwsSession]) -> None:
    trail = Trail(id="arn:trail", provider="aws", account="111122223333", region="eu-west-1", kind="trail")
    here = session(**{"aws.trails": (trail,), "aws.keys": None})
    assert here.seen("aws.trails") == (trail,)
    assert here.seen("aws.keys") is None
    here.cite(trail)
    assert here.notes.cites == ["arn:trail"]
    assert [(one.reason, one.detail) for one in here.notes.failures] == [(Reason.NEEDS, "aws.keys")]


def test_items_have_notes_of_their_own(session: Callable[..., AwsSession]) -> None:
    here = session()
    apart = here.apart()
    apart.ask("ec2.GetEbsEncryptionByDefault")
    assert len(apart.notes.answers) == 1
    assert here.notes.answers == []


def test_a_listing_that_says_that_there_is_more_and_that_nobody_can_page_is_not_taken_for_whole(
    session: Callable[..., AwsSession], aws: FakeAws
) -> None:
    aws.answers = lambda _: {"GroupedResourceCounts": [], "NextToken": "2"}
    here = session()
    with pytest.raises(Unseen):
        list(
            here.pages(
                "config.GetAggregateDiscoveredResourceCounts",
                "GroupedResourceCounts",
                ConfigurationAggregatorName="all",
            )
        )
    assert [one.reason for one in here.notes.failures] == [Reason.MALFORMED]
