"""One look at a fake inventory with the real client: what every cell saw, and what the checks say of it."""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.demo.google.inventory import FakeInventory
from agent.programme import GcpExclusion, GcpScope
from collectors.collector import Collector
from collectors.gap import Gap
from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.cloud import Gcp
from collectors.gcp.places import OVERRIDE
from collectors.redaction import Redactor
from collectors.resource import Resource
from collectors.sighting import Estate, Visit
from collectors.visit import whole
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.coverage import proven_text
from controls.verdict import Outcome
from tests.fakes.gcp_estate import organization

SCOPE = GcpScope(
    organization="123456789012", exclude=(GcpExclusion(folder="1002", reason="playground", owner="platform-lead"),)
)
KEY = b"pseudonyms"
NOW = datetime(2026, 11, 6, tzinfo=UTC)


@dataclass(kw_only=True)
class Look:
    """What came of it."""

    estate: Estate
    visits: dict[str, Visit] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    """(check, resource id) -> outcome."""

    @property
    def gaps(self) -> list[Gap]:
        """Of every cell."""
        return [gap for visit in self.visits.values() for gap in visit.gaps]

    @property
    def resources(self) -> dict[str, Resource]:
        """Everything that was seen, by cell and id."""
        found = {}
        for key, visit in self.visits.items():
            moving = {reading.id: reading for reading in visit.readings}
            for one in visit.sightings:
                found[f"{key} {one.resource.id}"] = whole(one, moving.get(one.resource.id))
        return found

    def having(self, outcome: Outcome) -> set[tuple[str, str]]:
        """(check, resource id) of one outcome."""
        return {key for key, found in self.verdicts.items() if found is outcome}


def look(scope: GcpScope = SCOPE, collectors: Iterable[Collector] = COLLECTORS) -> Look:
    """Discover, visit every cell and judge; pauses take no time."""
    cloud = Gcp(scope, session_name="starcadence-test", pseudonym_key=KEY, sleep=lambda _: None)
    try:
        found, judge = Look(estate=cloud.discover()), Judge(CHECKS)
        by_name = {one.name: one for one in collectors}
        for cell in cloud.cells(found.estate, collectors):
            visit = found.visits[cell.key] = cloud.visit(cell, by_name[cell.collector], {})
            moving = {reading.id: reading for reading in visit.readings}
            for sighting in visit.sightings:
                for check, verdict in judge(whole(sighting, moving.get(sighting.resource.id)), NOW):
                    found.verdicts[check.name, sighting.resource.id] = verdict.outcome
    finally:
        cloud.close()
    return found


def kept(text: str) -> str:
    """An id as it is kept: with a pseudonym for each person."""
    return Redactor(KEY).text(text)


def unwatched() -> Look:
    """The alarms of the organisation without the sink that records its people, at an inventory of its own."""
    estate = organization()
    estate.assets.remove(estate.named("/sinks/people"))
    server = FakeInventory(assets=estate.listed).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OVERRIDE, server.url)
        found = look(collectors=[one for one in COLLECTORS if one.name == "gcp.alarms"])
    server.stop()
    return found


def outcomes(looks: Iterable[Look]) -> dict[str, set[str]]:
    """Check -> outcomes that something had in some look."""
    found = defaultdict(set)
    for one in looks:
        for (check, _), outcome in one.verdicts.items():
            found[check].add(str(outcome))
    return found


def proven(looks: Iterable[Look]) -> list[str]:
    """Checks with at least one passed and one failed over some looks."""
    return sorted(check for check, seen in outcomes(looks).items() if {"passed", "failed"} <= seen)


def main(target: Path) -> None:
    """Write what the fake estate proves into `controls/proven.json`: `python -m tests.fakes.gcp_looking controls/proven.json`."""
    server = FakeInventory(assets=organization().listed).start()
    os.environ[OVERRIDE] = server.url
    found = {**json.loads(target.read_text()), "gcp": proven([look(), unwatched()])}
    server.stop()
    target.write_text(proven_text(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
