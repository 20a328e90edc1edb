"""Who hears of what happens in the fake estate: rules with targets, topics with subscribers."""

import json
from typing import Any

from tests.fakes.aws import Refusal, Request

GUARDDUTY = {
    "source": ["aws.guardduty"],
    "detail-type": ["GuardDuty Finding"],
    "detail": {"severity": [{"numeric": [">=", 4]}]},
}

INSPECTOR = {
    "source": ["aws.inspector2"],
    "detail-type": ["Inspector2 Finding"],
    "detail": {"severity": ["HIGH", "CRITICAL"]},
}
ROOT = {"source": [{"prefix": "aws."}], "detail": {"userIdentity": {"type": ["Root"]}}}


def topic(estate: Any, name: str) -> str:
    """ARN of a topic in the first region of the management account."""
    return f"arn:aws:sns:{estate.regions[0]}:{estate.management}:{name}"


def _rules(estate: Any, request: Request) -> dict[str, Any]:
    """In the first region of the management account findings are carried to a topic, in `us-east-1` the use of root; another rule is off,
    and one is a timer."""
    arn = f"arn:aws:events:{request.region}:{request.account}:rule"
    rules = [
        {"Name": "threats", "Arn": f"{arn}/threats", "State": "ENABLED", "EventPattern": json.dumps(GUARDDUTY), "EventBusName": "default"},
        {"Name": "holes", "Arn": f"{arn}/holes", "State": "ENABLED", "EventPattern": json.dumps(INSPECTOR), "EventBusName": "default"},
        {"Name": "off", "Arn": f"{arn}/off", "State": "DISABLED", "EventPattern": json.dumps(GUARDDUTY), "EventBusName": "default"},
        {"Name": "nightly", "Arn": f"{arn}/nightly", "State": "ENABLED", "ScheduleExpression": "rate(1 day)"},
    ]  # fmt: skip
    root = {
        "Name": "by-root",
        "Arn": f"{arn}/by-root",
        "State": "ENABLED",
        "EventPattern": json.dumps(ROOT),
        "EventBusName": "default",
    }
    if request.account != estate.management:
        return {"Rules": rules[2:]}
    return {
        "Rules": rules[0 if request.region == estate.regions[0] else 2 :] + [root] * (request.region == "us-east-1")
    }


def _targets(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters["Rule"] not in {"threats", "holes", "by-root"}:
        raise Refusal("ResourceNotFoundException", 400)
    return {"Targets": [{"Id": "1", "Arn": topic(estate, "alerts")}]}


def _subscriptions(estate: Any, request: Request) -> dict[str, Any]:
    arn = request.parameters["TopicArn"]
    plain = {"Owner": request.account, "Protocol": "email", "Endpoint": "oncall@corp.example", "TopicArn": arn}
    return {
        "Subscriptions": [{**plain, "SubscriptionArn": "PendingConfirmation"}, {**plain, "SubscriptionArn": f"{arn}:1"}]
    }


ANSWERS: dict[str, Any] = {
    "events.ListRules": _rules,
    "events.ListTargetsByRule": _targets,
    "sns.ListSubscriptionsByTopic": _subscriptions,
}
"""What each operation is answered with."""
