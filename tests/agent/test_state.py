"""The programme's state: from the journal and the clock alone, never better than what was promised and done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.keys import load_signer
from agent.reviewing import sealed_cycle, sign
from agent.state import State, state
from tests.agent.living import DAY, PROGRAMME, Life, begin

PUBLISHING = PROGRAMME.replace("24h", "10d") + "publish: [{to: public, edition: public}]\n"
"""Sweeps are due on the first, the eleventh and the twenty-first."""


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def until(life: Life, end: datetime) -> None:
    """Run on every day on which a sweep is due, from where the clock stands up to `end`, then at `end`."""
    while life.clock.now < end:
        if life.clock.now.day in {1, 11, 21}:
            life.run()
        life.clock.now += DAY
    life.clock.now = end
    life.run()


def at(life: Life, now: datetime | None = None) -> tuple[str, list[str]]:
    found = state(life.agent.journal.entries, now or life.clock.now)
    assert found is not None
    return str(found.state), [one.words for one in found.reasons]


def review(life: Life, cycle: str) -> None:
    agent = life.agent
    sign(
        agent.store, agent.journal, sealed_cycle(agent.store, agent.journal, cycle, None), (), reviewer="Ada Beispiel",
        programme=load_signer(life.folder / "keys" / "signing.pem"), own=None, now=life.clock.now,
    )  # fmt: skip


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return begin(tmp_path, programme=PUBLISHING)


def test_nothing_is_said_before_the_commitment(tmp_path: Path) -> None:
    assert state(begin(tmp_path, committed=False).agent.journal.entries, datetime(2026, 9, 1, tzinfo=UTC)) is None


def test_a_month_that_was_seen_reviewed_and_published_is_on_cadence(life: Life) -> None:
    until(life, day(10, 1))
    assert at(life) == ("on cadence", [])
    review(life, "2026-09")
    until(life, day(10, 21))
    assert at(life) == ("on cadence", [])


def test_without_sweeps_it_degrades_and_comes_back(life: Life) -> None:
    life.run()
    assert at(life, day(9, 21))[0] == "on cadence"
    late = day(9, 21) + timedelta(seconds=1)
    assert at(life, late) == ("degraded", ["no sweep since 2026-09-01 00:00Z"])
    life.clock.now = late
    life.run()
    assert at(life)[0] == "on cadence"


def test_a_sweep_that_reads_nothing_degrades(life: Life) -> None:
    life.cloud.denied = {
        f"aws/111122223333/{place}" for place in ("eu-west-1/aws.volumes", "global/aws.users", "eu-west-1/aws.regions")
    }
    life.run()
    assert at(life) == ("degraded", ["the last sweep could read nothing"])


def test_an_overdue_seal_is_a_lapse_until_it_is_sealed(life: Life) -> None:
    until(life, day(9, 30))
    due = day(10, 3)
    assert "2026-09: its bundle is overdue" not in at(life, due)[1]
    assert at(life, due + timedelta(seconds=1))[0] == "lapsed"
    life.clock.now = due + timedelta(seconds=1)
    life.run()
    assert at(life) == ("degraded", ["2026-09 was sealed late"])


def test_a_missed_cycle_weighs_until_a_complete_one_on_time(life: Life) -> None:
    life.run()
    life.clock.now = day(11, 12)
    life.run()
    kind, words = at(life)
    assert kind == "lapsed" and words[0] == "2026-10 was missed"
    review(life, "2026-09")
    until(life, day(12, 1))
    assert at(life)[0] == "degraded"  # November lacks its first sweep
    assert {"2026-10 was missed", "2026-11 was sealed partial"} <= set(at(life)[1])
    review(life, "2026-11")
    until(life, day(1, 1, 2027))
    assert at(life) == ("on cadence", [])


def test_an_overdue_review_degrades_and_two_unpublished_cycles_lapse(life: Life) -> None:
    until(life, day(10, 12))
    assert at(life) == ("degraded", ["2026-09: its review is overdue"])
    until(life, day(11, 17))
    kind, words = at(life)
    assert kind == "lapsed"
    assert words[0] == "2026-09: its publication is overdue"
    review(life, "2026-09")
    review(life, "2026-10")
    life.run()
    assert at(life)[0] == "on cadence"


def test_every_reason_says_the_way_back(life: Life) -> None:
    life.run()
    found = state(life.agent.journal.entries, day(1, 1, 2027))
    assert found is not None and found.state is State.LAPSED
    assert all(one.way_back for one in found.reasons)


def test_what_was_not_done_never_improves_the_state(life: Life) -> None:
    """Take away any one deed of three cycles, look at any day: it is as bad as with it, or worse."""
    for month, cycle in ((10, "2026-09"), (11, "2026-10"), (12, "2026-11")):
        until(life, day(month, 1))
        review(life, cycle)
    until(life, day(12, 3))
    entries = life.agent.journal.entries
    deeds = [one for one in entries if one.kind in {"sealed", "reviewed", "published"}]
    assert len(deeds) == 9
    order = [str(one) for one in State]
    for number in range(0, 100, 5):
        now = day(10, 1) + number * DAY
        known = [one for one in entries if one.at <= now]
        whole = state(known, now)
        assert whole is not None
        for deed in deeds:
            without = state([one for one in known if one is not deed], now)
            assert without is not None
            assert order.index(without.state) >= order.index(whole.state), (now, deed.key, without.reasons)
