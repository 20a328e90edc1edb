"""From records to the numbers of a cycle: the one computation behind every report (law 8)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from agent.basis import based
from agent.carrying import earlier
from agent.claims import PROVES, RESTS_ON
from agent.cycle import cycle_at, days, days_of
from agent.findings import changes, deviations, exception_rows, gap_rows, mended, reached
from agent.material import Material
from agent.metering import meter
from agent.papers import Papers
from agent.parameters import shipped
from agent.period import counted, period, result
from agent.programme import Commitment
from agent.report import CheckRow, CycleRow, Objective, Report, Specification, SweepRow
from agent.units import duration, share
from agent.zones import zone
from collectors.hosts import is_provider_host
from controls import ccm
from controls.absent import lack
from controls.catalogue import linked, links
from controls.check import Check, Link
from controls.reasons import reason
from controls.tally import Result, Tally, worst
from controls.unproven import untold

REACHES = ("none", "part", "full")


def account(material: Material) -> Report:
    """The auditor's report of one service and cycle."""
    judged = tuple(_specification(material, one) for one in ccm.specifications(ccm.release(material.service.ccm)))
    papers = Papers.of(material)
    metrics = meter(material, judged, papers)
    rows = based(judged, metrics, papers.bases)
    found = deviations(material)
    gaps, by_reason = gap_rows(material)
    opened, programme, service = material.opened, material.programme, material.service
    until = material.closing.until
    local = zone(programme.cadence.time_zone)
    following = cycle_at(programme.cadence.cycle, opened.end, local)
    next_end = opened.end if material.closing.interim else following.end
    return Report(
        provider=programme.provider, contact=programme.contact, service=service.id, service_name=service.name,
        owner=service.owner, level=str(service.level), ccm=service.ccm, edition="auditor", cycle=opened.cycle,
        interim=material.closing.interim, start=opened.start, end=until,
        days=days(opened.start, until, local), days_of=days_of(programme.cadence.cycle, opened.start, opened.end, local),
        time_zone=programme.cadence.time_zone, cadence=programme.cadence.cycle,
        sweep_every=int(duration(programme.cadence.sweep_every).total_seconds()), simulated=simulated(material),
        tool=material.tool, state=state(material), sealed_late=material.closing.late, counts=_counts(rows),
        specifications=rows, deviations=found,
        deviations_by_severity=dict(Counter(one.severity for one in found)), excepted=sum(one.exception is not None for one in found),
        mended=mended(material), changes=changes(material, rows), gaps=gaps, gaps_by_reason=by_reason,
        exceptions=exception_rows(material, found), exemptions=material.exemptions, sweeps=_sweeps(material),
        year=_year(material, rows), reach=reached(material),
        checks=tuple(_check_row(check, material) for check in material.checks),
        next_cycle_ends=next_end, next_seal_due=next_end + duration(programme.cadence.seal_within),
        journal_height=material.height, journal_head=material.head, fingerprint=material.fingerprint,
        previous_bundle=material.closing.previous, proves=PROVES, rests_on=RESTS_ON, distrusted=distrusted(material),
        breaks=material.breaks,
        metrics=metrics, records=papers.records, registers=papers.registers, suppliers=papers.suppliers, tools=papers.tools,
        disagreements=material.disagreements, baseline=material.baseline,
    )  # fmt: skip


def distrusted(material: Material) -> tuple[str, ...]:
    """Checks that did not know their own samples in some sweep."""
    sweeps = [due.sweep for due in material.dues if due.sweep is not None]
    return tuple(sorted({name for sweep in sweeps for names in sweep.distrusted.values() for name in names}))


def state(material: Material) -> str:
    """`complete` if every due sweep was taken and listed every cell, else `partial`."""
    return "complete" if all(due.sweep is not None and due.sweep.complete for due in material.dues) else "partial"


def simulated(material: Material) -> bool:
    """Something was read elsewhere than at the provider's own endpoints."""
    return any(not is_provider_host(host) for due in material.dues if due.sweep for host in due.sweep.hosts)


def _specification(material: Material, one: ccm.Specification) -> Specification:
    commitment = material.commitments.get(one.id)
    found = linked(one.id, material.checks)
    objectives = tuple(_objectives(material, found, commitment)) if commitment else ()
    counted = [row for row in objectives if not row.advisory]
    outcome = worst(row.result for row in counted) if commitment else None
    past = tuple(earlier(cycle, one.id) for cycle in material.history[-11:])
    before = past[-1][1] if past and past[-1] else None
    reach = _reach(material, found)
    return Specification(
        id=one.id, title=one.title, domain=one.domain, committed=commitment is not None,
        responsibility=commitment.responsibility if commitment else None, ours=commitment.ours if commitment else None,
        customers=commitment.customers if commitment else None, owner=commitment.owner if commitment else None,
        basis="checks" if found else "none", reach=reach, unseen=_unseen(one, found, _scoped(material)),
        result=outcome, closing=worst(row.closing for row in counted) if commitment else None, previous=before,
        history=tuple(said for said in past if said),
        slo=commitment.slo if commitment else None, tolerance=commitment.tolerance if commitment else None, objectives=objectives,
    )  # fmt: skip


def _objectives(material: Material, found: Sequence[tuple[Check, Link]], commitment: Commitment) -> Iterable[Objective]:
    """Each check on each cloud in scope, by itself."""
    slo, tolerance = share(commitment.slo), share(commitment.tolerance)
    providers = [estate.provider for estate in material.plan.estates] if material.plan else []
    for check, link in found:
        for provider in providers:
            yield _objective(material, check, link, provider, slo, tolerance)


def _objective(
    material: Material, check: Check, link: Link, provider: str, slo: Fraction, tolerance: Fraction
) -> Objective:
    service = material.service.id
    until = material.closing.until
    over = period(material.dues, service, check.name, provider, slo, tolerance, material.opened.start, until)
    closing = material.last
    tally = counted(closing, service, check.name, provider) or Tally()
    low, high = (_fraction(end) for end in tally.range) if tally.range else (None, None)
    return Objective(
        check=check.name, provider=provider, reach=link.reach, tally=tally, low=low, high=high, slo=_fraction(slo),
        closing=result(closing, service, check.name, provider, slo), due=over.due, taken=over.taken, within=over.within,
        nothing=over.nothing, tolerance=_fraction(tolerance), result=over.result, longest_unseen=over.longest_unseen,
        first_low=_first_low(material, check.name, provider), breach_at_least=over.breach.at_least,
        breach_at_most=over.breach.at_most, mended=over.remediation.mended, remediation_median=over.remediation.median,
        remediation_p90=over.remediation.p90, remediation_worst=over.remediation.worst,
        advisory=check.name not in material.opened.rules,
    )  # fmt: skip


def _first_low(material: Material, check: str, provider: str) -> str | None:
    first = next((due.sweep for due in material.dues if due.sweep is not None), None)
    tally = counted(first, material.service.id, check, provider)
    return _fraction(tally.range[0]) if tally and tally.range else None


def _reach(material: Material, found: Sequence[tuple[Check, Link]]) -> str:
    """The best of the links; part at most while a cloud in scope has no check for it."""
    if not found:
        return "none"
    best = max(REACHES.index(link.reach) for _, link in found)
    return REACHES[best if _scoped(material) else 1]


def _scoped(material: Material) -> list[str]:
    """The clouds in scope."""
    return [name for name in ("aws", "gcp", "azure") if getattr(material.programme.scope, name) is not None]


def _unseen(one: ccm.Specification, found: Sequence[tuple[Check, Link]], clouds: Sequence[str]) -> str:
    """What remains unseen: each link's own words and what a cloud in scope does not tell, or why no provider state can speak to it."""
    if not found:
        return reason(one.id) or ""
    parts = [link.words for _, link in found if link.reach == "part"]
    pairs = [(cloud, check.name) for check, _ in found for cloud in clouds]
    silent = (f"{cloud} does not tell: {said.words}" for cloud, name in pairs if (said := untold(cloud, name)))
    lacking = (f"{cloud} has none: {words}" for cloud, name in pairs if (words := lack(cloud, name)))
    return "; ".join(dict.fromkeys((*parts, *silent, *lacking)))


def _counts(rows: Sequence[Specification]) -> dict[str, int]:
    found = Counter(str(row.result) for row in rows if row.committed)
    return {str(result): found[str(result)] for result in Result}


def _sweeps(material: Material) -> tuple[SweepRow, ...]:
    return tuple(_sweep(material, index) for index in range(len(material.dues)))


def _sweep(material: Material, index: int) -> SweepRow:
    due = material.dues[index]
    sweep = due.sweep
    counts = _point(material, index)
    return SweepRow(
        slot=due.slot.start, nominal=sweep.nominal if sweep else None,
        state="missed" if sweep is None else "complete" if sweep.complete else "partial",
        cells=sweep.cells if sweep else 0, unseen=sweep.unseen if sweep else 0, gaps=sum(sweep.gaps.values()) if sweep else 0,
        resources=sum(sweep.resources.get(material.service.id, {}).values()) if sweep else 0,
        met=counts[Result.MET], missed=counts[Result.MISSED], not_shown=counts[Result.NOT_SHOWN], nothing=counts[Result.NOTHING],
    )  # fmt: skip


def _point(material: Material, index: int) -> Counter[Result]:
    """Committed specifications by their result at one due sweep."""
    due = material.dues[index]
    providers = [estate.provider for estate in material.plan.estates] if material.plan else []
    counts: Counter[Result] = Counter()
    for reference, commitment in material.commitments.items():
        slo = share(commitment.slo)
        names = [name for name in _checks_of(material, reference) if name in material.opened.rules]
        counts[
            worst(result(due.sweep, material.service.id, name, cloud, slo) for name in names for cloud in providers)
        ] += 1
    return counts


def _checks_of(material: Material, reference: str) -> list[str]:
    return [check.name for check, _ in linked(reference, material.checks)]


def _year(material: Material, rows: Sequence[Specification]) -> tuple[CycleRow, ...]:
    """The last twelve cycles (or four quarters, within the same twelve), this one last."""
    past = [
        CycleRow(
            id=one.cycle, start=one.start, end=one.end,
            state="missed" if one.state == "missed" else "sealed late" if one.late else "partial" if one.state == "partial" else "sealed",
            met=one.counts.get("met", 0), missed=one.counts.get("missed", 0), not_shown=one.counts.get("not shown", 0),
            nothing=one.counts.get("nothing to judge", 0),
        )
        for one in material.history[-11:]
    ]  # fmt: skip
    counts = _counts(rows)
    whole = state(material)
    current = CycleRow(
        id=material.opened.cycle, start=material.opened.start, end=material.closing.until,
        state="sealed late" if material.closing.late else "partial" if whole == "partial" else "sealed",
        met=counts["met"], missed=counts["missed"], not_shown=counts["not shown"], nothing=counts["nothing to judge"],
    )  # fmt: skip
    return (*past, current)


def _check_row(check: Check, material: Material) -> CheckRow:
    version = ccm.release(material.service.ccm)
    return CheckRow(
        name=check.name, title=check.title, rationale=check.rationale, judges=check.judges.__name__, kinds=check.kinds,
        severity=check.severity, remediation=check.remediation, reads=check.reads, observes=check.observes,
        links=tuple((link.specification, link.reach, link.words) for link in links(check, version)),
        parameters=check.parameters, shipped=_moved(check), because=_because(check, material), digest=check.digest,
    )  # fmt: skip


def _moved(check: Check) -> dict[str, int]:
    return {name: value for name, value in shipped(check).items() if check.parameters[name] != value}


def _because(check: Check, material: Material) -> str | None:
    said = material.programme.parameters.get(check.name)
    return said.because if said else None


def _fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
