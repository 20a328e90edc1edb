"""What cells of one account ask alike is asked once, and not kept for longer than the account is looked at."""

import pytest

from agent.programme import AwsScope
from collectors.aws.catalogue import COLLECTORS
from tests.fakes.aws_looking import joining, look

ALIKE = {
    "ec2.DescribeFlowLogs": ("aws.networks", "aws.subnets"),
    "kms.ListAliases": ("aws.databases", "aws.volumes"),
    "resourcegroupstaggingapi.GetResources": ("aws.certificates", "aws.registries"),
}  # fmt: skip
"""Operation -> collectors of a region that ask it alike."""


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("operation", sorted(ALIKE))
def test_cells_of_one_account_and_region_ask_alike_questions_once(sweep, aws, estate, operation):
    estate.accounts = ("111122223333", "222233334444")
    found = sweep(AwsScope(organization=estate.organization, role="Audit"))
    collectors = [one for one in COLLECTORS if one.name in {each.name for each in joining(ALIKE[operation])}]
    cells = found.cells(found.discover(), collectors)
    seen = look(found, cells, collectors)
    assert seen.gaps == []
    asked = [
        (one.account, one.region, str(sorted(one.parameters.items())))
        for one in aws.requests
        if one.operation == operation
    ]
    assert len(asked) == len(set(asked))
    assert {(account, region) for account, region, _ in asked} == {
        (account, region) for account in estate.accounts for region in estate.regions
    }
    assert found._sharing._kept == {}


def test_a_refusal_of_what_is_shared_is_every_cells_gap(sweep, aws, estate):
    estate.accounts = ("111122223333",)
    found = sweep(AwsScope(organization=estate.organization, role="Audit"))
    collectors = [one for one in COLLECTORS if one.name in {"aws.volumes", "aws.databases"}]
    cells = found.cells(found.discover(), collectors)
    aws.deny("kms.ListAliases")
    seen = look(found, cells, collectors)
    assert {gap.cell for gap in seen.gaps if gap.subject} == {cell.key for cell in cells}
    assert {gap.operation for gap in seen.gaps} == {"kms.ListAliases"}
