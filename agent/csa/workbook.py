"""Reading the sheets of an XLSX file as rows of text, with the standard library: formats, formulas and pictures are passed over.

Source: ECMA-376, part 1 (SpreadsheetML) and part 2 (Open Packaging). Sizes are bounded before anything is unpacked, and a part that
declares a document type is refused, so that no file grows on reading.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from agent.errors import UsageError

LARGEST = 64 << 20
"""Bytes of all parts that are read, unpacked."""
MOST_ROWS, MOST_COLUMNS = 20_000, 512
CELL = re.compile(r"([A-Z]{1,3})[1-9]\d*")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
Row = tuple[str, ...]


class Unreadable(UsageError):
    """A file that is no workbook, or one that cannot be read."""


def sheets(data: bytes) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Each sheet's name and its rows, in the order of the workbook. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = _Parts(book)
            shared = parts.shared()
            for name, part in parts.sheets():
                yield name, _rows(parts.tree(part), shared)
    except (
        zipfile.BadZipFile,
        KeyError,
        ET.ParseError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise Unreadable(f"it is no workbook that can be read ({error}); save it again as .xlsx") from None


class _Parts:
    """The parts of one package."""

    def __init__(self, book: zipfile.ZipFile) -> None:
        self._book = book
        self._room = LARGEST

    def tree(self, name: str) -> ET.Element:
        size = self._book.getinfo(name).file_size
        self._room -= size
        if self._room < 0:
            raise Unreadable(f"it unpacks to more than {LARGEST >> 20} MiB; remove the sheets that do not belong")
        with self._book.open(name) as part:
            text = part.read(size + 1)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise Unreadable("one of its parts declares a document type, which no workbook of Excel's does")
        return ET.fromstring(text)  # noqa: S314 - bounded, and without document types there is nothing to expand

    def shared(self) -> tuple[str, ...]:
        """The texts that cells refer to by number."""
        name = "xl/sharedStrings.xml"
        if name not in self._book.namelist():
            return ()
        return tuple(_text(one) for one in self.tree(name) if _local(one) == "si")

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Each sheet's name and part."""
        targets = {
            one.get("Id"): posixpath.normpath(posixpath.join("xl", one.get("Target", "").removeprefix("/xl/")))
            for one in self.tree("xl/_rels/workbook.xml.rels")
        }
        for one in self.tree("xl/workbook.xml").iter():
            target = targets.get(one.get(RELATION) or one.get(STRICT)) if _local(one) == "sheet" else None
            if target in self._book.namelist():
                yield one.get("name", ""), str(target)


def _rows(sheet: ET.Element, shared: tuple[str, ...]) -> tuple[Row, ...]:
    found: list[Row] = []
    for row in sheet.iter():
        if _local(row) != "row":
            continue
        if len(found) >= MOST_ROWS:
            raise Unreadable(f"a sheet has more than {MOST_ROWS} rows")
        cells: dict[int, str] = {}
        for place, cell in enumerate(one for one in row if _local(one) == "c"):
            match = CELL.fullmatch(cell.get("r", ""))
            column = _column(match[1]) if match else place
            if column < MOST_COLUMNS:
                cells[column] = _value(cell, shared).strip()
        found.append(tuple(cells.get(column, "") for column in range(max(cells, default=-1) + 1)))
    return tuple(found)


def _value(cell: ET.Element, shared: tuple[str, ...]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return _text(cell)
    value = next((one.text or "" for one in cell if _local(one) == "v"), "")
    if kind == "s":
        number = int(value or -1)
        return shared[number] if 0 <= number < len(shared) else ""
    return value


def _text(element: ET.Element) -> str:
    """The text of a shared or inline string: its runs together, without phonetic hints."""
    hints = {id(text) for one in element.iter() if _local(one) == "rPh" for text in one.iter()}
    return "".join(one.text or "" for one in element.iter() if _local(one) == "t" and id(one) not in hints)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
