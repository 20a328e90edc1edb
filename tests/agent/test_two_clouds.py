"""One programme over AWS and Google Cloud: both are swept through their real clients, and neither speaks for the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest

from agent.demo.google.inventory import FakeInventory
from agent.keys import load_salt_key, make_salt_key, make_signing_key
from agent.opening import clouds_of, open_agent
from agent.preflight import preflight
from agent.reading import Loaded, load
from agent.replay import replay
from agent.running import Agent, commit, interim_bundles, run
from collectors.gcp.places import OVERRIDE
from tests.agent.simulator import Clock
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate
from tests.fakes.gcp_estate import organization

PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, time_zone: UTC, sweep_every: 24h}
scope:
  aws: {organization: o-exampleorg1, role: Audit}
  gcp:
    organization: "123456789012"
    exclude: [{folder: "1002", reason: playground, owner: lead}]
services:
  - id: platform
    name: Example Platform
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:CEK-*": {owner: lead, responsibility: provider}, "CCM:4.1:DSP-17": {owner: lead, responsibility: provider}}
  - id: google-only
    name: Example on Google
    owner: lead
    level: 1
    ccm: 4.0.13
    scope: {accounts: [acme-prod]}
    specifications: {"CCM:4.0:CEK-*": {owner: lead, responsibility: provider}}
owners: {lead: {email: lead@cloud.example, accounts: [acme-data, "111122223333"]}}
"""


@pytest.fixture
def estate() -> Estate:
    """One account and one region of AWS: beside the other cloud, and not for its own sake."""
    return Estate(accounts=("111122223333",), regions=("eu-west-1",))


@pytest.fixture
def inventory(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeInventory]:
    """Google Cloud's side."""
    server = FakeInventory(assets=organization().listed).start()
    monkeypatch.setenv(OVERRIDE, server.url)
    yield server
    server.stop()


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """The programme, with fresh keys."""
    (tmp_path / "programme.yaml").write_text(PROGRAMME)
    (tmp_path / "keys").mkdir()
    make_signing_key(tmp_path / "keys" / "signing.pem")
    make_salt_key(tmp_path / "keys" / "salt.key")
    return load(tmp_path / "programme.yaml", environment={})


@pytest.fixture
def agent(loaded: Loaded, aws: FakeAws, inventory: FakeInventory) -> Agent:
    """Committed, with both clouds behind it."""
    opened = open_agent(
        loaded,
        clock=Clock(datetime(2026, 11, 6, tzinfo=UTC)),
        clouds=clouds_of(load_salt_key(loaded.salt_key), sleep=lambda _: None),
    )
    commit(opened)
    return opened


def test_one_sweep_sees_both_and_adds_nothing_across_them(agent: Agent, tmp_path: Path) -> None:
    swept = run(agent).sweep
    assert swept is not None
    assert swept.complete
    assert swept.gaps == {}
    encrypted = swept.tallies["platform"]["keys_rotate"]
    assert set(encrypted) == {"aws", "gcp"}
    assert (encrypted["gcp"].failed, encrypted["gcp"].passed) == (1, 2)
    assert {part.partition("/")[0] for part in swept.parts} == {"aws", "gcp"}
    assert set(swept.tallies["google-only"]["keys_rotate"]) == {"gcp"}
    assert swept.tallies["google-only"]["keys_rotate"]["gcp"].failed == 0
    later = agent.clock() + timedelta(hours=1)
    for path, report in interim_bundles(agent, later, tmp_path / "interim"):
        assert report.simulated, "nothing of this was read at the providers' own endpoints"
        assert replay(path).ok, replay(path).words


def test_a_cloud_that_is_dark_costs_the_other_nothing(agent: Agent, inventory: FakeInventory, loaded: Loaded) -> None:
    inventory.trouble(code=grpc.StatusCode.UNAVAILABLE)
    swept = run(agent).sweep
    assert swept is not None
    rotation = swept.tallies["platform"]["keys_rotate"]
    assert rotation["aws"].unseen == 0
    assert rotation["aws"].passed
    assert rotation["gcp"].unseen
    assert rotation["gcp"].passed == 0
    assert swept.gaps == {"unreachable": swept.gaps["unreachable"]}


def test_preflight_says_what_each_cloud_lacks(loaded: Loaded, aws: FakeAws, inventory: FakeInventory) -> None:
    inventory.deny("cloudkms.googleapis.com/CryptoKey", "IAM_POLICY")
    opening = clouds_of(load_salt_key(loaded.salt_key), sleep=lambda _: None)
    found = list(preflight(loaded, lambda _: opening(loaded.programme, "preflight")))
    assert {one.state for one in found if one.what.endswith("discovery")} == {"ok"}
    (denied,) = [one for one in found if one.state != "ok"]
    assert denied.what == "gcp/acme-data/global/gcp.keys"
    assert denied.remedy.startswith("allow cloudasset.assets.listIamPolicy to the role")
    assert "permissions gcp" in denied.remedy


def test_without_its_client_google_cloud_is_refused_with_a_remedy(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent import opening
    from agent.errors import UsageError

    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"starcadence\[gcp\]"):
        opening.clouds_of(b"salt")(loaded.programme, "x")
