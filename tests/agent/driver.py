"""A life in a process of its own, to be killed or raced: `python -m tests.agent.driver FOLDER kill|race|shards NUMBER SEED`.

The programme stands committed in FOLDER (see `prepared`). Children are forked, so that what is paid for each is the life and not the
imports. A child goes on where the one before it was killed: the instant at which it ran lies in FOLDER/clock.
"""

import os
import random
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import Incomplete
from agent.jointly import run_share
from agent.share import Share
from agent.told import Patience
from tests.agent.living import Life, begin
from tests.agent.simulator import REGIONS as REGIONS_OF
from tests.agent.simulator import STORES, USERS, Clock, Simulator
from tests.agent.worlds import ACCOUNTS, EVERY, PROGRAMME, REGIONS, Gaps, World, a_region, a_user, a_volume

START = datetime(2026, 9, 1, tzinfo=UTC)
END = datetime(2026, 12, 11, tzinfo=UTC)


def prepared(folder: Path) -> Life:
    """A committed programme, and nothing done yet."""
    return begin(folder, programme=PROGRAMME)


def world(now: datetime) -> World:
    """What there is on a day: some of it fails, and some of it cannot be seen."""
    bad = now.day % 3
    denied = frozenset({f"aws/{ACCOUNTS[0]}/{REGIONS[0]}/aws.volumes"} if now.day > 20 else ())
    return World(
        (
            *(a_volume((ACCOUNTS[n % 3], REGIONS[n % 2]), n, n % 3 != bad, {"service": "tagged"}) for n in range(9)),
            *(a_user(account, 0, now.month % 2 == 0) for account in ACCOUNTS),
            *(a_region((account, region), True) for account in ACCOUNTS for region in REGIONS),
        ),
        gaps=Gaps(cells=denied),
    )  # fmt: skip


def life_in(folder: Path) -> Life:
    """The life that lies in a folder, at the instant at which it stopped."""
    at = folder / "clock"
    found = Life(folder=folder, cloud=Simulator(), clock=Clock(START))
    if at.exists():
        found.clock.now = datetime.fromisoformat(at.read_text())
    return found


def live_on(found: Life, *, pace: float = 0) -> None:
    """Run every ten days until the end, as a timer would."""
    while found.clock.now < END:
        world(found.clock.now).into(found.cloud)
        try:
            found.run()
        except Incomplete:  # another process is further on
            time.sleep(pace)
        found.clock.now += EVERY
        fresh = found.folder / f"clock.{os.getpid()}"
        fresh.write_text(found.clock.now.isoformat())
        fresh.replace(found.folder / "clock")


def _forked(folder: Path) -> int:
    """Process id of a child that lives on."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        live_on(life_in(folder))
        status = 0
    finally:
        os._exit(status)


def kill(folder: Path, number: int, seed: int) -> None:
    """Begin again and again, and be killed each time at a random moment."""
    chance = random.Random(seed)
    for _ in range(number):
        child = _forked(folder)
        time.sleep(chance.uniform(0.002, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def race(folder: Path, number: int) -> None:
    """Several at once. Raises `SystemExit` if one ended otherwise than well."""
    children = [_forked(folder) for _ in range(number)]
    ended = [os.waitpid(child, 0)[1] for child in children]
    if any(ended):
        sys.exit(f"processes ended with {ended}")


def shards(folder: Path, number: int, seed: int) -> None:
    """One sweep after the other by so many indices at once; some are killed, and begun again until they have ended well, as in a Job."""
    chance = random.Random(seed)
    found = life_in(folder)
    while found.clock.now < END:
        left = set(range(number))
        while left:
            children = {index: _index(folder, Share(index=index, count=number)) for index in sorted(left)}
            for index in chance.sample(sorted(left), chance.randint(0, len(left))):
                time.sleep(chance.uniform(0, 0.02))
                os.kill(children[index], signal.SIGKILL)
            left = {index for index, child in children.items() if os.waitpid(child, 0)[1] != 0}
        found.clock.now += EVERY
        (folder / "clock").write_text(found.clock.now.isoformat())


def _index(folder: Path, share: Share) -> int:
    """Process id of a child that takes one share of the sweep of this instant."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        found = life_in(folder)
        found.cloud.collectors = (STORES, USERS, replace(REGIONS_OF, needs=(STORES.name,)))
        world(found.clock.now).into(found.cloud)
        run_share(found.agent, share, Patience(seconds=0.3, every=0.01))
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    where, how, count, chosen = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    if how == "kill":
        kill(where, count, chosen)
    elif how == "shards":
        shards(where, count, chosen)
    else:
        race(where, count)
