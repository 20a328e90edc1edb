"""The first sweep of the demonstration's life: what it proves is a part of what counts as proven (`controls/proven.json`)."""

from agent.canonical import decode
from agent.record import Sweep
from agent.running import Agent


def first_sweep(agent: Agent) -> Sweep:
    """The first sweep of a life."""
    name = agent.store.children("sweeps")[0]
    return decode(agent.store.get(f"sweeps/{name}/sweep.json"), Sweep, what=name)
