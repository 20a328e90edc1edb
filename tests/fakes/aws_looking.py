"""One look at the fake AWS with the real client: what every cell saw, and what the checks say of it."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.programme import AwsScope
from agent.visiting import in_turn, joined
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.collector import Cell, Collector
from collectors.gap import Gap
from collectors.resource import Resource
from collectors.sighting import Visit
from collectors.visit import whole
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.coverage import proven_text
from controls.verdict import Outcome
from tests.conftest import ambient
from tests.fakes.aws import FakeAws, Request
from tests.fakes.estate import Estate
from tests.fakes.pages import THEN
from tests.fakes.quiet import Quiet

ACCOUNTS = ("111122223333", "222233334444")
NOW = THEN + timedelta(hours=12)
"""When the estate is looked at."""


@dataclass(kw_only=True)
class Look:
    """What came of it."""

    visits: dict[str, Visit] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    """(check, resource id) -> outcome."""

    @property
    def gaps(self) -> list[Gap]:
        """Of every cell."""
        return [gap for visit in self.visits.values() for gap in visit.gaps]

    def having(self, outcome: Outcome) -> set[str]:
        """Checks with some verdict of one outcome."""
        return {check for (check, _), found in self.verdicts.items() if found is outcome}


def look(aws: Aws, cells: Iterable[Cell], collectors: Iterable[Collector] = COLLECTORS, now: datetime = NOW) -> Look:
    """Visit the cells, each after those that it joins, and judge what they see."""
    found, judge = Look(), Judge(CHECKS)
    by_collector: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_collector[cell.collector].append(cell)
    for collector in in_turn(collectors):
        for cell in by_collector[collector.name]:
            visit = found.visits[cell.key] = aws.visit(cell, collector, seen(found.visits, collector, cell))
            for resource in resources(visit):
                for check, verdict in judge(resource, now):
                    found.verdicts[check.name, resource.id] = verdict.outcome
    return found


def seen(visits: Mapping[str, Visit], collector: Collector, cell: Cell) -> dict[str, tuple[Resource, ...] | None]:
    """What the visits before tell a cell: of its whole organisation, or of its account."""
    told = {
        name: joined(visit for key, visit in visits.items() if Cell.of(key).collector == name)
        for name in collector.needs
    }
    here = {key: visit for key, visit in visits.items() if Cell.of(key).account == cell.account}
    return told | {
        name: joined(visit for key, visit in here.items() if Cell.of(key).collector == name)
        for name in collector.beside
    }


def resources(visit: Visit) -> Iterator[Resource]:
    """What a visit saw, readings put back."""
    readings = {reading.id: reading for reading in visit.readings}
    return (whole(one, readings.get(one.resource.id)) for one in visit.sightings)


@contextmanager
def served(estate: Estate, patch: pytest.MonkeyPatch) -> Iterator[tuple[FakeAws, Aws]]:
    """A fake AWS with that estate, and a sweep of its organisation that never sleeps. The environment must name an agent of it already."""
    server = FakeAws(answers=estate.answer).start()
    patch.setenv("AWS_ENDPOINT_URL", server.url)
    aws = Aws(
        AwsScope(organization=estate.organization, role="Audit"), session_name="test", pseudonym_key=b"key", clock=lambda: 0.0,
        sleep=lambda _: None,
    )  # fmt: skip
    yield server, aws
    aws.close()
    server.stop()


class Unwatched(Quiet):
    """The quiet estate, and nothing that is done in it is recorded."""

    def answer(self, request: Request) -> dict[str, Any]:
        """The quiet estate's answer, without trails."""
        return {"trailList": []} if request.operation == "cloudtrail.DescribeTrails" else super().answer(request)


OF_ACCOUNTS = ("aws.alarms", "aws.guardrails", "aws.regions")
"""Collectors that tell the unwatched estate from the watched: what they see is the same in every account of one organisation."""


def unwatched(patch: pytest.MonkeyPatch) -> Look:
    """What is particular to the unwatched estate."""
    with served(Unwatched(accounts=ACCOUNTS), patch) as (_, aws):
        few = tuple(joining(OF_ACCOUNTS))
        return look(aws, aws.cells(aws.discover(), few), few)


def joining(names: Iterable[str]) -> Iterator[Collector]:
    """The collectors of these names, with all that they join."""
    known, open_, met = {one.name: one for one in COLLECTORS}, list(names), set[str]()
    while open_:
        name = open_.pop()
        if name not in met:
            met.add(name)
            open_ += [*known[name].needs, *known[name].beside]
            yield known[name]


def proven(looks: Iterable[Look]) -> list[str]:
    """Checks with at least one passed and one failed verdict over some looks."""
    every = tuple(looks)
    passed = {check for one in every for check in one.having(Outcome.PASSED)}
    return sorted({check for one in every for check in one.having(Outcome.FAILED)} & passed)


def main(target: Path) -> None:
    """Write what the fake estates prove of AWS into `controls/proven.json`: `python -m tests.fakes.aws_looking controls/proven.json`."""
    with pytest.MonkeyPatch.context() as patch:
        ambient(patch, ACCOUNTS[0], "")
        with served(Estate(accounts=ACCOUNTS), patch) as (_, aws):
            whole_of_it = look(aws, aws.cells(aws.discover(), COLLECTORS))
        found = proven([whole_of_it, unwatched(patch)])
    target.write_text(proven_text({**json.loads(target.read_text()), "aws": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
