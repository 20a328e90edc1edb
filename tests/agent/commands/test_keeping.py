"""The commands that keep a programme, `commit`, `run`, `status`, `explain` and `check`, typed as an operator types them."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.cycle import cycle_at
from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.reading import load
from agent.running import commit, run
from agent.verify import verify
from agent.zones import zone
from tests.agent.living import Life
from tests.agent.simulator import Clock, Simulator
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate

PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, sweep_every: 31d}
scope: {aws: {organization: o-exampleorg1, role: starcadence-read}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-03: {owner: lead, responsibility: provider}
      CCM:4.1:IAM-13: {owner: lead, responsibility: provider}
owners: {lead: {email: lead@cloud.example}}
"""
VOLUME = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-3"


@dataclass
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Desk:
    """A programme's folder, and somebody who types commands in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str) -> Said:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--quiet", words[0], "--programme", str(self.folder / "programme.yaml"), *words[1:]])
        told = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(status=ended.value.code, out=told.out, err=told.err)

    def tree(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }


@pytest.fixture(scope="module")
def aws() -> Iterator[FakeAws]:
    """One account and one region: what a command needs."""
    estate = Estate(accounts=("111122223333",), regions=("eu-west-1",))
    server = FakeAws(answers=estate.answer).start()
    with pytest.MonkeyPatch.context() as monkeypatch:
        ambient(monkeypatch, estate.management, server.url)
        yield server
    server.stop()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], aws: FakeAws) -> Iterator[Desk]:
    """A programme that is written, and no more."""
    (tmp_path / "programme.yaml").write_text(PROGRAMME)
    (tmp_path / "keys").mkdir()
    make_signing_key(tmp_path / "keys" / "signing.pem")
    make_salt_key(tmp_path / "keys" / "salt.key")
    yield Desk(folder=tmp_path, capsys=capsys)
    aws.calm()


@pytest.fixture(scope="module")
def swept(aws: FakeAws, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed programme with one sweep."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "programme.yaml").write_text(PROGRAMME)
    (folder / "keys").mkdir()
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    agent = open_agent(load(folder / "programme.yaml"))
    commit(agent)
    run(agent)
    return folder


@pytest.fixture
def kept(swept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], aws: FakeAws) -> Iterator[Desk]:
    """A copy of it."""
    shutil.copytree(swept, tmp_path / "kept")
    yield Desk(folder=tmp_path / "kept", capsys=capsys)
    aws.calm()


def test_a_first_day_is_commit_and_run_and_status_says_the_same(desk: Desk) -> None:
    committed = desk.type("commit")
    assert committed.status == 0
    assert "programme.yaml: committed; signed by " in committed.out and "type `starcadence run`" in committed.out
    ran = desk.type("run")
    assert ran.status == 0, ran.err
    assert "last sweep " in ran.out and "object-store: " in ran.out and "missed CCM:4.1:CEK-03" in ran.out
    said = desk.type("status")
    assert (said.status, said.out) == (0, ran.out)
    again = desk.type("commit")
    assert again.status == 0 and "already committed on " in again.out


def test_run_and_status_give_one_outlook_as_json(kept: Desk) -> None:
    ran, said = kept.type("run", "--json"), kept.type("status", "--json")
    assert ran.status == said.status == 0
    assert {"sealed", "missed", "taken", "outlook"} <= ran.json.keys()
    assert (ran.json["sealed"], ran.json["missed"], ran.json["taken"]) == ([], [], False)
    (service,) = said.json["services"]
    assert service["results"] == {"CCM:4.1:CEK-03": "missed", "CCM:4.1:IAM-13": "missed"}
    now, then = said.json, ran.json["outlook"]
    assert {key: value for key, value in now.items() if key != "now"} == {
        key: value for key, value in then.items() if key != "now"
    }


def test_a_command_before_its_time_says_which_one_comes_first(desk: Desk) -> None:
    ran = desk.type("run")
    assert ran.status == 2 and "type `starcadence commit`" in ran.err and "Traceback" not in ran.err
    for command in (("status",), ("explain", "CCM:4.1:IAM-13")):
        said = desk.type(*command)
        assert said.status == 1 and "holds no journal yet; type `starcadence commit`" in said.err
    desk.type("commit")
    assert "no sweep yet: type `starcadence run`" in desk.type("status").out
    said = desk.type("explain", "CCM:4.1:IAM-13")
    assert said.status == 2 and "there is no sweep yet; type `starcadence run`" in said.err


def test_a_sweep_that_could_read_nothing_ends_with_3_and_is_stored(desk: Desk, aws: FakeAws) -> None:
    desk.type("commit")
    aws.deny("*")
    ran = desk.type("run")
    assert ran.status == 3 and "nothing could be read: `starcadence check` says what to mend" in ran.err
    assert desk.type("status").status == 0


@pytest.mark.parametrize(
    ("gates", "status"), [((), 0), (("missed",), 4), (("incomplete",), 0), (("incomplete", "missed"), 4)]
)
def test_a_gate_ends_with_its_status_only_where_it_is_asked_for(
    kept: Desk, gates: tuple[str, ...], status: int
) -> None:
    assert kept.type("run", *(word for gate in gates for word in ("--fail-on", gate))).status == status


@pytest.mark.slow
@pytest.mark.whole
def test_a_gate_on_what_is_not_shown_ends_with_3(desk: Desk, aws: FakeAws) -> None:
    (desk.folder / "programme.yaml").write_text(
        PROGRAMME.replace("      CCM:4.1:CEK-03: {owner: lead, responsibility: provider}\n", "")
    )
    aws.deny("iam.*")
    for operation in ("iam.GetAccountSummary", "iam.GetCredentialReport", "ec2.DescribeInstances"):
        aws.deny(operation)
    desk.type("commit")
    assert desk.type("run", "--fail-on", "missed").status == 0
    assert desk.type("run", "--fail-on", "incomplete").status == 3


def test_a_rehearsal_says_what_would_be_met_and_keeps_nothing(desk: Desk, aws: FakeAws) -> None:
    before = desk.tree()
    said = desk.type("run", "--rehearse", "--fail-on", "missed")
    assert said.status == 4 and said.out.startswith("rehearsal: nothing was kept\n") and "object-store: " in said.out
    shown = desk.type("run", "--rehearse", "--json")
    assert shown.status == 0 and shown.json["rehearsal"] is True and shown.json["outlook"]["services"]
    refused = desk.type("run", "--rehearse", "--metrics-file", str(desk.folder / "metrics"))
    assert refused.status == 2 and "--rehearse keeps nothing" in refused.err
    aws.deny("*")
    assert desk.type("run", "--rehearse").status == 3
    assert desk.tree() == before


def test_the_metrics_file_says_what_status_says(kept: Desk) -> None:
    ran = kept.type("run", "--metrics-file", str(kept.folder / "metrics.prom"))
    assert ran.status == 0
    text = (kept.folder / "metrics.prom").read_text()
    assert 'starcadence_specifications{result="missed",service="object-store"} 2.0' in text
    refused = kept.type("run", "--metrics-file", str(kept.folder / "nowhere" / "metrics.prom"))
    assert refused.status == 2 and "nowhere/metrics.prom" in refused.err and "name a file in a folder" in refused.err


def test_an_interim_bundle_verifies_and_stands_where_it_was_asked_for(kept: Desk) -> None:
    target = kept.folder / "interim.zip"
    ran = kept.type("run", "--interim", str(target))
    assert ran.status == 0 and f"interim bundle -> {target}" in ran.err
    found = verify(target, any_key=True)
    assert found.ok and found.interim
    again = kept.type("run", "--interim", str(target))
    assert again.status == 2 and "something stands there already" in again.err
    blocked = kept.type("run", "--interim", str(target / "below" / "interim.zip"))
    assert blocked.status == 2 and "interim.zip" in blocked.err and "Traceback" not in blocked.err


def test_a_cycle_that_was_missed_is_said_once_and_ends_with_3(desk: Desk) -> None:
    """The agent ran two months ago, and not again before today."""
    this = cycle_at("monthly", datetime.now(UTC), zone("UTC"))
    last = cycle_at("monthly", this.start - (this.end - this.start) / 2, zone("UTC"))
    earlier = cycle_at("monthly", last.start - (last.end - last.start) / 2, zone("UTC"))
    life = Life(folder=desk.folder, cloud=Simulator(), clock=Clock(earlier.start))
    commit(life.agent)
    life.run()
    ran = desk.type("run")
    assert ran.status == 3 and "a cycle was missed and is written down so" in ran.err
    assert f"object-store {earlier.id}: complete, late -> " in ran.out and f"object-store {last.id}: missed" in ran.out
    again = desk.type("run")
    assert again.status == 0 and f"cycles: {earlier.id} complete late, {last.id} missed" in again.out


def test_a_programme_with_faults_is_refused_with_each_of_them(desk: Desk) -> None:
    (desk.folder / "programme.yaml").write_text(
        PROGRAMME.replace("cycle: monthly", "cycle: weekly").replace("ccm:", "cmm:")
    )
    for command in ("run", "commit", "status", "check"):
        said = desk.type(command)
        assert (
            said.status == 2 and "programme.yaml:3: " in said.err and "programme.yaml:10: unknown key 'cmm'" in said.err
        )
    (desk.folder / "programme.yaml").unlink()
    said = desk.type("run")
    assert said.status == 2 and "there is no programme at" in said.err and "type `starcadence init`" in said.err


@pytest.mark.parametrize("name", ["signing.pem", "salt.key"])
def test_a_key_that_is_not_there_is_named_with_its_remedy(kept: Desk, name: str) -> None:
    (kept.folder / "keys" / name).unlink()
    for command in ("run", "commit"):
        said = kept.type(command)
        assert said.status == 2 and f"keys/{name}" in said.err and "starcadence init" in said.err
    if name == "salt.key":  # without it no cloud is opened
        checked = kept.type("check")
        assert checked.status == 3 and f"keys/{name}" in checked.out
    assert kept.type("status").status == 0


def test_a_store_that_is_a_file_is_named(desk: Desk) -> None:
    (desk.folder / "store").write_text("not a folder")
    for command in ("commit", "run"):
        said = desk.type(command)
        assert said.status == 1 and f"{desk.folder / 'store'}" in said.err and "Traceback" not in said.err
    checked = desk.type("check")
    assert checked.status == 3 and f"FAILED   store: {desk.folder / 'store'}" in checked.out


def test_a_damaged_journal_is_refused_and_nothing_is_added_to_it(kept: Desk) -> None:
    entry = kept.folder / "store" / "journal" / "00000002.json"
    entry.write_bytes(entry.read_bytes().replace(b'"height":2', b'"height":3'))
    before = kept.tree()
    for command in ("run", "status", "commit"):
        said = kept.type(command)
        assert said.status == 1 and "journal entry 2 does not follow" in said.err
    assert kept.tree() == before


def test_a_lost_blob_is_named_with_its_remedy(kept: Desk) -> None:
    shutil.rmtree(kept.folder / "store" / "blobs")
    for command in (("status",), ("explain", "CCM:4.1:CEK-03")):
        said = kept.type(*command)
        assert said.status == 1 and ".zst is missing; restore" in said.err and "backup" in said.err


def test_explain_follows_a_specification_down_to_the_answer(kept: Desk) -> None:
    whole = kept.type("explain", "CCM:4.1:CEK-03")
    assert whole.status == 0
    assert "object-store: committed, provider, SLO 100%, owner lead" in whole.out
    assert "aws data_is_encrypted_at_rest: missed" in whole.out and f"failed  {VOLUME}" in whole.out
    one = kept.type("explain", "CCM:4.1:CEK-03", "--resource", VOLUME)
    assert one.status == 0
    for words in (
        "failed: what it holds is not encrypted",
        "encrypted = false",
        "ec2.DescribeVolumes answered (redacted)",
        '"Encrypted": false',
        "call ec2.DescribeVolumes (listing) -> 127.0.0.1",
    ):
        assert words in one.out
    assert f"saw no DataStore {VOLUME}0" in kept.type("explain", "CCM:4.1:CEK-03", "--resource", f"{VOLUME}0").out


def test_explain_speaks_of_the_programme_in_force_and_not_of_tomorrows(kept: Desk) -> None:
    changed = PROGRAMME.replace("CCM:4.1:CEK-03: {owner: lead,", "CCM:4.1:CEK-03: {owner: lead, slo: 10%,")
    (kept.folder / "programme.yaml").write_text(changed)
    assert "committed, provider, SLO 100%, owner lead" in kept.type("explain", "CCM:4.1:CEK-03").out


def test_explain_says_what_nobody_committed_to_and_what_no_check_sees(kept: Desk) -> None:
    said = kept.type("explain", "CCM:4.1:HRS-01")
    assert said.status == 0
    assert "object-store: not committed" in said.out and "No check speaks of it" in said.out


def test_explain_shows_some_of_many_and_says_how_many_more(desk: Desk) -> None:
    life = Life(folder=desk.folder, cloud=Simulator(), clock=Clock())
    for number in range(13):
        life.cloud.volume(f"bad-{number:02}", encrypted=False)
    commit(life.agent)
    life.run()
    said = desk.type("explain", "CCM:4.1:CEK-03")
    assert said.out.count("  failed  arn:aws:ec2:") == 10 and "and 3 more; the report lists them all" in said.out


@pytest.mark.parametrize("reference", ["IAM-13", "CCM:4.2:IAM-13", "CCM:4.1:IAM-99"])
def test_explain_refuses_what_is_no_specification_and_says_how_to_write_one(kept: Desk, reference: str) -> None:
    said = kept.type("explain", reference)
    assert said.status == 2 and reference in said.err
    assert reference != "IAM-13" or ("CCM:4.0:IAM-13" in said.err and "CCM:4.1:IAM-13" in said.err)


@pytest.mark.slow
@pytest.mark.whole
def test_explain_shows_what_was_not_learned_and_why(desk: Desk, aws: FakeAws) -> None:
    aws.deny("s3.GetBucketEncryption")
    desk.type("commit")
    desk.type("run")
    said = desk.type("explain", "CCM:4.1:CEK-03", "--resource", "arn:aws:s3:::sound-111122223333")
    assert "unknown: " in said.out and "gap: s3.GetBucketEncryption denied (AccessDenied)" in said.out


def test_check_finds_nothing_to_mend_and_keeps_nothing(desk: Desk, aws: FakeAws) -> None:
    before = desk.tree()
    said = desk.type("check")
    assert said.status == 0 and "FAILED" not in said.out
    assert "no journal yet: `starcadence commit` begins it" in said.out and "1 accounts in scope" in said.out
    assert desk.tree() == before


def test_check_names_what_is_denied_and_the_action_that_allows_it(desk: Desk, aws: FakeAws) -> None:
    for operation in ("s3.GetBucketEncryption", "ec2.DescribeVolumes"):
        aws.deny(operation)
    said = desk.type("check", "--json")
    found = {(one["what"].rpartition("/")[2], one["state"]): one["remedy"] for one in said.json}
    assert said.status == 3
    assert found["aws.volumes", "failed"].startswith("allow ec2:DescribeVolumes to the role")
    assert found["aws.s3" if ("aws.s3", "warning") in found else "aws.buckets", "warning"].startswith(
        "allow s3:GetEncryptionConfiguration"
    )


@pytest.mark.slow
@pytest.mark.whole
def test_check_says_what_discovery_lacks_and_which_account_nobody_decided_about(desk: Desk, aws: FakeAws) -> None:
    aws.deny("organizations.ListAccounts")
    said = desk.type("check")
    assert said.status == 3 and "allow organizations:ListAccounts to the role" in said.out
    aws.calm()
    scope = "organization: o-exampleorg1, accounts: ['222233334444'], role"
    (desk.folder / "programme.yaml").write_text(PROGRAMME.replace("organization: o-exampleorg1, role", scope))
    said = desk.type("check")
    assert said.status == 3 and "account 111122223333: unallocated" in said.out
    assert "give this identity the permissions of discovery" in said.out
