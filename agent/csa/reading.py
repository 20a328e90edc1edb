"""Reading one file of CSA's, whichever of its forms it has."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from agent.csa import documents, tables
from agent.csa.found import Found, library, versions_of
from agent.csa.library import Library, Source
from agent.csa.workbook import Unreadable, sheets
from agent.errors import UsageError

LARGEST = 48 << 20
"""Bytes of a file."""
FORMS = "XLSX, JSON or YAML"


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
    """What a file says. `asked` is the CCM version that a person names.

    Raises `UsageError` for a file that cannot be read, or in which nothing is known.
    """
    data = _bytes(path)
    found = Found()
    try:
        _take(data, found)
        versions = versions_of(found, asked)
    except UsageError as error:
        over = f" (passed over: {', '.join(found.passed_over)})" if found.passed_over else ""
        raise UsageError(f"{path}: {error}{over}") from None
    source = Source(name=path.name, digest=hashlib.sha256(data).hexdigest())
    made = [library(found, version, source) for version in versions]
    return Import(
        libraries=tuple(kept for kept, _ in made), passed_over=tuple(found.passed_over),
        unknown=made[0][1] if len(made) == 1 else (),
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
