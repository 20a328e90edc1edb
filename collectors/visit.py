"""One visit of one cell: list, describe side by side, keep what was seen in id order, and say what was not.

The one place where collection meets the world, and so the only broad `except` of the house: whatever a provider's answer does to
a collector, the cell gets a gap and the sweep goes on.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar

import msgspec

from collectors.answer import parted, plain, withheld
from collectors.collector import Cell, Collector, Gone, Item, Unseen
from collectors.gap import Gap, Reason
from collectors.inline import Inline
from collectors.notes import NotedSession, Notes
from collectors.redaction import Hit, Redactor
from collectors.resource import Resource
from collectors.resources import AnyResource
from collectors.sighting import Call, Evidence, Reading, Sighting, Visit

T = TypeVar("T")

IN_FLIGHT = 32
"""How many items of one cell are described, or wait for their turn in the order, at once."""
RESOURCES = msgspec.json.Decoder(AnyResource)
"""Made before any thread is: threads of msgspec that meet a type for the first time at the same moment can end the process."""
_END: Item = {}
"""Told apart by identity: no more items."""


@dataclass(frozen=True, kw_only=True)
class _Finding:
    """What came of one item, or of the listing itself."""

    notes: Notes
    sighting: Sighting | None = None
    reading: Reading | None = None
    hits: tuple[Hit, ...] = ()
    fault: str = ""
    """Why an item that exists, or the rest of the listing, was lost, in our words."""
    operation: str = ""
    """The listing operation that the item came from."""


@dataclass(frozen=True, kw_only=True)
class _Looker:
    """One cell's looking: what stays the same for all of its items."""

    collector: Collector
    cell: Cell
    session: NotedSession
    redactor: Redactor

    def findings(self, pool: Executor, in_flight: int) -> Iterator[_Finding]:
        """One finding per item in the listing's order, then the listing's own."""
        ending: list[str] = []
        yield from _in_order(pool, self._looks(ending), in_flight)
        yield _Finding(notes=self.session.notes, fault="".join(ending))

    def _looks(self, ending: list[str]) -> Iterator[Callable[[], _Finding]]:
        """Work for each item, as the listing yields them; why the listing broke is appended to `ending`."""
        items = self._items()
        for position in count(1):
            item, fault = self._attempt(partial(next, items, _END))
            if item is None:
                ending.append(f"listing, after {position - 1} items: {fault}")
                return
            if item is _END:
                return
            yield partial(self._look, self.session.apart(), position, item, self.session.notes.listing)

    def _items(self) -> Iterator[Item]:
        yield from self.collector.list(self.session)

    def _look(self, session: NotedSession, position: int, item: Item, operation: str) -> _Finding:
        finding, fault = self._attempt(partial(self._described, session, item, operation))
        if finding is not None:
            return finding
        if not fault:  # gone meanwhile: nothing is missing, and only its calls are kept
            return _Finding(notes=Notes(calls=session.notes.calls))
        return _Finding(notes=session.notes, operation=operation, fault=f"item {position}: {fault}")

    def _described(self, session: NotedSession, item: Item, operation: str) -> _Finding:
        """Describe one item and make what may be kept of it. Raises whatever a malformed answer makes of that."""
        resource = self.collector.describe(session, item)
        if not isinstance(resource, self.collector.sees) or resource.kind not in self.collector.kinds:
            raise TypeError(f"{self.collector.name} saw what it does not declare")
        element = [(operation, item)] if operation else []  # an item that the collector made up is nobody's answer
        sighting, reading = self._parts(resource, [*element, *session.notes.answers], session.notes)
        sighting, hits = self.redactor.sighting(sighting)
        if not (self.collector.readings or self.collector.moves):
            return _Finding(notes=session.notes, sighting=sighting, hits=hits, operation=operation)
        reading, more = self.redactor.reading(reading)
        return _Finding(notes=session.notes, sighting=sighting, reading=reading, hits=hits + more, operation=operation)

    def _parts(self, resource: Resource, answers: list[tuple[str, Any]], notes: Notes) -> tuple[Sighting, Reading]:
        """What stands still of the resource and its answers, and what moves by itself."""
        moving, hidden = frozenset(self.collector.moves), frozenset(self.collector.redacts)
        still: list[Evidence] = []
        moved: list[Evidence] = []
        for operation, answer in answers:
            rest, part = parted(withheld(plain(answer), hidden), moving)
            still.append(Evidence(operation=operation, answer=rest))
            if part is not None:
                moved.append(Evidence(operation=operation, answer=part))
        readings = self.collector.readings
        values = {name: msgspec.to_builtins(getattr(resource, name)) for name in readings}
        steady: Any = msgspec.structs.replace(resource, **dict.fromkeys(readings)) if readings else resource
        cites = tuple(sorted(set(notes.cites)))
        sighting = Sighting(cell=self.cell.key, resource=steady, evidence=tuple(still), cites=cites)
        return sighting, Reading(id=resource.id, values=values, evidence=tuple(moved))

    def _attempt(self, step: Callable[[], T]) -> tuple[T | None, str]:
        """What the step returns, or why it broke: by the kind of error only, since its message may quote the answer."""
        try:
            return step(), ""
        except Gone:
            return None, ""
        except Unseen as unseen:
            return None, self.redactor.text(" ".join(str(unseen).split()))[:200] or "unseen"
        except Exception as error:  # noqa: BLE001 - where collection meets the world
            return None, type(error).__name__


def visit(
    collector: Collector,
    cell: Cell,
    session: NotedSession,
    pool: Executor,
    *,
    redactor: Redactor,
    in_flight: int = IN_FLIGHT,
) -> Visit:
    """Look at one cell. Never raises for what the world does: every such thing is a gap of the returned visit.

    Describes run on `pool`, at most `in_flight` at once; the caller's thread lends a hand where the pool has not begun one, so that a
    visit ends even if it runs on that same pool.
    """
    looker = _Looker(collector=collector, cell=cell, session=session, redactor=redactor)
    return _visit(cell, list(looker.findings(pool, in_flight)))


def whole(sighting: Sighting, reading: Reading | None) -> AnyResource:
    """The resource as it was seen, with its readings put back: what checks judge.

    Raises `msgspec.ValidationError` for a reading that does not fit the resource.
    """
    if reading is None or not reading.values:
        return sighting.resource
    fields = {**msgspec.to_builtins(sighting.resource), **reading.values}
    joined: AnyResource = msgspec.convert(fields, type(sighting.resource))
    return joined


def _in_order(pool: Executor, work: Iterator[Callable[[], T]], in_flight: int) -> Iterator[T]:
    """Results in the order of the work, with a bounded number of steps begun."""
    if isinstance(pool, Inline):
        yield from (step() for step in work)
        return
    begun: deque[tuple[Future[T], Callable[[], T]]] = deque()
    try:
        for step in work:
            begun.append((pool.submit(step), step))
            if len(begun) >= in_flight:
                yield _result(*begun.popleft())
        while begun:
            yield _result(*begun.popleft())
    finally:
        for future, _ in begun:
            future.cancel()


def _result(future: Future[T], step: Callable[[], T]) -> T:
    return step() if future.cancel() else future.result()


def _visit(cell: Cell, findings: list[_Finding]) -> Visit:
    """Put findings together: one sighting per id, gaps and calls with their subjects."""
    sightings: dict[str, Sighting] = {}
    readings: dict[str, Reading] = {}
    gaps: set[Gap] = set()
    calls: list[Call] = []
    for finding in findings:
        subject = finding.sighting.resource.id if finding.sighting else ""
        gaps |= _gaps(cell, finding, subject)
        calls += (msgspec.structs.replace(call, subject=subject) for call in finding.notes.calls)
        if finding.sighting is None:
            continue
        if subject in sightings:
            gaps.add(_gap(cell, finding.operation, "", Reason.MALFORMED, "two items with one id"))
            continue
        sightings[subject] = finding.sighting
        if finding.reading is not None:
            readings[subject] = finding.reading
    return Visit(
        cell=cell.key,
        sightings=tuple(sightings[key] for key in sorted(sightings)),
        readings=tuple(readings[key] for key in sorted(readings)),
        gaps=tuple(sorted(gaps)),
        calls=tuple(calls),
    )


def _gaps(cell: Cell, finding: _Finding, subject: str) -> set[Gap]:
    """What one finding could not learn: failed asks, redactions, and the loss of the item itself."""
    gaps = {_gap(cell, one.operation, subject, one.reason, one.detail) for one in finding.notes.failures}
    gaps |= {_gap(cell, hit.operation, subject, Reason.REDACTED, hit.detector) for hit in finding.hits}
    if finding.fault and not gaps:
        gaps.add(_gap(cell, finding.operation, "", Reason.MALFORMED, finding.fault))
    return gaps


def _gap(cell: Cell, operation: str, subject: str, reason: Reason, detail: str) -> Gap:
    return Gap(cell=cell.key, operation=operation, subject=subject, reason=reason, detail=detail)
