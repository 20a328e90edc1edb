"""What the shards of a sweep tell each other while it is open: what each saw that others join over the whole organisation.

Each shard looks at such cells in its own accounts only, and puts down what a collector saw of one; the others read it from the store.
Whoever waits in vain looks by himself, so that a shard which is lost, or was never started, holds nobody up for long.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import msgspec

from agent.errors import StoreError
from agent.parts import packed, unpacked
from agent.record import Record
from agent.store import Store
from agent.visiting import Look, Seen
from collectors.collector import Cell, Collector
from collectors.sighting import Visit


class Told(Record, frozen=True, kw_only=True):
    """What one shard saw in one account with one collector that others join."""

    visits: tuple[Visit, ...]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long one waits for others who put nothing down."""

    seconds: float = 60.0
    every: float = 2.0
    """Seconds between two looks into the store, at most: the first come sooner."""
    pause: Callable[[float], None] = time.sleep
    ticks: Callable[[], float] = time.monotonic


PATIENT = Patience()
SOON = 0.1
"""Seconds until the second look; each further one waits twice as long."""


_decoder = msgspec.json.Decoder(Told)
"""Made here, once: threads that make a type's first decoder at the same time end the process (msgspec fills in what it knows of a type
without a lock)."""


def _read(data: bytes, key: str) -> Told:
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{key} is not what it should be: {error}; remove it and run again") from error


_Place = tuple[str, str]
"""Account and collector."""


def _place(cell: Cell) -> _Place:
    return cell.account, cell.collector


class Hearing:
    """A way to look at cells that asks the other shards first. Called from many threads.

    Give, of each collector, the cells of one's own accounts to the pool before those of others, and collectors in the same order: then two
    shards never wait for each other.
    """

    def __init__(
        self,
        store: Store,
        folder: str,
        look: Look,
        *,
        early: Iterable[Cell],
        mine: Collection[str],
        patience: Patience = PATIENT,
    ) -> None:
        """`early` are the cells that others join; `mine` the accounts of this shard; `folder` is the sweep's."""
        self._store, self._folder, self._look = store, folder, look
        self._mine, self._patience = mine, patience
        self._keys: dict[_Place, set[str]] = defaultdict(set)
        for cell in early:
            self._keys[_place(cell)].add(cell.key)
        self._seen: dict[_Place, dict[str, Visit]] = defaultdict(dict)
        self._heard: dict[_Place, dict[str, Visit]] = {}
        self._last = patience.ticks()
        self._lock = threading.Lock()

    def look(self, cell: Cell, collector: Collector, seen: Seen) -> Visit:
        """Look at a cell, or learn what another shard saw there."""
        if _place(cell) not in self._keys:
            return self._look(cell, collector, seen)
        told = self._listen(cell)
        if told is not None:
            return told
        visit = self._look(cell, collector, seen)
        self._note(cell, visit)
        return visit

    def _listen(self, cell: Cell) -> Visit | None:
        """What was told of the cell; of others' accounts it is waited for."""
        wait = SOON
        while True:
            told = self._told(cell)
            if told is not None:
                return told.get(cell.key)
            if cell.account in self._mine or self._patience.ticks() - self._last >= self._patience.seconds:
                return None  # ours to look at, or given up for lost
            self._patience.pause(min(wait, self._patience.every))
            wait *= 2

    def _told(self, cell: Cell) -> dict[str, Visit] | None:
        place = _place(cell)
        if place not in self._heard:
            key = self._key(cell)
            try:
                data = self._store.get(key)
            except KeyError:
                return None
            told = _read(unpacked(data, key), key)
            self._heard[place] = {visit.cell: visit for visit in told.visits}
            self._last = self._patience.ticks()
        return self._heard[place]

    def _note(self, cell: Cell, visit: Visit) -> None:
        """Put it down when the last of a collector's cells in an account was looked at."""
        with self._lock:
            found = self._seen[_place(cell)]
            found[cell.key] = visit
            done = found.keys() == self._keys[_place(cell)]
        if done:
            told = Told(visits=tuple(found[key] for key in sorted(found)))
            self._store.put_if_absent(self._key(cell), packed(told))

    def _key(self, cell: Cell) -> str:
        return f"{self._folder}/told/{cell.collector}-{cell.account}.json.zst"
