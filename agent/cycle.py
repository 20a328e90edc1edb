"""Calendar cycles and the sweep slots inside them: pure functions of programme and instant, no scheduler.

Cycles partition time: each instant lies in exactly one, whatever the time zone does. Slots partition each cycle, counted from its start.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Kind = Literal["monthly", "quarterly"]
MONTHS: dict[Kind, int] = {"monthly": 1, "quarterly": 3}
REST = timedelta(hours=26)
"""Time zones lie between UTC-12 and UTC+14."""
ROOM = 12
"""The last one of so many parts of a slot stays free: a sweep that fails at its instant can still be taken in its slot."""


class Cycle(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A calendar month or quarter in the programme's time zone, as UTC instants; the end is the next one's start."""

    start: datetime
    end: datetime
    id: str
    """`2026-09` or `2026-Q3`."""


class Slot(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One sweep interval of a cycle; the last one may be up to half shorter or longer."""

    start: datetime
    end: datetime


def cycle_at(kind: Kind, instant: datetime, zone: ZoneInfo) -> Cycle:
    """The cycle in which an instant lies."""
    months = MONTHS[kind]
    local = instant.astimezone(zone)
    first = (local.month - 1) // months * months
    name = f"{local.year}-{first + 1:02d}" if months == 1 else f"{local.year}-Q{first // 3 + 1}"
    return Cycle(start=_midnight(local.year, first, zone), end=_midnight(local.year, first + months, zone), id=name)


def cycle_after(kind: Kind, end: datetime, zone: ZoneInfo) -> Cycle:
    """The cycle that begins where another ended, whatever the calendar says: its slots are counted from there.

    Where the time zone changed in between, what is left of a calendar cycle, a day at most, goes with the next one: a name stands for
    one cycle only, and so does the name of a slot.
    """
    cycle = cycle_at(kind, end, zone)
    if cycle.end - end <= REST:
        cycle = cycle_at(kind, cycle.end, zone)
    return msgspec.structs.replace(cycle, start=end)


def slots(cycle: Cycle, every: timedelta, opened: datetime | None = None) -> tuple[Slot, ...]:
    """The cycle's slots in order; with `opened`, only those that had not ended when the programme began."""
    number = _number(cycle, every)
    starts = [cycle.start + every * index for index in range(number)]
    found = (Slot(start=start, end=end) for start, end in zip(starts, (*starts[1:], cycle.end), strict=True))
    return tuple(slot for slot in found if opened is None or slot.end > opened)


def slot_at(cycle: Cycle, every: timedelta, instant: datetime) -> Slot:
    """The slot of the cycle in which an instant of it lies. `ValueError` for an instant outside."""
    if not cycle.start <= instant < cycle.end:
        raise ValueError(f"{instant} does not lie in cycle {cycle.id}")
    last = _number(cycle, every) - 1
    index = min((instant - cycle.start) // every, last)
    start = cycle.start + every * index
    return Slot(start=start, end=cycle.end if index == last else start + every)


def instant_in(slot: Slot, key: bytes) -> datetime:
    """When the sweep of a slot is taken: one instant for each slot and key, which nobody can guess without the key.

    It lies in the slot, anywhere in its first eleven twelfths, on a whole second.
    """
    said = hmac.new(key, f"sweep instant\n{slot.start.isoformat()}".encode(), hashlib.sha256).digest()
    span = int((slot.end - slot.start).total_seconds()) * (ROOM - 1) // ROOM
    return slot.start + timedelta(seconds=int.from_bytes(said) % max(span, 1))


def days(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Calendar days of the zone that lie, in whole or in part, from `start` up to `end`."""
    last = (end - timedelta(seconds=1)).astimezone(zone).date()
    return (last - start.astimezone(zone).date()).days + 1


def days_of(kind: Kind, start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Days of the whole calendar cycle of one that may have begun late: the 31 of "17 of 31 days"."""
    whole = cycle_at(kind, end - timedelta(seconds=1), zone)
    return days(min(start, whole.start), end, zone)


def _number(cycle: Cycle, every: timedelta) -> int:
    """How many slots: a rest of less than half an interval (the extra hour of October) belongs to the last one."""
    whole, rest = divmod(cycle.end - cycle.start, every)
    return max(1, whole + (2 * rest >= every))


def _midnight(year: int, month: int, zone: ZoneInfo) -> datetime:
    """Local midnight that begins a month (counted from 0, any number of years on), in UTC."""
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
