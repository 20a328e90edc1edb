"""A fake inventory with the small organisation, and the environment that leads to it."""

from collections.abc import Iterator

import pytest

from agent.demo.google.inventory import FakeInventory
from collectors.gcp.places import OVERRIDE
from tests.fakes.gcp_estate import NUMBERS, Estate, organization

ALIASES = {f"projects/{project}": number for project, number in NUMBERS.items()}


@pytest.fixture
def estate() -> Estate:
    """The organisation; tests change it before they look."""
    return organization()


@pytest.fixture(scope="session")
def _server() -> Iterator[FakeInventory]:
    server = FakeInventory(assets=list, aliases=ALIASES).start()
    yield server
    server.stop()


@pytest.fixture
def inventory(estate: Estate, _server: FakeInventory, monkeypatch: pytest.MonkeyPatch) -> FakeInventory:
    """The fake with that organisation; the agent of the test is led to it."""
    _server.calm()
    _server.assets = estate.listed
    monkeypatch.setenv(OVERRIDE, _server.url)
    return _server
