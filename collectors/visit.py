"""One visit of one cell: list, describe side by side or one after the other, keep what was seen in id order, and say what was not."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from itertools import count
from typing import TypeVar

import msgspec

from collectors.collector import Cell, Collector, Item
from collectors.gap import Gap, Reason
from collectors.inline import Inline
from collectors.looking import Finding, Looker
from collectors.notes import NotedSession
from collectors.redaction import Redactor
from collectors.resources import AnyResource
from collectors.sighting import Call, Reading, Sighting, Visit
from collectors.straight import Straight

T = TypeVar("T")

IN_FLIGHT = 32
"""How many items of one cell are described, or wait for their turn in the order, at once."""
RESOURCES = msgspec.json.Decoder(AnyResource)
"""Made before any thread is: threads of msgspec that meet a type for the first time at the same moment can end the process."""


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
    visit ends even if it runs on that same pool. `Inline` describes one after the other.
    """
    looker = Looker(collector, cell, redactor)
    ending: list[str] = []
    if isinstance(pool, Inline):
        found = list(Straight(looker, session).findings(ending))
    else:
        found = list(_in_order(pool, _looks(looker, session, ending), in_flight))
    return _visit(cell, [*found, Finding(notes=session.notes, fault="".join(ending))])


def whole(sighting: Sighting, reading: Reading | None) -> AnyResource:
    """The resource as it was seen, with its readings put back: what checks judge.

    Raises `msgspec.ValidationError` for a reading that does not fit the resource.
    """
    if reading is None or not reading.values:
        return sighting.resource
    fields = {**msgspec.to_builtins(sighting.resource), **reading.values}
    joined: AnyResource = msgspec.convert(fields, type(sighting.resource))
    return joined


def _looks(looker: Looker, session: NotedSession, ending: list[str]) -> Iterator[Callable[[], Finding | Sighting]]:
    """Work for each item, as the listing yields them; why the listing broke is appended to `ending`."""
    items = looker.items(session)
    for position in count(1):
        drawn, fault = looker.attempt(partial(_drawn, items))
        if drawn is None:
            ending.append(f"listing, after {position - 1} items: {fault}")
        if not drawn:
            return
        yield partial(looker.look, session.apart(), position, drawn[0], session.notes.listing)


def _drawn(items: Iterator[Item]) -> tuple[Item, ...]:
    """The next item; nothing if there are no more."""
    for item in items:
        return (item,)
    return ()


def _in_order(pool: Executor, work: Iterator[Callable[[], T]], in_flight: int) -> Iterator[T]:
    """Results in the order of the work, with a bounded number of steps begun."""
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


def _visit(cell: Cell, found: Iterable[Finding | Sighting]) -> Visit:
    """Put findings together: one sighting per id, gaps and calls with their subjects."""
    sightings: dict[str, Sighting] = {}
    readings: dict[str, Reading] = {}
    gaps: set[Gap] = set()
    calls: list[Call] = []
    for one in found:
        sighting = one if isinstance(one, Sighting) else one.sighting
        subject = sighting.resource.id if sighting else ""
        if isinstance(one, Finding):
            gaps |= _gaps(cell, one, subject)
            calls += (msgspec.structs.replace(call, subject=subject) for call in one.notes.calls)
        if sighting is None:
            continue
        if sightings.setdefault(subject, sighting) is not sighting:
            gaps.add(_gap(cell, _listing(one), "", Reason.MALFORMED, "two items with one id"))
        elif isinstance(one, Finding) and one.reading is not None:
            readings[subject] = one.reading
    return Visit(
        cell=cell.key,
        sightings=tuple(sightings[key] for key in sorted(sightings)),
        readings=tuple(readings[key] for key in sorted(readings)),
        gaps=tuple(sorted(gaps)),
        calls=tuple(calls),
    )


def _listing(one: Finding | Sighting) -> str:
    """The operation whose element was described."""
    if isinstance(one, Finding):
        return one.operation
    return one.evidence[0].operation if one.evidence else ""


def _gaps(cell: Cell, finding: Finding, subject: str) -> set[Gap]:
    """What one finding could not learn: failed asks, redactions, and the loss of the item itself."""
    gaps = {_gap(cell, one.operation, subject, one.reason, one.detail) for one in finding.notes.failures}
    gaps |= {_gap(cell, hit.operation, subject, Reason.REDACTED, hit.detector) for hit in finding.hits}
    if finding.fault and not gaps:
        gaps.add(_gap(cell, finding.operation, "", Reason.MALFORMED, finding.fault))
    return gaps


def _gap(cell: Cell, operation: str, subject: str, reason: Reason, detail: str) -> Gap:
    return Gap(cell=cell.key, operation=operation, subject=subject, reason=reason, detail=detail)
