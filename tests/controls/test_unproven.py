"""Every check on every cloud is proven, or one line says why it cannot be; whether the line is true, the estates of the clouds say."""

import pytest

from controls.by_cloud import page
from controls.catalogue import CHECKS
from controls.coverage import CLOUDS, proven
from controls.unproven import UNPROVEN


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_hole_is_silent_and_no_reason_is_stale(cloud):
    names = {one.name for one in CHECKS}
    assert UNPROVEN[cloud].keys() == names - proven(cloud)


def test_a_reason_is_a_line():
    words = [reason.words for reasons in UNPROVEN.values() for reason in reasons.values()]
    assert all(20 < len(one) < 120 and "|" not in one and not one.endswith(".") for one in words)


def test_the_page_has_a_row_for_each_check_and_a_cell_for_each_cloud():
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in rows] == sorted(one.name for one in CHECKS)
    assert {line.count(" | ") for line in rows} == {len(CLOUDS)}
    assert sum(line.count(" proven |") for line in rows) == sum(len(proven(cloud)) for cloud in CLOUDS)
