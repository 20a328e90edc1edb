"""What serves every item of one cell is read once, by whichever item asks first: listings that facts are joined from, and answers that
hold for all. Each item keeps its own part as evidence, and its own gap where the reading failed.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from collectors.aws.elements import instant
from collectors.collector import Item, Session
from collectors.notes import Failure
from collectors.resource import Resource

T = TypeVar("T")
Index = Mapping[Any, tuple[Item, ...]]
Keep = Callable[[tuple[Item, ...]], tuple[Item, ...]]


class CellSession(Session, Protocol):
    """A session that also reads what all items of its cell have in common. `AwsSession` is one."""

    def among(
        self, operation: str, key: str, /, *, by: str, of: Any, keep: Keep | None = None, newest: str = "", absent: tuple[str, ...] = (),
        **parameters: Any,
    ) -> tuple[Item, ...] | None:  # fmt: skip
        """The elements of a listing whose field `by` is `of`; `None`, and a gap of this item, where the listing could not be read.

        The listing is read once for the cell and its parameters: a batch of ids as a parameter is read once for the batch. A `region`
        among them asks another region of the account. `keep` picks what is evidence of the facts where that is less than all; an
        error of the `absent` ones says that there are none.
        """
        ...

    def common(self, operation: str, /, *, absent: tuple[str, ...] = (), **parameters: Any) -> dict[str, Any] | None:
        """As `ask`, for an answer that is the same for every item of the cell; asked once."""
        ...

    def every(
        self, operation: str, key: str, /, *, gone: tuple[str, ...] = (), **parameters: Any
    ) -> tuple[Item, ...] | None:
        """As `ask`, for a listing about the item at hand: the elements of all pages; `None`, and a gap, where some were not read."""
        ...

    def parts(
        self, operation: str, keys: tuple[str, ...], /, *, region: str | None = None, **parameters: Any
    ) -> Iterator[tuple[str, Item]]:
        """As `pages`, of a listing that has its elements under several keys: each with its key. Every page has all of them."""
        ...

    def joined(self, collector: str) -> Mapping[str, Resource] | None:
        """As `seen`, by id."""
        ...


class Gathered:
    """One cell's readings. Safe to use from many threads: who comes second waits for the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._found: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gave the first time that this name was asked for."""
        with self._lock:
            lock = self._locks[name]
        with lock:
            if name not in self._found:
                self._found[name] = make()
            found: T = self._found[name]
            return found


def indexed(elements: Iterable[Item], by: str, newest: str = "") -> Index:
    """The elements by the value of one of their fields, in the order of the listing; of equals only the newest, where a field tells it."""
    found: dict[Any, list[Item]] = defaultdict(list)
    for element in elements:
        equals = found[element.get(by)]
        if newest and equals and not later(element, equals[0], newest):
            continue
        if newest:
            equals.clear()
        equals.append(element)
    return {value: tuple(listed) for value, listed in found.items()}


def later(element: Item, other: Item, field: str) -> bool:
    """The element has an instant in that field, and the other none or an earlier one."""
    mine, others = instant(element, field), instant(other, field)
    return mine is not None and (others is None or mine > others)


Reading = tuple[Index, tuple[Failure, ...]]
"""A listing by a field; the failures where it could not be read."""
