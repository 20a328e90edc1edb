"""What each watch makes of what its service says: on, off, in part, refused."""

from datetime import UTC, datetime

import pytest

from collectors.aws.analyzers import Analyzers
from collectors.aws.detectors import Detectors
from collectors.aws.discoveries import Discoveries
from collectors.aws.hubs import Hubs
from collectors.aws.recorders import Recorders
from collectors.aws.scanners import Scanners
from tests.fakes.told import ACCOUNT, Told

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 12, tzinfo=UTC)
ADMINISTRATOR, MANAGEMENT = "222233334444", "333344445555"
FACTS = ("enabled", "complete", "reported", "last_seen", "never_seen", "coverable", "covered")


def looked(collector, answers, **cell):
    """What one look learned, by kind: the facts that are not None."""
    told = Told(answers)
    for name, value in cell.items():
        setattr(told, name, value)
    seen = [collector.describe(told, item) for item in collector.list(told)]
    return {
        one.kind: {fact: getattr(one, fact) for fact in FACTS if getattr(one, fact) is not None} for one in seen
    }, told


def watched(collector, answers, **cell):
    (facts,) = looked(collector, answers, **cell)[0].values()
    return facts


# --- GuardDuty


def detector(status="ENABLED", **features):
    names = {
        "CLOUD_TRAIL": True,
        "DNS_LOGS": True,
        "FLOW_LOGS": True,
        "S3_DATA_EVENTS": True,
        "EBS_MALWARE_PROTECTION": True,
        **features,
    }
    listed = [{"Name": name, "Status": "ENABLED" if on else "DISABLED"} for name, on in names.items()]
    return {"Status": status, "Features": listed}


RULE = {"Name": "threats", "State": "ENABLED", "EventPattern": '{"source": ["aws.guardduty"]}'}
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
HEARD = {
    "guardduty.ListDetectors": {"DetectorIds": ["one"]},
    "guardduty.GetDetector": detector(),
    "guardduty.GetAdministratorAccount": {},
    "events.ListRules": {"Rules": [RULE]},
    "events.ListTargetsByRule": {"Targets": [{"Id": "1", "Arn": TOPIC}]},
    "sns.ListSubscriptionsByTopic": {"Subscriptions": [{"SubscriptionArn": f"{TOPIC}:1"}]},
}


def threats(**answers):
    found, told = looked(Detectors, {**HEARD, **{key.replace("_", "."): value for key, value in answers.items()}})
    return found["threat detection"], told


def test_guardduty_off_is_one_call_and_three_times_no():
    found, told = looked(Detectors, {"guardduty.ListDetectors": {"DetectorIds": []}})
    off = {"enabled": False, "complete": False, "reported": False}
    assert found == {"threat detection": off, "malware protection": off}
    assert set(told.asked) == {"guardduty.ListDetectors"}


def test_guardduty_on_complete_and_heard():
    found, _ = looked(Detectors, HEARD)
    assert found == {
        "threat detection": {"enabled": True, "complete": True, "reported": True},
        "malware protection": {"enabled": True},
    }


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (detector(S3_DATA_EVENTS=False), {"enabled": True, "complete": False, "reported": True}),
        (detector(RUNTIME_MONITORING=False), {"enabled": True, "complete": True, "reported": True}),
        (detector("DISABLED"), {"enabled": False, "complete": False, "reported": False}),
        ({"Status": "ENABLED"}, {"enabled": True, "reported": True}),
        (
            {"Status": "ENABLED", "Features": [{"Name": "DNS_LOGS", "Status": "ENABLED"}]},
            {"enabled": True, "reported": True},
        ),
        (None, {}),
    ],
)
def test_a_detector_is_complete_with_every_feature_that_needs_no_agent(answer, facts):
    assert threats(guardduty_GetDetector=answer)[0] == facts


@pytest.mark.parametrize(("features", "enabled"), [({}, True), ({"EBS_MALWARE_PROTECTION": False}, False)])
def test_malware_is_looked_for_on_disks(features, enabled):
    found, _ = looked(Detectors, {**HEARD, "guardduty.GetDetector": detector(**features)})
    assert found["malware protection"] == {"enabled": enabled}


def test_a_region_without_malware_protection_has_none():
    answer = {**detector(), "Features": detector()["Features"][:-1]}
    found, _ = looked(Detectors, {**HEARD, "guardduty.GetDetector": answer})
    assert found["malware protection"] == {"enabled": False}


@pytest.mark.parametrize(
    ("answers", "reported"),
    [
        ({}, True),
        ({"events_ListRules": {"Rules": [{**RULE, "State": "DISABLED"}]}}, False),
        ({"events_ListRules": {"Rules": [{**RULE, "EventPattern": '{"source": ["aws.macie"]}'}]}}, False),
        ({"events_ListRules": None}, None),
        ({"events_ListTargetsByRule": {"Targets": []}}, False),
        ({"events_ListTargetsByRule": {"Targets": [], "NextToken": "more"}}, None),
        (
            {"events_ListTargetsByRule": {"Targets": [{"Id": "1", "Arn": "arn:aws:lambda:eu-west-1:1:function:page"}]}},
            True,
        ),
        ({"events_ListTargetsByRule": "ResourceNotFoundException"}, False),
        ({"events_ListTargetsByRule": None}, None),
        ({"sns_ListSubscriptionsByTopic": {"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]}}, False),
        ({"sns_ListSubscriptionsByTopic": {"Subscriptions": [], "NextToken": "more"}}, None),
        ({"sns_ListSubscriptionsByTopic": "NotFound"}, False),
        ({"sns_ListSubscriptionsByTopic": None}, None),
    ],
)
def test_threats_are_reported_by_a_rule_whose_target_hears(answers, reported):
    assert threats(**answers)[0].get("reported") is reported


@pytest.mark.parametrize(
    ("administrator", "there", "reported"),
    [
        ({"Administrator": {"AccountId": ADMINISTRATOR, "RelationshipStatus": "Enabled"}}, {"Rules": [RULE]}, True),
        ({"Administrator": {"AccountId": ADMINISTRATOR, "RelationshipStatus": "Enabled"}}, {"Rules": []}, False),
        ({"Administrator": {"AccountId": ADMINISTRATOR, "RelationshipStatus": "Enabled"}}, None, None),
        ({"Administrator": {"AccountId": ADMINISTRATOR, "RelationshipStatus": "Resigned"}}, {"Rules": [RULE]}, False),
        (None, {"Rules": [RULE]}, None),
    ],
)
def test_the_administrators_rules_report_a_members_threats(administrator, there, reported):
    answers = {
        **HEARD, "events.ListRules": {"Rules": []}, "guardduty.GetAdministratorAccount": administrator,
        f"{ADMINISTRATOR}/events.ListRules": there,
    }  # fmt: skip
    assert looked(Detectors, answers)[0]["threat detection"].get("reported") is reported


# --- Inspector


def scanning(status="ENABLED", account=ACCOUNT, **scans):
    kinds = {"ec2": "ENABLED", "ecr": "ENABLED", "lambda": "ENABLED", "codeRepository": "DISABLED", **scans}
    resources = {name: {"status": one} for name, one in kinds.items() if one}
    return {"accounts": [{"accountId": account, "state": {"status": status}, "resourceState": resources}]}


def counts(asked):
    return {"totalCounts": 3 if "scanStatusCode" in asked["filterCriteria"] else 5}


INSPECTED = {**RULE, "EventPattern": '{"source": ["aws.inspector2"], "detail": {"severity": ["CRITICAL"]}}'}
SCANNED = {
    "inspector2.ListCoverageStatistics": counts,
    "events.ListTargetsByRule": HEARD["events.ListTargetsByRule"],
}


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (scanning(), {"enabled": True, "complete": True, "reported": True, "coverable": 5, "covered": 3}),
        (
            scanning(ecr="DISABLED"),
            {"enabled": True, "complete": False, "reported": True, "coverable": 5, "covered": 3},
        ),
        (
            scanning(**{"lambda": ""}),
            {"enabled": True, "complete": True, "reported": True, "coverable": 5, "covered": 3},
        ),
        (scanning("DISABLED"), {"enabled": False, "complete": False, "reported": False}),
        (scanning("SUSPENDED"), {"enabled": False, "complete": False, "reported": False}),
        (scanning(account=ADMINISTRATOR), {}),
        ({"accounts": [], "failedAccounts": []}, {}),
        (None, {}),
    ],
)
def test_scanning(answer, facts):
    answers = {
        **SCANNED,
        "events.ListRules": {"Rules": [INSPECTED]},
        "sns.ListSubscriptionsByTopic": HEARD["sns.ListSubscriptionsByTopic"],
    }
    assert watched(Scanners, {**answers, "inspector2.BatchGetAccountStatus": answer}) == facts


@pytest.mark.parametrize(
    ("administrator", "reported"),
    [
        ({"delegatedAdmin": {"accountId": ADMINISTRATOR, "relationshipStatus": "ENABLED"}}, True),
        ({"delegatedAdmin": {"accountId": ADMINISTRATOR, "relationshipStatus": "REMOVED"}}, False),
        ("ResourceNotFoundException", False),
        ({}, False),
        (None, None),
    ],
)
def test_the_administrators_rules_report_a_members_vulnerabilities(administrator, reported):
    answers = {
        **SCANNED, "inspector2.BatchGetAccountStatus": scanning(), "inspector2.GetDelegatedAdminAccount": administrator,
        "events.ListRules": {"Rules": []}, f"{ADMINISTRATOR}/events.ListRules": {"Rules": [INSPECTED]},
        "events.ListTargetsByRule": {"Targets": [{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:1:tickets"}]},
    }  # fmt: skip
    assert watched(Scanners, answers).get("reported") is reported


# --- Config

GROUP = {"allSupported": True, "resourceTypes": []}
WORKING = {"name": "default", "recording": True, "lastStatus": "SUCCESS", "lastStatusChangeTime": NOW}
DELIVERED = {
    "DeliveryChannelsStatus": [{"configHistoryDeliveryInfo": {"lastStatus": "SUCCESS", "lastSuccessfulTime": LATER}}]
}


def recorded(*, group=GROUP, state=WORKING, channels=DELIVERED, **more):
    return watched(Recorders, {
        "config.DescribeConfigurationRecorders": {"ConfigurationRecorders": [{"name": "default", "recordingGroup": group, **more}]},
        "config.DescribeConfigurationRecorderStatus": None if state is None else {"ConfigurationRecordersStatus": [state]},
        "config.DescribeDeliveryChannelStatus": channels,
    })  # fmt: skip


def test_a_recorder_of_everything_that_works():
    assert recorded() == {"enabled": True, "complete": True, "last_seen": LATER, "never_seen": False}


@pytest.mark.parametrize(
    ("group", "complete"),
    [
        ({"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}, False),
        ({"allSupported": False, "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}}, False),
        ({"allSupported": True, "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}}, True),
        ({}, None),
        (None, None),
    ],
)
def test_a_recorder_that_leaves_types_out_is_not_complete(group, complete):
    assert recorded(group=group).get("complete") is complete


def test_a_stopped_recorder_is_off():
    assert recorded(state={**WORKING, "recording": False}) == {
        "enabled": False, "complete": False, "last_seen": LATER, "never_seen": False,
    }  # fmt: skip


def test_a_recorder_that_only_fails_was_never_seen_at_work():
    failing = {"name": "default", "recording": True, "lastStatus": "FAILURE", "lastStatusChangeTime": NOW}
    assert recorded(state=failing, channels={"DeliveryChannelsStatus": []}) == {
        "enabled": True, "complete": True, "never_seen": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("states", "facts"),
    [
        ({"state": None}, {"last_seen": LATER}),
        ({"channels": None}, {"enabled": True, "complete": True, "last_seen": NOW}),
    ],
)
def test_what_config_refuses_is_not_learned(states, facts):
    assert recorded(**states) == facts


@pytest.mark.parametrize("recorders", [[], [{"name": "theirs", "servicePrincipal": "x.amazonaws.com"}]])
def test_without_a_recorder_of_the_customer_nothing_is_recorded_and_nothing_more_is_asked(recorders):
    answers = {"config.DescribeConfigurationRecorders": {"ConfigurationRecorders": recorders}}
    assert watched(Recorders, answers) == {"enabled": False, "complete": False}


@pytest.mark.parametrize("answer", [None, {}])
def test_recorders_that_were_not_listed_teach_nothing(answer):
    assert watched(Recorders, {"config.DescribeConfigurationRecorders": answer}) == {}


# --- Security Hub, Macie


@pytest.mark.parametrize(
    ("answer", "enabled"),
    [
        ({"StandardsSubscriptions": [{"StandardsStatus": "READY"}]}, True),
        ({"StandardsSubscriptions": [{"StandardsStatus": "FAILED"}, {"StandardsStatus": "INCOMPLETE"}]}, True),
        ({"StandardsSubscriptions": [{"StandardsStatus": "PENDING"}]}, False),
        ({"StandardsSubscriptions": []}, False),
        ({"StandardsSubscriptions": [{"StandardsStatus": "DELETING"}], "NextToken": "more"}, None),
        ({"Standards": []}, None),
        ("InvalidAccessException", False),
        ("AccessDeniedException", None),
        (None, None),
    ],
)
def test_posture_is_assessed_by_a_standard_at_work(answer, enabled):
    assert watched(Hubs, {"securityhub.GetEnabledStandards": answer}).get("enabled") is enabled


@pytest.mark.parametrize(
    ("answer", "enabled"),
    [
        ({"status": "ENABLED"}, True),
        ({"status": "PAUSED"}, False),
        ({"createdAt": NOW}, None),
        ("NotEnabled", False),
        (None, None),
    ],
)
def test_data_discovery(answer, enabled):
    assert watched(Discoveries, {"macie2.GetMacieSession": answer}).get("enabled") is enabled


# --- Access Analyzer


def analyzers(*kinds, status="ACTIVE"):
    return {"analyzers": [{"arn": kind, "type": kind, "status": status} for kind in kinds]}


@pytest.mark.parametrize(
    ("answer", "enabled"),
    [
        (analyzers("ACCOUNT"), True),
        (analyzers("ACCOUNT_UNUSED_ACCESS", "ORGANIZATION"), True),
        (analyzers("ACCOUNT_UNUSED_ACCESS", "ACCOUNT_INTERNAL_ACCESS"), False),
        (analyzers("ACCOUNT", status="FAILED"), False),
        (analyzers(), False),
        (None, None),
    ],
)
def test_an_analyzer_of_its_own(answer, enabled):
    assert watched(Analyzers, {"accessanalyzer.ListAnalyzers": answer}).get("enabled") is enabled


@pytest.mark.parametrize(
    ("delegated", "management", "administrator", "enabled"),
    [
        ([], analyzers("ORGANIZATION"), None, True),
        ([], analyzers("ACCOUNT"), None, False),
        ([ADMINISTRATOR], analyzers(), analyzers("ORGANIZATION"), True),
        ([ADMINISTRATOR], None, analyzers("ORGANIZATION"), True),
        ([ADMINISTRATOR], None, analyzers(), None),
        ([ADMINISTRATOR], analyzers(), analyzers("ACCOUNT"), False),
        (None, analyzers("ORGANIZATION"), None, None),
    ],
)
def test_the_organisations_analyzer_covers_its_accounts(delegated, management, administrator, enabled):
    listed = None if delegated is None else {"DelegatedAdministrators": [{"Id": one} for one in delegated]}
    answers = {
        "accessanalyzer.ListAnalyzers": analyzers(), "organizations.ListDelegatedAdministrators": listed,
        f"{MANAGEMENT}/accessanalyzer.ListAnalyzers": management, f"{ADMINISTRATOR}/accessanalyzer.ListAnalyzers": administrator,
    }  # fmt: skip
    assert watched(Analyzers, answers, management_account=MANAGEMENT).get("enabled") is enabled
