"""The policy is exactly what is asked for, and nothing of it changes anything."""

import re

import pytest

from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.aws.permissions import AMBIENT_ONLY, DISCOVERY_GRANTS, SPARING_GRANTS, action, ambient_policy, policy
from tests.fakes.aws import FakeAws


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("s3.ListBuckets", "s3:ListAllMyBuckets"),
        ("s3.GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("s3.GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("s3control.GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
        ("kms.DescribeKey", "kms:DescribeKey"),
    ],
)
def test_operations_have_their_iam_action(operation: str, expected: str) -> None:
    assert action(operation) == expected


def test_the_policy_is_sorted_exact_and_reads_only() -> None:
    [statement] = policy(COLLECTORS)["Statement"]
    actions = statement["Action"]
    assert actions == sorted(set(actions))
    assert not any("*" in one for one in actions)
    assert all(
        re.match(r"[a-z0-9-]+:(BatchGet|Describe|Get|List|Select|GenerateCredentialReport|GET$)", one)
        for one in actions
    )
    assert {grant for collector in COLLECTORS for grant in collector.grants} <= set(actions)
    assert not set(actions) & set(AMBIENT_ONLY)


def test_both_policies_together_are_all_that_discovery_asks(whole: Aws, aws: FakeAws) -> None:
    granted = {*policy(())["Statement"][0]["Action"], *ambient_policy()["Statement"][0]["Action"]}
    assert granted - set(SPARING_GRANTS) == set(DISCOVERY_GRANTS)
    assert set(DISCOVERY_GRANTS) == {action(operation) for operation in aws.operations()}
