"""Imported findings through a cycle: judged by our check, counted by CSA's metrics, held against our verdicts, replayed."""

import copy
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from agent.archive import Archive
from agent.errors import ProgrammeError
from agent.foreign.finding import Export, Foreign
from agent.foreign.folding import folded, speaking
from agent.foreign.judging import Foreigners, days
from agent.programme import ApprovedException
from agent.reading import load
from agent.replay import replay
from controls.tally import Tally
from tests.agent.foreign.samples import CYCLONEDX, TRIVY, VOLUME, prowler
from tests.agent.living import PROGRAMME, begin

COMMITTED = (
    PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace(
        "      CCM:4.1:IAM-13:",
        "      CCM:4.1:TVM-08: {owner: storage-lead, responsibility: provider, slo: 50%}\n      CCM:4.1:IAM-13:",
    )
    + "findings: [{path: scans}]\n"
)
START, NOON = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 20, tzinfo=UTC)


def put(folder, name, value):
    path = folder / "scans" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))


def trivy(at, *rules, severity="HIGH", artifact="shop"):
    holes = [{"VulnerabilityID": rule, "PkgName": "p", "Severity": severity} for rule in rules]
    return {
        "SchemaVersion": 2,
        "ArtifactName": artifact,
        "CreatedAt": at,
        "Results": [{"Target": "t", "Vulnerabilities": holes}],
    }


def test_imported_findings_reach_the_bundle_and_a_replay_counts_them_again(tmp_path):
    put(tmp_path, "trivy.json", TRIVY)
    put(tmp_path, "prowler.json", [prowler(), prowler("PASS", resource=VOLUME.replace("one", "two"))])
    life = begin(tmp_path, programme=COMMITTED)
    for _ in range(4):
        life.run()
        life.clock.now += timedelta(days=10)
    (bundle,) = life.bundles()
    with Archive.open(bundle) as archive:
        report = json.loads(archive.read("report.json", 1 << 26))
        public = archive.read("public/report.json", 1 << 26)
        page = archive.read("report.html", 1 << 26).decode()
    tools = {one["tool"]: one for one in report["tools"]}
    assert tools["Trivy"]["tally"] == {**tools["Trivy"]["tally"], "passed": 2, "failed": 1, "unknown": 1}
    assert [one["rule"] for one in tools["Trivy"]["late"]] == ["CVE-2026-0001", "CVE-2026-0003"]
    (found,) = report["disagreements"]
    assert (found["tool"], found["theirs"], found["ours"], found["resource"]) == ("Prowler", "failed", "passed", VOLUME)
    assert "Where another tool judged otherwise" in page and "CVE-2026-0001" in page
    assert b"CVE-2026" not in public and b"Prowler" not in public
    row = next(one for one in report["specifications"] if one["id"] == "CCM:4.1:TVM-08")
    assert (row["basis"].split("; ")[0], row["result"]) == ("checks", "not shown")
    metrics = {one["id"]: one for one in report["metrics"]}
    assert (metrics["AIS-07-M3"]["computed"], metrics["AIS-07-M3"]["low"]) == ("true", "0/1")
    assert [one["provider"] for one in metrics["TVM-03-M1"]["measures"]] == ["aws", "Trivy"]
    assert replay(bundle).ok, replay(bundle).words


def test_bills_of_materials_are_held_against_the_register_of_suppliers(tmp_path):
    bill = copy.deepcopy(CYCLONEDX)
    bill["components"] = [
        {
            "type": "library",
            "name": "a",
            "supplier": {"name": "Apache"},
            "components": [{"type": "file", "name": "b", "publisher": "Nobody"}],
        },
        {"type": "library", "name": "c"},
    ]
    put(tmp_path, "bill.json", bill)
    rows = [{"name": "apache", "approved": True, "review_due": "2027-01-01"}]
    header = {
        "query": "q",
        "extractor": "e",
        "extracted": "2026-09-29",
        "first": "2026-06-01",
        "last": "2026-09-29",
        "rows": 1,
    }
    (tmp_path / "suppliers.json").write_text(json.dumps({"header": header, "data": rows}))
    life = begin(tmp_path, programme=COMMITTED + "registers: {suppliers: suppliers.json}\n")
    for _ in range(4):
        life.run()
        life.clock.now += timedelta(days=10)
    with Archive.open(life.bundles()[0]) as archive:
        metrics = {one["id"]: one for one in json.loads(archive.read("metrics.json", 1 << 26))}
    (measure,) = metrics["STA-07-M3"]["measures"]
    assert (measure["source"], measure["provider"]) == ("bills of materials", "cdxgen")
    assert (measure["a"], measure["b"], measure["unknown"], measure["unseen"]) == (
        1,
        3,
        1,
        1,
    )  # the bill is of the 1st: too old
    assert metrics["STA-07-M3"]["result"] == "missed"


def export(file, taken, *findings, tool="T", subjects=("s",)):
    found = tuple(Foreign(tool=tool, subject="s", kind="vulnerability", severity="high", **one) for one in findings)
    return Export(
        file=file, format="Trivy", tool=tool, version="", digest=f"{file}{taken}{findings}", taken=taken, dated=taken is not None,
        subjects=subjects, findings=found,
    )  # fmt: skip


def test_a_finding_keeps_its_first_day_under_another_file_and_ends_when_a_newer_export_has_it_no_more():
    day = timedelta(days=1)
    first = folded((), [export("a", START, {"rule": "x"}, {"rule": "y"})], START)
    second = folded(first, [export("b", START + day, {"rule": "x"})], START + day)
    assert [one.file for one in second] == ["b"]  # it speaks of all that the other did
    assert second[0].findings[0].first_seen == START
    assert [(one.rule, one.status, one.last_seen) for one in second[0].ended] == [("y", "mended", START + day)]
    assert folded(second, [export("b", START + day, {"rule": "x"})], START + 2 * day) == second
    again = folded(second, [export("b", START + 2 * day, {"rule": "x"}, {"rule": "y"})], START + 2 * day)
    assert again[0].ended == () and again[0].findings[1].first_seen == START + 2 * day


def test_what_is_taken_away_stands_until_a_newer_export_speaks_of_it():
    first = folded((), [export("a", START, {"rule": "x"})], START)
    gone = folded(first, [], START + timedelta(days=3))
    assert [(one.file, one.findings[0].rule) for one in gone] == [("a", "x")]
    other = folded(gone, [export("b", START + timedelta(days=4), subjects=("t",))], START + timedelta(days=4))
    assert speaking(other)["T", "s"].file == "a"


def test_an_export_without_a_date_speaks_from_its_first_import_and_none_from_the_future():
    undated = folded((), [export("a", None, {"rule": "x"})], START)
    assert undated[0].taken == START and not undated[0].dated
    assert folded(undated, [export("a", None, {"rule": "x"})], NOON)[0].taken == START
    assert folded((), [export("a", NOON, {"rule": "x"})], START)[0].taken == START


def judged(exports, tmp_path, *, exceptions=(), until=NOON, policy=""):
    path = tmp_path / "programme.yaml"
    path.write_text(PROGRAMME + policy)
    (tmp_path / "exceptions").mkdir(exist_ok=True)
    return Foreigners(
        exports, "object-store", programme=load(path).programme, exceptions=exceptions, start=START, until=until
    )


def test_policy_may_be_shorter_than_the_check_and_never_longer(tmp_path):
    judged((), tmp_path, policy="remediate_within: {critical: 2d, high: 60d}\n")
    said = days(load(tmp_path / "programme.yaml").programme)
    assert said == {"critical": 2, "high": 30, "medium": 90, "low": 180}


def test_a_stale_export_is_unseen_and_a_suppression_mends_nothing(tmp_path):
    old = {"rule": "x", "status": "suppressed", "first_seen": START - timedelta(days=40)}
    kept = folded((), [export("a", NOON - timedelta(days=8), old)], NOON)
    assert judged(kept, tmp_path).tally("T") == Tally(failed=1, unseen=1)
    fresh = folded((), [export("a", NOON - timedelta(days=6), old)], NOON)
    assert judged(fresh, tmp_path).tally("T") == Tally(failed=1)


def test_an_approved_exception_is_counted_apart_and_accepts_an_application(tmp_path):
    kept = folded((), [export("a", NOON, {"rule": "x", "first_seen": START - timedelta(days=40)})], NOON)
    allowed = ApprovedException(
        id="e", check="vulnerabilities_are_mended_in_time", requester="a", approver="b", rationale="r", created=date(2026, 9, 1),
        expires=date(2026, 12, 1), resources=("T:x:*",),
    )  # fmt: skip
    one = judged(kept, tmp_path, exceptions=(allowed,))
    assert one.tally("T") == Tally(failed=1, excepted=1)
    (accepted,) = one.counts("AIS-07-M3")
    (mended,) = one.counts("TVM-03-M1")
    assert (accepted.tally, mended.tally) == (Tally(passed=1), Tally(failed=1))
    assert judged(kept, tmp_path).rows()[0].late[0].due == START - timedelta(days=10)


def test_what_was_mended_too_late_counts_in_the_cycle_of_its_end(tmp_path):
    first = folded((), [export("a", START, {"rule": "x", "first_seen": START - timedelta(days=40)})], START)
    kept = folded(first, [export("a", NOON)], NOON)
    (count,) = judged(kept, tmp_path, until=NOON + timedelta(days=1)).counts("TVM-03-M1")
    assert count.tally == Tally(failed=1)
    (after,) = judged(kept, tmp_path, until=NOON).counts("TVM-03-M1")
    assert after.tally == Tally()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("findings: [{path: nothing.json}]", "nothing.json is not there"),
        ("findings: [{path: exceptions}]", "holds no export"),
        ("findings: [{path: 'ftp://b/x'}]", "write a path beside this file, s3://bucket/prefix"),
        ("findings: [{path: scans, services: [object-stor]}]", "did you mean 'object-store'"),
    ],
)
def test_faults_of_the_programme_name_line_and_remedy(tmp_path, line, words):
    put(tmp_path, "trivy.json", copy.deepcopy(TRIVY))
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "programme.yaml").write_text(f"{PROGRAMME}{line}\n")
    with pytest.raises(ProgrammeError, match=words):
        load(tmp_path / "programme.yaml")
