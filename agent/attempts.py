"""The attempts at one slot's sweep: one that could read nothing, or was lost, does not keep the slot, and the next one stands beside it.

The first attempt is named after the slot's start, each further one a second later: whoever looks into the journal knows the next name,
so that racing runs share an attempt as they share any sweep. A slot is an hour at least, and holds more names than anybody can use.
The attempt that counts is the last one; what a blind one before it recorded stays, and counts for nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from agent.anew import lost
from agent.canonical import stamp
from agent.cycle import ROOM, Slot
from agent.journal import Entry, Journal

BESIDE = timedelta(seconds=1)
"""From the name of one attempt to that of the next."""
FIRST_REST = timedelta(hours=1)
"""A daemon looks again after this at the latest, then after ever longer, a twelfth of the slot at most. A `run` looks at once."""


def is_blind(entry: Entry) -> bool:
    """The sweep that it writes down could read nothing at all."""
    cells, unseen = int(entry.body["cells"]), int(entry.body["unseen"])
    return 0 < cells == unseen


def taken_at(entry: Entry) -> datetime:
    """The nominal instant of the sweep that an entry writes down."""
    return msgspec.convert(entry.body["nominal"], datetime, strict=False)


def counts(journal: Journal, entry: Entry) -> bool:
    """The sweep saw something, and what it recorded was not lost since."""
    return not is_blind(entry) and entry.key.removeprefix("sweep/") not in lost(journal)


def attempts(journal: Journal, slot: datetime) -> Iterator[Entry]:
    """The closed sweeps of the slot that starts then, oldest first; one that was written off while it was open is passed over."""
    at, gone = slot, lost(journal)
    while (entry := journal.find(f"sweep/{stamp(at)}")) is not None or stamp(at) in gone:
        if entry is not None:
            yield entry
        at += BESIDE


def stands(journal: Journal, slot: datetime) -> bool:
    """The slot has a sweep that saw something, and is whole."""
    return any(counts(journal, entry) for entry in attempts(journal, slot))


def name_of_next(journal: Journal, slot: datetime) -> datetime:
    """What names the sweep to take for a slot, or to find done: the one that saw something, else the first that does not stand."""
    at, gone = slot, lost(journal)
    while True:
        entry = journal.find(f"sweep/{stamp(at)}")
        if stamp(at) not in gone and (entry is None or not is_blind(entry)):
            return at
        at += BESIDE


def look_again(journal: Journal, slot: Slot) -> datetime | None:
    """When a daemon tries a slot again that a blind sweep was taken for; `None` if none was, or no time is left."""
    found = tuple(attempts(journal, slot.start))
    if not found or counts(journal, found[-1]):
        return None
    if not is_blind(found[-1]):  # lost: nothing keeps from taking it again now
        return taken_at(found[-1])
    rest = min((slot.end - slot.start) / ROOM, FIRST_REST * 2 ** min(len(found) - 1, 12))
    at = taken_at(found[-1]) + rest
    return at if at < slot.end else None


def counting(journal: Journal) -> tuple[str, ...]:
    """Names of the closed sweeps that count, sorted: of each slot the last one, unless it was written off (`agent.anew`)."""
    names = {entry.key.removeprefix("sweep/"): entry for entry in journal.of("sweep")}
    before = {entry.body.get("again") for entry in names.values()}
    return tuple(sorted(names.keys() - before - lost(journal)))


def by_slot(names: Iterable[str], slots: Iterable[Slot]) -> Mapping[datetime, str]:
    """Slot -> the last of the names that lie in it."""
    ordered = sorted(names)
    found = {}
    for slot in slots:
        index = bisect_left(ordered, stamp(slot.end)) - 1
        if index >= 0 and ordered[index] >= stamp(slot.start):
            found[slot.start] = ordered[index]
    return found
