"""Breaches and remediation against calculations by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.archive import Archive
from agent.breaches import Breach, longest_breach
from agent.canonical import decode
from agent.report import Objective, Report
from controls.tally import Result
from tests.agent.living import DAY, PROGRAMME, begin

START = datetime(2026, 9, 1, tzinfo=UTC)
SECONDS = 86400
LETTERS = {"m": Result.MISSED, "+": Result.MET, "?": Result.NOT_SHOWN, "0": Result.NOTHING}


def points(text: str) -> list[tuple[datetime, Result]]:
    return [(START + index * DAY + timedelta(hours=6), LETTERS[letter]) for index, letter in enumerate(text)]


@pytest.mark.parametrize(
    ("sweeps", "least", "most"),
    [
        ("++++", 0, 0),
        ("????", 0, 0),
        ("", 0, 0),
        ("+m++", 0, 2),  # one sweep saw it: it may have lasted a moment, or almost two days
        ("+mm+", 1, 3),
        ("+m?m+", 2, 4),  # a sweep that could not tell ends no breach
        ("+m?+", 0, 3),
        ("+mm0+", 1, 3),  # with nothing to judge, nothing breaks the objective
        ("+m++mmm+", 2, 4),
        ("+m+m", 0, 2),
    ],
)
def test_a_breach_has_two_bounds(sweeps: str, least: int, most: int) -> None:
    found = longest_breach(points(sweeps), START, START + len(sweeps) * DAY)
    assert found == Breach(at_least=least * SECONDS, at_most=most * SECONDS)


def test_a_breach_that_reaches_over_the_cycles_ends_is_bounded_by_them() -> None:
    found = longest_breach(points("mmm"), START, START + 3 * DAY)
    assert found == Breach(at_least=2 * SECONDS, at_most=3 * SECONDS)


@given(st.text(alphabet="m+?0", max_size=40))
def test_no_breach_is_longer_than_the_cycle_nor_shorter_than_seen(sweeps: str) -> None:
    found = longest_breach(points(sweeps), START, START + len(sweeps) * DAY)
    assert 0 <= found.at_least <= found.at_most <= len(sweeps) * SECONDS
    assert bool(found.at_most) == ("m" in sweeps)


def test_a_report_says_how_long_deviations_took_to_mend(tmp_path: Path) -> None:
    life = begin(tmp_path, programme=PROGRAMME)
    life.days(3)
    for name, days in (("one", 1), ("two", 2), ("three", 9)):
        life.cloud.volume(name, encrypted=False)
        life.days(days)
        life.cloud.volume(name, encrypted=True)
    life.days(16)
    objective = closing(life.bundles()[0])
    assert (objective.mended, objective.remediation_median, objective.remediation_p90, objective.remediation_worst) == (
        3, 2 * SECONDS, 9 * SECONDS, 9 * SECONDS,
    )  # fmt: skip
    assert (objective.breach_at_least, objective.breach_at_most) == (11 * SECONDS, 13 * SECONDS)
    assert (objective.first_low, objective.low) == ("1/1", "1/1")


def closing(path: Path) -> Objective:
    with Archive.open(path) as archive:
        found = decode(archive.read("report.json", 1 << 28), Report, what="report.json")
    return next(one for one in found.specifications if one.id == "CCM:4.1:CEK-03").objectives[0]
