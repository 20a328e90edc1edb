"""A programme over Azure, lived by the agent through the real clients: swept, sealed, replayed, and told what it lacks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.demo.microsoft.azure import FakeAzure, Trouble
from agent.errors import ProgrammeError, UsageError
from agent.keys import load_salt_key, make_salt_key, make_signing_key
from agent.opening import clouds_of, open_agent
from agent.preflight import preflight
from agent.reading import Loaded, load
from agent.replay import replay
from agent.running import Agent, commit, interim_bundles, run
from tests.agent.simulator import Clock
from tests.fakes.azure_estate import BAD, DISABLED, GOOD, TENANT, settle

PROGRAMME = f"""\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {{cycle: monthly, time_zone: UTC, sweep_every: 24h}}
scope:
  azure: {{tenant: {TENANT}, credentials: managed identity}}
services:
  - id: platform
    name: Example Platform
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications:
      "CCM:4.1:CEK-*": {{owner: lead, responsibility: provider}}
      "CCM:4.1:IAM-13": {{owner: lead, responsibility: provider}}
  - id: in-order
    name: Example in order
    owner: lead
    level: 1
    ccm: 4.0.13
    scope: {{accounts: [{GOOD}]}}
    specifications: {{"CCM:4.0:CEK-*": {{owner: lead, responsibility: provider}}}}
owners: {{lead: {{email: lead@cloud.example}}}}
"""


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAzure]:
    """The fake tenant, and the environment of an agent in it."""
    server = settle(FakeAzure(clock=Ticking())).start()
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


class Ticking:
    """A clock for the fake's quota that goes on ten seconds whenever it is looked at: nobody sleeps in these tests."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 10
        return self.now


def placed(folder: Path, programme: str = PROGRAMME) -> Loaded:
    """A programme with fresh keys."""
    (folder / "programme.yaml").write_text(programme)
    (folder / "keys").mkdir()
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    return load(folder / "programme.yaml", environment={})


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return placed(tmp_path)


@pytest.fixture
def agent(loaded: Loaded, azure: FakeAzure) -> Agent:
    """Committed, with the tenant behind it."""
    opening = clouds_of(load_salt_key(loaded.salt_key), sleep=lambda _: None)
    opened = open_agent(loaded, clock=Clock(datetime(2026, 11, 22, 4, tzinfo=UTC)), clouds=opening)
    commit(opened)
    return opened


def test_a_sweep_of_the_tenant_is_whole_and_replays(agent: Agent, tmp_path: Path) -> None:
    swept = run(agent).sweep
    assert swept is not None
    assert swept.complete
    assert swept.gaps == {}
    assert set(swept.parts) == {f"azure/{one}" for one in (GOOD, BAD, TENANT)}
    rotation = {service: swept.tallies[service]["keys_rotate"]["azure"] for service in ("platform", "in-order")}
    assert (rotation["platform"].passed, rotation["platform"].failed) == (1, 1)
    assert (rotation["in-order"].passed, rotation["in-order"].failed) == (1, 0)
    assert swept.resources["platform"]["Unjudged"] == 2
    later = agent.clock() + timedelta(hours=1)
    for path, report in interim_bundles(agent, later, tmp_path / "interim"):
        assert report.simulated, "nothing of this was read at Azure's own endpoints"
        assert replay(path).ok, replay(path).words


def test_an_idle_day_stores_no_facts_again(agent: Agent, loaded: Loaded) -> None:
    run(agent)
    clock = agent.clock
    assert isinstance(clock, Clock)
    before = set((loaded.path.parent / "store" / "blobs").rglob("*"))
    clock.now += timedelta(days=1)
    second = run(agent).sweep
    assert second is not None
    new = [path for path in set((loaded.path.parent / "store" / "blobs").rglob("*")) - before if path.is_file()]
    assert len(new) <= 3 * 4, "calls, standing and a few moving readings, no facts"


def test_a_silent_refusal_is_a_gap_that_nobody_passes_by(agent: Agent, azure: FakeAzure) -> None:
    azure.deny("Microsoft.Storage/storageAccounts/read", BAD)
    swept = run(agent).sweep
    assert swept is not None
    assert not swept.complete
    judged = swept.tallies["platform"]["object_stores_require_tls"]["azure"]
    assert (judged.unseen, judged.passed, judged.failed) == (1, 1, 0)
    assert swept.tallies["in-order"]["object_stores_require_tls"]["azure"].unseen == 0


def test_users_who_may_not_be_read_are_unseen_and_not_safe(agent: Agent, azure: FakeAzure) -> None:
    azure.deny("AuditLog.Read.All")
    swept = run(agent).sweep
    assert swept is not None
    tally = swept.tallies["platform"]["users_need_mfa"]["azure"]
    assert (tally.unseen, tally.passed) == (1, 0)


def test_a_tenant_that_cannot_be_discovered_is_not_shown(agent: Agent, azure: FakeAzure) -> None:
    run(agent)
    azure.troubles.append(Trouble(about="/"))
    clock = agent.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(days=1)
    swept = run(agent).sweep
    assert swept is not None
    tally = swept.tallies["platform"]["keys_rotate"]["azure"]
    assert tally.unseen
    assert tally.passed == 0


def test_preflight_says_which_permission_is_missing(loaded: Loaded, azure: FakeAzure) -> None:
    azure.deny("Microsoft.Compute/disks/read")
    azure.deny("Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read")
    azure.deny("User.Read.All")
    opening = clouds_of(load_salt_key(loaded.salt_key), sleep=lambda _: None)
    found = list(preflight(loaded, lambda _: opening(loaded.programme, "preflight")))
    remedies = {one.what.rpartition("/")[2]: one.remedy for one in found if one.state != "ok"}
    assert remedies.keys() == {"azure.disks", "azure.sql", "azure.identities"}
    assert remedies["azure.disks"].startswith("allow Microsoft.Compute/disks/read to the role")
    assert remedies["azure.sql"].startswith(
        "allow Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read to the role"
    )
    assert "consent to Microsoft Graph's User.Read.All" in remedies["azure.identities"]
    assert "2 accounts in scope, 1 excluded, unallocated or closed" in {one.words for one in found}


def test_tokens_are_not_sent_in_the_clear(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARCADENCE_AZURE_ENDPOINT", "http://fake.example")
    with pytest.raises(UsageError, match="https address"):
        clouds_of(b"salt")(loaded.programme, "x")


def test_without_its_clients_azure_is_refused_with_a_remedy(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent import opening

    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"starcadence\[azure\]"):
        opening.clouds_of(b"salt")(loaded.programme, "x")


OTHER = "44444444-0000-4000-8000-000000000004"


@pytest.mark.parametrize(
    ("scope", "fault"),
    [
        (f"{{subscriptions: [{GOOD}, {GOOD}]}}", "stands in this list twice"),
        (
            f"{{subscriptions: [{GOOD}], exclude: [{{subscription: {GOOD}, reason: x, owner: lead}}]}}",
            "is excluded and listed",
        ),
        (f"{{exclude: [{{subscription: {GOOD}, reason: x, owner: lead}}]}}", "is left out under scope.azure.exclude"),
        (f"{{subscriptions: [{OTHER}]}}", "is not under scope.azure.subscriptions"),
        (f"{{exclude: [{{subscription: {DISABLED}, reason: x, owner: nobody}}]}}", "is not under `owners`"),
        ("{cloud: AzureGermanCloud}", "AzureUSGovernment"),
        ("{credentials: password}", "managed identity"),
        ("{subscriptions: [prod]}", "an id in lower case"),
        ("{region: x}", "unknown key"),
    ],
)
def test_a_scope_that_contradicts_itself_is_refused(tmp_path: Path, scope: str, fault: str) -> None:
    programme = PROGRAMME.replace(f"{{tenant: {TENANT}, credentials: managed identity}}", scope)
    with pytest.raises(ProgrammeError, match=fault):
        placed(tmp_path, programme)


def test_a_service_may_select_the_tenant_for_its_users(tmp_path: Path) -> None:
    listed = f"{{tenant: {TENANT}, subscriptions: [{GOOD}]}}"
    programme = PROGRAMME.replace(f"{{tenant: {TENANT}, credentials: managed identity}}", listed)
    placed(tmp_path, programme.replace(f"accounts: [{GOOD}]", f"accounts: [{GOOD}, {TENANT}]"))
