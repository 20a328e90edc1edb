"""From where the programme stands to its health: the same numbers that `status` prints, as a snapshot for the metrics."""

from collections import Counter
from datetime import datetime
from fractions import Fraction
from typing import Any

from agent.health import Health, ObjectiveHealth, ServiceHealth, SweepHealth
from agent.outlook import Outlook, Point, ServiceOutlook
from agent.record import Sweep
from agent.units import share
from agent.version import version


def vitals(outlook: Outlook | None, now: datetime) -> Health:
    """The snapshot at an instant. Before `commit` (no outlook) it says the version only."""
    if outlook is None:
        return Health(now=now, version=version())
    expiring = [each.exceptions_expiring for each in outlook.services]  # the programme's, said again for each service
    return Health(
        now=now, version=version(), sweep=_sweep(outlook.last, outlook.accounts) if outlook.last else None,
        sweep_due=outlook.next_sweep, sweep_late=outlook.sweep_late, journal_height=outlook.journal_height,
        exceptions_expiring=max(expiring, default=None),
        services=tuple(_service(each, outlook) for each in outlook.services), state=outlook.state.state,
    )  # fmt: skip


def _sweep(sweep: Sweep, accounts: dict[str, int]) -> SweepHealth:
    return SweepHealth(
        nominal=sweep.nominal, complete=sweep.complete, seconds=(sweep.ended_at - sweep.started).total_seconds(),
        cells=sweep.cells, unseen=sweep.unseen, gaps=sweep.gaps, accounts=accounts, calls=sweep.calls,
        distrusted=len({name for names in sweep.distrusted.values() for name in names}),
    )  # fmt: skip


def _service(service: ServiceOutlook, outlook: Outlook) -> ServiceHealth:
    sweep = outlook.last
    sealed = [each for each in service.cycles if each.state != "missed"]
    return ServiceHealth(
        service=service.service, specifications=service.counts, objectives=tuple(_objective(each) for each in service.points),
        deviations=service.deviations, excepted=service.excepted if sweep else None,
        resources=sweep.resources.get(service.service, {}) if sweep else {},
        last_sealed=max((each.end for each in sealed), default=None), seal_due=service.seal_due, lapses=service.lapses,
        sealed=len(sealed), missed=len(service.cycles) - len(sealed), **_steps(service.service, outlook),
    )  # fmt: skip


def _steps(service: str, outlook: Outlook) -> dict[str, Any]:
    """The life of the service's cycles, and its renewals."""
    steps = [step for life in outlook.lives if life.service == service for step in life.steps]
    return {
        "done": {one.step: one.done for one in steps if one.done is not None},
        "due": {one.step: one.due for one in reversed(steps) if one.done is None and one.due is not None},
        "late": dict(Counter(one.step for one in steps if one.late)),
        "renewals": {one.what: one.until for one in outlook.renewals if one.service == service},
    }


def _objective(point: Point) -> ObjectiveHealth:
    low, high = point.tally.range or (None, None)
    return ObjectiveHealth(
        specification=point.specification, check=point.check, cloud=point.provider, low=_float(low), high=_float(high),
        slo=float(share(point.slo)), unseen=point.tally.unseen, result=point.result,
    )  # fmt: skip


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
