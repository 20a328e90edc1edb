"""Looking at a whole fake tenant as the agent does: discovery, cells, visits, verdicts."""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.demo.microsoft.azure import FakeAzure
from agent.programme import AzureScope
from agent.visiting import in_turn
from collectors.azure.catalogue import COLLECTORS
from collectors.azure.cloud import Azure
from collectors.collector import Cell, Collector
from collectors.resources import AnyResource
from collectors.sighting import Estate, Visit
from collectors.visit import whole
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.coverage import proven_text
from tests.fakes.azure_estate import TENANT, relax, settle

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
BY_NAME = {one.name: one for one in COLLECTORS}
Verdicts = dict[tuple[str, str], str]


def visits(azure: Azure, estate: Estate, *names: str) -> list[Visit]:
    """Visits of all cells, or of those of some collectors; of each account, what those stand beside is looked at before."""
    chosen = [BY_NAME[name] for name in names] or list(COLLECTORS)
    done: dict[str, Visit] = {}
    for collector in in_turn(joined(chosen)):
        for cell in azure.cells(estate, [collector]):
            done[cell.key] = azure.visit(cell, collector, _beside(cell, done))
    return [
        done.get(cell.key) or azure.visit(cell, BY_NAME[cell.collector], _beside(cell, done))
        for cell in azure.cells(estate, chosen)
    ]


def joined(chosen: Iterable[Collector]) -> Iterator[Collector]:
    """What some collectors stand beside, and what that stands beside."""
    open_, met = [name for one in chosen for name in one.beside], set[str]()
    while open_:
        name = open_.pop()
        if name not in met:
            met.add(name)
            open_ += BY_NAME[name].beside
            yield BY_NAME[name]


def _beside(cell: Cell, done: dict[str, Visit]) -> dict[str, tuple[AnyResource, ...] | None]:
    """What the collectors beside a cell's own saw of its account."""
    found = {name: done[f"azure/{cell.account}/global/{name}"] for name in BY_NAME[cell.collector].beside}
    return {name: tuple(resources([visit])) if visit.complete else None for name, visit in found.items()}


def resources(seen: list[Visit]) -> Iterator[AnyResource]:
    """What was seen, readings put back."""
    for visit in seen:
        readings = {one.id: one for one in visit.readings}
        for sighting in visit.sightings:
            yield whole(sighting, readings.get(sighting.resource.id))


def verdicts(seen: list[Visit]) -> Verdicts:
    """(Check, resource) -> outcome."""
    judge = Judge(CHECKS)
    return {
        (check.name, resource.id): str(verdict.outcome)
        for resource in resources(seen)
        for check, verdict in judge(resource, NOW)
    }


def outcomes(found: Verdicts) -> dict[str, set[str]]:
    """Check -> outcomes that something had."""
    by_check = defaultdict(set)
    for (check, _), outcome in found.items():
        by_check[check].add(outcome)
    return by_check


def main(target: Path) -> None:
    """Write what the fake tenant proves: `python -m tests.collectors.azure.looking controls/proven.json`."""
    server = settle(FakeAzure()).start()
    environment = {**os.environ, **server.environment()}
    os.environ.update(environment)
    azure = Azure(
        AzureScope(tenant=TENANT, credentials="managed identity"), pseudonym_key=b"key", environment=environment
    )
    estate = azure.discover()
    found = verdicts(visits(azure, estate))
    relax(server)
    found |= {
        (check, f"lax {name}"): outcome
        for (check, name), outcome in verdicts(visits(azure, estate, "azure.directory")).items()
    }
    found_by_check = outcomes(found)
    azure.close()
    server.stop()
    both = [check for check, said in found_by_check.items() if {"passed", "failed"} <= said]
    target.write_text(proven_text({**json.loads(target.read_text()), "azure": both}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
