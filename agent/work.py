"""What is to be done, by whom and by when: a pure function of the programme, the lives of its cycles, and what the last sweeps saw.

One item per check, account and owner, with a key that stays the same: what comes back is the same item, reopened. A reference to a
ticket outside is never a verdict here: an item ends when a sweep sees it mended, or a step is done.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import msgspec

from agent.answers import deviation_key
from agent.exceptions import in_force
from agent.observed import Failing, Observed
from agent.owning import owner_of
from agent.programme import ApprovedException, Programme, Service
from agent.renewal import WORDS, Renewal
from agent.requests import Request
from agent.steps import Life, Name
from agent.units import duration
from controls.check import Check

Kind = Literal["deviation", "unknown", "exception", "seal", "review", "publication", "renewal", "request"]
SEVERITIES = ("critical", "high", "medium", "low", "")
EXAMPLES = 5
"""Resources that an item names; `count` says how many there are."""
SOON = timedelta(days=30)
"""An approved exception that ends within so many days is work."""
STEPS: Mapping[Name, tuple[Kind, str]] = {
    "sealed": ("seal", "seal it: `starcadence run`"),
    "reviewed": ("review", "answer its deviations and sign: `starcadence review`"),
    "published": ("publication", "publish it: `starcadence run`, once it is reviewed"),
}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do."""

    key: str
    """The same as long as the thing is the same: 16 hexadecimal digits."""
    kind: Kind
    state: Literal["new", "open", "overdue"]
    """`new`: first seen failing by the last sweep."""
    owner: str
    services: tuple[str, ...]
    check: str = ""
    account: str = ""
    severity: str = ""
    words: str
    since: datetime
    due: datetime | None = None
    count: int = 1
    """Resources that it is about."""
    resources: tuple[str, ...] = ()
    """Some of them."""
    reopened: bool = False
    """It was done before, and came back."""
    promised: date | None = None
    """The earliest day that the newest review promised for one of them."""
    tickets: tuple[str, ...] = ()
    """Where that review says it is followed: references, never verdicts."""


def work(
    programme: Programme, observed: Observed, lives: Sequence[Life], renewals: Iterable[Renewal],
    exceptions: Sequence[ApprovedException], checks: Iterable[Check], now: datetime, requests: Iterable[Request] = (),
) -> tuple[Item, ...]:  # fmt: skip
    """Every item, most urgent first."""
    named = {check.name: check for check in checks}
    services = {service.id: service for service in programme.services}
    found = [
        *_deviations(programme, services, named, observed, now),
        *_unknown(programme, services, named, observed),
        *_exceptions(programme, services, named, exceptions, observed, now),
        *_steps(services, lives, now),
        *_renewals(services, renewals, now),
        *_requests(services, requests, now),
    ]
    return tuple(sorted(found, key=_urgency))


def item_key(*parts: str) -> str:
    """The key of what these name."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _urgency(one: Item) -> tuple[bool, int, datetime, str]:
    last = datetime.max.replace(tzinfo=UTC)
    return one.state != "overdue", SEVERITIES.index(one.severity), one.due or last, one.key


def _of(services: Mapping[str, Service], names: Iterable[str]) -> list[Service]:
    """Those of the services that the programme still has, in its order."""
    wanted = set(names)
    return [service for name, service in services.items() if name in wanted]


def _deviations(
    programme: Programme,
    services: Mapping[str, Service],
    checks: Mapping[str, Check],
    observed: Observed,
    now: datetime,
) -> Iterator[Item]:
    """Failures that no approved exception covers."""
    groups: dict[tuple[str, str, str], list[Failing]] = {}
    for one in observed.failing:
        own = _of(services, one.standing.services)
        check = checks.get(one.standing.check)
        if check is not None and own and one.standing.exception is None:
            owner = owner_of(programme, own, check, one.account, one.tags)
            groups.setdefault((check.name, one.account, owner), []).append(one)
    for (name, account, owner), ones in groups.items():
        yield _deviation(programme, services, checks[name], account, owner, ones, observed, now)


def _deviation(
    programme: Programme, services: Mapping[str, Service], check: Check, account: str, owner: str, ones: Sequence[Failing],
    observed: Observed, now: datetime,
) -> Item:  # fmt: skip
    since = min(one.standing.by for one in ones)
    within = programme.remediate_within.get(check.severity)
    due = since + duration(within) if within else None
    ended = observed.ended.get((check.name, account))
    answers = [observed.promises.get(deviation_key(check.name, one.standing.resource)) for one in ones]
    promised = min((one.due for one in answers if one and one.due), default=None)
    broken = promised is not None and now.date() > promised
    return Item(
        key=item_key("deviation", check.name, account, owner), kind="deviation", owner=owner, check=check.name, account=account,
        state="overdue" if broken or (due is not None and now > due) else "new" if since == observed.last else "open",
        services=tuple(one.id for one in _of(services, (name for each in ones for name in each.standing.services))),
        severity=check.severity, words=check.remediation, since=since, due=due, count=len(ones),
        resources=tuple(sorted(one.standing.resource for one in ones)[:EXAMPLES]), reopened=ended is not None and since > ended,
        promised=promised, tickets=tuple(sorted({one.ticket for one in answers if one and one.ticket})),
    )  # fmt: skip


def _unknown(
    programme: Programme, services: Mapping[str, Service], checks: Mapping[str, Check], observed: Observed
) -> Iterator[Item]:
    for one in observed.unknown:
        own, check = _of(services, one.services), checks.get(one.check)
        if check is not None and own:
            owner = owner_of(programme, own, check, one.account, None)
            yield Item(
                key=item_key("unknown", one.check, one.account, owner), kind="unknown", state="open", owner=owner, check=one.check,
                account=one.account, services=tuple(each.id for each in own), severity=check.severity, since=one.since,
                words="could not be judged in any of the last sweeps: `starcadence status` names the gaps",
            )  # fmt: skip


def _exceptions(
    programme: Programme, services: Mapping[str, Service], checks: Mapping[str, Check],
    exceptions: Sequence[ApprovedException], observed: Observed, now: datetime,
) -> Iterator[Item]:  # fmt: skip
    """Approved exceptions that end soon, and those that ended while what they covered still fails."""
    for one in exceptions:
        live = in_force(one, now.date())
        if live and one.expires > (now + SOON).date():
            continue
        covered = [each for each in observed.failing if one.id in (each.standing.exception, each.expired)]
        own = _of(services, (name for each in covered for name in each.standing.services))
        if not covered or not own:
            continue
        due = datetime.combine(one.expires + timedelta(days=1), time(), tzinfo=UTC)
        ends = f"the approved exception {one.id} {'ends' if live else 'ended'} on {one.expires}"
        yield Item(
            key=item_key("exception", one.id), kind="exception", state="open" if live else "overdue",
            owner=one.requester if one.requester in programme.owners else own[0].owner, check=one.check, since=due - SOON, due=due,
            services=tuple(each.id for each in own), severity=checks[one.check].severity if one.check in checks else "",
            words=f"{ends}, and what it covers still fails: mend it, or decide again", count=len(covered),
            resources=tuple(sorted(each.standing.resource for each in covered)[:EXAMPLES]),
        )  # fmt: skip


def _steps(services: Mapping[str, Service], lives: Iterable[Life], now: datetime) -> Iterator[Item]:
    for life in lives:
        waiting = life.steps if life.service in services else ()
        for step in waiting:
            if step.done is None and step.due is not None and step.step in STEPS:
                kind, words = STEPS[step.step]
                yield Item(
                    key=item_key(kind, life.service, life.cycle), kind=kind, state="overdue" if step.overdue(now) else "open",
                    owner=services[life.service].owner, services=(life.service,), words=f"{life.cycle}: {words}", since=life.end,
                    due=step.due,
                )  # fmt: skip
            if step.done is None and step.step == "sealed":
                break  # nothing can be reviewed before


def _requests(services: Mapping[str, Service], requests: Iterable[Request], now: datetime) -> Iterator[Item]:
    """Papers that are out of date or soon will be, and what an auditor asks for; what has none yet is in `starcadence requests` only."""
    for one in requests:
        near = one.due is not None and one.due <= (now + SOON).date()
        if one.owner and one.state in {"open", "returned"} and (one.origin != "programme" or near or one.pressing):
            due = datetime.combine(one.due + timedelta(days=1), time(), tzinfo=UTC) if one.due else None
            yield Item(
                key=item_key("request", one.id), kind="request", owner=one.owner, services=tuple(services), since=one.since or now,
                state="overdue" if due is not None and now >= due else "open", words=one.what, due=due,
            )  # fmt: skip


def _renewals(services: Mapping[str, Service], renewals: Iterable[Renewal], now: datetime) -> Iterator[Item]:
    for one in renewals:
        if one.service in services and one.is_work(now):
            yield Item(
                key=item_key("renewal", one.service, one.what, one.due.isoformat()), kind="renewal", services=(one.service,),
                state="overdue" if now >= one.until else "open", owner=services[one.service].owner, words=WORDS[one.what],
                since=min(now, one.until), due=one.until,
            )  # fmt: skip
