import json

import pytest

from collectors.aws.permission_sets import PermissionSets
from tests.fakes.told import ACCOUNT, Told

INSTANCE, SET = "arn:aws:sso:::instance/ssoins-1", "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
ITEM = {"InstanceArn": INSTANCE, "PermissionSetArn": SET}
AWS = "arn:aws:iam::aws:policy/"


def document(*actions, effect="Allow"):
    return json.dumps({"Statement": [{"Effect": effect, "Action": list(actions), "Resource": "*"}]})


def attached(*names):
    return {"AttachedManagedPolicies": [{"Name": name, "Arn": AWS + name} for name in names]}


def named(*names):
    return {"CustomerManagedPolicyReferences": [{"Name": name, "Path": "/"} for name in names]}


PREFIX = "sso-admin."
INLINE, ATTACHED = f"{PREFIX}GetInlinePolicyForPermissionSet", f"{PREFIX}ListManagedPoliciesInPermissionSet"
NAMED = f"{PREFIX}ListCustomerManagedPolicyReferencesInPermissionSet"
BOUND = f"{PREFIX}GetPermissionsBoundaryForPermissionSet"
SOUND = {
    INLINE: {"InlinePolicy": ""}, ATTACHED: attached("ReadOnly"), NAMED: named(), BOUND: "ResourceNotFoundException",
    "iam.GetPolicy": {"Policy": {"DefaultVersionId": "v2"}},
    "iam.GetPolicyVersion": {"PolicyVersion": {"Document": document("s3:Get*", "ec2:Describe*")}},
}  # fmt: skip
READS = (False, (), ())
ALL = (True, ("*",), ("data", "keys", "logging"))
NONE = (None, None, None)
ADMINISTRATOR = {ATTACHED: attached("AdministratorAccess")}
OF_AWS, OF_OURS = (
    {"ManagedPolicyArn": f"{AWS}ReadOnly"},
    {"CustomerManagedPolicyReference": {"Name": "limit", "Path": "/"}},
)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, READS),
        ({INLINE: {"InlinePolicy": document("kms:*", "cloudtrail:*")}}, (False, ("cloudtrail", "kms"), ("keys", "logging"))),
        ({INLINE: {}}, READS),
        ({INLINE: {"InlinePolicy": "{"}}, NONE),
        ({INLINE: None}, NONE),
        (ADMINISTRATOR, ALL),
        ({**ADMINISTRATOR, "iam.GetPolicy": None}, ALL),
        ({ATTACHED: None}, NONE),
        ({NAMED: named("ours")}, NONE),
        ({NAMED: None}, NONE),
        ({**ADMINISTRATOR, NAMED: named("ours")}, ALL),
        ({"iam.GetPolicy": None}, NONE),
        ({"iam.GetPolicy": {}}, NONE),
        ({"iam.GetPolicyVersion": None}, NONE),
        ({"iam.GetPolicyVersion": {"PolicyVersion": {"Document": "%7B"}}}, NONE),
        ({BOUND: {"PermissionsBoundary": OF_AWS}}, READS),
        ({**ADMINISTRATOR, BOUND: {"PermissionsBoundary": OF_AWS}}, READS),
        ({BOUND: {"PermissionsBoundary": OF_OURS}}, READS),
        ({**ADMINISTRATOR, BOUND: {"PermissionsBoundary": OF_OURS}}, NONE),
        ({BOUND: None}, NONE),
    ],
)  # fmt: skip
def test_the_policies_of_a_set_tell_what_it_allows(answers, expected):
    found = PermissionSets.describe(Told({**SOUND, **answers}), ITEM)
    assert (found.id, found.name, found.kind, found.region) == (SET, "ps-1", "permission set", "global")
    assert (found.administrator, found.wildcards, found.planes) == expected


@pytest.mark.parametrize(("management", "owner", "seen"), [
    (ACCOUNT, ACCOUNT, True), (None, ACCOUNT, True), ("999900001111", ACCOUNT, False), (ACCOUNT, "999900001111", False),
])  # fmt: skip
def test_sets_are_listed_where_their_instance_is_managed(management, owner, seen):
    told = Told({
        f"{PREFIX}ListInstances": {"Instances": [{"InstanceArn": INSTANCE, "OwnerAccountId": owner}]},
        f"{PREFIX}ListPermissionSets": {"PermissionSets": [{"PermissionSets": SET}]},
    })  # fmt: skip
    told.management_account = management
    assert list(PermissionSets.list(told)) == ([ITEM] if seen else [])
    assert bool(told.asked) is (management != "999900001111")
