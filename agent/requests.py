"""Requests: which papers are needed from whom by when. What the programme itself shows to be missing, and what an auditor asks for.

An auditor's list and every step of a request are journal entries, so that a bundle shows who asked, who gave and who accepted.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from agent.canonical import digest, encode
from agent.committed import committed, named
from agent.dossier import Dossier
from agent.errors import UsageError
from agent.journal import Entry, Journal
from agent.programme import Programme, Service
from agent.records import RESULTS, Record
from agent.registers import LAG, SPEAKS_FOR
from agent.scalars import Text
from agent.shape import meant
from agent.strict import Fault, Refusal
from controls import ccm
from controls.catalogue import linked
from controls.tally import Result
from controls.verdict import Outcome

State = Literal["open", "provided", "accepted", "returned"]
STEPS: Mapping[State, tuple[State, ...]] = {
    "open": ("provided",), "provided": ("accepted", "returned"), "returned": ("provided",), "accepted": ("returned",),
}  # fmt: skip
"""What a request may become."""
SOON = timedelta(days=30)
"""A paper that is due within so many days is asked for."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of an auditor's list."""

    id: Text
    """The auditor's own number."""
    what: Text
    owner: str = ""
    """Who is to give it, one of `owners`; empty where nobody is named yet."""
    due: date | None = None
    specifications: str = ""
    """References, separated by spaces."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is needed."""

    id: str
    what: str
    specifications: tuple[str, ...]
    owner: str
    due: date | None
    state: State
    origin: str
    """`programme`, or who asked."""
    since: datetime | None = None
    """When it was asked for; `None` for what the programme shows."""
    note: str = ""
    """What was said with its last step."""
    pressing: bool = False
    """It is work already, whatever its day."""

    def overdue(self, day: date) -> bool:
        """It is not given, and should have been."""
        return self.state in {"open", "returned"} and self.due is not None and self.due < day


def requests(
    programme: Programme, desk: Dossier, kept: Dossier, entries: Sequence[Entry], now: datetime
) -> tuple[Request, ...]:
    """All of them, the most urgent first. `desk` is what lies in the folders now, `kept` what the last run kept of it."""
    altered = {one.id for one in kept.records if one.altered}
    wanted = [
        *_records(desk, altered, now.date()),
        *_registers(programme, desk, now.date()),
        *_suppliers(desk, now.date()),
    ]
    wanted += [*_rows_amiss(programme, desk, now.date()), *_undocumented(programme, desk)]
    found = [*asked(entries), *wanted]
    return tuple(sorted(found, key=lambda one: (not one.overdue(now.date()), one.due or date.max, one.id)))


def asked(entries: Iterable[Entry]) -> tuple[Request, ...]:
    """What auditors asked for, each in its last state."""
    found: dict[str, Request] = {}
    for entry in entries:
        if entry.kind == "requested":
            for row in msgspec.convert(entry.body["rows"], tuple[Asked, ...]):
                before = found.get(row.id)
                found[row.id] = Request(
                    id=row.id, what=row.what, specifications=tuple(row.specifications.split()), owner=row.owner, due=row.due,
                    state=before.state if before else "open", origin=entry.body["by"], since=before.since if before else entry.at,
                    note=before.note if before else "",
                )  # fmt: skip
        elif entry.kind == "request" and entry.body["id"] in found:
            body = entry.body
            found[body["id"]] = msgspec.structs.replace(found[body["id"]], state=body["state"], note=body["note"])
    return tuple(found.values())


def take_in(
    journal: Journal, name: str, text: str, *, by: str, owners: Iterable[str], now: datetime
) -> tuple[Asked, ...]:
    """Write an auditor's list down; the same rows again change nothing. Raises `Refusal` with every fault of it."""
    rows = _read(name, text, tuple(owners))
    known = {one.id: one for one in _rows(journal.entries)}
    news = tuple(one for one in rows if known.get(one.id) != one)
    if news:
        body: dict[str, Any] = {"by": by, "digest": digest(text.encode()), "rows": msgspec.to_builtins(news)}
        number = sum(1 for _ in journal.of("requested")) + 1
        journal.append("requested", f"requested/{number}", body, now)
    return news


def mark(journal: Journal, identity: str, state: State, *, by: str, note: str, now: datetime) -> Entry:
    """Write down a step of a request. Raises `UsageError` for one that nobody asked, and for a step that cannot follow."""
    known = {one.id: one for one in asked(journal.entries)}
    if identity not in known:
        words = meant(
            identity, known, "; `starcadence requests` lists them, and what the programme shows ends by itself"
        )
        raise UsageError(f"no auditor asked for {identity!r}{words}")
    one = known[identity]
    if state not in STEPS[one.state]:
        raise UsageError(f"{identity} is {one.state}; it can become {' or '.join(STEPS[one.state])}")
    number = sum(1 for entry in journal.of("request") if entry.body["id"] == identity) + 1
    body: dict[str, Any] = {"id": identity, "state": state, "by": by, "note": note}
    return journal.append("request", f"request/{digest(identity.encode())[:16]}/{number}", body, now)


def _rows(entries: Iterable[Entry]) -> Iterator[Asked]:
    for entry in entries:
        if entry.kind == "requested":
            yield from msgspec.convert(entry.body["rows"], tuple[Asked, ...])


def _read(name: str, text: str, owners: tuple[str, ...]) -> tuple[Asked, ...]:
    """The rows of a list, checked."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    wrong: list[Fault] = []
    found: dict[str, Asked] = {}
    try:
        for cells in reader:
            said = {column: cell.strip() for column, cell in cells.items() if column and cell and cell.strip()}
            words = None
            try:
                row = msgspec.convert(said, Asked, strict=False)
            except msgspec.ValidationError as error:
                words = f"{error}; the columns are {', '.join(Asked.__struct_fields__)}, and id and what are needed"
            else:
                words = _amiss(row, found, owners)
                found.setdefault(row.id, row)
            if words:
                wrong.append(Fault(name, reader.line_num, words))
    except csv.Error as error:
        wrong.append(Fault(name, reader.line_num, f"not CSV here ({error}); mend its quotes"))
    if not found and not wrong:
        wrong.append(Fault(name, 1, "the list is empty; write a header and a row for each request"))
    if wrong:
        raise Refusal(*wrong)
    return tuple(found.values())


def _amiss(row: Asked, found: Mapping[str, Asked], owners: tuple[str, ...]) -> str | None:
    if row.id in found:
        return f"a second request with the id {row.id!r}; give each its own"
    if row.owner and row.owner not in owners:
        return f"{row.owner!r} is not under `owners` of the programme" + meant(
            row.owner, owners, "; add it there, or leave the cell empty"
        )
    for reference in row.specifications.split():
        if not any(named((reference,), version) for version in ccm.RELEASES):
            return f"{reference!r} is no specification; write it with its version, e.g. CCM:4.1:IAM-01"
    return None


def _wanted(what: str, about: str, specifications: tuple[str, ...], owner: str, due: date | None) -> Request:
    identity = digest(encode(["wanted", about]))[:16]
    return Request(
        id=identity, what=what, specifications=specifications, owner=owner, due=due, state="open", origin="programme",
    )  # fmt: skip


def _records(desk: Dossier, altered: set[str], day: date) -> Iterator[Request]:
    for one in desk.records:
        record = msgspec.structs.replace(one, altered=one.id in altered)
        due = record.due(day)
        state = record.state(day)
        if RESULTS[state] is Result.MISSED or (due is not None and due - timedelta(days=1) <= day + SOON):
            last = day if record.altered else due - timedelta(days=1) if due is not None else None
            yield _wanted(_record_words(record, state), f"record {one.id}", one.specifications, one.owner, last)


def _record_words(one: Record, state: str) -> str:
    if state == "changed under the same version":
        return f"{one.title}: approve the changed content under a new version, or put version {one.version} back"
    return f"{one.title}: {'renew it' if one.expires is not None else 'review it'} (it is {state})"


def _registers(programme: Programme, desk: Dossier, day: date) -> Iterator[Request]:
    there = {one.kind: one for one in desk.registers}
    for kind in programme.registers:
        one = there.get(kind)
        last = one.header.last + LAG if one else day
        if last <= day:
            since = f" (it ends on {one.header.last})" if one else ""
            yield _wanted(
                f"extract the register {kind} again{since}",
                f"register {kind}",
                SPEAKS_FOR[kind],
                _answers(programme, SPEAKS_FOR[kind]),
                last,
            )


def _rows_amiss(programme: Programme, desk: Dossier, day: date) -> Iterator[Request]:
    """Rows of the registers that fail today."""
    for one in desk.registers:
        failed = sum(outcome is Outcome.FAILED for _, outcome in one.judged(one.header.first, day))
        if failed:
            rows = "1 row does not pass" if failed == 1 else f"{failed} rows do not pass"
            what = f"the register {one.kind}: {rows}; mend that at its source, and extract it again"
            about, owner = f"rows {one.kind}", _answers(programme, SPEAKS_FOR[one.kind])
            yield msgspec.structs.replace(_wanted(what, about, SPEAKS_FOR[one.kind], owner, None), pressing=True)


def _suppliers(desk: Dossier, day: date) -> Iterator[Request]:
    for one in desk.suppliers:
        until = max(one.last, one.bridge or one.last)
        if until <= day + SOON:
            yield _wanted(
                f"{one.name}: get the next {one.scheme} report",
                f"supplier {one.id}",
                one.specifications,
                one.owner,
                until,
            )
        for control in one.user_controls:
            if control.check is None and control.record is None:
                what = f"{one.name}, {control.id}: show that this is done: {control.words}"
                yield _wanted(what, f"supplier {one.id} {control.id}", one.specifications, one.owner, None)


def _undocumented(programme: Programme, desk: Dossier) -> Iterator[Request]:
    """Specifications that a service commits to and that nothing speaks for."""
    for service in programme.services:
        version = ccm.release(service.ccm)
        spoken = set(named(_references(programme, desk, service), version))
        for name, commitment in committed(service).items():
            if name not in spoken and not linked(name):
                title = ccm.specification(name).title
                yield _wanted(
                    f"give a record for {name}, {title}", f"{service.id} {name}", (name,), commitment.owner, None
                )


def _references(programme: Programme, desk: Dossier, service: Service) -> Iterator[str]:
    for record in desk.records:
        if not record.services or service.id in record.services:
            yield from record.specifications
    for supplier in desk.suppliers:
        yield from supplier.specifications
    for kind in programme.registers:
        yield from SPEAKS_FOR[kind]
    yield from ("CCM:4.1:GRC-04",)  # our own approved exceptions: GRC-04-M1


def _answers(programme: Programme, references: Sequence[str]) -> str:
    """Who answers for what a register speaks for: whoever committed to it, else whose the first service is."""
    for service in programme.services:
        here = set(named(references, ccm.release(service.ccm)))
        owner = next((one.owner for name, one in committed(service).items() if name in here), None)
        if owner is not None:
            return owner
    return programme.services[0].owner
