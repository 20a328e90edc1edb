"""Sending digests of work by themselves, at the time of day that the programme names: once, whoever runs then or next.

A `digests` entry of the journal claims a day's before they go, so that of several replicas one sends. Whoever claims and is killed
before sending leaves a day without: the next day's digest holds all that is still to do.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from agent.digests import deliver, deliver_mails, letters, mails
from agent.dossier import last_kept
from agent.errors import AgentError
from agent.journal import Journal
from agent.observed import observe
from agent.people import Digests
from agent.reading import Loaded
from agent.renewal import renewals
from agent.requests import requests
from agent.steps import lives
from agent.store import Store
from agent.work import Item, work
from agent.zones import zone
from controls.check import Check

DAYS = {"every day": frozenset(range(7)), "weekdays": frozenset(range(5)), "mondays": frozenset((0,))}
WEEK = 8
"""Days within which one of any of them lies."""


@dataclass(frozen=True, kw_only=True)
class Postbox:
    """How messages leave: the secrets that routes name, and a wait between two tries."""

    environment: Mapping[str, str] = field(repr=False)
    sleep: Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What became of one owner's digest."""

    owner: str
    route: str
    """Name of the route, or `mail`."""
    ok: bool
    words: str
    """Empty where it arrived; else why it did not, and in how many tries."""


def to_do(store: Store, journal: Journal, loaded: Loaded, checks: Sequence[Check], now: datetime) -> tuple[Item, ...]:
    """The work of a programme as it stands in its store."""
    said = loaded.programme
    observed = observe(store, journal, said, loaded.exceptions)
    due = renewals(said, journal.entries, now)
    kept = last_kept(store, journal.entries)
    asked = requests(said, loaded.desk.present(kept), kept, journal.entries, now)
    return work(said, observed, lives(journal.entries, now), due, loaded.exceptions, checks, now, asked)


def send_all(loaded: Loaded, items: Sequence[Item], now: datetime, postbox: Postbox) -> tuple[Delivered, ...]:
    """Each owner's digest, by their route or else by mail. Raises `UsageError`, before any is sent, if a secret is not there."""
    programme = loaded.programme
    waiting, messages = letters(programme, items, now), mails(programme, items, now)
    done = [(one.owner, one.route, sent) for one, sent in deliver(waiting, postbox.environment, postbox.sleep)]
    mailed = deliver_mails(programme, messages, postbox.environment, postbox.sleep)
    done += [(owner, "mail", sent) for owner, sent in mailed]
    return tuple(
        Delivered(
            owner=owner, route=route, ok=sent.ok, words="" if sent.ok else f"in {sent.tries} tries ({sent.words})"
        )
        for owner, route, sent in done
    )


def send_due(
    store: Store, journal: Journal, loaded: Loaded, checks: Sequence[Check], now: datetime, postbox: Postbox
) -> tuple[str, ...]:
    """Send the digests of the newest hour that has come, unless they were; why some could not be (nobody tries them again that day)."""
    at = due_now(journal, loaded, now)
    if at is None:
        return ()
    mine = secrets.token_hex(8)
    key = _key(loaded, at)
    claim = journal.append("digests", key, {"of": at.isoformat(), "claim": mine}, now)
    if claim.body["claim"] != mine:
        return ()
    try:
        done = send_all(loaded, to_do(store, journal, loaded, checks, now), now, postbox)
    except AgentError as error:
        return (f"digests of work were not sent: {error}",)
    failed = [one for one in done if not one.ok]
    if failed:
        body = {
            "of": at.isoformat(),
            "routes": sorted({one.route for one in failed}),
            "owners": [one.owner for one in failed],
        }
        journal.append("undelivered", f"un{key}", body, now)
    return tuple(f"the digest of {one.owner} was not sent by {one.route} {one.words}" for one in failed)


def due_now(journal: Journal, loaded: Loaded, now: datetime) -> datetime | None:
    """The newest hour of digests that has come since the commitment, if nobody has claimed it; else `None`."""
    digests, commitment = loaded.programme.digests, journal.find("commitment")
    if digests is None or commitment is None:
        return None
    at = max(one for one in hours(digests, loaded.programme.cadence.time_zone, now) if one <= now)
    return at if at > commitment.at and journal.find(_key(loaded, at)) is None else None


def next_due(journal: Journal, loaded: Loaded, now: datetime) -> datetime | None:
    """When digests go out next, in the past if they are due; `None` if never."""
    digests = loaded.programme.digests
    if digests is None or journal.find("commitment") is None:
        return None
    following = min(one for one in hours(digests, loaded.programme.cadence.time_zone, now) if one > now)
    return due_now(journal, loaded, now) or following


def hours(digests: Digests, time_zone: str, now: datetime) -> tuple[datetime, ...]:
    """The instants of a week before and after `now`, in UTC; one that a clock change leaves out is that of the hour after."""
    local, at = zone(time_zone), time.fromisoformat(digests.at)
    today = now.astimezone(local).date()
    days = (today + timedelta(days=number) for number in range(-WEEK, WEEK + 1))
    return tuple(
        datetime.combine(day, at, tzinfo=local).astimezone(UTC) for day in days if day.weekday() in DAYS[digests.on]
    )


def _key(loaded: Loaded, at: datetime) -> str:
    return f"digests/{at.astimezone(zone(loaded.programme.cadence.time_zone)):%Y-%m-%d}"
