"""CSA's metrics of one cycle: what was counted for each, from tallies, findings, our own state and registers (law 8: records only)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from agent.exceptions import covers, in_force
from agent.material import Material
from agent.papers import Papers
from agent.period import counted, period, result
from agent.programme import ApprovedException
from agent.record import Ended, Standing
from agent.registered import registered
from agent.report import Specification
from agent.units import share
from collectors.collector import Cell
from controls import ccm
from controls.catalogue import linked
from controls.metering import METRICS
from controls.metrics import Count, Metered, Metric, good, metered
from controls.tally import Result, Tally

if TYPE_CHECKING:
    from agent.atwork import Now


def meter(material: Material, rows: Iterable[Specification], papers: Papers) -> tuple[Metered, ...]:
    """Every metric of the CCM version, in the order of their ids. `rows` are the specifications as the checks left them."""
    version = ccm.release(material.service.ccm)
    names = frozenset(check.name for check in material.checks)
    kept = tuple(rows)
    found = []
    for metric in METRICS:
        own = material.programme.metrics.get(metric.id)
        made = metered(metric, version, _counts(metric, material, kept, papers, own or metric.slo), names, own)
        found += [made] if made is not None else []
    return tuple(found)


def _counts(
    metric: Metric, material: Material, rows: tuple[Specification, ...], papers: Papers, slo: str | None
) -> Iterator[Count]:
    match metric.basis:
        case "checks":
            yield from _of_checks(metric, material, slo)
            if metric.id == "LOG-13-M2":
                yield _heartbeat(material)
        case "findings":
            yield from _of_findings(metric, material)
            yield from papers.foreign.counts(metric.id)
        case "imported":
            yield from papers.foreign.counts(metric.id)
        case "state":
            yield OWN[metric.id](material, rows)
            if metric.id == "CCC-07-M1":
                yield from papers.drifted()
        case "register":
            yield from registered(metric.id, metric.sources[0], papers, _machines(material))
            if metric.id == "STA-07-M3":
                yield from papers.billed()
        case _:
            return


def _machines(material: Material) -> Mapping[str, Tally]:
    """Cloud -> machines that were judged for a protection against malware."""
    found = {
        cloud: counted(material.last, material.service.id, "machines_are_guarded_from_malware", cloud)
        for cloud in providers(material)
    }
    return {cloud: tally for cloud, tally in found.items() if tally is not None}


def _of_checks(metric: Metric, material: Material, slo: str | None) -> Iterator[Count]:
    """Each check on each cloud in scope, by itself; not shown where nobody could look."""
    goal = good(metric.direction, share(slo)) if slo else Fraction(1)
    known = {check.name for check in material.checks}
    for name in (one for one in metric.sources if one in known):
        for provider in providers(material):
            over = period(
                material.dues, material.service.id, name, provider, goal, Fraction(0), material.opened.start, material.closing.until
            )  # fmt: skip
            yield Count(
                source=name, provider=provider, tally=counted(material.last, material.service.id, name, provider) or Tally(),
                closing=result(material.last, material.service.id, name, provider, goal), result=over.result,
            )  # fmt: skip


def _of_findings(metric: Metric, material: Material) -> Iterator[Count]:
    """What the closing sweep's findings count. Nothing is met where the check behind it could not look, or does not know its samples."""
    goal = Fraction(1)
    (check,) = metric.sources
    for provider in providers(material):
        tally = material.scanned.get(metric.id, {}).get(provider, Tally())
        looked = result(material.last, material.service.id, check, provider, goal)
        blind = looked is Result.NOT_SHOWN and not tally.population
        hidden = blind or _distrusted(material, check, provider)
        yield Count(source=check, provider=provider, tally=tally, closing=Result.NOT_SHOWN if hidden else None)


def _distrusted(material: Material, check: str, provider: str) -> bool:
    return material.last is not None and check in material.last.distrusted.get(provider, ())


def providers(material: Material) -> list[str]:
    """The clouds of the closing sweep."""
    return [estate.provider for estate in material.plan.estates] if material.plan else []


def _heartbeat(material: Material) -> Count:
    """Our own sweeps: those that were taken and could list everything, of those that were due."""
    whole = sum(due.sweep is not None and due.sweep.complete for due in material.dues)
    return Count(source="our own sweeps", tally=Tally(passed=whole, failed=len(material.dues) - whole))


def _configuration(material: Material, rows: tuple[Specification, ...]) -> Count:
    """Checks of configuration on each cloud, at their strictest objective."""
    names = {check.name for check in material.checks if check.observes == "configuration"}
    held: dict[tuple[str, str], list[Result]] = {}
    for row in rows:
        for one in row.objectives:
            if one.check in names and not one.advisory:
                held.setdefault((one.check, one.provider), []).append(one.closing)
    worst = [
        min(results, key=(Result.MISSED, Result.NOT_SHOWN, Result.MET, Result.NOTHING).index)
        for results in held.values()
    ]
    return Count(
        source="our own checks of configuration",
        tally=Tally(passed=worst.count(Result.MET), failed=worst.count(Result.MISSED), unknown=worst.count(Result.NOT_SHOWN)),
    )  # fmt: skip


def _figures(material: Material, _: tuple[Specification, ...]) -> Count:
    """Specifications of the CEK domain for which a check counted something, or could not."""
    version = ccm.release(material.service.ccm)
    tally = Tally()
    for one in ccm.specifications(version):
        if one.code == "CEK":
            names = [check.name for check, _ in linked(one.id, material.checks)]
            told = [
                counted(material.last, material.service.id, name, cloud)
                for name in names
                for cloud in providers(material)
            ]
            tally += Tally(passed=1) if any(each is not None and each.range for each in told) else Tally(failed=1)
    return Count(source="our own figures of the CEK domain", tally=tally)


def at_work(material: "Material | Now") -> Count:
    """Approved exceptions at work in the cycle: mended in time, run out, or still running."""
    tally = Tally()
    ended = [
        one for due in material.dues if due.sweep for one in due.sweep.ended if material.service.id in one.services
    ]
    day = material.last.nominal.date() if material.last else material.opened.start.date()
    for one in material.exceptions:
        if one.created > day or one.expires < material.opened.start.date():
            continue
        if any(_covered(material, one, each) for each in material.standing):
            tally += Tally(unknown=1) if in_force(one, day) else Tally(failed=1)
        elif any(_was_covered(one, each) for each in ended):
            tally += Tally(passed=1)
    return Count(source="our own approved exceptions", tally=tally)


def _exceptions(material: Material, _: tuple[Specification, ...]) -> Count:
    return at_work(material)


def _covered(material: "Material | Now", exception: ApprovedException, standing: Standing) -> bool:
    """What stands is what the exception names, whether or not it is still in force."""
    resource = material.resources.get((standing.facts, standing.resource))
    return standing.exception == exception.id or (resource is not None and covers(exception, standing.check, resource))


def _was_covered(exception: ApprovedException, ended: Ended) -> bool:
    """What ended is what the exception names, while it was in force; by id and account alone, for tags are not written down."""
    if ended.check != exception.check or exception.tags or ended.by.date() > exception.expires:
        return False
    by_id = not exception.resources or any(
        ended.resource.startswith(one[:-1]) if one.endswith("*") else ended.resource == one
        for one in exception.resources
    )
    return by_id and (not exception.accounts or Cell.of(ended.cell).account in exception.accounts)


OWN: Mapping[str, Callable[[Material, tuple[Specification, ...]], Count]] = {
    "CCC-07-M1": _configuration,
    "GRC-04-M1": _exceptions,
    "LOG-10-M1": _figures,
}
"""Metrics of our own state."""
