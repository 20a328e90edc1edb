"""Credentials are revoked in the middle of a cycle: what a blind sweep leaves, and what the next run makes of its slot."""

from datetime import timedelta

import pytest

from agent import running
from agent.agenda import next_step
from agent.attempts import attempts, counting, is_blind, look_again, taken_at
from agent.canonical import stamp
from agent.cycle import Slot
from agent.keys import load_public, load_salt_key
from agent.observed import observe
from agent.outlook import outlook
from agent.replay import replay
from agent.running import current, in_force, sweeps_of
from agent.state import State, state
from agent.verify import verify_all
from tests.agent.living import DAY, PROGRAMME, START, Life, begin

HOUR = timedelta(hours=1)


@pytest.fixture
def life(tmp_path) -> Life:
    """Two days went well, and the third one's sweep could read nothing."""
    found = begin(tmp_path)
    found.cloud.volume("two", encrypted=False)
    found.days(2)
    found.cloud.revoked = True
    assert found.run().blind
    found.clock.now += HOUR
    return found


def names(life):
    return [entry.key.removeprefix("sweep/") for entry in life.agent.journal.of("sweep")]


def of_today(life):
    return tuple(attempts(life.agent.journal, START + 2 * DAY))


def test_after_they_are_mended_the_next_run_takes_the_sweep_anew_and_the_journal_says_both(life):
    life.cloud.revoked = False
    ran = life.run()
    assert ran.taken and not ran.blind and ran.sweep.complete
    blind, seen = of_today(life)
    assert is_blind(blind) and not is_blind(seen) and seen.body["again"] == blind.key.removeprefix("sweep/")
    assert ran.sweep.nominal == life.clock.now, "the second one has its own instant"
    assert not life.run().taken, "it keeps its slot"


def test_while_they_are_revoked_each_run_looks_again_and_writes_it_down(life):
    for _ in range(3):
        assert life.run().blind
        life.clock.now += HOUR
    assert [is_blind(entry) for entry in of_today(life)] == [True] * 4
    life.cloud.revoked = False
    assert not life.run().blind
    agent = life.agent
    assert counting(agent.journal) == (stamp(START), stamp(START + DAY), stamp(START + 2 * DAY + timedelta(seconds=4)))
    assert sorted(sweeps_of(agent, current(agent), START + 3 * DAY)) == list(counting(agent.journal))


def test_a_slot_that_has_ended_is_not_taken_again(life):
    life.clock.now, life.cloud.revoked = START + 3 * DAY, False
    assert life.run().sweep.slot == START + 3 * DAY
    assert len(of_today(life)) == 1
    assert stamp(START + 2 * DAY) in counting(life.agent.journal), "the blind one is what there was of its day"


def test_a_sweep_that_saw_something_keeps_its_slot(life):
    life.clock.now, life.cloud.revoked = START + 3 * DAY, False
    life.cloud.denied = {"aws/111122223333/eu-west-1/aws.volumes"}
    assert life.run().taken and not life.run().taken


def test_a_kill_in_the_second_attempt_is_gone_on_from(life):
    life.cloud.revoked, life.cloud.broken = False, 1
    with pytest.raises(ConnectionAbortedError):
        life.run()
    life.cloud.broken = None
    life.clock.now += HOUR
    assert life.run().sweep.nominal == life.clock.now - HOUR, "by the plan that stood"
    assert len(of_today(life)) == 2


def test_a_kill_between_the_second_sweep_and_its_entry_loses_nothing(life, monkeypatch):
    life.cloud.revoked = False
    with monkeypatch.context() as patched:
        patched.setattr(running, "write_down", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            life.run()
    assert len(of_today(life)) == 1
    assert not life.run().taken
    assert [entry.body.get("again") for entry in of_today(life)] == [None, stamp(START + 2 * DAY)]


def test_replicas_share_the_second_attempt(life):
    one, other = life.agent, life.agent
    life.cloud.revoked = False
    first = running.run(one)
    life.clock.now += timedelta(minutes=5)
    second = running.run(other)
    assert second.sweep == first.sweep and len(of_today(life)) == 2


def test_what_the_blind_one_could_not_see_is_judged_once_by_the_second(life):
    life.cloud.revoked = False
    life.cloud.volume("two", encrypted=True)
    (ended,) = life.run().sweep.ended
    assert (ended.how, ended.after, ended.by) == ("mended", START + DAY, life.clock.now)


def test_the_report_counts_the_slot_once_and_the_bundle_verifies_and_replays(life):
    life.cloud.revoked = False
    life.run()
    life.clock.now = START + 3 * DAY
    life.days(29)
    (path,) = life.bundles()
    sealed = next(life.agent.journal.of("sealed"))
    assert sealed.body["state"] == "complete"
    key = load_public(life.folder / "store" / "signing.pub")
    assert verify_all([path], (key,)).ok and replay(path).ok


def test_nothing_but_blind_attempts_leaves_the_cycle_partial(life):
    life.run()
    life.clock.now, life.cloud.revoked = START + 3 * DAY, False
    life.days(29)
    assert next(life.agent.journal.of("sealed")).body["state"] == "partial"
    assert replay(life.bundles()[0]).ok


def test_where_it_stands_says_that_the_sweep_is_due_until_it_is_taken(life):
    def view():
        agent = life.agent
        return outlook(agent.store, agent.journal, agent.press.checks, (), life.clock.now, agent.loaded.programme)

    before = view()
    assert (before.sweeps_taken, before.sweeps_due, before.next_sweep) == (2, 2, START + 2 * DAY)
    assert state(life.agent.journal.entries, life.clock.now).state is State.DEGRADED
    life.cloud.revoked = False
    life.run()
    assert (view().sweeps_taken, view().next_sweep) == (3, START + 3 * DAY)
    assert state(life.agent.journal.entries, life.clock.now).state is State.ON_CADENCE


def test_attempts_at_one_slot_are_one_sweep_to_the_work(life):
    for _ in range(3):
        life.run()
    agent = life.agent
    unknown = {one.check for one in observe(agent.store, agent.journal, agent.loaded.programme, ()).unknown}
    assert "data_is_encrypted_at_rest" not in unknown, "two of the last three days saw it"


@pytest.mark.parametrize(("every", "rest"), [("24h", HOUR), ("1h", timedelta(minutes=5))])
def test_a_daemon_looks_again_within_the_hour_and_goes_on_to_the_next_slot_when_time_is_over(tmp_path, every, rest):
    life = begin(tmp_path, programme=PROGRAMME.replace("24h", every))
    life.cloud.revoked = True
    life.run()
    agent = life.agent
    opened, key = current(agent), load_salt_key(life.folder / "keys" / "salt.key")

    def following():
        return next_step(opened, in_force(agent, opened).cadence, agent.journal, key, life.clock.now).at

    assert following() == START + rest
    (blind,) = attempts(agent.journal, START)
    late = blind.body | {"nominal": (START + (DAY if every == "24h" else HOUR) - timedelta(seconds=30)).isoformat()}
    agent.journal.append("sweep", f"sweep/{stamp(START + timedelta(seconds=1))}", late, life.clock.now)
    assert following() >= START + HOUR


def test_a_daemon_grows_patient_while_nothing_can_be_read(life):
    slot, rests = Slot(start=START + 2 * DAY, end=START + 3 * DAY), []
    for _ in range(4):
        rests.append(look_again(life.agent.journal, slot) - taken_at(of_today(life)[-1]))
        life.run()
    assert rests == [HOUR, 2 * HOUR, 2 * HOUR, 2 * HOUR], "a twelfth of the day at most"
