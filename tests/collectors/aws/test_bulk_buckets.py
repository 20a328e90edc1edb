"""Settings of buckets by both roads: what a configuration item holds S3 is not asked for, and what it does not hold is no answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest

from collectors.aws.aggregate import SELECT, SOURCES
from collectors.aws.bucket_settings import SETTINGS
from collectors.aws.catalogue import COLLECTORS
from collectors.gap import Reason
from tests.collectors.aws.test_bulk import Roads, captured, same, serving
from tests.fakes.aggregated import Aggregated
from tests.fakes.aws import Refusal
from tests.fakes.aws_looking import Look

MEMBER = "222233334444"
BUCKETS = tuple(one for one in COLLECTORS if one.name == "aws.buckets")
SOUND, BARE, FAR = (f"{kind}-{MEMBER}" for kind in ("sound", "bare", "far"))
Item = dict[str, object]


@pytest.fixture(scope="module")
def served() -> Iterator[Roads]:
    with serving() as roads:
        yield roads


@pytest.fixture(scope="module")
def direct(served: Roads) -> Look:
    """What S3 itself tells."""
    return served.look(collectors=BUCKETS, bulk=False)


def asked(served: Roads) -> set[tuple[str, str]]:
    """Which settings of which buckets S3 was asked for."""
    return {
        (one.operation.partition(".")[2], str(one.parameters["Bucket"]))
        for one in served.server.requests
        if one.operation in SETTINGS
    }


@pytest.mark.parametrize("in_texts", [False, True])
def test_both_roads_see_the_same_and_s3_is_asked_for_what_an_item_does_not_hold(
    served: Roads, direct: Look, *, in_texts: bool
) -> None:
    found = served.look(Aggregated(in_texts=in_texts), BUCKETS)
    assert same(found, direct)
    assert (found.gaps, captured(found)) == ([], {"aws.buckets"})
    absent = ("GetBucketEncryption", "GetBucketTagging", "GetBucketLifecycleConfiguration", "GetPublicAccessBlock")
    assert asked(served) == {(operation, BARE) for operation in absent}
    assert served.asked("s3.GetBucketPolicy") == served.asked("s3.GetBucketAcl") == 3
    assert served.asked(SELECT) == 2  # three buckets, on pages of two


def test_an_item_is_kept_once_and_without_what_no_setting_is_read_from(served: Roads) -> None:
    [visit] = served.look(collectors=BUCKETS).visits.values()
    evidence = next(one for one in visit.sightings if one.resource.name == SOUND).evidence
    [item] = [one.answer for one in evidence if one.operation == SELECT]
    assert item["configurationItemCaptureTime"] == "2026-01-05T12:00:00.000Z"
    assert item["supplementaryConfiguration"]["BucketVersioningConfiguration"]["status"] == "Enabled"
    assert item["supplementaryConfiguration"].keys() & {"AccessControlList", "BucketPolicy"} == set()


def part(item: Item, name: str, key: str, value: object) -> Item:
    """An item of that bucket with another part."""
    supplement = item.get("supplementaryConfiguration")
    if item["resourceId"] != name or not isinstance(supplement, dict):
        return item
    return {**item, "supplementaryConfiguration": {**supplement, key: value}}


RULE = {"id": "x", "status": "Enabled", "expirationInDays": -1.0, "expirationDate": None}


@pytest.mark.parametrize(
    ("key", "value", "operation"),
    [
        ("BucketVersioningConfiguration", {}, "GetBucketVersioning"),
        ("BucketVersioningConfiguration", {"status": "Sometimes"}, "GetBucketVersioning"),
        ("BucketVersioningConfiguration", "{", "GetBucketVersioning"),
        ("BucketLoggingConfiguration", {}, "GetBucketLogging"),
        ("BucketLoggingConfiguration", {"destinationBucketName": ""}, "GetBucketLogging"),
        ("BucketLoggingConfiguration", {"destinationBucketName": 7}, "GetBucketLogging"),
        ("ServerSideEncryptionConfiguration", {"rules": []}, "GetBucketEncryption"),
        ("ServerSideEncryptionConfiguration", {"rules": None}, "GetBucketEncryption"),
        ("ServerSideEncryptionConfiguration", [], "GetBucketEncryption"),
        ("BucketLifecycleConfiguration", {"rules": []}, "GetBucketLifecycleConfiguration"),
        ("BucketLifecycleConfiguration", {"rules": ["x"]}, "GetBucketLifecycleConfiguration"),
        ("BucketLifecycleConfiguration", {"rules": [{"status": "Enabled"}]}, "GetBucketLifecycleConfiguration"),
        ("BucketLifecycleConfiguration", {"rules": [{**RULE, "status": None}]}, "GetBucketLifecycleConfiguration"),
        (
            "BucketLifecycleConfiguration",
            {"rules": [{**RULE, "expirationInDays": "3"}]},
            "GetBucketLifecycleConfiguration",
        ),
    ],
)
@pytest.mark.sampled
def test_a_part_that_is_not_whole_is_asked_of_s3(
    served: Roads, direct: Look, key: str, value: object, operation: str
) -> None:
    found = served.look(Aggregated(altered=partial(part, name=SOUND, key=key, value=value)), BUCKETS)
    assert same(found, direct)
    assert (operation, SOUND) in asked(served)
    assert found.gaps == []


@pytest.mark.parametrize(
    ("key", "value", "fact", "learned"),
    [
        ("BucketVersioningConfiguration", {"status": "Suspended"}, "versioned", False),
        ("BucketVersioningConfiguration", {"status": None}, "versioned", False),
        ("BucketLoggingConfiguration", {"destinationBucketName": None, "logFilePrefix": None}, "access_logged", False),
        ("BucketLifecycleConfiguration", {"rules": [RULE]}, "content_expires", False),
        ("BucketLifecycleConfiguration", {"rules": [{**RULE, "expirationInDays": 3.0}]}, "content_expires", True),
        ("BucketLifecycleConfiguration", {"rules": [{**RULE, "expirationInDays": None}]}, "content_expires", False),
        ("BucketLifecycleConfiguration", {"rules": [{**RULE, "expirationDate": "2027-01-01T00:00:00.000Z"}]}, "content_expires", True),
        ("BucketLifecycleConfiguration", {"rules": [{**RULE, "expirationInDays": 3, "status": "Disabled"}]}, "content_expires", False),
        ("ServerSideEncryptionConfiguration",
         {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyID": None}}]},
         "key_held_by", "provider"),
    ],
)  # fmt: skip
def test_facts_are_read_from_what_config_says(
    served: Roads, key: str, value: object, fact: str, *, learned: object
) -> None:
    found = served.look(Aggregated(altered=partial(part, name=SOUND, key=key, value=value)), BUCKETS)
    [visit] = found.visits.values()
    bucket = next(one.resource for one in visit.sightings if one.resource.name == SOUND)
    assert getattr(bucket, fact) == learned
    assert SOUND not in {name for _, name in asked(served)}


@pytest.mark.parametrize(
    "estate",
    [
        lambda: Aggregated(group={"allSupported": False, "resourceTypes": ["AWS::EC2::Volume"]}),
        lambda: Aggregated(states={(MEMBER, region): {} for region in ("eu-west-1", "us-east-1")}),
        lambda: Aggregated(started=datetime.now(UTC)),
        lambda: Aggregated(altered=lambda _: None),
        lambda: Aggregated(altered=lambda item: {**item, "configurationItemStatus": "ResourceDeleted"}),
        lambda: Aggregated(altered=lambda item: {**item, "supplementaryConfiguration": None, "tags": []}),
    ],
    ids=["not recorded", "recorded since now", "not in the aggregator", "not told", "deleted", "bare"],
)
def test_a_bucket_that_config_does_not_hold_is_asked_of_s3(
    served: Roads, direct: Look, estate: Callable[[], Aggregated]
) -> None:
    found = served.look(estate(), BUCKETS)
    assert same(found, direct)
    assert (found.gaps, captured(found)) == ([], set())


@pytest.mark.parametrize("operation", [SELECT, SOURCES])
def test_where_config_does_not_answer_s3_is_asked_and_it_is_said_once(
    served: Roads, direct: Look, operation: str
) -> None:
    served.look(collectors=BUCKETS)
    served.server.calm()
    served.server.trouble(operation, Refusal("AccessDeniedException", 403))
    found = served.again(BUCKETS)
    assert same(found, direct)
    [gap] = found.gaps
    assert (gap.operation, gap.reason, gap.subject.partition(" ")[0]) == (operation, Reason.DENIED, "aggregator")
