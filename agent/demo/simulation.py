"""Starts and stops the simulated cloud, and gives it orders."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from agent.errors import AgentError


class SimulationError(AgentError):
    """The simulated cloud did not start, or did not obey."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A running simulated cloud: its address, and the orders that it obeys."""

    url: str
    process: "subprocess.Popen[str]"
    complaints: IO[bytes]
    """What the process wrote on standard error: tracebacks of requests that moto broke on."""

    def order(self, do: str, **fields: Any) -> Any:
        """Give one order and wait for its answer. Raises `SimulationError` if it could not be carried out."""
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        except (OSError, ValueError) as error:
            raise SimulationError("the simulated cloud has ended; run the demo again") from error
        if "fault" in answer:
            raise SimulationError(f"the simulated cloud could not {do}: {answer['fault']}")
        return answer["done"]

    def clock(self, now: datetime) -> None:
        """Set its clock."""
        self.order("clock", now=now.isoformat())

    def outage(self, *, on: bool) -> None:
        """Begin or end an outage, in which every request is answered with 503."""
        self.order("outage", on=on)

    def deny(self, account: str, operation: str, resource: str) -> None:
        """Refuse `service.Operation` on what `resource` names, in one account."""
        self.order("deny", account=account, operation=operation, resource=resource)

    def allow(self, account: str, operation: str, resource: str) -> None:
        """End a refusal."""
        self.order("allow", account=account, operation=operation, resource=resource)

    def undress(self, account: str, regions: Iterable[str]) -> None:
        """Do away with the networks that came with an account, as a landing zone does."""
        self.order("undress", account=account, regions=list(regions))

    def root(self, account: str, *, mfa: bool, keys: bool) -> None:
        """Say how the root user of an account signs in."""
        self.order("root", account=account, mfa=mfa, keys=keys)

    def used(self, account: str, user: str, at: datetime | None = None) -> None:
        """Say when a user last used the password and the active keys; without a time: every day."""
        self.order("used", account=account, user=user, at=at and at.isoformat())

    def delivered(self, trail: str, at: datetime | None = None) -> None:
        """Say when a trail (by ARN) delivered for the last time; without a time, that it delivers again."""
        self.order("delivered", trail=trail, at=at and at.isoformat())

    def weekly(self, account: str, region: str, volumes: Iterable[str]) -> None:
        """Say which volumes of an account and region are backed up every week: all of them."""
        self.order("weekly", account=account, region=region, volumes=list(volumes))

    def unmask(self, account: str) -> None:
        """Say that no policy of the account masks what its log groups must not show."""
        self.order("unmask", account=account)

    def tell(self, *lines: Mapping[str, Any]) -> None:
        """Say what is answered where moto has no answer: `agent.demo.told.Told.tell`, once for each line."""
        self.order("tell", lines=lines)

    def calls(self) -> dict[str, int]:
        """How often each `service.Operation` was called since the last time of asking."""
        counted: dict[str, int] = self.order("calls")
        return counted


def simulated() -> AbstractContextManager[Endpoint]:
    """The simulated AWS."""
    return started("agent.demo.server")


@contextmanager
def started(module: str) -> Iterator[Endpoint]:
    """A simulated cloud on 127.0.0.1, in a process of its own so that both cores work; ended and waited for on the way out.

    Needs the extra `demo`. Raises `SimulationError` when it does not start.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 - a module of our own, by our own interpreter
            [sys.executable, "-W", "ignore", "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True, env=environment(),
        )  # fmt: skip
        try:
            assert process.stdout
            if not (line := process.stdout.readline()):
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").strip().rpartition("\n")[2]
                raise SimulationError(f"the simulated cloud did not start ({said}); install starcadence[demo]")
            yield Endpoint(url=f"http://127.0.0.1:{json.loads(line)['port']}", process=process, complaints=complaints)
        finally:
            end(process)


def environment() -> dict[str, str]:
    """Its environment: ours without AWS settings, so that no real credentials come near it, and with our import path."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    return ours | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


def end(process: "subprocess.Popen[str]") -> None:
    """Close its standard input, which ends it; insist after five seconds."""
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
