"""Small random worlds for the laws: what lies in a simulated cloud, and what somebody cannot look at there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from agent.accounting import account
from agent.gathering import gather
from agent.material import Closing
from agent.report import Report
from agent.running import current, previous_manifest, run, sweeps_of
from agent.version import version
from collectors.resource import AccessKey, DataStore, Identity, Region
from collectors.resources import AnyResource
from tests.agent.living import Life, begin
from tests.agent.simulator import Simulator

WHOLE = os.environ.get("STARCADENCE_SWEEP") == "whole"
ACCOUNTS = ("111122223333", "444455556666", "777788889999")
REGIONS = ("eu-west-1", "us-east-1")
PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, time_zone: UTC, sweep_every: 10d}
scope: {aws: {organization: o-simulated01, role: starcadence-read}}
approved_exceptions: exceptions
services:
  - id: everything
    name: All of it
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-*: {owner: lead, responsibility: provider, slo: 50%, tolerance: 40%}
      CCM:4.1:IAM-*: {owner: lead, responsibility: provider}
      CCM:4.1:LOG-*: {owner: lead, responsibility: provider, slo: 30%}
  - id: tagged
    name: What carries the tag
    owner: lead
    level: 1
    ccm: 4.1.0
    scope: {tags: {service: tagged}}
    specifications: {"CCM:4.1:CEK-03": {owner: lead, responsibility: provider, slo: 50%}}
  - id: apart
    name: What lies in one account
    owner: lead
    level: 1
    ccm: 4.1.0
    scope: {accounts: ["444455556666"]}
    specifications: {"CCM:4.1:IAM-13": {owner: lead, responsibility: provider, tolerance: 50%}}
owners: {lead: {email: lead@cloud.example}}
"""
EVERY = timedelta(days=10)


def sized(tenth: int, whole: int) -> settings:
    """How many examples: the same few by default, many new ones in the whole sweep. A failing one is not shrunk: each is a whole life."""
    return settings(
        max_examples=whole if WHOLE else tenth, derandomize=not WHOLE, deadline=None, phases=[Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


@dataclass(frozen=True)
class Gaps:
    """What cannot be looked at."""

    cells: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    """Resources of which no fact is learned."""
    tags: frozenset[str] = frozenset()
    """Resources whose tags are not learned."""
    organization: bool = False
    regions: frozenset[str] = frozenset()
    unallocated: str = ""


@dataclass(frozen=True)
class World:
    """What there is."""

    resources: tuple[tuple[AnyResource, str], ...] = ()
    """Each with its collector."""
    accounts: tuple[str, ...] = ACCOUNTS
    gaps: Gaps = field(default_factory=Gaps)

    def into(self, cloud: Simulator) -> None:
        """Make the simulated cloud so."""
        gaps = self.gaps
        cloud.accounts = {one: REGIONS for one in self.accounts if one != gaps.unallocated}
        cloud.unallocated = {gaps.unallocated} - {""}
        cloud.denied, cloud.organization_denied, cloud.regions_denied = (
            set(gaps.cells),
            gaps.organization,
            set(gaps.regions),
        )
        cloud.resources.clear()
        for resource, collector in self.resources:
            cloud.put(self._seen(resource), collector)

    def _seen(self, resource: AnyResource) -> AnyResource:
        gaps = self.gaps
        if resource.id in gaps.facts:
            facts = {"encrypted": None, "console": None, "mfa": None, "activity_logged": None}
            resource = msgspec.structs.replace(resource, **{n: v for n, v in facts.items() if hasattr(resource, n)})
        return msgspec.structs.replace(resource, tags=None) if resource.id in gaps.tags else resource


def a_volume(
    place: tuple[str, str], number: int, encrypted: bool | None, tags: dict[str, str]
) -> tuple[AnyResource, str]:
    identity = f"arn:aws:ec2:{place[1]}:{place[0]}:volume/{number}"
    store = DataStore(
        id=identity, provider="aws", account=place[0], region=place[1], kind="volume", encrypted=encrypted, tags=tags
    )
    return store, "aws.volumes"


def a_user(account: str, number: int, mfa: bool | None, made: datetime | None = None) -> tuple[AnyResource, str]:
    keys = (AccessKey(active=True, created=made),) if made else ()
    user = Identity(
        id=f"arn:aws:iam::{account}:user/{number}", provider="aws", account=account, region="global", kind="user",
        tags={}, console=True, mfa=mfa, keys=keys, last_active=made, never_active=False,
    )  # fmt: skip
    return user, "aws.users"


def a_region(place: tuple[str, str], logged: bool | None) -> tuple[AnyResource, str]:
    region = Region(
        id=f"arn:aws:account::{place[0]}:region/{place[1]}", provider="aws", account=place[0], region=place[1],
        kind="region", tags={}, activity_logged=logged, volumes_encrypted_by_default=True,
    )  # fmt: skip
    return region, "aws.regions"


_places = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(REGIONS))
_fact = st.sampled_from([True, True, True, False, None])
_tags: st.SearchStrategy[dict[str, str]] = st.sampled_from([{}, {"service": "tagged"}, {"service": "other"}])
_made = st.sampled_from([None, datetime(2026, 6, 10, tzinfo=UTC), datetime(2026, 6, 25, tzinfo=UTC)])
"""Ninety days old in September."""
_resources = st.one_of(
    st.builds(a_volume, _places, st.integers(0, 3), _fact, _tags),
    st.builds(a_user, st.sampled_from(ACCOUNTS), st.integers(0, 1), _fact, _made),
    st.builds(a_region, _places, _fact),
)
worlds = st.builds(
    World,
    resources=st.lists(_resources, max_size=10, unique_by=lambda one: one[0].id).map(tuple),
    accounts=st.just(ACCOUNTS),
)


@st.composite
def blinded(draw: Any, world: World) -> World:
    """The same world, of which less can be seen."""
    keys = [
        f"aws/{one}/{region}/{collector}"
        for one in ACCOUNTS
        for collector, regions in (("aws.volumes", REGIONS), ("aws.regions", REGIONS), ("aws.users", ("global",)))
        for region in regions
    ]
    ids = [resource.id for resource, _ in world.resources] or [""]
    gaps = Gaps(
        cells=frozenset(draw(st.sets(st.sampled_from(keys), max_size=4))),
        facts=frozenset(draw(st.sets(st.sampled_from(ids), max_size=3))),
        tags=frozenset(draw(st.sets(st.sampled_from(ids), max_size=3))),
        organization=draw(st.sampled_from([False, False, False, True])),
        regions=frozenset(draw(st.sets(st.sampled_from(ACCOUNTS), max_size=1))),
        unallocated=draw(st.sampled_from(["", "", *ACCOUNTS])),
    )
    return World(resources=world.resources, accounts=world.accounts, gaps=gaps)


@contextmanager
def life() -> Iterator[Life]:
    """A life of the programme above, in a folder that is thrown away."""
    with TemporaryDirectory() as folder:
        found = begin(Path(folder), programme=PROGRAMME)
        World().into(found.cloud)
        yield found


def live(found: Life, *days: World | None) -> None:
    """One slot per world; `None` is a slot in which nothing ran."""
    agent = found.agent
    for world in days:
        if world is not None:
            world.into(found.cloud)
            run(agent)
        found.clock.now += EVERY


def reports(found: Life) -> dict[str, Report]:
    """Service -> report of the open cycle, as if it were sealed now."""
    agent, now = found.agent, found.clock.now
    opened = current(agent)
    swept = sweeps_of(agent, opened, now)
    told = {}
    for service in ("everything", "tagged", "apart"):
        closing = Closing(
            service=service, cycle=opened.cycle, interim=True, until=now, late=False, sweeps=swept,
            previous=previous_manifest(agent.journal, service),
        )  # fmt: skip
        material = gather(
            agent.store, agent.journal.entries, opened, closing, head=agent.journal.head, checks=agent.press.checks,
            fingerprint=agent.press.signer.fingerprint, tool=version(),
        )  # fmt: skip
        told[service] = account(material)
    return told
