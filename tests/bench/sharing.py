"""What dividing a sweep saves and costs: the same sweep by one process, by shards, and by the workers of a Dask cluster.

Shards look at a simulator that takes its time over each cell, as a provider does over the network: what is measured is our own machinery
over one store. The cluster is measured by what it adds to a sweep that is over at once.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.jointly import run_share
from agent.share import Share
from tests.agent.living import Life, begin
from tests.agent.simulator import REGIONS, STORES, USERS, Simulator
from tests.agent.test_grid import certified, cluster, desk
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate

ACCOUNTS = 192
CELL = 0.5
"""Seconds that looking at one cell takes."""
COUNTS = (1, 2, 4, 8)
RUN = [sys.executable, "-m", "agent.cli", "--quiet", "run"]


class Slow(Simulator):
    """Takes its time."""

    def visit(self, *looked: Any) -> Any:
        """As the simulator, later."""
        time.sleep(CELL)
        return super().visit(*looked)


def sharing() -> Iterator[str]:
    """Wall time and CPU of one sweep, by how many processes share it; then what a cluster adds."""
    with tempfile.TemporaryDirectory() as folder:
        empty = begin(Path(folder) / "empty")
        cells = ACCOUNTS * 5
        yield f"sharing: {ACCOUNTS} accounts, {cells} cells of {CELL} s"
        for count in COUNTS:
            copied = Path(shutil.copytree(empty.folder, Path(folder) / f"{count}"))
            wall, cpu = _measured(lambda copied=copied, count=count: _forked(copied, count))
            how = "one process" if count == 1 else f"{count} shards"
            yield f"sharing: {how}: {wall:.1f} s, {cpu:.1f} s of CPU in all, {cells * CELL / wall:.0f} cells at once"
    yield from _cluster()


def _forked(folder: Path, count: int) -> None:
    children = [_child(folder, Share(index=index, count=count)) for index in range(count)]
    assert [os.waitpid(one, 0)[1] for one in children] == [0] * count
    assert list(folder.glob("store/sweeps/*/sweep.json"))


def _child(folder: Path, share: Share) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        slow = Slow(collectors=(STORES, USERS, replace(REGIONS, needs=(STORES.name,))))
        slow.accounts = {
            f"{number:012}": ("eu-west-1", "us-east-1") for number in range(111122220000, 111122220000 + ACCOUNTS)
        }
        life = begin_in(folder, slow)
        run_share(life.agent, share)
        status = 0
    except BaseException:
        traceback.print_exc()  # nobody above would: the child ends here
        raise
    finally:
        os._exit(status)


def begin_in(folder: Path, cloud: Simulator) -> Life:
    """The committed programme of a folder, over a cloud."""
    from tests.agent.simulator import Clock

    return Life(folder=folder, cloud=cloud, clock=Clock())


def _cluster() -> Iterator[str]:
    estate = Estate(accounts=("111122223333", "222233334444"), regions=("eu-west-1",))
    server = FakeAws(answers=estate.answer).start()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        ambient(monkeypatch, estate.management, server.url)
        home = desk(Path(folder) / "alone")
        _run([*RUN[:-1], "commit"], home)
        joined = Path(shutil.copytree(home, Path(folder) / "joined"))
        wall, _ = _measured(lambda: _run(RUN, home))
        yield f"sharing: a sweep of 2 accounts at once, one process: {wall:.1f} s"
        with cluster(Path(folder), certified(Path(folder) / "tls"), programme=joined / "programme.yaml") as (
            scheduler,
            _,
        ):
            tls = [f"--tls-{name}={getattr(scheduler, name)}" for name in ("ca", "cert", "key")]
            wall, _ = _measured(
                lambda: _run([*RUN, "--executor=dask", f"--scheduler={scheduler.address}", *tls], joined)
            )
            yield f"sharing: the same on 2 workers of a Dask cluster that stands: {wall:.1f} s"
    server.stop()


def _run(words: list[str], home: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(words, cwd=home, check=True, stdout=subprocess.DEVNULL, env=environment)


def _measured(work: Callable[[], None]) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    for line in sharing():
        print(line, flush=True)
