"""The simulated Google Cloud's process: `python -m agent.demo.google.server`."""

from datetime import UTC, datetime
from typing import Any

import grpc

from agent.demo.google.inventory import FakeInventory
from agent.demo.orders import obey, told

MOST = 1000
"""Assets per page, as Asset Inventory has it."""


class Google:
    """An inventory that holds what it is told to, under a story's clock."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.things: dict[str, dict[str, Any]] = {}
        self.shown: list[dict[str, Any]] = []
        self.denied: list[tuple[str, str]] = []
        self.out = False
        self.inventory = FakeInventory(assets=lambda: self.shown, page_size=MOST).start()
        self.port = self.inventory.port

    def do_clock(self, now: str) -> None:
        """Set the clock."""
        self.now = datetime.fromisoformat(now)
        self.inventory.read_time = int(self.now.timestamp())
        self.inventory.requests.clear()
        self.show()

    def do_outage(self, on: bool) -> None:  # noqa: FBT001 - a wire field
        """Begin or end an outage."""
        self.out = on
        self.refuse()

    def do_hold(self, things: dict[str, Any]) -> None:
        """Hold these assets under their keys; `None` drops one."""
        self.things = {key: one for key, one in (self.things | things).items() if one is not None}
        self.show()

    def do_deny(self, permission: str, where: str) -> None:
        """Refuse listings of a content (`IAM_POLICY`) of an asset type."""
        self.denied.append((where, permission))
        self.refuse()

    def do_allow(self, permission: str, where: str) -> None:
        """End a refusal."""
        self.denied.remove((where, permission))
        self.refuse()

    def show(self) -> None:
        """Let the inventory have it as it is now."""
        self.shown = [told(one, self.now) for _, one in sorted(self.things.items())]

    def refuse(self) -> None:
        """Let it refuse what is denied, or everything in an outage."""
        self.inventory.untroubled()
        if self.out:
            self.inventory.trouble(code=grpc.StatusCode.UNAVAILABLE)
        for where, content in self.denied:
            self.inventory.deny(where, content)


if __name__ == "__main__":
    obey(Google())
