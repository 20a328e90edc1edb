"""Calendar cycles and the sweep slots inside them: pure functions of programme and instant, no scheduler.

Cycles partition time: each instant lies in exactly one, whatever the time zone does. Slots partition each cycle, counted from its start.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Kind = Literal["monthly", "quarterly"]
MONTHS: dict[Kind, int] = {"monthly": 1, "quarterly": 3}


class Cycle(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A calendar month or quarter in the programme's time zone, as UTC instants; the end is the next one's start."""

    start: datetime
    end: datetime
    id: str
    """`2026-09` or `2026-Q3`."""


class Slot(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One sweep interval of a cycle; the last one may be shorter."""

    start: datetime
    end: datetime


def cycle_at(kind: Kind, instant: datetime, zone: ZoneInfo) -> Cycle:
    """The cycle in which an instant lies."""
    months = MONTHS[kind]
    local = instant.astimezone(zone)
    first = (local.month - 1) // months * months
    name = f"{local.year}-{first + 1:02d}" if months == 1 else f"{local.year}-Q{first // 3 + 1}"
    return Cycle(start=_midnight(local.year, first, zone), end=_midnight(local.year, first + months, zone), id=name)


def slots(cycle: Cycle, every: timedelta, opened: datetime | None = None) -> tuple[Slot, ...]:
    """The cycle's slots in order; with `opened`, only those that had not ended when the programme began."""
    found = []
    start = cycle.start
    while start < cycle.end:
        end = min(start + every, cycle.end)
        if opened is None or end > opened:
            found.append(Slot(start=start, end=end))
        start = end
    return tuple(found)


def slot_at(cycle: Cycle, every: timedelta, instant: datetime) -> Slot:
    """The slot of the cycle in which an instant of it lies. `ValueError` for an instant outside."""
    if not cycle.start <= instant < cycle.end:
        raise ValueError(f"{instant} does not lie in cycle {cycle.id}")
    start = cycle.start + (instant - cycle.start) // every * every
    return Slot(start=start, end=min(start + every, cycle.end))


def _midnight(year: int, month: int, zone: ZoneInfo) -> datetime:
    """Local midnight that begins a month (counted from 0, any number of years on), in UTC."""
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
