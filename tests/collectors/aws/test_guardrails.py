"""What service control policies withhold: which bind an account, and what each of their statements amounts to."""

import copy
import json

import pytest

from collectors.aws.guardrails import Guardrails
from collectors.resource import Trail
from tests.fakes.guardrails import AUDIT, LEAVING, REGIONS, SPARED
from tests.fakes.told import ACCOUNT, Told

MANAGEMENT = "333344445555"
FACTS = ("regions_limited", "audit_protected", "leaving_denied", "organization")
ON = {"Roots": [{"Id": "r-1", "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]}]}
PARENTS = {ACCOUNT: "ou-1", "ou-1": "ou-2", "ou-2": "r-1"}


def organized(*documents, standing="ou-2", **more):
    """Answers of an organisation with one policy for each list of statements, all of which stand at one place."""
    contents = {f"p-{place}": document for place, document in enumerate(documents)}
    return {
        "organizations.ListRoots": ON,
        "organizations.ListParents": lambda asked: {"Parents": [{"Id": PARENTS[asked["ChildId"]]}]},
        "organizations.ListPolicies": {
            "Policies": [{"Id": "p-Full", "AwsManaged": True}, *({"Id": one} for one in contents)]
        },
        "organizations.ListTargetsForPolicy": {"Targets": [{"TargetId": "ou-9"}, {"TargetId": standing}]},
        "organizations.DescribePolicy": lambda asked: {
            "Policy": {"Content": json.dumps({"Statement": contents[asked["PolicyId"]]})}
        },
        **{f"organizations.{name}": answer for name, answer in more.items()},
    }


def facts(answers, *, management=MANAGEMENT, trails=()):
    told = Told(answers, seen=None if trails is None else {"aws.trails": trails})
    told.management_account = management
    (item,) = Guardrails.list(told)
    found = Guardrails.describe(told, item)
    return tuple(getattr(found, fact) for fact in FACTS)


@pytest.mark.parametrize("standing", ["r-1", "ou-2", "ou-1", ACCOUNT])
def test_policies_bind_all_that_stands_below_them(standing):
    assert facts(organized([REGIONS], [AUDIT, LEAVING], standing=standing)) == (True, True, True, True)


def test_policies_that_stand_elsewhere_bind_nobody_here():
    assert facts(organized([REGIONS, AUDIT, LEAVING], standing="ou-8")) == (False, False, False, True)


def test_no_policy_binds_the_management_account_but_it_cannot_leave():
    assert facts(organized([REGIONS, AUDIT, LEAVING]), management=ACCOUNT) == (False, False, True, True)


def test_an_organisation_without_such_policies_withholds_nothing():
    off = {"Roots": [{"Id": "r-1", "PolicyTypes": [{"Type": "TAG_POLICY", "Status": "ENABLED"}]}]}
    assert facts(organized([REGIONS, AUDIT, LEAVING], ListRoots=off)) == (False, False, False, False)


def test_without_an_organisation_nothing_is_learned_and_nothing_is_asked():
    assert facts({}, management=None) == (None,) * 4


@pytest.mark.parametrize(
    ("refused", "found"),
    [
        ("ListRoots", (None, None, None, None)),
        ("ListParents", (None, None, None, True)),
        ("ListPolicies", (None, None, None, True)),
        ("ListTargetsForPolicy", (None, None, None, True)),
        ("DescribePolicy", (None, None, None, True)),
    ],
)
def test_what_is_refused_is_not_learned(refused, found):
    assert facts(organized([REGIONS], [AUDIT, LEAVING], **{refused: None})) == found


def test_a_policy_that_cannot_be_read_leaves_what_the_others_do_not_say():
    answers = organized([REGIONS], [])
    contents = {"p-0": json.dumps({"Statement": [REGIONS]}), "p-1": "{"}
    answers["organizations.DescribePolicy"] = lambda asked: {"Policy": {"Content": contents[asked["PolicyId"]]}}
    assert facts(answers) == (True, None, None, True)


def test_a_path_that_leads_back_to_itself_is_not_learned():
    answers = organized([REGIONS], ListParents={"Parents": [{"Id": ACCOUNT}]})
    assert facts(answers)[:3] == (None, None, None)


def changed(statement, **more):
    return {**copy.deepcopy(statement), **more}


def only(operator, key, *values):
    return {operator: {key: list(values)}}


@pytest.mark.parametrize(
    ("statement", "limited"),
    [
        (REGIONS, True),
        (changed(REGIONS, Condition=only("StringNotEquals", "aws:RequestedRegion", "eu-west-1")), True),
        (changed(REGIONS, Condition=only("StringNotLike", "aws:RequestedRegion", "eu-*")), True),
        (
            changed(REGIONS, Condition=only("ForAnyValue:StringNotEqualsIfExists", "aws:RequestedRegion", "eu-west-1")),
            True,
        ),
        (changed(REGIONS, Condition=only("StringNotLike", "aws:RequestedRegion", "*")), False),
        (changed(REGIONS, Condition=only("StringEquals", "aws:RequestedRegion", "eu-west-1")), False),
        (changed(REGIONS, Condition=SPARED), False),
        (changed(REGIONS, NotAction=["ec2:*"]), False),
        (changed(REGIONS, Effect="Allow"), False),
        (changed(REGIONS, Resource="arn:aws:ec2:*:*:instance/*"), False),
        (
            changed(REGIONS, Condition={**REGIONS["Condition"], **only("StringEquals", "aws:PrincipalTag/x", "y")}),
            False,
        ),
    ],
)
def test_regions_are_limited_by_a_deny_of_all_others(statement, limited):
    assert facts(organized([statement]))[0] is limited


@pytest.mark.parametrize(
    ("statements", "protected"),
    [
        ([AUDIT], True),
        ([changed(AUDIT, Action="cloudtrail:*")], True),
        ([changed(AUDIT, Action=["cloudtrail:StopLogging"]), changed(AUDIT, Action=["cloudtrail:DeleteTrail"])], True),
        ([changed(AUDIT, Action=["cloudtrail:StopLogging"])], False),
        ([changed(AUDIT, Condition=only("Bool", "aws:PrincipalIsAWSService", "false"))], True),
        ([changed(AUDIT, Condition=only("ArnNotLike", "aws:PrincipalArn", "*"))], False),
        ([changed(AUDIT, Condition=only("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"))], False),
        (
            [changed(AUDIT, Condition=only("ArnNotLike", "aws:PrincipalArn", "arn:aws-cn:iam::*:role/aws-reserved/*"))],
            False,
        ),
        ([changed(AUDIT, Condition=only("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x"))], False),
        ([changed(AUDIT, Condition=only("StringNotEquals", "aws:RequestedRegion", "eu-west-1"))], False),
        ([changed(AUDIT, Effect="Allow")], False),
    ],
)
def test_the_audit_trail_is_protected_from_everybody_but_named_roles(statements, protected):
    assert facts(organized(statements))[1] is protected


def trail(name, account=ACCOUNT, *, logging=True):
    return Trail(
        id=f"arn:aws:cloudtrail:eu-west-1:{account}:trail/{name}", provider="aws", account=account, region="eu-west-1", kind="trail",
        logging=logging,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("trails", "protected"),
    [
        ((trail("aws-controltower-1"),), True),
        ((trail("aws-controltower-1"), trail("spare", logging=False)), True),
        ((trail("aws-controltower-1"), trail("own")), False),
        ((trail("own", MANAGEMENT),), False),
        ((), False),
        (None, None),
    ],
)
def test_a_deny_that_names_trails_protects_an_account_that_has_no_others(trails, protected):
    named = changed(AUDIT, Resource="arn:aws:cloudtrail:*:*:trail/aws-controltower-*")
    assert facts(organized([named]), trails=trails)[1] is protected


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        (LEAVING, True),
        (changed(LEAVING, Action="*"), True),
        (changed(LEAVING, Resource="arn:aws:organizations::1:account/o-1/2"), False),
        (changed(LEAVING, Condition=only("StringNotEquals", "aws:RequestedRegion", "eu-west-1")), False),
    ],
)
def test_leaving(statement, denied):
    assert facts(organized([statement]))[2] is denied


OUTSIDE = {
    "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-ours", "aws:PrincipalAccount": ["999988887777"]},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}  # fmt: skip
PARTNER = "arn:aws:iam::*:role/partner"
OF_RESOURCES = {"Roots": [{"Id": "r-1", "PolicyTypes": [{"Type": "RESOURCE_CONTROL_POLICY", "Status": "ENABLED"}]}]}


def strangers(*statements, management=MANAGEMENT, **more):
    told = Told(organized(list(statements), **{"ListRoots": OF_RESOURCES, **more}), seen={"aws.trails": ()})
    told.management_account = management
    return Guardrails.describe(told, {"AccountId": ACCOUNT}).strangers_denied


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        (OUTSIDE, True),
        (changed(OUTSIDE, Action=["kms:*", "s3:Get*"]), True),
        (changed(OUTSIDE, Action="*"), True),
        (changed(OUTSIDE, Condition=only("StringNotEquals", "aws:PrincipalOrgID", "o-ours")), True),
        (changed(OUTSIDE, Condition=only("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", "o-ours/*")), True),
        (changed(OUTSIDE, Condition={**OUTSIDE["Condition"], **only("ArnNotLike", "aws:PrincipalArn", PARTNER)}), True),
        (changed(OUTSIDE, Action="kms:*"), False),
        (changed(OUTSIDE, Resource="arn:aws:s3:::ours/*"), False),
        (changed(OUTSIDE, Effect="Allow"), False),
        (changed(OUTSIDE, Condition=only("StringNotEquals", "aws:PrincipalAccount", "999988887777")), False),
        (changed(OUTSIDE, Condition=only("StringNotLike", "aws:PrincipalOrgID", "o-*")), False),
        (changed(OUTSIDE, Condition=only("StringEquals", "aws:PrincipalOrgID", "o-ours")), False),
        (changed(OUTSIDE, Condition={**OUTSIDE["Condition"], **only("StringEquals", "aws:ResourceTag/x", "y")}), False),
        (changed(OUTSIDE, Condition={**OUTSIDE["Condition"], **only("StringNotLike", "aws:PrincipalAccount", "9*")}), False),
        (changed(OUTSIDE, Condition={**OUTSIDE["Condition"], **only("ArnNotLike", "aws:PrincipalArn", "*")}), False),
    ],
)  # fmt: skip
def test_strangers_are_denied_by_a_policy_of_resources(statement, denied):
    assert strangers(statement) is denied


def test_policies_of_resources_bind_no_management_account_and_count_only_where_they_are_in_force():
    assert strangers(OUTSIDE, management=ACCOUNT) is False
    assert strangers(OUTSIDE, ListRoots=ON) is False
    assert strangers(OUTSIDE, management=None) is None


@pytest.mark.parametrize(
    "refused", ["ListRoots", "ListParents", "ListPolicies", "ListTargetsForPolicy", "DescribePolicy"]
)
def test_what_of_policies_of_resources_is_refused_is_not_learned(refused):
    assert strangers(OUTSIDE, **{refused: None}) is None
