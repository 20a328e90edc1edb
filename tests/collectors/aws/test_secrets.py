import json
from datetime import UTC, datetime, timedelta

import pytest

from collectors.aws.secrets import Secrets
from collectors.collector import Gone
from collectors.resource import FAR
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-AbCdEf"
THEN = datetime(2026, 1, 5, tzinfo=UTC)
ELEMENT = {"ARN": ARN, "Name": "db", "CreatedDate": THEN, "Tags": [{"Key": "team", "Value": "payments"}]}


def policy(principal):
    line = {"Effect": "Allow", "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    return {"ResourcePolicy": json.dumps({"Statement": [line]})}


def facts(element=ELEMENT, rules=None, versions=None):
    told = Told({
        "secretsmanager.GetResourcePolicy": rules, "secretsmanager.ListSecretVersionIds": versions,
        "kms.ListAliases": {"Aliases": [{"AliasName": "alias/aws/secretsmanager", "TargetKeyId": "aws"}]},
    })  # fmt: skip
    secret = Secrets.describe(told, element)
    assert (secret.id, secret.name, secret.tags) == (ARN, "db", {"team": "payments"})
    return secret


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, False),
        (policy("*"), True),
        (policy({"AWS": "arn:aws:iam::222233334444:root"}), False),
        ({"ResourcePolicy": "{"}, None),
        (None, None),
    ],
)
def test_a_secret_is_open_where_its_policy_lets_everybody_in(rules, expected):
    assert facts(rules=rules).open_policy is expected


@pytest.mark.parametrize(
    ("said", "versions", "expected"),
    [
        ({"LastRotatedDate": THEN}, None, THEN),
        ({}, {"Versions": [{"CreatedDate": THEN - timedelta(days=9)}, {"CreatedDate": THEN}, {}]}, THEN),
        ({}, {"Versions": [{"CreatedDate": THEN}], "NextToken": "more"}, None),
        ({}, {"Versions": []}, None),
        ({}, None, None),
    ],
)
def test_its_newest_version_was_made_by_its_rotation_or_by_hand(said, versions, expected):
    assert facts({**ELEMENT, **said}, {}, versions).rotated == expected


@pytest.mark.parametrize(
    ("said", "renews", "held"),
    [
        ({}, False, "provider"),
        ({"RotationEnabled": True, "KmsKeyId": "alias/aws/secretsmanager"}, True, "provider"),
        ({"RotationEnabled": False, "KmsKeyId": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/ours"}, False, "customer"),
        ({"KmsKeyId": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/aws"}, False, "provider"),
        ({"KmsKeyId": "arn:aws:kms:eu-west-1:222233334444:key/theirs"}, False, "customer"),
    ],
)
def test_a_secret_has_a_schedule_and_a_key_and_no_end(said, renews, held):
    secret = facts({**ELEMENT, **said}, {})
    assert (secret.renews, secret.key_held_by, secret.expires) == (renews, held, FAR)


def test_secrets_of_other_services_are_the_providers():
    assert facts({**ELEMENT, "OwningService": "rds"}, {}).managed_by == "provider"
    assert facts(rules={}).managed_by == "customer"


def test_a_copy_is_its_primarys():
    copy = {**ELEMENT, "PrimaryRegion": "us-east-1"}
    primary = {**ELEMENT, "PrimaryRegion": "eu-west-1"}
    told = Told({"secretsmanager.ListSecrets": {"SecretList": [ELEMENT, copy, primary]}})
    assert list(Secrets.list(told)) == [ELEMENT, primary]


def test_a_secret_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        facts(rules="ResourceNotFoundException")
