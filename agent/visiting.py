"""Visits of one cloud in one sweep, each after those whose resources it joins.

A collector joins over the whole organisation (`needs`) or within its account (`beside`). Cells are given to the pool in an order in which
every one stands behind those that it waits for, so that a pool of any size comes to its end.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from threading import Lock

import zstandard

from agent.canonical import decode, encode
from agent.shards import paired
from collectors.collector import Cell, Collector
from collectors.resource import Resource
from collectors.sighting import Visit

Seen = Mapping[str, tuple[Resource, ...] | None]
Look = Callable[[Cell, Collector, Seen], Visit]


def in_turn(collectors: Iterable[Collector]) -> tuple[Collector, ...]:
    """The collectors, each after those that it joins, otherwise by name. `ValueError` if they wait for each other."""
    left = {one.name: one for one in sorted(collectors, key=lambda one: one.name)}
    done: dict[str, Collector] = {}
    while left:
        ready = [one for one in left.values() if not {*one.needs, *one.beside} & left.keys()]
        if not ready:
            raise ValueError(f"collectors that wait for each other: {', '.join(left)}")
        done |= {one.name: one for one in ready}
        left = {name: one for name, one in left.items() if name not in done}
    return tuple(done.values())


def joined_everywhere(collectors: Iterable[Collector]) -> frozenset[str]:
    """Names of the collectors whose resources others join over the whole organisation, and of those that they join themselves."""
    known = {one.name: one for one in collectors}
    found: set[str] = set()
    open_ = [name for one in known.values() for name in one.needs]
    while open_:
        name = open_.pop()
        if name not in found and name in known:
            found.add(name)
            open_ += [*known[name].needs, *known[name].beside]
    return frozenset(found)


def joined(visits: Iterable[Visit]) -> tuple[Resource, ...] | None:
    """What a joined collector saw, sorted by id; `None` if there is no cell of it, or one that could not be listed to its end."""
    found: list[Resource] | None = None
    for visit in visits:
        if not visit.complete:
            return None
        found = found or []
        found += (resource for _, resource in paired(visit.sightings, visit.readings))
    return None if found is None else tuple(sorted(found, key=lambda one: one.id))


class Kept:
    """A visit that is made long before its account is looked at: of all accounts at once, and so without taking their room."""

    def __init__(self, visit: Visit) -> None:
        self._packed = zstandard.ZstdCompressor(level=3).compress(encode(visit))

    def visit(self) -> Visit:
        """The visit as it was."""
        return decode(zstandard.ZstdDecompressor().decompress(self._packed), Visit, what="a visit")


class Visiting:
    """Gives a cloud's cells to a pool. `look` visits one cell.

    `blind` says that discovery has a gap: nothing can then be joined over the whole organisation.
    """

    def __init__(
        self, collectors: Iterable[Collector], cells: Iterable[Cell], pool: Executor, look: Look, *, blind: bool
    ) -> None:
        self._collectors = {one.name: one for one in in_turn(collectors)}
        self._pool, self._look, self._blind = pool, look, blind
        self._cells: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for cell in cells:
            self._cells[cell.account][cell.collector].append(cell)
        self._everywhere: dict[str, list[Future[Kept]]] = {}
        self._early: dict[Cell, Future[Kept]] = {}
        self._joined: dict[str, tuple[Resource, ...] | None] = {}
        self._locks: dict[str, Lock] = defaultdict(Lock)
        self._begin_early()

    def account(self, account: str) -> list[Future[Visit]]:
        """Begin every cell of one account; the visits, in the order of the cells' keys."""
        begun: dict[str, list[Future[Visit]]] = {}
        found: dict[Cell, Future[Visit]] = {}
        for name in self._collectors:
            cells = self._cells[account].get(name, [])
            begun[name] = [self._taken(cell) or self._pool.submit(self._looks(cell, begun)) for cell in cells]
            found |= dict(zip(cells, begun[name], strict=True))
        return [found[cell] for cell in sorted(found, key=lambda cell: cell.key)]

    def _begin_early(self) -> None:
        """Begin what others join over the whole organisation."""
        early = joined_everywhere(self._collectors.values())
        begun: dict[str, dict[str, list[Future[Kept]]]] = {account: {} for account in self._cells}
        for name in (name for name in self._collectors if name in early):
            self._everywhere[name] = []
            for account, by_collector in self._cells.items():
                cells = by_collector.get(name, [])
                looks = [self._looks(cell, begun[account]) for cell in cells]
                begun[account][name] = [self._pool.submit(_kept, look) for look in looks]
                self._early |= dict(zip(cells, begun[account][name], strict=True))
                self._everywhere[name] += begun[account][name]

    def _taken(self, cell: Cell) -> Future[Visit] | None:
        """A visit that was begun early; it is unpacked behind what it waits for."""
        kept = self._early.pop(cell, None)
        return None if kept is None else self._pool.submit(lambda: kept.result().visit())

    def _looks(self, cell: Cell, beside: Mapping[str, Sequence[Future[Visit] | Future[Kept]]]) -> Callable[[], Visit]:
        collector = self._collectors[cell.collector]
        waited = {name: tuple(beside.get(name, ())) for name in collector.beside}

        def look() -> Visit:
            seen = {name: joined(map(_visit, futures)) for name, futures in waited.items()}
            return self._look(cell, collector, {**seen, **{name: self._over_all(name) for name in collector.needs}})

        return look

    def _over_all(self, name: str) -> tuple[Resource, ...] | None:
        """What a collector saw over the whole organisation, put together once."""
        if self._blind:
            return None
        with self._locks[name]:
            if name not in self._joined:
                self._joined[name] = joined(map(_visit, self._everywhere.pop(name, ())))
            return self._joined[name]


def _visit(future: Future[Visit] | Future[Kept]) -> Visit:
    found = future.result()
    return found.visit() if isinstance(found, Kept) else found


def _kept(look: Callable[[], Visit]) -> Kept:
    return Kept(look())
