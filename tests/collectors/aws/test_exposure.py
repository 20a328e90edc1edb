import pytest

from collectors.aws.exposure import public, requires_tls, shared_with
from collectors.aws.statements import statements

BUCKET = "arn:aws:s3:::our-bucket"


def everybody(action="s3:GetObject", resource=f"{BUCKET}/*", principal="*", condition=None, effect="Allow"):
    line = {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource}
    return line if condition is None else {**line, "Condition": condition}


def denied(condition, action="s3:*", resource=(BUCKET, f"{BUCKET}/*")):
    return everybody(action, list(resource), condition=condition, effect="Deny")


def read(*items):
    return statements({"Statement": list(items)})


LIMITED = [
    {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}},
    {"StringEquals": {"aws:principalorgid": ["o-ours", "o-theirs"]}},
    {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}},
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-ours/*"}},
    {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
    {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:111122223333:function:x"}},
    {"StringEquals": {"aws:SourceArn": "arn:aws:s3:::another-bucket"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]}},
    {"StringEquals": {"kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
]
UNLIMITED = [
    {},
    {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-ours"}},
    {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-ours/r/x"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-theirs"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam*:111122223333:role/admin"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/111122223333"}},
    {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}},
    {"StringEquals": {"aws:PrincipalAccount": []}},
    {"StringLike": {"aws:SourceVpce": "*"}},
    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/1"]}},
    {"IpAddress": {"aws:SourceIp": "nonsense"}},
    {"StringLike": {"aws:Referer": "https://www.corp.example/*"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
]


@pytest.mark.parametrize("condition", LIMITED, ids=str)
def test_a_condition_that_strangers_cannot_meet_is_not_public(condition):
    assert not public(read(everybody(condition=condition)))


@pytest.mark.parametrize("condition", UNLIMITED, ids=str)
def test_a_condition_that_strangers_can_meet_is_public(condition):
    assert public(read(everybody(condition=condition)))


@pytest.mark.parametrize(
    ("principal", "is_public"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ["111122223333", "*"]}, True),
        ({"AWS": "arn:aws:iam::999988887777:root"}, False),
        ({"Service": "cloudtrail.amazonaws.com"}, False),
        ({"CanonicalUser": "0123abcd"}, False),
        ({"AWS": "arn:aws:iam::cloudfront:user/Origin Access Identity 1"}, False),
    ],
)
def test_everybody_has_several_names(principal, is_public):
    assert public(read(everybody(principal=principal))) is is_public


def test_an_allow_for_all_but_somebody_is_public():
    line = {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}
    assert public(read(line))


@pytest.mark.parametrize(
    ("deny", "is_public"),
    [
        (denied({"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}}), False),
        (
            denied(
                {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-ours"},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                }
            ),
            False,
        ),
        (denied({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), False),
        (denied({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), False),
        (denied({}), False),
        (denied({"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}}, action="s3:PutObject"), True),
        (denied({"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}}, resource=[BUCKET]), True),
        (denied({"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}, "StringEquals": {"s3:prefix": "private"}}), True),
        (denied({"StringNotLike": {"aws:PrincipalOrgID": "*"}}), True),
        (denied({"StringEquals": {"aws:PrincipalOrgID": "o-theirs"}}), True),
        (denied({"Bool": {"aws:SecureTransport": "false"}}), True),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}, False),
        ({"Effect": "Deny", "Principal": {"AWS": "999988887777"}, "Action": "s3:*", "Resource": "*"}, True),
        ({"Effect": "Deny", "Principal": "*", "NotAction": "s3:GetObject", "Resource": "*"}, True),
    ],
)
def test_a_deny_that_spares_only_some_shuts_strangers_out(deny, is_public):
    assert public(read(everybody(), deny)) is is_public


def test_no_statement_is_not_public():
    assert not public(())


def test_accounts_and_organisations_that_share_are_named():
    policy = read(
        everybody(principal={"AWS": ["arn:aws:iam::999988887777:role/x", "111122223333"], "CanonicalUser": "0123abcd"}),
        everybody(condition={"StringEquals": {"aws:PrincipalOrgID": "o-theirs"}}),
        everybody(),
    )
    assert shared_with(policy, "111122223333") == {"999988887777", "0123abcd", "o-theirs"}


TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("items", "required"),
    [
        ([denied(TLS)], True),
        ([denied({"Bool": {"aws:SecureTransport": False}})], True),
        ([denied({"BoolIfExists": {"aws:SecureTransport": "false"}}, action="*", resource=["*"])], True),
        ([everybody("s3:*", [BUCKET, f"{BUCKET}/*"], {"AWS": "*"}, TLS, "Deny")], True),
        ([denied(TLS, resource=[BUCKET]), denied(TLS, resource=[f"{BUCKET}/*"])], True),
        ([denied(TLS, resource=[f"{BUCKET}*"])], True),
        ([denied(TLS, resource=[f"{BUCKET}/*"])], False),
        ([denied(TLS, resource=[BUCKET])], False),
        ([denied(TLS, resource=["arn:aws:s3:::another/*", "arn:aws:s3:::another"])], False),
        ([denied(TLS, action="s3:GetObject")], False),
        ([everybody("s3:*", [BUCKET, f"{BUCKET}/*"], {"AWS": "111122223333"}, TLS, "Deny")], False),
        ([denied({**TLS, "StringNotEquals": {"aws:PrincipalAccount": "111122223333"}})], False),
        ([denied({"Bool": {"aws:SecureTransport": "true"}})], False),
        ([denied({"NumericLessThan": {"s3:TlsVersion": "1.2"}})], False),
        ([everybody("s3:*", [BUCKET, f"{BUCKET}/*"], "*", {"Bool": {"aws:SecureTransport": "true"}})], False),
        ([], False),
    ],
)
def test_tls_is_required_where_a_deny_covers_all_without_it(items, required):
    assert requires_tls(read(*items), BUCKET) is required
