"""The fake estate's watches. The management account is watched by all of them, in its first region completely; the second account by some,
and in its first region only; the others by none."""

from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, paged


def sound(estate: Any, request: Request) -> bool:
    """The account where all is as it should be."""
    return bool(request.account == estate.management)


def halfway(estate: Any, request: Request) -> bool:
    """The account and region where half is as it should be."""
    return (request.account, request.region) in zip(estate.accounts[1:2], estate.regions, strict=False)


def state(*, on: bool) -> str:
    """How most services say it."""
    return "ENABLED" if on else "DISABLED"


def _detectors(estate: Any, request: Request) -> dict[str, Any]:
    return {"DetectorIds": ["detector-1"] if sound(estate, request) or halfway(estate, request) else []}


def _detector(estate: Any, request: Request) -> dict[str, Any]:
    every = sound(estate, request)
    names = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS")
    features = [{"Name": name, "Status": "ENABLED"} for name in names]
    features += [{"Name": name, "Status": state(on=every)} for name in ("S3_DATA_EVENTS", "EBS_MALWARE_PROTECTION")]
    features.append({"Name": "RUNTIME_MONITORING", "Status": "DISABLED"})
    return {
        "Status": "ENABLED", "ServiceRole": f"arn:aws:iam::{request.account}:role/guardduty", "CreatedAt": "2026-01-05T12:00:00.000Z",
        "UpdatedAt": "2026-01-05T12:00:00.000Z", "FindingPublishingFrequency": "SIX_HOURS", "Features": features, "Tags": {},
    }  # fmt: skip


def _administrator(estate: Any, request: Request) -> dict[str, Any]:
    if sound(estate, request):
        return {}
    return {
        "Administrator": {"AccountId": estate.management, "RelationshipStatus": "Enabled", "InvitedAt": "2026-01-05"}
    }


def _scanning(estate: Any, request: Request) -> dict[str, Any]:
    on = sound(estate, request) or halfway(estate, request)
    error = {"errorCode": "ALREADY_ENABLED", "errorMessage": ""}
    resources = {
        name: {"status": state(on=on and (name != "lambda" or sound(estate, request))), **error}
        for name in ("ec2", "ecr", "lambda", "lambdaCode")
    }
    account = {"accountId": request.account, "state": {"status": state(on=on), **error}, "resourceState": resources}
    return {"accounts": [account], "failedAccounts": []}


def _delegated_scanning(estate: Any, request: Request) -> dict[str, Any]:
    return {"delegatedAdmin": {"accountId": estate.management, "relationshipStatus": "ENABLED"}}


def _scanned_members(estate: Any, request: Request) -> dict[str, Any]:
    """Of the organisation's administrator for Inspector: all but one are its members."""
    assert sound(estate, request), "only the administrator tells"
    assert request.parameters["onlyAssociated"] is True
    members = [
        {"accountId": account, "relationshipStatus": "ENABLED", "delegatedAdminAccountId": request.account}
        for account in estate.accounts
        if account not in {request.account, *estate.alone}
    ]
    return paged(request, "members", members, given="nextToken", asked="nextToken", most=50)


def _coverage(estate: Any, request: Request) -> dict[str, Any]:
    criteria = request.parameters["filterCriteria"]
    assert criteria["accountId"] == [{"comparison": "EQUALS", "value": request.account}]
    lacking = 1 if "scanStatusCode" in criteria and not sound(estate, request) else 0
    return {"totalCounts": 4 - lacking, "countsByGroup": []}


def _recorders(estate: Any, request: Request) -> dict[str, Any]:
    own = {
        "name": "service",
        "servicePrincipal": "securityhub.amazonaws.com",
        "recordingGroup": {"allSupported": False},
    }
    if not (sound(estate, request) or halfway(estate, request)):
        return {"ConfigurationRecorders": [own]}
    group = {"allSupported": True, "includeGlobalResourceTypes": True, "resourceTypes": []}
    if halfway(estate, request):
        group = {"allSupported": False, "includeGlobalResourceTypes": False, "resourceTypes": ["AWS::EC2::VPC"]}
    return {"ConfigurationRecorders": [own, {"name": "default", "roleARN": "arn", "recordingGroup": group}]}


def _recording(estate: Any, request: Request) -> dict[str, Any]:
    status = {
        "name": "default",
        "recording": True,
        "lastStatus": "SUCCESS",
        "lastStatusChangeTime": THEN,
        "lastStartTime": THEN,
    }
    if halfway(estate, request):
        status = {"name": "default", "recording": True, "lastStatus": "FAILURE", "lastErrorCode": "AccessDenied"}
    return {"ConfigurationRecordersStatus": [status]}


def _delivery(estate: Any, request: Request) -> dict[str, Any]:
    done = {"lastStatus": "SUCCESS", "lastAttemptTime": THEN, "lastSuccessfulTime": THEN}
    history = done if sound(estate, request) else {"lastStatus": "FAILURE", "lastErrorCode": "AccessDenied"}
    return {"DeliveryChannelsStatus": [{"name": "default", "configHistoryDeliveryInfo": history}]}


def _standards(estate: Any, request: Request) -> dict[str, Any]:
    if not sound(estate, request):
        raise Refusal("InvalidAccessException", 401, f"Account {request.account} is not subscribed to AWS Security Hub")
    hub = f"arn:aws:securityhub:{request.region}:{request.account}:subscription/aws-foundational/v/1.0.0"
    standard = {
        "StandardsSubscriptionArn": hub, "StandardsArn": "arn:aws:securityhub:::standards/aws-foundational/v/1.0.0", "StandardsInput": {},
        "StandardsStatus": "READY",
    }  # fmt: skip
    return {"StandardsSubscriptions": [standard]}


def _discovery(estate: Any, request: Request) -> dict[str, Any]:
    if not sound(estate, request):
        raise Refusal("AccessDeniedException", 403, "Macie is not enabled")
    return {"status": "ENABLED", "createdAt": THEN, "updatedAt": THEN, "findingPublishingFrequency": "SIX_HOURS"}


def analyzer(request: Request) -> str:
    """ARN of the analyzer of an account and region."""
    return f"arn:aws:access-analyzer:{request.region}:{request.account}:analyzer/outside"


def _analyzers(estate: Any, request: Request) -> dict[str, Any]:
    """The organisation's analyzer, in the first region of the management account, beside one of unused access."""
    entry = {"arn": analyzer(request), "name": "outside", "createdAt": THEN, "status": "ACTIVE"}
    listed = [
        {**entry, "type": "ORGANIZATION", "lastResourceAnalyzedAt": THEN},
        {**entry, "arn": f"{analyzer(request)}-unused", "type": "ACCOUNT_UNUSED_ACCESS"},
    ]
    return {"analyzers": listed if sound(estate, request) and request.region == estate.regions[0] else []}


def _delegated(estate: Any, request: Request) -> dict[str, Any]:
    assert sound(estate, request), "only the management account tells"
    entry = {"Id": estate.accounts[1], "Name": "security", "Email": "security@corp.example", "Status": "ACTIVE"}
    return paged(request, "DelegatedAdministrators", [entry])


ANSWERS: dict[str, Any] = {
    "accessanalyzer.ListAnalyzers": _analyzers,
    "config.DescribeConfigurationRecorderStatus": _recording,
    "config.DescribeConfigurationRecorders": _recorders,
    "config.DescribeDeliveryChannelStatus": _delivery,
    "guardduty.GetAdministratorAccount": _administrator,
    "guardduty.GetDetector": _detector,
    "guardduty.ListDetectors": _detectors,
    "inspector2.BatchGetAccountStatus": _scanning,
    "inspector2.GetDelegatedAdminAccount": _delegated_scanning,
    "inspector2.ListCoverageStatistics": _coverage,
    "inspector2.ListMembers": _scanned_members,
    "macie2.GetMacieSession": _discovery,
    "organizations.ListDelegatedAdministrators": _delegated,
    "securityhub.GetEnabledStandards": _standards,
}
"""What each operation is answered with."""
