"""Findings of three detectors: all pages, their own account's only, and no more of each than facts are read from."""

from datetime import UTC, datetime

import pytest

from collectors.aws.outsiders import Outsiders
from collectors.aws.threats import Threats, moment, severity
from collectors.aws.vulnerabilities import Vulnerabilities
from collectors.collector import Unseen
from collectors.watching import Watch
from tests.fakes.told import ACCOUNT, Told

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def threat(name="1", resource=None, **more):
    return {
        "Arn": f"arn:aws:guardduty:eu-west-1:{ACCOUNT}:detector/d/finding/{name}", "Id": name, "Severity": 5.0,
        "Type": "Recon:EC2/Portscan",
        "CreatedAt": "2026-01-05T13:00:00.000Z", "Resource": resource or {}, "Title": "Jo does something",
        "Service": {"Archived": False, "EventFirstSeen": "2026-01-05T12:00:00.000Z", "Action": {"RemoteIpDetails": "203.0.113.7"}}, **more,
    }  # fmt: skip


def beside(collector, kind, *, enabled=True, region="eu-west-1"):
    """What the watch beside it has seen; there is one of another region too, which is on."""
    regions = {"us-east-1": True, region: enabled}
    return {collector: tuple(
        Watch(id=f"arn:{where}", provider="aws", account=ACCOUNT, region=where, kind=kind, enabled=on) for where, on in regions.items()
    )}  # fmt: skip


def threats(found, *, pages=None, detectors=("d",), taken="InvalidAccessException", enabled=True):
    told = Told({
        "guardduty.ListDetectors": {"DetectorIds": list(detectors)}, "securityhub.GetFindings": taken,
        "guardduty.ListFindings": pages or {"FindingIds": [one["Id"] for one in found]},
        "guardduty.GetFindings": lambda asked: {"Findings": [one for one in found if one["Id"] in asked["FindingIds"]]},
    }, seen=beside("aws.detectors", "threat detection", enabled=enabled))  # fmt: skip
    return [(Threats.describe(told, item), item) for item in Threats.list(told)], told


def test_a_threat():
    [(found, item)], _ = threats([threat()])
    assert (found.severity, found.first_seen, found.in_progress, found.name) == (
        "medium",
        NOW,
        False,
        "Recon:EC2/Portscan",
    )
    assert "203.0.113.7" not in repr(item)
    assert "Jo" not in repr(item)


@pytest.mark.parametrize(
    ("taken", "in_progress"),
    [
        ({"Findings": [{"Id": threat()["Arn"], "Workflow": {"Status": "NOTIFIED"}}]}, True),
        ({"Findings": [{"Id": threat("2")["Arn"], "Workflow": {"Status": "NOTIFIED"}}]}, False),
        ({"Findings": []}, False),
        ("InvalidAccessException", False),
        ("AccessDeniedException", None),
        (None, None),
    ],
)
def test_a_threat_is_taken_up_where_security_hub_says_so(taken, in_progress):
    [(found, _)], _ = threats([threat()], taken=taken)
    assert found.in_progress is in_progress


def test_findings_are_read_to_the_last_page_and_fifty_at_once():
    every = [threat(str(number)) for number in range(120)]
    pages = {"": ([one["Id"] for one in every[:70]], "more"), "more": ([one["Id"] for one in every[70:]], "")}

    def page(asked):
        listed, token = pages[asked.get("NextToken", "")]
        return {"FindingIds": listed, **({"NextToken": token} if token else {})}

    found, told = threats(every, pages=page)
    assert len(found) == 120
    assert told.asked.count("guardduty.GetFindings") == 3


@pytest.mark.parametrize(
    "answer", [None, {}, {"FindingIds": [], "NextToken": "again"}], ids=["refused", "without ids", "round and round"]
)
def test_findings_that_cannot_be_listed_to_their_end_are_unseen(answer):
    with pytest.raises(Unseen):
        threats([], pages=lambda _: answer)


@pytest.mark.parametrize("answer", [None, {}])
def test_without_a_list_of_detectors_nobody_knows_of_threats(answer):
    with pytest.raises(Unseen):
        list(Threats.list(Told({"guardduty.ListDetectors": answer}, seen=beside("aws.detectors", "threat detection"))))


def test_without_a_detector_there_are_no_threats():
    assert threats([], detectors=())[0] == []


@pytest.mark.parametrize(("enabled", "count"), [(True, 1), (None, 1), (False, 0)])
def test_where_the_watch_is_off_nothing_is_asked(enabled, count):
    found, told = threats([threat()], enabled=enabled)
    assert (len(found), bool(told.asked)) == (count, count > 0)


@pytest.mark.parametrize("collector", [Threats, Vulnerabilities, Outsiders], ids=lambda one: one.name)
def test_where_nobody_could_see_whether_the_watch_is_on_findings_are_unseen(collector):
    with pytest.raises(Unseen):
        list(collector.list(Told()))


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (9.5, "critical"),
        (8.9, "high"),
        (7, "high"),
        (4.0, "medium"),
        (2.0, "low"),
        (None, None),
        ("8", None),
        (True, None),
        (-1, None),
    ],
)
def test_severities(value, word):
    assert severity(value) == word


@pytest.mark.parametrize(
    ("value", "at"),
    [("2026-01-05T12:00:00Z", NOW), ("2026-01-05T12:00:00", NOW), ("yesterday", None), ("", None), (None, None)],
)
def test_moments(value, at):
    assert moment(value) == at


@pytest.mark.parametrize(
    ("resource", "subject"),
    [
        ({"InstanceDetails": {"InstanceId": "i-1"}}, f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1"),
        ({"S3BucketDetails": [{"Arn": "arn:aws:s3:::b"}]}, "arn:aws:s3:::b"),
        ({"LambdaDetails": {"FunctionArn": "arn:lambda"}, "InstanceDetails": {}}, "arn:lambda"),
        ({"AccessKeyDetails": {"UserName": "jo"}}, None),
    ],
)
def test_what_a_threat_is_about(resource, subject):
    [(found, _)], _ = threats([threat(resource=resource)])
    assert found.subject == subject


VULNERABILITY = {
    "findingArn": f"arn:aws:inspector2:eu-west-1:{ACCOUNT}:finding/1", "severity": "CRITICAL", "firstObservedAt": NOW, "fixAvailable": "NO",
    "description": "at length", "resources": [{"id": "i-1", "type": "AWS_EC2_INSTANCE", "tags": {"owner": "jo"}}],
    "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2026-0001", "vendorCreatedAt": NOW, "referenceUrls": ["https://x.example"]},
}  # fmt: skip


def vulnerabilities(*found, enabled=True):
    seen = beside("aws.scanners", "vulnerability scanning", enabled=enabled)
    told = Told({"inspector2.ListFindings": {"findings": list(found)}}, seen=seen)
    return [(Vulnerabilities.describe(told, item), item) for item in Vulnerabilities.list(told)]


def test_a_vulnerability():
    ((found, item),) = vulnerabilities(VULNERABILITY)
    facts = (found.severity, found.first_seen, found.fixable, found.subject, found.published, found.name)
    assert facts == ("critical", NOW, False, "i-1", NOW, "CVE-2026-0001")
    assert "at length" not in repr(item)
    assert "jo" not in repr(item)


@pytest.mark.parametrize(
    ("severity", "word"), [("HIGH", "high"), ("INFORMATIONAL", "low"), ("UNTRIAGED", None), (None, None)]
)
def test_weights_of_vulnerabilities(severity, word):
    ((found, _),) = vulnerabilities({**VULNERABILITY, "severity": severity})
    assert found.severity == word


def test_a_weakness_of_code_has_no_package():
    ((found, _),) = vulnerabilities({"findingArn": "arn:x", "severity": "LOW"})
    assert (found.severity, found.first_seen, found.subject, found.published, found.fixable) == (
        "low",
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(("enabled", "count"), [(True, 1), (None, 1), (False, 0)])
def test_inspector_is_asked_for_findings_unless_it_is_off(enabled, count):
    assert len(vulnerabilities(VULNERABILITY, enabled=enabled)) == count


def test_access_from_outside_and_access_that_nobody_uses():
    kinds = ("ACCOUNT", "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION", "ACCOUNT_INTERNAL_ACCESS")
    told = Told({
        "accessanalyzer.ListAnalyzers": {"analyzers": [{"arn": f"arn:{one}", "type": one, "status": "ACTIVE"} for one in kinds]},
        "accessanalyzer.ListFindingsV2": {"findings": [{"id": "f", "createdAt": NOW, "resource": "arn:aws:s3:::b"}]},
    }, seen=beside("aws.analyzers", "access analysis"))  # fmt: skip
    found = [Outsiders.describe(told, item) for item in Outsiders.list(told)]
    assert [(one.id, one.kind, one.first_seen, one.subject) for one in found] == [
        ("arn:ACCOUNT/finding/f", "foreign access", NOW, "arn:aws:s3:::b"),
        ("arn:ACCOUNT_UNUSED_ACCESS/finding/f", "unused access", NOW, "arn:aws:s3:::b"),
        ("arn:ORGANIZATION/finding/f", "foreign access", NOW, "arn:aws:s3:::b"),
    ]  # fmt: skip
