"""The daemon's own metrics, beside those of the programme (`agent.health`): one pulse in, families out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from agent.pulse import Pulse


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One metric of the loop. A counter's name ends in `_total`."""

    name: str
    help: str
    value: Callable[[Pulse], float | None]
    """`None` leaves the sample out."""


BEATS = (
    Beat(name="daemon_started_timestamp_seconds", help="When the daemon started.", value=lambda pulse: pulse.started.timestamp()),
    Beat(
        name="daemon_last_run_timestamp_seconds", help="When a run last ended well.",
        value=lambda pulse: None if pulse.last_run is None else pulse.last_run.timestamp(),
    ),
    Beat(name="daemon_runs_total", help="Runs that ended well since the start.", value=lambda pulse: pulse.runs),
    Beat(name="daemon_run_failures_total", help="Runs that failed since the start.", value=lambda pulse: pulse.failures),
    Beat(name="daemon_failures_in_a_row", help="Failed runs since the last one that ended well.", value=lambda pulse: pulse.tries),
    Beat(name="daemon_busy", help="1 while a run is under way, 0 while the loop waits.", value=lambda pulse: pulse.busy is not None),
    Beat(
        name="daemon_blind", help="1 if the last sweep of this daemon could read nothing.", value=lambda pulse: pulse.blind
    ),
    Beat(
        name="daemon_programme_refused", help="1 while the programme file cannot be used and the one before it goes on.",
        value=lambda pulse: pulse.refused,
    ),
)  # fmt: skip
"""Every metric of the loop, in the order of docs/health.md."""


class Beats(Collector):
    """One pulse as metric families."""

    def __init__(self, pulse: Pulse) -> None:
        self.pulse = pulse

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The families that have a sample."""
        for beat in BEATS:
            value = beat.value(self.pulse)
            if value is not None:
                of = CounterMetricFamily if beat.name.endswith("_total") else GaugeMetricFamily
                yield of(f"starcadence_{beat.name}", beat.help, value=float(value))


def table() -> str:
    """The metrics as the Markdown table of docs/health.md."""
    rows = [f"| `starcadence_{beat.name}` | {beat.help} |" for beat in BEATS]
    return "\n".join(("| metric | meaning |", "|---|---|", *rows)) + "\n"
