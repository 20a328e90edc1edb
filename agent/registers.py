"""Registers: dated lists that other systems give, one schema each, judged row by row. Rows are kept; what names a person is a pseudonym.

A register is a CSV file with a side file `<name>.csv.register.yaml`, or one JSON file, that says by which query, for which period, by whom
and with how many rows it was extracted. Instants carry their zone: `2026-09-01T10:00:00Z`.
"""

import inspect
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from agent.scalars import RegisterKind, Strict, Text
from controls.verdict import Outcome

Instant = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0)]
LAG = timedelta(days=7)
"""A register may end so many days before the cycle that it is judged for."""
ACCESS_REVIEW = timedelta(days=90)
"""How long the review of an account's access holds, by CSA's IAM-08-M2."""


class Header(Strict, frozen=True, kw_only=True):
    """What is said of an extract."""

    query: Text
    """What the source was asked."""
    extractor: Text
    """Who or what extracted it."""
    extracted: date
    first: date
    """First day of the period that it speaks for."""
    last: date
    """Last day, included."""
    rows: Count
    """How many rows the source gave: the file must have as many."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="register", tag=True):
    """One row. Columns are the fields; those without a default must be there."""

    personal: ClassVar[tuple[str, ...]] = ()
    """Columns that name a person."""

    def on(self) -> date | None:
        """The day by which it belongs to a cycle; `None` where it always does."""
        return None

    def outcome(self, day: date) -> Outcome:
        """What it says on a day."""
        raise NotImplementedError


def _by(done: datetime | None, due: datetime | None, day: date) -> Outcome:
    """Done in time, done late or overdue, or open and not due yet (or due at no time: unknown)."""
    if done is not None:
        return Outcome.UNKNOWN if due is None else Outcome.PASSED if done <= due else Outcome.FAILED
    return Outcome.FAILED if due is not None and due.date() < day else Outcome.UNKNOWN


def _held(fact: bool | None) -> Outcome:  # noqa: FBT001 (the fact is what it is about)
    return Outcome.UNKNOWN if fact is None else Outcome.PASSED if fact else Outcome.FAILED


class Incident(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="incidents"):
    """A security event or incident."""

    personal: ClassVar[tuple[str, ...]] = ("reporter", "handler")

    id: Text
    detected: Instant
    source: Literal["system", "person"] | None = None
    category: str | None = None
    severity: Literal["critical", "high", "medium", "low"] | None = None
    triaged: Instant | None = None
    resolved: Instant | None = None
    resolve_by: Instant | None = None
    reporter: str | None = None
    handler: str | None = None

    def on(self) -> date:
        """The day of its detection."""
        return self.detected.date()

    def outcome(self, day: date) -> Outcome:
        """Resolved in time."""
        return _by(self.resolved, self.resolve_by, day)


class Change(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="changes"):
    """A change to production."""

    personal: ClassVar[tuple[str, ...]] = ("requester", "approver")

    id: Text
    implemented: Instant
    approved: Instant | None = None
    tested: bool | None = None
    emergency: bool = False
    requester: str | None = None
    approver: str | None = None

    def on(self) -> date:
        """The day of its implementation."""
        return self.implemented.date()

    def outcome(self, day: date) -> Outcome:  # noqa: ARG002 (every row is asked of a day)
        """Tested, and approved before it was made; by another than who asked. An emergency is approved within two days."""
        limit = self.implemented + timedelta(days=2 if self.emergency else 0)
        if self.approved is None or self.approved > limit or self.tested is False:
            return Outcome.FAILED
        if self.requester is not None and self.requester == self.approver:
            return Outcome.FAILED
        return _held(self.tested)


class Person(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="joiners_leavers"):
    """Somebody who joined, moved or left."""

    personal: ClassVar[tuple[str, ...]] = ("person",)

    person: Text
    event: Literal["joined", "moved", "left"]
    at: Instant
    access_changed: Instant | None = None
    within_hours: Count = 24

    def on(self) -> date:
        """The day of the event."""
        return self.at.date()

    def outcome(self, day: date) -> Outcome:
        """Access was changed in time. Joining asks for nothing."""
        if self.event == "joined":
            return Outcome.NOT_APPLICABLE
        return _by(self.access_changed, self.at + timedelta(hours=self.within_hours), day)


class AccessReview(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="access_reviews"):
    """One account, and when somebody last looked at what it may do."""

    personal: ClassVar[tuple[str, ...]] = ("account", "reviewer")

    account: Text
    reviewed: date | None = None
    correct: bool | None = None
    """The access was found right, or was put right."""
    reviewer: str | None = None

    def outcome(self, day: date) -> Outcome:
        """Reviewed in the last 90 days, and found right; by somebody else."""
        if self.reviewed is None or self.reviewed < day - ACCESS_REVIEW or self.reviewer == self.account:
            return Outcome.FAILED
        return Outcome.UNKNOWN if self.reviewed > day else _held(self.correct)


class Training(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="training"):
    """One person and one course."""

    personal: ClassVar[tuple[str, ...]] = ("person",)

    person: Text
    course: Text
    due: date
    completed: date | None = None

    def outcome(self, day: date) -> Outcome:
        """Completed by the day on which it was due; not applicable before."""
        if self.completed is not None and self.completed <= day:
            return Outcome.PASSED if self.completed <= self.due else Outcome.FAILED
        return Outcome.FAILED if self.due < day else Outcome.NOT_APPLICABLE


class SupplierRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="suppliers"):
    """A supplier or sub-processor of the inventory."""

    personal: ClassVar[tuple[str, ...]] = ("contact",)

    name: Text
    approved: bool
    review_due: date
    service: str | None = None
    personal_data: bool | None = None
    last_connection: date | None = None
    contact: str | None = None

    def outcome(self, day: date) -> Outcome:
        """Approved, and its next review is not overdue."""
        return _held(self.approved and self.review_due >= day)


class Disposal(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="disposal"):
    """Something that held data and was disposed of."""

    personal: ClassVar[tuple[str, ...]] = ("witness",)

    asset: Text
    disposed: date
    method: str | None = None
    certificate: str | None = None
    witness: str | None = None

    def on(self) -> date:
        """The day of its disposal."""
        return self.disposed

    def outcome(self, day: date) -> Outcome:  # noqa: ARG002 (every row is asked of a day)
        """Its method is said, and a certificate or a witness stands for it."""
        return _held(bool(self.method and (self.certificate or self.witness)))


class ManagementReview(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="management_reviews"):
    """A review of the programme by those who answer for it."""

    personal: ClassVar[tuple[str, ...]] = ("chair",)

    held: date
    next_due: date
    minutes: str | None = None
    chair: str | None = None

    def outcome(self, day: date) -> Outcome:
        """Minutes stand, and the next one is not overdue; a later row speaks for an earlier one."""
        return Outcome.NOT_APPLICABLE if self.held > day else _held(bool(self.minutes) and self.next_due >= day)


class DataFlow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="data_flows"):
    """A store or stream of the inventory of data."""

    kind: Literal["store", "stream"]
    name: Text
    documented: bool

    def outcome(self, day: date) -> Outcome:  # noqa: ARG002 (every row is asked of a day)
        """It is in the documentation of data flows."""
        return _held(self.documented)


class Component(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="components"):
    """A third-party component of what runs."""

    name: Text
    version: Text
    supplier: Text
    approved: bool

    def outcome(self, day: date) -> Outcome:  # noqa: ARG002 (every row is asked of a day)
        """Its supplier is approved."""
        return _held(self.approved)


def asked(row: Row) -> str:
    """What a row is asked, in words."""
    return inspect.cleandoc(type(row).outcome.__doc__ or "").partition("\n")[0]


AnyRow = (
    Incident
    | Change
    | Person
    | AccessReview
    | Training
    | SupplierRow
    | Disposal
    | ManagementReview
    | DataFlow
    | Component
)
SCHEMAS: Mapping[str, type[Row]] = {
    "incidents": Incident, "changes": Change, "joiners_leavers": Person, "access_reviews": AccessReview, "training": Training,
    "suppliers": SupplierRow, "disposal": Disposal, "management_reviews": ManagementReview, "data_flows": DataFlow,
    "components": Component,
}  # fmt: skip
"""Each register with the schema of its rows."""
SPEAKS_FOR: Mapping[str, tuple[str, ...]] = {
    "incidents": ("CCM:4.1:SEF-07", "CCM:4.1:SEF-09", "CCM:4.1:LOG-05"),
    "changes": ("CCM:4.1:CCC-02", "CCM:4.1:CCC-06"),
    "joiners_leavers": ("CCM:4.1:IAM-07", "CCM:4.1:HRS-06"),
    "access_reviews": ("CCM:4.1:IAM-08",),
    "training": ("CCM:4.1:HRS-11", "CCM:4.1:HRS-12"),
    "suppliers": ("CCM:4.1:STA-08", "CCM:4.1:STA-10", "CCM:4.1:STA-15"),
    "disposal": ("CCM:4.1:DSP-02", "CCM:4.1:DCS-02"),
    "management_reviews": ("CCM:4.1:GRC-03", "CCM:4.1:GRC-05"),
    "data_flows": ("CCM:4.1:DSP-05",),
    "components": ("CCM:4.1:STA-09",),
}
"""The specifications that a register shows in part; in 4.0 by the crosswalk. What happened and was not written down it does not show."""


class Register(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One register as it was read, what names a person replaced."""

    kind: RegisterKind
    file: str
    header: Header
    digest: str
    """sha256 of the file."""
    rows: tuple[AnyRow, ...]

    def window(self, first: date, last: date) -> tuple[date, date, bool]:
        """The days that are judged for a cycle, and whether all of them are covered.

        As many days as the cycle has, up to the end of the register's own period where that ends sooner: a list that was extracted
        shortly before the cycle ended speaks for the days before. Not covered if it ends more than a week sooner, or begins too late.
        """
        end = min(last, self.header.last)
        begin = first - (last - end)
        return begin, end, self.header.first <= begin and self.header.last >= last - LAG

    def judged(self, first: date, last: date) -> tuple[tuple[AnyRow, Outcome], ...]:
        """Its rows of these days (and those that no day bounds), each with what it says on the last one."""
        rows = self.rows
        if self.kind == "management_reviews":
            held = [row for row in rows if isinstance(row, ManagementReview) and row.held <= last]
            rows = tuple(sorted(held, key=lambda row: row.held)[-1:])
        within = (row for row in rows if (on := row.on()) is None or first <= on <= last)
        return tuple((row, row.outcome(last)) for row in within)
