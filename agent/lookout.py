"""Where the programme stands, for whoever asks from outside of the loop: read from the store anew, but not with every question.

Holds a journal of its own, so that it shares nothing with the loop but the store, and sees what other replicas did.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from agent.errors import AgentError, StoreError
from agent.journal import Journal
from agent.logs import logger
from agent.outlook import Outlook, outlook
from agent.running import Agent

T = TypeVar("T")
FRESH = 10.0
"""Seconds for which an answer is given again."""


class Lookout:
    """Asked from many threads; one of them looks, the others wait for what it sees."""

    def __init__(self, agent: Callable[[], Agent], ticks: Callable[[], float]) -> None:
        """`agent` gives the agent as it is now: its programme may be read again."""
        self._agent, self._ticks = agent, ticks
        self._lock = threading.Lock()
        self._journal = Journal(agent().store)
        self._looked: float | None = None
        self._seen: tuple[Outlook | None, str | None] = (None, None)

    @property
    def now(self) -> datetime:
        """The agent's clock."""
        return self._agent().clock()

    def outlook(self) -> Outlook | None:
        """Where the programme stands; `None` before it was committed. `StoreError` where the store cannot be read."""
        return self.ask(lambda view, _agent, _journal: view)

    def ask(self, make: Callable[[Outlook, Agent, Journal], T]) -> T | None:
        """What is made of the outlook and of the journal as it was then; `None` before the commitment. `StoreError` as above."""
        with self._lock:
            if self._looked is None or self._ticks() - self._looked >= FRESH:
                self._seen = self._look()
                self._looked = self._ticks()
            seen, error = self._seen
            if error is not None:
                raise StoreError(error)
            return None if seen is None else make(seen, self._agent(), self._journal)

    def forget(self) -> None:
        """Look anew with the next question."""
        with self._lock:
            self._looked = None

    def _look(self) -> tuple[Outlook | None, str | None]:
        agent = self._agent()
        try:
            self._journal.refresh()
            return outlook(
                agent.store,
                self._journal,
                agent.press.checks,
                agent.loaded.exceptions,
                agent.clock(),
                agent.loaded.programme,
            ), None
        except (AgentError, KeyError, OSError) as error:
            logger(__name__).warning("the store cannot be read", error=type(error).__name__, words=str(error))
            return None, str(error)
