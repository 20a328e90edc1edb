"""Deny every operation that a sweep asks, one after another: what is not allowed is a gap, and nothing gets better by it."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from agent.canonical import each
from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.outlook import outlook
from agent.parts import read_part
from agent.reading import load
from agent.record import Part, Sweep
from agent.running import Agent, Ran, commit, run
from agent.store import Folder
from collectors.gap import Gap, Reason
from collectors.sighting import Sighting
from controls.tally import Result
from tests.agent.living import DAY
from tests.agent.simulator import Clock
from tests.agent.worlds import WHOLE
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate

DOMAINS = ("BCR", "CEK", "DSP", "IAM", "I&S", "LOG", "SEF")
PROGRAMME = f"""\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {{cycle: monthly}}
scope: {{aws: {{organization: o-exampleorg1, role: starcadence-read}}}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {{{", ".join(f'"CCM:4.1:{one}-*": {{owner: lead, responsibility: provider, slo: 20%}}' for one in DOMAINS)}}}
owners: {{lead: {{email: lead@cloud.example}}}}
"""


@dataclass
class Watched:
    """A programme over the fake AWS, in a folder of its own."""

    folder: Path
    clock: Clock

    @property
    def agent(self) -> Agent:
        return open_agent(load(self.folder / "programme.yaml"), clock=self.clock)

    def copy(self, folder: Path) -> "Watched":
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)


@dataclass
class Seen:
    """What one sweep came to."""

    sweep: Sweep
    results: dict[str, Result]
    lows: dict[tuple[str, str], tuple[Result, Fraction | None]]
    cells: dict[str, frozenset[str]]
    """Cell -> ids of its resources, of cells that were listed completely."""


def seen(watched: Watched, ran: Ran) -> Seen:
    assert ran.sweep is not None
    agent = watched.agent
    view = outlook(agent.store, agent.journal, agent.press.checks, (), watched.clock.now)
    assert view is not None and view.last == ran.sweep
    service = view.services[0]
    lows = {
        (one.specification, one.check): (one.result, one.tally.range[0] if one.tally.range else None)
        for one in service.points
    }
    return Seen(sweep=ran.sweep, results=service.results, lows=lows, cells=cells(watched, ran.sweep))


def parts(watched: Watched, sweep: Sweep) -> Iterator[Part]:
    store = Folder(watched.folder / "store")
    (name,) = (one for one in store.children("sweeps") if one == f"{sweep.slot:%Y%m%dT%H%M%SZ}")
    return (read_part(store, f"sweeps/{name}", account) for account in sweep.parts)


def cells(watched: Watched, sweep: Sweep) -> dict[str, frozenset[str]]:
    store = Folder(watched.folder / "store")
    found: dict[str, set[str]] = {}
    for part in parts(watched, sweep):
        found |= {cell.key: set() for cell in part.cells if cell.complete}
        for shard in part.shards:
            for one in each(store.read(shard.facts), Sighting, what=shard.name):
                found.get(one.cell, set()).add(one.resource.id)
    return {cell: frozenset(ids) for cell, ids in found.items()}


def gaps(watched: Watched, sweep: Sweep) -> dict[str, list[Gap]]:
    """Cell that could not be listed -> why."""
    return {
        cell.key: [gap for gap in cell.gaps if not gap.subject]
        for part in parts(watched, sweep)
        for cell in part.cells
        if not cell.complete
    }


@pytest.fixture(scope="module")
def estate() -> Estate:
    return Estate(accounts=("111122223333", "222233334444"), regions=("eu-west-1",))


@pytest.fixture(scope="module")
def aws(estate: Estate) -> Iterator[FakeAws]:
    """One fake AWS for the whole module, and its environment."""
    server = FakeAws(answers=estate.answer).start()
    with pytest.MonkeyPatch.context() as monkeypatch:
        ambient(monkeypatch, estate.management, server.url)
        yield server
    server.stop()


@pytest.fixture(scope="module")
def committed(aws: FakeAws, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Committed, and nothing looked at yet."""
    folder = tmp_path_factory.mktemp("denial")
    (folder / "programme.yaml").write_text(PROGRAMME)
    (folder / "keys").mkdir()
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    watched = Watched(folder=folder, clock=Clock())
    commit(watched.agent)
    return watched


@pytest.fixture(scope="module")
def allowed(committed: Watched, aws: FakeAws, tmp_path_factory: pytest.TempPathFactory) -> tuple[Watched, Seen]:
    """A day on which everything was allowed, and what it came to."""
    watched = committed.copy(tmp_path_factory.mktemp("allowed") / "first")
    ran = run(watched.agent)
    return watched, seen(watched, ran)


def chosen(operations: set[str], tenth: int) -> list[str]:
    every = sorted(operations)
    return every if WHOLE else random.Random(20261001).sample(every, tenth)


def not_better(denied: Seen, full: Seen, operation: str) -> None:
    """Nothing improved, nothing vanished without a gap, and the gap says what was denied."""
    for name, result in denied.results.items():
        assert result is not Result.MET or full.results[name] is Result.MET, (operation, name)
    for key, (result, low) in denied.lows.items():
        before, bottom = full.lows.get(key, (None, None))
        assert result is not Result.MET or before is Result.MET, (operation, key)
        assert low is None or bottom is None or low <= bottom or denied.sweep.unseen, (operation, key)
    for cell, ids in denied.cells.items():
        assert full.cells[cell] <= ids, (operation, cell)
    reason = Reason.NO_ROLE if operation == "sts.AssumeRole" else Reason.DENIED
    assert (operation, reason) in {(gap.operation, gap.reason) for gap in denied.sweep.gap_rows}, operation


def test_a_sweep_that_may_ask_everything_has_no_gap_and_meets_something(allowed: tuple[Watched, Seen]) -> None:
    _, full = allowed
    assert full.sweep.gaps == {} and full.sweep.complete, full.sweep.gap_rows
    assert Result.MET in full.results.values() and Result.MISSED in full.results.values()


@pytest.mark.slow
def test_whatever_is_denied_on_the_second_day_improves_nothing_and_loses_nothing(
    allowed: tuple[Watched, Seen], aws: FakeAws, tmp_path: Path
) -> None:
    first, full = allowed
    for operation in chosen(aws.operations(), 2):
        watched = first.copy(tmp_path / operation)
        watched.clock = Clock(first.clock.now + DAY)
        aws.deny(operation)
        ran = run(watched.agent)
        aws._troubles.clear()
        denied = seen(watched, ran)
        not_better(denied, full, operation)
        assert denied.sweep.ended == (), operation
        assert sum(denied.sweep.standing.values()) >= sum(full.sweep.standing.values()), operation
        for cell, why in gaps(watched, ran.sweep).items():
            assert any(gap.reason in {Reason.DENIED, Reason.NO_ROLE} for gap in why), (operation, cell)
        for key, (_, low) in denied.lows.items():
            bottom = full.lows.get(key, (None, None))[1]
            assert low is None or bottom is None or low <= bottom, (operation, key)


@pytest.mark.slow
def test_whatever_is_denied_from_the_first_day_improves_nothing(
    committed: Watched, allowed: tuple[Watched, Seen], aws: FakeAws, tmp_path: Path
) -> None:
    _, full = allowed
    for operation in chosen(aws.operations(), 1):
        watched = committed.copy(tmp_path / operation)
        aws.deny(operation)
        ran = run(watched.agent)
        aws._troubles.clear()
        not_better(seen(watched, ran), full, operation)


def test_denying_everything_is_a_stored_sweep_that_says_so(committed: Watched, aws: FakeAws, tmp_path: Path) -> None:
    watched = committed.copy(tmp_path / "all")
    aws.deny("*")
    ran = run(watched.agent)
    aws._troubles.clear()
    assert ran.blind and ran.sweep is not None and ran.sweep.unseen == ran.sweep.cells
    assert watched.agent.journal.find("sweep/20260901T000000Z")
    assert set(seen(watched, ran).results.values()) == {Result.NOT_SHOWN}
