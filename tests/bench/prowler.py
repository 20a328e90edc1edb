"""Prowler and Starcadence beside each other on one account: requests, CPU, peak memory and time, and what denied operations do to either.

`python -m tests.bench.prowler` installs Prowler, pinned, into a throw-away environment (1.4 GB; `STARCADENCE_PROWLER` names one that is
there), and starts `tests.bench.account`. One account, because Prowler reads one a run; plain HTTP and no throttling, which favours it. The
scope is equal: the services below, two regions, all checks that either tool has for them.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.fleet import READ_BY_US, SERVICES

PINNED = "prowler==5.46.0"
SIZES = tuple(int(one) for one in os.environ.get("STARCADENCE_PROWLER_SIZES", "1").split(","))
"""How many times the mix of `tests.bench.account` is in the account: 1 is about a thousand resources."""
REGIONS = ("eu-west-1", "us-east-1")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run of one tool took."""

    cpu: float
    peak: float
    """MiB."""
    wall: float
    asked: Counter[str]
    results: dict[str, Counter[str]]
    """Check -> how often which outcome."""

    def __str__(self) -> str:
        return (
            f"{self.cpu:.1f} s of CPU, {self.peak:.0f} MiB at most, {self.asked.total():,} requests, {self.wall:.1f} s"
        )


class Beside:
    """Both tools and the server between them."""

    def __init__(self, server: "subprocess.Popen[str]", port: str, prowler: str, folder: Path) -> None:
        self.server, self.port, self.prowler, self.folder = server, port, prowler, folder

    def tell(self, **order: Any) -> Any:
        """Give the server an order."""
        assert self.server.stdin
        assert self.server.stdout
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        return json.loads(self.server.stdout.readline())

    def theirs(self) -> Run:
        """Prowler, once."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        command = [
            self.prowler, "aws", "--service", *SERVICES, "--region", *REGIONS, "--output-formats", "csv", "--output-directory", str(out),
            "--output-filename", "found", "--no-banner", "--no-color", "--ignore-exit-code-3", "--log-level", "CRITICAL",
        ]  # fmt: skip
        measured = self._measured(command)
        found: dict[str, Counter[str]] = defaultdict(Counter)
        with next(out.glob("found*.csv")).open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter=";"):
                found[row["CHECK_ID"]][row["STATUS"]] += 1
        return Run(**measured, results=found)

    def ours(self) -> Run:
        """Starcadence, once: discover, visit and judge."""
        out = Path(tempfile.mkdtemp(dir=self.folder)) / "found.json"
        measured = self._measured([sys.executable, "-m", "tests.bench.looking", str(out), *READ_BY_US])
        found = {check: Counter(outcomes) for check, outcomes in json.loads(out.read_text()).items()}
        return Run(**measured, results=found)

    def _measured(self, command: list[str]) -> dict[str, Any]:
        self.tell(asked=True)
        began = time.monotonic()
        process = subprocess.Popen(command, env=self._environment(), stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        assert status == 0, command
        asked = Counter(self.tell(asked=True))
        wall = time.monotonic() - began
        return {"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024, "wall": wall, "asked": asked}

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}", "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "HOME": str(self.folder),
        }  # fmt: skip


def beside(size: int) -> Iterator[str]:
    """Lines of one size: both tools at two latencies, then with operations denied."""
    with running() as both:
        resources = both.tell(seed=size)
        whole = both.theirs(), both.ours()  # the first runs fill the server's memory
        yield f"{resources:,} resources; checks that say something: Prowler {len(whole[0].results)}, Starcadence {len(whole[1].results)}"
        for latency in (0.0, 0.03):
            both.tell(latency=latency)
            yield f"{latency * 1000:.0f} ms: Prowler {both.theirs()}"
            yield f"{latency * 1000:.0f} ms: Starcadence {both.ours()}"
        both.tell(latency=0)
        yield from denied(both, *whole)


def denied(both: Beside, theirs: Run, ours: Run) -> Iterator[str]:
    """What becomes of each tool's results when all read operations that both ask are refused."""
    shared = sorted(theirs.asked.keys() & ours.asked.keys() - KEPT)
    both.tell(deny=shared)
    after = both.theirs(), both.ours()
    yield f"denied: {len(shared)} operations that both ask: {', '.join(shared)}"
    vanished = sorted(theirs.results.keys() - after[0].results.keys())
    yield f"denied: of Prowler's {len(theirs.results)} checks {len(vanished)} vanish: {', '.join(vanished)}"
    for better, worse in (("PASS", "FAIL"), ("FAIL", "PASS")):
        turned = [
            check for check, found in after[0].results.items()
            if found[better] and not found[worse] and theirs.results.get(check, Counter())[worse] and not theirs.results[check][better]
        ]  # fmt: skip
        yield f"denied: {len(turned)} turn from only {worse} to only {better}: {', '.join(sorted(turned))}"
    known = {check: found for check, found in after[1].results.items() if found["passed"] or found["failed"]}
    yield f"denied: of ours {len(known)} of {len(ours.results)} still say passed or failed of anything: {', '.join(sorted(known))}"


KEPT = frozenset({"sts.GetCallerIdentity", "ec2.DescribeRegions"})
"""Without these neither begins."""


@contextmanager
def running() -> Iterator[Beside]:
    """The server, and Prowler's command, installed if it is not there."""
    with tempfile.TemporaryDirectory() as folder:
        prowler = os.environ.get("STARCADENCE_PROWLER") or installed(Path(folder) / "prowler")
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.account"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"},  # else hundreds of snapshots of AWS's own images
        )
        assert server.stdout
        try:
            yield Beside(server, server.stdout.readline().strip(), prowler, Path(folder))
        finally:
            server.kill()
            server.wait()


def installed(folder: Path) -> str:
    """Prowler's command in an environment of its own, outside of the checkout."""
    subprocess.run([".ci/uv", "venv", "--quiet", str(folder)], check=True)
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    subprocess.run([".ci/uv", "pip", "install", "--quiet", PINNED], check=True, env=environment)
    return str(folder / "bin" / "prowler")


def main() -> None:
    """Print all of it."""
    for size in SIZES:
        for line in beside(size):
            print(line, flush=True)


if __name__ == "__main__":
    main()
