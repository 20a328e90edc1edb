"""Verdicts of time: how long ago something happened, and how long something still stands.

Each says until when it holds, so that nobody judges the same facts again before that instant. Both ends are half open: what is exactly as
old as allowed, or ends at this very instant, no longer passes.
"""

from datetime import datetime, timedelta

from collectors.resource import FAR
from controls.verdict import Verdict, failed, passed, unknown


def lately(last: datetime | None, *, never: bool | None, within: timedelta, now: datetime, done: str) -> Verdict:
    """Something was `done` less than `within` ago. `never` speaks only where there is no last time."""
    if last is None:
        return failed(f"never {done}") if never else unknown(f"not learned when it was last {done}")
    if now >= last + within:
        return failed(f"last {done} on {last.date()}; at most {span(within)} may pass")
    return passed(holds_until=last + within)


def lasts(ends: datetime | None, *, now: datetime, what: str, ahead: timedelta = timedelta(0)) -> Verdict:
    """`what` stands for longer than `ahead` from now. `FAR` is no end."""
    if ends is None:
        return unknown(f"not learned when {what} ends")
    if ends == FAR:
        return passed(f"{what} has no end")
    if now >= ends - ahead:
        return failed(f"{what} ends on {ends.date()}")
    return passed(holds_until=ends - ahead)


def taken_up(since: datetime | None, *, within: timedelta, now: datetime, what: str) -> Verdict:
    """`what` has been open for less than `within`."""
    if since is None:
        return unknown(f"not learned since when {what}")
    if now >= since + within:
        return failed(f"{what} since {since.date()}; at most {span(within)}")
    return passed("not yet due", holds_until=since + within)


def span(time: timedelta) -> str:
    """Whole days, or hours where it is less than three days: `48 hours`, `7 days`."""
    hours = time // timedelta(hours=1)
    return f"{hours} hours" if time < timedelta(days=3) else f"{hours // 24} days"
