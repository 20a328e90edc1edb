"""From sweeps to a cycle: what one check on one cloud came to over the sweeps that were due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from agent.breaches import Breach, Remediation, longest_breach, remediation
from agent.cycle import Slot
from agent.record import Sweep
from controls.tally import Result, Tally, against


@dataclass(frozen=True, kw_only=True)
class Due:
    """One sweep that was due, and the closed sweep that was taken in its slot, if any."""

    slot: Slot
    sweep: Sweep | None


@dataclass(frozen=True, kw_only=True)
class Period:
    """The sweeps of a cycle counted for one objective."""

    due: int
    taken: int
    within: int
    nothing: int
    result: Result
    longest_unseen: int
    """Seconds."""
    breach: Breach
    remediation: Remediation


def period(
    dues: Sequence[Due],
    service: str,
    check: str,
    provider: str,
    slo: Fraction,
    tolerance: Fraction,
    start: datetime,
    until: datetime,
) -> Period:
    """Hold each due sweep against the objective; a sweep speaks until the next one is due, a missed one says nothing.

    Met if the share of sweeps within objective leaves no more out than tolerated; missed if more sweeps than tolerated missed it; else
    not shown. Sweeps with nothing to judge are set aside; if all of them are, that is the result.
    """
    results = [result(due.sweep, service, check, provider, slo) for due in dues]
    nothing = results.count(Result.NOTHING)
    judged = len(results) - nothing
    within = results.count(Result.MET)
    if not judged:
        outcome = Result.NOTHING if results else Result.NOT_SHOWN
    elif judged - within <= tolerance * judged:
        outcome = Result.MET
    else:
        outcome = Result.MISSED if results.count(Result.MISSED) > tolerance * judged else Result.NOT_SHOWN
    return Period(
        due=len(results), taken=sum(due.sweep is not None for due in dues), within=within, nothing=nothing, result=outcome,
        longest_unseen=_longest_unseen(dues, service, check, provider),
        breach=longest_breach(
            [(due.sweep.nominal, one) for due, one in zip(dues, results, strict=True) if due.sweep is not None], start, until
        ),
        remediation=remediation([due.sweep for due in dues if due.sweep is not None], service, check, provider),
    )  # fmt: skip


def result(sweep: Sweep | None, service: str, check: str, provider: str, slo: Fraction) -> Result:
    """One sweep against the objective. One that looked and counted nothing saw a complete, empty population."""
    if sweep is None:
        return Result.NOT_SHOWN
    found = _said(sweep, service, check, provider, slo)
    if check in sweep.distrusted.get(provider, ()) and found is not Result.MISSED:
        return (
            Result.NOT_SHOWN
        )  # it did not know its own sample: nothing that it says is shown, and a gap improves nothing
    return found


def _said(sweep: Sweep, service: str, check: str, provider: str, slo: Fraction) -> Result:
    tally = counted(sweep, service, check, provider)
    if tally is None:
        return Result.NOTHING if check in sweep.looked.get(service, {}).get(provider, ()) else Result.NOT_SHOWN
    return against(tally, slo)


def counted(sweep: Sweep | None, service: str, check: str, provider: str) -> Tally | None:
    """What a sweep counted; `None` if it was not taken, or counted nothing."""
    return None if sweep is None else sweep.tallies.get(service, {}).get(check, {}).get(provider)


def _longest_unseen(dues: Sequence[Due], service: str, check: str, provider: str) -> int:
    longest = current = 0
    for due in dues:
        tally = counted(due.sweep, service, check, provider)
        looked = (
            due.sweep is not None
            and check in due.sweep.looked.get(service, {}).get(provider, ())
            and check not in due.sweep.distrusted.get(provider, ())
        )
        unseen = not looked or (tally is not None and tally.unseen > 0)
        current = current + int((due.slot.end - due.slot.start).total_seconds()) if unseen else 0
        longest = max(longest, current)
    return longest
