"""Looking through a whole store: every blob against its address, every record, the chain, every seal, every reference.

What is found is data, so that one look shows everything; nothing is changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from agent.canonical import decode, digest, each
from agent.edition import ENVELOPE
from agent.errors import AgentError, StoreError
from agent.journal import ENTRY, Entry
from agent.material import Opened, Past
from agent.parts import unpacked
from agent.programme import ApprovedException, Programme
from agent.record import Judged, Part, Plan, Standing, Sweep
from agent.store import TEMPORARY, Store, blob_address, blob_key
from agent.stores.references import BUNDLE, contents
from agent.stores.seals import seals
from collectors.sighting import Call, Reading, Sighting

LINES: dict[str, type[Any]] = {
    "facts": Sighting,
    "readings": Reading,
    "verdicts": Judged,
    "calls": Call,
    "standing deviations": Standing,
}
"""What the lines of a blob are, by the word for it."""
WHOLE: dict[str, Any] = {"programme": Programme, "approved exceptions": tuple[ApprovedException, ...]}
"""What a blob is that holds one value."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as it must be."""

    key: str
    words: str


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a look through a store found."""

    store: str
    entries: int
    sweeps: int
    cycles: int
    blobs: int
    faults: tuple[Fault, ...]
    written_off: tuple[str, ...]
    """Keys of what is lost, and was written off by an entry of the journal."""
    leftovers: tuple[str, ...]
    """Temporary files, and bundles that were never committed: harmless, and `store gc` removes them."""


@dataclass(kw_only=True)
class _Look:
    store: Store
    keys: frozenset[str]
    faults: list[Fault] = field(default_factory=list)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Blob address -> what it must be, and the first record that names it."""

    def fault(self, key: str, words: str) -> None:
        self.faults.append(Fault(key=key, words=words))

    def name(self, key: str, what: str, *addresses: str | None) -> None:
        for address in addresses:
            if address:
                self.named.setdefault(address, (what, key))

    def get(self, key: str, what: str) -> bytes | None:
        """What stands at a key, unpacked; a fault if nothing does."""
        try:
            data = self.store.get(key)
            return unpacked(data, self.store.where(key)) if key.endswith(".zst") else data
        except KeyError:
            self.fault(key, f"is missing, though {what}")
        except StoreError as error:
            self.fault(key, str(error))
        return None

    def record(self, key: str, of: type[Any], what: str, expected: str | None = None) -> Any:
        """The record at a key, held against its digest; `None` after a fault."""
        data = self.get(key, what)
        if data is None:
            return None
        if expected is not None and digest(data) != expected:
            self.fault(key, f"is not what {what.removesuffix(' names it')} names")
            return None
        try:
            return decode(data, of, what=key)
        except StoreError as error:
            self.fault(key, str(error))
            return None


def inspect(store: Store) -> Inspection:
    """Look through a store of any kind. Raises `StoreError` only if the store itself cannot be read."""
    look = _Look(store=store, keys=frozenset(store.list("")))
    entries = tuple(_entries(look))
    _programmes(look, entries)
    sweeps = _sweeps(look, entries)
    cycles = [msgspec.convert(entry.body, Past) for entry in entries if entry.kind == "sealed"]
    for key, words in seals(store, look.keys, cycles):
        look.fault(key, words)
    addresses = _blobs(look)
    gone = set(_written_off(look, entries))
    return Inspection(
        store=store.address, entries=len(entries), sweeps=sweeps, cycles=len(cycles), blobs=len(addresses),
        faults=tuple(sorted({one for one in look.faults if one.key not in gone}, key=lambda one: (one.key, one.words))),
        written_off=tuple(sorted(gone & {one.key for one in look.faults})),
        leftovers=tuple(sorted(_leftovers(look))),
    )  # fmt: skip


def _entries(look: _Look) -> Iterator[Entry]:
    """Every entry that decodes. That they are one signed chain is held by `seals`, against the public key."""
    found = sorted(key for key in look.keys if key.startswith("journal/"))
    for number, (key, data) in enumerate(contents(look.store, found), start=1):
        if not ENTRY.fullmatch(key.removeprefix("journal/")) or key != f"journal/{number:08d}.json":
            look.fault(
                key, f"stands where entry {number} of the journal should: an entry is missing, or is none of ours"
            )
            return
        try:
            yield decode(data, Entry, what=key)
        except StoreError as error:
            look.fault(key, str(error))


def _programmes(look: _Look, entries: Iterable[Entry]) -> None:
    for entry in entries:
        key = f"journal/{entry.height:08d}.json"
        if entry.kind == "commitment":
            look.name(key, "programme", entry.body.get("programme"))
        if entry.kind == "baseline":
            look.name(key, "baseline", entry.body["blob"])
        if entry.kind == "cycle":
            opened = msgspec.convert(entry.body, Opened)
            look.name(key, "programme", opened.programme)
            for name, address in opened.packs.items():
                look.name(key, f"pack {name}", address)


def _written_off(look: _Look, entries: Iterable[Entry]) -> Iterator[str]:
    """Keys that were written off: they are no faults any more."""
    for entry in entries:
        if entry.kind == "anew":
            key = blob_key(entry.body["listed"])
            try:
                yield from decode(look.store.read(entry.body["listed"]), tuple[str, ...], what=key)
            except StoreError as error:
                look.fault(key, str(error))


def _sweeps(look: _Look, entries: Iterable[Entry]) -> int:
    """Hold every sweep that the journal names, and every one that was begun, against its own records."""
    closed = {entry.key.removeprefix("sweep/"): entry for entry in entries if entry.kind == "sweep"}
    begun = {key.split("/")[1] for key in look.keys if key.startswith("sweeps/")}
    for name in sorted(closed.keys() | begun):
        folder = f"sweeps/{name}"
        sweep: Sweep | None = None
        if name in closed:
            entry = closed[name]
            sweep = look.record(
                f"{folder}/sweep.json", Sweep, f"journal entry {entry.height} names it", entry.body.get("digest")
            )
        elif f"{folder}/sweep.json" in look.keys:
            sweep = look.record(f"{folder}/sweep.json", Sweep, "it was listed")
        if f"{folder}/plan.json.zst" in look.keys or sweep is not None:
            _plan(look, folder, sweep)
        _parts(look, folder, sweep)
    return len(closed)


def _plan(look: _Look, folder: str, sweep: Sweep | None) -> None:
    key = f"{folder}/plan.json.zst"
    plan: Plan | None = look.record(key, Plan, f"{folder}/sweep.json names it", sweep.plan if sweep else None)
    if plan is not None:
        look.name(key, "programme", plan.programme)
        look.name(key, "approved exceptions", plan.exceptions)


def _parts(look: _Look, folder: str, sweep: Sweep | None) -> None:
    begun = (key for key in look.keys if key.startswith(f"{folder}/parts/"))
    expected: dict[str, str | None] = (
        dict.fromkeys(begun)
        if sweep is None
        else {f"{folder}/parts/{account.replace('/', '-', 1)}.json.zst": one for account, one in sweep.parts.items()}
    )
    for key in sorted(expected):
        part: Part | None = look.record(key, Part, f"{folder}/sweep.json names it", expected[key])
        if part is None:
            continue
        look.name(key, "calls", part.calls)
        look.name(key, "standing deviations", part.standing)
        for shard in part.shards:
            look.name(key, "facts", shard.facts)
            look.name(key, "readings", shard.readings)
            look.name(key, "verdicts", shard.verdicts)


def _blobs(look: _Look) -> set[str]:
    """Hold every blob against its address and against what it is named as; then every name against the blobs."""
    standing: set[str] = set()
    keys = sorted(key for key in look.keys if key.startswith("blobs/"))
    for key, packed in contents(look.store, keys):
        address = blob_address(key)
        if address is None:
            look.fault(key, "is none of our blobs; move it away")
            continue
        standing.add(address)
        try:
            _blob(look, address, look.store.plain(packed, address))
        except AgentError as error:
            look.fault(key, str(error))
    for address, (what, by) in sorted(look.named.items()):
        if address not in standing:
            look.fault(blob_key(address), f"is missing, though {by} names it as {what}; restore it from the backup")
    return standing


def _blob(look: _Look, address: str, plain: bytes) -> None:
    what, by = look.named.get(address, ("", ""))
    if what in WHOLE:
        decode(plain, WHOLE[what], what=f"{what}, named by {by}")
    elif what in LINES:
        for one in each(plain, LINES[what], what=f"{what}, named by {by}"):
            if isinstance(one, Standing):
                look.name(blob_key(address), "facts", one.facts)


def _leftovers(look: _Look) -> Iterator[str]:
    counted = {
        f"{key.rpartition('/')[0]}/bundle-{digest(look.store.get(key))}.zip"
        for key in look.keys
        if key.startswith("cycles/") and key.endswith(f"/{ENVELOPE}")
    }
    for key in look.keys:
        if key.startswith(f"{TEMPORARY}/") or (BUNDLE.fullmatch(key) and key not in counted):
            yield key
