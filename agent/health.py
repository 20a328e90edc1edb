"""The agent's health as Prometheus metrics: one snapshot in, one text file out.

A snapshot is plain values, so that `run` can write it to a file for the node exporter's textfile collector and a daemon can serve the
same. What is not known has no sample: an absent series can be alerted on, a zero would be a claim. docs/health.md is made from `METRICS`.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agent.errors import UsageError
from agent.state import State
from agent.steps import STEPS
from collectors.gap import Reason
from controls.tally import Result


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen health value. Instants are UTC, durations seconds, shares 0 to 1."""


class SweepHealth(Snapshot, frozen=True, kw_only=True):
    """The last closed sweep."""

    nominal: datetime
    """The instant at which it judges."""
    complete: bool
    """Every cell was seen."""
    seconds: float
    """How long it took."""
    cells: int
    unseen: int
    gaps: dict[str, int]
    """By `Reason`; a reason that is not named counts 0."""
    accounts: dict[str, int]
    """By state: in scope, excluded, unallocated, closed."""
    calls: int
    """Requests to providers, retries included."""
    distrusted: int = 0
    """Checks that judged their canary wrongly."""


class ObjectiveHealth(Snapshot, frozen=True, kw_only=True):
    """One check on one cloud for one committed specification, at the last sweep."""

    specification: str
    check: str
    cloud: str
    low: float | None
    """Lower end of the value; `None` when there was nothing to judge."""
    high: float | None
    slo: float
    unseen: int
    """Cells that this check needs and that were not seen."""
    result: Result


class ServiceHealth(Snapshot, frozen=True, kw_only=True):
    """One service: its objectives and its cycles."""

    service: str
    specifications: dict[str, int] = {}
    """Committed specifications by `Result` at the last sweep; a result that is not named counts 0."""
    objectives: tuple[ObjectiveHealth, ...] = ()
    deviations: dict[str, int] = {}
    """By severity, excepted ones included."""
    excepted: int | None = None
    """Of the deviations; `None` before the first sweep."""
    resources: dict[str, int] = {}
    """By resource type, at the last sweep."""
    last_sealed: datetime | None = None
    """End of the newest sealed cycle."""
    seal_due: datetime | None = None
    """When the next bundle falls due: the end of the oldest cycle that is not sealed."""
    lapses: datetime | None = None
    """When that bundle is overdue: the cadence is broken from then on."""
    sealed: int = 0
    """Bundles sealed so far."""
    missed: int = 0
    """Cycles written down as missed."""
    done: dict[str, datetime] = {}
    """Step of a cycle -> when it was last done."""
    due: dict[str, datetime] = {}
    """Step of a cycle -> deadline of the oldest ended cycle that lacks it."""
    late: dict[str, int] = {}
    """Step of a cycle -> how often it was late so far; one that is not named counts 0."""
    renewals: dict[str, datetime] = {}
    """Renewal -> the instant from which it is overdue."""


class Health(Snapshot, frozen=True, kw_only=True):
    """All that the agent says of its own state."""

    now: datetime
    """When the snapshot was taken."""
    version: str
    sweep: SweepHealth | None = None
    sweep_due: datetime | None = None
    sweep_late: datetime | None = None
    """When a due sweep is missed, unless it is taken before; in the past if one was."""
    journal_height: int | None = None
    exceptions_expiring: int | None = None
    """Approved exceptions in force that expire within 30 days."""
    services: tuple[ServiceHealth, ...] = ()
    state: State | None = None
    """How the programme stands; `None` before it was committed."""


Sample = tuple[tuple[str, ...], float | None]
"""Label values and a value; `None` leaves the sample out."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric family: what it is called, what it means, and where its samples are in a snapshot."""

    name: str
    help: str
    labels: tuple[str, ...]
    samples: Callable[[Health], Iterable[Sample]]


def _whole(name: str, text: str, value: Callable[[Health], float | None]) -> Metric:
    """A metric of the agent as a whole."""
    return Metric(name=f"starcadence_{name}", help=text, labels=(), samples=lambda health: [((), value(health))])


def _sweep(name: str, text: str, value: Callable[[SweepHealth], float]) -> Metric:
    """A metric of the last sweep; no sample before the first."""
    return _whole(f"last_sweep_{name}", text, lambda health: None if health.sweep is None else value(health.sweep))


def _swept(
    name: str, text: str, label: str, counts: Callable[[SweepHealth], dict[str, int]], names: Iterable[str] = ()
) -> Metric:
    """Counts of the last sweep by one label; every one of `names` is there once there is a sweep."""
    zeros = dict.fromkeys(names, 0)

    def samples(health: Health) -> Iterator[Sample]:
        if health.sweep is not None:
            for key, count in sorted({**zeros, **counts(health.sweep)}.items()):
                yield (str(key),), count

    return Metric(name=f"starcadence_last_sweep_{name}", help=text, labels=(label,), samples=samples)


def _service(name: str, text: str, value: Callable[[Health, ServiceHealth], float | None]) -> Metric:
    """A metric of each service."""

    def samples(health: Health) -> Iterator[Sample]:
        return (((each.service,), value(health, each)) for each in health.services)

    return Metric(name=f"starcadence_{name}", help=text, labels=("service",), samples=samples)


def _counted(
    name: str, text: str, label: str, counts: Callable[[ServiceHealth], dict[str, int]], names: Iterable[str] = ()
) -> Metric:
    """Counts of each service at the last sweep by one label; every one of `names` is there once there is a sweep."""
    zeros = dict.fromkeys(names, 0)

    def samples(health: Health) -> Iterator[Sample]:
        for service in health.services if health.sweep is not None else ():
            for key, count in sorted({**zeros, **counts(service)}.items()):
                yield (service.service, str(key)), count

    return Metric(name=f"starcadence_{name}", help=text, labels=("service", label), samples=samples)


def _named(
    name: str, text: str, label: str, values: Callable[[ServiceHealth], dict[str, float]], names: Iterable[str] = ()
) -> Metric:
    """Values of each service by one label; every one of `names` is there, as 0 if nothing else."""
    zeros = dict.fromkeys(names, 0.0)

    def samples(health: Health) -> Iterator[Sample]:
        for service in health.services:
            for key, value in sorted({**zeros, **values(service)}.items()):
                yield (service.service, str(key)), value

    return Metric(name=f"starcadence_{name}", help=text, labels=("service", label), samples=samples)


def _instants(found: dict[str, datetime]) -> dict[str, float]:
    return {name: moment.timestamp() for name, moment in found.items()}


def _objective(name: str, text: str, value: Callable[[ObjectiveHealth], float | None]) -> Metric:
    """A metric of each objective: as many series as the programme commits to, never one per resource or account."""

    def samples(health: Health) -> Iterator[Sample]:
        for service in health.services:
            for each in service.objectives:
                yield (service.service, each.specification, each.check, each.cloud), value(each)

    return Metric(
        name=f"starcadence_objective_{name}",
        help=text,
        labels=("service", "specification", "check", "cloud"),
        samples=samples,
    )


def _instant(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


METRICS = (
    Metric(
        name="starcadence_build_info", help="Version of Starcadence that wrote this; always 1.", labels=("version",),
        samples=lambda health: [((health.version,), 1)],
    ),
    _whole("written_timestamp_seconds", "When this was written.", lambda health: health.now.timestamp()),
    _whole("next_sweep_due_timestamp_seconds", "When the next sweep falls due.", lambda health: _instant(health.sweep_due)),
    _whole(
        "sweep_missed_timestamp_seconds", "When a sweep is missed unless one is taken before; in the past, one was.",
        lambda health: _instant(health.sweep_late),
    ),
    _whole(
        "expiring_exceptions", "Approved exceptions in force that expire within 30 days.",
        lambda health: health.exceptions_expiring,
    ),
    _whole("journal_height", "Number of the journal's last entry.", lambda health: health.journal_height),
    _sweep("timestamp_seconds", "Instant at which the last closed sweep judges.", lambda sweep: sweep.nominal.timestamp()),
    _sweep("complete", "1 if the last sweep saw every cell, 0 if some are unseen.", lambda sweep: sweep.complete),
    _sweep("duration_seconds", "How long the last sweep took.", lambda sweep: sweep.seconds),
    _sweep("cells", "Cells that the last sweep had to look at.", lambda sweep: sweep.cells),
    _sweep("unseen_cells", "Cells that the last sweep could not list.", lambda sweep: sweep.unseen),
    _sweep(
        "distrusted_checks", "Checks that judged their canary wrongly in the last sweep: they show nothing.",
        lambda sweep: sweep.distrusted,
    ),
    _sweep("api_calls", "Requests to providers in the last sweep, retries included.", lambda sweep: sweep.calls),
    _swept("gaps", "What the last sweep could not look at, by reason.", "reason", lambda sweep: sweep.gaps, Reason),
    _swept("accounts", "Accounts that the last sweep found, by how the scope takes them.", "state", lambda sweep: sweep.accounts),
    _counted(
        "specifications", "Committed specifications by result at the last sweep.", "result",
        lambda service: service.specifications, Result,
    ),
    _counted(
        "deviations", "Failures standing at the last sweep, excepted ones included.", "severity",
        lambda service: service.deviations, ("critical", "high", "medium", "low"),
    ),
    _service("excepted_deviations", "Failures that an approved exception covers.", lambda _, service: service.excepted),
    _counted("resources", "Resources that the last sweep saw, by type.", "type", lambda service: service.resources),
    _service("bundles", "Bundles sealed so far.", lambda _, service: service.sealed),
    _service("missed_cycles", "Cycles written down as missed.", lambda _, service: service.missed),
    _service(
        "last_sealed_cycle_timestamp_seconds", "End of the newest sealed cycle.", lambda _, service: _instant(service.last_sealed)
    ),
    _service(
        "next_seal_due_timestamp_seconds", "End of the oldest cycle that is not sealed: its bundle falls due.",
        lambda _, service: _instant(service.seal_due),
    ),
    _service(
        "lapse_timestamp_seconds", "When that bundle is overdue and the cadence lapses, unless it is sealed before.",
        lambda _, service: _instant(service.lapses),
    ),
    _service(
        "time_to_lapse_seconds", "Seconds from when this was written to the lapse; negative once lapsed.",
        lambda health, service: None if service.lapses is None else (service.lapses - health.now).total_seconds(),
    ),
    Metric(
        name="starcadence_state", help="1 for the state that the programme is in, 0 for the others.", labels=("state",),
        samples=lambda health: [((str(one),), one is health.state) for one in State] if health.state else [],
    ),
    _named(
        "last_step_timestamp_seconds", "When a step of a cycle (seal, review, publication, submission) was last done.", "step",
        lambda service: _instants(service.done),
    ),
    _named(
        "step_due_timestamp_seconds", "Deadline of the oldest ended cycle that lacks the step; absent if none does.", "step",
        lambda service: _instants(service.due),
    ),
    _named(
        "late_steps", "How often a step of a cycle was late so far.", "step", lambda service: {**service.late}, STEPS,
    ),
    _named(
        "renewal_due_timestamp_seconds", "From when a renewal (questionnaire, registry, certificate, surveillance) is overdue.",
        "renewal", lambda service: _instants(service.renewals),
    ),
    _objective("low_ratio", "Lower end of the value: passed by all judged; absent with nothing to judge.", lambda each: each.low),
    _objective("high_ratio", "Upper end of the value: passed and unknown by all judged.", lambda each: each.high),
    _objective("slo_ratio", "The objective that the value is held against.", lambda each: each.slo),
    _objective("unseen_cells", "Cells that the check needs and that were not seen.", lambda each: each.unseen),
    _objective(
        "met", "1 if the objective is met, 0 if it is missed or not shown; absent with nothing to judge.",
        lambda each: None if each.result is Result.NOTHING else each.result is Result.MET,
    ),
)  # fmt: skip
"""Every metric, in the order of docs/health.md."""


class Samples(Collector):
    """One snapshot as the families of `METRICS`."""

    def __init__(self, health: Health) -> None:
        self.health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families that have a sample."""
        for metric in METRICS:
            family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, value in metric.samples(self.health):
                if value is not None:
                    family.add_metric(labels, float(value))
            if family.samples:
                yield family


def exposition(health: Health) -> bytes:
    """The snapshot in Prometheus' text format; from a registry of its own, without metrics of the process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Samples(health))
    return generate_latest(registry)


def write(path: Path, health: Health) -> None:
    """Replace the text file in one step, so that a scrape never reads half of one. Raises `UsageError` where it cannot be written."""
    text = exposition(health)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file in a folder that exists and can be written") from error
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o644)  # mkstemp's 0600 would hide it from the node exporter
            file.write(text)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise UsageError(f"{path}: {error.strerror}; the metrics of before stand unchanged") from error


def table() -> str:
    """The metrics as the Markdown table of docs/health.md."""
    rows = [
        f"| `{metric.name}` | {', '.join(f'`{label}`' for label in metric.labels)} | {metric.help} |"
        for metric in METRICS
    ]
    return "\n".join(("| metric | labels | meaning |", "|---|---|---|", *rows)) + "\n"
