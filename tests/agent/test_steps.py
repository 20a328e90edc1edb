"""The steps of a cycle: deadlines pinned at its opening, done in time or late, and each lapse written down once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.outlook import outlook
from agent.steps import lives
from agent.submitting import submit
from agent.vitals import vitals
from agent.words import outlook_lines
from tests.agent.living import DAY, PROGRAMME, Life, begin

PUBLISHING = PROGRAMME + "publish: [{to: public, edition: public}]\n"


@pytest.fixture
def life(tmp_path: Path) -> Life:
    """A month that is sealed, with one failing volume."""
    life = begin(tmp_path, programme=PUBLISHING)
    life.cloud.volume("one", encrypted=False)
    life.run()
    life.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    life.run()
    return life


def late(life: Life) -> list[str]:
    return [entry.key for entry in life.agent.journal.of("late")]


def test_a_sealed_cycle_promises_review_and_publication(life: Life) -> None:
    september, october = lives(life.agent.journal.entries, life.clock.now)
    assert (september.state, october.state) == ("sealed", "open")
    end = datetime(2026, 10, 1, tzinfo=UTC)
    assert [(one.step, one.due and (one.due - end).days) for one in september.steps] == [
        ("sealed", 2), ("reviewed", 10), ("published", 15), ("submitted", None),
    ]  # fmt: skip
    assert not any(one.late for one in september.steps) and october.steps == ()


def test_a_deadline_that_passes_undone_is_written_down_once(life: Life) -> None:
    life.clock.now = datetime(2026, 10, 11, tzinfo=UTC)
    life.run()
    assert late(life) == []  # due at this very instant
    life.clock.now += timedelta(seconds=1)
    life.run()
    life.run()
    assert late(life) == ["late/reviewed/object-store/2026-09"]
    life.clock.now = datetime(2026, 10, 20, tzinfo=UTC)
    life.run()
    assert late(life) == ["late/reviewed/object-store/2026-09", "late/published/object-store/2026-09"]


def test_a_programme_that_publishes_nowhere_owes_no_publication(tmp_path: Path) -> None:
    life = begin(tmp_path)
    life.run()
    life.clock.now = datetime(2026, 10, 20, tzinfo=UTC)
    life.run()
    assert late(life) == ["late/reviewed/object-store/2026-09"]


def test_a_changed_deadline_does_not_move_that_of_a_cycle_that_is_open(life: Life) -> None:
    (life.folder / "programme.yaml").write_text(PUBLISHING.replace("24h}", "24h, review_within: 14d}"))
    life.run()
    september = lives(life.agent.journal.entries, life.clock.now)[0]
    assert september.step("reviewed").due == datetime(2026, 10, 11, tzinfo=UTC)


def test_a_missed_cycle_has_no_steps(tmp_path: Path) -> None:
    life = begin(tmp_path)
    life.clock.now = datetime(2026, 10, 20, tzinfo=UTC)
    life.run()
    september = lives(life.agent.journal.entries, life.clock.now)[0]
    assert (september.state, september.steps, late(life)) == ("missed", (), [])


def test_status_and_metrics_say_what_a_cycle_waits_for(life: Life) -> None:
    life.clock.now = datetime(2026, 10, 12, tzinfo=UTC)
    life.run()
    agent = life.agent
    view = outlook(agent.store, agent.journal, agent.press.checks, (), life.clock.now, agent.loaded.programme)
    lines = "\n".join(outlook_lines(view))
    assert "2026-09, sealed: to be reviewed, overdue since 2026-10-11" in lines
    assert "to be published, due by 2026-10-16" in lines
    assert (
        "programme: degraded" in lines and "2026-09: its review is overdue; way back: `starcadence review` it" in lines
    )
    (service,) = vitals(view, life.clock.now).services
    assert service.due == {
        "reviewed": datetime(2026, 10, 11, tzinfo=UTC),
        "published": datetime(2026, 10, 16, tzinfo=UTC),
    }
    assert (service.late, list(service.done)) == ({"reviewed": 1}, ["sealed"])


def test_only_what_was_published_is_submitted(life: Life) -> None:
    said = {"reference": "STAR-1", "by": "Ada Beispiel", "on": life.clock.now.date(), "now": life.clock.now}
    with pytest.raises(UsageError, match="the programme publishes it first"):
        submit(life.agent.journal, "object-store", "2026-09", **said)
    with pytest.raises(UsageError, match="is open, not sealed"):
        submit(life.agent.journal, "object-store", "2026-10", **said)
    with pytest.raises(UsageError, match="no cycle 2027-01"):
        submit(life.agent.journal, "object-store", "2027-01", **said)
    with pytest.raises(UsageError, match="give --reference"):
        submit(life.agent.journal, "object-store", None, **{**said, "reference": " "})
    with pytest.raises(UsageError, match="has not come yet"):
        submit(life.agent.journal, "object-store", None, **{**said, "on": (life.clock.now + DAY).date()})


def test_a_questionnaire_is_submitted_whatever_the_cycle(life: Life) -> None:
    entry = submit(
        life.agent.journal, "object-store", None, reference="STAR-2", by=None, on=life.clock.now.date(), now=life.clock.now
    )  # fmt: skip
    assert entry.key == "submitted/object-store/questionnaire/2026-10-01"
    assert lives(life.agent.journal.entries, life.clock.now)[0].state == "sealed"
