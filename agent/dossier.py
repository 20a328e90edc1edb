"""The dossier: every record, register and supplier's file of a programme, as read at one instant, and kept where figures can name it.

It is read with the programme; it is kept, without persons, by the run that first sees it, and named by a `dossier` entry of the journal:
so that a sealed cycle says which papers it was judged by, and since when they were known.
"""

import glob
import hashlib
import hmac
import pathlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

import msgspec

from agent.canonical import decode, digest, encode
from agent.errors import StoreError
from agent.extracts import extract, pseudonymous
from agent.fetching import fetch, here, marks, retold, usable
from agent.foreign.finding import Export
from agent.foreign.folding import folded
from agent.foreign.reading import exports
from agent.journal import Entry, Journal
from agent.places import PAPERS
from agent.records import Known, Record, Shelf, content, doubled, shelve
from agent.registers import SCHEMAS, Register
from agent.scalars import RegisterKind
from agent.store import Store
from agent.stores.naming import is_remote
from agent.stores.remote import Unanswered
from agent.strict import Document, Fault, Refusal
from agent.suppliers import Supplier, supplier


class Dossier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All papers, each kind sorted by name."""

    records: tuple[Record, ...] = ()
    registers: tuple[Register, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    exports: tuple[Export, ...] = ()
    """What other tools found."""
    withdrawn: dict[str, date] = {}
    """`record <id>`, `supplier <id>` or `export <file>` that is no longer in its folder -> the day on which that was seen.
    It stays what it last was."""

    def speaking(self, first: date) -> tuple[Export, ...]:
        """Exports that a cycle beginning on that day is judged by."""
        return tuple(one for one in self.exports if self.withdrawn.get(f"export {one.file}", first) >= first)

    def standing(self, first: date) -> tuple[tuple[Record, ...], tuple[Supplier, ...]]:
        """Records and suppliers that a cycle beginning on that day is judged by: all but what was withdrawn before."""
        gone = {name for name, day in self.withdrawn.items() if day < first}
        return (
            tuple(one for one in self.records if f"record {one.id}" not in gone),
            tuple(one for one in self.suppliers if f"supplier {one.id}" not in gone),
        )


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A dossier as it lies in the programme's folders, persons and all: never stored as it is."""

    dossier: Dossier = field(default_factory=Dossier)
    contents: Mapping[str, pathlib.Path] = field(default_factory=dict)
    """Record -> the file whose content is published."""
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()
    trace: str = ""
    """What `trace` gave when it was read."""
    away: tuple[str, ...] = ()
    """Buckets that did not answer, each with why: nothing is known of the papers now, and those that were kept last stand."""

    def present(self, kept: Dossier) -> Dossier:
        """The papers as they lie there, or as they were kept last where nobody could look."""
        return kept if self.away else self.dossier


def trace(document: Document, beside: pathlib.Path) -> str:
    """Another text whenever a file that a programme names for its papers was written, came or went; cheap, nothing is read.

    Raises `Unanswered` and `StoreError` for a bucket.
    """
    names = _names(document)
    found: list[tuple[str, int | str, int]] = []
    for name in (one for one in names if is_remote(one)):
        found += [(f"{name} {key}", mark, 0) for key, mark in sorted(marks(name).items())]
    for path in (beside / name for name in names if name.strip() and "://" not in name):
        siblings = sorted(path.rglob("*")) if path.is_dir() else sorted(path.parent.glob(f"{glob.escape(path.name)}*"))
        for one in siblings:
            try:
                told = one.stat()
            except OSError:
                continue  # it went meanwhile
            found.append((str(one), told.st_mtime_ns, told.st_size))
    return digest(encode(found))


def _names(document: Document) -> list[str]:
    return [name for pattern in PAPERS for _, name in document.each(str, *pattern)]


def read_desk(document: Document, beside: pathlib.Path, checks: Callable[[], Collection[str]]) -> Desk:
    """Read all that a programme names; every fault of all files, each with its line. What is ill-shaped has faults of its own."""
    known = Known(
        owners=tuple(document.at(dict, "owners") or {}), services=tuple(name for _, name in document.each(str, "services", "*", "id"))
    )  # fmt: skip
    wrong: list[Fault] = []
    away = _fetched(document, wrong)
    if away or wrong:
        return Desk(
            faults=tuple(wrong),
            away=away,
            ignored=tuple(f"{one}; the papers that were kept last stand" for one in away),
        )
    traced = trace(document, beside)
    shelves = _shelves(document, beside, known, wrong)
    wrong += doubled(shelves)
    records = tuple(sorted((one for shelf in shelves for one in shelf.records), key=lambda one: one.id))
    registers = _registers(document, beside, wrong)
    suppliers = _suppliers(document, beside, known, checks, {one.id for one in records}, wrong)
    return Desk(
        dossier=Dossier(records=records, registers=registers, suppliers=suppliers, exports=exports(document, beside, wrong)),
        contents={name: path for shelf in shelves for name, path in shelf.contents.items()},
        faults=tuple(Fault(retold(one.file), one.line, retold(one.words)) for one in wrong),
        ignored=tuple(retold(line) for shelf in shelves for line in shelf.ignored), trace=traced,
    )  # fmt: skip


def _fetched(document: Document, wrong: list[Fault]) -> tuple[str, ...]:
    """Bring here what lies in buckets: those that did not answer; a refusal is put down in `wrong`, at the line of its key."""
    away = []
    for pattern in PAPERS:
        for path, name in document.each(str, *pattern):
            try:
                fetch((name,))
            except Unanswered as error:
                away.append(f"{name} does not answer ({error})")
            except StoreError as error:
                wrong.append(document.fault(path, f"{pattern[0]}: {error}"))
    return tuple(away)


def keep(store: Store, journal: Journal, desk: Desk, salt_key: bytes, now: datetime) -> Dossier:
    """Keep the dossier as it is now, and write it down if it is another than the last one; return it as kept."""
    last = newest(journal.entries)
    before = kept(store, last)
    if desk.away:
        return before
    after = _kept(desk.dossier, before, hmac.new(salt_key, b"pseudonyms", hashlib.sha256).digest(), now)
    if after == before:
        return before
    contents = _contents(after, desk)
    if contents is None:
        return before
    for data in contents:
        store.blob(data)
    blob = store.blob(encode(after))
    body: dict[str, Any] = {
        "digest": blob, "before": last.body["digest"] if last else None, "blob": blob, "takes_effect": "now",
        "changed": changed(before, after), "altered": [one.id for one in after.records if one.altered],
    }  # fmt: skip
    journal.append("dossier", f"dossier/{sum(1 for _ in journal.of('dossier')) + 1}", body, now)
    return after


def _contents(now: Dossier, desk: Desk) -> list[bytes] | None:
    """What is published; `None` where a file is another than when it was read: somebody writes it, and the next run keeps it."""
    found = []
    for record in now.records:
        if record.publish is not None and record.id in desk.contents:
            try:
                data = content(desk.contents[record.id])
            except OSError:
                return None
            if digest(data) != record.digest:
                return None
            found.append(data)
    return found


def newest(entries: Iterable[Entry]) -> Entry | None:
    """The last `dossier` entry."""
    found = [entry for entry in entries if entry.kind == "dossier"]
    return found[-1] if found else None


def kept(blobs: Any, entry: Entry | None) -> Dossier:
    """The dossier that an entry names; an empty one for none. `blobs` is the store, or a bundle."""
    return decode(blobs.read(entry.body["blob"]), Dossier, what="the dossier") if entry else Dossier()


def last_kept(blobs: Any, entries: Iterable[Entry]) -> Dossier:
    """The dossier that the newest entry names."""
    return kept(blobs, newest(entries))


def changed(before: Dossier, after: Dossier) -> list[dict[str, Any]]:
    """Each paper that is not the same, with digests before and after."""
    was, now = _parts(before), _parts(after)
    names = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    return [{"name": name, "before": was.get(name), "after": now.get(name)} for name in names]


def _parts(one: Dossier) -> dict[str, str]:
    return {
        **{f"record {each.id}": digest(encode(each)) for each in one.records},
        **{f"register {each.kind}": digest(encode(each)) for each in one.registers},
        **{f"supplier {each.id}": digest(encode(each)) for each in one.suppliers},
        **{f"export {each.file}": digest(encode(each)) for each in one.exports},
    }


def _kept(now: Dossier, before: Dossier, key: bytes, at: datetime) -> Dossier:
    """Without persons; records whose content changed under the version that it had are marked, until the version changes.

    What is gone stays, marked: a paper that was failing is not mended by being taken away.
    """
    old = {one.id: one for one in before.records}
    records = [msgspec.structs.replace(one, altered=_altered(old.get(one.id), one)) for one in now.records]
    gone_records = [one for one in before.records if one.id not in {each.id for each in now.records}]
    gone_suppliers = [one for one in before.suppliers if one.id not in {each.id for each in now.suppliers}]
    exported = folded(before.exports, now.exports, at)
    gone = [*(f"record {one.id}" for one in gone_records), *(f"supplier {one.id}" for one in gone_suppliers)]
    gone += [f"export {one.file}" for one in exported if one.file not in {each.file for each in now.exports}]
    return Dossier(
        records=tuple(sorted([*records, *gone_records], key=lambda one: one.id)),
        registers=tuple(pseudonymous(one, key) for one in now.registers),
        suppliers=tuple(sorted([*now.suppliers, *gone_suppliers], key=lambda one: one.id)),
        exports=exported,
        withdrawn={name: before.withdrawn.get(name, at.date()) for name in sorted(gone)},
    )


def _altered(before: Record | None, now: Record) -> bool:
    return before is not None and before.version == now.version and (before.altered or before.digest != now.digest)


def _shelves(document: Document, beside: pathlib.Path, known: Known, wrong: list[Fault]) -> tuple[Shelf, ...]:
    found = []
    for path, name in document.each(str, "records", "*"):
        if not usable(name):  # faults of their own
            continue
        try:
            found.append(shelve(here(name, beside), beside, known))
        except OSError as error:
            words = f"records: {name} cannot be read as a folder ({error.strerror}); make it, or remove it here"
            wrong.append(document.fault(path, words))
    wrong += [fault for shelf in found for fault in shelf.faults]
    return tuple(found)


def _registers(document: Document, beside: pathlib.Path, wrong: list[Fault]) -> tuple[Register, ...]:
    found = []
    for path, name in document.each(str, "registers", "*"):
        kind = str(path[-1])
        if kind not in SCHEMAS or not usable(name):
            continue
        try:
            found.append(extract(cast("RegisterKind", kind), here(name, beside), beside))
        except Refusal as refusal:
            wrong += refusal.found
    return tuple(sorted(found, key=lambda one: one.kind))


def _suppliers(
    document: Document, beside: pathlib.Path, known: Known, checks: Callable[[], Collection[str]], records: Collection[str],
    wrong: list[Fault],
) -> tuple[Supplier, ...]:  # fmt: skip
    found: dict[str, Supplier] = {}
    for path, name in document.each(str, "suppliers", "*"):
        if not usable(name):
            continue
        try:
            one = supplier(here(name, beside), known, checks(), records)
        except Refusal as refusal:
            wrong += refusal.found
            continue
        if one.id in found:
            wrong.append(document.fault(path, f"suppliers: a second one with the id {one.id!r}; give each its own"))
        found.setdefault(one.id, one)
    return tuple(found[name] for name in sorted(found))
