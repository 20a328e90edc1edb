"""A sweep of AWS that was interrupted goes on where it stopped: of accounts that have their part nothing is asked again."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.parts import part_names, read_part
from agent.planning import Access, Cloud
from agent.programme import Programme
from agent.reading import load
from agent.running import Agent, commit, run
from agent.store import Folder
from collectors.collector import Cell, Collector
from collectors.sighting import Estate as Found
from collectors.sighting import Visit
from tests.agent.simulator import Clock
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate

FIRST, SECOND = "111122223333", "222233334444"
PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly}
scope: {aws: {organization: o-exampleorg1, role: starcadence-read}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:LOG-*": {owner: lead, responsibility: provider}}
owners: {lead: {email: lead@cloud.example}}
"""


class PowerCut(BaseException):
    """The machine goes down."""


@dataclass
class Interrupted:
    """A way into AWS that ends in the second account, after all that others join was looked at."""

    access: Access

    def discover(self) -> Found:
        return self.access.discover()

    def cells(self, estate: Found, collectors: Any) -> tuple[Cell, ...]:
        return self.access.cells(estate, collectors)

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, Any]) -> Visit:
        if cell.account == SECOND and cell.collector == "aws.volumes":
            raise PowerCut
        return self.access.visit(cell, collector, seen)

    def close(self) -> None:
        self.access.close()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    estate = Estate(accounts=(FIRST, SECOND), regions=("eu-west-1",))
    server = FakeAws(answers=estate.answer).start()
    ambient(monkeypatch, FIRST, server.url)
    yield server
    server.stop()


def opened(folder: Path) -> Agent:
    folder.mkdir()
    (folder / "programme.yaml").write_text(PROGRAMME)
    (folder / "keys").mkdir()
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    commit(again(folder))
    return again(folder)


def again(folder: Path) -> Agent:
    return open_agent(load(folder / "programme.yaml"), clock=Clock())


def broken(agent: Agent) -> Agent:
    def clouds(programme: Programme, name: str) -> tuple[Cloud, ...]:
        return tuple(replace(cloud, access=Interrupted(cloud.access)) for cloud in agent.clouds(programme, name))

    return replace(agent, clouds=clouds)


def tallies(folder: Path) -> dict[str, Any]:
    store = Folder(folder / "store")
    (name,) = store.children("sweeps")
    found = {account: read_part(store, f"sweeps/{name}", account) for account in part_names(store, f"sweeps/{name}")}
    return {account: (part.tallies, [shard.facts for shard in part.shards]) for account, part in found.items()}


@pytest.mark.slow
@pytest.mark.whole
def test_finished_accounts_are_not_asked_again(aws: FakeAws, tmp_path: Path) -> None:
    whole = opened(tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "cut")
    assert run(whole).sweep is not None
    every = Counter((one.account, one.operation) for one in aws.requests)
    aws.calm()
    agent = again(tmp_path / "cut")
    with pytest.raises(PowerCut):
        run(broken(agent))
    assert list(tallies(tmp_path / "cut")) == [f"aws/{FIRST}"]
    aws.calm()
    assert run(agent).sweep is not None
    asked = Counter((one.account, one.operation) for one in aws.requests if one.operation not in ASKED_ANEW)
    assert {operation for account, operation in asked if account == FIRST} <= OF_OTHERS
    assert {operation for account, operation in asked if account == SECOND} == {
        operation for account, operation in every if account == SECOND and operation not in ASKED_ANEW
    }
    assert tallies(tmp_path / "cut") == tallies(tmp_path / "whole")


ASKED_ANEW = {
    "sts.GetCallerIdentity", "sts.AssumeRole", "ec2.DescribeRegions", "organizations.DescribeOrganization", "organizations.ListAccounts",
    "organizations.ListRoots", "organizations.ListPolicies", "organizations.ListParents", "organizations.ListTargetsForPolicy",
    "organizations.DescribePolicy",
}  # fmt: skip
"""Discovery: who we are, and which accounts there are."""
OF_OTHERS = {
    "accessanalyzer.ListAnalyzers", "accessanalyzer.ListFindingsV2", "cloudtrail.GetTrail", "cloudwatch.DescribeAlarms", "events.ListRules",
    "events.ListTargetsByRule", "logs.DescribeMetricFilters", "organizations.ListDelegatedAdministrators", "s3.GetObjectLockConfiguration",
    "sns.ListSubscriptionsByTopic",
}  # fmt: skip
"""What the second account's facts rest on in the first."""
