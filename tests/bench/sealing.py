"""What sealing costs: a month of hourly sweeps against a month of daily ones, over the same resources.

One sweep is really taken, at the end of the month; the others are its copies in their own slots, so that the seal has as much to read as
after a month of an unchanged estate.
"""

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from agent.canonical import encode, stamp
from agent.cycle import Cycle, slots
from agent.running import run, write_down
from collectors.collector import Cell, Collector
from collectors.resource import Resource
from collectors.resources import AnyResource
from collectors.sighting import Visit
from tests.agent.living import PROGRAMME, Life, begin
from tests.agent.simulator import Simulator

ACCOUNTS = 100
END = datetime(2026, 10, 1, tzinfo=UTC)


@dataclass
class Shelved(Simulator):
    """A simulator that knows what lies in each cell, for estates of a million."""

    shelves: dict[str, list[AnyResource]] = field(default_factory=lambda: defaultdict(list))

    def put(self, resource: AnyResource, collector: str) -> None:
        """Put it on its cell's shelf."""
        cell = Cell(provider="aws", account=resource.account, region=resource.region, collector=collector)
        self.shelves[cell.key].append(resource)

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        """What lies on the shelf."""
        shelf = {(cell.key, one.id): one for one in self.shelves.get(cell.key, ())}
        return Simulator(resources=shelf).visit(cell, collector, seen)


def populate(life: Life, resources: int) -> None:
    """Volumes over a hundred accounts, one in fifty of them not encrypted."""
    accounts = [f"{111100000000 + index}" for index in range(ACCOUNTS)]
    life.cloud = Shelved(accounts=dict.fromkeys(accounts, ("eu-west-1",)))
    for number in range(resources):
        life.cloud.volume(f"vol-{number:08d}", encrypted=number % 50 != 0, account=accounts[number % ACCOUNTS])


def month(every: timedelta, resources: int) -> tuple[float, float, int]:
    """CPU seconds of one sweep and of the seal, and how many sweeps the cycle has."""
    hours = int(every.total_seconds()) // 3600
    with tempfile.TemporaryDirectory() as folder:
        life = begin(Path(folder), programme=PROGRAMME.replace("sweep_every: 24h", f"sweep_every: {hours}h"))
        populate(life, resources)
        due = slots(Cycle(start=life.clock.now, end=END, id="2026-09"), every)
        life.clock.now = due[-1].start + timedelta(minutes=10)
        before = time.process_time()
        taken = life.run().sweep
        swept = time.process_time() - before
        assert taken is not None
        agent = life.agent
        for slot in due[:-1]:
            copy = msgspec.structs.replace(taken, slot=slot.start, nominal=slot.start + timedelta(minutes=10), ended=())
            agent.store.put_if_absent(f"sweeps/{stamp(slot.start)}/sweep.json", encode(copy))
            write_down(agent, copy, life.clock.now)
        life.clock.now = END + timedelta(hours=1)
        agent = life.agent
        before = time.process_time()
        assert len(run(agent, sweep=False).sealed) == 1
        return swept, time.process_time() - before, len(due)


def figures(resources: int) -> Iterator[str]:
    """Both months, and what the one costs over the other."""
    swept, daily, days = month(timedelta(days=1), resources)
    yield f"sweep of {resources:,} resources: {swept:.1f} s of CPU, visiting an estate in memory included"
    yield f"seal after {days} daily sweeps: {daily:.2f} s of CPU"
    _, hourly, number = month(timedelta(hours=1), resources)
    yield f"seal after {number} hourly sweeps: {hourly:.2f} s of CPU, {hourly / daily:.2f} times the daily one"
