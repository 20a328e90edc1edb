"""Suppliers: what is inherited on a day and how far it reaches; one open link, and it is a part."""

from datetime import date

import pytest
from msgspec.structs import replace

from agent.records import Known
from agent.strict import Refusal
from agent.suppliers import Supplier, UserControl, inherited, supplier
from controls.tally import Result

DAY = date(2026, 9, 30)
KNOWN = Known(owners=("security-lead",), services=())
CONTROL = UserControl(id="CUEC-1", words="Turn on a second factor.", check="users_need_mfa")
WHOLE = Supplier(
    id="cloud", name="Example Hosting", kind="attested", scheme="SOC 2 Type II", opinion="unqualified", first=date(2025, 10, 1),
    last=DAY, method="inclusive", services=("compute",), regions=("eu-west-1",), specifications=("CCM:4.1:DCS-09",),
    owner="security-lead", rationale="the report tests all of it", provider="aws", user_controls=(CONTROL,),
)  # fmt: skip
TEXT = """\
id: cloud
name: Example Hosting
kind: attested
scheme: SOC 2 Type II
opinion: unqualified
first: 2025-10-01
last: 2026-09-30
method: inclusive
services: [compute]
regions: [eu-west-1]
specifications: ["CCM:4.1:DCS-*"]
owner: security-lead
user_controls:
  - {id: CUEC-1, words: Turn on a second factor., check: users_need_mfa}
"""


def on(one, *, shows=True, regions=("eu-west-1", "global"), day=DAY):
    return inherited(one, day, lambda _: shows, {"aws": regions})


def test_a_current_unqualified_report_with_every_link_closed_reaches_in_full():
    found = on(WHOLE)
    assert (found.result, found.reach, found.words, found.until) == (Result.MET, "full", (), DAY)


@pytest.mark.parametrize(
    ("changes", "more", "words"),
    [
        ({}, {"shows": False}, "user controls that nothing shows: CUEC-1"),
        ({"kind": "self-assessed", "opinion": "none"}, {}, "it is a self-assessment"),
        ({"method": "carve-out"}, {}, "its own suppliers are carved out"),
        ({"rationale": None}, {}, "nobody says that it speaks for all of these specifications"),
        ({}, {"regions": ("eu-west-1", "us-east-1")}, "regions in use are not covered: us-east-1"),
    ],
)
def test_one_open_link_makes_it_a_part(changes, more, words):
    found = on(replace(WHOLE, **changes), **more)
    assert (found.result, found.reach, found.words) == (Result.MET, "part", (words,))


@pytest.mark.parametrize(
    ("changes", "day", "result"),
    [
        ({}, "2026-10-01", Result.MISSED),
        ({"bridge": date(2026, 12, 31)}, "2026-10-01", Result.MET),
        ({"bridge": date(2026, 12, 31)}, "2027-01-01", Result.MISSED),
        ({}, "2025-09-30", Result.NOT_SHOWN),
        ({"opinion": "qualified"}, "2026-09-30", Result.NOT_SHOWN),
        ({"opinion": "adverse"}, "2026-09-30", Result.MISSED),
        ({"opinion": "disclaimer"}, "2026-09-30", Result.MISSED),
    ],
)
def test_what_is_inherited_on_a_day(changes, day, result):
    found = on(replace(WHOLE, **changes), day=date.fromisoformat(day))
    assert found.result is result and (result is Result.MET or found.reach == "part")


def read(tmp_path, text):
    path = tmp_path / "cloud.yaml"
    path.write_text(text)
    return supplier(path, KNOWN, ("users_need_mfa",), ("access-policy",))


def test_a_file_is_read(tmp_path):
    assert read(tmp_path, TEXT).user_controls == (CONTROL,)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("users_need_mfa", "users_need_mfaa"), "14: 'users_need_mfaa' is no check; did you mean 'users_need_mfa'?"),
        (("check: users_need_mfa", "record: acces-policy"), "14: 'acces-policy' is no record; did you mean 'access-policy'?"),
        (("check: users_need_mfa", "check: users_need_mfa, record: access-policy"), "14: user_controls[0] names a check and a record"),
        (("opinion: unqualified", "opinion: none"), "5: opinion is none for what is attested"),
        (("last: 2026-09-30", "last: 2025-09-30"), "7: last (2025-09-30) lies before first"),
        (("method:", "bridge: 2027-06-30\nmethod:"), "8: bridge (2027-06-30) reaches more than 92 days beyond the report"),
        (("CCM:4.1:DCS-*", "DCS-01"), "11: specifications[0]: 'DCS-01' does not say its version"),
        (("security-lead", "nobody"), "12: 'nobody' is not under `owners`"),
    ],
)  # fmt: skip
def test_a_fault_has_file_line_and_remedy(tmp_path, change, words):
    with pytest.raises(Refusal) as refused:
        read(tmp_path, TEXT.replace(*change))
    assert f"cloud.yaml:{words}" in str(refused.value)
