"""What the tests of the checks share: resources made from their facts alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.resource import Resource

NOW = datetime(2026, 3, 31, 6, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def make() -> Callable[..., Resource]:
    """A resource of a type with these facts; the rest is not learned."""

    def build(of: type[Resource], kind: str = "thing", **facts: Any) -> Resource:
        return of(id="arn:aws:x:::one", provider="aws", account="111122223333", region="eu-west-1", kind=kind, **facts)

    return build
