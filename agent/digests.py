"""Digests of work: one message for each owner who is reached by a webhook, in a chat or by mail, with all that is theirs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage

import msgspec

from agent import mailing
from agent.canonical import digest, encode
from agent.errors import UsageError
from agent.people import Route
from agent.programme import Programme
from agent.sending import Event, Sent, say, send
from agent.work import Item

TYPE = "example.starcadence.work.digest.v1"
"""A name: `.example` belongs to nobody (RFC 2606)."""
MOST_IN_CHAT = 20
"""Items of a chat message: Teams takes 28 KB of text, and nobody reads more there."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One message, and by which route it goes."""

    owner: str
    route: str
    to: Route
    event: Event
    text: str
    """The same for people, where the route is a chat."""


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
        text = chatted(programme.provider, name, mine)
        found.append(Letter(owner=name, route=owner.webhook, to=route, event=event, text=text))
    return tuple(found)


def mails(programme: Programme, items: Iterable[Item], now: datetime) -> tuple[tuple[str, EmailMessage], ...]:
    """Owner and message, for each owner with work and an address who has no webhook; nothing if the programme names no mail server."""
    every, found = tuple(items), []
    for name, owner in sorted(programme.owners.items()):
        mine = tuple(one for one in every if one.owner == name)
        if programme.mail is None or owner.email is None or owner.webhook is not None or not mine:
            continue
        subject = _headline(programme.provider, mine)
        identity = digest(encode([owner.email, now.date(), mine]))[:32]
        text = "\n".join(lines(mine)) + "\n"
        found.append((name, mailing.compose(programme.mail.sender, owner.email, subject, text, identity)))
    return tuple(found)


def chatted(provider: str, owner: str, items: Sequence[Item]) -> str:
    """A digest for a chat channel: the most urgent of the work, with nothing in it that a chat takes for markup or for a call to people."""
    shown = [line for one in items[:MOST_IN_CHAT] for line in lines((one,))]
    more = len(items) - MOST_IN_CHAT
    rest = [f"and {more} more: starcadence work --owner {owner}"] if more > 0 else []
    text = "\n".join((f"{_headline(provider, items)} ({owner})", *shown, *rest))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _headline(provider: str, items: Sequence[Item]) -> str:
    return f"{provider}: {len(items)} to do, {sum(one.state == 'overdue' for one in items)} overdue"


def lines(items: Iterable[Item]) -> Iterator[str]:
    """Items for a person."""
    for one in items:
        due = f", due {one.due:%Y-%m-%d}" if one.due else ""
        due += f", promised for {one.promised}" if one.promised else ""
        due += f", {' '.join(one.tickets)}" if one.tickets else ""
        again = ", reopened" if one.reopened else ""
        many = f" ({one.count} resources)" if one.count > 1 else f" ({one.resources[0]})" if one.resources else ""
        about = " ".join(filter(None, [one.severity, one.check, one.account])) or " ".join(one.services)
        yield f"{one.key}  {one.state} {one.kind}{again}  {one.owner}{due}"
        yield f"  {about}{many}: {one.words}"


def deliver_mails(
    programme: Programme, waiting: Iterable[tuple[str, EmailMessage]], environment: Mapping[str, str], sleep: Callable[[float], None]
) -> tuple[tuple[str, Sent], ...]:  # fmt: skip
    """Mail each; owner and what became of it. Raises `UsageError`, before any is sent, if name or password is not in the environment."""
    ready = tuple(waiting)
    if programme.mail is None or not ready:
        return ()
    mail = programme.mail
    _require(environment, (one for one in (mail.user_from, mail.password_from) if one))
    return tuple((owner, mailing.send(mail, message, environment, sleep)) for owner, message in ready)


def _require(environment: Mapping[str, str], names: Iterable[str]) -> None:
    lacking = sorted({one for one in names if not environment.get(one)})
    if lacking:
        raise UsageError(
            f"the environment lacks {', '.join(lacking)}, which the programme names; export the secret there"
        )


def deliver(
    waiting: Iterable[Letter], environment: Mapping[str, str], sleep: Callable[[float], None]
) -> tuple[tuple[Letter, Sent], ...]:
    """Send each; what became of it. Raises `UsageError`, before anything is sent, if a key is not in the environment."""
    ready = tuple(waiting)
    _require(environment, (name for one in ready for name in (one.to.key_from, one.to.url_from) if name))
    return tuple((one, _deliver(one, environment, sleep)) for one in ready)


def _deliver(letter: Letter, environment: Mapping[str, str], sleep: Callable[[float], None]) -> Sent:
    to = letter.to
    if to.url_from is not None:
        return say(environment[to.url_from], letter.text, sleep)
    assert to.url is not None and to.key_from is not None  # a rule of the programme
    return send(to.url, letter.event, environment[to.key_from].encode(), sleep)
