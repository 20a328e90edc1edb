"""The numbers of one cycle of one service: everything that report.html, public/report.html and report.json show.

Computed once, at the seal (`agent.account`); the public edition is the same values with detail left out (`public`).
Instants are UTC, durations seconds; shares are exact fractions as `n/d` strings, so that nothing is rounded before it is read.
"""

from datetime import datetime
from typing import Any

import msgspec

from agent.anew import Break
from agent.baseline import Compared
from agent.exemptions import ExemptionRow
from agent.foreign.disagreements import Disagreement
from agent.foreign.judging import ForeignRow
from agent.papers import RecordRow, RegisterRow, SupplierRow
from controls.metrics import Metered
from controls.tally import Result, Tally


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen report value."""


class Objective(Value, frozen=True, kw_only=True):
    """One check on one cloud over one cycle."""

    check: str
    provider: str
    reach: str
    tally: Tally
    """At the closing sweep."""
    low: str | None
    """Lower end of the value at the closing sweep, `n/d`; `None` when there was nothing to judge."""
    high: str | None
    slo: str
    closing: Result
    """Point in time: the cycle's last sweep."""
    due: int
    """Sweeps that were due in the cycle."""
    taken: int
    within: int
    """Sweeps within objective (met)."""
    nothing: int
    """Sweeps with nothing to judge, set aside."""
    tolerance: str
    result: Result
    """Over the period."""
    longest_unseen: int
    """Seconds of the longest stretch in which this was not (completely) seen."""
    first_low: str | None
    """Lower end of the value at the cycle's first sweep, `n/d`: against `low`, the trend over the cycle."""
    breach_at_least: int
    """Seconds of the longest breach, by the sweeps that saw it; 0 where there was none, or one sweep alone."""
    breach_at_most: int
    """The same by the sweeps before and after that saw none; 0 where there was none."""
    mended: int
    """Deviations mended in the cycle."""
    remediation_median: int | None
    """Seconds from first seen failing to first seen mended."""
    remediation_p90: int | None
    remediation_worst: int | None
    advisory: bool = False
    """New since the cycle opened: shown, not counted."""


class Specification(Value, frozen=True, kw_only=True):
    """One row of specifications.csv: the four questions, never mixed."""

    id: str
    """Version-qualified."""
    title: str
    domain: str
    committed: bool
    responsibility: str | None
    ours: str | None
    customers: str | None
    owner: str | None
    basis: str
    """`none`, or what it rests on: `checks`, `metric`, `record`, `supplier`, several joined by `; `."""
    reach: str
    """`full`, `part` or `none`."""
    unseen: str
    """What remains unseen, in our words; for `none`, why."""
    result: Result | None
    """Over the period; `None` if not committed."""
    closing: Result | None
    previous: Result | None
    """Result of the previous cycle, if one was sealed."""
    history: tuple[tuple[str, Result], ...]
    """Cycle and result of each earlier cycle that committed to it, oldest first, at most eleven."""
    slo: str | None
    tolerance: str | None
    objectives: tuple[Objective, ...] = ()


class Deviation(Value, frozen=True, kw_only=True):
    """One failure at the closing sweep."""

    check: str
    title: str
    severity: str
    specifications: tuple[str, ...]
    resource: str
    name: str | None
    kind: str
    account: str
    region: str
    reason: str
    remediation: str
    facts: dict[str, Any]
    """The facts that the verdict rests on."""
    failing_after: datetime | None
    """The last sweep that did not see it failing; `None` if it was failing when first seen."""
    failing_by: datetime
    """The first sweep that saw it failing."""
    last_seen: datetime
    """The last sweep that saw it failing; earlier than the closing sweep if it is carried."""
    exception: str | None
    """Id of the approved exception that covers it at the closing sweep."""
    new: bool
    """First seen failing in this cycle."""
    provider: str = ""
    """The cloud."""


class Mended(Value, frozen=True, kw_only=True):
    """A deviation that ended in this cycle."""

    check: str
    title: str
    resource: str
    account: str
    region: str
    how: str
    """`mended` (seen passing), `deleted` (gone from a completely seen cell), `not applicable`."""
    failing_by: datetime
    after: datetime
    """The last sweep that saw it failing."""
    by: datetime
    """The first sweep that saw it mended."""


class GapRow(Value, frozen=True, kw_only=True):
    """Gaps of the cycle, folded by what they have in common."""

    reason: str
    collector: str
    account: str
    region: str
    operation: str
    detail: str
    sweeps: int
    """In how many sweeps."""
    resources: int
    """How many resources in the closing sweep; 0 when the cell itself was unseen."""
    cell_unseen: bool
    closing: bool
    """Still there at the closing sweep."""


class ExceptionRow(Value, frozen=True, kw_only=True):
    """An approved exception and what it did in this cycle."""

    id: str
    check: str
    requester: str
    approver: str
    rationale: str
    compensating_control: str | None
    created: str
    expires: str
    state: str
    """`in force`, `expired`, `not yet`."""
    covers: int
    """Deviations covered at the closing sweep."""
    reviewed: str | None = None


class SweepRow(Value, frozen=True, kw_only=True):
    """One due sweep."""

    slot: datetime
    """Start of its interval."""
    nominal: datetime | None
    """The instant at which it judges; `None` if it was missed."""
    state: str
    """`complete`, `partial` or `missed`."""
    cells: int
    unseen: int
    gaps: int
    resources: int
    met: int
    """Committed specifications within objective at this sweep."""
    missed: int
    not_shown: int
    nothing: int


class CycleRow(Value, frozen=True, kw_only=True):
    """One cycle in the year's picture, this one last."""

    id: str
    start: datetime
    end: datetime
    state: str
    """`sealed`, `sealed late`, `partial`, `missed`."""
    met: int
    missed: int
    not_shown: int
    nothing: int


class AccountRow(Value, frozen=True, kw_only=True):
    """One account and how the scope takes it."""

    account: str
    name: str | None
    state: str
    reason: str | None
    owner: str | None
    regions: tuple[str, ...]
    regions_closed: dict[str, str] = {}
    """Enabled regions that were not looked at, each with the organisation's policy that closed it when the closing sweep was planned."""


class Reach(Value, frozen=True, kw_only=True):
    """What was looked at, reconciled: in scope + excluded + unallocated + closed = all accounts of the organisation."""

    organization: str | None
    organization_known: bool
    accounts: tuple[AccountRow, ...]
    in_scope: int
    excluded: int
    unallocated: int
    closed: int
    cells: int
    cells_unseen: int
    resources: dict[str, int]
    """Resources by type at the closing sweep."""
    inherited: int
    """Of them: managed by the provider."""
    hosts: tuple[str, ...]
    """Hosts that the closing sweep read."""


class CheckRow(Value, frozen=True, kw_only=True):
    """How a check tests and what it does not see."""

    name: str
    title: str
    rationale: str
    judges: str
    kinds: tuple[str, ...]
    severity: str
    remediation: str
    reads: tuple[str, ...]
    observes: str
    links: tuple[tuple[str, str, str], ...]
    """Specification, reach, what remains unseen or the rationale of full."""
    parameters: dict[str, int]
    """As they judged."""
    shipped: dict[str, int] = {}
    """What those that the programme set would have been."""
    because: str | None = None
    """Why the programme set them; auditors only."""
    digest: str


class Change(Value, frozen=True, kw_only=True):
    """A committed specification whose result differs from the previous cycle's."""

    specification: str
    before: Result | None
    after: Result | None


class Report(Value, frozen=True, kw_only=True):
    """All numbers of one cycle of one service."""

    provider: str
    contact: str
    service: str
    service_name: str
    owner: str
    level: str
    ccm: str
    edition: str
    """`auditor` or `public`."""
    cycle: str
    interim: bool
    start: datetime
    """Of the cycle as judged: its calendar start, or the programme's first day in it."""
    end: datetime
    days: int
    """Days judged."""
    days_of: int
    """Days of the calendar cycle."""
    time_zone: str
    cadence: str
    sweep_every: int
    simulated: bool
    """Something was read elsewhere than at the provider's endpoints."""
    tool: str
    """Version of Starcadence."""
    state: str
    """`complete` or `partial` (some due sweep was missed or incomplete)."""
    sealed_late: bool
    counts: dict[str, int]
    """Committed specifications by result over the period: met, missed, not shown, nothing to judge."""
    specifications: tuple[Specification, ...]
    """Every specification of the CCM version, in its order."""
    deviations: tuple[Deviation, ...]
    deviations_by_severity: dict[str, int]
    excepted: int
    mended: tuple[Mended, ...]
    changes: tuple[Change, ...]
    gaps: tuple[GapRow, ...]
    gaps_by_reason: dict[str, int]
    exceptions: tuple[ExceptionRow, ...]
    sweeps: tuple[SweepRow, ...]
    year: tuple[CycleRow, ...]
    reach: Reach
    checks: tuple[CheckRow, ...]
    next_cycle_ends: datetime
    next_seal_due: datetime
    journal_height: int
    journal_head: str
    fingerprint: str
    """sha256 of the signing key's public part (SubjectPublicKeyInfo, DER)."""
    previous_bundle: str | None
    """sha256 of the previous cycle's manifest."""
    proves: tuple[str, ...]
    rests_on: tuple[str, ...]
    metrics: tuple[Metered, ...] = ()
    """CSA's continuous audit metrics, all that the CCM version has a specification for."""
    records: tuple[RecordRow, ...] = ()
    registers: tuple[RegisterRow, ...] = ()
    suppliers: tuple[SupplierRow, ...] = ()
    tools: tuple[ForeignRow, ...] = ()
    """Other tools whose findings were imported."""
    baseline: Compared | None = None
    """The settings held against the newest baseline that was approved."""
    exemptions: tuple[ExemptionRow, ...] = ()
    """What clouds let off by their own record, beside our own exceptions."""
    disagreements: tuple[Disagreement, ...] = ()
    """Where another tool judged the same fact otherwise at the closing sweep."""
    breaks: tuple[Break, ...] = ()
    """What was written off since the cycle began: the series is not whole there."""
    distrusted: tuple[str, ...] = ()
    """Checks that judged a sample of known verdict wrongly in some sweep of the cycle: there they show nothing."""


def public(report: Report) -> Report:
    """The same numbers without resource, account or remediation detail."""
    reach = msgspec.structs.replace(report.reach, organization=None, accounts=(), hosts=())
    return msgspec.structs.replace(
        report, edition="public", deviations=(), mended=(), gaps=(), exceptions=(), reach=reach, records=(), registers=(), suppliers=(),
        tools=(), disagreements=(), baseline=None, exemptions=(),
        specifications=tuple(msgspec.structs.replace(row, owner=None) for row in report.specifications),
        checks=tuple(msgspec.structs.replace(row, remediation="", because=None) for row in report.checks),
        breaks=tuple(msgspec.structs.replace(one, reason="") for one in report.breaks),
    )  # fmt: skip
