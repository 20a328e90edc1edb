"""Looking at one item of a cell: describe it, keep what was seen of it, and say what was not.

The one place where collection meets the world, and so the only broad `except` of the house: whatever a provider's answer does to a
collector becomes a finding, and the other items go on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec

from collectors.answer import parted, plain, withheld
from collectors.collector import Cell, Collector, Gone, Item, Unseen
from collectors.notes import NotedSession, Notes
from collectors.redaction import Hit, Redactor
from collectors.resource import Resource
from collectors.sighting import Evidence, Reading, Sighting

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came of one item, or of the listing itself."""

    notes: Notes
    sighting: Sighting | None = None
    reading: Reading | None = None
    hits: tuple[Hit, ...] = ()
    fault: str = ""
    """Why an item that exists, or the rest of the listing, was lost, in our words."""
    operation: str = ""
    """The listing operation that the item came from."""


class Looker:
    """What stays the same for all items of one cell."""

    def __init__(self, collector: Collector, cell: Cell, redactor: Redactor) -> None:
        self.collector = collector
        self.cell = cell.key
        self.redactor = redactor
        self.moving, self.hidden = frozenset(collector.moves), frozenset(collector.redacts)
        self.steady = not (collector.readings or collector.moves)
        """Nothing moves by itself."""

    def items(self, session: NotedSession) -> Iterator[Item]:
        """The listing; what it raises when it is called comes with the first item, as all that it raises."""
        yield from self.collector.list(session)

    def look(self, session: NotedSession, position: int, item: Item, operation: str) -> Finding:
        """Describe one item. `session` is its own; `operation` is the listing that it came from, and `position` its place there."""
        finding, fault = self.attempt(partial(self._described, session, item, operation))
        return self.lost(session, position, operation, fault) if finding is None else finding

    def lost(self, session: NotedSession, position: int, operation: str, fault: str) -> Finding:
        """An item that could not be described, or that was gone meanwhile (no fault): then nothing is missing, and its calls are kept."""
        if not fault:
            return Finding(notes=Notes(calls=session.notes.calls))
        return Finding(notes=session.notes, operation=operation, fault=f"item {position}: {fault}")

    def declared(self, resource: Resource) -> bool:
        """It is of the type and of a kind that the collector declares, and has an id: an answer's null is one that no type checker sees."""
        kind = isinstance(resource, self.collector.sees) and resource.kind in self.collector.kinds
        return kind and type(resource.id) is str

    def finding(self, session: NotedSession, resource: Resource, item: Item, operation: str) -> Finding:
        """What may be kept of an item that was described. Raises whatever a malformed answer makes of that."""
        if not self.declared(resource):
            raise TypeError(f"{self.collector.name} saw what it does not declare, or what has no id")
        element = [(operation, item)] if operation else []  # an item that the collector made up is nobody's answer
        sighting, reading = self._parts(resource, [*element, *session.notes.answers], session.notes)
        sighting, hits = self.redactor.sighting(sighting)
        if self.steady:
            return Finding(notes=session.notes, sighting=sighting, hits=hits, operation=operation)
        reading, more = self.redactor.reading(reading)
        return Finding(notes=session.notes, sighting=sighting, reading=reading, hits=hits + more, operation=operation)

    def attempt(self, step: Callable[[], T]) -> tuple[T | None, str]:
        """What the step returns, or why it broke: by the kind of error only, since its message may quote the answer."""
        try:
            return step(), ""
        except Gone:
            return None, ""
        except Unseen as unseen:
            return None, self.redactor.text(" ".join(str(unseen).split()))[:200] or "unseen"
        except Exception as error:  # noqa: BLE001 - where collection meets the world
            return None, type(error).__name__

    def _described(self, session: NotedSession, item: Item, operation: str) -> Finding:
        return self.finding(session, self.collector.describe(session, item), item, operation)

    def _parts(self, resource: Resource, answers: list[tuple[str, Any]], notes: Notes) -> tuple[Sighting, Reading]:
        """What stands still of the resource and its answers, and what moves by itself."""
        still: list[Evidence] = []
        moved: list[Evidence] = []
        for operation, answer in answers:
            rest, part = parted(withheld(plain(answer), self.hidden), self.moving)
            still.append(Evidence(operation=operation, answer=rest))
            if part is not None:
                moved.append(Evidence(operation=operation, answer=part))
        readings = self.collector.readings
        values = {name: msgspec.to_builtins(getattr(resource, name)) for name in readings}
        steady: Any = msgspec.structs.replace(resource, **dict.fromkeys(readings)) if readings else resource
        cites = tuple(sorted(set(notes.cites)))
        sighting = Sighting(cell=self.cell, resource=steady, evidence=tuple(still), cites=cites)
        return sighting, Reading(id=resource.id, values=values, evidence=tuple(moved))
