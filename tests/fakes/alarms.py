"""The fake estate's alarms, behind the organisation's trail: all that CIS lists but for the use of root.

Of that the management account alone hears, by a rule of EventBridge (`tests.fakes.receivers`). In `tests.fakes.quiet` nobody hears
of anything.
"""

from typing import Any

from collectors.aws.happenings import TOPICS
from tests.fakes.aws import Request
from tests.fakes.pages import paged
from tests.fakes.receivers import topic

SIGN_IN = '{ ($.eventName = ConsoleLogin) && (($.errorMessage = "Failed authentication") || ($.additionalEventData.MFAUsed != "Yes")) }'


def pattern(name: str) -> str:
    """A filter pattern in the form that CIS uses."""
    if name == "sign-in":
        return SIGN_IN
    records = TOPICS[name]
    names = " || ".join(f"($.eventName = {record['eventName']})" for record in records)
    return f"{{ ($.eventSource = {records[0]['eventSource']}) && ({names}) }}"


def _trail(estate: Any, request: Request) -> dict[str, Any]:
    group = f"arn:aws:logs:{request.region}:{request.account}:log-group:trails:*"
    return {"Trail": {"Name": "org", "TrailARN": request.parameters["Name"], "CloudWatchLogsLogGroupArn": group}}


def _filters(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["logGroupName"] == "trails"
    entries = [
        {
            "filterName": name, "filterPattern": pattern(name), "logGroupName": "trails", "creationTime": 0,
            "metricTransformations": [{"metricName": name, "metricNamespace": "CIS", "metricValue": "1"}],
        }
        for name in TOPICS
        if name != "root use"
    ]  # fmt: skip
    return paged(request, "metricFilters", entries, given="nextToken", asked="nextToken")


def _alarms(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "AlarmName": name, "AlarmArn": f"arn:aws:cloudwatch:{request.region}:{request.account}:alarm:{name}", "Namespace": "CIS",
            "MetricName": name, "ActionsEnabled": True, "AlarmActions": [topic(estate, "alerts")], "Threshold": 1.0, "Statistic": "Sum",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1, "Period": 300, "StateValue": "OK",
        }
        for name in TOPICS
    ]  # fmt: skip
    return paged(request, "MetricAlarms", entries)


ANSWERS: dict[str, Any] = {
    "cloudtrail.GetTrail": _trail,
    "cloudwatch.DescribeAlarms": _alarms,
    "logs.DescribeMetricFilters": _filters,
}
"""What each operation is answered with."""
