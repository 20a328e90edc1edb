"""Regions that the organisation closes: only by a policy that is read, that binds the account, and that does not spare us."""

import copy
from collections.abc import Callable

import pytest

from agent.programme import AwsScope, Exclusion
from collectors.aws.closing import closes
from collectors.aws.cloud import Aws
from collectors.aws.statements import statements
from collectors.sighting import ClosedRegion
from tests.fakes import guardrails
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate
from tests.fakes.guardrails import OF_RESOURCES, REGIONS

ACCOUNT = "222233334444"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Audit"
EU = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}
SHUT = ClosedRegion(region="us-east-1", by="p-regions")


def changed(**more: object) -> dict[str, object]:
    return {**copy.deepcopy(REGIONS), "Condition": EU, **more}


@pytest.mark.parametrize(
    ("statement", "region", "shut"),
    [
        (changed(), "us-east-1", True),
        (changed(), "eu-west-1", False),
        (changed(Condition={"StringNotLike": {"aws:RequestedRegion": "eu-*"}}), "eu-north-1", False),
        (changed(Condition={"StringNotLike": {"aws:RequestedRegion": "eu-*"}}), "us-east-1", True),
        (
            changed(Condition={**EU, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Break*"}}),
            "us-east-1",
            True,
        ),
        (
            changed(Condition={**EU, "ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/Au*"]}}),
            "us-east-1",
            False,
        ),
        (changed(Condition={**EU, "StringEquals": {"aws:PrincipalTag/x": "y"}}), "us-east-1", False),
        (changed(Condition={}), "us-east-1", False),
        (changed(NotAction=["iam:*", "ec2:Describe*"]), "us-east-1", False),
        (changed(NotAction=["iam:*", "kms:*", "config:*"]), "us-east-1", True),
        (changed(Effect="Allow"), "us-east-1", False),
        (changed(Resource="arn:aws:ec2:*:*:instance/*"), "us-east-1", False),
    ],
)
def test_what_closes_a_region(statement: dict[str, object], region: str, shut: bool) -> None:
    assert closes(statements({"Statement": [statement]}), ACCOUNT, ROLE, region) is shut


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy of the fake organisation that limits regions, limited to one."""
    policies = {**guardrails.POLICIES, "p-regions": ([changed()], [guardrails.UNIT])}
    monkeypatch.setattr(guardrails, "POLICIES", policies)


Sweep = Callable[..., Aws]


def looked_at(
    sweep: Sweep, estate: Estate, **scope: object
) -> dict[str, tuple[tuple[str, ...], tuple[ClosedRegion, ...]]]:
    found = sweep(AwsScope(organization=estate.organization, role="Audit", **scope)).discover()  # type: ignore[arg-type]
    assert found.gaps == ()
    return {member.account: (member.regions, member.regions_closed) for member in found.members}


BOTH: tuple[tuple[str, ...], tuple[ClosedRegion, ...]] = (("eu-west-1", "us-east-1"), ())


@pytest.mark.usefixtures("limited")
def test_a_closed_region_is_named_and_not_looked_at(sweep: Sweep, aws: FakeAws, estate: Estate) -> None:
    assert looked_at(sweep, estate) == {
        estate.management: BOTH, ACCOUNT: (("eu-west-1",), (SHUT,)), "333344445555": BOTH,
    }  # fmt: skip
    assert len(aws.requests) == len({(one.account, one.operation, str(one.parameters)) for one in aws.requests}), (
        "asked twice"
    )


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(
    "operation", ["ListRoots", "ListPolicies", "ListParents", "ListTargetsForPolicy", "DescribePolicy"]
)
def test_it_opens_as_soon_as_the_policy_is_not_read(sweep: Sweep, aws: FakeAws, estate: Estate, operation: str) -> None:
    aws.deny(f"organizations.{operation}")
    assert looked_at(sweep, estate)[ACCOUNT] == BOTH


@pytest.mark.usefixtures("limited")
def test_the_policies_of_an_account_that_is_left_out_are_not_read(sweep: Sweep, aws: FakeAws, estate: Estate) -> None:
    left_out = Exclusion(reason="the billing's own", owner="platform", account=estate.management)
    assert looked_at(sweep, estate, exclude=(left_out,))[ACCOUNT] == BOTH
    assert "organizations.ListRoots" not in aws.operations()


@pytest.mark.usefixtures("limited")
def test_what_discovery_has_read_the_guardrails_do_not_ask_again(sweep: Sweep, aws: FakeAws, estate: Estate) -> None:
    from collectors.aws.guardrails import Guardrails
    from collectors.collector import Cell

    found = sweep(AwsScope(organization=estate.organization, role="Audit"))
    found.discover()
    aws.calm()
    cell = Cell(provider="aws", account=ACCOUNT, region="global", collector="aws.guardrails")
    (sighting,) = found.visit(cell, Guardrails, {"aws.trails": ()}).sightings  # type: ignore[arg-type]
    again = [
        one
        for one in aws.requests
        if one.parameters.get("Filter") != OF_RESOURCES and one.parameters.get("PolicyId") != "p-outside"
    ]
    assert (sighting.resource.regions_limited, again) == (True, [])  # type: ignore[union-attr]
