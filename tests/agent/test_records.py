"""Records: front matter or a side file, every fault with file, line and remedy, and what a record is on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.records import RESULTS, SIDE, Known, Record, content, doubled, shelve
from controls.tally import Result

KNOWN = Known(owners=("security-lead",), services=("object-store",))
FRONT = """\
id: access-policy
title: Access policy
kind: policy
version: "3"
specifications: ["CCM:4.1:IAM-01"]
owner: security-lead
approver: Ada Example
effective: 2026-01-15
review_every: 365d
"""


def written(tmp_path, text, name="policy.md"):
    folder = tmp_path / "records"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return shelve(folder, tmp_path, KNOWN)


def record(**changes):
    made = {
        "id": "one", "title": "One", "kind": "policy", "version": "1", "specifications": ("CCM:4.1:IAM-01",), "owner": "x", "approver": "y",
        "effective": date(2026, 1, 15), "reviewed": None, "review_every": None, "expires": None, "services": (), "publish": None,
        "file": "records/one.md", "size": 1, "digest": "0" * 64,
    }  # fmt: skip
    return Record(**{**made, **changes})


def test_front_matter_says_what_a_file_is_and_is_no_part_of_its_content(tmp_path):
    shelf = written(tmp_path, f"---\n{FRONT}---\nNobody shares a password.\n")
    (one,) = shelf.records
    assert (one.id, one.effective, one.file, one.size) == ("access-policy", date(2026, 1, 15), "records/policy.md", 26)
    assert content(tmp_path / "records/policy.md") == b"Nobody shares a password.\n"
    again = written(tmp_path, f"---\n{FRONT}reviewed: 2026-06-01\n---\nNobody shares a password.\n")
    assert again.records[0].digest == one.digest


def test_a_side_file_speaks_for_what_can_hold_no_front_matter(tmp_path):
    written(tmp_path, "%PDF", "policy.pdf")
    (one,) = written(tmp_path, FRONT, f"policy.pdf{SIDE}").records
    assert (one.file, one.size) == ("records/policy.pdf", 4)


def test_what_says_nothing_of_itself_is_passed_over_and_said(tmp_path):
    written(tmp_path, "notes", "notes.txt")
    written(tmp_path, "about this folder", "README.md")
    shelf = written(tmp_path, "hidden", ".draft.md")
    assert shelf.records == () and [line.rsplit("/", 1)[-1] for line in shelf.ignored] == [
        "notes.txt: ignored, for it has no front matter and no notes.txt.record.yaml beside it"
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("version", "versoin"), "5: unknown key 'versoin'; did you mean 'version'?"),
        (("security-lead", "securty-lead"), "7: 'securty-lead' is not under `owners` of the programme; did you mean 'security-lead'?"),
        (("CCM:4.1:IAM-01", "IAM-01"), "6: specifications[0]: 'IAM-01' does not say its version"),
        (("CCM:4.1:IAM-01", "CCM:4.1:IAM-99"), "6: specifications[0]: CCM:4.1:IAM-99 is not a specification"),
        (("2026-01-15", "2026-02-30"), "9: effective is '2026-02-30'; write a day of the calendar as YYYY-MM-DD"),
        (("365d\n", "365d\nexpires: 2025-01-01\n"), "11: expires (2025-01-01) lies before effective (2026-01-15); write a later day"),
        (("kind: policy", "kind: rumour"), "4: kind is 'rumour'; write certificate, minutes"),
        (("365d\n", "365d\nservices: [objekt-store]\n"), "11: 'objekt-store' is not under `services` of the programme"),
        (('["CCM:4.1:IAM-01"]', "[]"), "6: specifications is empty; write at least one entry"),
    ],
)  # fmt: skip
def test_a_fault_of_front_matter_has_file_line_and_remedy(tmp_path, change, words):
    shelf = written(tmp_path, f"---\n{FRONT.replace(*change)}---\nText.\n")
    assert shelf.records == ()
    assert any(str(fault).startswith(f"{tmp_path}/records/policy.md:{words}") for fault in shelf.faults), shelf.faults


def test_a_side_file_without_its_file_and_a_doubled_id_are_faults(tmp_path):
    alone = written(tmp_path, FRONT, f"gone.pdf{SIDE}")
    assert [fault.words for fault in alone.faults] == [
        "describes gone.pdf, which is not there; put it there, or remove this file"
    ]
    (tmp_path / f"records/gone.pdf{SIDE}").unlink()
    written(tmp_path, f"---\n{FRONT}---\n", "a.md")
    shelf = written(tmp_path, f"---\n{FRONT}---\n", "b.md")
    assert [fault.file for fault in doubled((shelf,))] == ["records/b.md"]


@pytest.mark.parametrize(
    ("changes", "day", "state"),
    [
        ({}, "2026-09-30", "current"),
        ({}, "2026-01-14", "not yet"),
        ({"expires": date(2026, 9, 30)}, "2026-09-30", "current"),
        ({"expires": date(2026, 9, 29)}, "2026-09-30", "expired"),
        ({"review_every": "30d"}, "2026-02-14", "current"),
        ({"review_every": "30d"}, "2026-02-15", "overdue"),
        ({"review_every": "30d", "reviewed": date(2026, 9, 15)}, "2026-09-30", "current"),
        ({"review_every": "30d", "reviewed": date(2026, 10, 1)}, "2026-09-30", "overdue"),
        ({"altered": True}, "2026-09-30", "changed under the same version"),
    ],
)
def test_what_a_record_is_on_a_day(changes, day, state):
    assert record(**changes).state(date.fromisoformat(day)) == state


@given(st.integers(1, 400), st.integers(0, 800), st.integers(0, 800))
def test_a_record_that_nobody_looks_at_again_does_not_become_current(every, day, more):
    one = record(review_every=f"{every}d")
    first = one.effective + timedelta(days=day)
    if RESULTS[one.state(first)] is not Result.MET:
        assert RESULTS[one.state(first + timedelta(days=more))] is not Result.MET
