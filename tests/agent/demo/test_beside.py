"""The simulated Google Cloud and Azure through the real clients: nothing is wrong with them but what their tables say, at any instant."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from agent.demo.beside import Beside, Scenery, beside, expected
from agent.demo.canaries import CANARIES, CONTACT, PASSWORD, PERSON, SECRET_KEY
from agent.demo.google.defects import GOOGLE
from agent.demo.microsoft.defects import MICROSOFT
from agent.demo.microsoft.rows import TENANT
from agent.demo.story import BEGINS, ENDS
from agent.programme import AzureScope, GcpScope
from agent.visiting import Visiting
from collectors.azure.catalogue import COLLECTORS as AZURE
from collectors.azure.cloud import Azure
from collectors.collector import Collector
from collectors.gap import Gap
from collectors.gcp.catalogue import COLLECTORS as GCP
from collectors.gcp.cloud import Gcp
from collectors.sighting import Visit
from controls.catalogue import CHECKS
from controls.unproven import UNPROVEN
from controls.verdict import Outcome
from tests.agent.demo.looking import wholes

DAY = timedelta(days=1)
BOTH = pytest.mark.parametrize("scenery", [GOOGLE, MICROSOFT], ids=["gcp", "azure"])
Wrong = dict[tuple[str, str], Outcome]


@pytest.fixture(scope="module")
def clouds() -> Iterator[dict[str, Beside]]:
    with beside(GOOGLE, MICROSOFT) as running:
        yield {one.scenery.provider: one for one in running}


@pytest.fixture
def look(clouds: dict[str, Beside], monkeypatch: pytest.MonkeyPatch):
    """Looks at one of the clouds, as it is at an instant."""

    def looked(scenery: Scenery, now: datetime) -> tuple[Wrong, list[Gap]]:
        cloud = clouds[scenery.provider]
        cloud.scenery = scenery
        cloud.reach(now)
        for name, value in scenery.environment(cloud.endpoint.url).items():
            monkeypatch.setenv(name, value)
        seen = visits(scenery.provider)
        kept = msgspec.json.encode(seen)
        assert [canary for canary in CANARIES if canary.encode() in kept] == []
        return wrong(scenery.provider, seen, now)

    return looked


def opened(provider: str) -> tuple[Gcp | Azure, tuple[Collector, ...]]:
    """A sweep of a cloud that never sleeps, and who collects in it."""
    how = {"pseudonym_key": bytes(32), "sleep": lambda _: None}
    if provider == "gcp":
        return Gcp(GcpScope(organization="778899001122"), session_name="sweep", **how), GCP
    return Azure(AzureScope(tenant=TENANT, credentials="managed identity"), **how), AZURE


def visits(provider: str) -> tuple[Visit, ...]:
    """One look at all of a cloud."""
    cloud, collectors = opened(provider)
    with closing(cloud), ThreadPoolExecutor(4) as pool:
        estate = cloud.discover()
        assert estate.gaps == ()
        cells = cloud.cells(estate, collectors)
        visiting = Visiting(collectors, cells, pool, cloud.visit, blind=False)
        return tuple(
            one.result() for account in sorted({cell.account for cell in cells}) for one in visiting.account(account)
        )


def wrong(provider: str, seen: tuple[Visit, ...], now: datetime) -> tuple[Wrong, list[Gap]]:
    """What failed or is unknown, but for what the cloud never says; and every gap."""
    unsaid = {check for check, reason in UNPROVEN[provider].items() if reason.why == "unsaid"}
    found = {
        (check.name, resource.id): check.judge(resource, now=now).outcome
        for visit in seen
        for resource in wholes(visit)
        for check in CHECKS
        if isinstance(resource, check.judges)
    }
    bad = {Outcome.FAILED, Outcome.UNKNOWN}
    kept = {key: it for key, it in found.items() if it in bad and not (it is Outcome.UNKNOWN and key[0] in unsaid)}
    return kept, [gap for visit in seen for gap in visit.gaps]


@BOTH
def test_nothing_is_wrong_before_it_is_broken(look, scenery):
    sound = replace(scenery, defects=(), withdrawn=())
    apart = {
        ("dormant_identities_are_disabled", f"/tenants/{TENANT}/applications/app-{name}") for name in ("deploy", "sync")
    }
    found, gaps = look(sound, BEGINS + DAY)
    assert found.keys() == (apart if scenery is MICROSOFT else set())
    assert gaps == []


@BOTH
@pytest.mark.parametrize("days", [0, 19, 36], ids=["first", "withdrawn", "last"])
def test_what_is_wrong_is_what_the_table_says(look, scenery, days):
    now = BEGINS + days * DAY + timedelta(hours=6)
    found, gaps = look(scenery, now)
    assert found == expected(scenery, now)
    withdrawn = [one for one in scenery.withdrawn if one.begins <= now < one.ends]
    assert bool(gaps) == bool(withdrawn)


@BOTH
def test_an_outage_shows_nothing_and_ends(look, clouds, scenery):
    now, cloud = BEGINS + timedelta(hours=6), clouds[scenery.provider]
    look(scenery, now)
    cloud.reach(now, out=True)
    with closing(opened(scenery.provider)[0]) as dark:
        assert [gap.reason for gap in dark.discover().gaps] != []
    assert look(scenery, now)[0] == expected(scenery, now)


@pytest.mark.slow
@pytest.mark.whole
def test_it_ends_with_its_user():
    with beside(GOOGLE, MICROSOFT) as running:
        processes = [one.endpoint.process for one in running]
    assert [process.returncode for process in processes] == [0, 0]


@pytest.mark.slow
@pytest.mark.whole
@BOTH
def test_every_day_of_the_story_is_as_the_table_says(look, scenery):
    now = BEGINS + timedelta(hours=6)
    while now < ENDS:
        assert look(scenery, now)[0] == expected(scenery, now), now
        now += DAY


@pytest.mark.parametrize(
    ("scenery", "secrets"), [(GOOGLE, {CONTACT, PASSWORD, SECRET_KEY}), (MICROSOFT, {CONTACT, PASSWORD, PERSON})]
)
def test_secrets_stand_where_real_estates_have_them(scenery, secrets):
    """So that a look which keeps none of them says something."""
    assert {canary for canary in CANARIES if canary in repr(scenery.sound())} == secrets


@BOTH
def test_the_table_has_something_of_everything(scenery):
    rows = scenery.defects
    assert len({row.check for row in rows if row.outcome is Outcome.FAILED}) >= 15
    assert {row.check for row in rows} <= {check.name for check in CHECKS}
    assert any(row.ends for row in rows if row.seed) and any(
        row.begins for row in rows if row.seed and not row.by_itself
    )
    assert any(row.by_itself for row in rows) and any(row.outcome is Outcome.UNKNOWN and row.ends for row in rows)
    assert all(BEGINS < at < ENDS for row in rows for at in (row.begins, row.ends) if at)
