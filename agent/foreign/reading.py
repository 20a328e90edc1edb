"""Reading the exports that a programme names: which format a file has, and every fault with file and remedy."""

import hashlib
import pathlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from agent.fetching import here, named, usable
from agent.foreign.asff import Finding, asff, is_asff
from agent.foreign.cyclonedx import cyclonedx, is_cyclonedx
from agent.foreign.finding import OPEN, Export, Foreign
from agent.foreign.grype import grype, is_grype
from agent.foreign.ocsf import Event, is_ocsf, ocsf
from agent.foreign.sarif import is_sarif, sarif
from agent.foreign.told import Junk, Told
from agent.foreign.trivy import is_trivy, trivy
from agent.strict import Document, Fault, Refusal

LARGEST = 512 * 1024 * 1024
"""Bytes of a file of rows; Prowler writes some eight thousand of them for each finding."""
LARGEST_WHOLE = 64 * 1024 * 1024
"""Bytes of any other file, which is read as a whole."""
MOST = 100_000
SUFFIXES = (".json", ".jsonl", ".ndjson", ".sarif")
FORMATS: tuple[tuple[Callable[[Any], bool], Callable[[Any, str], Told]], ...] = (
    (is_cyclonedx, cyclonedx), (is_trivy, trivy), (is_grype, grype), (is_sarif, sarif), (is_ocsf, ocsf), (is_asff, asff),
)  # fmt: skip
"""How each format is known, and its reader. An empty array is OCSF: Prowler writes it where it found nothing to say."""
ROWS: Mapping[Callable[[Any, str], Told], type[Any]] = {ocsf: Event, asff: Finding}
"""Formats of many rows, with the type of each: such a file is read row by row into what is kept of it, for the rest is large."""
KNOWN = "OCSF (Prowler, Security Hub), ASFF, SARIF, CycloneDX, Trivy and Grype are read, each as JSON"
Path = tuple[str | int, ...]


def exports(document: Document, beside: pathlib.Path, wrong: list[Fault]) -> tuple[Export, ...]:
    """Every export under the programme's `findings`, sorted by file; faults are put down in `wrong`."""
    found: dict[str, Export] = {}
    for path, source in document.each(dict, "findings", "*"):
        name = source.get("path")
        if not isinstance(name, str) or not usable(name):  # faults of their own
            continue
        services = tuple(one for one in source.get("services") or () if isinstance(one, str))
        stale = source.get("stale_after", "7d")
        for file in _files(document, (*path, "path"), here(name, beside), wrong):
            try:
                one = export(file, beside)
            except Refusal as refusal:
                wrong += refusal.found
                continue
            found.setdefault(one.file, msgspec.structs.replace(one, services=services, stale_after=str(stale)))
    return tuple(found[name] for name in sorted(found))


def export(file: pathlib.Path, beside: pathlib.Path) -> Export:
    """Read one file. Raises `Refusal`."""
    data = _bytes(file)
    try:
        told = _told(data.removeprefix(b"\xef\xbb\xbf"), file.stem)
    except Junk as junk:
        raise Refusal(Fault(str(file), 1, f"{junk}; export it again, or take it out of `findings`")) from None
    if max(len(told.findings), len(told.components)) > MOST:
        words = f"the file has more than {MOST} findings or components; export one account or image at a time"
        raise Refusal(Fault(str(file), 1, words))
    return Export(
        file=named(file, beside), format=told.format, tool=told.tool,
        version=told.version[:64], digest=hashlib.sha256(data).hexdigest(), taken=told.taken, dated=told.taken is not None,
        subjects=tuple(sorted(told.subjects)), findings=each_once(told.findings), components=tuple(sorted(told.components)),
    )  # fmt: skip


def each_once(findings: tuple[Foreign, ...]) -> tuple[Foreign, ...]:
    """Sorted by id; of several with one id the one that still stands, and of those the first seen."""
    found: dict[str, Foreign] = {}
    for one in findings:
        before = found.get(one.id)
        if before is None or _weight(one) < _weight(before):
            found[one.id] = one
    return tuple(found[name] for name in sorted(found))


def _weight(one: Foreign) -> tuple[bool, bool, str]:
    return one.status not in OPEN, one.first_seen is None, str(one.first_seen)


def _files(document: Document, path: Path, place: pathlib.Path, wrong: list[Fault]) -> list[pathlib.Path]:
    """The file itself, or what lies in the folder."""
    if place.is_file():
        return [place]
    if not place.is_dir():
        wrong.append(document.fault(path, f"findings: {place.name} is not there; put it there, or remove it here"))
        return []
    found = sorted(
        one for one in place.rglob("*") if one.suffix in SUFFIXES and one.is_file() and not one.name.startswith(".")
    )
    if not found:
        words = f"findings: {place.name} holds no export ({', '.join(SUFFIXES)}); put one there, or remove it here"
        wrong.append(document.fault(path, words))
    return found


def _bytes(file: pathlib.Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(
                Fault(
                    str(file), 1, f"the file is larger than {LARGEST >> 20} MiB; export one account or image at a time"
                )
            )
        return file.read_bytes()
    except OSError as error:
        raise Refusal(Fault(str(file), 1, f"the file cannot be read ({error.strerror}); mend its mode")) from None


def _told(text: bytes, name: str) -> Told:
    """What a file says: an array or lines of rows, or one document."""
    rows = _rows(text)
    if rows is not None:
        reader = _reader([_json(rows[0])] if rows else [])
        if reader in ROWS:
            return reader(_typed(rows, ROWS[reader]), name)
    if len(text) > LARGEST_WHOLE:
        raise Junk(f"larger than {LARGEST_WHOLE >> 20} MiB, and no rows: make one of each account or image")
    value = _json(text)
    return _reader(value)(value, name)


class Answer(msgspec.Struct, frozen=True):
    """What Security Hub's interface answers."""

    findings: list[msgspec.Raw] | None = msgspec.field(default=None, name="Findings")


def _rows(text: bytes) -> list[msgspec.Raw] | None:
    """The rows of an array, of an answer of Security Hub, or of JSON lines; `None` for one document. Raises `Junk` where it is no JSON."""
    begins = text.lstrip()[:1]
    try:
        if begins == b"[":
            return msgspec.json.decode(text, type=list[msgspec.Raw])
        if begins == b"{":
            return msgspec.json.decode(text, type=Answer).findings
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.ValidationError:
        return None  # `Findings` of something else: its reader says what is wrong
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        whole = str(error)
    else:
        return None
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise Junk(f"not JSON: {whole}")
    try:
        return [msgspec.json.decode(line, type=msgspec.Raw) for line in lines]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Junk(f"not JSON: {whole}") from None


def _typed(rows: list[msgspec.Raw], of: type[Any]) -> list[Any]:
    """Each row as what is kept of it. Raises `Junk` with the row's number and the path within."""
    decoder = msgspec.json.Decoder(of)
    found = []
    for number, row in enumerate(rows):
        try:
            found.append(decoder.decode(row))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Junk(f"row {number + 1}: {error}") from None
    return found


def _json(text: "bytes | msgspec.Raw") -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Junk(f"not JSON: {error}") from None


def _reader(value: Any) -> Callable[[Any, str], Told]:
    for known, reader in FORMATS:
        if known(value):
            return reader
    raise Junk(f"no format that is known: {KNOWN}")
