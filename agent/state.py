"""The state of the programme, on cadence, degraded or lapsed, with its reasons and the way back: from journal entries and the clock alone.

Lapsed: a bundle is overdue, the newest cycle that ended was missed, or nothing of a whole further cycle was published. Degraded: something
else that was promised is overdue, the newest cycle was late or partial, or no sweep sees anything. What was missed weighs until a
later cycle is complete and on time: a lapse is not over because a month has passed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from agent.journal import Entry
from agent.material import Opened
from agent.steps import Life, Name, lives


class State(StrEnum):
    """How the programme stands, worst last."""

    ON_CADENCE = "on cadence"
    DEGRADED = "degraded"
    LAPSED = "lapsed"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why it is not on cadence, and what mends that."""

    state: State
    """What it makes of the programme."""
    service: str | None
    """`None` for all of them."""
    since: datetime
    words: str
    way_back: str


class ProgrammeState(msgspec.Struct, frozen=True, kw_only=True):
    """The worst of its reasons; on cadence without any."""

    state: State
    reasons: tuple[Reason, ...]
    """Worst first, then oldest."""


OVERDUE: dict[Name, tuple[str, str]] = {
    "reviewed": ("its review is overdue", "`starcadence review` it"),
    "published": ("its publication is overdue", "`starcadence run` publishes it once it is reviewed"),
}


def state(entries: Sequence[Entry], now: datetime) -> ProgrammeState | None:
    """How the programme stands at `now`; `None` before it was committed."""
    every = lives(entries, now)
    if not every:
        return None
    found = list(_sweeps(entries, now))
    for service in dict.fromkeys(life.service for life in every):
        found += _service([life for life in every if life.service == service], now)
    order = list(State)
    found.sort(key=lambda one: (-order.index(one.state), one.since, one.service or ""))
    return ProgrammeState(state=found[0].state if found else State.ON_CADENCE, reasons=tuple(found))


def _service(cycles: Sequence[Life], now: datetime) -> Iterator[Reason]:
    """Why one service is not on cadence; `cycles` are its own, oldest first."""
    ended = [life for life in cycles if life.state != "open"]
    for life in ended:
        yield from _unsealed(life, now)
        yield from _overdue(life, ended, now)
    whole = max((index for index, life in enumerate(ended) if _is_whole(life)), default=-1)
    for life in ended[whole + 1 :]:
        yield from _broken(life, newest=life is ended[-1])


def _is_whole(life: Life) -> bool:
    """Complete and sealed on time: what went before no longer weighs."""
    sealed = life.step("sealed")
    return sealed is not None and sealed.done is not None and not sealed.late and life.result == "complete"


def _unsealed(life: Life, now: datetime) -> Iterator[Reason]:
    sealed = life.step("sealed")
    if sealed is not None and sealed.due is not None and sealed.overdue(now):
        yield Reason(
            state=State.LAPSED, service=life.service, since=sealed.due, words=f"{life.cycle}: its bundle is overdue",
            way_back="`starcadence run` seals it, late",
        )  # fmt: skip


def _overdue(life: Life, ended: Sequence[Life], now: datetime) -> Iterator[Reason]:
    """Steps after the seal. A publication that is overdue together with the next cycle's is a lapse: nobody has seen anything since."""
    sealed = life.step("sealed")
    if sealed is None or sealed.done is None:
        return
    for step in life.overdue(now):
        assert step.due is not None
        following = [other.step(step.step) for other in ended if other.start >= life.end]
        lapsed = step.step == "published" and any(one is not None and one.overdue(now) for one in following)
        words, way_back = OVERDUE[step.step]
        yield Reason(
            state=State.LAPSED if lapsed else State.DEGRADED, service=life.service, since=step.due,
            words=f"{life.cycle}: {words}", way_back=way_back,
        )  # fmt: skip


def _broken(life: Life, *, newest: bool) -> Iterator[Reason]:
    """A cycle that was missed, late or partial, with no complete one on time since."""
    way_back = "a later cycle that is complete, and sealed on time"
    sealed = life.step("sealed")
    if life.state == "missed":
        yield Reason(
            state=State.LAPSED if newest else State.DEGRADED, service=life.service, since=life.end,
            words=f"{life.cycle} was missed", way_back=way_back,
        )  # fmt: skip
    elif sealed is not None and sealed.done is not None:
        faults = [word for word, is_so in (("late", sealed.late), ("partial", life.result == "partial")) if is_so]
        if faults:
            yield Reason(
                state=State.DEGRADED, service=life.service, since=sealed.done,
                words=f"{life.cycle} was sealed {' and '.join(faults)}", way_back=way_back,
            )  # fmt: skip


def _sweeps(entries: Sequence[Entry], now: datetime) -> Iterator[Reason]:
    """No sweep within twice its interval, or a last one that saw nothing."""
    cycle = next((entry for entry in reversed(entries) if entry.kind == "cycle"), None)
    if cycle is None:
        return
    opened = msgspec.convert(cycle.body, Opened)
    last = next((entry for entry in reversed(entries) if entry.kind == "sweep"), None)
    taken = msgspec.convert(last.body["nominal"], datetime, strict=False) if last else opened.start
    if opened.sweep_every and now - taken > timedelta(seconds=2 * opened.sweep_every):
        yield Reason(
            state=State.DEGRADED, service=None, since=taken, words=f"no sweep since {taken:%Y-%m-%d %H:%M}Z",
            way_back="`starcadence run`; what was not seen stays missed in this cycle",
        )  # fmt: skip
    if last is not None and 0 < last.body["cells"] == last.body["unseen"]:
        yield Reason(
            state=State.DEGRADED, service=None, since=taken, words="the last sweep could read nothing",
            way_back="`starcadence check` says what to mend; `starcadence run` then looks again while its interval lasts",
        )  # fmt: skip
