import json

import pytest

from collectors.aws.registries import Registries, fits
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/team/app"
ELEMENT = {
    "repositoryArn": ARN, "repositoryName": "team/app", "imageTagMutability": "IMMUTABLE",
    "imageScanningConfiguration": {"scanOnPush": False},
}  # fmt: skip


def ruled(frequency="CONTINUOUS_SCAN", pattern="*"):
    return {
        "scanningConfiguration": {
            "scanType": "ENHANCED",
            "rules": [
                {"scanFrequency": frequency, "repositoryFilters": [{"filter": pattern, "filterType": "WILDCARD"}]}
            ],
        }
    }


def facts(element=ELEMENT, scanning=None, tagged=(), rules="RepositoryPolicyNotFoundException"):
    told = Told({
        "ecr.GetRepositoryPolicy": rules,
        "ecr.GetRegistryScanningConfiguration": scanning, "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": list(tagged)},
    })  # fmt: skip
    registry = Registries.describe(told, element)
    assert (registry.id, registry.kind, registry.tags) == (ARN, "image registry", {})
    return registry.scanned, registry.immutable, registry.public


@pytest.mark.parametrize(
    ("own", "scanning", "scanned"),
    [
        (True, {"scanningConfiguration": {"rules": []}}, True),
        (True, None, True),
        (False, ruled(), True),
        (False, ruled("SCAN_ON_PUSH", "team/*"), True),
        (False, ruled("MANUAL"), False),
        (False, ruled(pattern="other"), False),
        (False, {"scanningConfiguration": {"scanType": "BASIC"}}, False),
        (False, {}, None),
        (False, None, None),
        (None, {"scanningConfiguration": {"rules": []}}, None),
    ],
)
def test_a_repository_is_scanned_by_its_own_setting_or_by_a_rule(own, scanning, scanned):
    assert facts({**ELEMENT, "imageScanningConfiguration": {"scanOnPush": own}}, scanning)[0] is scanned


@pytest.mark.parametrize(
    ("said", "immutable"),
    [("IMMUTABLE", True), ("MUTABLE", False), ("IMMUTABLE_WITH_EXCLUSION", False), (None, None)],
)
def test_tags_stay_where_none_may_be_moved(said, immutable):
    assert facts({**ELEMENT, "imageTagMutability": said}, ruled())[1] is immutable


def policy(principal):
    line = {"Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage"}
    return {"policyText": json.dumps({"Version": "2012-10-17", "Statement": [line]})}


@pytest.mark.parametrize(
    ("rules", "public"),
    [
        ("RepositoryPolicyNotFoundException", False),
        (policy("*"), True),
        (policy({"AWS": "arn:aws:iam::222233334444:root"}), False),
        ({"policyText": "?"}, None),
        ({"Surprise": 1}, None),
        ("AccessDeniedException", None),
    ],
)
def test_a_repository_is_public_where_its_policy_lets_everybody_in(rules, public):
    assert facts(scanning=ruled(), rules=rules)[2] is public


def test_a_repository_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        facts(rules="RepositoryNotFoundException")


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "team/app", True), ("team/*", "team/app", True), ("team/*", "other/team/app", False), ("*app", "team/app", True),
        ("app", "team/app-1", True), ("app", "team/web", False), ("team.app", "team/app", False),
    ],
)  # fmt: skip
def test_filters_fit_as_the_user_guide_says(pattern, name, expected):
    assert fits(pattern, name) is expected
