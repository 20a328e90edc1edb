"""Renewals: thirty days for the questionnaire, a year for the entry, and the certificate's own days."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.reading import load
from agent.renewal import misfit, renewals
from agent.submitting import submit
from tests.agent.living import PROGRAMME, Life, begin

NOW = datetime(2026, 9, 20, tzinfo=UTC)


def registered(folder: Path, registry: str, cycle: str = "monthly") -> Life:
    text = PROGRAMME.replace("    ccm: 4.1.0\n", f"    ccm: 4.1.0\n    registry: {registry}\n").replace(
        "monthly", cycle
    )
    return begin(folder, programme=text)


def due(life: Life, now: datetime = NOW) -> dict[str, date]:
    programme = load(life.folder / "programme.yaml").programme
    return {one.what: one.due for one in renewals(programme, life.agent.journal.entries, now)}


def test_what_was_never_submitted_is_not_renewed(tmp_path: Path) -> None:
    assert due(begin(tmp_path)) == {}


def test_the_questionnaire_is_due_thirty_days_after_the_last_submission_and_the_entry_after_a_year(
    tmp_path: Path,
) -> None:
    life = registered(tmp_path, "{submitted: 2026-08-15}")
    assert due(life) == {"questionnaire": date(2026, 9, 14), "registry": date(2027, 8, 15)}
    submit(life.agent.journal, "object-store", None, reference="STAR-1", by=None, on=date(2026, 9, 10), now=NOW)
    assert due(life) == {"questionnaire": date(2026, 10, 10), "registry": date(2027, 9, 10)}


def test_a_registry_that_says_when_it_expires_is_believed(tmp_path: Path) -> None:
    assert due(registered(tmp_path, "{submitted: 2026-08-15, expires: 2027-01-31}"))["registry"] == date(2027, 1, 31)


def test_a_leap_day_is_followed_by_the_twenty_eighth(tmp_path: Path) -> None:
    assert due(registered(tmp_path, "{submitted: 2024-02-29}"))["registry"] == date(2025, 2, 28)


@pytest.mark.parametrize(("day", "expected"), [(1, date(2026, 9, 30)), (30, date(2026, 9, 30))])
def test_the_next_day_of_surveillance_counts(tmp_path: Path, day: int, expected: date) -> None:
    life = registered(tmp_path, "{certificate: {until: 2028-06-30, surveillance: [2027-09-30, 2026-09-30]}}")
    found = due(life, datetime(2026, 9, day, 23, tzinfo=UTC))
    assert found == {"certificate": date(2028, 6, 30), "surveillance": expected}
    assert due(life, datetime(2026, 10, 1, tzinfo=UTC))["surveillance"] == date(2027, 9, 30)


def test_a_renewal_is_work_near_its_day_and_overdue_the_day_after(tmp_path: Path) -> None:
    life = registered(tmp_path, "{submitted: 2026-08-15}")
    programme = load(life.folder / "programme.yaml").programme
    (questionnaire, registry) = renewals(programme, (), NOW)
    assert questionnaire.until == datetime(2026, 9, 15, tzinfo=UTC)
    assert not questionnaire.is_work(datetime(2026, 9, 7, 23, tzinfo=UTC))
    assert questionnaire.is_work(datetime(2026, 9, 8, tzinfo=UTC))
    assert not registry.is_work(NOW)


def test_a_quarterly_programme_is_told_that_it_does_not_meet_the_questionnaire(tmp_path: Path) -> None:
    quarterly = load(registered(tmp_path / "q", "{}", "quarterly").folder / "programme.yaml").programme
    monthly = load(registered(tmp_path / "m", "{}").folder / "programme.yaml").programme
    assert "does not meet the level 1 questionnaire" in (misfit(quarterly.services[0], quarterly.cadence) or "")
    assert misfit(monthly.services[0], monthly.cadence) is None
