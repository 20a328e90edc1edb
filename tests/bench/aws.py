"""AWS at 1, 10, 100 and 1,000 accounts, over TLS with 50 ms of latency: calls, time over the latency floor, CPU a call, memory, throttles.

The server is a process of its own: the model-driven fake of the tests, whose answers are kept by what was asked and given again with
the asking account's id, behind token buckets at the rates that AWS publishes. Every account holds what the fake estate holds in two
regions (`tests/fakes/estate.py`); nothing is cached on our side.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.programme import Aggregator, AwsScope, Exclusion
from agent.sweeping import VISITS, WINDOW
from agent.tidying import rarely
from agent.visiting import Visiting
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from tests.bench.fleet import AGGREGATED, CANONICAL, LATENCY, MEMBER
from tests.bench.minimum import of_members

SIZES = tuple(int(one) for one in os.environ.get("STARCADENCE_ACCOUNTS", "1,10,100").split(","))
"""Accounts of the organisations that are measured; a thousand take ten minutes."""
CONCURRENCY = 32
ORGANISATION = Aggregator(name="organisation", account=CANONICAL, region="eu-west-1")
"""That of `tests/fakes/aggregated.py`."""


def aws() -> Iterator[str]:
    """A line for each size, and one for the same by an aggregator of AWS Config where the fleet has one (`STARCADENCE_AGGREGATOR=1`)."""
    with serving() as (url, roots, control):
        for size in SIZES:
            directly = measured(size, "", url, roots, control)
            yield directly.line(f"AWS: {size:,} accounts")
            if AGGREGATED:
                bulk = measured(size, ORGANISATION.name, url, roots, control)
                saved = 1 - bulk.found["calls"] / directly.found["calls"]
                yield bulk.line(f"AWS by an aggregator, {saved:.0%} of the calls saved: {size:,} accounts")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One sweep of a process of its own, so that memory is its own."""

    size: int
    found: dict[str, float]
    throttles: int

    def line(self, title: str) -> str:
        """As it is printed."""
        found, floor = self.found, self.found["calls"] * LATENCY / CONCURRENCY
        return (
            f"{title}, {found['resources']:,} resources, {found['calls']:,} calls "
            f"({found['calls'] / of_members(self.size):.2f} times those by hand) in {found['wall']:.1f} s "
            f"({found['wall'] / floor:.2f} times calls x latency / {CONCURRENCY}), "
            f"{found['cpu'] / found['calls'] * 1000:.2f} ms of CPU a call, {found['peak']:.0f} MiB at most, "
            f"{self.throttles} throttled, {found['gaps']} gaps"
        )


def measured(size: int, aggregator: str, url: str, roots: str, control: Any) -> Measured:
    """A sweep of so many accounts, by that aggregator if one is named."""
    control(str(size))
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.aws", str(size), aggregator], check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **environment(url, roots)},
    ).stdout  # fmt: skip
    return Measured(size=size, found=json.loads(said), throttles=json.loads(control("counts"))["throttled"])


def environment(url: str, roots: str) -> dict[str, str]:
    """An agent's environment whose provider answers at `url`."""
    return {
        "AWS_ENDPOINT_URL": url, "AWS_CA_BUNDLE": roots, "AWS_ACCESS_KEY_ID": f"AKIAFAKE{CANONICAL}", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip


def sweep(size: int, aggregator: str) -> None:
    """Look at everything once; print what it took as JSON."""
    others = (Exclusion(account=MEMBER, reason="not of this size", owner="bench"),) if size == 1 else ()
    scope = AwsScope(
        organization="o-exampleorg1", role="Audit", exclude=others, aggregator=ORGANISATION if aggregator else None
    )
    cloud = Aws(scope, session_name="bench", pseudonym_key=b"bench", concurrency=CONCURRENCY)
    used, began = time.process_time(), time.monotonic()
    estate = cloud.discover()
    cells = cloud.cells(estate, COLLECTORS)
    found = Counter({"calls": len(estate.calls), "gaps": len(estate.gaps)})
    with rarely(), ThreadPoolExecutor(VISITS) as pool:
        visiting = Visiting(COLLECTORS, cells, pool, cloud.visit, blind=bool(estate.gaps))
        accounts = [member.account for member in estate.members if member.state == "in scope"]
        begun = [visiting.account(account) for account in accounts[:WINDOW]]
        for number in range(len(accounts)):
            for future in begun.pop(0):
                visit = future.result()
                found.update(calls=len(visit.calls), gaps=len(visit.gaps), resources=len(visit.sightings))
            if number + WINDOW < len(accounts):
                begun.append(visiting.account(accounts[number + WINDOW]))
    wall, cpu = time.monotonic() - began, time.process_time() - used
    cloud.close()
    assert len(accounts) == size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "wall": wall, "cpu": cpu, "peak": peak}))


@contextmanager
def serving() -> Iterator[tuple[str, str, Any]]:
    """The server in a process of its own: its address, its root certificate, and how to tell it things."""
    with tempfile.TemporaryDirectory() as folder:
        made = [sys.executable, "-m", "tests.bench.provider", folder]
        server = subprocess.Popen(made, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert server.stdin is not None
        assert server.stdout is not None
        told, answers = server.stdin, server.stdout

        def control(word: str) -> str:
            told.write(word + "\n")
            told.flush()
            return answers.readline()

        try:
            yield f"https://localhost:{answers.readline().strip()}", str(Path(folder) / "root.pem"), control
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    sweep(int(sys.argv[1]), sys.argv[2])
