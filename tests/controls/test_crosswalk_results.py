"""Evidence read by other clauses: worst first, never stronger than it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.crosswalk import CONFIDENCES, Link
from controls.crosswalk_results import Evidence, clauses
from controls.tally import WORST_FIRST, Result

MET, MISSED, NOT_SHOWN, NOTHING = Result.MET, Result.MISSED, Result.NOT_SHOWN, Result.NOTHING


def link(specification, confidence="high", clause="X.1"):
    return Link(clause=clause, specification=specification, confidence=confidence, origin="our own")


def said(specification, result, *, committed=True):
    return Evidence(specification=specification, committed=committed, basis="checks", reach="part", result=result)


def one(links, *evidence):
    (found,) = clauses(["X.1"], links, {row.specification: row for row in evidence}, {"S-1": "First"})
    return found


@pytest.mark.parametrize(
    ("results", "expected"),
    [((MET, MET), MET), ((MET, NOT_SHOWN), NOT_SHOWN), ((NOT_SHOWN, MISSED, MET), MISSED), ((MET, NOTHING), MET), ((NOTHING,), NOTHING),
     ((MET, None), NOT_SHOWN)],
)  # fmt: skip
def test_a_clause_is_its_worst_committed_specification(results, expected):
    evidence = [said(f"S-{number}", result) for number, result in enumerate(results, start=1)]
    found = one([link(row.specification) for row in evidence], *evidence)
    assert found.result is expected
    assert found.committed == len(results)


def test_what_is_not_committed_is_listed_and_counts_for_nothing():
    found = one([link("S-1"), link("S-2"), link("S-3")], said("S-1", MET), said("S-2", MISSED, committed=False))
    assert found.result is MET
    assert [(line.specification, line.title, line.state, line.result) for line in found.specifications] == [
        ("S-1", "First", "committed", MET),
        ("S-2", "", "not committed", None),
        ("S-3", "", "not in the evidence", None),
    ]
    assert found.committed == 1
    assert [(line.basis, line.reach) for line in found.specifications] == [
        ("checks", "part"),
        ("checks", "part"),
        ("", ""),
    ]


def test_without_a_committed_specification_nothing_is_shown():
    assert one([link("S-1")], said("S-1", None, committed=False)).result is None
    assert one([]).specifications == ()
    assert one([]).confidence is None


def test_links_of_low_confidence_can_miss_a_clause_but_never_meet_it():
    assert one([link("S-1", "low")], said("S-1", MET)).result is NOT_SHOWN
    assert one([link("S-1", "low")], said("S-1", MISSED)).result is MISSED
    assert one([link("S-1", "low"), link("S-2", "medium")], said("S-1", MET), said("S-2", MET)).result is MET
    assert (
        one([link("S-1", "low"), link("S-2", "high")], said("S-1", MET), said("S-2", MET, committed=False)).result
        is NOT_SHOWN
    )


def test_a_clause_has_the_confidence_of_its_surest_committed_link():
    found = one([link("S-1", "high"), link("S-2", "medium"), link("S-3", "low")], said("S-2", MET), said("S-3", MET))
    assert found.confidence == "medium"


def test_clauses_come_worst_first_then_those_without_result_and_last_the_silent_ones():
    names = ["silent", "open", "nothing", "met", "unshown", "missed", "also-missed"]
    results = {"nothing": NOTHING, "met": MET, "unshown": NOT_SHOWN, "missed": MISSED, "also-missed": MISSED}
    links = [link(f"S-{name}", clause=name) for name in names if name != "silent"]
    evidence = {f"S-{name}": said(f"S-{name}", result) for name, result in results.items()}
    found = [each.clause for each in clauses(names, links, evidence, {})]
    assert found == ["missed", "also-missed", "unshown", "met", "nothing", "open", "silent"]


RESULTS = st.sampled_from([*Result, None])


@given(st.lists(st.tuples(st.sampled_from(CONFIDENCES), st.booleans(), RESULTS), max_size=6))
def test_a_clause_is_never_stronger_than_any_of_its_committed_specifications(drawn):
    evidence = [said(f"S-{at}", result, committed=yes) for at, (_, yes, result) in enumerate(drawn)]
    found = one([link(f"S-{at}", sure) for at, (sure, _, _) in enumerate(drawn)], *evidence)
    counted = [(row.result or NOT_SHOWN) for row in evidence if row.committed]
    if not counted:
        assert found.result is None
        return
    strength = WORST_FIRST.index(found.result)
    assert all(strength <= WORST_FIRST.index(each) for each in counted)
