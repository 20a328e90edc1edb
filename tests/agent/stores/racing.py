"""Eight replicas of one agent, each a process, over one store: `python -m tests.agent.stores.racing FOLDER NUMBER`.

The programme stands committed in FOLDER and names the store. Every replica lives through a month's end by itself, as fast as it can, with a
clock that is up to five minutes off. Children are forked before any SDK has opened a connection.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from agent.errors import Incomplete
from agent.running import run
from tests.agent.living import DAY, START, Life
from tests.agent.simulator import Clock, Simulator

DAYS = (0, 14, 29, 30, 31)
"""Days after the start on which every replica runs; the thirtieth is the first of October."""
SKEW = timedelta(minutes=5)


def cloud() -> Simulator:
    """What every replica sees: the same, and something fails."""
    found = Simulator()
    for name in ("one", "two", "three"):
        found.volume(name, encrypted=name != "two")
    return found


def live(folder: Path, number: int, of: int) -> None:
    """One replica."""
    life = Life(folder=folder, cloud=cloud(), clock=Clock(START))
    for day in DAYS:
        life.clock.now = START + day * DAY + timedelta(hours=1) + SKEW * number / of
        try:
            run(life.agent)
        except Incomplete:  # another replica has opened the next cycle, for whose clock it is October
            continue


def main(folder: Path, of: int) -> int:
    """Start them at once; 1 if one of them failed."""
    children = []
    for number in range(of):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                live(folder, number, of)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    return int(any(os.waitpid(child, 0)[1] for child in children))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
