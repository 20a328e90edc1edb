"""Items that were read already, described one after the other in the thread that lists.

It finds what looking at them side by side finds (a test holds both against the same answers), at a quarter of the cost: nothing is made
for an item of which the listing's element told all, but its sighting, and many sightings are looked through for secrets at once.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from collectors.answer import plain
from collectors.looking import Finding, Looker
from collectors.notes import NotedSession
from collectors.sighting import Evidence, Sighting

BLOCK = 64
"""Sightings that are looked through for secrets together: what the processor's near memory holds."""
_NOTHING = object()


class Straight:
    """A walk through one cell's listing."""

    def __init__(self, looker: Looker, session: NotedSession) -> None:
        self._looker = looker
        self._session = session
        self._items = looker.items(session)
        self._own = session.apart()
        """The session of the item at hand. It serves the next one too if nothing was noted."""
        self._passed = 0
        """Items that were looked at and given away."""
        self._item: Any = _NOTHING
        """What is at hand: so whatever breaks while it is nothing was the listing."""
        self._found: list[Finding | Sighting] = []
        """One for each item since."""

    def findings(self, ending: list[str]) -> Iterator[Finding | Sighting]:
        """One for each item; of an item that only its element tells of, its sighting alone. Why the listing broke goes to `ending`."""
        over: bool | None = False
        while not over:
            over, fault = self._looker.attempt(self._on)
            yield from self._kept()
            if over is None and self._item is _NOTHING:
                ending.append(f"listing, after {self._passed} items: {fault}")
                return
            if over is None:
                self._passed += 1
                yield self._looker.lost(self._own, self._passed, self._session.notes.listing, fault)
                self._own, self._item = self._session.apart(), _NOTHING

    def _on(self) -> bool:
        """Describe a block of items; whether there are no more. Raises what the world does, with `_item` at hand if it was that."""
        looker, notes, own, found = self._looker, self._session.notes, self._own, self._found
        describe, whole = looker.collector.describe, looker.steady and not looker.hidden
        for item in self._items:
            self._item = item
            resource: Any = describe(own, item)
            if whole and own.notes.blank and looker.declared(resource):
                evidence = (Evidence(operation=notes.listing, answer=plain(item)),) if notes.listing else ()
                found.append(Sighting(cell=looker.cell, resource=resource, evidence=evidence))
            else:
                found.append(looker.finding(own, resource, item, notes.listing))
                self._own = own = self._session.apart()
            self._item = _NOTHING
            if len(found) >= BLOCK:
                return False
        return True

    def _kept(self) -> Iterator[Finding | Sighting]:
        """What was found, as it may be kept."""
        found, self._found = self._found, []
        first, self._passed = self._passed + 1, self._passed + len(found)
        seen = [one for one in found if isinstance(one, Sighting)]
        clean, _ = self._looker.attempt(partial(self._looker.redactor.clean, seen))
        if clean:
            return iter(found)
        return (
            self._redacted(one, position) if isinstance(one, Sighting) else one
            for position, one in enumerate(found, first)
        )

    def _redacted(self, sighting: Sighting, position: int) -> Finding:
        operation = sighting.evidence[0].operation if sighting.evidence else ""
        own = self._session.apart()
        kept, fault = self._looker.attempt(partial(self._looker.redactor.sighting, sighting))
        if kept is None:
            return self._looker.lost(own, position, operation, fault)
        return Finding(notes=own.notes, sighting=kept[0], hits=kept[1], operation=operation)
