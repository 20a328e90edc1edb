import pytest

from collectors.aws.policies import ADMINISTRATOR_ACCESS, NOBODY, PLANES, Powers, powers
from collectors.aws.statements import statements

ACCOUNT = "111122223333"


def allow(action="*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="*", resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def not_action(effect, *actions):
    return {"Effect": effect, "NotAction": list(actions), "Resource": "*"}


def of(*items, boundary=None):
    bound = None if boundary is None else statements({"Statement": boundary})
    return powers(statements({"Statement": list(items)}), bound, account=ACCOUNT, partition="aws")


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("items", "is_administrator"),
    [
        ([allow()], True),
        ([allow(action=["*"], resource=["*"])], True),
        ([allow(action="*:*")], True),
        ([allow(resource="arn:aws:*")], True),
        ([allow(Condition=MFA)], True),
        ([allow(resource="arn:aws:s3:::*")], False),
        ([allow(action="s3:*")], False),
        ([allow(action="iam:*")], False),
        ([not_action("Allow", "iam:*", "organizations:*", "account:*")], False),
        ([not_action("Allow", "iam:*"), allow("iam:*")], True),
        ([not_action("Allow", "health:*")], True),
        ([allow(), deny()], False),
        ([allow(), deny("iam:*")], False),
        ([allow(), deny("iam:*", Condition=MFA)], True),
        ([allow(), deny("s3:DeleteBucket")], True),
        ([allow(), deny("iam:*", "arn:aws:iam::111122223333:user/owner")], True),
        ([allow(), not_action("Deny", "s3:*")], False),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret/*"}], True),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*"}], False),
        ([allow(Condition={"StringEquals": {"aws:ResourceTag/team": "payments"}})], False),
        ([allow(Condition={"StringEqualsIfExists": {"aws:ResourceTag/team": "payments"}})], True),
        ([allow(Condition={"StringLike": {"aws:ResourceTag/team": "*"}})], True),
        ([allow(Condition={"StringEquals": {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}})], False),
        ([], False),
        ([deny()], False),
    ],
)
def test_an_administrator_may_do_everything_or_give_himself_the_rest(items, is_administrator):
    assert of(*items).administrator is is_administrator


@pytest.mark.parametrize(
    ("items", "services"),
    [
        ([allow()], ("*",)),
        ([allow(["s3:*", "Kms:*", "ec2:Describe*"])], ("kms", "s3")),
        ([allow("s3:*", "arn:aws:s3:::*")], ("s3",)),
        ([allow("dynamodb:*", "arn:aws:dynamodb:*:111122223333:*")], ("dynamodb",)),
        ([allow("dynamodb:*", "arn:aws:dynamodb:*:111122223333:table/one")], ()),
        ([allow("s3:*"), deny("s3:*")], ()),
        ([allow("s3:*"), deny("s3:DeleteBucket")], ("s3",)),
        ([allow("s3:Get*")], ()),
    ],
)
def test_wildcards_are_services_of_which_everything_is_allowed(items, services):
    assert of(*items).wildcards == services


@pytest.mark.parametrize(
    ("items", "planes"),
    [
        ([allow()], ("data", "keys", "logging")),
        ([allow("s3:*")], ("data",)),
        ([allow("s3:PutBucketPolicy", "arn:aws:s3:::*")], ("data",)),
        ([allow("s3:PutBucketPolicy", "arn:aws:s3:::one")], ()),
        ([allow(["s3:GetObject", "s3:PutObject", "kms:Decrypt", "kms:CreateGrant", "logs:PutLogEvents"])], ()),
        ([allow("rds:DeleteDBInstance", "arn:aws:rds:*:111122223333:db:*")], ("data",)),
        ([allow("rds:DeleteDBInstance", "arn:aws:rds:eu-west-1:111122223333:db:*")], ()),
        ([allow("kms:*", "arn:aws:kms:*:*:key/*")], ("keys",)),
        ([allow("kms:*"), deny("kms:*")], ()),
        ([allow("kms:*"), deny("kms:ScheduleKeyDeletion")], ("keys",)),
        ([allow("kms:*"), deny("kms:*", "arn:aws:kms:eu-west-1:111122223333:key/1")], ("keys",)),
        ([allow("kms:*"), deny("kms:*", Condition=MFA)], ("keys",)),
        ([allow("cloudtrail:StopLogging")], ("logging",)),
        ([allow(["cloudtrail:Get*", "config:Describe*"])], ()),
        ([allow(["logs:*", "kms:*"])], ("keys", "logging")),
        ([allow("ec2:DeleteVolume", Condition={"StringLike": {"ec2:ResourceTag/cluster": "one"}})], ()),
        ([allow("ec2:*")], ("data",)),
        ([not_action("Allow", "kms:*", "s3:*", "rds:*", "dynamodb:*", "ec2:*")], ("logging",)),
    ],
)
def test_a_plane_is_administered_where_one_of_its_actions_is_allowed_everywhere(items, planes):
    assert of(*items).planes == planes


@pytest.mark.parametrize(("plane", "probe"), [(plane, probe) for plane, probes in PLANES.items() for probe in probes])
def test_each_action_of_a_plane_is_reached_by_its_own_service_wide_grant(plane, probe):
    action, template = probe
    place = template.format(name="*", region="*", account="*")
    assert of(allow(action, f"arn:aws:{place}")).planes == (plane,)


def test_a_boundary_intersects():
    assert of(allow(), boundary=[allow("s3:*")]) == Powers(administrator=False, wildcards=(), planes=("data",))
    assert of(allow("kms:*"), boundary=[allow("s3:*")]) == NOBODY
    assert of(allow(), boundary=[allow(), deny("iam:*"), deny("kms:*")]).planes == ("data", "logging")
    assert of(allow(), boundary=[allow()]).administrator is True


def test_behind_an_unknown_boundary_only_what_is_not_allowed_anyway_is_certain():
    assert of(allow()).within_unknown() == Powers(administrator=None, wildcards=None, planes=None)
    assert of(allow("kms:Decrypt")).within_unknown() == NOBODY
    assert of(allow("kms:*")).within_unknown() == Powers(administrator=False, wildcards=None, planes=None)


def test_the_document_of_administrator_access_is_an_administrators():
    assert powers(statements(ADMINISTRATOR_ACCESS), account=ACCOUNT, partition="aws").administrator is True
