"""The process of a simulated cloud beside that of AWS: it serves from threads, and obeys orders on standard input until that ends.

One JSON object per line, `{"do": name, ...}`, answered by one JSON line, as `agent.demo.server` does.
"""

import json
import os
import re
import sys
from datetime import datetime, timedelta
from typing import Any, Protocol

LIVING = re.compile(r"now([+-]\d+)h")
"""How an estate words an instant that goes along with the clock: `now-6h`, six hours before."""


class Stage(Protocol):
    """A simulated cloud: `do_...` carries out the order of that name."""

    port: int

    def do_clock(self, now: str) -> None:
        """Set the clock."""

    def do_outage(self, on: bool) -> None:  # noqa: FBT001 - a wire field
        """Begin or end an outage: nobody is answered."""

    def do_hold(self, things: dict[str, Any]) -> None:
        """Hold these things under their keys; `None` drops one."""

    def do_deny(self, permission: str, where: str) -> None:
        """Take a permission from the caller."""

    def do_allow(self, permission: str, where: str) -> None:
        """Give it back."""


def obey(stage: Stage) -> None:
    """Say the port, carry out orders, and end at once with standard input: the process never outlives who started it."""
    say({"port": stage.port})
    for line in sys.stdin:
        order = json.loads(line)
        try:
            say({"done": getattr(stage, f"do_{order.pop('do')}")(**order)})
        except Exception as fault:  # noqa: BLE001 - told to whoever gave the order, who raises it
            say({"fault": f"{type(fault).__name__}: {fault}"})
    os._exit(0)  # nothing of a simulation needs an orderly end


def say(words: dict[str, Any]) -> None:
    """One line on standard output."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def told(value: Any, now: datetime) -> Any:
    """The same value with every living instant in it as it is now."""
    match value:
        case str() if found := LIVING.fullmatch(value):
            return f"{now + timedelta(hours=int(found[1])):%Y-%m-%dT%H:%M:%SZ}"
        case dict():
            return {key: told(one, now) for key, one in value.items()}
        case list():
            return [told(one, now) for one in value]
    return value
