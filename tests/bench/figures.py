"""Prints the figures of docs/performance.md, measured where it is called: `make bench`.

Each function below measures one thing and returns its lines. Nothing is asserted here; what must hold is held by tests and `.ci/`.
"""

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from agent.canonical import stamp
from agent.demo.beside import beside
from agent.demo.defects import broken
from agent.demo.google.defects import GOOGLE
from agent.demo.life import SWEEP_AT, ambient, live, prepare
from agent.demo.microsoft.defects import MICROSOFT
from agent.demo.names import ACCOUNTS
from agent.demo.seeding import seeded
from agent.demo.simulation import simulated
from agent.demo.story import BEGINS, Story
from agent.explaining import last_of
from agent.parts import read_part
from agent.record import Part
from agent.running import Agent, run
from tests.bench import sealing
from tests.bench.aws import aws
from tests.bench.azure import azure
from tests.bench.google import google
from tests.bench.judging import judging
from tests.bench.necessary import by_hand, compared
from tests.bench.sharing import sharing

STARTS = 9
SEALED = 1_000_000


def children() -> float:
    """CPU seconds of the processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start() -> Iterator[str]:
    """CPU time of `starcadence --help`."""
    seconds = []
    for _ in range(STARTS):
        before = children()
        subprocess.run([sys.executable, "-m", "agent.cli", "--help"], check=True, stdout=subprocess.DEVNULL)
        seconds.append(children() - before)
    yield f"--help: {statistics.median(seconds) * 1000:.0f} ms of CPU, median of {STARTS}"


def demonstration() -> Iterator[str]:
    """The whole demonstration, simulated cloud included, in a folder of its own."""
    command = Path(sys.executable).with_name("starcadence")
    with tempfile.TemporaryDirectory() as folder:
        before, began = children(), time.monotonic()
        subprocess.run([command, "--quiet", "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        wall, cpu = time.monotonic() - began, children() - before
        bundles = sorted(Path(folder).glob("demo/store/cycles/*/*/bundle-*.zip"))
        blobs = [path.stat().st_size for path in Path(folder).glob("demo/store/blobs/**/*") if path.is_file()]
        yield f"demo: {wall:.1f} s, {cpu:.1f} s of CPU in all processes, {peak():.0f} MiB at most in one of them"
        yield f"demo: {len(bundles)} bundles, {max(path.stat().st_size for path in bundles) / 1e6:.1f} MB the largest"
        yield f"demo: {len(blobs)} blobs in the store, {sum(blobs) / 1e6:.1f} MB"


def sweeps() -> Iterator[str]:
    """Calls of one sweep of the demo's estate against the list by hand; what an idle second sweep adds to the store."""
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated() as endpoint,
        beside(GOOGLE, MICROSOFT) as others,
        ambient(endpoint.url, others),
    ):
        home = Path(folder) / "demo"
        prepare(home)
        estate = broken(seeded(endpoint))
        agent, _ = live(home, estate, others, lambda _: None, until=BEGINS + timedelta(days=1))
        before = {shard.facts for part in parts_of(agent) for shard in part.shards}
        agent.clock.now = BEGINS + timedelta(days=2) + SWEEP_AT  # type: ignore[attr-defined]
        Story(estate, others).reach(agent.clock())
        endpoint.calls()
        used, began = time.process_time(), time.monotonic()
        ran = run(agent)
        wall, cpu = time.monotonic() - began, time.process_time() - used
        needed, made, otherwise = compared(by_hand(estate), endpoint.calls())
        added = {shard.facts for part in parts_of(agent) for shard in part.shards} - before
    assert ran.sweep is not None
    resources = sum(ran.sweep.resources["platform"].values())
    yield f"sweep: {resources} resources on three clouds, {ran.sweep.calls} calls"
    yield f"sweep: {made} calls of AWS, {needed} by hand, ratio {made / needed:.2f}"
    yield from otherwise
    yield f"sweep: {wall:.2f} s, {cpu:.2f} s of CPU, {cpu / ran.sweep.calls * 1000:.2f} ms a call, judging and storing included"
    yield f"idle second sweep: {len(added)} facts blobs added for AWS"


def seals() -> Iterator[str]:
    """A month of hourly sweeps against one of daily sweeps, of a million resources."""
    return sealing.figures(SEALED)


def parts_of(agent: Agent) -> Iterator[Part]:
    """The parts of the newest sweep that are of AWS: there nothing happens from the first sweep to the second."""
    sweep = last_of(agent.store, agent.journal)
    accounts = sorted(sweep.parts.keys() & ACCOUNTS.values())
    return (read_part(agent.store, f"sweeps/{stamp(sweep.slot)}", account) for account in accounts)


def peak() -> float:
    """MiB resident at most in one child so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print all of it."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {shutil.disk_usage('.').free // 10**9} GB free")
    for measure in (start, judging, aws, google, azure, sweeps, sharing, seals, demonstration):
        for line in measure():
            print(line, flush=True)


if __name__ == "__main__":
    main()
