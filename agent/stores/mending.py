"""Finding out what a loss took: the records that are gone, and the sweeps that cannot be shown without them."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from agent.anew import begin_anew
from agent.attempts import counting
from agent.canonical import decode, each, encode
from agent.errors import StoreError, UsageError
from agent.journal import Entry, Journal
from agent.parts import read_part, read_plan
from agent.record import Standing, Sweep
from agent.store import Store, blob_key
from agent.stores.inspecting import Fault, inspect


class Losses(msgspec.Struct, frozen=True, kw_only=True):
    """What is gone."""

    records: tuple[Fault, ...]
    sweeps: tuple[str, ...]
    """Names of the sweeps that counted and rest on one of them; then of those that are open and go on from such a one."""


def losses(store: Store, journal: Journal) -> Losses:
    """What a look through the store misses. `UsageError` where nothing is lost, or where beginning anew does not help."""
    found = inspect(store).faults
    if not found:
        raise UsageError(f"{store.address}: nothing is lost; there is nothing to mend")
    beyond = [one for one in found if not one.key.startswith(("blobs/", "sweeps/"))]
    if beyond:
        raise UsageError(
            f"{beyond[0].key} {beyond[0].words}: the journal and what is sealed can be restored from a backup, and not be begun anew"
        )
    gone = frozenset(one.key for one in found)
    names = tuple(name for name in counting(journal) if any(key in gone for key in _rests_on(store, name)))
    return Losses(records=found, sweeps=(*names, *_open(store, journal, gone, names)))


def _open(store: Store, journal: Journal, gone: frozenset[str], lost: tuple[str, ...]) -> Iterator[str]:
    """Names of sweeps that were begun and not closed, and that would go on from one that is lost."""
    for name in store.children("sweeps"):
        plan = f"sweeps/{name}/plan.json.zst"
        begun = journal.find(f"sweep/{name}") is None and store.has(plan)
        if begun and (plan in gone or read_plan(store, f"sweeps/{name}").previous in lost):
            yield name


def write_off(
    store: Store, journal: Journal, found: Losses, *, reason: str, by: str | None, now: datetime
) -> tuple[Entry, ...]:
    """Sign that what is gone is gone. `UsageError` without a reason."""
    if not reason.strip():
        raise UsageError("say why it is lost: the reason is printed in the auditor's reports")
    listed = store.blob(encode(sorted(one.key for one in found.records)))
    return begin_anew(
        journal, reason=reason.strip(), by=by, sweeps=found.sweeps, records=len(found.records), listed=listed, now=now
    )


def _rests_on(store: Store, name: str) -> Iterator[str]:
    """Keys of all that a sweep rests on, as far as it can be read; a key that cannot be is among them."""
    folder = f"sweeps/{name}"
    yield f"{folder}/sweep.json"
    yield f"{folder}/plan.json.zst"
    try:
        sweep = decode(store.get(f"{folder}/sweep.json"), Sweep, what=folder)
        plan = read_plan(store, folder)
    except (KeyError, StoreError):
        return
    yield blob_key(plan.programme)
    yield blob_key(plan.exceptions)
    for account in sweep.parts:
        yield f"{folder}/parts/{account.replace('/', '-', 1)}.json.zst"
        try:
            part = read_part(store, folder, account)
            yield from map(blob_key, (part.calls, part.standing))
            for shard in part.shards:
                yield from map(blob_key, filter(None, (shard.facts, shard.readings, shard.verdicts)))
            for one in each(store.read(part.standing), Standing, what="standing deviations"):
                yield blob_key(one.facts)
        except StoreError:
            continue
