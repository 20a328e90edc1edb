"""One look at the simulated estate with our collectors and checks: what a sweep does, without store, plan or cycle."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from agent.demo.canaries import EXTERNAL_ID
from agent.demo.defects import UNTOLD
from agent.demo.names import ACCOUNTS, ORGANIZATION, ROLE
from agent.programme import AwsScope, Exclusion
from agent.visiting import Visiting
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.gap import Gap
from collectors.resources import AnyResource
from collectors.sighting import Estate, Visit
from collectors.visit import whole
from controls.catalogue import CHECKS
from controls.verdict import Outcome

SCOPE = AwsScope(
    organization=ORGANIZATION,
    role=ROLE,
    external_id=EXTERNAL_ID,
    exclude=(Exclusion(account=ACCOUNTS["sandbox"], reason="no customer data", owner="platform-lead"),),
)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was seen and judged."""

    estate: Estate
    visits: tuple[Visit, ...]
    resources: tuple[AnyResource, ...]
    verdicts: dict[tuple[str, str], Outcome]

    @property
    def wrong(self) -> dict[tuple[str, str], Outcome]:
        """(check, resource id) of what failed or is unknown, but for what AWS never tells."""
        bad = {Outcome.FAILED, Outcome.UNKNOWN}
        return {key: it for key, it in self.verdicts.items() if it in bad and key[0] not in UNTOLD}

    @property
    def untold(self) -> set[Outcome]:
        """What was said where AWS never tells."""
        return {it for (check, _), it in self.verdicts.items() if check in UNTOLD}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for visit in self.visits for gap in visit.gaps)

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was called, as the cells recorded it."""
        recorded = [*self.estate.calls, *(call for visit in self.visits for call in visit.calls)]
        return Counter(call.operation for call in recorded)

    def outcomes(self, outcome: Outcome) -> set[str]:
        """Names of the checks that gave it at least once."""
        return {check for (check, _), it in self.verdicts.items() if it is outcome}


def look(now: datetime, scope: AwsScope = SCOPE) -> Look:
    """Discover, visit every cell, judge. The endpoint and credentials are the environment's."""
    with (
        closing(Aws(scope, session_name="sweep", pseudonym_key=bytes(32), sleep=lambda _: None)) as aws,
        ThreadPoolExecutor(16) as pool,
    ):
        estate = aws.discover()
        cells = aws.cells(estate, COLLECTORS)

        visiting = Visiting(COLLECTORS, cells, pool, aws.visit, blind=bool(estate.gaps))
        visits = tuple(one.result() for each in estate.members for one in visiting.account(each.account))
    resources = tuple(resource for visit in visits for resource in wholes(visit))
    verdicts = {
        (check.name, resource.id): check.judge(resource, now=now).outcome
        for resource in resources
        for check in CHECKS
        if isinstance(resource, check.judges)
    }
    return Look(estate=estate, visits=visits, resources=resources, verdicts=verdicts)


def wholes(visit: Visit) -> list[AnyResource]:
    """The resources of a visit, with their readings."""
    readings = {reading.id: reading for reading in visit.readings}
    return [whole(one, readings.get(one.resource.id)) for one in visit.sightings]
