"""Writes controls/proven.json anew from the simulated estate's first sweep: `make proven`, after a check or a defect was added."""

import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from agent.canonical import decode
from agent.demo.defects import broken
from agent.demo.life import ambient, live, prepare, proven
from agent.demo.seeding import seeded
from agent.demo.simulation import simulated
from agent.demo.story import BEGINS
from agent.record import Sweep
from agent.running import Agent
from controls.coverage import proven_text


def first_sweep(agent: Agent) -> Sweep:
    """The first sweep of a life."""
    name = agent.store.children("sweeps")[0]
    return decode(agent.store.get(f"sweeps/{name}/sweep.json"), Sweep, what=name)


def main(target: Path) -> None:
    """Live one day and write what it proves of AWS; what stands there of other clouds stays."""
    with tempfile.TemporaryDirectory() as folder, simulated() as endpoint, ambient(endpoint.url):
        home = Path(folder) / "demo"
        prepare(home)
        agent, _ = live(home, broken(seeded(endpoint)), lambda _: None, until=BEGINS + timedelta(days=1))
        found = {**json.loads(target.read_text()), "aws": proven(agent, first_sweep(agent))}
    target.write_text(proven_text(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
