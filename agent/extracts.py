"""Reading registers: CSV with a side file, or JSON; every fault with file, line and remedy. Persons become keyed pseudonyms."""

import csv
import hashlib
import hmac
import io
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from agent.fetching import named
from agent.registers import SCHEMAS, AnyRow, Header, Register, Row
from agent.rules import faults
from agent.scalars import RegisterKind
from agent.shape import convert, meant
from agent.strict import Document, Fault, Refusal, read, read_file

SIDE = ".register.yaml"
LARGEST = 32 * 1024 * 1024
MOST_FAULTS = 50


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON form of a register: the header's keys and the rows as `data`."""

    header: dict[str, Any]
    data: tuple[dict[str, Any], ...]


def extract(kind: RegisterKind, path: pathlib.Path, beside: pathlib.Path) -> Register:
    """Read one register. Raises `Refusal` with every fault of it. Persons are still named: see `pseudonymous`."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(Fault(str(path), 1, f"the file is larger than {LARGEST >> 20} MiB; extract a shorter period"))
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(
            Fault(str(path), 1, f"the file cannot be read ({error.strerror}); put it there, or remove the key")
        ) from None
    header, rows = _json(path, data) if path.suffix == ".json" else _csv(path, data)
    wrong: list[Fault] = []
    made = [row for line, values in rows if (row := _row(SCHEMAS[kind], path, line, values, wrong)) is not None]
    if not wrong and len(made) != header.rows:
        words = f"the file has {len(made)} rows and its header says {header.rows}; extract it again, or mend the header"
        wrong.append(Fault(str(path), 1, words))
    if wrong:
        raise Refusal(*wrong[:MOST_FAULTS])
    return Register(
        kind=kind, file=named(path, beside), header=header,
        digest=hashlib.sha256(data).hexdigest(), rows=cast("tuple[AnyRow, ...]", tuple(made)),
    )  # fmt: skip


def pseudonymous(register: Register, key: bytes) -> Register:
    """The register without persons: `person-<12 hex>`, the same for the same person in every register, of no use without the key."""

    def hidden(name: str) -> str:
        return f"person-{hmac.new(key, name.strip().lower().encode(), hashlib.sha256).hexdigest()[:12]}"

    rows = [
        msgspec.structs.replace(
            row, **{name: hidden(said) for name in row.personal if (said := getattr(row, name)) is not None}
        )
        for row in register.rows
    ]
    return msgspec.structs.replace(register, rows=tuple(rows))


def _csv(path: pathlib.Path, data: bytes) -> tuple[Header, Iterator[tuple[int, Mapping[str, Any]]]]:
    side = path.with_name(f"{path.name}{SIDE}")
    if not side.is_file():
        words = f"{side.name} is missing beside it; write query, extractor, extracted, first, last and rows there"
        raise Refusal(Fault(str(path), 1, words))
    header = _header(read_file(side))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            Fault(str(path), data.count(b"\n", 0, error.start) + 1, "not UTF-8 here; save the file as UTF-8")
        ) from None
    return header, _lines(path, text)


def _lines(path: pathlib.Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Line number and the cells that hold something, by column."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = next(reader, [])
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(columns):
                words = f"{len(cells)} cells under {len(columns)} columns; mend this line"
                raise Refusal(Fault(str(path), reader.line_num, words))
            yield (
                reader.line_num,
                {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()},
            )
    except csv.Error as error:
        raise Refusal(Fault(str(path), reader.line_num, f"not CSV here ({error}); mend its quotes")) from None


def _json(path: pathlib.Path, data: bytes) -> tuple[Header, Iterator[tuple[int, Mapping[str, Any]]]]:
    try:
        made = msgspec.json.decode(data, type=Extract)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        words = f'{error}; write {{"header": {{...}}, "data": [{{...}}]}}'
        raise Refusal(Fault(str(path), 1, words)) from None
    header = _header(read(msgspec.json.encode(made.header), str(path)))
    return header, (
        (number, {name: one for name, one in values.items() if one is not None})
        for number, values in enumerate(made.data, 1)
    )


def _header(document: Document) -> Header:
    found = faults(document, Header, (_in_order,))
    if found:
        raise Refusal(*found)
    return convert(document, Header)


def _in_order(document: Document) -> Iterator[tuple[tuple[str | int, ...], str]]:
    first, last, extracted = (document.at(str, key) or "" for key in ("first", "last", "extracted"))
    if first and last and first > last:
        yield ("last",), f"last ({last}) lies before first ({first}); write a later day"
    if last and extracted and extracted < last:
        yield (
            ("last",),
            f"last ({last}) lies after extracted ({extracted}): nobody can have asked for days that had not been; mend one of them",
        )


def _row(schema: type[Row], path: pathlib.Path, line: int, values: Mapping[str, Any], wrong: list[Fault]) -> Row | None:
    known = list(schema.__struct_fields__)
    odd = sorted(values.keys() - set(known))
    if odd:
        hints = ((name, meant(name, known, f"; known here: {', '.join(known)}")) for name in odd)
        wrong.extend(Fault(str(path), line, f"unknown column {name!r}{hint}") for name, hint in hints)
        return None
    try:
        return msgspec.convert(dict(values), schema, strict=False)
    except msgspec.ValidationError as error:
        wrong.append(Fault(str(path), line, f"{error}; mend this cell"))
        return None
