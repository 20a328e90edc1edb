import pytest

from collectors.aws.statements import statements
from collectors.aws.trust import trust

OURS, SIBLING, VENDOR = "111122223333", "222233334444", "999988887777"
ORGANIZATION = frozenset({OURS, SIBLING})
EXTERNAL = {"StringEquals": {"sts:ExternalId": "7d1f"}}
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
CLUSTER = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB12"
GITHUB_AUD = {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}


def line(principal, condition=None, action="sts:AssumeRole", effect="Allow"):
    found = {"Effect": effect, "Principal": principal, "Action": action}
    return found if condition is None else {**found, "Condition": condition}


def web(provider, condition=None):
    return line({"Federated": provider}, condition, "sts:AssumeRoleWithWebIdentity")


def subject(operator, claim):
    return {operator: {"token.actions.githubusercontent.com:sub": claim}, **GITHUB_AUD} if operator != "StringEquals" else {
        "StringEquals": {"token.actions.githubusercontent.com:sub": claim, **GITHUB_AUD["StringEquals"]}
    }  # fmt: skip


def of(*items, organization=ORGANIZATION):
    found = trust(statements({"Statement": list(items)}), account=OURS, organization_accounts=organization)
    return found.foreign_trust, found.foreign_trust_guarded


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([line({"Service": "ec2.amazonaws.com"})], ((), None)),
        ([line({"AWS": f"arn:aws:iam::{OURS}:root"})], ((), None)),
        ([line({"AWS": SIBLING})], ((), None)),
        ([line({"AWS": f"arn:aws:iam::{VENDOR}:role/x"})], ((VENDOR,), False)),
        ([line({"AWS": [VENDOR, OURS]}, EXTERNAL)], ((VENDOR,), True)),
        ([line({"AWS": VENDOR}, {"StringEqualsIfExists": {"sts:ExternalId": "7d1f"}})], ((VENDOR,), False)),
        ([line({"AWS": VENDOR}, {"StringLike": {"sts:ExternalId": "*"}})], ((VENDOR,), False)),
        ([line({"AWS": VENDOR}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}})], ((VENDOR,), True)),
        ([line({"AWS": VENDOR}, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})], ((VENDOR,), False)),
        ([line({"AWS": VENDOR}, EXTERNAL), line({"AWS": "888877776666"})], (("888877776666", VENDOR), False)),
        (
            [line({"AWS": VENDOR}), line("*", {"StringNotEquals": {"sts:ExternalId": "7d1f"}}, effect="Deny")],
            ((VENDOR,), True),
        ),
        ([line("*")], (("*",), False)),
        ([line({"AWS": "*"}, EXTERNAL)], (("*",), True)),
        ([line("*", {"StringEquals": {"aws:PrincipalOrgID": "o-some"}})], (("o-some",), True)),
        ([line("*", {"StringEquals": {"aws:PrincipalAccount": [OURS, SIBLING]}})], ((), None)),
        ([line("*", {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})], (("*",), False)),
        ([line("*"), line("*", {"StringNotEquals": {"aws:PrincipalAccount": OURS}}, effect="Deny")], ((), None)),
        ([line({"AWS": "AROAJUQKESVQ5AAKMZYH4"})], ((), None)),
        ([line({"AWS": VENDOR}, action="sts:TagSession")], ((), None)),
        ([line({"AWS": VENDOR}, action="sts:*")], ((VENDOR,), False)),
        ([{"Effect": "Allow", "NotPrincipal": {"AWS": OURS}, "Action": "sts:AssumeRole"}], (("*",), False)),
        ([line({"Federated": f"arn:aws:iam::{OURS}:saml-provider/idp"}, action="sts:AssumeRoleWithSAML")], ((), None)),
        ([], ((), None)),
    ],
)
def test_foreign_trust_is_who_may_come_from_outside(items, expected):
    assert of(*items) == expected


def test_without_a_known_organisation_every_other_account_is_foreign():
    assert of(line({"AWS": SIBLING}), organization=None) == ((SIBLING,), False)


@pytest.mark.parametrize(
    ("item", "strangers"),
    [
        (web(GITHUB), True),
        (web(GITHUB, GITHUB_AUD), True),
        (web(GITHUB, subject("StringLike", "repo:our-org/*")), False),
        (web(GITHUB, subject("StringLike", "repo:our-org/app:ref:refs/heads/*")), False),
        (web(GITHUB, subject("StringEquals", "repo:our-org/app:ref:refs/heads/main")), False),
        (web(GITHUB, subject("StringLike", "repo:our-org*")), True),
        (web(GITHUB, subject("StringLike", "repo:*/app:*")), True),
        (web(GITHUB, subject("StringLike", ["repo:our-org/*", "*"])), True),
        (web(GITHUB, subject("StringLikeIfExists", "repo:our-org/*")), True),
        (web(GITHUB, subject("ForAllValues:StringLike", "repo:our-org/*")), True),
        (web(CLUSTER), True),
        (web(CLUSTER, {"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/AB12:aud": "sts.amazonaws.com"}}), False),
        (web("cognito-identity.amazonaws.com"), True),
        (
            web(
                "cognito-identity.amazonaws.com",
                {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}},
            ),
            False,
        ),
        (web("cognito-identity.amazonaws.com", {"StringEquals": {"accounts.google.com:aud": "x"}}), True),
        (web("*"), True),
    ],
)
def test_web_identities_without_a_named_subject_are_anybody(item, strangers):
    assert of(item)[0] == (("*",) if strangers else ())


@pytest.mark.parametrize(
    ("claim", "value", "strangers"),
    [
        ("ref", "refs/heads/main", ("*",)), ("environment", "production", ("*",)), ("event_name", "push", ("*",)),
        ("workflow", "deploy", ("*",)), ("aud", "sts.amazonaws.com", ("*",)),
        ("repository", "our-organisation/web", ()), ("repository_owner_id", "4711", ()),
        ("job_workflow_ref", "our-organisation/flows/.github/workflows/deploy.yml@refs/heads/main", ()),
    ],
)  # fmt: skip
def test_only_claims_that_name_somebody_tell_callers_of_a_shared_issuer_apart(claim, value, strangers):
    assert of(web(GITHUB, {"StringEquals": {f"token.actions.githubusercontent.com:{claim}": value}}))[0] == strangers


def test_the_environment_of_an_issuer_of_ones_own_names_somebody():
    claim = {"StringEquals": {CLUSTER.partition(":oidc-provider/")[2] + ":environment": "production"}}
    assert of(web(CLUSTER, claim)) == ((), None)
