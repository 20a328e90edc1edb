"""The health of a programme, read from its journal and its last sweep. Reads only: no entry is written, no cloud asked."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from agent.canonical import stamp
from agent.committed import committed
from agent.cycle import Slot, slot_at
from agent.exceptions import in_force as excepts
from agent.health import Health, ObjectiveHealth, ServiceHealth, SweepHealth
from agent.material import Opened
from agent.parts import read_plan
from agent.period import Due, result
from agent.programme import Programme, Service
from agent.record import Sweep
from agent.running import Agent, calendar, in_force, last_sweep
from agent.units import duration, share
from agent.version import version
from controls.catalogue import links
from controls.ccm import release
from controls.tally import Tally, worst

NEAR = timedelta(days=30)
"""An approved exception that expires within this time is near its end."""


def vitals(agent: Agent, now: datetime) -> Health:
    """The snapshot at an instant. Before `commit` it says the version only."""
    entries = tuple(agent.journal.of("cycle"))
    if not entries:
        return Health(now=now, version=version(), journal_height=agent.journal.height)
    opened = msgspec.convert(entries[-1].body, Opened)
    programme = in_force(agent, opened)
    sweep = last_sweep(agent.store, agent.journal, now + timedelta(days=1))
    return Health(
        now=now, version=version(), journal_height=agent.journal.height, exceptions_expiring=_expiring(agent, now),
        sweep=_sweep(agent, sweep) if sweep else None, sweep_due=sweep_due(agent, opened, programme, now),
        services=tuple(_service(agent, opened, programme, service, sweep) for service in programme.services),
    )  # fmt: skip


def sweep_due(agent: Agent, opened: Opened, programme: Programme, now: datetime) -> datetime:
    """Start of the first slot, from the current one on, whose sweep is not closed; the cycle's end if that lies behind us."""
    if now >= opened.end:
        return opened.end
    slot = slot_at(calendar(opened), duration(programme.cadence.sweep_every), max(now, opened.start))
    return slot.end if agent.journal.find(f"sweep/{stamp(slot.start)}") else slot.start


def _sweep(agent: Agent, sweep: Sweep) -> SweepHealth:
    plan = read_plan(agent.store, f"sweeps/{stamp(sweep.slot)}")
    return SweepHealth(
        nominal=sweep.nominal, complete=sweep.complete, seconds=(sweep.ended_at - sweep.started).total_seconds(),
        cells=sweep.cells, unseen=sweep.unseen, gaps=sweep.gaps, calls=sweep.calls,
        accounts=dict(Counter(member.state for estate in plan.estates for member in estate.members)),
    )  # fmt: skip


def _service(
    agent: Agent, opened: Opened, programme: Programme, service: Service, sweep: Sweep | None
) -> ServiceHealth:
    sealed = [entry for entry in agent.journal.of("sealed") if entry.body["service"] == service.id]
    missed = [entry for entry in agent.journal.of("missed") if entry.body["service"] == service.id]
    ends = [msgspec.convert(entry.body["end"], datetime, strict=False) for entry in sealed]
    standing = ServiceHealth(
        service=service.id, last_sealed=max(ends, default=None), seal_due=opened.end,
        lapses=opened.end + duration(programme.cadence.seal_within), sealed=len(sealed), missed=len(missed),
    )  # fmt: skip
    if sweep is None:
        return standing
    objectives = tuple(_objectives(agent, opened, service, sweep))
    severity = {check.name: check.severity for check in agent.press.checks}
    deviations, excepted = Counter[str](), 0
    for check, clouds in sweep.tallies.get(service.id, {}).items():
        for tally in clouds.values():
            deviations[severity.get(check, "low")] += tally.failed
            excepted += tally.excepted
    return msgspec.structs.replace(
        standing, objectives=objectives, deviations=dict(deviations), excepted=excepted,
        specifications=_results(service, objectives), resources=sweep.resources.get(service.id, {}),
    )  # fmt: skip


def _objectives(agent: Agent, opened: Opened, service: Service, sweep: Sweep) -> Iterator[ObjectiveHealth]:
    """Each check that counts in this cycle, on each cloud, for each committed specification."""
    due = Due(slot=Slot(start=sweep.slot, end=sweep.slot), sweep=sweep)
    checks = [check for check in agent.press.checks if check.name in opened.rules]
    for specification, commitment in committed(service).items():
        slo = share(commitment.slo)
        for check in checks:
            if any(link.specification == specification for link in links(check, release(service.ccm))):
                for cloud in sorted(sweep.looked):
                    tally = due.tally(service.id, check.name, cloud) or Tally()
                    low, high = tally.range or (None, None)
                    yield ObjectiveHealth(
                        specification=specification, check=check.name, cloud=cloud, slo=float(slo),
                        low=None if low is None else float(low), high=None if high is None else float(high),
                        unseen=tally.unseen, result=result(due, service.id, check.name, cloud, slo),
                    )  # fmt: skip


def _results(service: Service, objectives: tuple[ObjectiveHealth, ...]) -> dict[str, int]:
    """Committed specifications by their worst objective; not shown where no check speaks to them."""
    found = {name: [each.result for each in objectives if each.specification == name] for name in committed(service)}
    return dict(Counter(str(worst(results)) for results in found.values()))


def _expiring(agent: Agent, now: datetime) -> int:
    today = now.date()
    return sum(excepts(each, today) and each.expires - today <= NEAR for each in agent.loaded.exceptions)
