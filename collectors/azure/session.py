"""What a collector may do in one Azure cell: `collectors.collector.Session`, with a notebook.

Resource Graph leaves out, without a word, what the caller may not read. So before a table's rows count as all that there is, the
caller's own permissions in the subscription are read, once, and a table whose read permission is not among them is refused here.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec

from collectors.answer import Plain
from collectors.azure.inventory import Inventory
from collectors.azure.operations import GRAPH, GRAPH_ACTION
from collectors.azure.pages import Broken, address, document, linked_pages, rows_of
from collectors.azure.patterns import allows
from collectors.azure.wire import Wire
from collectors.collector import Gone, Item, Unseen
from collectors.gap import Reason
from collectors.notes import Failure, Notes
from collectors.resource import Resource
from collectors.sighting import Call

T = TypeVar("T")
_row = msgspec.json.Decoder(dict[str, Any])


class Permits:
    """What the caller may do in each subscription, asked once a sweep."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._known: dict[str, list[dict[str, Any]] | Failure] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def refusal(self, subscription: str, action: str, calls: list[Call]) -> Failure | None:
        """Why the caller may not do it there, or does not know whether it may; `None` if it may."""
        with self._lock:
            lock = self._locks.setdefault(subscription, threading.Lock())
        with lock:
            if subscription not in self._known:
                self._known[subscription] = self._ask(subscription, calls)
            known = self._known[subscription]
        if isinstance(known, Failure):
            return known
        if any(allows(one.get("actions"), one.get("notActions"), action) for one in known):
            return None
        return Failure(operation="", reason=Reason.DENIED, detail=f"not permitted: {action}")

    def _ask(self, subscription: str, calls: list[Call]) -> list[dict[str, Any]] | Failure:
        try:
            pages = linked_pages(self._wire, "arm.Permissions", calls, bucket=subscription, subscription=subscription)
            return [one for page in pages for one in rows_of(page)]
        except Broken as broken:
            return broken.failure


class Shelf:
    """Listings that are the same in every subscription: read once a sweep, by whoever comes first and is allowed to."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Item, ...]] = {}
        self._lock = threading.Lock()

    def elements(self, operation: str, read: Callable[[], Iterator[Item]]) -> tuple[Item, ...]:
        """What the listing holds. Raises what reading it raises, and keeps nothing then."""
        with self._lock:
            if operation not in self._known:
                self._known[operation] = tuple(read())
            return self._known[operation]


class Shared:
    """What the items of one cell share: made for the first of them that needs it, while the others wait."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What was made under the key."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._known:
                self._known[key] = make()
            found: T = self._known[key]
            return found


class AzureSession:
    """One cell's session. `apart` gives each item its own, with its own notes, so that items are described side by side."""

    partition = "azure"

    def __init__(
        self, *, wire: Wire, inventory: Inventory, permits: Permits, shelf: Shelf, account: str, region: str,
        organization_accounts: frozenset[str] | None, seen: Mapping[str, tuple[Resource, ...] | None],
    ) -> None:  # fmt: skip
        self.account = account
        self.region = region
        self.organization_accounts = organization_accounts
        self.notes = Notes()
        self._wire = wire
        self._inventory = inventory
        self._permits = permits
        self._shelf = shelf
        self._seen = seen
        self._shared = Shared()

    def apart(self) -> "AzureSession":
        """The same cell's session with an empty notebook. There is one for each item, so it is copied and not made anew."""
        other = AzureSession.__new__(AzureSession)
        other.__dict__.update(self.__dict__)
        other.notes = Notes()
        return other

    @property
    def answered(self) -> datetime | None:
        """When the provider says that it gave the latest answer of this notebook."""
        for call in reversed(self.notes.calls):
            if call.date:
                return parsedate_to_datetime(call.date).astimezone(UTC)
        return None

    def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:  # noqa: ARG002 - Azure has one key
        """Every element of a listing: `graph` operations have theirs under `data`, the others under `value`. Raises `Unseen`."""
        elements = self._rows(operation) if operation in GRAPH else self._elements(operation, parameters)
        try:
            for element in elements:
                self.notes.listing = operation
                yield element
        except Broken as broken:
            raise self._unseen(broken.failure, operation) from None

    def ask(
        self,
        operation: str,
        /,
        *,
        absent: tuple[str, ...] = (),
        gone: tuple[str, ...] = (),
        region: str | None = None,  # noqa: ARG002 - Azure has one endpoint for all regions
        through: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        **parameters: Any,
    ) -> dict[str, Any] | None:
        """One answer about the item at hand; see `collectors.collector.Session.ask`. A listing's pages are put together.

        `through` makes of the answer what may be kept of it, and is what the caller gets.
        """
        answer, failure = self._answer(operation, parameters)
        if failure is None and answer is not None:
            answer = answer if through is None else through(answer)
            self.notes.answers.append((operation, answer))
            self.notes.listing = operation
            return answer
        assert failure is not None
        if failure.detail in gone:
            raise Gone(failure.detail)
        if failure.detail in absent:
            self.notes.answers.append((operation, {"error": {"code": failure.detail}}))
            return {}
        self.notes.failures.append(failure)
        return None

    def ask_once(self, operation: str, /, **parameters: Any) -> dict[str, Any] | None:
        """As `ask`, for what several items of the cell share: asked for the first of them, evidence of each."""
        key = address(self._wire, operation, **self._filled(parameters))
        answer, failure = self._shared.once(key, lambda: self._answer(operation, parameters))
        if failure is None and answer is not None:
            self.notes.answers.append((operation, answer))
        elif failure is not None:
            self.notes.failures.append(failure)
        return answer

    def once(self, key: str, make: Callable[[], T]) -> T:
        """Something made of what all items of the cell share, made for the first of them only."""
        return self._shared.once(key, make)

    def joined(
        self, operation: str, by: Callable[[Item], Iterable[str]], *keys: str, absent: tuple[str, ...] = ()
    ) -> list[Item] | None:
        """Elements of another listing that belong to the item at hand, as evidence of it: `by` says under which keys one is found.

        `None`, and a gap of this item, where that listing cannot be read; an `absent` error says that it is empty. It is read once for
        all items of the cell.
        """
        found = self._shared.once(operation, lambda: self._index(operation, by))
        if isinstance(found, Failure) and found.detail in absent:
            found = {}
        if isinstance(found, Failure):
            self.notes.failures.append(found)
            return None
        rows: list[Item] = [_row.decode(row) for key in keys for row in found.get(key.lower(), ())]
        self.notes.answers.append((operation, Plain(data=rows)))
        return rows

    def _index(self, operation: str, by: Callable[[Item], Iterable[str]]) -> dict[str, list[bytes]] | Failure:
        """Rows by key, encoded: as objects they would take eight times the room."""
        index: dict[str, list[bytes]] = defaultdict(list)
        try:
            for row in self._rows(operation) if operation in GRAPH else self._elements(operation, {}):
                for key in by(row):
                    index[key.lower()].append(msgspec.json.encode(row))
        except Broken as broken:
            return _of(operation, broken.failure)
        return dict(index)

    def pages_once(self, operation: str) -> tuple[Item, ...]:
        """As `pages`, for a listing that is the same in every subscription of the sweep. Raises `Unseen`."""
        return self._shelf.elements(operation, lambda: self.pages(operation, "value"))

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        """What a needed collector saw; `None`, and a gap of this item, if any cell of it has a gap."""
        resources = self._seen.get(collector)
        if resources is None:
            self.notes.failures.append(Failure(operation="", reason=Reason.NEEDS, detail=collector))
        return resources

    def cite(self, resource: Resource) -> None:
        """Say that a joined fact of the item at hand came from that resource."""
        self.notes.cites.append(resource.id)

    def _rows(self, operation: str) -> Iterator[Item]:
        for action in (GRAPH_ACTION, GRAPH[operation].action):
            refusal = self._permits.refusal(self.account, action, self.notes.calls)
            if refusal is not None:
                raise Broken(refusal)
        yield from self._inventory.rows(operation, self.account, self.notes.calls)

    def _elements(self, operation: str, parameters: dict[str, Any]) -> Iterator[Item]:
        pages = linked_pages(
            self._wire, operation, self.notes.calls, bucket=self._bucket(operation), **self._filled(parameters)
        )
        for page in pages:
            yield from rows_of(page)

    def _answer(self, operation: str, parameters: dict[str, Any]) -> tuple[dict[str, Any] | None, Failure | None]:
        url = address(self._wire, operation, **self._filled(parameters))
        try:
            answer = document(self._wire, operation, url, self.notes.calls, bucket=self._bucket(operation))
            if isinstance(answer.get("value"), list) and answer.get("nextLink"):
                pages = linked_pages(
                    self._wire, operation, self.notes.calls, bucket=self._bucket(operation), **self._filled(parameters)
                )
                answer = {"value": [one for page in pages for one in rows_of(page)]}
        except Broken as broken:
            return None, broken.failure
        return answer, None

    def _filled(self, parameters: dict[str, Any]) -> dict[str, str]:
        return {"subscription": self.account, **parameters}

    def _bucket(self, operation: str) -> str:
        return self.account if operation.startswith("arm.") else operation

    def _unseen(self, failure: Failure, operation: str) -> Unseen:
        known = _of(operation, failure)
        self.notes.failures.append(known)
        return Unseen(known.detail)


def _of(operation: str, failure: Failure) -> Failure:
    """The failure with the operation that it is about."""
    return failure if failure.operation else Failure(operation=operation, reason=failure.reason, detail=failure.detail)
