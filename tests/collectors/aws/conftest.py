"""What the tests of the AWS machinery share: a sweep that never sleeps, and sessions in single cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from agent.programme import AwsScope
from collectors.aws.cloud import Aws
from collectors.aws.session import AwsSession
from collectors.aws.wire import Identity
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate


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


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def sweep(time: Time) -> Iterator[Callable[..., Aws]]:
    """Makes a sweep of a scope; all are closed in the end."""
    made: list[Aws] = []

    def make(scope: AwsScope) -> Aws:
        made.append(
            Aws(
                scope,
                session_name="starcadence-test",
                pseudonym_key=b"key",
                concurrency=8,
                clock=time.clock,
                sleep=time.sleep,
            )
        )
        return made[-1]

    yield make
    for aws in made:
        aws.close()


@pytest.fixture
def whole(sweep: Callable[..., Aws], aws: FakeAws, estate: Estate) -> Aws:
    """A sweep of the whole organisation, discovered."""
    found = sweep(AwsScope(organization=estate.organization, role="Audit"))
    found.discover()
    return found


@pytest.fixture
def session(sweep: Callable[..., Aws], aws: FakeAws) -> Callable[..., AwsSession]:
    """A session in one cell, with its own notes, of a sweep that has discovered nothing yet."""
    found = sweep(AwsScope(role="Audit"))

    def make(
        account: str = "222233334444", region: str = "eu-west-1", identity: Identity | None = None, **seen: object
    ) -> AwsSession:
        return AwsSession(
            wire=found._wire, identity=identity or found._identities.of(account), region=region, partition="aws",
            organization_accounts=None, seen=seen,
        )  # fmt: skip

    return make
