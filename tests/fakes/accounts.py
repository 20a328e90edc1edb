"""The fake estate, account by account: settings, identities and what they may do."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.fakes import pages
from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN

REPORT_HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


def _alternate_contact(estate: Any, request: Request) -> dict[str, Any]:
    if request.account != estate.management:
        raise Refusal("ResourceNotFoundException", 404)
    contact = {
        "AlternateContactType": "SECURITY",
        "EmailAddress": "security@corp.example",
        "Name": "Sam Doe",
        "PhoneNumber": "+1 555 0100",
    }
    return {"AlternateContact": contact}


def _account_block(estate: Any, request: Request) -> dict[str, Any]:
    if request.account != estate.management:
        raise Refusal("NoSuchPublicAccessBlockConfiguration", 404)
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": dict.fromkeys(blocks, True)}


def _summary(estate: Any, request: Request) -> dict[str, Any]:
    sound = request.account == estate.management
    return {
        "SummaryMap": {
            "AccountMFAEnabled": int(sound),
            "AccountAccessKeysPresent": int(not sound),
            "Users": 2,
            "UsersQuota": 5000,
            "Roles": 2,
            "RolesQuota": 1000,
        }
    }


def _features(estate: Any, request: Request) -> dict[str, Any]:
    assert request.account == estate.management, "only the management account tells"
    return {"OrganizationId": estate.organization, "EnabledFeatures": ["RootCredentialsManagement", "RootSessions"]}


def _password_policy(estate: Any, request: Request) -> dict[str, Any]:
    if request.account != estate.management:
        raise Refusal("NoSuchEntity", 404)
    return {
        "PasswordPolicy": {
            "MinimumPasswordLength": 16,
            "PasswordReusePrevention": 24,
            "RequireSymbols": True,
            "ExpirePasswords": False,
        }
    }


def _report(estate: Any, request: Request) -> dict[str, Any]:
    user = f"arn:aws:iam::{request.account}:user"
    rows = [
        REPORT_HEADER,
        (
            f"<root_account>,arn:aws:iam::{request.account}:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,not_supported,"
            "not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        ),
        (
            f"jo@corp.example,{user}/jo@corp.example,2024-01-01T00:00:00+00:00,true,2026-01-04T08:00:00+00:00,2025-12-01T00:00:00+00:00,"
            "N/A,true,true,2025-12-20T00:00:00+00:00,2026-01-04T09:00:00+00:00,eu-west-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        ),
        (
            f"ci,{user}/ci,2023-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,2023-01-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,"
            "N/A,false,N/A,false,N/A"
        ),
        (
            f"kim@corp.example,{user}/kim@corp.example,2024-01-01T00:00:00+00:00,true,2026-01-04T08:00:00+00:00,2025-12-01T00:00:00+00:00,"
            "N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        ),
    ]
    return {"Content": "\n".join(rows).encode(), "ReportFormat": "text/csv", "GeneratedTime": THEN}


def _authorization(estate: Any, request: Request) -> dict[str, Any]:
    """All four lists as one paged whole, as IAM does it: each page holds some of some."""
    start = int(request.parameters.get("Marker") or 0)
    wanted = request.parameters.get("Filter") or list(_FILTERS)
    entries = [(key, entry) for key, entry in _entitlements(request) if any(key == _FILTERS[kind] for kind in wanted)]
    page: dict[str, Any] = {key: [] for key in dict.fromkeys(_FILTERS.values())}
    for key, entry in entries[start : start + pages.PAGE]:
        page[key].append(entry)
    more = start + pages.PAGE < len(entries)
    return {**page, "IsTruncated": more, **({"Marker": str(start + pages.PAGE)} if more else {})}


_FILTERS = {
    "User": "UserDetailList", "Role": "RoleDetailList", "Group": "GroupDetailList", "LocalManagedPolicy": "Policies",
    "AWSManagedPolicy": "Policies",
}  # fmt: skip


def _entitlements(request: Request) -> list[tuple[str, dict[str, Any]]]:
    root = f"arn:aws:iam::{request.account}"
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    some = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    )
    admin = {"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    plain = {"Path": "/", "CreateDate": THEN, "AttachedManagedPolicies": []}
    return [
        ("UserDetailList", {**plain, "UserName": "jo@corp.example", "UserId": "AIDAJO", "Arn": f"{root}:user/jo@corp.example",
                            "GroupList": ["admins"], "UserPolicyList": []}),
        ("UserDetailList", {**plain, "UserName": "ci", "UserId": "AIDACI", "Arn": f"{root}:user/ci", "GroupList": [],
                            "UserPolicyList": [{"PolicyName": "read", "PolicyDocument": some}]}),
        ("GroupDetailList", {**plain, "GroupName": "admins", "GroupId": "AGPA", "Arn": f"{root}:group/admins", "GroupPolicyList": [],
                             "AttachedManagedPolicies": [admin]}),
        ("RoleDetailList", {**plain, "RoleName": "app", "RoleId": "AROAAPP", "Arn": f"{root}:role/app", "InstanceProfileList": [],
                            "RolePolicyList": [], "AssumeRolePolicyDocument": _trust({"Service": "ec2.amazonaws.com"}),
                            "RoleLastUsed": {"LastUsedDate": THEN, "Region": "eu-west-1"}}),
        ("RoleDetailList", {**plain, "RoleName": "vendor", "RoleId": "AROAVENDOR", "Arn": f"{root}:role/vendor", "InstanceProfileList": [],
                            "RoleLastUsed": {}, "CreateDate": datetime(2024, 1, 1, tzinfo=UTC),
                            "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": everything}],
                            "AssumeRolePolicyDocument": _trust({"AWS": "arn:aws:iam::999988887777:root"})}),
        ("Policies", _managed(f"{root}:policy/read", some)),
        ("Policies", _managed(admin["PolicyArn"], everything)),
    ]  # fmt: skip


def _trust(principal: dict[str, str]) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


def _managed(arn: str, document: str) -> dict[str, Any]:
    version = {"Document": document, "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": THEN}
    return {
        "PolicyName": arn.rpartition("/")[2], "PolicyId": "ANPAFAKE", "Arn": arn, "Path": "/", "DefaultVersionId": "v1",
        "AttachmentCount": 1, "IsAttachable": True, "CreateDate": THEN, "UpdateDate": THEN, "PolicyVersionList": [version],
    }  # fmt: skip


ANSWERS: dict[str, Any] = {
    "account.GetAlternateContact": _alternate_contact,
    "iam.GenerateCredentialReport": lambda _estate, _request: {"State": "COMPLETE"},
    "iam.GetAccountAuthorizationDetails": _authorization,
    "iam.GetAccountPasswordPolicy": _password_policy,
    "iam.GetAccountSummary": _summary,
    "iam.ListOrganizationsFeatures": _features,
    "iam.GetCredentialReport": _report,
    "s3control.GetPublicAccessBlock": _account_block,
}
"""What each operation is answered with."""
