"""Approved exceptions as files: the folder they lie in, and what can be wrong with a decision: by whom, for how long, about what."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from agent.programme import ApprovedException
from agent.rules import Found, faults
from agent.shape import convert, dotted, meant, shown
from agent.strict import Document, Fault, Refusal, read_file

ADDRESS = re.compile(r"[^\s<>(),;@]+@[^\s<>(),;@]+")
SILENT = ("README.md", "README")
"""What may lie beside approved exceptions without a word; hidden files too."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """The approved exceptions of one folder, and what stood in their way."""

    exceptions: tuple[ApprovedException, ...] = ()
    """Without fault, sorted by id."""
    values: tuple[Any, ...] = ()
    """As they stand in their files, in the same order."""
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()
    """What lies there unread: one line each."""


def approved(folder: Path, checks: Callable[[], Collection[str]]) -> Folder:
    """Read every `.yaml` file of the folder; `checks` gives the names that exceptions may speak of. Raises `OSError` for the folder."""
    entries = sorted(one for one in folder.iterdir() if not one.name.startswith(".") and one.name not in SILENT)
    files = [one for one in entries if one.suffix == ".yaml"]
    found: dict[str, tuple[ApprovedException, Any]] = {}
    faults: list[Fault] = []
    for file in files:
        document, wrong = _read(file, checks())
        faults += wrong
        if document is None or wrong:
            continue
        exception = convert(document, ApprovedException)
        if exception.id in found:
            faults.append(
                document.fault(
                    ("id",), f"a second approved exception with the id {shown(exception.id)}; give each its own"
                )
            )
        found.setdefault(exception.id, (exception, document.value))
    return Folder(
        exceptions=tuple(found[name][0] for name in sorted(found)),
        values=tuple(found[name][1] for name in sorted(found)),
        faults=tuple(faults),
        ignored=tuple(f"{one}: ignored, for its name does not end in .yaml" for one in entries if one not in files),
    )


def _read(file: Path, checks: Collection[str]) -> tuple[Document | None, list[Fault]]:
    try:
        document = read_file(file)
    except Refusal as refusal:
        return None, list(refusal.found)
    return document, faults(document, ApprovedException, (partial(approval, checks=checks),))


def approval(document: Document, *, checks: Collection[str]) -> Found:
    """Every fault of meaning in one file."""
    yield from _decided_by_two(document)
    yield from _ends_within_a_year(document)
    yield from _reviewed_while_it_stands(document)
    yield from _names_a_check(document, checks)
    yield from _covers_something(document)


def _decided_by_two(document: Document) -> Found:
    requester, approver = document.at(str, "requester"), document.at(str, "approver")
    if requester and approver and _persons(requester) & _persons(approver):
        yield (
            ("approver",),
            f"{shown(approver)} approves their own request; another person than the requester must approve",
        )


def _ends_within_a_year(document: Document) -> Found:
    created, expires = _day(document, "created"), _day(document, "expires")
    if created is None or expires is None:
        return
    if expires < created:
        yield ("expires",), f"expires ({expires}) lies before created ({created}); write a later day"
    elif expires > _anniversary(created):
        yield (
            ("expires",),
            f"expires ({expires}) is more than a year after created; write {_anniversary(created)} or sooner, and decide again then",
        )


def _persons(name: str) -> set[str]:
    """By what a person goes in one line: the name, however it is spaced or written, and each address in it."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return {ADDRESS.sub("", plain).strip(" ,;()<>"), *ADDRESS.findall(plain)} - {""}


def _reviewed_while_it_stands(document: Document) -> Found:
    created, expires, reviewed = (_day(document, key) for key in ("created", "expires", "reviewed"))
    if reviewed is None:
        return
    if created is not None and reviewed < created:
        yield (
            ("reviewed",),
            f"reviewed ({reviewed}) lies before created ({created}); write a later day, or leave it out",
        )
    elif expires is not None and reviewed > expires:
        yield ("reviewed",), f"reviewed ({reviewed}) lies after expires ({expires}); decide again, under another id"


def _day(document: Document, key: str) -> date | None:
    try:
        return date.fromisoformat(document.at(str, key) or "")
    except ValueError:
        return None


def _anniversary(day: date) -> date:
    """The same day a year later; 28 February for the 29th, and the last day there is at the end of time."""
    if day.year == date.max.year:
        return date.max
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _names_a_check(document: Document, checks: Collection[str]) -> Found:
    check = document.at(str, "check")
    if check and check.strip() and check not in checks:
        yield (
            ("check",),
            f"{shown(check)} is no check" + meant(check, sorted(checks), "; `starcadence catalog` lists them"),
        )


def _covers_something(document: Document) -> Found:
    if isinstance(document.value, dict) and not any(
        document.value.get(key) for key in ("resources", "accounts", "tags")
    ):
        yield (), "this exception covers nothing; write resources, accounts or tags"
    for path, pattern in document.each(str, "resources", "*"):
        if "*" in pattern[:-1]:
            yield path, f"{dotted(path)} is {shown(pattern)}; a * may stand at the end only"
        elif pattern == "*":
            yield path, f"{dotted(path)} is '*', which covers everything; write the ids, or accounts or tags"
