"""What the status page shows: the outlook, a year of the journal and the bundles, as values for one tier.

The public tier holds counts, results and cycles; resources, accounts and gaps' places are the auditor's. `board` leaves out what a
tier must not see before any template is near it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import msgspec

from agent.attempts import by_slot, counting
from agent.canonical import decode, each, stamp
from agent.carrying import earlier
from agent.cycle import Cycle, slots
from agent.journal import Journal
from agent.manifest import Tier
from agent.material import Opened, Past
from agent.outlook import Outlook, ServiceOutlook, newest
from agent.parts import read_part
from agent.programme import Programme
from agent.record import Standing
from agent.state import ProgrammeState
from agent.steps import Life
from agent.store import Store
from agent.units import duration
from agent.version import version
from agent.work import Item
from agent.zones import zone
from collectors.hosts import is_provider_host
from controls import ccm
from controls.tally import WORST_FIRST, Result

YEAR = 12
"""Cycles in the picture: a year of months, or three years of quarters."""
MOST_ROWS = 500
"""Rows of detail on one page; the rest is counted."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen value of the page."""


class CycleRow(Shown, frozen=True, kw_only=True):
    """One cycle: its name, what became of it, and its days (or due sweeps, where they are rarer) in order."""

    id: str
    word: str
    days: tuple[str, ...]
    """`complete`, `partial`, `missed` or `open` each."""


class ResultRow(Shown, frozen=True, kw_only=True):
    """One committed specification at the last sweep."""

    id: str
    title: str
    result: Result
    before: Result | None
    """At the newest seal; `None` if none was sealed, or it was not committed then."""


class BundleRow(Shown, frozen=True, kw_only=True):
    """One cycle that has ended."""

    cycle: str
    state: str
    late: bool
    path: str
    """In the store; empty for a missed cycle."""
    manifest: str
    steps: tuple[tuple[str, datetime | None, datetime | None, bool], ...]
    """Step, done, due, late."""


class ServiceRow(Shown, frozen=True, kw_only=True):
    """One service."""

    id: str
    name: str
    counts: dict[Result, int]
    results: tuple[ResultRow, ...]
    """The worst first."""
    deviations: dict[str, int]
    excepted: int
    exemptions: int
    """In force by the clouds' own record."""
    lapses: datetime
    left: int
    """Seconds to the lapse; negative once lapsed."""
    bundles: tuple[BundleRow, ...]
    """The newest first."""

    @property
    def changed(self) -> tuple[ResultRow, ...]:
        """Whose result is another one than at the newest seal."""
        return tuple(row for row in self.results if row.before is not None and row.before is not row.result)


class DeviationRow(Shown, frozen=True, kw_only=True):
    """One standing deviation, for the auditor's tier."""

    check: str
    resource: str
    cell: str
    since: datetime
    exception: str | None


class GapRow(Shown, frozen=True, kw_only=True):
    """What could not be looked at, for the auditor's tier."""

    cell: str
    operation: str
    reason: str
    detail: str


class Board(Shown, frozen=True, kw_only=True):
    """All of the page."""

    tool: str
    provider: str
    tier: str
    now: datetime
    time_zone: str
    simulated: bool
    state: ProgrammeState
    cycle: str
    end: datetime
    sweeps_due: int
    sweeps_taken: int
    last: datetime | None
    complete: bool
    cells: int
    unseen: int
    gaps: dict[str, int]
    distrusted: tuple[str, ...]
    accounts: dict[str, int]
    cycles: tuple[CycleRow, ...]
    """Oldest first."""
    services: tuple[ServiceRow, ...]
    work: dict[str, tuple[int, int]]
    """Kind -> items, and how many of them are overdue."""
    items: tuple[Item, ...] = ()
    deviations: tuple[DeviationRow, ...] = ()
    places: tuple[GapRow, ...] = ()
    more: int = 0
    """Rows of detail that were left off."""
    height: int
    head: str


def board(view: Outlook, store: Store, journal: Journal, items: Sequence[Item], tier: Tier) -> Board:
    """The page of a programme as the outlook saw it, with the work that is to be done. `StoreError` where a record cannot be read."""
    opened = newest(journal)
    assert opened is not None
    programme = decode(store.read(opened.programme), Programme, what="the programme in force")
    last = view.last
    deviations, places = _detail(view, store) if tier is Tier.AUDITOR else ((), ())
    return Board(
        tool=version(), provider=view.provider, tier=tier, now=view.now, time_zone=programme.cadence.time_zone,
        simulated=last is not None and any(not is_provider_host(host) for host in last.hosts),
        state=view.state, cycle=view.cycle, end=view.end, sweeps_due=view.sweeps_due, sweeps_taken=view.sweeps_taken,
        last=last.nominal if last else None, complete=bool(last and last.complete), cells=last.cells if last else 0,
        unseen=last.unseen if last else 0, gaps=last.gaps if last else {}, distrusted=_distrusted(view), accounts=view.accounts,
        cycles=tuple(_cycles(journal, programme, view.now)), services=tuple(_service(one, view.lives, view.now) for one in view.services),
        work=_work(items), items=tuple(items)[:MOST_ROWS] if tier is Tier.AUDITOR else (), deviations=deviations[:MOST_ROWS],
        places=places[:MOST_ROWS],
        more=max(0, len(deviations) - MOST_ROWS) + max(0, len(places) - MOST_ROWS), height=view.journal_height, head=view.journal_head,
    )  # fmt: skip


def _distrusted(view: Outlook) -> tuple[str, ...]:
    last = view.last
    return tuple(sorted({name for names in last.distrusted.values() for name in names})) if last else ()


def _work(items: Sequence[Item]) -> dict[str, tuple[int, int]]:
    kinds = dict.fromkeys(one.kind for one in items)
    return {
        kind: (
            sum(one.kind == kind for one in items),
            sum(one.kind == kind and one.state == "overdue" for one in items),
        )
        for kind in kinds
    }


def _service(view: ServiceOutlook, ended: tuple[Life, ...], now: datetime) -> ServiceRow:
    sealed = [one for one in view.cycles if one.state != "missed"]
    last = {name: earlier(sealed[-1], name) for name in view.results} if sealed else {}
    before = {name: said[1] for name, said in last.items() if said}
    rows = [
        ResultRow(id=name, title=ccm.specification(name).title, result=result, before=before.get(name))
        for name, result in view.results.items()
    ]
    rows.sort(key=lambda row: WORST_FIRST.index(row.result))
    mine = {life.cycle: life for life in ended if life.service == view.service}
    return ServiceRow(
        id=view.service, name=view.name, counts={one: view.counts[one] for one in Result}, results=tuple(rows),
        deviations=view.deviations, excepted=view.excepted, exemptions=view.exemptions, lapses=view.lapses,
        left=int((view.lapses - now).total_seconds()),
        bundles=tuple(_bundle(one, mine.get(one.cycle)) for one in reversed(view.cycles)),
    )  # fmt: skip


def _bundle(past: Past, life: Life | None) -> BundleRow:
    path = f"cycles/{past.service}/{past.cycle}/bundle-{past.envelope}.zip" if past.envelope else ""
    steps = tuple((one.step, one.done, one.due, one.late) for one in life.steps) if life else ()
    return BundleRow(cycle=past.cycle, state=past.state, late=past.late, path=path, manifest=past.manifest, steps=steps)


def _cycles(journal: Journal, programme: Programme, now: datetime) -> Iterator[CycleRow]:
    """The newest cycles of the year, each with its days."""
    whole = {entry.key.removeprefix("sweep/"): bool(entry.body["complete"]) for entry in journal.of("sweep")}
    swept = {name: whole[name] for name in counting(journal)}
    words: dict[str, list[str]] = {}
    for kind in ("sealed", "missed"):
        for entry in journal.of(kind):
            past = msgspec.convert(entry.body, Past)
            words.setdefault(past.cycle, []).append(
                "missed" if kind == "missed" else "sealed late" if past.late else "sealed"
            )
    for entry in [*journal.of("cycle")][-YEAR:]:
        opened = msgspec.convert(entry.body, Opened)
        found = words.get(opened.cycle, ["open" if now < opened.end else "not sealed yet"])
        worst = next(word for word in ("missed", "not sealed yet", "sealed late", "sealed", "open") if word in found)
        yield CycleRow(id=opened.cycle, word=worst, days=tuple(_days(opened, programme, swept, now)))


def _days(opened: Opened, programme: Programme, swept: dict[str, bool], now: datetime) -> Iterator[str]:
    """The worst of each day's due sweeps; each due sweep by itself where one is due less often than daily."""
    every = timedelta(seconds=opened.sweep_every) or duration(programme.cadence.sweep_every)
    calendar = Cycle(start=opened.calendar_start, end=opened.end, id=opened.cycle)
    states = []
    due = slots(calendar, every, opened.start)
    names = by_slot(swept, due)
    for slot in due:
        seen = swept[names[slot.start]] if slot.start in names else None
        state = "missed" if slot.end <= now else "open"
        states.append((slot.start, state if seen is None else "complete" if seen else "partial"))
    day = zone(programme.cadence.time_zone)
    for _, group in groupby(
        states, key=lambda one: one[0].astimezone(day).date() if every < timedelta(days=1) else one[0]
    ):
        found = Counter(state for _, state in group)
        yield next(state for state in ("missed", "partial", "complete", "open") if found[state])


def _detail(view: Outlook, store: Store) -> tuple[tuple[DeviationRow, ...], tuple[GapRow, ...]]:
    """What stands and what is unseen, place by place."""
    last = view.last
    if last is None:
        return (), ()
    parts = [read_part(store, f"sweeps/{stamp(last.slot)}", account) for account in sorted(last.parts)]
    standing = [one for part in parts for one in each(store.read(part.standing), Standing, what="standing deviations")]
    deviations = tuple(
        DeviationRow(check=one.check, resource=one.resource, cell=one.cell, since=one.by, exception=one.exception)
        for one in sorted(standing, key=lambda one: (one.check, one.resource))
    )
    places = tuple(
        GapRow(cell=gap.cell, operation=gap.operation, reason=str(gap.reason), detail=gap.detail)
        for gap in last.gap_rows
    )
    return deviations, places
