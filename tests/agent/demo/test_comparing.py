"""Holding verdicts against the table of defects, for each cloud by itself."""

from datetime import UTC, datetime

import pytest

from agent.demo.comparing import Difference, differences
from controls.verdict import Outcome

SLOT = datetime(2026, 9, 25, tzinfo=UTC)
TABLE = {("keys_rotate", "k"): Outcome.FAILED}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({("keys_rotate", "k"): "failed", ("data_is_deleted_in_time", "b"): "passed"}, []),
        ({("keys_rotate", "k"): "passed"}, [("keys_rotate", "failed", "passed")]),
        ({}, [("keys_rotate", "failed", "not seen")]),
        ({("keys_rotate", "k"): "failed", ("keys_rotate", "other"): "failed"}, [("keys_rotate", "passed", "failed")]),
        ({("keys_rotate", "k"): "failed", ("log_stores_are_locked", "l"): "unknown"}, [
            ("log_stores_are_locked", "passed", "unknown"),
        ]),
        ({("keys_rotate", "k"): "failed", ("log_stores_are_locked", "l"): "not applicable"}, []),
    ],
)  # fmt: skip
def test_what_is_not_as_the_table_says_is_told(
    found: dict[tuple[str, str], str], expected: list[tuple[str, str, str]]
) -> None:
    assert [(one.check, one.expected, one.found) for one in differences(SLOT, found, TABLE)] == expected


def test_a_difference_names_the_sweep_and_the_resource():
    (one,) = differences(SLOT, {}, TABLE)
    assert one == Difference(slot=SLOT, check="keys_rotate", resource="k", expected="failed", found="not seen")
