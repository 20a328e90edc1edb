"""The simulated estate as a value: where it is, which accounts it has, and the ids of what was made in it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from agent.demo.clients import Clients
from agent.demo.names import ACCOUNTS
from agent.demo.simulation import Endpoint

SEEDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
"""When most of the estate was made; what is older says so."""
OBJECT_STORE = {"service": "object-store", "classification": "confidential"}
PLATFORM = {"service": "platform", "classification": "internal"}


@dataclass(kw_only=True)
class Estate:
    """A seeded organisation."""

    endpoint: Endpoint
    client: Clients
    organization: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    """The provider's ids of what has to be found again, by a name of ours, `alias/region/name` or `alias/name`."""
    machines: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    """(alias, region) -> plain ids of each machine there and of its disk."""
    listed: dict[tuple[str, str, str], list[Any]] = field(default_factory=dict)
    """(alias, region, `service.Operation`) -> the elements of a listing that the simulated cloud was told."""
    made: Counter[str] = field(default_factory=Counter)
    """How many resources of each kind were made in the accounts in scope."""

    def note(self, kind: str, name: str, identifier: str) -> str:
        """Count a resource and remember its id; the id again."""
        self.made[kind] += 1
        self.ids[name] = identifier
        return identifier


def arn(service: str, alias: str, rest: str, region: str = "") -> str:
    """The ARN of something in one of our accounts."""
    return f"arn:aws:{service}:{region}:{ACCOUNTS[alias]}:{rest}"


def day(text: str) -> datetime:
    """The beginning of a day, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
