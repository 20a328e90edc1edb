"""What the tests of the Azure machinery share: a fake tenant, and a sweep over it that never sleeps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure.cloud import Azure
from tests.fakes.azure_estate import settle


@dataclass
class Time:
    """A clock that moves only when somebody sleeps or a test says so."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def scope(**said: object) -> SimpleNamespace:
    """A scope of the programme."""
    return SimpleNamespace(**{
        "cloud": "AzureCloud", "tenant": None, "management_group": None, "subscriptions": (), "credentials": "managed identity",
        "client_id": None, "exclude": (), **said,
    })  # fmt: skip


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def azure(time: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAzure]:
    """The fake tenant, and the environment of an agent with a managed identity in it."""
    server = settle(FakeAzure(clock=time.clock)).start()
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


@pytest.fixture
def sweep(time: Time, azure: FakeAzure) -> Iterator[Callable[..., Azure]]:
    """Makes a sweep of a scope; all are closed in the end."""
    made: list[Azure] = []

    def make(**said: object) -> Azure:
        made.append(Azure(scope(**said), pseudonym_key=b"key", concurrency=8, clock=time.clock, sleep=time.sleep))
        return made[-1]

    yield make
    for one in made:
        one.close()
