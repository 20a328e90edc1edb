"""A report in the formats of others: what their schemas ask for, the same bytes twice, and nothing that only we would read."""

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.archive import Archive
from agent.csa.workbook import sheets
from agent.exports.caiq import COLUMNS, answers
from agent.exports.ocsf import compliance_findings
from agent.exports.oscal import assessment_results, reference, token
from agent.exports.workbook import workbook
from agent.replay import replay
from agent.report import Report, public
from controls import ccm
from controls.ccm.questions import questions
from tests.agent.living import PROGRAMME, begin

COMMITTED = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace(
    "      CCM:4.1:IAM-13:",
    "      CCM:4.1:A&A-02: {owner: storage-lead, responsibility: shared, ours: our part}\n      CCM:4.1:IAM-13:",
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")  # as OSCAL's schema has it
TOKEN = re.compile(r"[^\W\d][\w.\-]*")  # OSCAL's (\p{L}|_)(\p{L}|\p{N}|[.\-_])*


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    life = begin(tmp_path_factory.mktemp("life"), programme=COMMITTED)
    life.cloud.volume("bad", encrypted=False)
    for _ in range(4):
        life.run()
        life.clock.now += timedelta(days=10)
    return life.bundles()[0]


def member(bundle, name):
    with Archive.open(bundle) as archive:
        return archive.read(name, 1 << 26)


def test_ocsf_has_what_class_2003_asks_for(bundle):
    (one,) = (json.loads(line) for line in member(bundle, "ocsf/compliance-findings.jsonl").splitlines())
    required = {
        "activity_id",
        "category_uid",
        "class_uid",
        "compliance",
        "finding_info",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
        "cloud",
    }
    assert required <= one.keys()
    assert (one["class_uid"], one["category_uid"], one["type_uid"]) == (2003, 2, 200300 + one["activity_id"])
    assert one["activity_id"] in {1, 2, 3} and one["severity_id"] == 4 and one["compliance"]["status_id"] == 3
    assert {"uid", "title"} <= one["finding_info"].keys() and {"version", "product"} <= one["metadata"].keys()
    assert one["cloud"]["provider"] == "AWS" and one["resources"][0]["uid"].endswith("volume/bad")
    assert datetime.fromtimestamp(one["time"] / 1000, UTC).year == 2026
    assert one["compliance"]["requirements"] == ["CCM:4.1:CEK-03", *one["compliance"]["requirements"][1:]]


def walk(value):
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_oscal_has_what_assessment_results_ask_for(bundle):
    document = json.loads(member(bundle, "oscal/assessment-results.json"))["assessment-results"]
    assert document.keys() <= {"uuid", "metadata", "import-ap", "local-definitions", "results", "back-matter"}
    assert {"title", "last-modified", "version", "oscal-version"} <= document["metadata"].keys()
    (result,) = document["results"]
    assert {"uuid", "title", "description", "start", "reviewed-controls"} <= result.keys()
    every = list(walk(document))
    ids = [one["uuid"] for one in every if isinstance(one, dict) and "uuid" in one]
    assert len(ids) == len(set(ids)) and all(UUID.fullmatch(one) for one in ids)
    assert [] not in every and None not in every and "" not in every
    for prop in (one for each in every if isinstance(each, dict) for one in each.get("props", ())):
        assert TOKEN.fullmatch(prop["name"]) and re.fullmatch(r"\S(.*\S)?", prop["value"])
    controls = [one["control-id"] for one in result["reviewed-controls"]["control-selections"][0]["include-controls"]]
    assert "CCM_4.1_A.and.A-02" in controls and all(TOKEN.fullmatch(one) for one in controls)
    observed = {one["uuid"] for one in result["observations"]}
    for one in result["observations"]:
        assert {"uuid", "description", "methods", "collected"} <= one.keys() and one["methods"] == ["TEST"]
    states = {}
    for one in result["findings"]:
        assert {"uuid", "title", "description", "target"} <= one.keys()
        assert {each["observation-uuid"] for each in one.get("related-observations", ())} <= observed
        states[reference(one["target"]["target-id"])] = (
            one["target"]["status"]["state"],
            one["target"]["status"]["reason"],
        )
    assert states["CCM:4.1:CEK-03"] == ("not-satisfied", "fail")
    assert states["CCM:4.1:A&A-02"] == ("not-satisfied", "other")  # not shown


def test_oscal_takes_whatever_a_programme_is_called_and_a_programme_of_nothing(bundle):
    report = msgspec.json.decode(member(bundle, "report.json"), type=Report)
    bare = tuple(replace(one, committed=False, objectives=()) for one in report.specifications)
    odd = replace(report, provider="Example\n Cloud\u2028GmbH ", service_name=" two\nlines", specifications=bare)
    document = json.loads(assessment_results(odd))["assessment-results"]
    assert document["metadata"]["title"].startswith("two lines: cycle")
    assert document["metadata"]["parties"][0]["name"] == "Example Cloud GmbH"
    (selected,) = document["results"][0]["reviewed-controls"]["control-selections"]
    assert selected["include-all"] == {} and len(selected["exclude-controls"]) == len(bare)
    assert "findings" not in document["results"][0]


@given(st.sampled_from([one.id for version in ("4.0", "4.1") for one in ccm.specifications(version)]))
def test_every_reference_has_a_token_that_reads_back(one):
    assert TOKEN.fullmatch(token(one)) and reference(token(one)) == one


def rows(data):
    ((name, found),) = sheets(data)
    assert name == "CAIQ"
    return found


def test_the_sheet_has_every_question_answers_only_what_is_shown_and_tells_nothing_apart(bundle):
    sheet = member(bundle, "caiq.xlsx")
    text = BytesIO(sheet)
    with zipfile.ZipFile(text) as archive:
        body = archive.read("xl/worksheets/sheet1.xml").decode()
        assert archive.testzip() is None and "<f>" not in body and "volume/bad" not in body
    assert body.count("<row ") == 1 + len(questions("4.1"))
    said = {row[1]: row for row in rows(sheet)}
    assert said["Specification"] == COLUMNS and said["CCM:4.1:CEK-03"][0] == "CEK-03.1"
    assert (
        said["CCM:4.1:CEK-03"][2] == "No"
        and said["CCM:4.1:A&A-02"][2] == ""
        and said["CCM:4.1:A&A-02"][3] == "Shared CSP and CSC"
    )


def test_all_of_it_is_made_again_by_a_replay_and_a_change_of_it_is_seen(bundle):
    assert replay(bundle).ok
    report = msgspec.json.decode(member(bundle, "report.json"), type=Report)
    assert compliance_findings(report) == member(bundle, "ocsf/compliance-findings.jsonl")
    assert assessment_results(report) == member(bundle, "oscal/assessment-results.json")
    assert answers(public(report)) == member(bundle, "caiq.xlsx")


@pytest.mark.parametrize(("version", "number"), [("4.0", 261), ("4.1", 283)])
def test_every_specification_has_its_questions(version, number):
    asked = questions(version)
    assert len(asked) == number and set(asked.values()) == {one.id for one in ccm.specifications(version)}


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=4), max_size=4))
def test_whatever_a_cell_says_the_file_is_well_formed_and_the_same_again(table):
    made = workbook("S", table, (10, 10, 10, 10))
    assert made == workbook("S", table, (10, 10, 10, 10))
    with zipfile.ZipFile(BytesIO(made)) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
