"""Which acts somebody hears of: by trail, filter, alarm and action; by rules; and what is left unlearned."""

import json

import pytest

from collectors.aws.alarms import Alarms
from collectors.aws.happenings import TOPICS
from collectors.resource import Trail
from tests.fakes.alarms import pattern
from tests.fakes.told import ACCOUNT, Told

MANAGEMENT, STRANGER = "222233334444", "999988887777"
GROUP = f"arn:aws:logs:eu-west-1:{MANAGEMENT}:log-group:trails:*"
TOPIC = f"arn:aws:sns:eu-west-1:{MANAGEMENT}:alerts"
ROOT = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
"""As CIS writes it."""
ALL = tuple(sorted(TOPICS))
PATTERNS = {name: ROOT if name == "root use" else pattern(name) for name in ALL}


def trail(account=MANAGEMENT, **facts):
    said = {
        "logging": True,
        "management_events": True,
        "multi_region": True,
        "organization": True,
        "watched": True,
        **facts,
    }
    return Trail(
        id=f"arn:aws:cloudtrail:eu-west-1:{account}:trail/t",
        provider="aws",
        account=account,
        region="eu-west-1",
        kind="trail",
        **said,
    )


def metric(name, **more):
    made = {"metricName": name, "metricNamespace": "CIS", "metricValue": "1", **more}
    return {"filterName": name, "filterPattern": PATTERNS[name], "metricTransformations": [made]}


def alarm(name, **more):
    return {
        "AlarmName": name, "Namespace": "CIS", "MetricName": name, "ActionsEnabled": True, "AlarmActions": [TOPIC], "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1, **more,
    }  # fmt: skip


def answers(**more):
    return {
        "cloudtrail.GetTrail": {"Trail": {"CloudWatchLogsLogGroupArn": GROUP}},
        "logs.DescribeMetricFilters": {"metricFilters": [metric(name) for name in ALL]},
        "cloudwatch.DescribeAlarms": {"MetricAlarms": [alarm(name) for name in ALL]},
        "sns.ListSubscriptionsByTopic": {"Subscriptions": [{"SubscriptionArn": f"{TOPIC}:1"}]},
        "events.ListRules": {"Rules": []},
        **{key.replace("_", "."): value for key, value in more.items()},
    }


def heard(*trails, seen=True, **more):
    told = Told(
        answers(**more),
        organization_accounts=frozenset({ACCOUNT, MANAGEMENT}),
        seen={"aws.trails": trails} if seen else None,
    )
    (item,) = Alarms.list(told)
    return Alarms.describe(told, item).topics, told


def test_everything_that_cis_lists_is_heard_of_by_way_of_the_organisations_trail():
    topics, told = heard(trail())
    assert topics == ALL
    assert told.cited == [trail().id]


@pytest.mark.parametrize(
    ("facts", "topics"),
    [
        ({"account": ACCOUNT, "organization": False}, ALL),
        ({"account": STRANGER}, ()),
        ({"organization": False}, ()),
        ({"multi_region": False}, ()),
        ({"logging": False}, ()),
        ({"management_events": False}, ()),
        ({"watched": False}, ()),
        ({"logging": None}, None),
        ({"organization": None}, None),
        ({"logging": None, "watched": False}, ()),
    ],
)
def test_only_a_trail_that_surely_records_the_account_leads_to_alarms(facts, topics):
    assert heard(trail(**facts))[0] == topics


def test_a_sure_trail_is_enough_beside_a_doubtful_one():
    assert heard(trail(ACCOUNT, logging=None), trail())[0] == ALL


def test_without_trails_nothing_is_heard_of_and_without_a_look_at_them_nothing_is_known():
    assert heard()[0] == ()
    assert heard(seen=False)[0] is None


@pytest.mark.parametrize(
    "more",
    [
        {"ActionsEnabled": False},
        {"AlarmActions": []},
        {"Threshold": 5.0},
        {"ComparisonOperator": "LessThanThreshold"},
        {"Dimensions": [{"Name": "x", "Value": "y"}]},
        {"EvaluationPeriods": 3},
        {"MetricName": "other"},
        {"Namespace": "other"},
    ],
)
def test_an_alarm_that_one_event_does_not_raise_is_none(more):
    alarms = [alarm(name, **(more if name == "keys" else {})) for name in ALL]
    assert heard(trail(), cloudwatch_DescribeAlarms={"MetricAlarms": alarms})[0] == tuple(
        one for one in ALL if one != "keys"
    )


@pytest.mark.parametrize(
    "more",
    [{"ComparisonOperator": "GreaterThanThreshold", "Threshold": 0}, {"DatapointsToAlarm": 1, "EvaluationPeriods": 5}],
)
def test_an_alarm_that_one_event_raises_is_one(more):
    alarms = [alarm(name, **more) for name in ALL]
    assert heard(trail(), cloudwatch_DescribeAlarms={"MetricAlarms": alarms})[0] == ALL


@pytest.mark.parametrize("left_out", ["eventName = StopLogging", "eventName = DeleteTrail"])
def test_a_filter_that_leaves_an_act_out_does_not_cover_its_topic(left_out):
    filters = [metric(name) for name in ALL]
    filters[0]["filterPattern"] = PATTERNS["audit trails"].replace(left_out, "eventName = Nothing")
    assert heard(trail(), logs_DescribeMetricFilters={"metricFilters": filters})[0] == ALL[1:]


def test_a_metric_with_dimensions_is_not_what_the_alarm_looks_at():
    filters = [metric(name, dimensions={"who": "$.userIdentity.arn"}) for name in ALL]
    assert heard(trail(), logs_DescribeMetricFilters={"metricFilters": filters})[0] == ()


@pytest.mark.parametrize(
    ("more", "topics"),
    [
        ({"sns_ListSubscriptionsByTopic": {"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]}}, ()),
        ({"sns_ListSubscriptionsByTopic": None}, None),
        ({"cloudtrail_GetTrail": None}, None),
        ({"logs_DescribeMetricFilters": None}, None),
        ({"cloudwatch_DescribeAlarms": None}, None),
        ({"logs_DescribeMetricFilters": {"metricFilters": []}, "events_ListRules": None}, None),
    ],
)
def test_nobody_who_hears_and_what_is_refused(more, topics):
    assert heard(trail(), **more)[0] == topics


def rule(**pattern):
    return {"Name": "root", "State": "ENABLED", "EventPattern": json.dumps(pattern)}


@pytest.mark.parametrize(
    ("pattern", "topics"),
    [
        ({"detail": {"userIdentity": {"type": ["Root"]}}}, ("root use",)),
        ({"source": ["aws.iam"], "detail-type": ["AWS API Call via CloudTrail"]}, ("identity", "root use")),
        ({"source": ["aws.iam"], "detail": {"eventName": ["PutRolePolicy"]}}, ()),
        ({"detail-type": ["AWS Console Sign In via CloudTrail"]}, ("sign-in",)),
        ({"source": [{"prefix": "aws."}]}, ("identity", "root use", "sign-in")),
    ],
)
def test_rules_in_the_partitions_own_region_carry_what_knows_no_region(pattern, topics):
    rules = {
        "events_ListRules": {"Rules": [rule(**pattern)]},
        "events_ListTargetsByRule": {"Targets": [{"Id": "1", "Arn": TOPIC}]},
    }
    found, told = heard(trail(), logs_DescribeMetricFilters={"metricFilters": []}, **rules)
    assert found == topics
    assert "us-east-1" in told.regions
    assert heard(trail(logging=False), **rules)[0] == (), "without a trail, nothing comes to EventBridge"
