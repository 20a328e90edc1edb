"""The simulated clouds beside that of AWS: each is an estate that is a value, with its defects, in a server of its own.

What such a cloud holds at an instant follows from the instant alone: the sound estate, with every defect that stands then. So nothing has
to be mended by hand, and any instant can be told without having lived through those before.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.demo.defect import Defect
from agent.demo.simulation import Endpoint, started
from controls.verdict import Outcome

Things = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """A permission that is taken from the agent for some days: what rests on it is unknown then."""

    permission: str
    where: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, kw_only=True)
class Scenery:
    """What one cloud is to look like: `sound` makes its estate as nothing is wrong with it, by keys that its server knows."""

    provider: str
    server: str
    """The module of its process."""
    sound: Callable[[], Things]
    defects: tuple[Defect[Things], ...]
    """Their `seed` takes the estate; `mend` is not needed. `resource` is the provider's own id."""
    withdrawn: tuple[Withdrawn, ...]
    environment: Callable[[str], dict[str, str]]
    """Of an agent whose cloud answers at a URL."""


@dataclass(kw_only=True)
class Beside:
    """One of them, running."""

    scenery: Scenery
    endpoint: Endpoint
    held: Things = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)

    def reach(self, now: datetime, *, out: bool = False) -> None:
        """Let it be as it is at that instant; `out`: it answers nobody."""
        things = at(self.scenery, now)
        if changed := {
            key: things.get(key) for key in things.keys() | self.held if things.get(key) != self.held.get(key)
        }:
            self.endpoint.order("hold", things=changed)
        self.held = things
        taken = {(one.permission, one.where) for one in self.scenery.withdrawn if one.begins <= now < one.ends}
        for order, permissions in (("deny", taken - self.taken), ("allow", self.taken - taken)):
            for permission, where in permissions:
                self.endpoint.order(order, permission=permission, where=where)
        self.taken = taken
        self.endpoint.clock(now)
        self.endpoint.outage(on=out)


def at(scenery: Scenery, now: datetime) -> Things:
    """What the cloud holds at an instant."""
    things = copy.deepcopy(scenery.sound())
    for defect in scenery.defects:
        if defect.seed and (defect.by_itself or defect.stands(now)):
            defect.seed(things)
    return things


def expected(scenery: Scenery, now: datetime) -> dict[tuple[str, str], Outcome]:
    """(check, resource id) of everything that must not pass at an instant, and how."""
    return {(one.check, one.resource): one.outcome for one in scenery.defects if one.stands(now)}


@contextmanager
def beside(*sceneries: Scenery) -> Iterator[tuple[Beside, ...]]:
    """These clouds, each in a process of its own; ended on the way out."""
    with ExitStack() as stack:
        yield tuple(Beside(scenery=one, endpoint=stack.enter_context(started(one.server))) for one in sceneries)
