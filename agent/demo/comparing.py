"""Holding what the agent found in the simulated clouds against the table of defects, cloud by cloud."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from agent.canonical import each, stamp
from agent.demo import beside
from agent.demo.beside import Beside
from agent.demo.defects import DEFECTS, expected
from agent.demo.estate import Estate
from agent.parts import read_part
from agent.record import Judged, Part, Sweep
from agent.running import Agent
from controls.verdict import Outcome

Table = Mapping[tuple[str, str], Outcome]
"""(check, resource id) of all that must not pass -> how."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One verdict that is not as the table of defects says."""

    slot: datetime
    check: str
    resource: str
    expected: str
    found: str


def tables(estate: Estate, others: Iterable[Beside], at: datetime) -> dict[str, Table]:
    """Cloud -> what must not pass there at an instant."""
    return {"aws": expected(estate, at), **{one.scenery.provider: beside.expected(one.scenery, at) for one in others}}


def rows(others: Iterable[Beside]) -> int:
    """How many rows the table of all clouds has."""
    return len(DEFECTS) + sum(len(one.scenery.defects) for one in others)


def compared(agent: Agent, sweep: Sweep, wanted: Mapping[str, Table]) -> Iterator[Difference]:
    """Hold a sweep's verdicts against the tables; nothing outside of them may fail or be unknown.

    A cloud of which some cell was unseen is left out.
    """
    parts = parts_of(agent, sweep)
    for provider, table in wanted.items():
        seen = [part for part in parts if part.provider == provider]
        if seen and all(cell.complete for part in seen for cell in part.cells):
            yield from differences(sweep.slot, verdicts(agent, seen), table)


def differences(slot: datetime, found: Mapping[tuple[str, str], str], table: Table) -> Iterator[Difference]:
    """Where the verdicts on one cloud are not as its table says."""
    for key in sorted({*table, *(key for key, outcome in found.items() if outcome in {"failed", "unknown"})}):
        wanted, got = str(table.get(key, Outcome.PASSED)), found.get(key, "not seen")
        if wanted != got:
            yield Difference(slot=slot, check=key[0], resource=key[1], expected=wanted, found=got)


def proven(agent: Agent, sweep: Sweep) -> dict[str, tuple[str, ...]]:
    """Cloud -> checks that gave at least one passed and one failed verdict there in a sweep."""
    found = {}
    for provider in sorted({part.provider for part in parts_of(agent, sweep)}):
        seen: dict[str, set[str]] = {}
        for (check, _), outcome in verdicts(
            agent, (one for one in parts_of(agent, sweep) if one.provider == provider)
        ).items():
            seen.setdefault(check, set()).add(outcome)
        found[provider] = tuple(sorted(name for name, outcomes in seen.items() if {"passed", "failed"} <= outcomes))
    return found


def parts_of(agent: Agent, sweep: Sweep) -> tuple[Part, ...]:
    """What each account gave."""
    return tuple(read_part(agent.store, f"sweeps/{stamp(sweep.slot)}", account) for account in sorted(sweep.parts))


def verdicts(agent: Agent, parts: Iterable[Part]) -> dict[tuple[str, str], str]:
    """(check, resource id) -> outcome."""
    return {
        (one.check, one.resource): one.outcome
        for part in parts
        for shard in part.shards
        for one in each(agent.store.read(shard.verdicts), Judged, what="verdicts")
    }
