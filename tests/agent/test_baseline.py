"""Baselines: approved by somebody, held against every closing sweep, a basis of CCC-07; drift is a failure and a gap is no pass."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from agent.archive import Archive
from agent.baseline import compared
from agent.cli import cli
from agent.errors import UsageError
from agent.parts import read_part
from agent.replay import replay
from controls.tally import Tally
from tests.agent.living import PROGRAMME, START, begin

COMMITTED = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace(
    "      CCM:4.1:IAM-13:",
    "      CCM:4.1:CCC-07: {owner: storage-lead, responsibility: provider, slo: 60%}\n      CCM:4.1:IAM-13:",
)


@pytest.fixture
def life(tmp_path):
    made = begin(tmp_path, programme=COMMITTED)
    made.run()
    return made


def type_(life, *words, status=0):
    done = CliRunner().invoke(cli, [*words, "--programme", str(life.folder / "programme.yaml")])
    if status:
        assert isinstance(done.exception, UsageError)
        return str(done.exception)
    assert done.exit_code == 0, done.exception
    return done.output


def approve(life, *more):
    return type_(life, "baseline", "approve", "object-store", "--by", "Ada Beispiel", "--type", "DataStore", *more)


def held(life):
    sweep = max(one.key.removeprefix("sweep/") for one in life.agent.journal.of("sweep"))
    parts = [
        read_part(life.agent.store, f"sweeps/{sweep}", path.name.removesuffix(".json.zst"))
        for path in sorted((life.folder / "store" / "sweeps" / sweep / "parts").iterdir())
    ]
    (service,) = life.agent.loaded.programme.services
    return compared(life.agent.store, life.agent.journal.entries, service, parts, START)


def sweep(life):
    life.clock.now += timedelta(days=10)
    life.run()


def test_what_changed_came_and_went_has_drifted_until_the_next_version(life):
    assert "baseline 1 of 3 resources" in approve(life, "--note", "first")
    assert held(life).tallies == {"aws": Tally(passed=3)}
    life.cloud.volume("one", encrypted=False)
    life.cloud.volume("four", encrypted=True)
    life.cloud.remove("two")
    sweep(life)
    found = held(life)
    assert found.tallies == {"aws": Tally(passed=1, failed=3)}
    assert [(one.resource.rpartition("/")[2], one.how, one.facts) for one in found.drift] == [
        ("four", "added", {}),
        ("one", "changed", {"encrypted": (True, False)}),
        ("two", "gone", {}),
    ]
    assert "changed DataStore" in type_(life, "baseline", "show", "object-store")
    approve(life)
    assert held(life).tallies == {"aws": Tally(passed=3)} and held(life).approved_in_cycle == 2
    assert [entry.key for entry in life.agent.journal.of("baseline")] == [
        "baseline/object-store/1",
        "baseline/object-store/2",
    ]


def test_what_could_not_be_seen_is_unknown_and_is_not_approved(life):
    approve(life)
    life.cloud.volume("one", encrypted=None)
    sweep(life)
    assert held(life).tallies == {"aws": Tally(passed=2, unknown=1)}
    life.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    sweep(life)
    assert held(life).tallies == {"aws": Tally(unknown=3)}
    words = type_(life, "baseline", "approve", "object-store", "--by", "Ada", "--type", "DataStore", status=2)
    assert "nobody saw what would be approved" in words


def test_a_baseline_reaches_the_bundle_its_metric_and_a_replay(life):
    approve(life)
    life.cloud.volume("one", encrypted=False)
    for _ in range(3):
        sweep(life)
    (bundle,) = life.bundles()
    with Archive.open(bundle) as archive:
        report = json.loads(archive.read("report.json", 1 << 26))
        page = archive.read("report.html", 1 << 26).decode()
        public = json.loads(archive.read("public/report.json", 1 << 26))
        assert "evidence/baseline/object-store.jsonl.zst" in archive.entries
    assert report["baseline"]["drift"][0]["how"] == "changed" and "approved by Ada Beispiel" in page
    assert public["baseline"] is None
    metric = next(one for one in report["metrics"] if one["id"] == "CCC-07-M1")
    measure = next(one for one in metric["measures"] if one["source"] == "the approved baseline")
    assert (measure["provider"], measure["low"]) == ("aws", "2/3")
    row = next(one for one in report["specifications"] if one["id"] == "CCM:4.1:CCC-07")
    assert "checks" in row["basis"] and "types that the baseline leaves out" in row["unseen"]
    assert replay(bundle).ok, replay(bundle).words
    assert "baseline 1 of 3 resources" in type_(life, "activity")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("approve", "object-stor", "--by", "A"), "known are object-store"),
        (("approve", "object-store", "--by", " "), "Give --by"),
        (("approve", "object-store", "--by", "A", "--type", "DataStor"), "did you mean 'DataStore'"),
        (("approve", "object-store", "--by", "A", "--type", "Finding"), "no type with settings"),
        (("approve", "object-store", "--by", "A", "--type", "Vault"), "saw nothing of Vault"),
        (("show", "object-store"), "has no baseline"),
    ],
)
def test_what_cannot_be_approved_says_why(life, words, said):
    assert said in type_(life, "baseline", *words, status=2)
