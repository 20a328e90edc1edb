"""`run` in a loop: wait for the next instant at which anything is due, do it, go on.

Clock, waiting and opening are handed in. Failures of the world are gaps and end nothing; failures of the operator are said in the log,
on `/readyz` and in the journal, and tried again ever more patiently, never in a spin.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from agent import running
from agent.agenda import Step, next_step
from agent.diary import note
from agent.digesting import next_due
from agent.errors import AgentError
from agent.logs import logger
from agent.outlook import newest
from agent.planning import Access, Cloud
from agent.programme import Programme
from agent.pulse import STUCK, Pulse
from agent.running import Agent, Ran
from agent.units import duration
from agent.version import version
from agent.wishes import Wishes
from collectors.collector import Cell, Collector
from collectors.resource import Resource
from collectors.sighting import Estate, Visit

LONGEST = timedelta(minutes=1)
"""A clock that is set is noticed within it, and so is what another replica did."""
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)


class Abandoned(Exception):
    """The process was asked to stop and the run under way was let go; the next run goes on from what was kept."""


@dataclass(kw_only=True)
class Daemon:
    """One process that keeps the cadence."""

    agent: Agent
    reopen: Callable[[], Agent]
    """Reads the programme file and opens what it names. Raises `AgentError`."""
    wishes: Wishes
    wait: Callable[[float], None]
    """Seconds; comes back early for a wish."""
    ticks: Callable[[], float]
    """Seconds of a clock that never goes back."""
    instance: str
    """Names this process in the journal."""
    after: Callable[[], None] = lambda: None
    """Called after each turn that did something, to write what others read."""
    longest: timedelta = LONGEST

    def __post_init__(self) -> None:
        self.pulse = Pulse(
            instance=self.instance, started=self.agent.clock(), beat=self.ticks(), patience=STUCK * self.longest.total_seconds(),
        )  # fmt: skip
        self._log = logger(__name__)
        self._agent = self._guarded(self.agent)
        self._announced = False
        self._since: datetime | None = None
        self._retry_at = 0.0
        self._last: Step | None = None

    @property
    def current(self) -> Agent:
        """The agent as it is now: its programme may have been read again."""
        return self._agent

    def live(self) -> None:
        """Keep the cadence until a wish says stop."""
        self._log.info("started", instance=self.instance, programme=str(self._agent.loaded.path))
        while not self.wishes.stopping:
            self.turn()
        self.farewell()

    def farewell(self) -> None:
        """Write down that this process ends."""
        self.pulse = msgspec.structs.replace(self.pulse, stopping=True)
        self._note("stopped", {"abandoned": self.wishes.abandoned})
        self._log.info("stopped", instance=self.instance, abandoned=self.wishes.abandoned)

    def turn(self) -> None:
        """Do what is due, or wait a while for it."""
        if self.wishes.reloading:
            self.wishes.reloading = False
            self._reload()
        self._beat(busy=None)
        patience = self._retry_at - self.ticks()
        if patience > 0:
            self._wait(patience)
            return
        step: Step | None = None
        try:
            step = self._next()
            if self._waited(step):
                return
            self._do(step)
        except Abandoned:
            self._log.info("abandoned", what=step.what if step else "begin")
            return
        except AgentError as error:
            self._failed(step, error, str(error))
        except Exception as error:  # noqa: BLE001 - a bug must not end the cadence: it is logged whole, shown and tried again
            if not self.pulse.tries:  # the traceback once, not with each try
                self._log.exception("a bug of ours; please report it")
            self._failed(step, error, "a bug of ours; please report it")
        self.after()

    def _waited(self, step: Step) -> bool:
        """It is not due yet; or a run has just left it undone, and doing it again at once would leave it undone again."""
        seconds = (step.at - self._agent.clock()).total_seconds()
        if seconds <= 0 and step != self._last:
            return False
        self._last = None
        self._wait(seconds if seconds > 0 else self.longest.total_seconds())
        return True

    def _wait(self, seconds: float) -> None:
        self.wait(min(seconds, self.longest.total_seconds()))

    def _next(self) -> Step:
        agent = self._agent
        agent.journal.refresh()
        if not self._announced:
            self._announced = self._note("started", {"version": version(), "programme": agent.loaded.digest})
        opened = newest(agent.journal)
        cadence = running.in_force(agent, opened).cadence if opened else agent.loaded.programme.cadence
        publishes = bool(agent.loaded.programme.publish)
        now = agent.clock()
        return next_step(
            opened, cadence, agent.journal, agent.press.salt_key, now, publishes=publishes,
            digests=next_due(agent.journal, agent.loaded, now),
        )  # fmt: skip

    def _do(self, step: Step) -> None:
        """One run; a sweep belongs to it only if its instant has come."""
        every = duration(self._agent.loaded.programme.cadence.sweep_every)
        self._beat(busy=step.what, allowed=max(2 * every, timedelta(hours=6)).total_seconds())
        self._log.info("due", what=step.what, since=step.at.isoformat())
        self._ended(running.run(self._agent, sweep=step.what == "sweep"))
        self._last = step

    def _ended(self, ran: Ran) -> None:
        """A run ended well."""
        if self._since is not None:
            self._note("recovered", {"since": self._since.isoformat(), "tries": self.pulse.tries})
            self._since = None
        self._retry_at = 0.0
        self._beat(
            busy=None, tries=0, error=None, runs=self.pulse.runs + 1, last_run=self._agent.clock(),
            blind=ran.blind if ran.sweep is not None else self.pulse.blind,
        )  # fmt: skip
        for trouble in ran.troubles:
            self._log.error("not published", words=trouble)
        for trouble in ran.undelivered:
            self._log.warning("not delivered", words=trouble)
        self._beat(unpublished=len(ran.troubles))
        for past in (*ran.sealed, *ran.missed):
            self._log.info("cycle ended", service=past.service, cycle=past.cycle, state=past.state, late=past.late)
        if ran.taken and ran.sweep is not None:
            self._log.info("sweep closed", complete=ran.sweep.complete, cells=ran.sweep.cells, unseen=ran.sweep.unseen)

    def _failed(self, step: Step | None, error: Exception, words: str) -> None:
        """A run failed: say so, write it down once for each outage, and be patient."""
        tries = self.pulse.tries + 1
        every = duration(self._agent.loaded.programme.cadence.sweep_every)
        patience = min(FIRST_RETRY * 2 ** min(tries - 1, 10), LAST_RETRY, every / 4)
        self._retry_at = self.ticks() + patience.total_seconds()
        what = step.what if step else "store"
        self._log.error(
            "run failed", what=what, error=type(error).__name__, words=words, again_in=patience.total_seconds()
        )
        if self._since is None:
            self._since = self._agent.clock()
            self._note("run-failed", {"what": what, "error": type(error).__name__})
        self._beat(busy=None, tries=tries, failures=self.pulse.failures + 1, error=type(error).__name__)

    def _reload(self) -> None:
        """Take the programme as its file says now, if it can be used; else keep the one that is."""
        try:
            self._agent = self._guarded(self.reopen())
        except AgentError as error:
            self._log.error("the changed programme cannot be used; the one before it goes on", words=str(error))
            self._note("programme-refused", {"error": type(error).__name__})
            self._beat(busy=None, refused=True)
            return
        self._retry_at = 0.0
        self._log.info("programme read again", digest=self._agent.loaded.digest)
        self._beat(busy=None, refused=False)

    def _note(self, kind: str, body: dict[str, Any]) -> bool:
        """Write an event of this process down, if the store lets us: it may be what failed."""
        try:
            return note(self._agent.journal, kind, {"instance": self.instance, **body}, self._agent.clock())
        except AgentError as error:
            self._log.warning("could not be written down", kind=kind, words=str(error))
            return False

    def _beat(self, **changed: Any) -> None:
        self.pulse = msgspec.structs.replace(self.pulse, beat=self.ticks(), **changed)

    def _guarded(self, agent: Agent) -> Agent:
        """The agent, whose sweeps can be abandoned."""

        def clouds(programme: Programme, sweep: str) -> tuple[Cloud, ...]:
            return tuple(
                replace(one, access=_Guarded(access=one.access, wishes=self.wishes))
                for one in agent.clouds(programme, sweep)
            )

        return replace(agent, clouds=clouds)


@dataclass(frozen=True, kw_only=True)
class _Guarded:
    """The way into a cloud, until the sweep is abandoned: then every cell that is not yet looked at raises."""

    access: Access
    wishes: Wishes

    def discover(self) -> Estate:
        self._go_on()
        return self.access.discover()

    def cells(self, estate: Estate, collectors: Sequence[Collector]) -> tuple[Cell, ...]:
        return self.access.cells(estate, collectors)

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        self._go_on()
        return self.access.visit(cell, collector, seen)

    def close(self) -> None:
        self.access.close()

    def _go_on(self) -> None:
        if self.wishes.abandoned:
            raise Abandoned
