"""What the fake estate's watches have found: of each kind something new, and something that lies about for years."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, paged
from tests.fakes.watches import halfway, sound

AGES = {"new": timedelta(), "again": timedelta(), "old": timedelta(days=900)}
"""Name -> how long before everything else it was found."""


def _threat_ids(estate: Any, request: Request) -> dict[str, Any]:
    criteria = request.parameters["FindingCriteria"]["Criterion"]
    assert criteria["accountId"]["Eq"] == [request.account], "an administrator would tell its members' findings too"
    assert criteria["service.archived"]["Eq"] == ["false"]
    return paged(request, "FindingIds", AGES)


def _threats(estate: Any, request: Request) -> dict[str, Any]:
    found = [
        {
            "AccountId": request.account, "Arn": f"arn:aws:guardduty:{request.region}:{request.account}:detector/detector-1/finding/{name}",
            "CreatedAt": (THEN - AGES[name]).isoformat(), "UpdatedAt": THEN.isoformat(), "Id": name, "Region": request.region,
            "Resource": {"ResourceType": "Instance", "InstanceDetails": {"InstanceId": "i-1"}}, "SchemaVersion": "2.0", "Severity": 8.0,
            "Service": {"Archived": False, "Count": 3, "EventFirstSeen": (THEN - AGES[name]).isoformat(), "EventLastSeen": THEN.isoformat(),
                        "Action": {"ActionType": "AWS_API_CALL"}},
            "Title": "Somebody does something", "Type": "Recon:EC2/Portscan",
        }
        for name in request.parameters["FindingIds"]
    ]  # fmt: skip
    return {"Findings": found}


def _taken_up(estate: Any, request: Request) -> dict[str, Any]:
    """Of those in the management account, somebody has heard of one; elsewhere Security Hub is off."""
    if request.account != estate.management:
        raise Refusal("InvalidAccessException", 401)
    assert [one["Value"] for one in request.parameters["Filters"]["AwsAccountId"]] == [request.account]
    arn = f"arn:aws:guardduty:{request.region}:{request.account}:detector/detector-1/finding/again"
    return {"Findings": [{"Id": arn, "Workflow": {"Status": "NOTIFIED"}, "Description": "Somebody does something"}]}


def _vulnerabilities(estate: Any, request: Request) -> dict[str, Any]:
    """An account's own; an administrator who names no account is told those of all members."""
    criteria = request.parameters["filterCriteria"]
    assert [one["value"] for one in criteria["findingStatus"]] == ["ACTIVE"]
    whose = [one["value"] for one in criteria.get("awsAccountId", ())]
    if not whose and sound(estate, request):
        whose = [account for account in estate.accounts if account not in estate.alone]
    assert whose == [request.account] or sound(estate, request), "members tell their own"
    entries = [
        {
            "findingArn": f"arn:aws:inspector2:{request.region}:{account}:finding/{name}", "awsAccountId": account,
            "type": "PACKAGE_VULNERABILITY", "severity": "HIGH", "status": "ACTIVE", "fixAvailable": "YES", "description": "long",
            "firstObservedAt": THEN - age, "lastObservedAt": THEN, "updatedAt": THEN, "remediation": {},
            "resources": [{"type": "AWS_EC2_INSTANCE", "id": "i-1", "tags": {}}],
            "packageVulnerabilityDetails": {
                "vulnerabilityId": "CVE-2026-0001", "source": "NVD", "vendorCreatedAt": THEN - age, "vulnerablePackages": [],
            },
        }
        for account in whose
        for name, age in AGES.items()
        if sound(estate, replace(request, account=account)) or halfway(estate, replace(request, account=account))
    ]  # fmt: skip
    return paged(request, "findings", entries, given="nextToken", asked="nextToken", most=100)


def _unused(request: Request) -> dict[str, Any]:
    entries = [
        {
            "id": name, "analyzedAt": THEN, "updatedAt": THEN, "createdAt": THEN - age, "status": "ACTIVE", "findingType": "UnusedIAMRole",
            "resource": f"arn:aws:iam::{request.account}:role/{name}", "resourceType": "AWS::IAM::Role",
            "resourceOwnerAccount": request.account,
        }
        for name, age in AGES.items()
    ]  # fmt: skip
    return paged(request, "findings", entries, given="nextToken", asked="nextToken")


def _outsiders(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["filter"] == {"status": {"eq": ["ACTIVE"]}}
    if request.parameters["analyzerArn"].endswith("-unused"):
        return _unused(request)
    entries = [
        {
            "id": name, "analyzedAt": THEN, "updatedAt": THEN, "createdAt": THEN - age, "status": "ACTIVE", "findingType": "ExternalAccess",
            "resource": f"arn:aws:s3:::{name}", "resourceType": "AWS::S3::Bucket", "resourceOwnerAccount": request.account,
        }
        for name, age in AGES.items()
        if sound(estate, request) or halfway(estate, request)
    ]  # fmt: skip
    return paged(request, "findings", entries, given="nextToken", asked="nextToken")


ANSWERS: dict[str, Any] = {
    "accessanalyzer.ListFindingsV2": _outsiders,
    "guardduty.GetFindings": _threats,
    "guardduty.ListFindings": _threat_ids,
    "inspector2.ListFindings": _vulnerabilities,
    "securityhub.GetFindings": _taken_up,
}
"""What each operation is answered with."""
