from datetime import UTC, datetime

import pytest

from collectors.aws.users import COLUMNS, Users
from collectors.collector import Unseen
from collectors.resource import AccessKey
from tests.fakes.told import Told

JAN, FEB, MAR = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
NOBODY = {
    "user": "jo", "arn": "arn:aws:iam::111122223333:user/jo", "user_creation_time": JAN.isoformat(), "password_enabled": "false",
    "password_last_used": "N/A", "password_last_changed": "N/A", "mfa_active": "false", "access_key_1_active": "false",
    "access_key_1_last_rotated": "N/A", "access_key_1_last_used_date": "N/A", "access_key_2_active": "false",
    "access_key_2_last_rotated": "N/A", "access_key_2_last_used_date": "N/A",
}  # fmt: skip
ROOT = {
    **NOBODY,
    "user": "<root_account>",
    "password_enabled": "not_supported",
    "password_last_changed": "not_supported",
}


def report(*rows, columns=COLUMNS):
    lines = [",".join(columns)] + [",".join(row[column] for column in columns) for row in rows]
    return {"Content": "\n".join(lines).encode(), "ReportFormat": "text/csv"}


def listed(content, made=({"State": "COMPLETE"},)):
    states = iter(made)
    told = Told({"iam.GenerateCredentialReport": lambda _: next(states), "iam.GetCredentialReport": content})
    return told, list(Users.list(told))


def described(**cells):
    told, (row,) = listed(report(ROOT, {**NOBODY, **cells}))
    return Users.describe(told, row)


def test_a_user_without_credentials_was_never_active():
    user = described()
    assert (user.console, user.mfa, user.keys, user.last_active, user.never_active) == (
        False,
        False,
        (),
        None,
        True,
    )
    assert (user.id, user.name, user.created, user.tags) == (NOBODY["arn"], "jo", JAN, None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"password_enabled": "true", "mfa_active": "TRUE", "password_last_used": "no_information"},
         {"console": True, "mfa": True, "never_active": True, "last_active": None}),
        ({"password_enabled": "true", "password_last_used": "2026-02-01T00:00:00+00:00"}, {"last_active": FEB, "never_active": False}),
        ({"password_last_used": "2026-02-01T01:00:00+01:00", "access_key_2_last_used_date": "2026-03-01T00:00:00Z"}, {"last_active": MAR}),
        ({"access_key_1_active": "true", "access_key_1_last_rotated": "2026-01-01T00:00:00+00:00"},
         {"keys": (AccessKey(active=True, created=JAN),), "never_active": True}),
        ({"access_key_2_last_rotated": "2026-01-01T00:00:00+00:00"}, {"keys": (AccessKey(active=False, created=JAN),)}),
        ({"access_key_1_active": "true", "access_key_1_last_rotated": "N/A"}, {"keys": (AccessKey(active=True, created=None),)}),
        ({"mfa_active": "not_supported", "password_enabled": ""}, {"mfa": None, "console": None}),
    ],
)  # fmt: skip
def test_a_row_is_read_cell_by_cell(cells, expected):
    user = described(**cells)
    assert {fact: getattr(user, fact) for fact in expected} == expected


def test_the_root_row_is_no_user():
    assert listed(report(ROOT))[1] == []


def test_a_report_is_made_before_it_is_read():
    told, rows = listed(report(NOBODY), made=({"State": "STARTED"}, {"State": "INPROGRESS"}, {"State": "COMPLETE"}))
    assert (told.asked, len(rows)) == (["iam.GenerateCredentialReport"] * 3 + ["iam.GetCredentialReport"], 1)


def test_a_report_that_is_long_in_the_making_is_not_asked_for_without_end():
    told, _ = listed(report(NOBODY), made=({"State": "INPROGRESS"},) * 99)
    assert told.asked.count("iam.GenerateCredentialReport") == 5


@pytest.mark.parametrize(
    ("content", "made"),
    [
        (None, ({"State": "COMPLETE"},)),
        (report(NOBODY), (None,)),
        ({}, ({"State": "COMPLETE"},)),
        (report(NOBODY, columns=COLUMNS[:-1]), ({"State": "COMPLETE"},)),
        ({"Content": report(NOBODY)["Content"] + b",surplus"}, ({"State": "COMPLETE"},)),
        ({"Content": report()["Content"] + b"\njo,short"}, ({"State": "COMPLETE"},)),
        ({"Content": b""}, ({"State": "COMPLETE"},)),
    ],
    ids=["denied", "not made", "no content", "a column less", "a cell too many", "a short row", "nothing"],
)
def test_without_a_whole_report_the_users_are_unseen(content, made):
    with pytest.raises(Unseen):
        listed(content, made)


def test_a_date_that_is_none_is_not_learned():
    seen = described(password_last_used="yesterday", access_key_1_last_used_date="N/A")
    assert (seen.last_active, seen.never_active) == (None, False)


def test_what_moves_by_itself_is_declared():
    assert {"password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_service"} <= set(Users.moves)
