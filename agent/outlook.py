"""Where a programme stands right now: what `status`, the end of a `run`, and the metrics file say, from the store alone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from agent.attempts import by_slot, counting, stands
from agent.atwork import SPECIFICATIONS, excepted
from agent.basis import held
from agent.canonical import decode, each, stamp
from agent.committed import committed
from agent.cycle import Cycle, Slot, slots
from agent.dossier import last_kept
from agent.exceptions import in_force
from agent.exemptions import exempted
from agent.journal import Journal
from agent.material import Opened, Past
from agent.papers import Papers
from agent.parts import read_part, read_plan
from agent.period import Due, counted, result
from agent.programme import ApprovedException, Programme, Service
from agent.record import Part, Plan, Standing, Sweep
from agent.renewal import Renewal, misfit, renewals
from agent.state import ProgrammeState, state
from agent.steps import Life, lives
from agent.store import Store
from agent.units import duration, share
from controls.catalogue import linked
from controls.check import Check
from controls.tally import Result, Tally, worst

SOON = timedelta(days=30)


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One check on one cloud for one committed specification, at the last sweep."""

    specification: str
    check: str
    provider: str
    tally: Tally
    slo: str
    result: Result


class ServiceOutlook(msgspec.Struct, frozen=True, kw_only=True):
    """One service at the last sweep, and its cycles."""

    service: str
    name: str
    counts: dict[str, int]
    results: dict[str, Result]
    """Committed specification -> its worst check at the last sweep, record, register or supplier now."""
    points: tuple[Point, ...]
    deviations: dict[str, int]
    """By severity, excepted ones included."""
    excepted: int
    exceptions_expiring: int
    exemptions: int
    """In force by the clouds' own record at the last sweep."""
    cycles: tuple[Past, ...]
    """Sealed and missed, oldest first."""
    seal_due: datetime
    lapses: datetime


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    now: datetime
    provider: str
    cycle: str
    start: datetime
    end: datetime
    sweeps_due: int
    """Slots of the cycle that have ended, and those already swept."""
    sweeps_taken: int
    last: Sweep | None
    accounts: dict[str, int]
    """By how the scope takes them, at the last sweep."""
    next_sweep: datetime
    """When the next slot begins that has no sweep; in the past if one is due now."""
    sweep_late: datetime
    """When the first slot ends that has no sweep, after the last one that has; a sweep is missed then."""
    journal_height: int
    journal_head: str
    services: tuple[ServiceOutlook, ...]
    state: ProgrammeState
    lives: tuple[Life, ...]
    """Every cycle of every service with its steps, oldest first."""
    renewals: tuple[Renewal, ...]
    misfits: tuple[str, ...]
    """What the cadence does not reach by itself, in words."""


def outlook(
    store: Store, journal: Journal, checks: Sequence[Check], exceptions: tuple[ApprovedException, ...], now: datetime,
    today: Programme | None = None,
) -> Outlook | None:  # fmt: skip
    """Where the programme stands at `now`; `None` before it was committed.

    `today` is the programme as its file says it now: dates of the registry count from when they are written, not from the next cycle.
    """
    opened = newest(journal)
    standing = state(journal.entries, now)
    if opened is None or standing is None:
        return None
    programme = decode(store.read(opened.programme), Programme, what="the programme in force")
    swept = counting(journal)
    last = decode(store.get(f"sweeps/{max(swept)}/sweep.json"), Sweep, what="the last sweep") if swept else None
    plan = read_plan(store, f"sweeps/{max(swept)}") if swept else None
    due = slots(
        Cycle(start=opened.calendar_start, end=opened.end, id=opened.cycle),
        duration(programme.cadence.sweep_every),
        opened.start,
    )
    done = by_slot(swept, due)
    taken = [slot for slot in due if slot.start in done and (slot.end <= now or stands(journal, slot.start))]
    waiting = [slot for slot in due if slot.end > now and slot not in taken]
    dossier, until = last_kept(store, journal.entries), max(now, opened.start + timedelta(seconds=1))
    papers = [
        Papers(programme=programme, service=one, start=opened.start, until=until, dossier=dossier, last=last, plan=plan)
        for one in programme.services
    ]
    members = [member for estate in plan.estates for member in estate.members] if plan else []
    return Outlook(
        now=now, provider=programme.provider, cycle=opened.cycle, start=opened.start, end=opened.end,
        sweeps_due=len([slot for slot in due if slot.end <= now or slot in taken]), sweeps_taken=len(taken), last=last,
        accounts=dict(sorted(Counter(member.state for member in members).items())),
        next_sweep=waiting[0].start if waiting else opened.end,
        sweep_late=_late(due, taken, opened.end + duration(programme.cadence.sweep_every)),
        journal_height=journal.height, journal_head=journal.head,
        services=tuple(
            _service(store, journal, one, opened, plan, last, checks, exceptions, lambda: _dues(store, due, done)) for one in papers
        ),
        state=standing, lives=lives(journal.entries, now), renewals=renewals(today or programme, journal.entries, now),
        misfits=tuple(filter(None, (misfit(one, programme.cadence) for one in programme.services))),
    )  # fmt: skip


def _late(due: Sequence[Slot], taken: Sequence[Slot], otherwise: datetime) -> datetime:
    """The end of the first slot after the last one that was swept; `otherwise` where the cycle has no more of them."""
    return next((slot.end for slot in due if not taken or slot > taken[-1]), otherwise)


def newest(journal: Journal) -> Opened | None:
    """The newest cycle that was opened."""
    found = None
    for entry in journal.of("cycle"):
        found = entry
    return msgspec.convert(found.body, Opened) if found else None


def points(service: Service, sweep: Sweep | None, plan: Plan | None, rules: Sequence[str]) -> tuple[Point, ...]:
    """Every objective of a service at one sweep; checks that are not among the cycle's rules are advisory and left out."""
    if sweep is None or plan is None:
        return ()
    found = []
    for reference, commitment in committed(service).items():
        for check, _ in linked(reference):
            for provider in sorted(sweep.looked.get(service.id, {})):
                if check.name in rules:
                    tally = counted(sweep, service.id, check.name, provider) or Tally()
                    slo = share(commitment.slo)
                    found.append(
                        Point(
                            specification=reference, check=check.name, provider=provider, tally=tally, slo=commitment.slo,
                            result=result(sweep, service.id, check.name, provider, slo),
                        )
                    )  # fmt: skip
    return tuple(found)


def _service(
    store: Store, journal: Journal, papers: Papers, opened: Opened, plan: Plan | None, last: Sweep | None,
    checks: Sequence[Check], exceptions: tuple[ApprovedException, ...], dues: Callable[[], tuple[Due, ...]],
) -> ServiceOutlook:  # fmt: skip
    programme, service = papers.programme, papers.service
    found = points(service, last, plan, tuple(opened.rules))
    results = {
        reference: worst([
            *(point.result for point in found if point.specification == reference),
            *held(papers.bases.get(reference, ()), share(commitment.slo)),
        ])
        for reference, commitment in committed(service).items()
    }  # fmt: skip
    parts = _parts(store, last)
    standing = _standing(store, parts, service.id)
    results |= _excepted(store, papers, opened, plan, last, found, standing, dues)
    severities = {check.name: check.severity for check in checks}
    day = last.nominal.date() if last else opened.start.date()
    cycles = tuple(
        msgspec.convert(entry.body, Past)
        for entry in journal.entries
        if entry.kind in {"sealed", "missed"} and entry.body["service"] == service.id
    )
    return ServiceOutlook(
        service=service.id, name=service.name, counts={str(one): list(results.values()).count(one) for one in Result},
        results=results, points=found, deviations=dict(Counter(severities.get(one.check, "low") for one in standing)),
        excepted=sum(one.exception is not None for one in standing),
        exceptions_expiring=sum(in_force(one, day) and one.expires <= day + SOON for one in exceptions), cycles=cycles,
        exemptions=sum(one.state != "ended" for one in exempted(store, service, parts, last.nominal)) if last else 0,
        seal_due=opened.end, lapses=opened.end + duration(programme.cadence.seal_within),
    )  # fmt: skip


def _excepted(
    store: Store, papers: Papers, opened: Opened, plan: Plan | None, last: Sweep | None, found: Sequence[Point],
    standing: Sequence[Standing], dues: Callable[[], tuple[Due, ...]],
) -> dict[str, Result]:  # fmt: skip
    """What approved exceptions say of GRC-04 where no check had anything to judge, as the report will."""
    told: dict[str, Result] = {}
    for reference, commitment in committed(papers.service).items():
        judged = {point.result for point in found if point.specification == reference} - {Result.NOTHING}
        if reference in SPECIFICATIONS and not judged and plan is not None and last is not None:
            said = excepted(store, papers.programme, papers.service, opened, plan, last, dues, standing)
            others = held(papers.bases.get(reference, ()), share(commitment.slo))
            told |= {reference: worst([said, *others])} if said is not None else {}
    return told


def _dues(store: Store, due: Sequence[Slot], done: Mapping[datetime, str]) -> tuple[Due, ...]:
    """The sweeps of the cycle that were taken."""
    return tuple(
        Due(slot=slot, sweep=decode(store.get(f"sweeps/{name}/sweep.json"), Sweep, what="a sweep"))
        for slot in due
        if (name := done.get(slot.start)) is not None
    )


def _parts(store: Store, last: Sweep | None) -> list[Part]:
    if last is None:
        return []
    return [read_part(store, f"sweeps/{stamp(last.slot)}", account) for account in sorted(last.parts)]


def _standing(store: Store, parts: Sequence[Part], service: str) -> list[Standing]:
    return [
        one
        for part in parts
        for one in each(store.read(part.standing), Standing, what="standing deviations")
        if service in one.services
    ]
