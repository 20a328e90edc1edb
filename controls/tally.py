"""Counting verdicts, and what a count says against an objective.

Nothing is ever added across checks, types or clouds: one tally is one check on one cloud. A sweep is a map from cell to tally;
merging two is map union, and equal keys must agree.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

import msgspec

from controls.verdict import Outcome


class Tally(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many resources of a population a check passed, failed, could not judge, or does not speak of."""

    passed: int = 0
    failed: int = 0
    """Deviations, excepted ones included."""
    excepted: int = 0
    """Of the failed: how many an approved exception covers. They stay failures."""
    carried: int = 0
    """Of the failed: last seen failing, and not seen mended or deleted since."""
    unknown: int = 0
    not_applicable: int = 0
    unseen: int = 0
    """Matching cells that could not be listed, so that nobody knows what they hold."""

    def __add__(self, other: "Tally") -> "Tally":
        # Spelled out, since a sweep adds once for each verdict: by the names of its fields it takes seven times as long.
        return Tally(
            passed=self.passed + other.passed, failed=self.failed + other.failed, excepted=self.excepted + other.excepted,
            carried=self.carried + other.carried, unknown=self.unknown + other.unknown,
            not_applicable=self.not_applicable + other.not_applicable, unseen=self.unseen + other.unseen,
        )  # fmt: skip

    def __sub__(self, other: "Tally") -> "Tally":
        """What is left without some that were counted."""
        names = self.__struct_fields__
        return Tally(**{name: getattr(self, name) - getattr(other, name) for name in names})

    @property
    def population(self) -> int:
        """B: passed + failed + unknown."""
        return self.passed + self.failed + self.unknown

    @property
    def range(self) -> tuple[Fraction, Fraction] | None:
        """From passed/B to (passed + unknown)/B; `None` when there is nothing to judge."""
        if not self.population:
            return None
        return Fraction(self.passed, self.population), Fraction(self.passed + self.unknown, self.population)


class Result(StrEnum):
    """A tally held against its objective; only `met` is within objective."""

    MISSED = "missed"
    NOT_SHOWN = "not shown"
    NOTHING = "nothing to judge"
    MET = "met"


WORST_FIRST = (Result.MISSED, Result.NOT_SHOWN, Result.MET, Result.NOTHING)


def against(tally: Tally, slo: Fraction) -> Result:
    """Met only if the lower end meets the SLO and no matching cell is unseen; missed if the upper end misses it; else not shown."""
    if tally.range is None:
        return Result.NOT_SHOWN if tally.unseen else Result.NOTHING
    low, high = tally.range
    if high < slo:
        return Result.MISSED
    return Result.MET if low >= slo and not tally.unseen else Result.NOT_SHOWN


def worst(results: Iterable[Result]) -> Result:
    """A specification is its worst check: missed, then not shown, then met; nothing to judge only if no check had anything."""
    return min(results, key=WORST_FIRST.index, default=Result.NOT_SHOWN)


K = TypeVar("K")


def merged(one: Mapping[K, Tally], other: Mapping[K, Tally]) -> dict[K, Tally]:
    """Union of two maps of tallies. Raises `ValueError` where the same key has different counts (law 3)."""
    for key in one.keys() & other.keys():
        if one[key] != other[key]:
            raise ValueError(f"two different tallies for {key}: {one[key]} and {other[key]}")
    return {**one, **other}


COUNTED = {
    Outcome.PASSED: Tally(passed=1),
    Outcome.FAILED: Tally(failed=1),
    Outcome.UNKNOWN: Tally(unknown=1),
    Outcome.NOT_APPLICABLE: Tally(not_applicable=1),
}
"""One verdict as a tally."""
