"""The status page of a living daemon: served as an answer, written as a file, made anew when there is something new to see."""

from pathlib import Path

from agent.board import board
from agent.endpoint import Answer
from agent.errors import AgentError
from agent.journal import Journal
from agent.logs import logger
from agent.lookout import Lookout
from agent.manifest import Tier
from agent.observed import observe
from agent.outlook import Outlook
from agent.page.status import policy_of, render_status, write_status
from agent.running import Agent
from agent.store import Folder
from agent.work import Item, work

FOLDER = "status"
"""Beside the records of a store in a folder; no record, and rewritten."""


class StatusPage:
    """The page of one tier."""

    def __init__(self, lookout: Lookout, tier: Tier) -> None:
        self._lookout, self._tier = lookout, tier
        self._made: tuple[Outlook, str] | None = None

    def answer(self) -> Answer:
        """The page over HTTP. `StoreError` where the store cannot be read."""
        page = self._lookout.ask(self._page)
        if page is None:
            return Answer(body=b"not committed yet: type `starcadence commit`\n", status=503)
        headers = {"Content-Security-Policy": f"{policy_of(page)}; frame-ancestors 'none'"}
        return Answer(body=page.encode(), kind="text/html; charset=utf-8", headers=headers)

    def write(self, agent: Agent, folder: Path | None) -> None:
        """Write the page to a folder, or into a store that is one; what hinders it is said in the log and ends nothing."""
        store = agent.store
        target = folder or (store.root / FOLDER if isinstance(store, Folder) else None)
        if target is None:
            return
        try:
            self._lookout.forget()
            page = self._lookout.ask(self._page)
            if page is not None:
                write_status(target, page)
        except AgentError as error:
            logger(__name__).warning("the status page was not written", words=str(error))

    def _page(self, view: Outlook, agent: Agent, journal: Journal) -> str:
        if self._made is None or self._made[0] is not view:
            self._made = view, render_status(board(view, agent.store, journal, to_do(view, agent, journal), self._tier))
        return self._made[1]


def to_do(view: Outlook, agent: Agent, journal: Journal) -> tuple[Item, ...]:
    """The work that is to be done as of an outlook."""
    said = agent.loaded
    observed = observe(agent.store, journal, said.programme, said.exceptions)
    return work(said.programme, observed, view.lives, view.renewals, said.exceptions, agent.press.checks, view.now)
