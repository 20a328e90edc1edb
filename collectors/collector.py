"""How a collector is declared: what it sees, what it learns, what it may call, and the two steps `list` and `describe`.

Paging, retries, rates, concurrency, redaction and accounting belong to the machinery (`collectors.visit` and the session of
each cloud), once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from collectors.resource import Resource

Item = Mapping[str, Any]
"""One element of a provider's listing, as the SDK parsed it."""

T = TypeVar("T")
R = TypeVar("R")
Where = Literal["organization", "account", "region"]


class Cell(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One place to look: provider x account x region x collector."""

    provider: str
    account: str
    region: str
    collector: str

    @property
    def key(self) -> str:
        """`aws/111122223333/eu-west-1/aws.volumes`: how plans, gaps and tallies name the cell."""
        return f"{self.provider}/{self.account}/{self.region}/{self.collector}"

    @classmethod
    def of(cls, key: str) -> "Cell":
        """The cell that a key names."""
        provider, account, region, collector = key.split("/")
        return cls(provider=provider, account=account, region=region, collector=collector)


class Unseen(Exception):
    """The listing (or a page of it) could not be read. Raised by `Session.pages`; the machinery makes it the cell's gap."""


class Gone(Exception):
    """The item was deleted between listing and description. Raised by `Session.ask`; no resource and no gap."""


class Session(Protocol):
    """What a collector may do in its cell. Implemented once per cloud; every call is counted, rated and guarded there."""

    account: str
    region: str
    partition: str
    organization_accounts: frozenset[str] | None
    """Every account of the organisation, to tell foreign from own; `None` if the organisation was not learned."""

    def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:
        """Every element under `key` of every page of a listing, as `service.Operation` in boto3's names.

        Raises `Unseen` when a page cannot be read; elements already yielded stay seen.
        """
        ...

    def ask(
        self,
        operation: str,
        /,
        *,
        absent: tuple[str, ...] = (),
        gone: tuple[str, ...] = (),
        region: str | None = None,
        **parameters: Any,
    ) -> dict[str, Any] | None:
        """One answer about the item at hand, kept as its evidence.

        `None` (and a gap that names operation and resource) when it could not be learned; `{}` when the provider answered with one
        of the `absent` error codes, which say that there is no such setting. A `gone` code raises `Gone`. `region` asks another
        region of the same account (a bucket's own).
        """
        ...

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        """What a joined collector saw; `None` if any cell of it has a gap.

        Over the whole organisation if this collector `needs` it, in its own account if it looks `beside` itself.
        """
        ...

    def cite(self, resource: Resource) -> None:
        """Say that a joined fact of the item at hand came from that resource."""
        ...


@dataclass(frozen=True, kw_only=True)
class Collector:
    """One declared way to see one resource type. Made by the `collector` decorator."""

    name: str
    """`<cloud>.<plural>`, e.g. `aws.volumes`."""
    sees: type[Resource]
    kinds: tuple[str, ...]
    learns: tuple[str, ...]
    """Facts of `sees` that it fills, readings included; checked against the type's fields."""
    readings: tuple[str, ...]
    """Facts that move by themselves; they go to a second shard."""
    moves: tuple[str, ...]
    """Keys of the provider's answers, at any depth, that move by themselves; kept beside the readings."""
    redacts: tuple[str, ...]
    """Keys of the provider's answers, at any depth, whose values are replaced before anything is kept."""
    grants: tuple[str, ...]
    """Exactly the provider permissions that it uses."""
    needs: tuple[str, ...]
    """Collectors whose resources it joins over the whole organisation. Everything that they saw is held in memory: prefer `beside`."""
    beside: tuple[str, ...] = ()
    """Collectors whose resources it joins within its own account."""
    counted: tuple[str, ...] = ()
    """The provider's names of all types that it lists. Where the provider's inventory counts none of them, nothing is asked."""
    where: Where
    list: Callable[[Session], Iterator[Item]]
    describe: Callable[[Session, Item], Resource]

    @property
    def provider(self) -> str:
        """The cloud that it reads."""
        return self.name.split(".", 1)[0]


def collector(
    name: str,
    *,
    sees: type[Resource],
    kinds: tuple[str, ...],
    learns: tuple[str, ...],
    grants: tuple[str, ...],
    where: Where,
    readings: tuple[str, ...] = (),
    moves: tuple[str, ...] = (),
    redacts: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
    counted: tuple[str, ...] = (),
) -> Callable[[type], Collector]:
    """Turn a class with `list(self, session)` and `describe(self, session, item)` into a `Collector` value.

    Nothing is registered: each cloud lists its collectors once, in `COLLECTORS`. A declaration that names a fact which the type
    does not have fails at import (`TypeError`).
    """
    unknown = {*learns, *readings} - set(sees.__struct_fields__)
    if unknown or not set(readings) <= set(learns):
        raise TypeError(
            f"{name} declares {sorted(unknown or set(readings) - set(learns))}, not learned facts of {sees.__name__}"
        )

    def declare(steps: type) -> Collector:
        instance = steps()
        inventory = (f"{name.partition('.')[0]}.others",) if counted else ()
        return Collector(
            name=name, sees=sees, kinds=kinds, learns=learns, readings=readings, moves=moves, redacts=redacts,
            grants=tuple(sorted(grants)), needs=needs, beside=(*inventory, *beside), counted=counted, where=where,
            list=instance.list, describe=instance.describe,
        )  # fmt: skip

    return declare


def learned(answer: T | None, read: Callable[[T], R]) -> R | None:
    """Read a fact out of an answer; what was not learned stays not learned."""
    return None if answer is None else read(answer)
