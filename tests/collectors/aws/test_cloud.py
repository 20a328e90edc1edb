"""The façade: cells, visits, and a sweep of everything."""

from collections.abc import Callable

import pytest

from agent.programme import AwsScope
from collectors.aws.cloud import Aws, is_provider_host
from collectors.aws.networks import Networks
from collectors.aws.volumes import Volumes
from collectors.collector import Cell
from collectors.gap import Gap, Reason
from tests.fakes.aws import FakeAws, Refusal
from tests.fakes.estate import Estate

Sweep = Callable[..., Aws]


def cell(account: str, region: str = "eu-west-1") -> Cell:
    return Cell(provider="aws", account=account, region=region, collector="aws.volumes")


def test_cells_are_accounts_times_regions(whole: Aws) -> None:
    cells = whole.cells(whole.discover(), (Networks, Volumes))  # type: ignore[arg-type]
    assert len(cells) == 3 * 2 * 2
    assert list(cells) == sorted(cells)
    assert Cell.of(cells[0].key) == cells[0]


def test_a_visit_reads_every_page_with_its_own_accounts_keys(whole: Aws, aws: FakeAws) -> None:
    aws.calm()
    found = whole.visit(cell("222233334444", "us-east-1"), Volumes, {})  # type: ignore[arg-type]
    assert [sighting.resource.id.rpartition("/")[2] for sighting in found.sightings] == ["vol-1", "vol-2", "vol-3"]
    assert {(request.account, request.region) for request in aws.requests} == {("222233334444", "us-east-1")}
    assert len(found.calls) == len(aws.requests) == 3
    assert found.gaps == ()


def test_a_cell_of_an_account_without_credentials_is_one_gap(sweep: Sweep, aws: FakeAws, estate: Estate) -> None:
    estate.roles = ("111122223333",)
    found = sweep(AwsScope(organization=estate.organization, role="Audit"))
    found.discover()
    assumed = sum(request.operation == "sts.AssumeRole" for request in aws.requests)
    here = cell("222233334444")
    visit = found.visit(here, Volumes, {})  # type: ignore[arg-type]
    assert visit.gaps == (
        Gap(cell=here.key, operation="sts.AssumeRole", subject="", reason=Reason.NO_ROLE, detail="AccessDenied"),
    )
    assert visit.sightings == ()
    assert sum(request.operation == "sts.AssumeRole" for request in aws.requests) == assumed


def test_renewing_a_role_is_accounted_for_by_the_visit_that_needed_it(whole: Aws, aws: FakeAws, estate: Estate) -> None:
    whole.visit(cell("222233334444"), Volumes, {})  # type: ignore[arg-type]
    estate.expired.add(aws.requests[-1].access_key)
    found = whole.visit(cell("222233334444"), Volumes, {})  # type: ignore[arg-type]
    assert found.gaps == ()
    assert [call.operation for call in found.calls].count("sts.AssumeRole") == 1


def test_a_region_that_refuses_our_keys_is_denied(whole: Aws, aws: FakeAws) -> None:
    aws.trouble("ec2.DescribeVolumes", Refusal("AuthFailure", 401))
    found = whole.visit(cell("222233334444"), Volumes, {})  # type: ignore[arg-type]
    assert [gap.reason for gap in found.gaps] == [Reason.DENIED]


@pytest.mark.parametrize(
    ("host", "real"),
    [
        ("ec2.eu-west-1.amazonaws.com", True),
        ("sts.cn-north-1.amazonaws.com.cn", True),
        ("ec2.eu-west-1.api.aws", True),
        ("127.0.0.1:5000", False),
        ("amazonaws.com.evil.example", False),
        ("notamazonaws.com", False),
        ("localhost", False),
    ],
)
def test_the_providers_own_hosts_are_known(host: str, real: bool) -> None:
    assert is_provider_host(host) is real
