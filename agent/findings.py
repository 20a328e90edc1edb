"""The rows of a report that name things: deviations, what was mended, gaps, exceptions, scope."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import msgspec

from agent.carrying import carried
from agent.exceptions import in_force
from agent.material import Material
from agent.planning import discovery_gaps
from agent.programme import ApprovedException
from agent.report import AccountRow, Change, Deviation, ExceptionRow, GapRow, Mended, Reach, Specification
from collectors.collector import Cell
from controls import ccm
from controls.catalogue import links
from controls.check import Check

SEVERITIES = ("critical", "high", "medium", "low")


def deviations(material: Material) -> tuple[Deviation, ...]:
    """What stands for the service at the closing sweep, worst first."""
    checks = {check.name: check for check in material.checks}
    rows = [
        _deviation(material, checks[one.check], index)
        for index, one in enumerate(material.standing)
        if one.check in checks
    ]
    return tuple(sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), row.check, row.resource)))


def _deviation(material: Material, check: Check, index: int) -> Deviation:
    one = material.standing[index]
    cell = Cell.of(one.cell)
    resource = material.resources.get((one.facts, one.resource))
    last = material.last
    version = ccm.release(material.service.ccm)
    live = one.exception is not None and any(
        exception.id == one.exception and last is not None and in_force(exception, last.nominal.date())
        for exception in material.exceptions
    )
    return Deviation(
        check=check.name, title=check.title, severity=check.severity,
        specifications=tuple(link.specification for link in links(check, version)), resource=one.resource,
        name=resource.name if resource else None, kind=resource.kind if resource else "", account=cell.account,
        region=resource.region if resource else cell.region, reason=one.reason, remediation=check.remediation,
        facts={name: msgspec.to_builtins(getattr(resource, name)) for name in check.reads} if resource else {},
        failing_after=one.after, failing_by=one.by, last_seen=one.carried or (last.nominal if last else one.by),
        exception=one.exception if live else None,
        new=one.by >= material.opened.start and bool(material.history), provider=one.provider,
    )  # fmt: skip


def mended(material: Material) -> tuple[Mended, ...]:
    """Deviations of the service that ended in the cycle, in order of time."""
    titles = {check.name: check.title for check in material.checks}
    rows = []
    for due in material.dues:
        for one in due.sweep.ended if due.sweep else ():
            if material.service.id in one.services:
                cell = Cell.of(one.cell)
                rows.append(
                    Mended(
                        check=one.check, title=titles.get(one.check, one.check), resource=one.resource, account=cell.account,
                        region=cell.region, how=one.how, failing_by=one.failing_by, after=one.after, by=one.by,
                    )
                )  # fmt: skip
    return tuple(rows)


def gap_rows(material: Material) -> tuple[tuple[GapRow, ...], dict[str, int]]:
    """The cycle's gaps, folded over its sweeps; and how many rows there are by reason."""
    last = material.last
    folded: dict[tuple[str, str, str, str], list[tuple[bool, int, bool]]] = defaultdict(list)
    for due in material.dues:
        sweep = due.sweep
        if sweep is None:
            continue
        for gap, count in zip(sweep.gap_rows, sweep.subjects, strict=True):
            folded[gap.cell, gap.operation, str(gap.reason), gap.detail].append((not gap.subject, count, sweep is last))
    rows = []
    for (key, operation, reason, detail), seen in sorted(folded.items()):
        cell = Cell.of(key)
        rows.append(
            GapRow(
                reason=reason, collector=cell.collector, account=cell.account, region=cell.region, operation=operation,
                detail=detail, sweeps=len(seen), resources=sum(count for _, count, closing in seen if closing),
                cell_unseen=any(whole for whole, _, _ in seen), closing=any(closing for _, _, closing in seen),
            )
        )  # fmt: skip
    return tuple(rows), dict(sorted(Counter(row.reason for row in rows).items()))


def exception_rows(material: Material, found: Sequence[Deviation]) -> tuple[ExceptionRow, ...]:
    """Every approved exception of the programme, with what it covered at the closing sweep."""
    last = material.last
    covered = Counter(one.exception for one in found)
    day = (last.nominal if last else material.closing.until).date()
    return tuple(
        ExceptionRow(
            id=one.id, check=one.check, requester=one.requester, approver=one.approver, rationale=one.rationale,
            compensating_control=one.compensating_control, created=one.created.isoformat(), expires=one.expires.isoformat(),
            state=_state(one, day), covers=covered[one.id], reviewed=one.reviewed.isoformat() if one.reviewed else None,
        )
        for one in sorted(material.exceptions, key=lambda one: one.id)
    )  # fmt: skip


def _state(exception: ApprovedException, day: date) -> str:
    if in_force(exception, day):
        return "in force"
    return "not yet" if day < exception.created else "expired"


def changes(material: Material, rows: Sequence[Specification]) -> tuple[Change, ...]:
    """Committed specifications whose result differs from the last cycle that was sealed."""
    last = next((past.results for past in reversed(material.history) if past.state != "missed"), None)
    if last is None:
        return ()
    before = carried(last, ccm.release(material.service.ccm))
    now = {row.id: row.result for row in rows if row.committed}
    return tuple(
        Change(specification=reference, before=before.get(reference), after=now.get(reference))
        for reference in sorted({*before, *now})
        if before.get(reference) != now.get(reference)
    )


def reached(material: Material) -> Reach:
    """What was looked at, reconciled with all that the organisation has."""
    last, plan = material.last, material.plan
    members = [member for estate in plan.estates for member in estate.members] if plan else []
    states = Counter(member.state for member in members)
    service = material.service.id
    return Reach(
        organization=next((estate.organization for estate in plan.estates if estate.organization), None) if plan else None,
        organization_known=plan is not None
        and not any(gap.cell.endswith(".organization") and gap.operation for estate in plan.estates for gap in discovery_gaps(estate)),
        accounts=tuple(
            AccountRow(
                account=member.account, name=member.name, state=member.state, reason=member.reason, owner=member.owner,
                regions=member.regions, regions_closed={one.region: one.by for one in member.regions_closed},
            )
            for member in sorted(members, key=lambda one: one.account)
        ),
        in_scope=states["in scope"], excluded=states["excluded"], unallocated=states["unallocated"], closed=states["closed"],
        cells=last.cells if last else 0, cells_unseen=last.unseen if last else 0,
        resources=last.resources.get(service, {}) if last else {}, inherited=last.inherited.get(service, 0) if last else 0,
        hosts=last.hosts if last else (),
    )  # fmt: skip
