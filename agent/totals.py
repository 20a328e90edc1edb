"""Closing a sweep: what its parts add up to. Sums are taken once, over cells; the same parts give the same totals."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from agent.canaries import Examined
from agent.canonical import digest, each, encode
from agent.gathering import Records
from agent.judging import Docket, Rules, count_unseen
from agent.membership import Membership
from agent.parts import part_digests, read_part, read_plan
from agent.planning import discovery_gaps
from agent.record import Ended, Part, Plan, Standing, Sweep, Tallies, added
from agent.store import Store
from collectors.collector import Cell
from collectors.gap import Gap
from controls.absent import absent


def close(
    store: Store, folder: str, plan: Plan, rules: Rules, *, started: datetime, ended: datetime, examined: Examined
) -> Sweep:
    """The closed sweep of a plan, all of whose parts are done."""
    digests = part_digests(store, folder)
    parts = [read_part(store, folder, account) for account in sorted(digests)]
    withdrawn: list[Ended] = []
    if plan.previous:
        before = f"sweeps/{plan.previous}"
        for account in sorted(set(part_digests(store, before)) - set(digests)):
            last = read_plan(store, before).nominal
            withdrawn += _out_of_scope(store, read_part(store, before, account), plan.nominal, last)
    return total(
        plan, parts, rules, digests=digests, withdrawn=tuple(withdrawn), store=store, started=started, ended=ended,
        examined=examined,
    )  # fmt: skip


def total(
    plan: Plan,
    parts: list[Part],
    rules: Rules,
    *,
    digests: dict[str, str],
    withdrawn: tuple[Ended, ...],
    store: Records,
    started: datetime,
    ended: datetime,
    examined: Examined,
) -> Sweep:
    """Add parts up into a closed sweep."""
    gaps = [gap for estate in plan.estates for gap in discovery_gaps(estate)]
    cells = [cell for part in parts for cell in part.cells]
    blind = sorted({gap.cell for gap in gaps if not gap.subject})
    gaps += [gap for cell in cells for gap in cell.gaps]
    unseen = sum(not cell.complete for cell in cells) + len(blind)
    rows = _gap_rows(gaps)
    estate_calls = [call for estate in plan.estates for call in estate.calls]
    return Sweep(
        slot=plan.slot, nominal=plan.nominal, started=started, ended_at=ended, plan=digest(encode(plan)), parts=digests,
        looked=looked(plan, rules.membership), complete=not unseen,
        tallies=tallied(plan, parts, rules), cells=len(plan.cells) + len(blind), unseen=unseen,
        gaps=dict(sorted(Counter(str(gap.reason) for gap in gaps).items())),
        gap_rows=tuple(row for row, _ in rows), subjects=tuple(count for _, count in rows),
        resources=_summed(part.resources for part in parts), inherited=_added(part.inherited for part in parts),
        hosts=tuple(sorted({host for cell in cells for host in cell.hosts} | {call.host for call in estate_calls})),
        calls=sum(cell.calls for cell in cells) + len(estate_calls),
        ended=tuple(sorted([one for part in parts for one in part.ended] + list(withdrawn), key=lambda one: (one.check, one.resource))),
        standing=_standing(store, parts), canaries=examined.canaries, distrusted=examined.distrusted,
    )  # fmt: skip


def tallied(plan: Plan, parts: Iterable[Part], rules: Rules) -> Tallies:
    """All cells of a sweep added up, discovery's gaps counted as unseen cells of every check of their cloud."""
    docket = Docket()
    for estate in plan.estates:
        for key in sorted({gap.cell for gap in discovery_gaps(estate) if not gap.subject}):
            count_unseen(key, Cell.of(key).account, [check.name for check in rules.checks], rules, docket)
    totals: Tallies = {}
    for table in docket.tallies.values():
        totals = added(totals, table)
    for part in parts:
        for table in part.tallies.values():
            totals = added(totals, table)
    return totals


def looked(plan: Plan, membership: Membership) -> dict[str, dict[str, tuple[str, ...]]]:
    """Service -> cloud -> checks that had a cell of the service to look at, and those of what a cloud that was looked at does not have."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: {estate.provider: set() for estate in plan.estates})
    for cell in map(Cell.of, plan.cells):
        for service in membership.account(cell.account):
            found[service][cell.provider].update(plan.concerned[cell.provider].get(cell.collector, ()))
    for clouds in found.values():
        for provider, names in clouds.items():
            names.update(one for one in plan.rules if names and absent(provider, one))
    return {
        service: {provider: tuple(sorted(names)) for provider, names in sorted(clouds.items())}
        for service, clouds in sorted(found.items())
    }


def _out_of_scope(store: Store, part: Part, nominal: datetime, last: datetime) -> list[Ended]:
    return [
        Ended(
            check=one.check, resource=one.resource, cell=one.cell, how="out of scope",
            failing_by=one.by, after=one.carried or last, by=nominal, services=one.services,
        )
        for one in each(store.read(part.standing), Standing, what="standing deviations")
    ]  # fmt: skip


def _gap_rows(gaps: list[Gap]) -> list[tuple[Gap, int]]:
    """Gaps that differ only in their resource, as one row with the number of resources."""
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for gap in gaps:
        groups[gap.cell, gap.operation, str(gap.reason), gap.detail].append(gap.subject)
    rows = []
    for (cell, operation, reason, detail), subjects in sorted(groups.items()):
        named = {one for one in subjects if one}
        subject = "" if len(named) < len(set(subjects)) else min(named) if len(named) == 1 else "*"
        gap = Gap(cell=cell, operation=operation, subject=subject, reason=type(gaps[0].reason)(reason), detail=detail)
        rows.append((gap, len(named)))
    return rows


def _summed(tables: Iterable[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for table in tables:
        for service, counts in table.items():
            total[service].update(counts)
    return {service: dict(sorted(counts.items())) for service, counts in sorted(total.items())}


def _added(tables: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for table in tables:
        total.update(table)
    return dict(sorted(total.items()))


def _standing(store: Records, parts: list[Part]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in parts:
        for one in each(store.read(part.standing), Standing, what="standing deviations"):
            total.update(one.services)
    return dict(sorted(total.items()))
