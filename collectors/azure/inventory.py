"""Resource Graph, read once for all subscriptions: one stream per table and type, in the order of subscriptions.

A stream is read only as far as the subscription that is asked for. Rows of subscriptions that it passes wait, packed, until their
cells are visited; where too much would wait, or a subscription is asked for a second time, it is asked for alone. So a sweep of
half a million rows holds a few pages and what a few subscriptions have, whatever the order of its visits.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

import zstandard

from collectors.azure.operations import GRAPH
from collectors.azure.pages import Broken, graph_pages
from collectors.azure.rows import by_owner, decoded
from collectors.azure.wire import Wire
from collectors.gap import Reason
from collectors.notes import Failure
from collectors.sighting import Call

WAITING = 16 << 20
"""Packed bytes of one table that may wait for their visits."""
LOOSE = 8
"""Pages of one subscription that are held as they came, until they are read at once."""

_LAST = "\U0010ffff"
"""After every subscription id."""


class Inventory:
    """The streams of one sweep. Safe to use from many threads."""

    def __init__(self, wire: Wire, subscriptions: tuple[str, ...], *, waiting: int = WAITING) -> None:
        self._wire = wire
        self._subscriptions = tuple(sorted(subscriptions))
        self._waiting = waiting
        self._streams: dict[str, _Stream] = {}
        self._lock = threading.Lock()

    def rows(self, operation: str, subscription: str, calls: list[Call]) -> Iterator[dict[str, Any]]:
        """The rows that one subscription has in a table. Iterating raises `Broken` where not all of them could be read."""
        with self._lock:
            if operation not in self._streams:
                self._streams[operation] = _Stream(self._wire, operation, self._subscriptions, self._waiting)
            stream = self._streams[operation]
        parcel = stream.take(subscription, calls)
        if parcel is None:
            alone = _Stream(self._wire, operation, (subscription,), 1 << 62)
            parcel = alone.take(subscription, calls) or _Parcel()
        return chain(parcel.rows(), _broken_off(parcel.failure))


def _broken_off(failure: Failure | None) -> Iterator[dict[str, Any]]:
    """No rows. Raises `Broken` where there should be some."""
    if failure is not None:
        raise Broken(failure)
    yield from ()


class _Parcel:
    """The rows of one subscription, block by block."""

    def __init__(self) -> None:
        self.failure: Failure | None = None
        self._blocks: list[_Block] = []

    def add(self, rows: bytes, *, waits: bool) -> int:
        """Rows that wait are packed, and so are those of a subscription that has very many. Returns how many bytes they take."""
        packed = waits or len(self._blocks) >= LOOSE
        self._blocks.append(_Block(zstandard.compress(rows, 1) if packed else rows, packed))
        return len(self._blocks[-1].data)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row, in the order in which they came. Raises what `decoded` raises."""
        return chain.from_iterable(decoded(block.unpacked()) for block in self._blocks)

    @property
    def weight(self) -> int:
        return sum(len(block.data) for block in self._blocks)


class _Block(NamedTuple):
    data: bytes
    packed: bool

    def unpacked(self) -> bytes:
        return zstandard.decompress(self.data) if self.packed else self.data


class _Stream:
    """One table over all subscriptions. `take` gives each subscription's rows once."""

    def __init__(self, wire: Wire, operation: str, subscriptions: tuple[str, ...], waiting: int) -> None:
        self._wire = wire
        self._operation = operation
        self._subscriptions = subscriptions
        self._known = frozenset(subscriptions)
        self._limit = waiting
        self._weight = 0
        self._parcels: dict[str, _Parcel] = defaultdict(_Parcel)
        self._taken: set[str] = set()
        self._passed = ""
        """Every subscription before this one is read to its end; the highest there is, once all are."""
        self._failure: Failure | None = None
        self._calls: list[Call] = []
        self._pages = self._read()
        self._lock = threading.Lock()

    def take(self, subscription: str, calls: list[Call]) -> _Parcel | None:
        """The subscription's rows, read as far as they go; `None` if it must be asked for alone."""
        with self._lock:
            if subscription not in self._known or subscription in self._taken:
                return None
            while self._passed <= subscription and self._failure is None:
                if self._weight > self._limit and subscription > self._passed:
                    return None
                self._advance(subscription)
            calls += self._calls
            self._calls.clear()
            self._taken.add(subscription)
            parcel = self._parcels.pop(subscription, None) or _Parcel()
            self._weight -= parcel.weight
            if subscription >= self._passed:
                parcel.failure = self._failure
            return parcel

    def _advance(self, wanted: str) -> None:
        """Read one page more, or learn that there is none, or that it cannot be read."""
        try:
            page = next(self._pages, None)
            if page is None:
                self._passed = _LAST
            else:
                self._sort(by_owner(*page), wanted)
        except Broken as broken:
            self._failure = broken.failure

    def _sort(self, groups: dict[str, bytes], wanted: str) -> None:
        for subscription, group in groups.items():
            if subscription < self._passed or subscription not in self._known:
                detail = "a row of a subscription that was not its turn"
                raise Broken(Failure(operation=self._operation, reason=Reason.MALFORMED, detail=detail))
            self._weight += self._parcels[subscription].add(group, waits=subscription != wanted)
            self._passed = subscription

    def _read(self) -> Iterator[tuple[list[str], bytes]]:
        together = GRAPH[self._operation].subscriptions
        for start in range(0, len(self._subscriptions), together):
            part = list(self._subscriptions[start : start + together])
            yield from graph_pages(self._wire, self._operation, part, self._calls)
