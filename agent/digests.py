"""Digests of work: one message for each owner who is reached by a route, with all that is theirs."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from agent.canonical import digest, encode
from agent.errors import UsageError
from agent.programme import Programme
from agent.sending import Event, Sent, send
from agent.work import Item

TYPE = "example.starcadence.work.digest.v1"
"""A name: `.example` belongs to nobody (RFC 2606)."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One message, and by which route it goes."""

    owner: str
    route: str
    url: str
    key_from: str
    """The environment variable that holds the key."""
    event: Event


def letters(programme: Programme, items: Iterable[Item], now: datetime) -> tuple[Letter, ...]:
    """What is to be sent. The same work gives the same id all day, so that a receiver can tell a repeat from news."""
    every = tuple(items)
    found = []
    for name, owner in sorted(programme.owners.items()):
        mine = tuple(one for one in every if one.owner == name)
        if owner.webhook is None or not mine:
            continue
        route = programme.routes[owner.webhook]
        data = {"provider": programme.provider, "owner": name, "items": mine}
        event = Event(
            id=digest(encode([owner.webhook, now.date(), data]))[:32], source="urn:starcadence:work", type=TYPE, time=now, data=data
        )  # fmt: skip
        found.append(Letter(owner=name, route=owner.webhook, url=route.url, key_from=route.key_from, event=event))
    return tuple(found)


def deliver(
    waiting: Iterable[Letter], environment: Mapping[str, str], sleep: Callable[[float], None]
) -> tuple[tuple[Letter, Sent], ...]:
    """Send each; what became of it. Raises `UsageError`, before anything is sent, if a key is not in the environment."""
    ready = tuple(waiting)
    lacking = sorted({one.key_from for one in ready if not environment.get(one.key_from)})
    if lacking:
        raise UsageError(
            f"the environment lacks {', '.join(lacking)}, which the programme's routes name; export the secret there"
        )
    return tuple((one, send(one.url, one.event, environment[one.key_from].encode(), sleep)) for one in ready)
