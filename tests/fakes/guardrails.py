"""The fake organisation's policies. The second account stands in a unit that is bound by all of them, the third outside of it."""

import json
from typing import Any

from tests.fakes.aws import Request
from tests.fakes.pages import paged

ROOT, UNIT = "r-fake", "ou-fake-sound"
SPARED = {"ArnNotLike": {"aws:PrincipalARN": ["arn:aws:iam::*:role/AWSControlTowerExecution"]}}
REGIONS = {
    "Effect": "Deny", "NotAction": ["iam:*", "organizations:*", "sts:*", "cloudfront:*"], "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}, **SPARED},
}  # fmt: skip
AUDIT = {
    "Effect": "Deny", "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail"], "Resource": "*",
    "Condition": SPARED,
}  # fmt: skip
LEAVING = {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
OUTSIDE = {
    "Effect": "Deny", "Principal": "*", "Action": ["s3:*", "kms:*"], "Resource": "*",
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg1"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}  # fmt: skip
OF_PEOPLE, OF_RESOURCES = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
POLICIES = {
    "p-regions": ([REGIONS], [UNIT]),
    "p-audit": ([AUDIT, LEAVING], ["ou-other", UNIT]),
    "p-outside": ([OUTSIDE], [UNIT]),
    "p-elsewhere": ([{**LEAVING, "Action": "*"}], ["ou-other"]),
}
"""Policy -> its statements, and where it stands."""


def _management_only(estate: Any, request: Request) -> None:
    assert request.account == estate.management, "only the management account tells"


def _roots(estate: Any, request: Request) -> dict[str, Any]:
    _management_only(estate, request)
    return {
        "Roots": [
            {
                "Id": ROOT,
                "Name": "Root",
                "PolicyTypes": [{"Type": one, "Status": "ENABLED"} for one in (OF_PEOPLE, OF_RESOURCES)],
            }
        ]
    }


def _parents(estate: Any, request: Request) -> dict[str, Any]:
    _management_only(estate, request)
    in_unit = request.parameters["ChildId"] == estate.accounts[1]
    return {"Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"} if in_unit else {"Id": ROOT, "Type": "ROOT"}]}


def _summary(name: str) -> dict[str, Any]:
    return {"Id": name, "Name": name, "Type": kind(name), "AwsManaged": name == "p-FullAWSAccess"}


def kind(name: str) -> str:
    """Of which kind a policy is."""
    return OF_RESOURCES if name == "p-outside" else OF_PEOPLE


def _policies(estate: Any, request: Request) -> dict[str, Any]:
    _management_only(estate, request)
    names = [name for name in ("p-FullAWSAccess", *POLICIES) if kind(name) == request.parameters["Filter"]]
    return paged(request, "Policies", [_summary(name) for name in names])


def _targets(estate: Any, request: Request) -> dict[str, Any]:
    _, targets = POLICIES[request.parameters["PolicyId"]]
    return paged(request, "Targets", [{"TargetId": one, "Name": one, "Type": "ORGANIZATIONAL_UNIT"} for one in targets])


def _policy(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["PolicyId"]
    content = json.dumps({"Version": "2012-10-17", "Statement": POLICIES[name][0]})
    return {"Policy": {"PolicySummary": _summary(name), "Content": content}}


ANSWERS: dict[str, Any] = {
    "organizations.DescribePolicy": _policy,
    "organizations.ListParents": _parents,
    "organizations.ListPolicies": _policies,
    "organizations.ListRoots": _roots,
    "organizations.ListTargetsForPolicy": _targets,
}
"""What each operation is answered with."""
