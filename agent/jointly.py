"""Doing all that is due together: runs that share one sweep, each taking a part of the same plan over the same store.

Whoever puts the last part down closes the sweep and does the rest of a run: seals, publishes, writes down. The others leave that. No
shard is waited for but by those who need what it saw (`agent.told`), and at a cycle's end, where one seals before all go on.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from agent.attempts import name_of_next
from agent.canonical import stamp
from agent.cycle import slot_at
from agent.material import Opened
from agent.outlook import newest
from agent.running import Agent, Ran, before_sweep, calendar, in_force, order, under_way, write_down
from agent.share import Share
from agent.sweeping import Done, take_share
from agent.told import PATIENT, Patience
from agent.units import duration


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What one shard's run did."""

    share: Share
    done: Done
    """How much of the sweep stands."""
    ran: Ran | None
    """What the run did besides, if the sweep is closed."""


def run_share(agent: Agent, share: Share, patience: Patience = PATIENT) -> Taken:
    """Take one part of the sweep of this slot; if all parts stand then, close it and do all else that is due."""
    now = agent.clock()
    opened = _open_cycle(agent, share, now, patience)
    slot = slot_at(calendar(opened), duration(in_force(agent, opened).cadence.sweep_every), now)
    named = name_of_next(agent.journal, slot.start)
    ordered = order(agent, opened, slot, named, now)
    try:
        swept, done = take_share(ordered, share, patience)
    finally:
        for cloud in ordered.clouds:
            cloud.access.close()
    if swept is None:
        return Taken(share=share, done=done, ran=None)
    name = stamp(named)
    _, ran = before_sweep(agent, now, closing=name)
    standing = agent.journal.find(f"sweep/{name}") is not None
    write_down(agent, swept, agent.clock())
    return Taken(share=share, done=done, ran=replace(ran, sweep=swept, taken=not standing))


def _open_cycle(agent: Agent, share: Share, now: datetime, patience: Patience) -> Opened:
    """The cycle in which `now` lies. Where the one before has to be sealed first, the first shard does that and the others wait for it."""
    opened = under_way(agent, now)
    since = patience.ticks()
    while opened.end <= now and not share.first and patience.ticks() - since < patience.seconds:
        patience.pause(patience.every)
        before = agent.journal.height
        agent.journal.refresh()
        since = patience.ticks() if agent.journal.height > before else since
        opened = newest(agent.journal) or opened
    return opened if opened.end > now else before_sweep(agent, now)[0]
