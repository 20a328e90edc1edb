"""Beginning anew after a loss: what stood in the store and is gone for good is written off, with its reason, by signed journal entries.

A sweep whose records are lost counts as not taken: its slot is missed, or taken again while its time lasts; the next sweep goes on
from the last one that is whole, or from nothing. What is sealed does not change. Reports print each break.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from agent.journal import Entry, Journal

MOST = 100
"""Sweeps that one entry names, so that it stays small enough to be signed anywhere."""


class Break(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry by which something was written off."""

    at: datetime
    reason: str
    """In its author's words; empty in a public edition."""
    sweeps: int
    """Sweeps that counted before or were begun, and count no more."""
    records: int
    """Records and blobs that are gone."""


def entries(journal: Journal) -> Iterator[Entry]:
    """The entries by which something was written off, oldest first."""
    number = 1
    while (entry := journal.find(f"anew/{number}")) is not None:
        yield entry
        number += 1


def lost(journal: Journal) -> frozenset[str]:
    """Names of the sweeps that were written off."""
    return frozenset(name for entry in entries(journal) for name in entry.body["sweeps"])


def breaks(found: Iterable[Entry], start: datetime) -> tuple[Break, ...]:
    """What was written off since a cycle began."""
    return tuple(
        Break(at=entry.at, reason=entry.body["reason"], sweeps=len(entry.body["sweeps"]), records=entry.body["records"])
        for entry in found
        if entry.kind == "anew" and entry.at >= start
    )


def begin_anew(
    journal: Journal, *, reason: str, by: str | None, sweeps: Sequence[str], records: int, listed: str, now: datetime
) -> tuple[Entry, ...]:
    """Write sweeps off. `records` is how many records are gone, `listed` the address of a blob that names them."""
    pieces = [sweeps[start : start + MOST] for start in range(0, len(sweeps), MOST)] or [()]
    made = []
    for piece in pieces:
        body = {"reason": reason, "by": by, "sweeps": tuple(piece), "records": records, "listed": listed}
        number = sum(1 for _ in entries(journal)) + 1
        made.append(journal.append("anew", f"anew/{number}", body, now))
    return tuple(made)
