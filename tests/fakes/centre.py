"""The fake organisation's Identity Center, which lives in its first region: a permission set that reads, and one that may do everything."""

import json
from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, paged

INSTANCE = "arn:aws:sso:::instance/ssoins-7223fake"
READER, ADMINISTRATOR, KEEPER = (
    f"arn:aws:sso:::permissionSet/ssoins-7223fake/ps-{name}" for name in ("reader", "administrator", "keeper")
)
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def _instances(estate: Any, request: Request) -> dict[str, Any]:
    """Every account of the organisation sees the instance; only the management account owns it."""
    here = {
        "InstanceArn": INSTANCE,
        "IdentityStoreId": "d-1234567890",
        "OwnerAccountId": estate.management,
        "Status": "ACTIVE",
    }
    return {"Instances": [here] if request.region == estate.regions[0] else []}


def _sets(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["InstanceArn"] == INSTANCE
    return paged(request, "PermissionSets", [READER, ADMINISTRATOR, KEEPER])


def _inline(estate: Any, request: Request) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": ["kms:*", "cloudtrail:*"], "Resource": "*"}
    keeping = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return {"InlinePolicy": keeping if request.parameters["PermissionSetArn"] == KEEPER else ""}


def _attached(estate: Any, request: Request) -> dict[str, Any]:
    arns = {READER: [AUDIT], ADMINISTRATOR: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
    attached = [
        {"Name": arn.rpartition("/")[2], "Arn": arn} for arn in arns.get(request.parameters["PermissionSetArn"], [])
    ]
    return paged(request, "AttachedManagedPolicies", attached)


def _named(estate: Any, request: Request) -> dict[str, Any]:
    return {"CustomerManagedPolicyReferences": []}


def _boundary(estate: Any, request: Request) -> dict[str, Any]:
    raise Refusal("ResourceNotFoundException", 400)


def _policy(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["PolicyArn"] == AUDIT
    return {
        "Policy": {
            "Arn": AUDIT,
            "PolicyName": "SecurityAudit",
            "DefaultVersionId": "v39",
            "CreateDate": THEN,
            "UpdateDate": THEN,
        }
    }


def _version(estate: Any, request: Request) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": ["ec2:Describe*", "iam:Get*"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return {"PolicyVersion": {"Document": document, "VersionId": "v39", "IsDefaultVersion": True, "CreateDate": THEN}}


ANSWERS: dict[str, Any] = {
    "iam.GetPolicy": _policy,
    "iam.GetPolicyVersion": _version,
    "sso-admin.GetInlinePolicyForPermissionSet": _inline,
    "sso-admin.GetPermissionsBoundaryForPermissionSet": _boundary,
    "sso-admin.ListCustomerManagedPolicyReferencesInPermissionSet": _named,
    "sso-admin.ListInstances": _instances,
    "sso-admin.ListManagedPoliciesInPermissionSet": _attached,
    "sso-admin.ListPermissionSets": _sets,
}
"""What each operation is answered with."""
