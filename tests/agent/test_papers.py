"""Records, registers and suppliers through a whole cycle: from the programme's folders to bundle, report and replay."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from agent.archive import Archive, Writer
from agent.bundle import cut
from agent.cli import cli
from agent.dossier import Dossier, changed, keep, kept, newest
from agent.errors import ProgrammeError
from agent.extracts import SIDE
from agent.manifest import Tier
from agent.outlook import outlook
from agent.reading import fresh, load
from agent.replay import replay
from agent.running import interim_bundles, run
from agent.stores.collecting import leftovers
from controls import ccm
from controls.tally import WORST_FIRST, Result
from tests.agent.living import PROGRAMME, begin
from tests.agent.worlds import sized

PAPERS = """\
records: [records]
registers: {access_reviews: reviews.csv, incidents: incidents.csv}
suppliers: [suppliers/cloud.yaml]
"""
COMMITTED = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace(
    "      CCM:4.1:IAM-13:",
    "".join(
        f"      CCM:4.1:{one}: {{owner: storage-lead, responsibility: provider, slo: 50%}}\n"
        for one in ("IAM-01", "IAM-08", "DCS-09", "GRC-04", "HRS-01")
    )
    + "      CCM:4.1:IAM-13:",
)
POLICY = """\
---
id: access-policy
title: Access policy
kind: policy
version: "3"
specifications: ["CCM:4.1:IAM-01"]
owner: storage-lead
approver: Ada Example
effective: 2026-01-15
review_every: 365d
publish: customer
---
Nobody shares a password.
"""
SUPPLIER = """\
id: cloud
name: Example Hosting
kind: attested
scheme: SOC 2 Type II
opinion: unqualified
first: 2025-10-01
last: 2026-12-31
method: inclusive
services: [compute]
regions: ["*"]
specifications: ["CCM:4.1:DCS-09"]
rationale: the report tests all of it
owner: storage-lead
user_controls:
  - {id: CUEC-1, words: Encrypt volumes., check: data_is_encrypted_at_rest}
"""
HEADER = "query: q\nextractor: e\nextracted: 2026-09-29\nfirst: 2026-06-01\nlast: 2026-09-29\nrows: 2\n"
REVIEWS = (
    "account,reviewed,correct,reviewer\nada@cloud.example,2026-09-01,true,bob@cloud.example\neve@cloud.example,,,\n"
)
INCIDENTS = (
    "id,detected,source,triaged,resolved,resolve_by\n"
    "1,2026-09-02T10:00:00Z,system,2026-09-02T12:00:00Z,2026-09-03T10:00:00Z,2026-09-05T10:00:00Z\n"
    "2,2026-09-04T10:00:00Z,person,2026-09-04T18:00:00Z,,2026-09-06T10:00:00Z\n"
)


def desk(folder: Path) -> None:
    """Put every paper where the programme names it."""
    for name, text in (
        ("records/access.md", POLICY),
        ("suppliers/cloud.yaml", SUPPLIER),
        ("reviews.csv", REVIEWS),
        (f"reviews.csv{SIDE}", HEADER),
        ("incidents.csv", INCIDENTS),
        (f"incidents.csv{SIDE}", HEADER),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def life(tmp_path):
    desk(tmp_path)
    return begin(tmp_path, programme=COMMITTED + PAPERS)


def ten_days(life, times):
    """Run every ten days."""
    for _ in range(times):
        life.run()
        life.clock.now += timedelta(days=10)


def told(bundle, name):
    with Archive.open(bundle) as archive:
        return archive.read(name, 1 << 26)


def rows(bundle):
    return {
        row["specification"]: row for row in csv.DictReader(io.StringIO(told(bundle, "specifications.csv").decode()))
    }


def dossier(life):
    return kept(life.agent.store, newest(life.agent.journal.entries))


def test_papers_are_a_basis_in_the_sealed_bundle_and_a_replay_judges_them_again(life, tmp_path):
    ten_days(life, 4)
    (bundle,) = life.bundles()
    found = {name: (row["basis"], row["reach"], row["result"]) for name, row in rows(bundle).items()}
    assert found["CCM:4.1:IAM-01"] == ("record", "part", "met")
    assert found["CCM:4.1:DCS-09"] == ("supplier", "full", "met")
    assert found["CCM:4.1:IAM-08"][0].endswith("metric; record") and found["CCM:4.1:IAM-08"][1] == "part"
    assert found["CCM:4.1:HRS-01"] == ("none", "none", "not shown")
    assert found["CCM:4.1:SEF-07"][0].endswith("record") and found["CCM:4.1:SEF-07"][2] == ""
    metrics = {one["id"]: one for one in json.loads(told(bundle, "metrics.json"))}
    assert (metrics["IAM-08-M2"]["computed"], metrics["IAM-08-M2"]["low"], metrics["IAM-08-M2"]["result"]) == (
        "true",
        "1/2",
        "missed",
    )
    assert (metrics["LOG-05-M1"]["low"], metrics["SEF-05-M1"]["low"]) == ("1/2", "1/2")
    assert metrics["SEF-06-M2"]["low"] == "3/1"  # two hours, then eight, two days later
    assert metrics["DSP-05-M1"]["computed"] == "with"
    with Archive.open(bundle) as archive:
        everything = b"".join(archive.read(name, 1 << 26) for name in archive.entries)
        assert archive.read("records/content/access-policy", 1 << 20) == b"Nobody shares a password.\n"
    registers = {one["kind"]: one for one in json.loads(told(bundle, "report.json"))["registers"]}
    assert [(one["number"], one["outcome"]) for one in registers["access_reviews"]["amiss"]] == [(2, "failed")]
    assert registers["incidents"]["amiss"][0]["asked"] == "Resolved in time."
    assert b"Resolved in time." in told(bundle, "report.html")
    assert b"ada@cloud.example" not in everything and b"Access policy" in told(bundle, "report.html")
    assert b"Ada Example" not in told(bundle, "public/report.html") and b"Ada Example" not in told(
        bundle, "public/report.json"
    )
    done = replay(bundle)
    assert done.ok, done.words
    cut(bundle, Tier.CUSTOMER, tmp_path / "customer.zip")
    assert told(tmp_path / "customer.zip", "records/content/access-policy") == b"Nobody shares a password.\n"
    with Archive.open(tmp_path / "customer.zip") as archive:
        assert "records/dossier.json" not in archive.entries


def test_a_paper_that_changes_is_a_journal_entry_and_the_same_one_is_not(life):
    life.run()
    entries = [entry for entry in life.agent.journal.entries if entry.kind == "dossier"]
    life.run()
    assert len([entry for entry in life.agent.journal.entries if entry.kind == "dossier"]) == len(entries) == 1
    path = life.folder / "records/access.md"
    path.write_text(path.read_text().replace("shares", "writes down"))
    life.run()
    last = newest(life.agent.journal.entries)
    assert last.body["altered"] == ["access-policy"] and [one["name"] for one in last.body["changed"]] == [
        "record access-policy"
    ]
    path.write_text(path.read_text().replace('"3"', '"4"'))
    life.run()
    assert newest(life.agent.journal.entries).body["altered"] == []


def test_changed_content_under_an_unchanged_version_is_missed(life):
    ten_days(life, 1)
    path = life.folder / "records/access.md"
    path.write_text(path.read_text().replace("shares", "writes down"))
    ten_days(life, 3)
    (bundle,) = life.bundles()
    assert rows(bundle)["CCM:4.1:IAM-01"]["result"] == "missed"
    assert b"changed under the same version" in told(bundle, "report.html")


def test_a_failing_record_is_not_mended_by_taking_it_away(life):
    path = life.folder / "records/access.md"
    path.write_text(path.read_text().replace("effective: 2026-01-15\n", "effective: 2026-01-15\nexpires: 2026-09-05\n"))
    ten_days(life, 1)
    path.unlink()
    ten_days(life, 3)
    (bundle,) = life.bundles()
    assert rows(bundle)["CCM:4.1:IAM-01"]["result"] == "missed"
    assert dossier(life).withdrawn == {"record access-policy": datetime(2026, 9, 11, tzinfo=UTC).date()}


def test_a_link_of_a_supplier_that_is_open_makes_it_a_part(life):
    life.cloud.volume("four", encrypted=False)
    ten_days(life, 4)
    assert rows(life.bundles()[0])["CCM:4.1:DCS-09"]["reach"] == "part"


def test_every_fault_of_every_paper_is_said_at_once(life):
    (life.folder / "records/access.md").write_text(POLICY.replace("kind: policy", "kind: rumour"))
    (life.folder / "reviews.csv").write_text(REVIEWS.replace("correct", "corect"))
    (life.folder / "suppliers/cloud.yaml").write_text(SUPPLIER.replace("attested", "attestd"))
    with pytest.raises(ProgrammeError) as refused:
        load(life.folder / "programme.yaml")
    assert all(f"{name}:" in str(refused.value) for name in ("access.md", "reviews.csv", "cloud.yaml"))


@pytest.mark.parametrize(
    "key", ["records: [ftp://isms/records/]", "registers: {incidents: file://a.csv}", "suppliers: [http://a/b]"]
)
def test_papers_lie_in_folders_or_buckets_of_a_kind_that_is_known(tmp_path, key):
    path = tmp_path / "programme.yaml"
    path.write_text(f"{PROGRAMME}{key}\n")
    with pytest.raises(ProgrammeError, match="write a path beside this file, s3://bucket/prefix, gs://"):
        load(path)


def test_what_changed_names_each_paper():
    assert changed(Dossier(), Dossier()) == []


promises = st.dictionaries(
    st.sampled_from(["CCM:4.1:*", "CCM:4.1:LOG-*", "CCM:4.1:TVM-*", "CCM:4.1:A&A-02", "CCM:4.1:UEM-05"]),
    st.sampled_from(["provider", "customer", "shared", "third party"]),
)
states = st.sampled_from(["current", "expired", "overdue", "future", "gone"])


def paper(number, state):
    said = {
        "expired": "expires: 2026-09-02\n", "overdue": "review_every: 30d\n", "future": "", "current": "", "gone": "",
    }[state]  # fmt: skip
    text = (
        POLICY.replace("review_every: 365d\n", said)
        .replace("publish: customer\n", "")
        .replace("access-policy", f"p-{number}")
    )
    text = text.replace("CCM:4.1:IAM-01", ("CCM:4.1:IAM-*", "CCM:4.1:GRC-04", "CCM:4.0:CEK-03")[number % 3])
    return text.replace("2026-01-15", "2027-01-15") if state == "future" else text


@sized(2, 60)
@given(st.lists(states, max_size=4), st.sampled_from(["4.1.0", "4.0.13"]), st.booleans(), promises)
def test_every_specification_has_its_row_in_every_state_of_a_programme(
    tmp_path_factory, papers, release, registers, more
):
    folder = tmp_path_factory.mktemp("life")
    desk(folder)
    (folder / "records/access.md").unlink()
    for number, state in enumerate(papers):
        if state != "gone":
            (folder / f"records/{number}.md").write_text(paper(number, state))
    promised = "".join(
        f"      {name}: {{owner: storage-lead, responsibility: {whose}}}\n" for name, whose in more.items()
    )
    text = COMMITTED.replace("      CCM:4.1:CEK-03:", f"{promised}      CCM:4.1:CEK-03:")
    text += PAPERS if registers else "records: [records]\n"
    if release == "4.0.13":
        text = text.replace("4.1.0", "4.0.13").replace("CCM:4.1:", "CCM:4.0:")
    found = begin(folder, programme=text)
    ten_days(found, 2)
    target = folder / "interim.zip"
    list(interim_bundles(found.agent, found.clock.now, target))
    table = rows(target)
    assert list(table) == [one.id for one in ccm.specifications(ccm.release(release))]
    assert all(row["basis"] and row["reach"] in {"none", "part", "full"} for row in table.values())
    assert all((row["basis"] == "none") == (row["reach"] == "none") for row in table.values())
    assert all(bool(row["result"]) == (row["committed"] == "yes") for row in table.values())
    assert replay(target).ok


@sized(2, 60)
@given(
    st.sampled_from(["access.md", "reviews.csv", "incidents.csv", "cloud.yaml"]),
    st.sampled_from(["late", "broken", "unknown"]),
)
def test_law_2_a_paper_that_says_less_never_improves_a_result(tmp_path_factory, name, how):
    def results(spoil):
        folder = tmp_path_factory.mktemp("life")
        desk(folder)
        if spoil:
            _spoil(folder, name, how)
        found = begin(folder, programme=COMMITTED + PAPERS)
        ten_days(found, 1)
        list(interim_bundles(found.agent, found.clock.now, folder / "interim.zip"))
        return rows(folder / "interim.zip")

    whole, less = results(spoil=False), results(spoil=True)
    rank = {str(result): place for place, result in enumerate(WORST_FIRST)} | {"": -1}
    for one, row in less.items():
        assert rank[row["result"]] <= rank[whole[one]["result"]] or Result.NOTHING in (
            row["result"],
            whole[one]["result"],
        )


def _spoil(folder, name, how):
    """The same paper, saying less: out of date, or with something that is not known."""
    path = next(folder.rglob(name))
    if name == "access.md":
        path.write_text(
            POLICY.replace("365d", "30d") if how != "unknown" else POLICY.replace("2026-01-15", "2026-12-15")
        )
    elif name == "cloud.yaml":
        path.write_text(
            SUPPLIER.replace("2026-12-31", "2026-08-01")
            if how == "late"
            else SUPPLIER.replace("unqualified", "qualified")
        )
    elif how == "late":
        side = path.with_name(f"{name}{SIDE}")
        side.write_text(HEADER.replace("2026-09-29", "2026-08-01"))
    else:
        path.write_text(
            path.read_text().replace(",true,", ",,").replace("2026-09-03T10:00:00Z,2026-09-05T10:00:00Z", ",")
        )


def test_the_values_of_a_dossier_are_read_again_as_they_were_kept(life):
    life.run()
    one = dossier(life)
    assert msgspec.json.decode(msgspec.json.encode(one), type=Dossier) == one and len(one.registers) == 2


def test_status_and_explain_count_papers_as_the_seal_will(life, monkeypatch):
    life.run()
    agent = life.agent
    (service,) = outlook(agent.store, agent.journal, agent.press.checks, (), life.clock.now).services
    assert service.results["CCM:4.1:IAM-01"] is Result.MET and service.results["CCM:4.1:HRS-01"] is Result.NOT_SHOWN
    monkeypatch.setenv("STARCADENCE_PROGRAMME", str(life.folder / "programme.yaml"))
    printed = CliRunner().invoke(cli, ["explain", "CCM:4.1:IAM-01"], catch_exceptions=False).stdout
    assert "record access-policy, version 3: current, met" in printed
    printed = CliRunner().invoke(cli, ["explain", "CCM:4.1:IAM-08"], catch_exceptions=False).stdout
    assert "register access_reviews of " in printed and "supplier" not in printed


def test_what_is_kept_of_papers_is_no_leftover(life):
    life.run()
    found = leftovers(life.agent.store, timedelta(seconds=1), datetime.now(UTC) + timedelta(days=30))
    assert [one.key for one in found if one.what == "a blob that nothing names"] == []


def test_published_content_that_is_not_what_the_dossier_names_is_found(life, tmp_path):
    ten_days(life, 4)
    (bundle,) = life.bundles()
    with Archive.open(bundle) as archive, (tmp_path / "other.zip").open("xb") as file:
        writer = Writer(file)
        for name in archive.entries:
            changed_content = (
                io.BytesIO(b"Everybody does.\n") if name == "records/content/access-policy" else archive.content(name)
            )
            writer.add(name, changed_content)
        writer.finish()
    done = replay(tmp_path / "other.zip")
    assert not done.ok and "records/content/access-policy is not the content that the dossier names" in done.words


def test_a_process_that_lives_on_reads_papers_that_were_written_and_stays_with_the_last_good_ones(life):
    agent = life.agent
    run(agent)
    path = life.folder / "records/access.md"
    path.write_text(POLICY.replace("Access policy", "Policy on access").replace('"3"', '"4"'))
    life.clock.now += timedelta(days=1)
    run(agent)
    assert [one.title for one in dossier(life).records] == ["Policy on access"]
    path.write_text(POLICY.replace("kind: policy", "kind: rumour"))
    life.clock.now += timedelta(days=1)
    run(agent)
    assert fresh(agent.loaded) is agent.loaded.desk
    assert len(kept(agent.store, newest(agent.journal.entries)).records) == 1


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_text(POLICY.replace("shares", "writes down")), lambda path: path.unlink()]
)
def test_a_file_that_is_written_between_reading_and_keeping_waits_for_the_next_run(life, spoil):
    agent = life.agent
    before = len(agent.journal.entries)
    path = life.folder / "records/access.md"
    path.write_text(POLICY.replace('"3"', '"4"').replace("Nobody", "No one"))
    desk_read = life.agent.loaded.desk
    spoil(path)
    keep(agent.store, agent.journal, desk_read, agent.press.salt_key, life.clock.now)
    assert len(agent.journal.entries) == before
