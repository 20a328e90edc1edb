"""A whole sweep of AWS by an aggregator comes to what a sweep without one comes to; its record says which cells were told by Config."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.parts import read_part
from agent.reading import load
from agent.record import CellRecord, Sweep
from agent.running import commit, run
from agent.store import Folder
from tests.agent.simulator import Clock
from tests.conftest import ambient
from tests.fakes.aggregated import WHERE, Aggregated
from tests.fakes.aws import FakeAws

ACCOUNTS = ("111122223333", "222233334444")
PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly}
scope: {aws: {organization: o-exampleorg1, role: starcadence-read, AGGREGATOR}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:DSP-*": {owner: lead, responsibility: provider}, "CCM:4.1:I&S-*": {owner: lead, responsibility: provider}}
owners: {lead: {email: lead@cloud.example}}
"""
NAMED = f'aggregator: {{name: {WHERE.name}, account: "{WHERE.account}", region: {WHERE.region}}}'
pytestmark = [pytest.mark.slow, pytest.mark.whole]


@pytest.fixture(scope="module")
def aws() -> Iterator[FakeAws]:
    server = FakeAws(answers=Aggregated(accounts=ACCOUNTS).answer).start()
    with pytest.MonkeyPatch.context() as patch:
        ambient(patch, WHERE.account, server.url)
        yield server
    server.stop()


def swept(folder: Path, aggregator: str) -> tuple[Sweep, list[CellRecord]]:
    """One sweep of a programme in a folder of its own, and the records of its cells."""
    (folder / "keys").mkdir(parents=True)
    (folder / "programme.yaml").write_text(PROGRAMME.replace("AGGREGATOR", aggregator))
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    agent = open_agent(load(folder / "programme.yaml"), clock=Clock())
    commit(agent)
    ran = run(agent)
    assert ran.sweep is not None
    store = Folder(folder / "store")
    [name] = store.children("sweeps")
    return ran.sweep, [cell for part in ran.sweep.parts for cell in read_part(store, f"sweeps/{name}", part).cells]


def test_both_roads_come_to_the_same_and_the_record_says_which_was_taken(aws: FakeAws, tmp_path: Path) -> None:
    direct, before = swept(tmp_path / "direct", "")
    bulk, after = swept(tmp_path / "bulk", NAMED)
    assert bulk.gaps == direct.gaps == {}
    assert (bulk.tallies, bulk.resources, bulk.standing) == (direct.tallies, direct.resources, direct.standing)
    assert [(one.key, one.resources, one.complete) for one in after] == [
        (one.key, one.resources, one.complete) for one in before
    ]
    assert bulk.calls < direct.calls
    assert {one.captured for one in before} == {None}
    told = {one.key.rpartition("/")[2] for one in after if one.captured}
    assert told >= {"aws.volumes", "aws.firewalls", "aws.networks", "aws.subnets", "aws.buckets", "aws.topics"}
    assert "aws.databases" not in told
