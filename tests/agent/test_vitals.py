"""Vitals: the health of a programme as its own journal and sweeps tell it, over a cycle of a simulated cloud."""

import importlib.util
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import health
from agent.journal import Journal
from agent.keys import make_salt_key, make_signing_key
from agent.outlook import outlook
from agent.progress import Silence
from agent.reading import load
from agent.running import Agent, checks, commit, run
from agent.sealing import Press
from agent.store import Folder
from agent.vitals import vitals
from controls.tally import Result

START = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)
PROGRAMME = """\
provider: Example Cloud
contact: assurance@cloud.example
cadence: {cycle: monthly, time_zone: UTC, sweep_every: 24h, seal_within: 2d}
scope: {aws: {}}
services:
  - id: store
    name: Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-03: {owner: lead, responsibility: provider}
      CCM:4.1:AIS-01: {owner: lead, responsibility: provider}
owners: {lead: {email: lead@cloud.example}}
approved_exceptions: exceptions
"""
EXCEPTION = """\
id: one
check: data_is_encrypted_at_rest
requester: lead
approver: other
rationale: Replaced in October.
created: 2026-08-20
expires: 2026-09-20
resources: ["arn:aws:ec2:eu-west-1:111122223333:volume/other"]
"""


@pytest.fixture(scope="module")
def simulator():
    """The module of the simulated cloud: tests are no package, so it is loaded by its path."""
    path = Path(__file__).with_name("simulator.py")
    spec = importlib.util.spec_from_file_location("vitals_simulator", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class World:
    """A programme, a cloud and a clock."""

    def __init__(self, folder: Path, cloud) -> None:
        (folder / "exceptions").mkdir()
        (folder / "exceptions" / "one.yaml").write_text(EXCEPTION)
        (folder / "programme.yaml").write_text(PROGRAMME)
        self.now = START
        self.cloud = cloud
        signer = make_signing_key(folder / "signing.pem")
        store = Folder(folder / "store")
        press = Press(
            store=store, journal=Journal(store, signer), signer=signer, salt_key=make_salt_key(folder / "salt.key"), checks=checks()
        )  # fmt: skip
        self.agent = Agent(
            loaded=load(folder / "programme.yaml"), press=press, clouds=lambda _programme, _name: (cloud.cloud,),
            clock=lambda: self.now, progress=Silence(),
        )  # fmt: skip

    def health(self) -> health.Health:
        agent = self.agent
        stands = outlook(agent.store, agent.journal, agent.press.checks, agent.loaded.exceptions, self.now)
        return vitals(stands, self.now)


@pytest.fixture
def world(tmp_path, simulator):
    cloud = simulator.Simulator(accounts={"111122223333": ("eu-west-1",)}, unallocated={"444455556666"})
    cloud.volume("sealed", encrypted=True)
    cloud.volume("open", encrypted=False)
    cloud.volume("hidden", encrypted=None)
    return World(tmp_path, cloud)


def encryption(said: health.Health) -> health.ObjectiveHealth:
    """The objective that the volumes speak to."""
    return next(each for each in said.services[0].objectives if each.check == "data_is_encrypted_at_rest")


def test_before_the_commitment_it_claims_nothing(world):
    said = world.health()
    assert (said.sweep, said.sweep_due, said.services, said.journal_height) == (None, None, (), None)


def test_between_commitment_and_first_sweep_the_sweep_is_due(world):
    commit(world.agent)
    said = world.health()
    assert said.sweep is None
    assert said.sweep_due == START
    assert said.services[0].objectives == ()
    assert said.services[0].lapses == datetime(2026, 10, 3, tzinfo=UTC)


def test_after_a_sweep_it_says_what_was_seen(world):
    commit(world.agent)
    world.now += timedelta(hours=1)
    run(world.agent)
    said = world.health()
    assert said.sweep is not None
    assert said.sweep.nominal == world.now
    assert said.sweep.accounts == {"in scope": 1, "unallocated": 1}
    assert said.sweep.gaps["unallocated"] == 1
    assert said.sweep_due == START + DAY
    assert said.exceptions_expiring == 1
    assert said.services[0].resources["DataStore"] == 3
    objective = encryption(said)
    assert (objective.low, objective.high, objective.slo) == (pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0)
    assert objective.result is Result.MISSED
    assert said.services[0].deviations["high"] + said.services[0].deviations.get("critical", 0) >= 1
    assert said.services[0].specifications == {"missed": 1, "not shown": 1, "met": 0, "nothing to judge": 0}
    assert health.exposition(said).startswith(b"# HELP starcadence_build_info")


def test_an_unseen_cell_is_said_and_never_met(world):
    world.cloud.remove("open")
    world.cloud.remove("hidden")
    world.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    commit(world.agent)
    run(world.agent)
    said = world.health()
    assert said.sweep.complete is False
    assert said.sweep.gaps["denied"] == 1
    assert encryption(said).unseen >= 1
    assert encryption(said).result is Result.NOT_SHOWN


def test_a_sweep_that_was_left_out_is_due_since_its_slot_began(world):
    commit(world.agent)
    run(world.agent)
    world.now = START + 3 * DAY + timedelta(hours=5)
    assert world.health().sweep_due == START + 3 * DAY


def test_a_cycle_that_ended_counts_down_to_the_lapse_until_it_is_sealed(world):
    commit(world.agent)
    run(world.agent)
    world.now = datetime(2026, 10, 4, tzinfo=UTC)
    late = world.health()
    assert late.sweep_due == datetime(2026, 10, 1, tzinfo=UTC)
    assert b'starcadence_time_to_lapse_seconds{service="store"} -86400.0' in health.exposition(late)
    run(world.agent)
    said = world.health().services[0]
    assert said.last_sealed == datetime(2026, 10, 1, tzinfo=UTC)
    assert (said.sealed, said.missed) == (1, 0)
    assert said.lapses == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_missed_cycle_is_counted(world):
    commit(world.agent)
    world.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    run(world.agent)
    said = world.health().services[0]
    assert (said.sealed, said.missed, said.last_sealed) == (0, 1, None)


def test_looking_writes_nothing(world, tmp_path):
    commit(world.agent)
    run(world.agent)
    before = sorted(path for path in tmp_path.rglob("*"))
    world.health()
    assert sorted(path for path in tmp_path.rglob("*")) == before
