"""The tables to other frameworks: whole, of known ids, marked with their origin, and no surer than the way by which a link was found."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from controls import ccm, crosswalk

FOLDER = Path(crosswalk.__file__).parent / "crosswalks"
CONTROL = re.compile(r"(AC|AT|AU|CA|CM|CP|IA|IR|MA|MP|PE|PL|PM|PS|PT|RA|SA|SC|SI|SR)-[1-9]\d?(\([1-9]\d?\))?")
NAMES = [one.id for one in crosswalk.FRAMEWORKS]
CLAUSE = {
    "csf": r"(GV|ID|PR|DE|RS|RC)\.[A-Z]{2}(-\d\d)?",
    "iso27001": r"A\.[5-8]\.\d{1,2}",
    "hipaa": r"164\.3(08|10|12|14|16)(\([0-9a-zA-Z]+\))+",
    "fedramp-ksi": r"KSI-[A-Z]{3}-[A-Z]{3}",
    "soc2": r"(CC[1-9]|A1|C1|PI1|P[1-8])\.\d{1,2}",
    "pci": r"([1-9]|1[0-2])(\.\d{1,2}){2,3}",
    "iso27017": r"CLD(\.\d{1,2}){3}|\d{1,2}(\.\d{1,2}){2}",
    "iso27018": r"A\.\d{1,2}\.\d{1,2}",
    "ffiec": r"IS\.I[IV]{0,2}(\.[A-D](\.\d{1,2})?(\([a-e]\))?)?",
    "eba": r"GL/2019/0[24](\.\d{1,2}){1,3}",
    "mas-trm": r"\d{1,2}\.\d{1,2}",
    "apra-cps-234": r"(1[3-9]|2\d|3[0-6])",
    "rbi": r"MD-ITGRCA\.[IV]{1,3}",
    "hkma": r"TM-G-1\.[2-7]|TM-G-2|SA-2",
}


def rows(name):
    with (FOLDER / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def to(name, specification, version="4.1"):
    return {one.clause: one for one in crosswalk.links(name, version) if one.specification == specification}


def test_each_file_belongs_to_a_framework_and_holds_ids_alone():
    assert {path.stem for path in FOLDER.iterdir()} == {"nist-800-53", *NAMES} - {"800-53"}
    for path in FOLDER.glob("*.csv"):
        for cell in (cell for row in rows(path.stem) for name, cell in row.items() if name != "origin"):
            assert re.fullmatch(r"[\w&.:/() -]*", cell)  # an indicator may name no control
            assert not re.search(r"[a-z]{3,} [a-z]{3,}", cell)  # no words of a standard


def test_our_own_table_names_every_specification_once_with_real_controls():
    found = rows("nist-800-53")
    assert [row["specification"] for row in found] == [one.id for one in ccm.specifications("4.1")]
    assert {row["origin"] for row in found} == {crosswalk.OWN}
    assert Counter(row["confidence"] for row in found) == {"high": 114, "medium": 80, "low": 13}
    for row in found:
        controls = row["controls"].split()
        assert controls == list(dict.fromkeys(controls))
        assert all(CONTROL.fullmatch(one) for one in controls)


@pytest.mark.parametrize(("name", "clauses", "pairs"), [("csf", 108, 742), ("hipaa", 68, 279), ("fedramp-ksi", 46, None),
    ("fedramp-low", 156, 156), ("fedramp-moderate", 323, 323), ("fedramp-high", 410, 410)])  # fmt: skip
def test_a_public_table_has_the_numbers_that_its_publisher_gives(name, clauses, pairs):
    found = rows(name)
    assert len({row["clause"] for row in found}) == len(found) == clauses
    assert crosswalk.OWN not in {row["origin"] for row in found}
    named = [one for row in found for one in row["controls"].split()]
    assert all(CONTROL.fullmatch(one) for one in named)
    assert pairs in (None, len(named))


def test_the_low_baseline_is_in_the_moderate_one_and_that_in_the_high_one():
    low, moderate, high = (set(crosswalk.clauses(f"fedramp-{one}")) for one in ("low", "moderate", "high"))
    assert low < moderate < high


def test_annex_a_is_whole_and_says_which_rows_are_our_own():
    found = rows("iso27001")
    assert {row["clause"] for row in found} == {
        f"A.{part}.{one}" for part, last in ((5, 37), (6, 8), (7, 14), (8, 34)) for one in range(1, last + 1)
    }
    assert [row["clause"] for row in found if row["origin"] == crosswalk.OWN] == ["A.7.6", "A.8.5", "A.8.11", "A.8.34"]


@pytest.mark.parametrize("name", CLAUSE)
def test_clauses_are_spelled_as_the_framework_spells_them(name):
    assert [one for one in crosswalk.clauses(name) if not re.fullmatch(CLAUSE[name], one)] == []


@pytest.mark.parametrize("version", ["4.0", "4.1"])
@pytest.mark.parametrize("name", NAMES)
def test_every_link_is_of_a_known_specification_and_clause_and_comes_once(name, version):
    found = crosswalk.links(name, version)
    known = {one.id for one in ccm.specifications(version)}
    assert found
    assert {one.specification for one in found} <= known
    assert {one.clause for one in found} <= set(crosswalk.clauses(name))
    assert len({(one.clause, one.specification) for one in found}) == len(found)
    assert all(one.origin.startswith(crosswalk.OWN) for one in found)


@pytest.mark.parametrize("name", ["csf", "iso27001", "hipaa", "fedramp-ksi"])
def test_what_comes_through_a_second_table_is_never_of_high_confidence(name):
    assert "high" not in {one.confidence for one in crosswalk.links(name, "4.1")}
    assert all(one.through for one in crosswalk.links(name, "4.1"))


def test_a_link_says_by_which_controls_and_tables_it_was_found():
    link = to("iso27001", "CCM:4.1:CEK-03")["A.8.24"]
    assert (link.confidence, link.origin, link.through) == ("medium", "our own; NIST OLIR 155", ("SC-13",))
    assert to("iso27001", "CCM:4.1:IAM-13")["A.8.5"].origin == "our own"
    assert to("fedramp-high", "CCM:4.1:CEK-03")["SC-28(1)"].confidence == "high"
    assert to("fedramp-high", "CCM:4.1:CEK-03")["SC-28(1)"].origin == "our own; FedRAMP Rev 5"


def test_an_enhancement_reaches_what_its_control_reaches_with_low_confidence_only():
    link = to("csf", "CCM:4.1:UEM-10")["PR.IR-01"]  # SC-7(12), where NIST names SC-7
    assert (link.through, link.confidence) == (("SC-7(12)",), "low")
    assert to("fedramp-low", "CCM:4.1:UEM-10") == {}  # SC-7 is in the baseline, SC-7(12) is not


def test_of_two_ways_to_a_clause_the_surer_counts_and_both_are_named():
    link = to("csf", "CCM:4.1:LOG-05")["DE.AE-02"]
    assert link.through == ("AU-6", "AU-6(1)", "SI-4")
    assert link.confidence == "medium"


def test_a_specification_of_4_0_has_the_links_of_its_successor():
    assert set(to("soc2", "CCM:4.0:IAM-14", "4.0")) == set(to("soc2", "CCM:4.1:IAM-13"))
    assert to("soc2", "CCM:4.0:IAM-14", "4.0")["CC6.6"].confidence == "high"  # its words are the same
    assert to("soc2", "CCM:4.0:IAM-13", "4.0")["CC6.2"].confidence == "medium"  # those of CCM:4.1:IAM-12 are others
    assert to("soc2", "CCM:4.0:IAM-12", "4.0") == {}  # it has no successor


def test_clauses_of_a_specification_come_surest_first():
    found = crosswalk.of_specifications(crosswalk.links("soc2", "4.1"))
    assert found["CCM:4.1:DSP-16"][:3] == ("CC6.5", "C1.1", "C1.2")
    assert found["CCM:4.1:DSP-16"][-1] == "PI1.5"  # of low confidence
    assert "CCM:4.1:AIS-03" not in found


def test_clauses_of_800_53_come_in_the_order_of_their_numbers():
    found = crosswalk.clauses("800-53")
    assert found.index("AC-2") < found.index("AC-2(1)") < found.index("AC-2(3)") < found.index("AC-11")


def test_a_confidence_is_never_lowered_below_low():
    assert [crosswalk.lowered(one, steps) for one, steps in (("high", 1), ("high", 2), ("medium", 3), ("low", 1), ("high", 0))] == [
        "medium", "low", "low", "low", "high",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"), [("ISO27001", "did you mean iso27001?"), ("zzz", "a crosswalk to; there are 800-53, csf")]
)
def test_an_unknown_framework_is_refused_with_those_that_there_are(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        crosswalk.framework(text)
    assert crosswalk.framework("csf").name == "NIST CSF 2.0"
