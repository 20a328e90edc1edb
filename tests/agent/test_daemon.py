"""The daemon under an injected clock: what it waits for, what it does, and what it outlives."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from agent.cycle import Cycle, Slot, instant_in, slots
from agent.daemon import FIRST_RETRY, LAST_RETRY, Daemon
from agent.errors import StoreError
from agent.keys import load_salt_key, load_signer
from agent.logs import configure
from agent.pulse import alive, findings
from agent.reviewing import sealed_cycle, sign
from agent.wishes import Wishes
from tests.agent.living import DAY, PROGRAMME, START, Life, begin

HOUR = timedelta(hours=1)


@dataclass
class Days:
    """A daemon over a simulated life: waiting moves the clock, and incidents happen on the way."""

    life: Life
    until: datetime
    waits: list[float] = field(default_factory=list)
    incidents: dict[datetime, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wishes = Wishes()
        self.daemon = Daemon(
            agent=self.life.agent, reopen=lambda: self.life.agent, wishes=self.wishes, wait=self.wait,
            ticks=self.tick, instance="one", longest=timedelta(days=1),
        )  # fmt: skip

    def tick(self) -> float:
        return self.life.clock.now.timestamp()

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.life.clock.now += timedelta(seconds=max(1, round(seconds)))
        for at in sorted(one for one in self.incidents if one <= self.life.clock.now):
            self.incidents.pop(at)()
        if self.life.clock.now >= self.until:
            self.wishes.stop()

    def live(self) -> None:
        self.daemon.live()
        self.wishes.close()

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.life.agent.journal.entries]


@pytest.fixture
def life(tmp_path: Path) -> Life:
    configure("json")
    return begin(tmp_path)


def test_a_month_of_waiting_sweeps_every_day_and_seals_at_its_end(life):
    days = Days(life, until=START + 31 * DAY)
    days.live()
    journal = life.agent.journal
    assert len(list(journal.of("sweep"))) >= 30
    (sealed,) = journal.of("sealed")
    assert sealed.body["state"] == "complete" and not sealed.body["late"]
    assert sealed.at == datetime(2026, 10, 1, tzinfo=UTC)
    assert (days.daemon.pulse.failures, days.kinds().count("started"), days.kinds().count("stopped")) == (0, 1, 1)
    assert min(days.waits) > 0


def test_every_sweep_is_taken_at_the_instant_that_the_key_gives(life):
    Days(life, until=START + 10 * DAY).live()
    key = load_salt_key(life.folder / "keys" / "salt.key")
    for entry in life.agent.journal.of("sweep"):
        slot = Slot(
            start=datetime.fromisoformat(entry.body["slot"]), end=datetime.fromisoformat(entry.body["slot"]) + DAY
        )
        assert datetime.fromisoformat(entry.body["nominal"]) == instant_in(slot, key)


@pytest.mark.parametrize("every", [HOUR, 6 * HOUR, DAY, 7 * DAY])
def test_instants_lie_inside_their_slots_and_differ_by_key_and_slot(every):
    month = Cycle(start=START, end=START + 30 * DAY, id="2026-09")
    found = slots(month, every)
    mine = [instant_in(slot, b"k" * 32) for slot in found]
    assert all(slot.start <= at < slot.end for slot, at in zip(found, mine, strict=True))
    assert mine == [instant_in(slot, b"k" * 32) for slot in found]
    assert mine != [instant_in(slot, b"o" * 32) for slot in found]
    assert len({at - slot.start for slot, at in zip(found, mine, strict=True)}) > 0.8 * len(found)


def test_instants_fill_their_slots():
    """Over many slots each hour of the first eleven twelfths is met: no hour of the day is known to be free of sweeps."""
    found = [instant_in(Slot(start=START + DAY * day, end=START + DAY * (day + 1)), b"k" * 32) for day in range(1000)]
    assert {at.hour for at in found} == set(range(22))


def test_a_failing_store_is_tried_again_ever_more_patiently_and_written_down_once(life, monkeypatch):
    days = Days(life, until=START + 3 * DAY)
    healthy, broken = life.cloud.discover, []

    def away():
        broken.append(life.clock.now)
        raise StoreError("the store is away")

    def breaks():
        life.cloud.discover = away

    def mends():
        life.cloud.discover = healthy

    days.incidents = {START: breaks, START + 2 * DAY: mends}
    days.live()
    waited = [after - before for before, after in pairwise(broken)]
    assert [wait // FIRST_RETRY for wait in waited[:6]] == [1, 2, 4, 8, 16, 32]
    assert sorted(waited)[-2] <= LAST_RETRY, "only to the next slot's instant does it wait longer"
    assert len(broken) < 2 * 24 + 10
    assert (days.kinds().count("run-failed"), days.kinds().count("recovered")) == (1, 1)
    (recovered,) = life.agent.journal.of("recovered")
    assert recovered.body["tries"] == len(broken)
    assert list(life.agent.journal.of("sweep"))


def test_a_journal_that_cannot_be_read_is_no_reason_to_spin(life):
    days = Days(life, until=START + 3 * DAY)
    journal = life.folder / "store" / "journal"

    def breaks():
        (journal / f"{life.agent.journal.height + 1:08d}.json").mkdir()

    days.incidents = {START: breaks}
    days.live()
    assert days.daemon.pulse.error == "StoreError"
    assert len(days.waits) < 3 * 24 + 20


def test_a_bug_is_outlived_and_shown(life):
    days = Days(life, until=START + 2 * DAY)
    life.cloud.broken = 1
    days.incidents = {START + DAY: lambda: setattr(life.cloud, "broken", None)}
    days.live()
    assert days.daemon.pulse.failures > 0
    assert list(life.agent.journal.of("sweep"))


def test_readiness_names_the_failure_without_its_words(life):
    days = Days(life, until=START + DAY)
    life.cloud.discover = lambda: (_ for _ in ()).throw(StoreError("/secret/path is away"))
    days.live()
    said = findings(days.daemon.pulse, store=True)
    assert [one.what for one in said if not one.ok] == ["run", "loop"]
    assert not any("secret" in one.words for one in said)


def test_a_programme_that_cannot_be_used_is_refused_and_the_old_one_goes_on(life):
    days = Days(life, until=START + 5 * DAY)
    path = life.folder / "programme.yaml"

    def deploy(text):
        def happen():
            path.write_text(text)
            days.wishes.reload()

        return happen

    days.incidents = {
        START + DAY: deploy("provider: [\n"),
        START + 2 * DAY: deploy(PROGRAMME.replace("GmbH", "AG")),
    }
    refused = []
    days.daemon.after = lambda: refused.append(days.daemon.pulse.refused)
    days.live()
    assert True in refused and refused[-1] is False
    assert days.kinds().count("programme-refused") == 1
    assert [entry.body["takes_effect"] for entry in life.agent.journal.of("programme")] == [
        "now",
        "with the next cycle",
    ]
    assert len(list(life.agent.journal.of("sweep"))) >= 4


def test_a_stop_abandons_a_sweep_and_the_next_process_finishes_it(life):
    life.cloud.accounts = {f"11112222{number:04d}": ("eu-west-1",) for number in range(12)}
    days = Days(life, until=START + 30 * DAY)
    visit = life.cloud.visit

    def stopped_while_visiting(*what):
        if life.cloud.visits >= 20:
            days.wishes.abandon()
        return visit(*what)

    life.cloud.visit = stopped_while_visiting
    days.live()
    assert life.agent.journal.find("sealed/object-store/2026-09") is None
    assert not list(life.agent.journal.of("sweep"))
    (stopped,) = life.agent.journal.of("stopped")
    assert stopped.body["abandoned"] is True
    kept = {key for key in life.tree() if "/parts/" in key}
    life.cloud.visit, seen = visit, life.cloud.visits
    assert life.run().taken
    assert kept <= set(life.tree())
    assert life.cloud.visits - seen < 36


def test_a_crash_loop_writes_a_bounded_number_of_entries(life):
    for number in range(20):
        days = Days(life, until=life.clock.now)
        days.daemon.instance = f"process-{number}"
        days.daemon._announced = days.daemon._note("started", {})
        days.wishes.close()
    assert days.kinds().count("started") == 8
    assert [entry.body["more"] for entry in life.agent.journal.of("started")] == [False] * 7 + [True]


def test_before_the_commitment_nothing_is_written_and_nothing_spins(tmp_path):
    life = begin(tmp_path, committed=False)
    days = Days(life, until=START + DAY)
    days.live()
    assert life.agent.journal.height == 0
    assert days.daemon.pulse.error == "UsageError"
    assert len(days.waits) < 40


def test_a_clock_that_steps_back_a_month_is_waited_out(life):
    life.run()
    days = Days(life, until=START + 2 * DAY)
    life.clock.now = START - 30 * DAY
    days.until = START - 29 * DAY
    days.live()
    assert days.daemon.pulse.error == "Incomplete"
    assert len(list(life.agent.journal.of("sweep"))) == 1


def test_a_week_away_is_sealed_late_and_swept_at_once(life):
    Days(life, until=START + 3 * DAY).live()
    life.clock.now = datetime(2026, 10, 8, tzinfo=UTC)
    Days(life, until=datetime(2026, 10, 10, tzinfo=UTC)).live()
    (sealed,) = life.agent.journal.of("sealed")
    assert (sealed.body["state"], sealed.body["late"]) == ("partial", True)


def test_a_seal_that_was_begun_in_time_and_finished_late_is_late(life, monkeypatch):
    life.days(30)
    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr("agent.sealing._print", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        life.run()
    life.clock.now += 7 * DAY
    (past,) = life.run().sealed
    assert past.late


def test_an_idle_loop_that_does_not_turn_is_not_alive_and_a_long_sweep_is(life):
    days = Days(life, until=START)
    days.daemon._beat(busy=None)
    idle = days.daemon.pulse
    assert alive(idle, idle.beat + idle.patience) and not alive(idle, idle.beat + idle.patience + 1)
    days.daemon._beat(busy="sweep", allowed=10 * idle.patience)
    assert alive(days.daemon.pulse, idle.beat + 9 * idle.patience)
    days.wishes.close()


def test_the_loop_wakes_for_deadlines_and_writes_down_what_is_late(life):
    life.days(31)
    days = Days(life, until=datetime(2026, 10, 20, tzinfo=UTC))
    days.live()
    (late,) = life.agent.journal.of("late")
    assert late.body["step"] == "reviewed"
    assert datetime(2026, 10, 11, tzinfo=UTC) < late.at <= datetime(2026, 10, 11, 0, 0, 2, tzinfo=UTC)


def test_a_review_that_is_signed_elsewhere_is_published_at_once(tmp_path):
    configure("json")
    life = begin(tmp_path, programme=PROGRAMME + "publish: [{to: public, edition: public}]\n")
    days = Days(life, until=datetime(2026, 10, 6, tzinfo=UTC))
    signed: list[datetime] = []

    def review():
        agent = life.agent
        found = sealed_cycle(agent.store, agent.journal, "2026-09", None)
        key = load_signer(life.folder / "keys" / "signing.pem")
        sign(
            agent.store, agent.journal, found, (), reviewer="Ada Beispiel", programme=key, own=None, now=life.clock.now
        )
        signed.append(life.clock.now)

    def target_away():
        (life.folder / "public").write_text("not a folder")

    def target_there():
        (life.folder / "public").unlink()

    days.incidents = {
        datetime(2026, 10, 2, tzinfo=UTC): target_away,
        datetime(2026, 10, 2, 1, tzinfo=UTC): review,
        datetime(2026, 10, 3, 12, tzinfo=UTC): target_there,
    }
    shown: list[int] = []
    days.daemon.after = lambda: shown.append(days.daemon.pulse.unpublished)
    days.live()
    (published,) = life.agent.journal.of("published")
    assert signed and published.at > signed[0]
    assert 1 in shown and shown[-1] == 0
    assert days.daemon.pulse.runs < 60


def test_what_a_run_leaves_undone_does_not_spin(life, monkeypatch):
    life.days(31)
    monkeypatch.setattr("agent.running.note_late", lambda *_: ())
    days = Days(life, until=datetime(2026, 10, 15, tzinfo=UTC))
    days.live()
    assert days.daemon.pulse.runs < 40


@pytest.mark.parametrize("seed", range(3))
def test_wishes_wake_a_wait(seed):
    wishes = Wishes()
    random.Random(seed).choice([wishes.stop, wishes.reload])()
    wishes.wait(3600)
    assert wishes.stopping or wishes.reloading
    wishes.close()
