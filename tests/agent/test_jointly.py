"""Shards of one sweep: whatever is repeated, killed, lost or raced, what stands is what one run alone would have left."""

import itertools
import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.jointly import Taken, run_share
from agent.replay import replay
from agent.share import WHOLE, Share, share_of
from agent.store import Folder
from agent.told import Patience
from agent.verify import verify_all
from collectors.collector import Collector
from tests.agent.driver import END, START, life_in, live_on, prepared, world
from tests.agent.living import DAY, Life, begin
from tests.agent.simulator import REGIONS, STORES, USERS
from tests.agent.test_crashes import EVERY, Faulty, Killed, driven, on, sound
from tests.agent.worlds import PROGRAMME
from tests.agent.worlds import WHOLE as EVERY_ONE

JOINING: Collector = replace(REGIONS, needs=("aws.volumes",))
"""A collector that joins over the whole organisation, as one of AWS does."""


class Ticks:
    """A clock of seconds that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.now, self.waits = 0.0, 0

    def patience(self, seconds: float = 60.0) -> Patience:
        return Patience(seconds=seconds, pause=self.pause, ticks=lambda: self.now)

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.waits += 1


def joining(life: Life) -> Life:
    life.cloud.collectors = (STORES, USERS, JOINING)
    return life


def shares(life: Life, count: int, indices: tuple[int, ...] | None = None, ticks: Ticks | None = None) -> list[Taken]:
    ticks = ticks or Ticks()
    chosen = range(count) if indices is None else indices
    return [run_share(life.agent, Share(index=one, count=count), ticks.patience()) for one in chosen]


def bare(life: Life) -> dict[str, bytes]:
    """The store, but for what shards told each other."""
    return {key: data for key, data in life.tree().items() if "/told/" not in key}


def estate(folder: Path, *, accounts: int = 5) -> Life:
    life = joining(begin(folder))
    life.cloud.accounts = {
        f"{one:012}": ("eu-west-1", "us-east-1") for one in range(111122223333, 111122223333 + accounts)
    }
    for number, account in enumerate(life.cloud.accounts):
        life.cloud.volume(f"v{number}", encrypted=number % 3 > 0, account=account)
    return life


def alone(life: Life, folder: Path) -> Life:
    """The same life in another folder and with a cloud of its own, for one run that is not divided."""
    shutil.copytree(life.folder, folder)
    return replace(life, folder=folder, cloud=replace(life.cloud, visits=0), clock=type(life.clock)(life.clock.now))


@pytest.mark.parametrize("count", [2, 3, 7])
def test_shards_leave_what_one_run_leaves_and_ask_no_more(tmp_path: Path, count: int) -> None:
    life = estate(tmp_path / "shared")
    whole = alone(life, tmp_path / "alone")
    for day in range(3):
        life.cloud.volume("v1", encrypted=day == 1, account="111122223334")
        whole.cloud.resources = dict(life.cloud.resources)
        taken = shares(life, count)
        last = min(count, 5) - 1  # who has no account finds the sweep closed
        assert [one.ran is not None for one in taken] == [False] * last + [True] * (count - last)
        assert [one.done.accounts for one in taken][-1] == 5
        whole.run()
        assert bare(life) == whole.tree()
        life.clock.now += DAY
        whole.clock.now += DAY
    assert life.cloud.visits == whole.cloud.visits


def test_any_order_of_shards_and_any_repetition_gives_the_same(tmp_path: Path) -> None:
    life = estate(tmp_path / "eve")
    expected = alone(life, tmp_path / "alone")
    expected.run()
    for number, order in enumerate(itertools.permutations(range(3))):
        shared = alone(life, tmp_path / str(number))
        taken = shares(shared, 3, (*order[:2], order[0], order[2], *order))
        assert [one.ran is not None for one in taken] == [False] * 3 + [True] * 4
        assert bare(shared) == expected.tree()


def test_a_lost_shard_is_made_up_by_its_repetition_by_another_count_or_by_one_run(tmp_path: Path) -> None:
    life = estate(tmp_path / "eve")
    expected = alone(life, tmp_path / "alone")
    expected.run()
    shares(life, 4, (0, 1, 3))
    assert life.agent.journal.find("sweep/20260901T000000Z") is None
    for number, finish in enumerate((lambda one: shares(one, 4, (2,)), lambda one: shares(one, 2), Life.run)):
        shared = alone(life, tmp_path / str(number))
        finish(shared)
        assert bare(shared) == expected.tree()


def test_who_needs_what_a_lost_shard_saw_waits_once_and_looks_by_himself(tmp_path: Path) -> None:
    ticks = Ticks()
    life = estate(tmp_path)
    shares(life, 5, (1,), ticks)
    assert 60 <= ticks.now < 90
    assert life.cloud.visits == 2 * 5 + 3  # all volumes, and the rest of one account: users once, regions twice
    visits = life.cloud.visits
    shares(life, 5, (2,), ticks)
    assert ticks.now < 90 and life.cloud.visits == visits + 3


def test_shards_that_run_at_once_never_wait_for_each_other(tmp_path: Path) -> None:
    life = estate(tmp_path / "shared", accounts=40)  # more of the other than threads
    life.cloud.collectors = (STORES, USERS, replace(REGIONS, needs=("aws.volumes", "aws.users")))
    whole = alone(life, tmp_path / "alone")
    whole.run()
    agents, patience = [life.agent, life.agent], Patience(seconds=50, every=0.005)
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda index: run_share(agents[index], Share(index=index, count=2), patience), range(2)))
    assert time.monotonic() - began < 40
    assert any(one.ran for one in taken)
    assert bare(life) == whole.tree()
    assert life.cloud.visits == whole.cloud.visits


def test_nothing_is_sealed_or_published_by_a_shard_that_leaves_the_sweep_open(tmp_path: Path) -> None:
    life = estate(tmp_path)
    life.days(5)
    before = [entry.key for entry in life.agent.journal.entries]
    (life.folder / "exceptions" / "one.yaml").write_text(
        "id: one\ncheck: data_is_encrypted_at_rest\nrequester: a\napprover: b\nrationale: c\n"
        "created: 2026-08-20\nexpires: 2026-12-10\naccounts: ['111122223333']\n"
    )
    shares(life, 3, (2, 1))
    assert [entry.key for entry in life.agent.journal.entries] == before
    (taken,) = shares(life, 3, (0,))
    assert taken.ran and taken.ran.taken
    assert [entry.kind for entry in life.agent.journal.entries][len(before) :] == ["exceptions", "sweep"]


def test_at_a_cycles_end_the_first_seals_and_the_others_wait(tmp_path: Path) -> None:
    life = estate(tmp_path / "eve")
    life.clock.now = datetime(2026, 9, 30, tzinfo=life.clock.now.tzinfo)
    life.run()
    life.clock.now += DAY
    expected = alone(life, tmp_path / "alone")
    expected.run()
    ticks = Ticks()

    def pause(seconds: float) -> None:  # while the second waits, the first does its part
        if not ticks.waits:
            ticks.pause(seconds)
            shares(life, 2, (0,))
        ticks.pause(seconds)

    patience = replace(ticks.patience(), pause=pause)
    taken = run_share(life.agent, Share(index=1, count=2), patience)
    assert taken.ran is not None and taken.ran.sealed == ()
    assert bare(life) == expected.tree()
    lost = alone(life, tmp_path / "lost")
    assert [entry.kind for entry in lost.agent.journal.entries].count("sealed") == 1


def test_at_a_cycles_end_without_the_first_another_seals(tmp_path: Path) -> None:
    life = estate(tmp_path)
    life.run()
    life.clock.now = datetime(2026, 10, 1, 2, tzinfo=life.clock.now.tzinfo)
    ticks = Ticks()
    shares(life, 2, (1,), ticks)
    assert len(life.bundles()) == 1 and ticks.now >= 60
    shares(life, 2, (0,), ticks)
    assert life.agent.journal.entries[-1].kind == "sweep"


@pytest.mark.slow
def test_a_shard_killed_at_any_store_operation_is_made_up_by_its_repetition(tmp_path: Path) -> None:
    life = estate(tmp_path / "eve", accounts=3)
    expected = alone(life, tmp_path / "alone")
    expected.run()
    counted = alone(life, tmp_path / "counted")
    store = Faulty(counted.folder / "store", 1 << 30, after=False)
    run_share(on(counted, store), Share(index=0, count=2), Ticks().patience())
    every = [(n, after) for n in range(1, store.count + 1) for after in (False, True)]
    for n, after in every if EVERY_ONE else random.Random(20261001).sample(every, 6):
        shared = alone(life, tmp_path / f"{n}-{after}")
        faulty = Faulty(shared.folder / "store", n, after=after)
        with suppress(Killed):  # threads may tell the other shard in one operation less
            run_share(on(shared, faulty), Share(index=0, count=2), Ticks().patience())
        assert faulty.count >= n or n > store.count - 4
        shares(shared, 2, (1, 0))
        assert bare(shared) == expected.tree(), (n, after)
        shutil.rmtree(shared.folder)


@pytest.mark.slow
@pytest.mark.whole
def test_indices_that_race_and_are_killed_live_months_as_one_run_does(tmp_path: Path) -> None:
    shared, whole = prepared(tmp_path / "shared"), tmp_path / "alone"
    shutil.copytree(shared.folder, whole)
    driven(shared.folder, "shards", 3)
    live_on(life_in(whole))
    ended = life_in(shared.folder)
    assert ended.clock.now >= END
    assert bare(ended) == life_in(whole).tree()
    sound(ended, cycles=3, services=3)


def test_a_sealed_month_of_shards_verifies_and_replays(tmp_path: Path) -> None:
    life = joining(begin(tmp_path, programme=PROGRAMME))
    while life.clock.now < START + timedelta(days=31):
        world(life.clock.now).into(life.cloud)
        shares(life, 3)
        life.clock.now += EVERY
    bundles = life.bundles()
    assert len(bundles) == 3 and verify_all(bundles, any_key=True).ok
    assert all(replay(path).ok for path in bundles)


def test_what_shards_told_each_other_is_left_over_once_the_sweep_is_closed(tmp_path: Path) -> None:
    from agent.stores.collecting import leftovers
    from agent.stores.inspecting import inspect

    life = estate(tmp_path)
    store = Folder(life.folder / "store")
    shares(life, 2, (0,))
    later = datetime.now(life.clock.now.tzinfo) + timedelta(days=9)
    assert not [one for one in leftovers(store, DAY, later) if "/told/" in one.key]
    shares(life, 2, (1,))
    assert len([one for one in leftovers(store, DAY, later) if "/told/" in one.key]) == 5
    assert inspect(store).faults == ()


@pytest.mark.parametrize(
    ("environment", "share"),
    [
        ({}, WHOLE),
        ({"JOB_COMPLETION_INDEX": "2", "STARCADENCE_SHARDS": "4"}, Share(index=2, count=4)),
        ({"CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "1"}, WHOLE),
        ({"CLOUD_RUN_TASK_INDEX": "7", "CLOUD_RUN_TASK_COUNT": "8"}, Share(index=7, count=8)),
        ({"AWS_BATCH_JOB_ARRAY_INDEX": "1", "AWS_BATCH_JOB_ARRAY_SIZE": "2"}, Share(index=1, count=2)),
    ],
)
def test_an_engine_tells_index_and_count(environment: dict[str, str], share: Share) -> None:
    assert share_of(None, environment) == share
    assert share_of("1/3", environment) == Share(index=1, count=3)


@pytest.mark.parametrize("written", ["", "1", "4/4", "-1/4", "0/0", "1/4/5", "0/10001", "a/b", "１/２"])
def test_a_share_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="--shard"):
        share_of(written, {})


@pytest.mark.parametrize(
    "environment", [{"JOB_COMPLETION_INDEX": "2"}, {"CLOUD_RUN_TASK_INDEX": "x", "CLOUD_RUN_TASK_COUNT": "2"}]
)
def test_half_of_what_an_engine_tells_is_refused_with_its_remedy(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"STARCADENCE_SHARDS|sets it to a number"):
        share_of(None, environment)


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_shares_are_disjoint_and_leave_nothing_out(count: int) -> None:
    accounts = [f"aws/{one:012}" for one in range(7)]
    parts = [Share(index=one, count=count).of(accounts) for one in range(count)]
    assert sorted(itertools.chain.from_iterable(parts)) == accounts
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
