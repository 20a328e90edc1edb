"""Holding verdicts against the table of defects, for each cloud by itself."""

from datetime import UTC, datetime

import pytest

from agent.demo.comparing import Difference, differences
from controls.verdict import Outcome

SLOT = datetime(2026, 9, 25, tzinfo=UTC)
TABLE = {("keys_rotate", "k"): Outcome.FAILED}


def told(provider: str, found: dict[tuple[str, str], str]) -> list[tuple[str, str, str]]:
    return [(one.check, one.expected, one.found) for one in differences(SLOT, provider, found, TABLE)]


@pytest.mark.parametrize(
    ("provider", "found", "expected"),
    [
        ("gcp", {("keys_rotate", "k"): "failed", ("data_is_deleted_in_time", "b"): "passed"}, []),
        ("gcp", {("keys_rotate", "k"): "passed"}, [("keys_rotate", "failed", "passed")]),
        ("gcp", {}, [("keys_rotate", "failed", "not seen")]),
        ("gcp", {("keys_rotate", "k"): "failed", ("keys_rotate", "other"): "failed"}, [("keys_rotate", "passed", "failed")]),
        ("gcp", {("keys_rotate", "k"): "failed", ("restores_are_tested", "v"): "unknown"}, []),
        ("gcp", {("keys_rotate", "k"): "failed", ("log_stores_are_locked", "l"): "unknown"}, [
            ("log_stores_are_locked", "passed", "unknown"),
        ]),
        ("azure", {("keys_rotate", "k"): "failed", ("log_stores_are_locked", "l"): "unknown"}, []),
        ("azure", {("keys_rotate", "k"): "failed", ("log_stores_are_locked", "l"): "failed"}, [
            ("log_stores_are_locked", "unknown", "failed"),
        ]),
    ],
)  # fmt: skip
def test_what_is_not_as_the_table_says_is_told(provider, found, expected):
    assert told(provider, found) == expected


def test_a_difference_names_the_sweep_and_the_resource():
    (one,) = differences(SLOT, "aws", {}, TABLE)
    assert one == Difference(slot=SLOT, check="keys_rotate", resource="k", expected="failed", found="not seen")
