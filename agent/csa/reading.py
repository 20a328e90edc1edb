"""Reading what CSA offers for download: one file, whichever of its forms it has, or an archive of them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from agent.csa import documents, tables
from agent.csa.found import Found, library, versions_of
from agent.csa.library import Library, Source, merged
from agent.csa.workbook import Unreadable, sheets
from agent.errors import UsageError
from controls import ccm

LARGEST = 48 << 20
"""Bytes of a file."""
FORMS = "XLSX, JSON or YAML"
SUFFIXES = (".xlsx", ".json", ".yaml", ".yml")
MOST = 200
"""Files of an archive."""


@dataclass(frozen=True, kw_only=True)
class Import:
    """What one file gave."""

    libraries: tuple[Library, ...]
    """One; for a file of metrics alone, one for each CCM version."""
    passed_over: tuple[str, ...]
    """Sheets in which nothing was known."""
    unknown: tuple[str, ...]
    """Ids that the version does not have: what stands under them was left."""


def read(path: Path, asked: str | None = None) -> Import:
    """What a file, or an archive of files, says. `asked` is the CCM version that a person names.

    Raises `UsageError` for a file that cannot be read, or in which nothing is known.
    """
    data = _bytes(path)
    try:
        inside = tuple(_members(data))
        return _together([_file(name, one, asked) for name, one in inside]) if inside else _one(path.name, data, asked)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def _one(name: str, data: bytes, asked: str | None) -> Import:
    found = Found()
    try:
        _take(data, found)
        versions = versions_of(found, asked)
    except UsageError as error:
        over = f" (passed over: {', '.join(found.passed_over)})" if found.passed_over else ""
        raise UsageError(f"{error}{over}") from None
    source = Source(name=name, digest=hashlib.sha256(data).hexdigest())
    made = [library(found, version, source) for version in versions]
    return Import(
        libraries=(*(kept for kept, _ in made), *_metrics(found, versions, source)), passed_over=tuple(found.passed_over),
        unknown=made[0][1] if len(made) == 1 else (),
    )  # fmt: skip


def _metrics(found: Found, versions: Sequence[ccm.Version], source: Source) -> Iterator[Library]:
    """The metrics for the other version too: their ids did not change with it."""
    for version in ccm.RELEASES if found.metrics else ():
        if version not in versions:
            yield Library(version=version, sources=(source,), metrics=dict(found.metrics))


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of an archive that may be known, by their names; none of what is no archive. Raises `UsageError` for one too large."""
    if not data.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if any(one.filename == "[Content_Types].xml" for one in listed):  # a workbook, which is an archive itself
                return
            wanted = [
                one
                for one in listed
                if PurePosixPath(one.filename).suffix.lower() in SUFFIXES and not _aside(one.filename)
            ]
            if len(wanted) > MOST or sum(one.file_size for one in wanted) > 2 * LARGEST:
                raise UsageError(
                    "it holds more than any archive of CSA's; unpack it, and import the files that you need"
                )
            for one in sorted(wanted, key=lambda each: each.filename):
                with archive.open(one) as member:
                    yield one.filename, member.read(one.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return  # what reads workbooks says what is wrong with it


def _aside(name: str) -> bool:
    """What a Mac adds to archives, and hidden files."""
    return any(part == "__MACOSX" or part.startswith(".") for part in PurePosixPath(name).parts)


def _file(name: str, data: bytes, asked: str | None) -> Import:
    """One file of an archive; one in which nothing is known is passed over, as a sheet is."""
    try:
        return _one(name, data, asked)
    except UsageError:
        return Import(libraries=(), passed_over=(name,), unknown=())


def _together(files: Sequence[Import]) -> Import:
    """Several files as one import. Raises `UsageError` if nothing is known in any of them."""
    libraries: dict[ccm.Version, Library] = {}
    for one in (each for file in files for each in file.libraries):
        before = libraries.get(one.version)
        libraries[one.version] = merged(before, one) if before else one
    over = tuple(name for file in files for name in file.passed_over)
    if not libraries:
        raise UsageError(f"nothing in it is known (passed over: {', '.join(over)})")
    return Import(
        libraries=tuple(libraries[version] for version in ccm.RELEASES if version in libraries), passed_over=over,
        unknown=tuple(sorted({name for file in files for name in file.unknown})),
    )  # fmt: skip


def _take(data: bytes, found: Found) -> None:
    try:
        if data.startswith(b"PK\x03\x04"):
            for name, rows in sheets(data):
                tables.take(name, rows, found)
        else:
            documents.take(_document(data), found)
    except RecursionError:
        raise Unreadable("it nests deeper than any file of CSA's; is it one?") from None
    if not found.size:
        raise Unreadable("nothing in it is known: there is no column and no key of ids such as A&A-01")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); give the path of the file that you downloaded"
        ) from None
    if len(data) > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST >> 20} MiB; is it a file of CSA's?")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UsageError(f"{path}: a workbook of the old form, or one with a password; save it as .xlsx without one")
    return data


def _document(data: bytes) -> Any:
    """JSON, or else YAML, which JSON nearly is: read apart, for the one is much the faster."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"it is neither {FORMS}; if it is an archive, unpack it") from None
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return list(yaml.load_all(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise Unreadable(f"it is neither {FORMS} ({' '.join(str(error).split())[:120]})") from None
