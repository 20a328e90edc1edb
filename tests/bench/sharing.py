"""What dividing a sweep saves and costs: the same sweep by one process, by shards, and by the workers of a Dask cluster.

The provider is a fake that takes its time over each call, as a real one does over the network; every process starts anew, as a pod does.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.reading import load
from agent.running import commit
from tests.agent.test_grid import PROGRAMME, certified, cluster
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate

ACCOUNTS = 24
LATENCY = 0.2
"""Seconds that each call takes besides the fake's own work."""
COUNTS = (1, 2, 4)
RUN = [sys.executable, "-m", "agent.cli", "--quiet", "run"]


class Counting(Estate):
    """Takes its time, and counts."""

    def answer(self, request):
        """As the estate, later."""
        time.sleep(LATENCY)
        with self.lock:
            self.calls += 1
        return super().answer(request)


def sharing() -> Iterator[str]:
    """Wall time, calls and CPU of one sweep, by how it is divided."""
    import pytest

    estate = Counting(accounts=tuple(f"{number:012}" for number in range(111122220000, 111122220000 + ACCOUNTS)))
    estate.management, estate.calls, estate.lock = estate.accounts[0], 0, threading.Lock()
    server = FakeAws(answers=estate.answer).start()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        ambient(monkeypatch, estate.management, server.url)
        empty = _desk(Path(folder) / "empty")
        for count in COUNTS:
            wall, cpu, calls = _measured(estate, lambda count=count: _shards(_copy(empty, f"{count}"), count))
            how = "one process" if count == 1 else f"{count} shards"
            yield f"sharing: {how}: {wall:.1f} s, {calls} calls, {cpu:.1f} s of CPU, {_peak():.0f} MiB at most in one"
        with cluster(
            Path(folder), certified(Path(folder) / "tls"), programme=_copy(empty, "dask") / "programme.yaml"
        ) as (scheduler, _):
            tls = [f"--tls-{name}={getattr(scheduler, name)}" for name in ("ca", "cert", "key")]
            words = [*RUN, "--executor=dask", f"--scheduler={scheduler.address}", *tls]
            wall, _, calls = _measured(estate, lambda: _run(words, empty.with_name("dask")))
            yield f"sharing: 2 workers of a Dask cluster that is up: {wall:.1f} s, {calls} calls"
    server.stop()


def _shards(desk: Path, count: int) -> None:
    commands = [RUN if count == 1 else [*RUN, f"--shard={index}/{count}"] for index in range(count)]
    processes = [subprocess.Popen(one, cwd=desk, stdout=subprocess.DEVNULL, env=_environment()) for one in commands]
    assert [one.wait() for one in processes] == [0] * count
    assert list(desk.glob("store/sweeps/*/sweep.json"))


def _run(words: list[str], desk: Path) -> None:
    subprocess.run(words, cwd=desk, check=True, stdout=subprocess.DEVNULL, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def _measured(estate: Counting, work) -> tuple[float, float, int]:
    before, calls, began = resource.getrusage(resource.RUSAGE_CHILDREN), estate.calls, time.monotonic()
    work()
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, estate.calls - calls


def _desk(folder: Path) -> Path:
    folder.mkdir()
    (folder / "programme.yaml").write_text(PROGRAMME)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    commit(open_agent(load(folder / "programme.yaml")))
    return folder


def _copy(desk: Path, name: str) -> Path:
    return Path(shutil.copytree(desk, desk.with_name(name)))


def _peak() -> float:
    """MiB resident at most in one child so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    for line in sharing():
        print(line, flush=True)
