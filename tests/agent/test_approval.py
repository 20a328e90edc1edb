"""Approved exceptions: who decided, for how long, about what; and what lies in their folder."""

import pytest

from agent.errors import ProgrammeError
from agent.reading import load

PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly}
scope: {aws: {}}
services:
  - {id: a, name: A, owner: ada, level: 1, ccm: 4.1.0, specifications: {CCM:4.1:CEK-03: {owner: ada, responsibility: shared}}}
owners: {ada: {email: ada@cloud.example}}
approved_exceptions: exceptions/
"""

GOOD = """\
id: legacy-upload
check: data_is_encrypted_at_rest
requester: Ada Beispiel
approver: Bo Muster
rationale: the importer cannot read encrypted volumes yet
created: 2026-01-15
expires: 2027-01-15
resources: ["arn:aws:s3:::legacy-*"]
"""

BAD = [
    ("approver: Bo Muster", 'approver: "Ada Beispiel <ada@cloud.example>"',
     "4: 'Ada Beispiel <ada@cloud.example>' approves their own request; another person than the requester must approve"),
    ("approver: Bo Muster", "approver: Ada\u2003BEISPIEL",
     "4: 'Ada\\u2003BEISPIEL' approves their own request; another person than the requester must approve"),
    ("expires: 2027-01-15", "expires: 2027-01-15\nreviewed: 2026-01-14",
     "8: reviewed (2026-01-14) lies before created (2026-01-15); write a later day, or leave it out"),
    ("expires: 2027-01-15", "expires: 2027-01-15\nreviewed: 2027-01-16",
     "8: reviewed (2027-01-16) lies after expires (2027-01-15); decide again, under another id"),
    ("approver: Bo Muster", "approver: ADA  Beispiel".replace("  ", " "),
     "4: 'ADA Beispiel' approves their own request; another person than the requester must approve"),
    ("approver: Bo Muster\n", "", "1: the file lacks 'approver'; add it"),
    ("expires: 2027-01-15", "expires: 2027-01-16",
     "7: expires (2027-01-16) is more than a year after created; write 2027-01-15 or sooner, and decide again then"),
    ("expires: 2027-01-15", "expires: 2025-12-31", "7: expires (2025-12-31) lies before created (2026-01-15); write a later day"),
    ("expires: 2027-01-15", "expires: 15.1.2027", "7: expires is '15.1.2027'; write a day of the calendar as YYYY-MM-DD"),
    ("expires: 2027-01-15", "expires: 20270115", "7: expires is 20270115; write a day as YYYY-MM-DD"),
    ("expires: 2027-01-15", 'expires: "20270115"', "7: expires is '20270115'; write a day of the calendar as YYYY-MM-DD"),
    ("expires: 2027-01-15", "expires: 2027-02-29", "7: expires is '2027-02-29'; write a day of the calendar as YYYY-MM-DD"),
    ("expires: 2027-01-15", "expires: 2027-01-15T00:00:00Z",
     "7: expires is '2027-01-15T00:00:00Z'; write a day of the calendar as YYYY-MM-DD"),
    ("check: data_is", "check: date_is", "2: 'date_is_encrypted_at_rest' is no check; did you mean 'data_is_encrypted_at_rest'?"),
    ("check: data_is_encrypted_at_rest", "check: nonsense", "2: 'nonsense' is no check; `starcadence catalog` lists them"),
    ('resources: ["arn:aws:s3:::legacy-*"]', "resources: []", "1: this exception covers nothing; write resources, accounts or tags"),
    ("legacy-*", "*-legacy", "8: resources[0] is 'arn:aws:s3:::*-legacy'; a * may stand at the end only"),
    ('"arn:aws:s3:::legacy-*"', '"*"', "8: resources[0] is '*', which covers everything; write the ids, or accounts or tags"),
    ("resources:", "resource:", "1: this exception covers nothing; write resources, accounts or tags",
     "8: unknown key 'resource'; did you mean 'resources'?"),
    ('resources: ["arn:aws:s3:::legacy-*"]', "accounts: [111122223333]",
     '8: accounts[0] must be text; put it in quotes: "111122223333"'),
    ("id: legacy-upload", "id: Legacy",
     "1: id is 'Legacy'; write lower-case letters, digits and hyphens, at most 63, e.g. object-store"),
    (GOOD, "- a\n", '1: the file must be a mapping (`key: value` lines, or {}), not ["a"]'),
    (GOOD, "a: [\n", "1: a quote or bracket that is never closed; close it"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A programme with one good exception beside it."""
    (tmp_path / "programme.yaml").write_text(PROGRAMME)
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "exceptions/legacy.yaml").write_text(GOOD)
    return tmp_path / "exceptions"


def loaded(folder, **more):
    return load(folder.parent / "programme.yaml", environment={}, **more)


@pytest.mark.parametrize(("good", "bad", "expected"), [(good, bad, list(words)) for good, bad, *words in BAD])
def test_a_bad_exception_says_what_is_wrong_and_how_to_mend_it(folder, good, bad, expected):
    assert good in GOOD
    (folder / "legacy.yaml").write_text(GOOD.replace(good, bad, 1))
    with pytest.raises(ProgrammeError) as caught:
        loaded(folder)
    assert [fault.removeprefix(f"{folder / 'legacy.yaml'}:") for fault in caught.value.faults] == expected


def test_exceptions_come_by_id_whatever_their_files_are_called(folder):
    (folder / "zz.yaml").write_text(GOOD.replace("legacy-upload", "an-earlier-one"))
    found = loaded(folder)
    assert [exception.id for exception in found.exceptions] == ["an-earlier-one", "legacy-upload"]
    (folder / "zz.yaml").rename(folder / "aa.yaml")
    assert loaded(folder).exceptions_digest == found.exceptions_digest
    (folder / "aa.yaml").unlink()
    assert loaded(folder).exceptions_digest != found.exceptions_digest


def test_exceptions_do_not_change_the_programmes_digest(folder):
    before = loaded(folder).digest
    (folder / "legacy.yaml").unlink()
    assert loaded(folder).digest == before


def test_two_exceptions_with_one_id_are_a_fault(folder):
    (folder / "zz.yaml").write_text(GOOD)
    with pytest.raises(
        ProgrammeError, match=r"zz\.yaml:1: a second approved exception with the id 'legacy-upload'; give each its own"
    ):
        loaded(folder)


def test_what_is_not_read_is_said(folder):
    (folder / "README.md").write_text("words")
    (folder / ".gitkeep").write_text("")
    (folder / "other.yml").write_text(GOOD)
    (folder / "more").mkdir()
    assert loaded(folder).ignored == (
        f"{folder / 'more'}: ignored, for its name does not end in .yaml",
        f"{folder / 'other.yml'}: ignored, for its name does not end in .yaml",
    )


def test_a_leap_days_year_ends_on_the_28th(folder):
    (folder / "legacy.yaml").write_text(GOOD.replace("2026-01-15", "2028-02-29").replace("2027-01-15", "2029-02-28"))
    assert loaded(folder).exceptions[0].expires.isoformat() == "2029-02-28"


def test_the_end_of_time_is_no_crash(folder):
    (folder / "legacy.yaml").write_text(GOOD.replace("2026-01-15", "9999-12-01").replace("2027-01-15", "9999-12-31"))
    assert loaded(folder).exceptions[0].expires.isoformat() == "9999-12-31"


def test_other_checks_may_be_given(folder):
    with pytest.raises(
        ProgrammeError,
        match=r"legacy\.yaml:2: 'data_is_encrypted_at_rest' is no check; `starcadence catalog` lists them",
    ):
        loaded(folder, checks=("something_else",))
