"""What the dossier comes to at the close of a cycle: records, registers and suppliers judged on its last day. Records only (law 8)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from agent.baseline import Compared
from agent.committed import named
from agent.dossier import Dossier
from agent.foreign.judging import MENDED, Foreigners, ForeignRow
from agent.material import Material
from agent.period import result
from agent.programme import ApprovedException, Programme, Service
from agent.record import Plan, Sweep
from agent.records import RESULTS, Record
from agent.registers import SPEAKS_FOR, AnyRow, Register, asked
from agent.registers import SupplierRow as SupplierListed
from agent.suppliers import Inherited, Supplier, UserControl, inherited
from agent.zones import zone
from controls import ccm
from controls.catalogue import links
from controls.metrics import Count
from controls.tally import COUNTED, Result, Tally
from controls.verdict import Outcome

WHOLE = Fraction(1)
BASELINE = ("CCM:4.1:CCC-07",)
"""What an approved baseline speaks for."""
UNSEEN = {
    "record": "whether what the records say is done",
    "register": "what happened and was not written down",
    "baseline": "types that the baseline leaves out, facts that were not learned when it was approved, and how soon drift is heard of",
    "findings": "what the other tools did not look at, and what their exports leave out",
}


class Basis(NamedTuple):
    """One thing that a specification rests on."""

    what: str
    """`record` or `supplier`; a register is a record, imported findings are `checks`."""
    reach: str
    tally: Tally | None
    """Of a register, to be held against the commitment's objective."""
    result: Result | None
    words: str
    """What remains unseen."""


class RecordRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record, as the report shows it."""

    id: str
    title: str
    kind: str
    version: str
    specifications: tuple[str, ...]
    """Those of the service's CCM version that it speaks for."""
    owner: str
    approver: str
    effective: date
    due: date | None
    """The first day on which it is no longer current by itself."""
    state: str
    result: Result
    digest: str
    published: bool
    """Its content is in the bundle."""


class Amiss(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a register that did not pass."""

    number: int
    """Its place in the extract, from 1."""
    outcome: str
    """`failed` or `unknown`."""
    asked: str
    """What a row of the register is asked."""
    row: dict[str, Any]
    """What it says; persons are pseudonyms."""


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A register, as the report shows it."""

    kind: str
    file: str
    query: str
    extractor: str
    first: date | None
    """First day that was judged; `None` where no register was there."""
    last: date | None
    rows: int
    """In the extract."""
    tally: Tally
    """Of the rows that were judged; one unseen where the extract does not cover the days, or is not there."""
    amiss: tuple[Amiss, ...]
    """Every judged row that did not pass."""
    specifications: tuple[str, ...]


class SupplierRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is inherited from a supplier, as the report shows it."""

    report: Inherited
    specifications: tuple[str, ...]
    owner: str


class Papers:
    """The dossier of one service's cycle, judged once."""

    def __init__(
        self, *, programme: Programme, service: Service, start: datetime, until: datetime, dossier: Dossier, last: Sweep | None,
        plan: Plan | None, exceptions: tuple[ApprovedException, ...] = (),
        baseline: Compared | None = None,
    ) -> None:  # fmt: skip
        """From the start of the cycle until its end, or until now; `last` and `plan` are those of its last sweep."""
        local = zone(programme.cadence.time_zone)
        self.first = start.astimezone(local).date()
        self.day = (until - timedelta(microseconds=1)).astimezone(local).date()
        """The last day, on which everything is judged."""
        self.programme, self.service, self._dossier = programme, service, dossier
        self._last, self._plan = last, plan
        self._baseline = baseline
        self._version = ccm.release(service.ccm)
        self._records, self._suppliers = dossier.standing(self.first)
        self.foreign = Foreigners(
            dossier.speaking(self.first),
            service.id,
            programme=programme,
            exceptions=exceptions,
            start=start,
            until=until,
        )
        """What other tools found."""

    @classmethod
    def of(cls, material: Material) -> "Papers":
        """Those of the cycle that a report is of."""
        return cls(
            programme=material.programme, service=material.service, start=material.opened.start, until=material.closing.until,
            dossier=material.dossier, last=material.last, plan=material.plan, exceptions=material.exceptions,
            baseline=material.baseline,
        )  # fmt: skip

    @cached_property
    def records(self) -> tuple[RecordRow, ...]:
        """Every record that speaks for the service."""
        return tuple(self._record(one) for one in self._records if not one.services or self.service.id in one.services)

    @cached_property
    def registers(self) -> tuple[RegisterRow, ...]:
        """Every register that the programme in force names, be it there or not."""
        return tuple(self._register(kind) for kind in sorted({*self.programme.registers, *self.extracts}))

    @cached_property
    def suppliers(self) -> tuple[SupplierRow, ...]:
        """Every supplier's report."""
        return tuple(
            SupplierRow(
                report=inherited(one, self.day, self._shows, self._regions), owner=one.owner,
                specifications=named(one.specifications, self._version),
            )
            for one in map(self._unless_withdrawn, self._suppliers)
        )  # fmt: skip

    @cached_property
    def tools(self) -> tuple[ForeignRow, ...]:
        """Every tool whose findings were imported."""
        return self.foreign.rows()

    @cached_property
    def extracts(self) -> Mapping[str, Register]:
        """The registers that are there, by kind."""
        return {one.kind: one for one in self._dossier.registers}

    @cached_property
    def bases(self) -> Mapping[str, tuple[Basis, ...]]:
        """Specification -> what it rests on besides checks and metrics."""
        found: dict[str, tuple[Basis, ...]] = {}
        for name, basis in self._every_basis():
            found[name] = (*found.get(name, ()), basis)
        return found

    def judged(self, kind: str) -> tuple[tuple[AnyRow, Outcome], ...]:
        """The rows of a register within the days that are judged, each with what it says."""
        one = self.extracts.get(kind)
        if one is None:
            return ()
        first, last, _ = one.window(self.first, self.day)
        return one.judged(first, last)

    def unseen(self, kind: str) -> Tally:
        """One unseen where a register does not cover the days."""
        one = self.extracts.get(kind)
        return Tally(unseen=int(one is None or not one.window(self.first, self.day)[2]))

    def lines(self, specification: str) -> Iterator[str]:
        """What speaks for a specification besides checks, for a person."""
        for record in self.records:
            if specification in record.specifications:
                yield f"record {record.id}, version {record.version}: {record.state}, {record.result}"
        for register in self.registers:
            if specification in register.specifications:
                tally = register.tally
                days = f" of {register.first} to {register.last}" if register.first else ", which is not there"
                yield f"register {register.kind}{days}: {tally.passed} passed, {tally.failed} failed, {tally.unknown} unknown"
        for one in self.suppliers:
            if specification in one.specifications:
                words = f" ({'; '.join(one.report.words)})" if one.report.words else ""
                yield f"supplier {one.report.id} until {one.report.until}: {one.report.result}, {one.report.reach}{words}"
        for tool in self.tools if specification in self._vulnerable else ():
            tally = tool.tally
            yield f"findings of {tool.tool}: {tally.passed} passed, {tally.failed} failed, {tally.unknown} unknown"
        if self._baseline and specification in named(BASELINE, self._version):
            for cloud, tally in self._baseline.tallies.items():
                words = f"{tally.passed} as approved, {tally.failed} not, {tally.unknown} unknown"
                yield f"baseline {self._baseline.version} on {cloud}: {words}"

    @cached_property
    def _vulnerable(self) -> frozenset[str]:
        """The specifications of the check that judges imported vulnerabilities."""
        return frozenset(one.specification for one in links(MENDED, self._version))

    def count(self, kind: str) -> Count:
        """A register as a whole."""
        tally = sum((COUNTED[outcome] for _, outcome in self.judged(kind)), self.unseen(kind))
        return Count(source=kind, tally=tally)

    def _every_basis(self) -> Iterator[tuple[str, Basis]]:
        for record in self.records:
            for name in record.specifications:
                yield name, Basis("record", "part", None, record.result, UNSEEN["record"])
        for register in self.registers:
            for name in register.specifications:
                yield name, Basis("record", "part", register.tally, None, UNSEEN["register"])
        for one in self.suppliers:
            for name in one.specifications:
                yield name, Basis("supplier", one.report.reach, None, one.report.result, "; ".join(one.report.words))
        yield from self._compared()

    def _compared(self) -> Iterator[tuple[str, Basis]]:
        """What our own comparison judges: findings of other tools, and settings against a baseline."""
        for tool in self.tools:
            for name in sorted(self._vulnerable if tool.tally.range or tool.tally.unseen else ()):
                yield name, Basis("checks", "part", tool.tally, None, UNSEEN["findings"])

        for tally in self._baseline.tallies.values() if self._baseline else ():
            for name in named(BASELINE, self._version):
                yield name, Basis("checks", "part", tally, None, UNSEEN["baseline"])

    def billed(self) -> Iterator[Count]:
        """Components of imported bills of materials against the register of suppliers, for STA-07-M3; nothing without that register."""
        rows = [row for row, _ in self.judged("suppliers") if isinstance(row, SupplierListed)]
        approved = {row.name.strip().casefold(): row.approved for row in rows}
        for count in self.foreign.components(approved) if rows else ():
            yield msgspec.structs.replace(count, tally=count.tally + self.unseen("suppliers"))

    def drifted(self) -> Iterator[Count]:
        """Each cloud against the approved baseline, for CCC-07-M1."""
        for cloud, tally in self._baseline.tallies.items() if self._baseline else ():
            yield Count(source="the approved baseline", provider=cloud, tally=tally)

    def _record(self, one: Record) -> RecordRow:
        state: str = one.state(self.day)
        found = RESULTS[one.state(self.day)]
        if f"record {one.id}" in self._dossier.withdrawn:
            state, found = "withdrawn", Result.MISSED if found is Result.MISSED else Result.NOT_SHOWN
        return RecordRow(
            id=one.id, title=one.title, kind=one.kind, version=one.version, specifications=named(one.specifications, self._version),
            owner=one.owner, approver=one.approver, effective=one.effective, due=one.due(self.day), state=state, result=found,
            digest=one.digest, published=one.publish is not None,
        )  # fmt: skip

    def _register(self, kind: str) -> RegisterRow:
        one = self.extracts.get(kind)
        window = one.window(self.first, self.day) if one else (None, None, False)
        return RegisterRow(
            kind=kind, file=one.file if one else "", query=one.header.query if one else "", extractor=one.header.extractor if one else "",
            first=window[0], last=window[1], rows=len(one.rows) if one else 0, tally=self.count(kind).tally,
            amiss=tuple(self._amiss(kind)),
            specifications=named(SPEAKS_FOR[kind], self._version),
        )  # fmt: skip

    def _amiss(self, kind: str) -> Iterator[Amiss]:
        one = self.extracts.get(kind)
        numbers = {id(row): number for number, row in enumerate(one.rows if one else (), 1)}
        for row, outcome in self.judged(kind):
            if outcome in {Outcome.FAILED, Outcome.UNKNOWN}:
                said = {name: value for name, value in msgspec.to_builtins(row).items() if value is not None}
                yield Amiss(number=numbers[id(row)], outcome=outcome, asked=asked(row), row=said)

    def _shows(self, control: UserControl) -> bool:
        """A user control's link stands: the check is met on every cloud, or the record is current."""
        if control.record is not None:
            return any(one.id == control.record and one.result is Result.MET for one in self.records)
        clouds = [estate.provider for estate in self._plan.estates] if self._plan and control.check else []
        return bool(clouds) and all(
            result(self._last, self.service.id, control.check or "", cloud, WHOLE) is Result.MET for cloud in clouds
        )

    @cached_property
    def _regions(self) -> Mapping[str, frozenset[str]]:
        return {
            estate.provider: frozenset(
                region for one in estate.members if one.state == "in scope" for region in one.regions
            )
            for estate in (self._plan.estates if self._plan else ())
        }

    def _unless_withdrawn(self, one: Supplier) -> Supplier:
        """A report that was taken away speaks until the day before that."""
        gone = self._dossier.withdrawn.get(f"supplier {one.id}")
        if gone is None:
            return one
        last = min(one.last, gone - timedelta(days=1))
        return msgspec.structs.replace(one, last=last, bridge=None)
