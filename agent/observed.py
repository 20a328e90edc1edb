"""What work is made from, read from the store: the last sweep's standing deviations, what stays unknown, and what ended before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from agent.answers import Responses
from agent.attempts import counting
from agent.canonical import decode, each
from agent.errors import StoreError
from agent.exceptions import covers
from agent.gathering import last_seen
from agent.journal import Entry, Journal
from agent.parts import read_part
from agent.programme import ApprovedException, Programme
from agent.record import Part, Standing, Sweep
from agent.store import Store
from collectors.collector import Cell

SWEEPS = 3
"""What is unknown in so many sweeps in a row is work."""


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A deviation that stands at the last sweep."""

    standing: Standing
    account: str
    tags: dict[str, str] | None = None
    """`None` if not learned, or if no owner is named by tags."""
    expired: str | None = None
    """Id of the approved exception that covered it and does not any more, if none covers it now."""


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A check that could not judge something of an account in each of the last sweeps."""

    check: str
    account: str
    services: tuple[str, ...]
    since: datetime
    """The first of these sweeps."""


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What the newest review answered to a deviation."""

    due: date | None = None
    ticket: str | None = None


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    last: datetime | None = None
    """Instant of the last sweep."""
    failing: tuple[Failing, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    ended: dict[tuple[str, str], datetime] = {}
    """(check, account) -> the last sweep in which a deviation of them ended."""
    promises: dict[str, Promise] = {}
    """Key of a deviation -> what the newest review of each service answered; the earlier day where two did."""


def observe(store: Store, journal: Journal, programme: Programme, exceptions: Sequence[ApprovedException]) -> Observed:
    """What the last sweeps saw. Costs the parts of the last three sweeps, and facts only where owners or expired exceptions need tags."""
    names = counting(journal)
    if not names:
        return Observed()
    folders = [f"sweeps/{name}" for name in names[-SWEEPS:]]
    sweeps = [decode(store.get(f"{one}/sweep.json"), Sweep, what=f"{one}/sweep.json") for one in folders]
    parts = [
        tuple(read_part(store, folder, account) for account in sorted(sweep.parts))
        for folder, sweep in zip(folders, sweeps, strict=True)
    ]
    return Observed(
        last=sweeps[-1].nominal, failing=_failing(store, parts[-1], programme, exceptions, sweeps[-1].nominal.date()),
        unknown=_unknown(sweeps, parts) if len(sweeps) == SWEEPS else (), ended=ended_before(journal.of("sweep")),
        promises=promised(store, journal),
    )  # fmt: skip


def promised(store: Store, journal: Journal) -> dict[str, Promise]:
    """What the newest review of each service promised."""
    newest = {entry.body["service"]: entry.body for entry in journal.of("reviewed")}
    found: dict[str, Promise] = {}
    for body in newest.values():
        key = f"cycles/{body['service']}/{body['cycle']}/responses-{body['responses']}.json"
        try:
            given = decode(store.get(key), Responses, what=key)
        except KeyError:
            raise StoreError(f"{store.where(key)} is missing; restore it from the backup") from None
        for one in given.answers:
            other = found.get(one.key)
            if other is None or other.due is None or (one.due is not None and one.due < other.due):
                found[one.key] = Promise(due=one.due, ticket=one.ticket)
    return found


def ended_before(entries: Iterable[Entry]) -> dict[tuple[str, str], datetime]:
    """(check, account) -> the last sweep in which a deviation of them ended, from the journal's entries of sweeps."""
    found: dict[tuple[str, str], datetime] = {}
    for entry in entries:
        at = msgspec.convert(entry.body["nominal"], datetime, strict=False)
        for check, account in entry.body.get("ended", ()):
            found[check, account] = max(at, found.get((check, account), at))
    return found


def _failing(
    store: Store, parts: Sequence[Part], programme: Programme, exceptions: Sequence[ApprovedException], day: date
) -> tuple[Failing, ...]:
    standing = [one for part in parts for one in each(store.read(part.standing), Standing, what="standing deviations")]
    expired = [one for one in exceptions if one.expires < day]
    asked = any(owner.tags for owner in programme.owners.values())
    needed = [
        one for one in standing if asked or (one.exception is None and any(e.check == one.check for e in expired))
    ]
    resources = last_seen(store, parts, needed) if needed else {}
    found = []
    for one in standing:
        resource = resources.get((one.facts, one.resource))
        ids = (
            each_one.id
            for each_one in expired
            if one.exception is None and resource is not None and covers(each_one, one.check, resource)
        )
        found.append(
            Failing(
                standing=one, account=Cell.of(one.cell).account, tags=resource.tags if resource else None,
                expired=next(ids, None),
            )
        )  # fmt: skip
    return tuple(found)


def _unknown(sweeps: Sequence[Sweep], parts: Sequence[Sequence[Part]]) -> tuple[Unknown, ...]:
    """What no sweep of these could judge, by check and account."""
    tables = [_unjudged(one) for one in parts]
    always = set.intersection(*(set(table) for table in tables))
    return tuple(
        Unknown(check=check, account=account, services=tables[-1][check, account], since=sweeps[0].nominal)
        for check, account in sorted(always)
    )


def _unjudged(parts: Sequence[Part]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(check, account) -> services for which something was unknown or unseen in one sweep."""
    found: dict[tuple[str, str], set[str]] = {}
    for part in parts:
        for tables in part.tallies.values():
            for service, checks in tables.items():
                for check, clouds in checks.items():
                    if any(tally.unknown or tally.unseen for tally in clouds.values()):
                        found.setdefault((check, part.account), set()).add(service)
    return {key: tuple(sorted(services)) for key, services in found.items()}
