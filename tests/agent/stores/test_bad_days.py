"""Stores on bad days: a lost reply, a week away, blobs truncated or missing. What the journal and the bundles say afterwards."""

import random
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import StoreError
from agent.journal import Journal
from agent.opening import open_agent
from agent.reading import load
from agent.running import Agent, commit, run
from agent.store import Store, blob_address, blob_key
from agent.stores.inspecting import inspect
from agent.stores.remote import Remote
from agent.verify import verify_all
from tests.agent.living import DAY, Life, begin
from tests.agent.stores.faults import PUTS, Memory, unreliable


def on(life: Life, store: Store) -> Agent:
    """The life's agent on another store."""
    agent = open_agent(load(life.folder / "programme.yaml"), clock=life.clock, clouds=lambda *_: (life.cloud.cloud,))
    press = replace(agent.press, store=store, journal=Journal(store, agent.press.signer))
    return replace(agent, press=press)


def kinds(agent: Agent) -> list[str]:
    return [entry.kind for entry in agent.journal.entries]


def test_a_lost_reply_ends_in_success_and_what_stands_is_mine() -> None:
    store, bucket = unreliable()
    bucket.loses = PUTS
    assert store.put_if_absent("key", b"mine") == b"mine"
    assert store.put_if_absent("key", b"other") == b"mine"
    address = store.blob(b"plain")
    assert store.read(address) == b"plain"
    temporary = store.temporary()
    temporary.write_bytes(b"bundle")
    store.place(temporary, "cycles/file")
    with store.local("cycles/file") as path:
        assert path.read_bytes() == b"bundle"
    assert bucket.lost == 4


def test_a_put_that_was_not_done_is_no_success() -> None:
    store, bucket = unreliable()
    bucket.away = True
    with pytest.raises(StoreError, match="run again when the store answers: nothing is lost"):
        store.put_if_absent("key", b"mine")
    temporary = store.temporary()
    temporary.write_bytes(b"bundle")
    with pytest.raises(StoreError, match="nothing is lost"):
        store.place(temporary, "cycles/file")
    bucket.away = False
    assert not store.has("key") and not store.has("cycles/file")


def test_a_cycle_in_which_every_reply_is_lost_seals_once_and_verifies(tmp_path: Path) -> None:
    life = begin(tmp_path / "life", committed=False)
    store, bucket = unreliable()
    bucket.loses = PUTS
    commit(on(life, store))
    for _ in range(2):
        run(on(life, store))
        life.clock.now += DAY
    life.clock.now += timedelta(days=28)
    ran = run(on(life, store))
    assert [past.cycle for past in ran.sealed] == ["2026-09"] and bucket.lost > 20
    found = kinds(on(life, store))
    assert found.count("sealed") == 1 and found.count("sweep") == 3


def test_a_store_that_is_away_for_a_week_leaves_a_hole_that_the_bundle_shows(tmp_path: Path) -> None:
    life = begin(tmp_path / "life", committed=False)
    store, bucket = unreliable()
    commit(on(life, store))
    for day in range(30):
        bucket.away = 10 <= day < 17
        if bucket.away:
            with pytest.raises(StoreError, match="nothing is lost"):
                on(life, store)
        elif day % 5 == 0 or day in {17, 29}:
            run(on(life, store))
        life.clock.now += DAY
    ran = run(on(life, store))
    (past,) = ran.sealed
    assert past.state == "partial" and not past.late
    agent = on(life, store)
    assert kinds(agent).count("sweep") == 6 + 1  # days 0, 5, 17, 20, 25, 29; and the first of October
    assert len(list(store.list("journal"))) == agent.journal.height


@pytest.fixture
def eve(tmp_path: Path) -> Life:
    """The last moment before a month's end, with something failing."""
    life = begin(tmp_path / "life")
    life.cloud.volume("bad", encrypted=False)
    life.days(2)
    life.clock.now += timedelta(days=28)
    return life


def facts(life: Life) -> list[str]:
    """Keys of the blobs that are named only for the bundle: no sweep reads them again."""
    from agent.parts import read_part

    store = life.agent.store
    part = read_part(store, f"sweeps/{store.children('sweeps')[-1]}", "aws/111122223333")
    return [blob_key(shard.facts) for shard in part.shards if shard.lines]


def after(eve: Life, store: Remote) -> dict[str, bytes]:
    """Live over the boundary on a store; return what it holds."""
    run(on(eve, store))
    return {key: store.get(key) for key in store.list("")}


def sound(objects: dict[str, bytes]) -> None:
    """One seal, nothing that does not verify, no hole in the chain."""
    found = Remote(Memory(objects))
    assert inspect(found).faults == ()
    assert [entry.kind for entry in Journal(found).entries].count("sealed") == 1


@pytest.mark.parametrize(
    "some", [6, pytest.param(None, marks=(pytest.mark.slow, pytest.mark.whole))], ids=["some", "every"]
)
@pytest.mark.parametrize("done", [False, True], ids=["before a call is done", "before its reply"])
def test_a_store_that_goes_away_at_any_call_leaves_what_the_next_run_completes(
    eve: Life, done: bool, some: int | None
) -> None:
    """Each call to the bucket, in turn; the run ends with an operator's error, and the next leaves what would have stood."""
    before = eve.tree()
    whole, bucket = unreliable(before)
    run(on(eve, whole))
    steps = range(1, bucket.calls + 1)
    assert len(steps) > 50
    expected = after(eve, whole)
    sound(expected)
    for cut in random.Random(3).sample(steps, some or len(steps)):
        cut_short, hand = unreliable(before, cut=cut, done=done)
        with suppress(StoreError):  # where only a reply was lost, the store is away for the next call
            run(on(eve, cut_short))
        assert hand.away
        hand.away = False
        assert after(eve, cut_short) == expected, cut


@pytest.mark.parametrize("damage", ["missing", "truncated", "other"])
def test_sealing_refuses_rather_than_sealing_half_and_goes_on_after_the_restore(eve: Life, damage: str) -> None:
    key = facts(eve)[-1]
    path = eve.folder / "store" / key
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(
            whole[:-3] if damage == "truncated" else eve.agent.store.packed(eve.agent.store.blob(b"other"))
        )
    ran = run(eve.agent, sweep=False)
    (trouble,) = ran.troubles
    assert re.search(rf"{blob_address(key)[2:] if blob_address(key) else key}.*restore", trouble)  # type: ignore[index]
    assert eve.bundles() == [] and "sealed" not in kinds(eve.agent)
    path.unlink(missing_ok=True)
    path.write_bytes(whole)
    (past,) = run(eve.agent).sealed
    assert past.cycle == "2026-09"
    assert verify_all(eve.bundles(), any_key=True).ok


def test_a_missing_standing_blob_is_said_by_run_and_put_again_by_nobody(eve: Life) -> None:
    from agent.parts import read_part

    store = eve.agent.store
    part = read_part(store, f"sweeps/{store.children('sweeps')[-1]}", "aws/111122223333")
    (eve.folder / "store" / blob_key(part.standing)).unlink()
    with pytest.raises(StoreError, match="is missing; restore the store from its backup"):
        run(eve.agent)


def test_a_journal_with_a_hole_is_refused(eve: Life) -> None:
    (eve.folder / "store" / "journal" / "00000003.json").unlink()
    with pytest.raises(StoreError, match=r"00000003.json is missing, though entries after it stand"):
        eve.run()
    assert not (eve.folder / "store" / "journal" / "00000003.json").exists()


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_a_sweep_puts_a_missing_blob_again_where_its_content_is_the_same(kind: str, of_kind, tmp_path: Path) -> None:
    life = begin(tmp_path / "life", committed=False)
    store = of_kind(kind).open()
    commit(on(life, store))
    run(on(life, store))
    lost = next(key for key in store.list("blobs"))
    store.remove(lost)
    life.clock.now += DAY
    addresses = {blob_address(key) for key in store.list("blobs")}
    run(on(life, store))
    assert addresses <= {blob_address(key) for key in store.list("blobs")}
