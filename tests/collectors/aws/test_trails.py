from datetime import UTC, datetime

import pytest

from collectors.aws.trails import Trails, failing, management_events
from collectors.resource import DataStore
from tests.fakes.told import Told

ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
NOW = datetime(2026, 1, 5, tzinfo=UTC)
ELEMENT = {
    "Name": "audit", "TrailARN": ARN, "HomeRegion": "eu-west-1", "S3BucketName": "logs", "IsMultiRegionTrail": True,
    "IsOrganizationTrail": False, "LogFileValidationEnabled": True, "HasCustomEventSelectors": True,
    "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/k",
}  # fmt: skip


def selector(kind="All", excluded=(), *, management=True):
    return {
        "ReadWriteType": kind,
        "IncludeManagementEvents": management,
        "ExcludeManagementEventSources": list(excluded),
    }


def advanced(*fields):
    return {
        "Name": "x",
        "FieldSelectors": [{"Field": field, operator: list(values)} for field, operator, *values in fields],
    }


MANAGEMENT = ("eventCategory", "Equals", "Management")


@pytest.mark.parametrize(
    ("answer", "recorded"),
    [
        ({"EventSelectors": [selector()]}, True),
        ({"EventSelectors": [selector("ReadOnly"), selector("WriteOnly")]}, True),
        ({"EventSelectors": [selector("WriteOnly")]}, False),
        ({"EventSelectors": [selector(management=False)]}, False),
        ({"EventSelectors": [selector(excluded=["kms.amazonaws.com"])]}, False),
        ({"EventSelectors": [selector(excluded=["rdsdata.amazonaws.com"])]}, True),
        ({"EventSelectors": []}, False),
        ({"AdvancedEventSelectors": [advanced(MANAGEMENT)]}, True),
        ({"AdvancedEventSelectors": [advanced(MANAGEMENT, ("readOnly", "Equals", "true"))]}, False),
        ({"AdvancedEventSelectors": [advanced(("readOnly", "Equals", "false"), MANAGEMENT)]}, False),
        (
            {
                "AdvancedEventSelectors": [
                    advanced(MANAGEMENT, ("readOnly", "Equals", "true")),
                    advanced(("readOnly", "Equals", "false"), MANAGEMENT),
                ]
            },
            True,
        ),
        ({"AdvancedEventSelectors": [advanced(MANAGEMENT, ("eventSource", "NotEquals", "kms.amazonaws.com"))]}, False),
        (
            {"AdvancedEventSelectors": [advanced(MANAGEMENT, ("eventSource", "NotEquals", "rdsdata.amazonaws.com"))]},
            True,
        ),
        ({"AdvancedEventSelectors": [advanced(MANAGEMENT, ("eventName", "StartsWith", "Delete"))]}, False),
        ({"AdvancedEventSelectors": [advanced(("eventCategory", "Equals", "Data"))]}, False),
        ({"AdvancedEventSelectors": [advanced(("readOnly", "Equals", "true"))]}, False),
        ({}, None),
    ],
)
def test_management_events_are_recorded_where_selectors_leave_none_out(answer, recorded):
    assert management_events(answer) is recorded


@pytest.mark.parametrize(
    ("status", "fails"),
    [
        ({"LatestDeliveryTime": NOW}, False),
        ({"LatestDeliveryTime": NOW, "LatestDeliveryError": ""}, False),
        ({"LatestDeliveryTime": NOW, "LatestDeliveryError": "AccessDenied"}, True),
        ({"LatestDeliveryError": "NoSuchBucket"}, True),
        ({"IsLogging": True}, None),
    ],
)
def test_delivery_fails_where_the_latest_one_met_an_error(status, fails):
    assert failing(status) is fails


def test_a_trail_is_read_whole():
    told = Told({
        "cloudtrail.GetTrailStatus": {"IsLogging": True, "LatestDeliveryTime": NOW},
        "cloudtrail.GetEventSelectors": {"EventSelectors": [selector()]},
    })  # fmt: skip
    trail = Trails.describe(told, ELEMENT)
    assert (trail.id, trail.region, trail.logging, trail.multi_region, trail.organization) == (
        ARN,
        "eu-west-1",
        True,
        True,
        False,
    )
    assert (trail.management_events, trail.validated, trail.key_held_by) == (True, True, "customer")
    assert (trail.delivered, trail.delivery_failing) == (NOW, False)


def test_a_trail_without_selectors_of_its_own_is_not_asked_for_them():
    told = Told({"cloudtrail.GetTrailStatus": {"IsLogging": False}})
    trail = Trails.describe(told, {**ELEMENT, "HasCustomEventSelectors": False})
    assert (trail.management_events, trail.logging, told.asked) == (True, False, ["cloudtrail.GetTrailStatus"])


def bucket(name="logs", account="222233334444", region="us-east-1", **facts):
    return DataStore(
        id=f"arn:aws:s3:::{name}",
        provider="aws",
        account=account,
        region=region,
        kind="object store",
        name=name,
        **facts,
    )


def lock(mode):
    return {
        "ObjectLockConfiguration": {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": mode, "Days": 9}},
        }
    }


def stored(*buckets, seen=True, answer=None, element=ELEMENT):
    quiet = {"cloudtrail.GetTrailStatus": None, "cloudtrail.GetEventSelectors": None}
    told = Told(
        {**quiet, "222233334444/s3.GetObjectLockConfiguration": answer}, seen={"aws.buckets": buckets} if seen else None
    )
    trail = Trails.describe(told, element)
    return (trail.store_public, trail.store_access_logged, trail.store_locked), told


def test_a_trails_store_is_found_wherever_it_stands_in_the_organisation():
    facts, told = stored(
        bucket("other", public=True), bucket(public=False, access_logged=True), answer=lock("COMPLIANCE")
    )
    assert facts == (False, True, True)
    assert told.cited == ["arn:aws:s3:::logs"]
    assert told.regions[-1] == "us-east-1"


@pytest.mark.parametrize(
    ("answer", "locked"),
    [
        (lock("COMPLIANCE"), True),
        (lock("GOVERNANCE"), False),
        ({"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}, False),
        ("ObjectLockConfigurationNotFoundError", False),
        (None, None),
    ],
)
def test_only_a_lock_that_nobody_can_lift_counts(answer, locked):
    assert stored(bucket(), answer=answer)[0] == (None, None, locked)


def test_a_store_that_nobody_has_seen_is_not_learned():
    assert stored(bucket("other"))[0] == (None, None, None)
    assert stored(seen=False)[0] == (None, None, None)
    assert stored(bucket(public=False), element={"TrailARN": ARN})[0] == (None, None, None)


def test_a_store_whose_region_is_not_known_is_not_asked():
    facts, told = stored(bucket(region="global", public=True))
    assert facts == (True, None, None)
    assert told.asked == ["cloudtrail.GetTrailStatus", "cloudtrail.GetEventSelectors"]


@pytest.mark.parametrize("group", ["arn:aws:logs:eu-west-1:111122223333:log-group:trails:*", None])
def test_a_trail_is_watched_where_its_records_go_to_a_log_group(group):
    told = Told({"cloudtrail.GetTrailStatus": None, "cloudtrail.GetEventSelectors": None})
    element = {**ELEMENT, **({"CloudWatchLogsLogGroupArn": group} if group else {})}
    assert Trails.describe(told, element).watched is (group is not None)


def test_what_is_refused_or_missing_is_not_learned():
    told = Told({"cloudtrail.GetTrailStatus": None, "cloudtrail.GetEventSelectors": None})
    trail = Trails.describe(told, {"TrailARN": ARN})
    facts = (
        trail.logging,
        trail.multi_region,
        trail.organization,
        trail.management_events,
        trail.validated,
        trail.delivered,
        trail.delivery_failing,
    )
    assert facts == (None,) * 7


def test_shadows_of_trails_are_not_listed():
    told = Told(
        {
            "cloudtrail.DescribeTrails": lambda asked: {
                "trailList": [] if asked["includeShadowTrails"] is False else [ELEMENT]
            }
        }
    )
    assert list(Trails.list(told)) == []
