"""All collectors through the façade over the whole fake estate: nothing missed, twice the same, no failure in silence; what it proves."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.aws.gathered import Gathered
from collectors.aws.permissions import AMBIENT_ONLY, action
from collectors.collector import Collector
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.conftest import ambient
from tests.fakes.aws import FakeAws, Refusal
from tests.fakes.aws_looking import ACCOUNTS, Look, joining, look, proven, seen, served, unwatched
from tests.fakes.estate import Estate
from tests.fakes.unproven import contradicted


class Swept:
    """A fake AWS, a sweep of it, its cells, and one look at all of them."""

    def __init__(self, server: FakeAws, aws: Aws) -> None:
        self.server, self.aws = server, aws
        self.cells = aws.cells(aws.discover(), COLLECTORS)
        self.found: Look = look(aws, self.cells)
        self.requests = tuple(server.requests)

    def afresh(self) -> Aws:
        """The same sweep, having forgotten what it was told."""
        self.aws._elsewhere = replace(self.aws._elsewhere, gathered=Gathered())
        self.aws._sharing.expect(())
        return self.aws


@pytest.fixture(scope="module")
def swept() -> Iterator[Swept]:
    with pytest.MonkeyPatch.context() as patch:
        ambient(patch, ACCOUNTS[0], "")
        with served(Estate(accounts=ACCOUNTS), patch) as (server, aws):
            yield Swept(server, aws)


def test_the_estate_is_seen_without_a_gap_and_by_exactly_the_granted_calls(swept: Swept) -> None:
    assert swept.found.gaps == []
    asked = {action(request.operation) for request in swept.requests} - set(AMBIENT_ONLY)
    granted = {grant for collector in COLLECTORS for grant in collector.grants}
    assert asked - {"sts:GetCallerIdentity", "ec2:DescribeRegions"} <= granted
    assert {request.account for request in swept.requests} == set(ACCOUNTS)
    assert not any("corp.example" in repr(visit) for visit in swept.found.visits.values())


def test_what_counts_as_proven_is_what_the_fake_estates_prove(swept: Swept, monkeypatch: pytest.MonkeyPatch) -> None:
    ambient(monkeypatch, ACCOUNTS[0], "")
    shipped = json.loads((Path(__file__).parents[3] / "controls" / "proven.json").read_text())
    looks = [swept.found, unwatched(monkeypatch)]
    assert shipped["aws"] == proven(looks), "type `python -m tests.fakes.aws_looking controls/proven.json`"
    outcomes = {
        check.name: {str(it) for one in looks for (name, _), it in one.verdicts.items() if name == check.name}
        for check in CHECKS
    }
    assert contradicted("aws", outcomes) == []


@pytest.mark.slow
@pytest.mark.whole
def test_no_check_passes_for_want_of_a_permission(swept: Swept) -> None:
    """Each operation refused in turn: no verdict is better for it, and what it took away is unknown or unseen, with a gap that names it."""
    for operation in sorted({request.operation for request in swept.requests} - DISCOVERY):
        concerned = concerned_by(operation)
        swept.server.deny(operation)
        found = look(swept.afresh(), swept.cells, concerned)
        swept.server.calm()
        before = swept.found.verdicts
        better = {
            key for key, outcome in found.verdicts.items()
            if outcome is not Outcome.UNKNOWN and outcome is not before.get(key, Outcome.NOT_APPLICABLE)
        }  # fmt: skip
        assert better == set(), operation
        assert operation in {gap.operation for gap in found.gaps}


DISCOVERY = {
    "sts.AssumeRole", "sts.GetCallerIdentity", "organizations.DescribeOrganization", "organizations.ListAccounts", "ec2.DescribeRegions",
}  # fmt: skip
"""What tells which cells there are, before any is looked at."""


def concerned_by(operation: str) -> tuple[Collector, ...]:
    """The collectors that may ask it, those that join them, and whatever these need to look."""
    asking = {one.name for one in COLLECTORS if action(operation) in one.grants}
    while more := {one.name for one in COLLECTORS if asking & {*one.needs, *one.beside}} - asking:
        asking |= more
    return tuple(joining(asking))


def test_a_second_look_sees_the_same(swept: Swept) -> None:
    again = [cell for cell in swept.cells if cell.account == ACCOUNTS[1] and cell.region in {"global", "us-east-1"}]
    aws = swept.afresh()
    for cell in again:
        collector = next(one for one in COLLECTORS if one.name == cell.collector)
        first = swept.found.visits[cell.key]
        second = aws.visit(cell, collector, seen(swept.found.visits, collector, cell))
        assert (second.sightings, second.readings, second.gaps) == (first.sightings, first.readings, first.gaps)


def test_a_failing_provider_leaves_no_cell_without_a_gap(swept: Swept) -> None:
    aws = swept.afresh()
    swept.server.trouble("*", Refusal("ValidationError", 400))
    try:
        for collector in COLLECTORS:
            cell = next(cell for cell in swept.cells if cell.collector == collector.name)
            assert aws.visit(cell, collector, {}).gaps, cell.key
    finally:
        swept.server.calm()
