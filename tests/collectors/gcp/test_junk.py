"""Assets that are not as documented: whatever stands in a field, the sweep goes on, and costs at most the items that have it."""

from copy import deepcopy
from typing import Any

import pytest

from agent.demo.google.inventory import FakeInventory
from controls.verdict import Outcome
from tests.fakes.gcp_assets import Estate
from tests.fakes.gcp_looking import look

LEVELS = "cloudresourcemanager.googleapis.com/"
JUNK: tuple[Any, ...] = (
    None, "x", "projects/", "9999-99-99T00:00:00Z", 7, -1.5, True, [], ["x"], [None], [[1]], [{}], [{"a": 1}], {}, {"a": "b"}, {"items": 3},
)  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.slow
@pytest.mark.sampled
def test_junk_in_every_field_ends_no_sweep(inventory: FakeInventory, estate: Estate, junk: Any) -> None:
    inventory.page_size = 1000
    for asset in estate.assets:
        if "resource" in asset and not asset["assetType"].startswith(LEVELS):
            asset["resource"]["data"] = {key: deepcopy(junk) for key in asset["resource"]["data"]}
    found = look()
    assert found.estate.gaps == ()
    assert {gap.detail.split(":")[-1].strip() for gap in found.gaps} <= {"ValueError"}, (
        "told by the kind of error, and of single items"
    )
    assert found.having(Outcome.FAILED)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_junk_below_the_first_level_costs_nothing_else(inventory: FakeInventory, estate: Estate, depth: int) -> None:
    inventory.page_size = 1000
    for number, asset in enumerate(estate.assets):
        if "resource" in asset and not asset["assetType"].startswith(LEVELS):
            asset["resource"]["data"] = deepcopy(asset["resource"]["data"])
            spoil(asset["resource"]["data"], depth, JUNK[number % len(JUNK)])
    found = look()
    assert {gap.detail.split(":")[-1].strip() for gap in found.gaps} <= {"ValueError"}


def spoil(element: Any, depth: int, junk: Any) -> None:
    """Put it in place of everything at a depth."""
    inner = element.values() if isinstance(element, dict) else element if isinstance(element, list) else ()
    if depth:
        for one in list(inner):
            spoil(one, depth - 1, junk)
        return
    for key in list(element) if isinstance(element, dict) else range(len(element)) if isinstance(element, list) else ():
        element[key] = deepcopy(junk)
