"""What falls due next, and when: a pure function of the journal, the programme in force and the clock."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from agent.attempts import look_again
from agent.canonical import stamp
from agent.cycle import Cycle, instant_in, slot_at
from agent.journal import Journal
from agent.material import Opened
from agent.programme import Cadence
from agent.steps import Life, lives
from agent.units import duration

MOMENT = timedelta(seconds=1)
"""What is promised by an instant is late after it."""
What = Literal["begin", "seal", "sweep", "deadline", "publish", "digest"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The next thing to do, and its instant; in the past if it is due already."""

    at: datetime
    what: What


def next_step(
    opened: Opened | None,
    cadence: Cadence,
    journal: Journal,
    key: bytes,
    now: datetime,
    *,
    publishes: bool = False,
    digests: datetime | None = None,
) -> Step:
    """The first of: the seal of a cycle that ends, the sweep of a slot, a deadline of an ended cycle, the publication of a reviewed one.

    `digests` is when those of work go out next.

    `key` spreads the sweeps (`instant_in`). Before the first cycle is opened, and where the clock stands before the open one, that
    itself is what is due: a run says so.
    """
    if opened is None or now < opened.start:
        return Step(at=now, what="begin")
    if opened.end <= now:
        return Step(at=opened.end, what="seal")
    steps = [Step(at=opened.end, what="seal"), *_sweep(opened, cadence, journal, key, now)]
    ended = lives(journal.entries, now)
    steps += [Step(at=one, what="deadline") for one in _deadlines(ended)]
    steps += [Step(at=one, what="publish") for one in _publications(ended) if publishes]
    steps += [Step(at=digests, what="digest")] if digests else []
    return min(steps, key=lambda step: step.at)


def _sweep(opened: Opened, cadence: Cadence, journal: Journal, key: bytes, now: datetime) -> Iterator[Step]:
    """The first sweep from now on that does not stand, if the cycle has one more; before it, another look where one was blind."""
    calendar = Cycle(start=opened.calendar_start, end=opened.end, id=opened.cycle)
    every = duration(cadence.sweep_every)
    slot = slot_at(calendar, every, now)
    if (again := look_again(journal, slot)) is not None:
        yield Step(at=again, what="sweep")
    if journal.find(f"sweep/{stamp(slot.start)}") is not None:
        if slot.end >= opened.end:
            return
        slot = slot_at(calendar, every, slot.end)
    yield Step(at=instant_in(slot, key), what="sweep")


def _deadlines(ended: Iterable[Life]) -> Iterator[datetime]:
    """The instants after which steps of ended cycles are late, unless done or written down as late before."""
    for life in ended:
        for step in life.steps:
            if step.done is None and step.due is not None and not step.late:
                yield step.due + MOMENT


def _publications(ended: Iterable[Life]) -> Iterator[datetime]:
    """When cycles were reviewed that are not published yet: whoever signed did it in another process."""
    for life in ended:
        reviewed, published = life.step("reviewed"), life.step("published")
        if reviewed and reviewed.done and published and published.due and not published.done:
            yield reviewed.done
