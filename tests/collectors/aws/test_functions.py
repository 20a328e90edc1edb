import json
from datetime import UTC, datetime

import pytest

from collectors.aws.functions import Functions
from collectors.resource import FAR, Entitlement
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
ELEMENT = {
    "FunctionName": "f", "FunctionArn": ARN, "Role": ROLE, "Runtime": "python3.14", "PackageType": "Zip",
    "LoggingConfig": {"LogGroup": "/aws/lambda/f"},
}  # fmt: skip
CONFIGURATION = {"CodeSigningConfigArn": "csc", "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"}}
SOUND = {
    "lambda.GetPolicy": "ResourceNotFoundException",
    "lambda.ListCodeSigningConfigs": {"CodeSigningConfigs": [CONFIGURATION]},
    "lambda.GetFunctionCodeSigningConfig": {"CodeSigningConfigArn": "csc"},
    "logs.DescribeLogGroups": {"logGroups": [{"logGroupName": "/aws/lambda/f"}, {"logGroupName": "/aws/lambda/f2"}]},
    "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []},
}
FACTS = ("privileged", "runtime_ends", "open_to_callers", "transport_encrypted", "code_verified", "logged", "tags")
OF_SOUND = dict(zip(FACTS, (False, datetime(2029, 6, 30, tzinfo=UTC), False, True, True, True, {}), strict=True))


def told(answers):
    held = Entitlement(
        id=ROLE, provider="aws", account=ACCOUNT, region="global", kind="role", administrator=False, wildcards=()
    )
    return Told({**SOUND, **answers}, seen={"aws.entitlements": (held,)})


def facts(element=ELEMENT, **answers):
    function = Functions.describe(told({name.replace("__", "."): one for name, one in answers.items()}), element)
    assert (function.id, function.name, function.kind) == (ARN, "f", "function")
    return {fact: getattr(function, fact) for fact in FACTS}


def policy(principal, condition=None):
    line = {"Effect": "Allow", "Principal": principal, "Action": "lambda:InvokeFunctionUrl", "Resource": ARN}
    return {"Policy": json.dumps({"Statement": [line if condition is None else {**line, "Condition": condition}]})}


@pytest.mark.parametrize(
    ("element", "answers", "expected"),
    [
        ({}, {}, {}),
        ({"Runtime": "python3.8"}, {}, {"runtime_ends": datetime(2024, 10, 14, tzinfo=UTC)}),
        ({"Runtime": "cobol85"}, {}, {"runtime_ends": None}),
        ({"Runtime": None}, {}, {"runtime_ends": None}),
        ({"Runtime": None, "PackageType": "Image"}, {}, {"runtime_ends": FAR}),
        ({"Role": None}, {}, {"privileged": None}),
        ({"Role": "arn:aws:iam::111122223333:role/gone"}, {}, {"privileged": None}),
        ({}, {"lambda__GetPolicy": policy("*", {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}})}, {"open_to_callers": True}),
        ({}, {"lambda__GetPolicy": policy("*", {"StringEquals": {"aws:PrincipalOrgID": "o-example"}})}, {}),
        ({}, {"lambda__GetPolicy": policy({"Service": "apigateway.amazonaws.com"})}, {}),
        ({}, {"lambda__GetPolicy": policy({"AWS": "arn:aws:iam::222233334444:root"})}, {}),
        ({}, {"lambda__GetPolicy": {"Policy": "{"}}, {"open_to_callers": None}),
        ({}, {"lambda__GetPolicy": None}, {"open_to_callers": None}),
        ({}, {"lambda__ListCodeSigningConfigs": {"CodeSigningConfigs": []}}, {"code_verified": False}),
        ({}, {"lambda__ListCodeSigningConfigs": {}}, {"code_verified": None}),
        ({}, {"lambda__ListCodeSigningConfigs": None}, {"code_verified": None}),
        ({}, {"lambda__ListCodeSigningConfigs": {"CodeSigningConfigs": [
            {**CONFIGURATION, "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Warn"}}]}}, {"code_verified": False}),
        ({}, {"lambda__ListCodeSigningConfigs": {"CodeSigningConfigs": [{"CodeSigningConfigArn": "csc"}]}}, {"code_verified": None}),
        ({}, {"lambda__GetFunctionCodeSigningConfig": {}}, {"code_verified": False}),
        ({}, {"lambda__GetFunctionCodeSigningConfig": "ResourceNotFoundException"}, {"code_verified": False}),
        ({}, {"lambda__GetFunctionCodeSigningConfig": None}, {"code_verified": None}),
        ({"LoggingConfig": None}, {}, {}),
        ({"LoggingConfig": {"LogGroup": "/our/own"}}, {}, {"logged": False}),
        ({}, {"logs__DescribeLogGroups": {"logGroups": []}}, {"logged": False}),
        ({}, {"logs__DescribeLogGroups": None}, {"logged": None}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(element, answers, expected):
    assert facts({**ELEMENT, **element}, **answers) == {**OF_SOUND, **expected}


def test_signing_is_asked_of_functions_only_where_the_region_has_a_configuration():
    session = told({"lambda.ListCodeSigningConfigs": {"CodeSigningConfigs": []}})
    Functions.describe(session, ELEMENT)
    assert "lambda.GetFunctionCodeSigningConfig" not in session.asked


@pytest.mark.parametrize(
    ("group", "prefix"), [("/aws/lambda/f", "/aws/lambda/"), ("/our/own", "/our/own"), (None, "/aws/lambda/")]
)
def test_log_groups_under_the_common_prefix_are_read_together(group, prefix):
    asked = []
    session = told({"logs.DescribeLogGroups": lambda given: asked.append(given) or {"logGroups": []}})
    Functions.describe(session, {**ELEMENT, "LoggingConfig": {"LogGroup": group} if group else None})
    assert asked == [{"logGroupNamePrefix": prefix}]
