"""Looking at a whole fake tenant as the agent does: discovery, cells, visits, verdicts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from collectors.azure.catalogue import COLLECTORS
from collectors.azure.cloud import Azure
from collectors.resources import AnyResource
from collectors.sighting import Estate, Visit
from collectors.visit import whole
from controls.assess import Judge
from controls.catalogue import CHECKS

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
BY_NAME = {one.name: one for one in COLLECTORS}
Verdicts = dict[tuple[str, str], str]


def visits(azure: Azure, estate: Estate, *names: str) -> list[Visit]:
    """Visits of all cells, or of those of some collectors."""
    chosen = [BY_NAME[name] for name in names] or list(COLLECTORS)
    return [azure.visit(cell, BY_NAME[cell.collector], {}) for cell in azure.cells(estate, chosen)]


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
