"""Discovery reconciles every account, and what it cannot find out is a gap; nothing that the world does ends it."""

from collections.abc import Callable

import pytest

from agent.programme import AwsScope, Exclusion
from collectors.aws.cloud import Aws
from collectors.gap import Reason
from collectors.sighting import Estate as Found
from tests.conftest import ambient
from tests.fakes.aws import FakeAws, Raw, Refusal, access_key
from tests.fakes.estate import Estate

MANAGEMENT, SECOND, THIRD = "111122223333", "222233334444", "333344445555"
Sweep = Callable[..., Aws]


def states(found: Found) -> dict[str, str]:
    return {member.account: member.state for member in found.members}


def gaps(found: Found) -> list[tuple[str, Reason]]:
    return [(gap.cell, gap.reason) for gap in found.gaps]


@pytest.fixture
def scope(estate: Estate) -> AwsScope:
    return AwsScope(organization=estate.organization, role="Audit")


def test_every_account_and_enabled_region_is_found(sweep: Sweep, aws: FakeAws, scope: AwsScope) -> None:
    found = sweep(scope).discover()
    assert states(found) == {MANAGEMENT: "in scope", SECOND: "in scope", THIRD: "in scope"}
    assert {member.regions for member in found.members} == {("eu-west-1", "us-east-1")}
    assert (found.organization, found.management_account, found.gaps) == ("o-exampleorg1", MANAGEMENT, ())
    assert found.read is not None
    assert {call.operation for call in found.calls} == aws.operations()
    assert len(found.calls) == len(aws.requests)


def test_closed_excluded_and_unallocated_accounts_are_told_apart(sweep: Sweep, aws: FakeAws, estate: Estate) -> None:
    estate.accounts = (*estate.accounts, "444455556666")
    estate.suspended = ("555566667777",)
    scope = AwsScope(
        organization=estate.organization, accounts=(MANAGEMENT, SECOND), role="Audit",
        exclude=(Exclusion(reason="no customer data", owner="platform", account=THIRD),),
    )  # fmt: skip
    found = sweep(scope).discover()
    assert states(found) == {
        MANAGEMENT: "in scope", SECOND: "in scope", THIRD: "excluded", "444455556666": "unallocated", "555566667777": "closed",
    }  # fmt: skip
    assert gaps(found) == [("aws/444455556666/global/aws.organization", Reason.UNALLOCATED)]
    [excluded] = [member for member in found.members if member.state == "excluded"]
    assert (excluded.reason, excluded.owner, excluded.regions) == ("no customer data", "platform", ())


def test_regions_are_limited_and_left_out_with_a_reason(sweep: Sweep, aws: FakeAws, estate: Estate) -> None:
    estate.regions = ("eu-west-1", "us-east-1", "sa-east-1")
    scope = AwsScope(
        organization=estate.organization, role="Audit", regions=("eu-west-1", "us-east-1", "ap-east-1"),
        exclude=(Exclusion(reason="empty", owner="platform", region="us-east-1", account=SECOND),),
    )  # fmt: skip
    found = {member.account: member for member in sweep(scope).discover().members}
    assert (found[SECOND].regions, found[SECOND].regions_excluded) == (("eu-west-1",), ("us-east-1",))
    assert (found[THIRD].regions, found[THIRD].regions_excluded) == (("eu-west-1", "us-east-1"), ())


def test_without_an_organization_the_ambient_account_is_the_estate(sweep: Sweep, aws: FakeAws) -> None:
    found = sweep(AwsScope()).discover()
    assert states(found) == {MANAGEMENT: "in scope"}
    assert "sts.AssumeRole" not in aws.operations()
    assert {request.access_key for request in aws.requests} == {access_key(MANAGEMENT)}


def test_sessions_are_named_after_the_sweep_and_carry_the_external_id(
    sweep: Sweep, aws: FakeAws, estate: Estate
) -> None:
    estate.external_id = "shared-word"
    found = sweep(AwsScope(organization=estate.organization, role="Audit", external_id="shared-word")).discover()
    assert found.gaps == ()
    [parameters] = {
        tuple(sorted(request.parameters.items()))
        for request in aws.requests
        if request.operation == "sts.AssumeRole" and SECOND in request.parameters["RoleArn"]
    }
    assert dict(parameters) == {
        "RoleArn": f"arn:aws:iam::{SECOND}:role/Audit", "RoleSessionName": "starcadence-test", "ExternalId": "shared-word",
    }  # fmt: skip


def test_the_ambient_account_needs_no_role_of_its_own(
    sweep: Sweep, aws: FakeAws, estate: Estate, scope: AwsScope
) -> None:
    estate.roles = (SECOND, THIRD)
    found = sweep(scope).discover()
    assert found.gaps == ()
    assert access_key(MANAGEMENT) in {
        request.access_key for request in aws.requests if request.operation == "ec2.DescribeRegions"
    }


def test_an_account_without_the_role_stays_in_scope_as_a_gap(
    sweep: Sweep, aws: FakeAws, estate: Estate, scope: AwsScope
) -> None:
    estate.roles = (MANAGEMENT, THIRD)
    found = sweep(scope).discover()
    assert states(found)[SECOND] == "in scope"
    assert gaps(found) == [(f"aws/{SECOND}/global/aws.enabled_regions", Reason.NO_ROLE)]
    assert {member.account: member.regions for member in found.members}[SECOND] == ()


def test_another_role_than_asked_for_is_not_used(sweep: Sweep, aws: FakeAws, scope: AwsScope, estate: Estate) -> None:
    real = estate.answer

    def swapped(request: object) -> dict[str, object]:
        answer = real(request)  # type: ignore[arg-type]
        if "AssumedRoleUser" in answer:
            answer["AssumedRoleUser"]["Arn"] = "arn:aws:sts::999988887777:assumed-role/Audit/x"
        return answer

    aws.answers = swapped  # type: ignore[assignment]
    found = sweep(scope).discover()
    assert {reason for _, reason in gaps(found)} == {Reason.MALFORMED}
    assert "ec2.DescribeRegions" not in aws.operations()


PLACES = {
    "organizations.DescribeOrganization": "aws/o-exampleorg1/global/aws.organization",
    "organizations.ListAccounts": "aws/o-exampleorg1/global/aws.organization",
    "ec2.DescribeRegions": f"aws/{MANAGEMENT}/global/aws.enabled_regions",
    "sts.GetCallerIdentity": "aws/o-exampleorg1/global/aws.organization",
}
"""Where the gap of each operation of discovery belongs."""
NAMELESS = b"<DescribeRegionsResponse><regionInfo><item/></regionInfo></DescribeRegionsResponse>"
TROUBLES = [
    *((operation, Refusal("AccessDenied", 403), Reason.DENIED) for operation in PLACES),
    *((operation, Raw(b"nonsense"), Reason.MALFORMED) for operation in PLACES),
    *((operation, Raw(b"<a/>"), Reason.MALFORMED) for operation in ("ec2.DescribeRegions", "sts.GetCallerIdentity")),
    *((operation, Raw(b"{}"), Reason.MALFORMED) for operation in PLACES if operation.startswith("organizations.")),
    ("organizations.ListAccounts", Raw(b'{"Accounts": []}'), Reason.MALFORMED),
    ("organizations.ListAccounts", Raw(b'{"Accounts": [{}]}'), Reason.MALFORMED),
    ("organizations.ListAccounts", Refusal("InternalFailure", 500), Reason.FAILED),
    ("ec2.DescribeRegions", Raw(NAMELESS), Reason.MALFORMED),
]


@pytest.mark.parametrize(("operation", "raised", "reason"), TROUBLES)
@pytest.mark.slow
@pytest.mark.sampled
def test_what_discovery_cannot_find_out_is_a_gap(
    sweep: Sweep, aws: FakeAws, scope: AwsScope, operation: str, raised: Exception, reason: Reason
) -> None:
    aws.trouble(operation, raised)
    found = sweep(scope).discover()
    assert (PLACES[operation], reason) in gaps(found)
    assert all(not gap.subject for gap in found.gaps)


def test_an_organization_that_was_not_read_to_its_end_is_not_known(sweep: Sweep, aws: FakeAws, scope: AwsScope) -> None:
    aws.trouble("organizations.ListAccounts", Refusal("TooManyRequestsException"), about="2")
    found = sweep(scope)
    assert gaps(found.discover()) == [("aws/o-exampleorg1/global/aws.organization", Reason.THROTTLED)]
    assert found._organization_accounts is None


def test_credentials_of_another_organization_see_none_of_it(
    sweep: Sweep, aws: FakeAws, estate: Estate, scope: AwsScope
) -> None:
    estate.organization = "o-someoneelse"
    found = sweep(scope).discover()
    assert gaps(found)[0] == ("aws/o-exampleorg1/global/aws.organization", Reason.NO_ROLE)
    assert "organizations.ListAccounts" not in aws.operations()


def test_no_credentials_at_all_is_a_gap(sweep: Sweep, no_ambient_aws: None) -> None:
    found = sweep(AwsScope()).discover()
    assert found.members == ()
    assert gaps(found) == [("aws/unknown/global/aws.organization", Reason.NO_ROLE)]


def test_an_unknown_profile_is_a_gap(sweep: Sweep, no_ambient_aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    found = sweep(AwsScope()).discover()
    assert [reason for _, reason in gaps(found)] == [Reason.FAILED]


def test_nobody_answering_is_a_gap(sweep: Sweep, monkeypatch: pytest.MonkeyPatch, scope: AwsScope) -> None:
    ambient(monkeypatch, MANAGEMENT, "http://127.0.0.1:9")
    found = sweep(scope).discover()
    assert {reason for _, reason in gaps(found)} == {Reason.UNREACHABLE}
    assert found.calls
    assert {call.status for call in found.calls} == {0}


@pytest.mark.parametrize("raised", [Refusal("InternalFailure", 500), Refusal("AccessDenied", 403), Raw(b"nonsense")])
def test_what_any_region_knows_is_asked_elsewhere_when_the_first_is_down_or_closed(
    sweep: Sweep, aws: FakeAws, scope: AwsScope, monkeypatch: pytest.MonkeyPatch, raised: Exception
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    good = sweep(scope).discover()
    for operation in ("ec2.DescribeRegions", "sts.GetCallerIdentity"):
        aws.trouble(operation, raised, region="us-east-1")
    found = sweep(scope).discover()
    assert (good.gaps, found.gaps) == ((), ())
    assert found.members == good.members
    assert {one.region for one in aws.requests if one.operation == "ec2.DescribeRegions"} == {"us-east-1", "us-west-2"}


def test_a_role_is_assumed_elsewhere_only_where_a_region_does_not_answer(
    sweep: Sweep, aws: FakeAws, scope: AwsScope
) -> None:
    aws.trouble("sts.AssumeRole", Refusal("InternalFailure", 500), region="eu-west-1")
    assert sweep(scope).discover().gaps == ()
    assert {one.region for one in aws.requests if one.operation == "sts.AssumeRole"} == {"eu-west-1", "us-east-1"}
    aws.calm()
    aws.requests.clear()
    aws.trouble("sts.AssumeRole", Refusal("AccessDenied", 403))
    assert {reason for _, reason in gaps(sweep(scope).discover())} == {Reason.NO_ROLE}
    assert {one.region for one in aws.requests if one.operation == "sts.AssumeRole"} == {"eu-west-1"}
