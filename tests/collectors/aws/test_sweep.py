"""All collectors through the façade over the whole fake estate: nothing missed, twice the same, and no failure in silence."""

from collections.abc import Callable

import pytest

from agent.programme import AwsScope
from agent.visiting import in_turn
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.aws.permissions import AMBIENT_ONLY, action
from collectors.resource import Resource
from collectors.sighting import Visit
from collectors.visit import whole as complete
from tests.fakes.aws import FakeAws, Refusal
from tests.fakes.estate import Estate

BY_NAME = {collector.name: collector for collector in COLLECTORS}


@pytest.fixture
def small(estate: Estate, aws: FakeAws, sweep: Callable[..., Aws]) -> Aws:
    """One account in one region, so that a whole sweep takes a moment."""
    estate.regions = ("eu-west-1",)
    return sweep(AwsScope(organization=estate.organization, accounts=(estate.management,), role="Audit"))


def swept(found: Aws) -> dict[str, Visit]:
    """Every cell's visit; collectors that need others after those."""
    cells = found.cells(found.discover(), COLLECTORS)
    visits: dict[str, Visit] = {}
    seen: dict[str, tuple[Resource, ...] | None] = {}
    turns = [one.name for one in in_turn(COLLECTORS)]
    for cell in sorted(cells, key=lambda cell: turns.index(cell.collector)):
        visit = visits[cell.key] = found.visit(cell, BY_NAME[cell.collector], seen)
        readings = {reading.id: reading for reading in visit.readings}
        met = tuple(complete(one, readings.get(one.resource.id)) for one in visit.sightings)
        before = seen.get(cell.collector, ())
        seen[cell.collector] = None if visit.gaps or before is None else before + met
    return visits


def test_the_estate_is_seen_without_a_gap_and_by_exactly_the_granted_calls(whole: Aws, aws: FakeAws) -> None:
    visits = swept(whole)
    assert [gap for visit in visits.values() for gap in visit.gaps] == []
    asked = {action(operation) for operation in aws.operations()} - set(AMBIENT_ONLY)
    granted = {grant for collector in COLLECTORS for grant in collector.grants}
    assert asked - {"sts:GetCallerIdentity", "ec2:DescribeRegions"} <= granted
    assert {request.account for request in aws.requests} == {"111122223333", "222233334444", "333344445555"}
    assert not any("corp.example" in repr(visit) for visit in visits.values())


def test_a_second_sweep_sees_the_same(small: Aws) -> None:
    first, second = swept(small), swept(small)
    assert {key: (visit.sightings, visit.readings, visit.gaps) for key, visit in first.items()} == {
        key: (visit.sightings, visit.readings, visit.gaps) for key, visit in second.items()
    }


def test_a_failing_provider_leaves_no_cell_without_a_gap(small: Aws, aws: FakeAws) -> None:
    cells = small.cells(small.discover(), COLLECTORS)
    aws.trouble("*", Refusal("InternalFailure", 500))
    for cell in cells:
        visit = small.visit(cell, BY_NAME[cell.collector], {})
        assert visit.gaps, cell.key
