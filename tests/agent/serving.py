"""A real daemon as a process of its own, over the fake AWS: what the tests of signals and of Prometheus speak to."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.cycle import cycle_at, instant_in, slot_at
from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.reading import load
from agent.running import commit
from agent.zones import zone

PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: quarterly, sweep_every: 31d}
scope: {aws: {regions: [eu-west-1]}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:CEK-03": {owner: lead, responsibility: provider}}
owners: {lead: {email: lead@cloud.example}}
"""
ROOT = Path(__file__).parents[2]
LONG = 60.0
"""Seconds after which what was waited for will not come."""


def prepare(folder: Path, *, programme: str = PROGRAMME) -> Path:
    """A committed programme whose first sweep is due at once: the salt key is one whose instant has passed."""
    path = folder / "programme.yaml"
    path.write_text(programme)
    (folder / "keys").mkdir()
    make_signing_key(folder / "keys" / "signing.pem")
    _impatient(folder / "keys" / "salt.key")
    commit(open_agent(load(path)))
    return path


def _impatient(path: Path) -> None:
    now = datetime.now(UTC)
    slot = slot_at(cycle_at("quarterly", now, zone("UTC")), timedelta(days=31), now)
    while instant_in(slot, make_salt_key(path)) > now:
        path.unlink()


@dataclass
class Running:
    """A daemon that runs."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""
    seen: int = field(default=0)

    def events(self) -> list[dict]:
        """What its log says so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def until(self, event: str, *, more: int = 0) -> dict:
        """The log line of an event, once it is there for the `more`-th time again."""

        def look() -> list[dict]:
            return [one for one in self.events() if one["event"] == event]

        patient(lambda: len(look()) > more or self.process.poll() is not None)
        assert len(look()) > more, self.log.read_text()
        return look()[more]

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a path."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(LONG)


def start(programme: Path, *more: str) -> Running:
    """Start a daemon on a free port of the loopback, and wait until it answers."""
    log = programme.parent / f"log-{secrets.token_hex(4)}"
    command = [sys.executable, "-m", "agent.cli", "--log-format", "json", "daemon", "--programme", str(programme)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--listen", "127.0.0.1:0", *more],
            cwd=ROOT,
            stderr=stream,
            stdout=stream,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    running = Running(process, log)
    running.url = f"http://{running.until('answering')['address']}"
    return running


def patient(holds: Callable[[], object]) -> None:
    """Look until something holds, or for long enough."""
    until = time.monotonic() + LONG
    while not holds() and time.monotonic() < until:
        time.sleep(0.1)  # each look costs the daemon an answer
