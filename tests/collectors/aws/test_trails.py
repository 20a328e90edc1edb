from datetime import UTC, datetime

import pytest

from collectors.aws.trails import Trails, failing, management_events
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
