"""Whatever a run is cut short by, and whatever runs beside it: the next one completes, and what stands is what would have stood."""

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.errors import AgentError
from agent.journal import Journal, check_chain
from agent.opening import open_agent
from agent.reading import load
from agent.replay import replay
from agent.running import Agent, commit, run
from agent.store import Folder
from agent.verify import verify_all
from tests.agent.driver import END, life_in, live_on, prepared
from tests.agent.living import Life, begin
from tests.agent.worlds import EVERY, WHOLE

BOUNDARY = datetime(2026, 10, 1, tzinfo=UTC)
OPERATIONS = ("get", "has", "children", "put_if_absent", "place", "temporary", "blob", "packed", "read")
ROOT = Path(__file__).parents[2]
PROGRAMME_OF_ONE = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, sweep_every: 10d}
scope: {aws: {organization: o-simulated01, role: starcadence-read}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:CEK-03": {owner: lead, responsibility: provider}}
owners: {lead: {email: lead@cloud.example}}
"""


class Killed(BaseException):
    """The process is no more. Nothing of ours catches it."""


class Faulty(Folder):
    """A store that breaks off at its n-th operation, just before or just after its effect, and stays broken."""

    def __init__(self, root: Path, at: int, *, after: bool) -> None:
        super().__init__(root)
        self.at, self.after, self.count = at, after, 0
        self._lock = threading.Lock()

    def _step(self) -> int:
        with self._lock:
            self.count += 1
            return self.count

    def _broken(self, step: int, *, after: bool) -> None:
        if step > self.at or (step == self.at and after == self.after):
            raise Killed


def _faulty(name: str) -> Callable[..., Any]:
    whole = getattr(Folder, name)

    def operation(self: Faulty, *arguments: Any) -> Any:
        step = self._step()
        self._broken(step, after=False)
        try:
            return whole(self, *arguments)
        finally:
            self._broken(step, after=True)

    return operation


for _name in OPERATIONS:
    setattr(Faulty, _name, _faulty(_name))


def on(life: Life, store: Folder) -> Agent:
    """The life's agent on another store object over the same folder."""
    agent = open_agent(load(life.folder / "programme.yaml"), clock=life.clock, clouds=lambda *_: (life.cloud.cloud,))
    press = replace(agent.press, store=store, journal=Journal(store, agent.press.signer))
    return replace(agent, press=press)


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The last moment before a month's end: three sweeps taken, something failing, something denied."""
    life = begin(tmp_path_factory.mktemp("eve"), programme=PROGRAMME_OF_ONE)
    life.cloud.volume("bad", encrypted=False)
    for _ in range(2):
        life.run()
        life.clock.now += EVERY
    life.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    life.run()
    life.clock.now = BOUNDARY
    return life


@pytest.fixture(scope="module")
def expected(eve: Life, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The store after a run over the boundary that nothing cut short."""
    life = copied(eve, tmp_path_factory.mktemp("expected") / "life")
    life.run()
    sound(life, cycles=1)
    return life.tree()


def copied(eve: Life, folder: Path) -> Life:
    shutil.copytree(eve.folder, folder)
    return replace(eve, folder=folder)


def sound(life: Life, cycles: int, services: int = 1) -> None:
    """Each cycle sealed once, verified and reproducible; the journal one chain."""
    entries = life.agent.journal.entries
    raw = [(life.folder / "store" / "journal" / f"{one.height:08d}.json").read_bytes() for one in entries]
    assert check_chain(raw, life.agent.press.signer.public_key).height == len(entries)
    sealed = [entry.key for entry in entries if entry.kind == "sealed"]
    bundles = life.bundles()
    assert len(sealed) == len(set(sealed)) == len(bundles) == cycles * services
    verified = verify_all(bundles, any_key=True)
    assert verified.ok, verified
    for path in bundles:
        assert replay(path).ok


def steps(eve: Life, folder: Path) -> int:
    """How many store operations the run over the boundary has."""
    life = copied(eve, folder / "counted")
    store = Faulty(life.folder / "store", 1 << 30, after=False)
    run(on(life, store))
    return store.count


def chosen(number: int, tenth: int) -> Iterator[tuple[int, bool]]:
    """Every moment, or a few of them, always the same."""
    every = [(n, after) for n in range(1, number + 1) for after in (False, True)]
    return iter(every if WHOLE else sorted(random.Random(20261001).sample(every, min(tenth, len(every)))))


@pytest.mark.slow
def test_a_run_cut_short_at_any_store_operation_is_completed_by_the_next(
    eve: Life, expected: dict[str, bytes], tmp_path: Path
) -> None:
    for n, after in chosen(steps(eve, tmp_path), 12):
        life = copied(eve, tmp_path / f"{n}-{after}")
        with pytest.raises(Killed):
            run(on(life, Faulty(life.folder / "store", n, after=after)))
        between = life.tree()
        life.run()
        now = life.tree()
        assert between.items() <= now.items(), (n, after)
        assert now == expected, (n, after, sorted(now.keys() ^ expected.keys()))
        shutil.rmtree(life.folder)


@pytest.mark.slow
def test_a_commitment_cut_short_is_completed_by_the_next(tmp_path: Path) -> None:
    whole = begin(tmp_path / "whole", programme=PROGRAMME_OF_ONE, committed=False)
    eve = copied(whole, tmp_path / "eve")
    store = Faulty(whole.folder / "store", 1 << 30, after=False)
    commit(on(whole, store))
    for n, after in chosen(store.count, 6):
        life = copied(eve, tmp_path / f"{n}-{after}")
        with pytest.raises(Killed):
            commit(on(life, Faulty(life.folder / "store", n, after=after)))
        commit(life.agent)
        assert life.tree() == whole.tree(), (n, after)


@pytest.mark.slow
def test_a_full_disk_at_any_write_is_said_and_loses_nothing(
    eve: Life, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    count, full_from = 0, 1 << 30

    def fsync(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count >= full_from:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    copied(eve, tmp_path / "counted").run()
    for n, _ in chosen(count, 6):
        life = copied(eve, tmp_path / f"{n}-{_}")
        count, full_from = 0, n
        with pytest.raises(AgentError, match=r"No space left on device; make room and run again: nothing is lost"):
            life.run()
        full_from = 1 << 30
        life.run()
        assert life.tree() == expected, n
        assert not list((life.folder / "store" / "tmp").iterdir())
        shutil.rmtree(life.folder)


@pytest.mark.slow
@pytest.mark.whole
def test_a_process_killed_again_and_again_leaves_what_it_would_have_left(tmp_path: Path) -> None:
    killed, alone = prepared(tmp_path / "killed"), tmp_path / "alone"
    shutil.copytree(killed.folder, alone)
    driven(killed.folder, "kill", 100 if WHOLE else 10)
    for folder in (killed.folder, alone):
        live_on(life_in(folder))
    ended = life_in(killed.folder)
    assert ended.clock.now >= END
    assert ended.tree() == life_in(alone).tree()
    sound(ended, cycles=3, services=3)


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 8] if WHOLE else [2])
@pytest.mark.whole
def test_processes_that_race_through_months_seal_each_once_and_lose_no_sweep(tmp_path: Path, number: int) -> None:
    life = prepared(tmp_path / "raced")
    driven(life.folder, "race", number)
    sound(life, cycles=3, services=3)
    assert [entry.body["state"] for entry in life.agent.journal.of("sealed")] == ["partial"] * 9
    swept = [entry.key for entry in life.agent.journal.of("sweep")]
    assert len(swept) == len(set(swept)) == 10


def driven(folder: Path, how: str, number: int) -> None:
    command = [sys.executable, "-m", "tests.agent.driver", str(folder), how, str(number), "20261001"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
