"""How the daemon itself is doing: what its loop says of each turn, and what `/healthz` and `/readyz` make of it.

A pulse is a frozen value; the loop puts a new one in place of the old, so that other threads read it without a lock.
"""

from datetime import datetime

import msgspec

STUCK = 5
"""A loop that has not turned for so many of its longest waits is not alive."""


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """The loop as of its last turn. Ticks are seconds of a clock that never goes back."""

    instance: str
    started: datetime
    beat: float
    """Tick of the last turn."""
    patience: float
    """Seconds within which an idle loop turns again, five times over."""
    busy: str | None = None
    """What a turn is doing (`sweep`, `seal`); `None` while it waits."""
    allowed: float = 0.0
    """Seconds that what it is doing may take before the loop counts as stuck."""
    runs: int = 0
    failures: int = 0
    """Runs that failed since the start."""
    tries: int = 0
    """Failures in a row; 0 after a run that ended well."""
    error: str | None = None
    """Class of the last failure, while it lasts; its words are in the log."""
    blind: bool = False
    """The last sweep could read nothing."""
    unpublished: int = 0
    """Publications that could not be made in the last run; it is tried again."""
    refused: bool = False
    """The programme file was changed into one that cannot be used; the one before it goes on."""
    last_run: datetime | None = None
    """When a run last ended well."""
    stopping: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that readiness rests on. Words are fixed: what an error says stays in the log."""

    what: str
    ok: bool
    words: str


def alive(pulse: Pulse, tick: float) -> bool:
    """The loop turns, or does something that may take so long."""
    limit = max(pulse.allowed, pulse.patience) if pulse.busy else pulse.patience
    return tick - pulse.beat <= limit


def findings(pulse: Pulse, *, store: bool) -> tuple[Finding, ...]:
    """What readiness rests on, in the order in which one would mend it."""
    if pulse.tries:
        run = Finding(
            what="run", ok=False, words=f"failed {pulse.tries} times in a row: {pulse.error}; the log says more"
        )
    elif pulse.unpublished:
        words = f"{pulse.unpublished} publications could not be made; the log says more"
        run = Finding(what="run", ok=False, words=words)
    elif pulse.blind:
        run = Finding(what="run", ok=False, words="the last sweep could read nothing: type `starcadence check`")
    else:
        run = Finding(what="run", ok=True, words="ended well" if pulse.runs else "nothing was due yet")
    programme = "the changed file cannot be used; the programme before it goes on" if pulse.refused else "in force"
    return (
        Finding(what="store", ok=store, words="read" if store else "cannot be read; the log says more"),
        Finding(what="programme", ok=not pulse.refused, words=programme),
        run,
        Finding(what="loop", ok=not pulse.stopping, words="stopping" if pulse.stopping else pulse.busy or "waiting"),
    )
