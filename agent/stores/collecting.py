"""Removing what nothing names any more: says first what it would remove, and removes only what is old.

Left-overs come from runs that were killed, and from those that lost a race. Journal, plans, parts, sweeps and seals are never removed.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import msgspec

from agent.canonical import decode
from agent.errors import StoreError
from agent.journal import Journal
from agent.outlook import newest
from agent.programme import Programme
from agent.store import TEMPORARY, Store, blob_address
from agent.stores.references import BUNDLE, blobs, named, reached

WINDOWS = 2
"""Sweep windows for which what is not named is left alone: whoever has put it may be about to name it."""

TOLD = re.compile(r"sweeps/([^/]+)/told/[^/]+")


class Leftover(msgspec.Struct, frozen=True, kw_only=True):
    """What may be removed."""

    key: str
    what: str
    written: datetime
    """When it was put, or last referred to."""


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What a collection did."""

    removed: tuple[str, ...]
    kept: dict[str, str]
    """Key -> why it was left."""


def leftovers(store: Store, sweep_every: timedelta, now: datetime) -> tuple[Leftover, ...]:
    """What no plan, part, seal or journal entry names, and that is older than two sweep windows. `StoreError` if a record is damaged."""
    keys = tuple(store.list(""))
    names = named(store, keys)
    unnamed = blobs(keys) - names
    old = tuple(_old(store, _unnamed(keys, names, unnamed), now - max(WINDOWS * sweep_every, store.settles)))
    wanted = {address for one in old if (address := blob_address(one.key))}
    live = reached(store, blobs(keys) - unnamed, wanted) if wanted else set()
    return tuple(one for one in old if blob_address(one.key) not in live)


def collect(store: Store, found: Collection[Leftover], sweep_every: timedelta, now: datetime) -> Collected:
    """Remove left-overs, each only if it still is one."""
    still = {one.key: one.written for one in leftovers(store, sweep_every, now)}
    removed: list[str] = []
    kept: dict[str, str] = {}
    for one in found:
        try:
            if one.key not in still or store.written(one.key) != still[one.key]:
                kept[one.key] = "it was referred to meanwhile"
                continue
            store.remove(one.key)
            removed.append(one.key)
        except KeyError:
            kept[one.key] = "it went away meanwhile"
        except StoreError as error:
            kept[one.key] = str(error)
    return Collected(removed=tuple(removed), kept=kept)


def sweep_intervals(store: Store, programme: Programme) -> tuple[str, ...]:
    """How often is swept: by the programme as it is written now, and by the one that the open cycle is judged by."""
    opened = newest(Journal(store))
    if opened is None:
        return (programme.cadence.sweep_every,)
    in_force = decode(store.read(opened.programme), Programme, what="the programme in force")
    return programme.cadence.sweep_every, in_force.cadence.sweep_every


def _unnamed(keys: Collection[str], names: set[str], unnamed: set[str]) -> Iterator[tuple[str, str]]:
    closed = {key for key in keys if key.endswith("/sweep.json")}
    for key in keys:
        if key.startswith(f"{TEMPORARY}/"):
            yield key, "a temporary file of a run that was ended"
        elif blob_address(key) in unnamed:
            yield key, "a blob that nothing names"
        elif (bundle := BUNDLE.fullmatch(key)) and bundle[1] not in names:
            yield key, "a bundle whose envelope was never committed"
        elif (told := TOLD.fullmatch(key)) and f"sweeps/{told[1]}/sweep.json" in closed:
            yield key, "what the shards of a sweep told each other while it was open"


def _old(store: Store, found: Iterator[tuple[str, str]], before: datetime) -> Iterator[Leftover]:
    for key, what in found:
        try:
            written = store.written(key)
        except KeyError:
            continue
        if written < before:
            yield Leftover(key=key, what=what, written=written)
