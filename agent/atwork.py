"""Approved exceptions at work as the store has them now: what GRC-04-M1 says before a report is made of the cycle."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from agent.canonical import decode, stamp
from agent.gathering import last_seen
from agent.material import Opened
from agent.metering import at_work
from agent.parts import read_part
from agent.period import Due
from agent.programme import ApprovedException, Programme, Service
from agent.record import Plan, Standing, Sweep
from agent.store import Store
from collectors.resources import AnyResource
from controls import ccm
from controls.metering import METRICS
from controls.metrics import metered
from controls.tally import Result

METRIC = next(one for one in METRICS if one.id == "GRC-04-M1")
SPECIFICATIONS = frozenset({"CCM:4.0:GRC-04", "CCM:4.1:GRC-04"})
"""The one of each version that it speaks for."""


@dataclass(frozen=True, kw_only=True)
class Now:
    """What exceptions are counted from, of one service."""

    service: Service
    last: Sweep
    opened: Opened
    dues: tuple[Due, ...]
    standing: tuple[Standing, ...]
    resources: Mapping[tuple[str, str], AnyResource]
    exceptions: tuple[ApprovedException, ...]


def excepted(
    store: Store, programme: Programme, service: Service, opened: Opened, plan: Plan, last: Sweep, dues: Callable[[], tuple[Due, ...]],
    standing: Iterable[Standing],
) -> Result | None:  # fmt: skip
    """What the metric says of a service now; `None` where no approved exception is at work.

    `standing` is what stands for the service at the last sweep.
    """
    every = decode(store.read(plan.exceptions), tuple[ApprovedException, ...], what="approved exceptions")
    if not every:
        return None
    named = {one.check for one in every}
    stands = tuple(one for one in standing if one.check in named)
    parts = (
        [read_part(store, f"sweeps/{stamp(last.slot)}", account) for account in sorted(last.parts)] if stands else []
    )
    now = Now(
        service=service, last=last, opened=opened, dues=dues(), standing=stands, resources=last_seen(store, parts, stands),
        exceptions=every,
    )  # fmt: skip
    own = programme.metrics.get(METRIC.id)
    made = metered(METRIC, ccm.release(service.ccm), (at_work(now),), frozenset(), own)
    return made.result if made is not None and made.low is not None else None
