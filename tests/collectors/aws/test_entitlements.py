import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from collectors.aws.entitlements import KINDS, Entitlements
from collectors.collector import Unseen
from tests.fakes.told import ACCOUNT, Told

ROOT = f"arn:aws:iam::{ACCOUNT}"
ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
KEYS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
NO_KEYS = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]}
VENDOR = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "999988887777"}, "Action": "sts:AssumeRole"}]}


def managed(arn, document, **more):
    versions = [
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": ALL},
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": document},
    ]
    return {
        "Arn": arn,
        "PolicyName": arn.rpartition("/")[2],
        "Path": "/",
        "AttachmentCount": 1,
        "PolicyVersionList": versions,
        **more,
    }


def attached(*arns):
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def user(**more):
    return {
        "Arn": f"{ROOT}:user/jo",
        "UserName": "jo",
        "Path": "/",
        "GroupList": [],
        "AttachedManagedPolicies": [],
        **more,
    }


def role(**more):
    return {
        "Arn": f"{ROOT}:role/app", "RoleName": "app", "Path": "/", "AttachedManagedPolicies": [], "RolePolicyList": [],
        "AssumeRolePolicyDocument": {"Statement": []}, "CreateDate": datetime(2026, 1, 1, tzinfo=UTC), **more,
    }  # fmt: skip


def group(**more):
    return {
        "Arn": f"{ROOT}:group/ops",
        "GroupName": "ops",
        "Path": "/",
        "AttachedManagedPolicies": [],
        "GroupPolicyList": [],
        **more,
    }


def seen(*, policies=(), groups=(), users=(), roles=()):
    """Everything that a listing of these elements makes, by name; and what was cited."""
    lists = {"Policies": policies, "GroupDetailList": groups, "UserDetailList": users, "RoleDetailList": roles}
    told = Told({"iam.GetAccountAuthorizationDetails": lambda _: {key: list(value) for key, value in lists.items()}})
    return {
        found.name: found for found in [Entitlements.describe(told, item) for item in list(Entitlements.list(told))]
    }, told.cited


def inline(kind, document):
    return {f"{kind}PolicyList": [{"PolicyName": "inline", "PolicyDocument": document}]}


@pytest.mark.parametrize("document", [ALL, json.dumps(ALL), quote(json.dumps(ALL))], ids=["parsed", "text", "encoded"])
def test_inline_policies_are_read_in_any_form(document):
    found, _ = seen(users=[user(**inline("User", document))])
    assert (found["jo"].administrator, found["jo"].wildcards, found["jo"].planes) == (
        True,
        ("*",),
        ("data", "keys", "logging"),
    )
    assert (found["jo"].foreign_trust, found["jo"].foreign_trust_guarded, found["jo"].kind) == ((), None, "user")


def test_a_user_has_the_policies_of_his_groups_and_cites_them():
    arn = f"{ROOT}:policy/keys"
    found, cited = seen(
        policies=[managed(arn, KEYS)],
        groups=[group(AttachedManagedPolicies=attached(arn))],
        users=[user(GroupList=["ops"])],
    )
    assert found["jo"].planes == found["ops"].planes == found["keys"].planes == ("keys",)
    assert {arn, f"{ROOT}:group/ops"} <= set(cited)


def test_a_deny_of_a_group_subtracts_from_its_users():
    found, _ = seen(groups=[group(**inline("Group", NO_KEYS))], users=[user(GroupList=["ops"], **inline("User", KEYS))])
    assert found["jo"].planes == ()


def test_only_the_version_in_force_counts():
    found, _ = seen(policies=[managed(f"{ROOT}:policy/keys", KEYS)])
    assert found["keys"].administrator is False


def test_administrator_access_is_known_with_and_without_its_document():
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    holder = role(AttachedManagedPolicies=attached(arn))
    assert seen(roles=[holder])[0]["app"].administrator is True
    found, _ = seen(policies=[managed(arn, ALL)], roles=[holder])
    assert found["app"].administrator is True
    assert (found["AdministratorAccess"].managed_by, found["app"].managed_by) == ("provider", "customer")


def test_aws_managed_policies_that_nobody_uses_are_left_out():
    found, _ = seen(policies=[managed("arn:aws:iam::aws:policy/ReadOnlyAccess", KEYS, AttachmentCount=0)])
    assert found == {}


def test_service_linked_roles_are_inherited():
    found, _ = seen(roles=[role(Path="/aws-service-role/config.amazonaws.com/")])
    assert found["app"].managed_by == "provider"


@pytest.mark.parametrize(
    "holder",
    [
        {"AttachedManagedPolicies": attached(f"{ROOT}:policy/lost")},
        {"RolePolicyList": [{"PolicyName": "broken", "PolicyDocument": "{"}]},
        {"RolePolicyList": None},
        {"AttachedManagedPolicies": None},
    ],
)
def test_a_document_that_cannot_be_read_leaves_nothing_learned(holder):
    found, _ = seen(roles=[role(**holder)])
    assert (found["app"].administrator, found["app"].wildcards, found["app"].planes) == (None, None, None)
    assert found["app"].foreign_trust == ()


def test_a_group_that_is_not_in_the_listing_leaves_nothing_learned_of_its_users():
    found, _ = seen(users=[user(GroupList=["lost"])])
    assert found["jo"].administrator is None


def test_a_boundary_intersects_and_an_unknown_one_leaves_only_what_is_certain():
    arn = f"{ROOT}:policy/bound"
    bound = {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}}
    policy = managed(arn, KEYS, AttachmentCount=0, PermissionsBoundaryUsageCount=1)
    found, cited = seen(policies=[policy], users=[user(**bound, **inline("User", ALL))])
    assert (found["jo"].administrator, found["jo"].planes, arn in cited) == (False, ("keys",), True)
    assert found["bound"].planes == ()
    found, _ = seen(users=[user(**bound, **inline("User", ALL))], roles=[role(**bound)])
    assert (found["jo"].administrator, found["jo"].planes) == (None, None)
    assert (found["app"].administrator, found["app"].planes) == (False, ())


def test_foreign_trust_of_a_role():
    found, _ = seen(roles=[role(AssumeRolePolicyDocument=VENDOR)])
    assert (found["app"].foreign_trust, found["app"].foreign_trust_guarded) == (("999988887777",), False)
    found, _ = seen(roles=[role(AssumeRolePolicyDocument="{")])
    assert (found["app"].foreign_trust, found["app"].foreign_trust_guarded) == (None, None)


def test_what_an_element_refers_to_is_no_part_of_its_evidence():
    told = Told(
        {
            "iam.GetAccountAuthorizationDetails": lambda _: {
                "Policies": [],
                "GroupDetailList": [],
                "UserDetailList": [user()],
                "RoleDetailList": [],
            }
        }
    )
    assert [dict(item) for item in Entitlements.list(told)] == [user()]


@pytest.mark.parametrize(
    ("standing", "directly"),
    [
        ({}, False),
        ({"AttachedManagedPolicies": attached(f"{ROOT}:policy/p")}, True),
        ({"UserPolicyList": [{"PolicyName": "own", "PolicyDocument": ALL}]}, True),
        ({"AttachedManagedPolicies": None}, None),
        ({"GroupList": ["ops"]}, False),
    ],
)
def test_a_user_holds_rights_directly_where_a_policy_stands_on_him(standing, directly):
    found, _ = seen(users=[user(**standing)], groups=[group()])
    assert found["jo"].granted_directly is directly


def test_nobody_else_is_anybodys_own_name():
    found, _ = seen(roles=[role(RolePolicyList=[{"PolicyName": "own", "PolicyDocument": ALL}])])
    assert found["app"].granted_directly is False


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"RoleLastUsed": {"LastUsedDate": datetime(2026, 1, 4, tzinfo=UTC)}},
            (datetime(2026, 1, 4, tzinfo=UTC), False),
        ),
        ({"RoleLastUsed": {}}, (None, True)),
        ({}, (None, None)),
    ],
)
def test_a_role_says_when_it_was_last_used(said, expected):
    found, _ = seen(roles=[role(**said)])
    assert (found["app"].last_used, found["app"].never_used) == expected


class Broken(Told):
    """A listing of which only the first page comes."""

    def parts(self, operation, keys, /, **parameters):  # noqa: ARG002 - the session's signature
        yield "UserDetailList", user(AttachedManagedPolicies=attached(f"{ROOT}:policy/later"))
        raise Unseen("AccessDenied")


def test_what_came_before_a_listing_broke_is_seen_and_nothing_is_concluded_from_what_did_not():
    told, found = Broken(), []
    with pytest.raises(Unseen):
        found.extend(Entitlements.describe(told, item) for item in Entitlements.list(told))
    assert [(one.name, one.administrator) for one in found] == [("jo", None)]


def test_one_listing_serves_all_kinds():
    told = Told({"iam.GetAccountAuthorizationDetails": lambda _: {key: [] for key in KINDS}})
    assert list(Entitlements.list(told)) == []
    assert told.asked == ["iam.GetAccountAuthorizationDetails"]
