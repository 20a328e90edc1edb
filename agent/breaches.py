"""How long an objective was broken, and how long its deviations took to mend: what sweeps can show, with both bounds.

A sweep sees a point in time. A breach lasted at least from the first sweep that missed the objective to the last one before it was met
again, and at most from the sweep that last met it to the one that met it again; sweeps that could not tell end no breach.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.record import Sweep
from controls.tally import Result


@dataclass(frozen=True, kw_only=True)
class Breach:
    """The longest breach of a cycle, in seconds; both 0 where there was none."""

    at_least: int = 0
    at_most: int = 0


@dataclass(frozen=True, kw_only=True)
class Remediation:
    """Seconds from the sweep that first saw a deviation to the one that first saw it mended, over those mended in the cycle."""

    mended: int = 0
    median: int | None = None
    p90: int | None = None
    """By nearest rank: nine in ten took no longer."""
    worst: int | None = None


def longest_breach(points: Sequence[tuple[datetime, Result]], start: datetime, until: datetime) -> Breach:
    """The longest breach among the sweeps that were taken, each with its nominal instant and result, in order.

    `start` and `until` bound what the cycle can say. The longest by its upper bound counts, then by its lower.
    """
    longest, last_met = Breach(), start
    first = last = None
    for instant, result in points:
        if result is Result.MISSED:
            first, last = first or instant, instant
        elif result in {Result.MET, Result.NOTHING}:
            longest = _longer(longest, first, last, last_met, instant)
            first = last = None
            last_met = instant
    return _longer(longest, first, last, last_met, until)


def remediation(sweeps: Sequence[Sweep], service: str, check: str, provider: str) -> Remediation:
    """How long what was mended in those sweeps had been seen failing. What was deleted or vanished was not mended."""
    took = sorted(
        int((one.by - one.failing_by).total_seconds())
        for sweep in sweeps
        for one in sweep.ended
        if one.how == "mended"
        and one.check == check
        and service in one.services
        and one.cell.startswith(f"{provider}/")
    )
    if not took:
        return Remediation()
    return Remediation(mended=len(took), median=_rank(took, 50), p90=_rank(took, 90), worst=took[-1])


def _longer(
    longest: Breach, first: datetime | None, last: datetime | None, before: datetime, after: datetime
) -> Breach:
    if first is None or last is None:
        return longest
    found = Breach(at_least=int((last - first).total_seconds()), at_most=int((after - before).total_seconds()))
    return max(longest, found, key=lambda one: (one.at_most, one.at_least))


def _rank(ordered: Sequence[int], percent: int) -> int:
    """Nearest rank."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
