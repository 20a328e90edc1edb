"""The life of a cycle: sealed -> reviewed -> published -> submitted, each step with its deadline, as the journal tells it.

Deadlines are pinned when the cycle opens (its `cycle` entry), so that everything here is a pure function of journal entries.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from agent.journal import Entry, Journal
from agent.material import Opened
from agent.programme import Cadence
from agent.units import duration

Name = Literal["sealed", "reviewed", "published", "submitted"]
STEPS: tuple[Name, ...] = ("sealed", "reviewed", "published", "submitted")
"""In their order. A submission has no deadline of the cycle: the registry's own is a renewal (`agent.renewal`)."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of one cycle."""

    step: Name
    due: datetime | None
    """`None` if nothing was promised."""
    done: datetime | None
    late: bool
    """Done after its deadline, or written down as late while undone."""

    def overdue(self, now: datetime) -> bool:
        """Its deadline passed, and it is not done."""
        return self.done is None and self.due is not None and now > self.due


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """One cycle of one service, from its opening on."""

    service: str
    cycle: str
    start: datetime
    end: datetime
    state: str
    """The furthest step; else `open`, `ended` (not sealed yet) or `missed`."""
    result: str
    """`complete` or `partial` once sealed; else empty."""
    steps: tuple[Step, ...]
    """In their order; empty for an open or a missed cycle."""

    def step(self, name: Name) -> Step | None:
        """One of the steps, if the cycle has ended."""
        return next((one for one in self.steps if one.step == name), None)

    def overdue(self, now: datetime) -> tuple[Step, ...]:
        """Steps whose deadlines passed and that are not done."""
        return tuple(one for one in self.steps if one.overdue(now))


def deadlines(cadence: Cadence, end: datetime, *, publishes: bool) -> dict[str, datetime]:
    """What a cycle that ends then promises; a programme that publishes nowhere promises no publication."""
    promised = {
        "sealed": end + duration(cadence.seal_within),
        "reviewed": end + duration(cadence.review_within),
    }
    return {**promised, "published": end + duration(cadence.publish_within)} if publishes else promised


def lives(entries: Iterable[Entry], now: datetime) -> tuple[Life, ...]:
    """Every cycle of every service, oldest first, services in the programme's order."""
    done: dict[tuple[str, str, str], Entry] = {}
    late: set[str] = set()
    cycles: list[Opened] = []
    for entry in entries:
        if entry.kind == "cycle":
            cycles.append(msgspec.convert(entry.body, Opened))
        elif entry.kind in {"missed", *STEPS} and entry.body.get("cycle"):
            done[entry.kind, entry.body["service"], entry.body["cycle"]] = entry
        elif entry.kind == "late":
            late.add(entry.key)
    return tuple(_life(opened, service, done, late, now) for opened in cycles for service in _services(opened, done))


def note_late(journal: Journal, now: datetime) -> tuple[Entry, ...]:
    """Write down, once, each deadline that passed undone."""
    noted = []
    for life in lives(journal.entries, now):
        for step in life.overdue(now):
            key = f"late/{step.step}/{life.service}/{life.cycle}"
            if journal.find(key) is None:
                body: dict[str, Any] = {
                    "service": life.service,
                    "cycle": life.cycle,
                    "step": step.step,
                    "due": step.due,
                }
                noted.append(journal.append("late", key, msgspec.to_builtins(body), now))
    return tuple(noted)


def due_of(entries: Sequence[Entry], service: str, cycle: str, step: Name, now: datetime) -> datetime | None:
    """The deadline of one step; `None` if nothing was promised, or there is no such cycle."""
    for life in lives(entries, now):
        if (life.service, life.cycle) == (service, cycle):
            found = life.step(step)
            return found.due if found else None
    return None


def _services(opened: Opened, done: dict[tuple[str, str, str], Entry]) -> tuple[str, ...]:
    """The services of a cycle: those that were promised at its opening, or (of an older journal) those that it ended for."""
    ended = (service for kind, service, cycle in done if kind in {"sealed", "missed"} and cycle == opened.cycle)
    return opened.services or tuple(dict.fromkeys(ended))


def _life(opened: Opened, service: str, done: dict[tuple[str, str, str], Entry], late: set[str], now: datetime) -> Life:
    missed = ("missed", service, opened.cycle) in done
    sealed = done.get(("sealed", service, opened.cycle))
    ended = now >= opened.end or sealed is not None
    steps = tuple(_step(opened, service, name, done, late) for name in STEPS) if ended and not missed else ()
    furthest = [one.step for one in steps if one.done is not None]
    state = "missed" if missed else furthest[-1] if furthest else "ended" if ended else "open"
    return Life(
        service=service, cycle=opened.cycle, start=opened.start, end=opened.end, state=state,
        result=str(sealed.body.get("state", "")) if sealed else "", steps=steps,
    )  # fmt: skip


def _step(opened: Opened, service: str, name: Name, done: dict[tuple[str, str, str], Entry], late: set[str]) -> Step:
    entry = done.get((name, service, opened.cycle))
    said = bool(entry.body.get("late")) if entry else False
    return Step(
        step=name, due=opened.deadlines.get(name), done=entry.at if entry else None,
        late=said or f"late/{name}/{service}/{opened.cycle}" in late,
    )  # fmt: skip
