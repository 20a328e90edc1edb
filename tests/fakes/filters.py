"""The fake estate, web application firewalls: a sound one in each region, and one of the edge that only counts, by rules of last year."""

from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.endpoints import firewall

VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "web"}
CURRENT, OLD = "Version_2.1", "Version_1.9"


def edge(request: Request) -> str:
    """ARN of the account's firewall before its content delivery."""
    return f"arn:aws:wafv2:us-east-1:{request.account}:global/webacl/bare/c3d4"


def _listed(estate: Any, request: Request) -> dict[str, Any]:
    """Each page has a marker; the one behind the last is empty."""
    if request.parameters.get("NextMarker"):
        return {"WebACLs": []}
    arn = edge(request) if request.parameters.get("Scope") == "CLOUDFRONT" else firewall(request)
    *_, name, number = arn.split("/")
    return {"WebACLs": [{"Name": name, "Id": number, "ARN": arn, "LockToken": "t"}], "NextMarker": name}


def managed(name: str, version: str | None = None, *, counts: bool = False) -> dict[str, Any]:
    """A rule that takes a rule group of AWS."""
    group = {"VendorName": "AWS", "Name": name, **({"Version": version} if version else {})}
    return {
        "Name": name, "Priority": 1, "Statement": {"ManagedRuleGroupStatement": group},
        "OverrideAction": {"Count" if counts else "None": {}}, "VisibilityConfig": VISIBLE,
    }  # fmt: skip


def _described(estate: Any, request: Request) -> dict[str, Any]:
    name, number = request.parameters["Name"], request.parameters["Id"]
    secret = {
        "SearchString": b"hush", "FieldToMatch": {"SingleHeader": {"Name": "x-origin-key"}}, "PositionalConstraint": "EXACTLY",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }  # fmt: skip
    ours = {
        "Name": "origin", "Priority": 0, "Statement": {"ByteMatchStatement": secret}, "VisibilityConfig": VISIBLE,
        "Action": {"Block": {}},
    }  # fmt: skip
    rules = {
        "edge": [ours, managed("AWSManagedRulesCommonRuleSet"), managed("AWSManagedRulesSQLiRuleSet", CURRENT)],
        "bare": [managed("AWSManagedRulesSQLiRuleSet", OLD, counts=True)],
    }
    if name not in rules:
        raise Refusal("WAFNonexistentItemException", 400)
    arn = edge(request) if name == "bare" else firewall(request)
    return {
        "LockToken": "t",
        "WebACL": {
            "Name": name, "Id": number, "ARN": arn, "DefaultAction": {"Allow": {}}, "Rules": rules[name],
            "VisibilityConfig": VISIBLE, "Capacity": 700, "ManagedByFirewallManager": False,
        },
    }  # fmt: skip


def _versions(estate: Any, request: Request) -> dict[str, Any]:
    return {"Versions": [{"Name": CURRENT}, {"Name": OLD}], "CurrentDefaultVersion": CURRENT}


def _logging(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters.get("Scope") == "CLOUDFRONT" or request.parameters.get("LogScope") != "CUSTOMER":
        return {"LoggingConfigurations": []}
    return {
        "LoggingConfigurations": [
            {"ResourceArn": firewall(request), "LogDestinationConfigs": ["arn:aws:s3:::aws-waf-logs-x"]}
        ]
    }


ANSWERS: dict[str, Any] = {
    "wafv2.GetWebACL": _described,
    "wafv2.ListAvailableManagedRuleGroupVersions": _versions,
    "wafv2.ListLoggingConfigurations": _logging,
    "wafv2.ListWebACLs": _listed,
}
"""What each operation is answered with."""
