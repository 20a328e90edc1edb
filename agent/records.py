"""Records: policies, reviews, tests, certificates and minutes as files, each with front matter or a side file that says what it is.

A record says for which specifications it speaks, who answers for it and who approved it, from when it holds, how often it is looked at
again. Its content is never judged: a current record shows that a specification is documented. Only metadata and the sha256 of the content
are kept, unless it says `publish`.
"""

import hashlib
import pathlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from agent.committed import committed_by
from agent.fetching import named
from agent.rules import Found, faults
from agent.scalars import Duration, Id, Strict, Text
from agent.shape import convert, dotted, meant, shown
from agent.strict import Document, Fault, Refusal, read, read_file
from agent.units import duration
from controls.tally import Result

SIDE = ".record.yaml"
"""What a side file's name adds to the name of its file."""
FENCE = b"---\n"
SILENT = ("README.md", "README")
LARGEST = 64 * 1024 * 1024
LARGEST_PUBLISHED = 8 * 1024 * 1024
Kind = Literal["policy", "review", "test", "certificate", "statement of applicability", "report", "minutes", "other"]
State = Literal["current", "not yet", "expired", "overdue", "changed under the same version"]
RESULTS: dict[State, Result] = {
    "current": Result.MET, "not yet": Result.NOT_SHOWN, "expired": Result.MISSED, "overdue": Result.MISSED,
    "changed under the same version": Result.MISSED,
}  # fmt: skip


class Front(Strict, frozen=True, kw_only=True):
    """What the front matter or the side file of a record says."""

    id: Id
    title: Text
    kind: Kind
    version: Text
    specifications: Annotated[tuple[Text, ...], Meta(min_length=1)]
    owner: Text
    approver: Text
    effective: date
    reviewed: date | None = None
    review_every: Duration | None = None
    expires: date | None = None
    services: tuple[Id, ...] = ()
    publish: Literal["public", "customer", "auditor"] | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record as it was read."""

    id: str
    """Names it for good, whatever its file is called."""
    title: str
    kind: Kind
    version: str
    """Another one whenever the content changes."""
    specifications: tuple[str, ...]
    """References or patterns, version-qualified."""
    owner: str
    approver: str
    effective: date
    """From when it holds; never the day on which the file was put there."""
    reviewed: date | None
    review_every: str | None
    expires: date | None
    services: tuple[str, ...]
    """Services that it speaks for; none for all."""
    publish: Literal["public", "customer", "auditor"] | None
    """The edition in which its content goes into the bundle; `None` to keep it out."""
    file: str
    """Its path, seen from the programme's folder."""
    size: int
    digest: str
    """sha256 of the content, hex; without front matter."""
    altered: bool = False
    """Its content changed while its version did not."""

    def due(self, day: date) -> date | None:
        """The first day on which, by what had happened until `day`, it is no longer current by itself."""
        days = [] if self.expires is None else [self.expires + timedelta(days=1)]
        if self.review_every is not None:
            looked = self.reviewed if self.reviewed is not None and self.reviewed <= day else self.effective
            days.append(looked + duration(self.review_every) + timedelta(days=1))
        return min(days, default=None)

    def state(self, day: date) -> State:
        """What it is on a day."""
        if self.altered:
            return "changed under the same version"
        if day < self.effective:
            return "not yet"
        if self.expires is not None and day > self.expires:
            return "expired"
        due = self.due(day)
        return "overdue" if due is not None and day >= due else "current"


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The records of the programme's folders, and what stood in their way."""

    records: tuple[Record, ...] = ()
    """Without fault, sorted by id."""
    contents: dict[str, pathlib.Path] = field(default_factory=dict)
    """Record -> the file of what is published."""
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """Names of the programme that records and suppliers may use."""

    owners: Collection[str]
    services: Collection[str]


def shelve(folder: pathlib.Path, beside: pathlib.Path, known: Known) -> Shelf:
    """Read every record under a folder. Raises `OSError` for the folder itself."""
    if not folder.is_dir():
        raise NotADirectoryError(20, "no folder is there")
    found: list[Record] = []
    wrong: list[Fault] = []
    ignored: list[str] = []
    contents: dict[str, pathlib.Path] = {}
    for file in _files(folder):
        try:
            one = _read(file, beside, known)
        except Refusal as refusal:
            wrong += refusal.found
            continue
        if one is None:
            ignored.append(f"{file}: ignored, for it has no front matter and no {file.name}{SIDE} beside it")
            continue
        found.append(one)
        if one.publish is not None:
            contents[one.id] = file
    return Shelf(
        records=tuple(sorted(found, key=lambda one: one.id)), contents=contents, faults=tuple(wrong), ignored=tuple(ignored)
    )  # fmt: skip


def content(file: pathlib.Path) -> bytes:
    """A record's content: the file's bytes, without its front matter."""
    data = file.read_bytes()
    _, body = _split(data) if _beside(file) is None else (None, data)
    return body


def _files(folder: pathlib.Path) -> list[pathlib.Path]:
    """What may be a record, or a side file whose own is missing."""
    every = sorted(one for one in folder.rglob("*") if one.is_file() and not _hidden(one.relative_to(folder)))
    return [
        one for one in every if one.name not in SILENT and not (one.name.endswith(SIDE) and _described(one).is_file())
    ]


def _hidden(path: pathlib.Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _described(side: pathlib.Path) -> pathlib.Path:
    return side.with_name(side.name.removesuffix(SIDE))


def _beside(file: pathlib.Path) -> pathlib.Path | None:
    side = file.with_name(f"{file.name}{SIDE}")
    return side if side.is_file() else None


def _read(file: pathlib.Path, beside: pathlib.Path, known: Known) -> Record | None:
    """One record; `None` for a file that says nothing of itself. Raises `Refusal`."""
    if file.name.endswith(SIDE):
        raise Refusal(
            Fault(
                str(file),
                1,
                f"describes {_described(file).name}, which is not there; put it there, or remove this file",
            )
        )
    if file.stat().st_size > LARGEST:
        raise Refusal(
            Fault(
                str(file),
                1,
                f"the file is larger than {LARGEST >> 20} MiB; keep a record of that size elsewhere, and a note of it here",
            )
        )
    data = file.read_bytes()
    side = _beside(file)
    if side is not None:
        document, body = read_file(side), data
    else:
        front, body = _split(data)
        if front is None:
            return None
        document = read(front, str(file))
    found = faults(document, Front, (partial(_meaning, known=known, size=len(body)),))
    if found:
        raise Refusal(*found)
    said = msgspec.structs.asdict(convert(document, Front))
    return Record(
        **said, file=named(file, beside), size=len(body),
        digest=hashlib.sha256(body).hexdigest(),
    )  # fmt: skip


def _split(data: bytes) -> tuple[bytes | None, bytes]:
    """Front matter, with a line for its fence so that line numbers are the file's, and the content after it."""
    data_unix = data.replace(b"\r\n", b"\n") if data[:5] == b"---\r\n" else data
    if not data_unix.startswith(FENCE):
        return None, data
    front, fence, body = data_unix.removeprefix(FENCE).partition(b"\n---\n")
    return (b"\n" + front + b"\n", body) if fence else (None, data)


def _meaning(document: Document, *, known: Known, size: int) -> Found:
    """Every fault of meaning in what a record says of itself."""
    yield from owner_is_known(document, known)
    yield from _named(document, ("services", "*"), known.services, "services")
    yield from references_exist(document, ("specifications", "*"))
    effective = _day(document, "effective")
    for key in ("expires", "reviewed"):
        other = _day(document, key)
        if effective is not None and other is not None and other < effective:
            yield (key,), f"{key} ({other}) lies before effective ({effective}); write a later day"
    if document.at(str, "publish") and size > LARGEST_PUBLISHED:
        yield ("publish",), f"its content is larger than {LARGEST_PUBLISHED >> 20} MiB; leave publish out"


def owner_is_known(document: Document, known: Known) -> Found:
    """The owner stands under `owners`."""
    yield from _named(document, ("owner",), known.owners, "owners")


def _named(document: Document, pattern: tuple[str, ...], names: Collection[str], where: str) -> Found:
    for path, name in document.each(str, *pattern):
        if name.strip() and name not in names:
            hint = meant(name, list(names), "; add it there")
            yield path, f"{shown(name)} is not under `{where}` of the programme{hint}"


def references_exist(document: Document, pattern: tuple[str, ...]) -> Found:
    """Every reference is qualified and stands for something, in one of the CCM versions."""
    for path, reference in document.each(str, *pattern):
        wrong = [committed_by(reference, release)[1] for release in ("4.1.0", "4.0.13")]
        if reference.strip() and all(wrong):
            yield path, f"{dotted(path)}: {wrong[reference.startswith('CCM:4.0:')]}"


def _day(document: Document, key: str) -> date | None:
    try:
        return date.fromisoformat(document.at(str, key) or "")
    except ValueError:
        return None


def doubled(shelves: Iterator[Shelf] | tuple[Shelf, ...]) -> Iterator[Fault]:
    """A fault for each record whose id another one has."""
    first: dict[str, str] = {}
    for one in (record for shelf in shelves for record in shelf.records):
        if one.id in first:
            yield Fault(
                one.file, 1, f"a second record with the id {one.id!r} (the first is {first[one.id]}); give each its own"
            )
        first.setdefault(one.id, one.file)
