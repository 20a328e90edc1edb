"""The simulated Azure's process: `python -m agent.demo.microsoft.server`."""

import itertools
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from agent.demo.microsoft.azure import FakeAzure, Trouble
from agent.demo.orders import obey, told

ROW = "row "
"""Keys of rows of Resource Graph begin so; every other key is the lower-case path of an answer."""


class Microsoft:
    """An Azure that holds what it is told to, under a story's clock. Its quota is that of callers who take their time."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.things: dict[str, Any] = {}
        self.azure = FakeAzure(clock=itertools.count(0.0, 10.0).__next__).start()
        self.port = int(self.azure.url.rpartition(":")[2])

    def do_clock(self, now: str) -> None:
        """Set the clock."""
        self.now = datetime.fromisoformat(now)
        self.azure.date = format_datetime(self.now.astimezone(UTC), usegmt=True)
        self.azure.asked.clear()
        self.show()

    def do_outage(self, on: bool) -> None:  # noqa: FBT001 - a wire field
        """Begin or end an outage."""
        self.azure.troubles = [Trouble(about="/", status=503, code="ServiceUnavailable")] if on else []

    def do_hold(self, things: dict[str, Any]) -> None:
        """Hold these rows and answers under their keys; `None` drops one."""
        self.things = {key: one for key, one in (self.things | things).items() if one is not None}
        self.show()

    def do_deny(self, permission: str, where: str) -> None:
        """Take a permission from the caller in a subscription."""
        self.azure.deny(permission, where)

    def do_allow(self, permission: str, where: str) -> None:
        """Give it back."""
        self.azure.allow(permission, where)

    def show(self) -> None:
        """Let the server have it as it is now."""
        shown = {key: told(one, self.now) for key, one in self.things.items()}
        self.azure.rows = [one for key, one in shown.items() if key.startswith(ROW)]
        self.azure.answers = {key: one for key, one in shown.items() if not key.startswith(ROW)}


if __name__ == "__main__":
    obey(Microsoft())
