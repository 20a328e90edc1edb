"""`starcadence crosswalk`: sealed evidence by the clauses of another framework, for a person, a program and a spreadsheet."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent import bundle as bundles_of_ours
from agent.bundle import Member
from agent.cli import cli
from agent.errors import UsageError, VerificationError
from agent.manifest import Tier
from agent.members import COLUMNS
from controls import ccm
from controls.crosswalk import FRAMEWORKS
from tests.agent import bundles

RESULTS = {"CCM:4.1:IAM-13": "met", "CCM:4.1:IAM-14": "missed", "CCM:4.1:CEK-03": "not shown", "CCM:4.1:LOG-06": "met"}


def table(version="4.1", results=RESULTS):
    """A specifications.csv with these committed specifications."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in ccm.specifications(version):
        said = {
            "specification": one.id,
            "title": one.title,
            "domain": one.domain,
            "committed": "no",
            "basis": "none",
            "reach": "none",
        }
        if one.id in results:
            said |= {"committed": "yes", "basis": "checks", "reach": "part", "result": results[one.id]}
        writer.writerow(said)
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return bundles.signer(tmp_path_factory.mktemp("key"))


@pytest.fixture
def sealed(tmp_path, signer):
    def make(content=None, name="b.zip", **said):
        both = [
            Member(name="specifications.csv", tier=Tier.AUDITOR, content=content or table()),
            Member(name="public/specifications.csv", tier=Tier.PUBLIC, content=content or table()),
        ]
        return bundles.loose(tmp_path / name, signer, bundles.claim(**said), both).path

    return make


def typed(*arguments):
    return CliRunner().invoke(cli, ["crosswalk", *map(str, arguments)], catch_exceptions=False, standalone_mode=False)


def told(*arguments):
    return json.loads(typed(*arguments, "--json").stdout)


def test_without_a_framework_all_are_listed_with_their_tables():
    text = typed().stdout
    assert all(one.id in text and one.name.split()[0] in text for one in FRAMEWORKS)
    assert "NIST's table is not in here" in " ".join(text.split())
    assert len(told()) == len(FRAMEWORKS)


def test_a_clause_shows_its_worst_committed_specification_and_lists_the_others(sealed):
    (found,) = told("--to", "soc2", "--bundle", sealed())
    by_clause = {one["clause"]: one for one in found["clauses"]}
    assert (found["service"], found["cycle"], found["simulated"]) == ("object-store", "2026-10", True)
    assert by_clause["CC6.6"]["result"] == "met"  # IAM-13 alone is committed of it
    assert by_clause["CC6.1"]["result"] == "missed"
    lines = {line["specification"]: line for line in by_clause["CC6.1"]["specifications"]}
    assert (lines["CCM:4.1:IAM-14"]["result"], lines["CCM:4.1:IAM-14"]["basis"]) == ("missed", "checks")
    assert lines["CCM:4.1:IAM-05"]["state"] == "not committed"
    assert by_clause["CC9.2"]["result"] is None
    ranks = [one["result"] for one in found["clauses"]]
    assert ranks[0] == "missed"
    assert ranks.index("met") < ranks.index(None)


def test_a_person_reads_the_rule_and_that_nothing_was_authenticated(sealed):
    result = typed("--to", "iso27001", "--bundle", sealed(), "--clause", "A.8.17")
    assert "A.8.17: met; 1 of 1 specifications committed" in result.stdout
    assert "CCM:4.1:LOG-06  met, checks (medium, by AU-8) Clock Synchronization" in result.stdout
    assert "is evidence that speaks of a clause, not the clause" in " ".join(result.stdout.split())
    assert "SIMULATED" in result.stdout
    assert "starcadence verify" in result.stderr


def test_a_clause_of_which_no_specification_speaks_is_named_and_shows_nothing(sealed):
    text = typed("--to", "hipaa", "--bundle", sealed()).stdout
    assert "No specification speaks of 164.308(a)(1)(ii)(C)" in text
    (one,) = told("--to", "hipaa", "--bundle", sealed(name="c.zip"), "--clause", "164.308(a)(1)(ii)(C)")
    assert one["clauses"][0]["result"] is None


def test_a_spreadsheet_has_a_row_for_each_clause_and_specification(sealed):
    rows = list(csv.DictReader(io.StringIO(typed("--to", "csf", "--bundle", sealed(), "--csv").stdout)))
    mine = {(row["clause"], row["specification"]): row for row in rows}
    assert mine["PR.AA-03", "CCM:4.1:IAM-13"]["through"] == "IA-2 IA-2(1) IA-2(2) IA-8"
    assert mine["PR.AA-03", "CCM:4.1:IAM-13"]["origin"] == "our own; NIST OLIR 186"
    assert mine["PR.AA-04", ""]["clause_result"] == ""


def test_a_cycle_judged_by_4_0_is_read_through_the_way_to_4_1(sealed):
    path = sealed(table("4.0", {"CCM:4.0:LOG-06": "met", "CCM:4.0:IAM-14": "missed"}), ccm="4.0.13")
    (found,) = told("--to", "iso27001", "--bundle", path, "--clause", "A.5.16")
    assert found["ccm"] == "4.0.13"
    assert [
        line["specification"] for line in found["clauses"][0]["specifications"] if line["state"] == "committed"
    ] == ["CCM:4.0:IAM-14"]
    assert found["clauses"][0]["result"] == "missed"


def test_the_public_edition_reads_the_same(sealed, tmp_path):
    whole = sealed()
    bundles_of_ours.cut(whole, Tier.PUBLIC, tmp_path / "public.zip")
    theirs, ours = (told("--to", "pci", "--bundle", path)[0] for path in (tmp_path / "public.zip", whole))
    assert theirs["clauses"] == ours["clauses"]


def test_a_result_that_we_do_not_know_shows_nothing(sealed):
    path = sealed(table(results={"CCM:4.1:LOG-06": "splendid"}))
    (found,) = told("--to", "iso27001", "--bundle", path, "--clause", "A.8.17")
    assert found["clauses"][0]["result"] == "not shown"


def test_of_a_store_the_newest_cycle_of_each_service_is_read(tmp_path, signer, monkeypatch):
    monkeypatch.setattr(bundles, "members", _with_table(bundles.members))
    bundles.live(tmp_path / "store", signer)
    (found,) = told("--to", "csf", "--store", tmp_path / "store")
    assert found["cycle"] == "2026-10"
    with pytest.raises(UsageError, match=r"holds no sealed cycle of other; it has object-store"):
        typed("--to", "csf", "--store", tmp_path / "store", "--service", "other")


def _with_table(make):
    """A builder of members with a specifications.csv besides."""
    return lambda *said: [*make(*said), Member(name="specifications.csv", tier=Tier.AUDITOR, content=table())]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "iso2700"), "did you mean iso2"),
        (("--to", "csf", "--clause", "XX.YY-01"), "NIST CSF 2.0 has no clause 'XX.YY-01' in this table"),
        (("--to", "csf", "--service", "a"), "--bundle names one bundle"),
        (("--to", "csf", "--json", "--csv"), "give one of them"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_remedy(sealed, arguments, words):
    with pytest.raises(UsageError) as refused:
        typed(*arguments, "--bundle", sealed())
    assert words in str(refused.value)


def test_a_bundle_whose_table_was_changed_is_refused(sealed):
    path = Path(sealed())
    path.write_bytes(path.read_bytes().replace(b"LOG-06,Clock Synchronization", b"LOG-06,clock Synchronization"))
    with pytest.raises(VerificationError):
        typed("--to", "csf", "--bundle", path)


def test_a_bundle_without_the_table_is_refused(tmp_path, signer):
    path = bundles.loose(tmp_path / "old.zip", signer).path
    with pytest.raises(UsageError, match=r"holds no specifications\.csv"):
        typed("--to", "csf", "--bundle", path)
