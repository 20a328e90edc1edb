"""Taking a sweep: plan it, visit every cell, judge each account into a part, close it. Resumed or shared, it gives the same."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from agent.canaries import examine
from agent.canonical import decode, each, encode, lines, stamp
from agent.exceptions import in_force
from agent.finished import Finished
from agent.judging import (
    Docket,
    Rules,
    concerned,
    count_carried,
    count_remembered,
    count_unseen,
    judge_shard,
    kept,
    remembered,
)
from agent.logs import logger
from agent.method import method
from agent.parts import has_part, part_names, put_part, put_plan, read_part, read_plan
from agent.planning import Cloud, discovery_gaps, expected_cells, passed_over, unallocated
from agent.programme import ApprovedException, Programme
from agent.progress import Progress
from agent.record import CellRecord, Part, Plan, Shard, Standing, Sweep
from agent.reuse import Memory, memory
from agent.shards import Bucket, buckets, paired
from agent.share import WHOLE, Share
from agent.standing import Key, fold
from agent.store import Store
from agent.tidying import rarely
from agent.told import PATIENT, Hearing, Patience
from agent.totals import close
from agent.visiting import Seen, Visiting, joined_everywhere
from collectors.collector import Cell, Collector
from collectors.sighting import Reading, Sighting, Visit
from controls.check import Check

VISITS = 32
"""Cells visited at once: as many as questions may be in flight, since most cells are one listing. Descriptions inside them share the
cloud's own pool."""
WINDOW = 6
"""Accounts under way at once, so that memory does not grow with their number."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """Everything that taking one sweep needs."""

    store: Store
    slot: datetime
    nominal: datetime
    """This, the exceptions and the last sweep are used if the plan is ours to make; an adopted plan brings its own."""
    programme: Programme
    programme_blob: str
    exceptions: tuple[ApprovedException, ...]
    exceptions_blob: str
    checks: tuple[Check, ...]
    clouds: tuple[Cloud, ...]
    clock: Callable[[], datetime]
    progress: Progress
    last: Sweep | None
    """The last closed sweep before this slot."""

    @property
    def folder(self) -> str:
        """Where the sweep stands in the store."""
        return f"sweeps/{stamp(self.slot)}"


@dataclass(frozen=True, kw_only=True)
class Done:
    """How much of a sweep stands: its accounts that have a part, of those that are planned."""

    accounts: int
    of: int


def take(order: Order) -> Sweep:
    """Take the sweep of a slot, or finish one that was begun; return it closed."""
    swept, done = take_share(order, WHOLE)
    assert swept is not None, done  # who takes the whole leaves nothing to others
    return swept


def take_share(
    order: Order, share: Share, patience: Patience = PATIENT, *, closes: bool = True
) -> tuple[Sweep | None, Done]:
    """Take our part of the sweep of a slot; the sweep, closed, if all parts stand then (whoever took them), and how many do.

    Whoever does not close (`closes`) leaves that to another.
    """
    if order.store.has(f"{order.folder}/sweep.json"):
        swept = decode(order.store.get(f"{order.folder}/sweep.json"), Sweep, what=f"{order.folder}/sweep.json")
        return swept, Done(accounts=len(swept.parts), of=len(swept.parts))
    started = order.clock()
    plan = _plan(order)
    order = _as_planned(order, plan)
    rules = Rules.of(order.programme, order.checks, order.exceptions, plan.nominal)
    mine = frozenset(share.of(_accounts(plan)))
    with rarely():
        for cloud in order.clouds:
            _visit_all(order, cloud, plan, rules, mine, patience)
    done = _done(order, plan)
    if done.accounts < done.of or not closes:
        return None, done
    return _close(order, plan, rules, started if share.whole else plan.nominal), done


def _close(order: Order, plan: Plan, rules: Rules, started: datetime) -> Sweep:
    """Add up the parts, all of which stand."""
    examined = examine(_shipped(order, plan, rules), {cloud.name: cloud.collectors for cloud in order.clouds})
    for cloud_name, names in examined.distrusted.items():
        logger(__name__).error(
            "canaries were judged wrongly: these checks show nothing", cloud=cloud_name, checks=names
        )
    sweep = close(order.store, order.folder, plan, rules, started=started, ended=order.clock(), examined=examined)
    standing = order.store.put_if_absent(f"{order.folder}/sweep.json", encode(sweep))
    return decode(standing, Sweep, what=f"{order.folder}/sweep.json")


def _shipped(order: Order, plan: Plan, rules: Rules) -> Rules:
    """The rules under the parameters that checks are shipped with, for which their samples are made."""
    if not order.programme.parameters:
        return rules
    return Rules.of(structs.replace(order.programme, parameters={}), order.checks, order.exceptions, plan.nominal)


def _accounts(plan: Plan) -> frozenset[str]:
    """`<provider>/<account>` of all parts that the plan asks for."""
    return frozenset(f"{cell.provider}/{cell.account}" for cell in map(Cell.of, plan.cells))


def _done(order: Order, plan: Plan) -> Done:
    wanted = _accounts(plan)
    return Done(accounts=len(wanted & part_names(order.store, order.folder)), of=len(wanted))


def _plan(order: Order) -> Plan:
    """Discover, and put the plan down unless another runner's stands; theirs is then ours."""
    previous = read_plan(order.store, f"sweeps/{stamp(order.last.slot)}") if order.last else None
    estates = tuple(cloud.access.discover() for cloud in order.clouds)
    cells = [
        key
        for cloud, estate in zip(order.clouds, estates, strict=True)
        for key in expected_cells(cloud, estate, previous)
    ]
    plan = Plan(
        slot=order.slot, nominal=order.nominal, previous=stamp(order.last.slot) if order.last else None,
        programme=order.programme_blob, exceptions=order.exceptions_blob,
        in_force=tuple(sorted(one.id for one in order.exceptions if in_force(one, order.nominal.date()))),
        rules={check.name: check.digest for check in order.checks},
        method=method(),
        concerned={cloud.name: concerned(order.checks, cloud.collectors) for cloud in order.clouds},
        estates=estates, cells=tuple(sorted(cells)),
    )  # fmt: skip
    return put_plan(order.store, order.folder, plan)


def _as_planned(order: Order, plan: Plan) -> Order:
    """The order by the plan that stands: whoever goes on with a sweep judges with what it was begun with, whatever was learned since."""
    exceptions = decode(order.store.read(plan.exceptions), tuple[ApprovedException, ...], what="approved exceptions")
    key = f"sweeps/{plan.previous}/sweep.json"
    last = decode(order.store.get(key), Sweep, what=key) if plan.previous else None
    return replace(order, nominal=plan.nominal, exceptions=exceptions, exceptions_blob=plan.exceptions, last=last)


def _visit_all(order: Order, cloud: Cloud, plan: Plan, rules: Rules, mine: frozenset[str], patience: Patience) -> None:
    """Visit one cloud's cells, account by account of ours; what others join over the whole estate comes first."""
    cells = [cell for cell in map(Cell.of, plan.cells) if cell.provider == cloud.name]
    accounts = sorted({cell.account for cell in cells if f"{cloud.name}/{cell.account}" in mine})
    ours = [cell for cell in cells if cell.account in accounts]
    todo = [one for one in accounts if not has_part(order.store, order.folder, f"{cloud.name}/{one}")]
    order.progress.began(accounts=len(accounts), cells=len(ours))
    estate = next(estate for estate in plan.estates if estate.provider == cloud.name)
    undecided = unallocated(estate)

    finished = Finished(order.store, order.folder, frozenset(accounts) - frozenset(todo))

    def look(cell: Cell, collector: Collector, seen: Seen) -> Visit:
        before = finished.visit(cell, collector)
        if before is not None:
            return before
        visited = passed_over(cell) if cell.account in undecided else cloud.access.visit(cell, collector, seen)
        order.progress.looked(gaps=len(visited.gaps))
        return visited

    if len(ours) < len(cells):
        early = joined_everywhere(cloud.collectors)
        told = [cell for cell in cells if cell.collector in early]
        look = Hearing(order.store, order.folder, look, early=told, mine=accounts, patience=patience).look
        cells = ours + [cell for cell in told if cell.account not in accounts]
    with ThreadPoolExecutor(VISITS, thread_name_prefix="visit") as pool:
        visiting = Visiting(cloud.collectors, cells if todo else (), pool, look, blind=bool(discovery_gaps(estate)))
        for account, visits in _windowed(todo, lambda account: (account, visiting.account(account))):
            part = _part(order, plan, rules, account, cloud, [one.result() for one in visits])
            put_part(order.store, order.folder, part)
    order.progress.ended()


def _windowed(
    accounts: list[str], begin: Callable[[str], tuple[str, list[Future[Visit]]]]
) -> Iterator[tuple[str, list[Future[Visit]]]]:
    """Begin a few accounts ahead of the one that is finished next."""
    under_way = [begin(account) for account in accounts[:WINDOW]]
    for account in accounts[WINDOW:]:
        yield under_way.pop(0)
        under_way.append(begin(account))
    yield from under_way


def _part(order: Order, plan: Plan, rules: Rules, account: str, cloud: Cloud, visits: list[Visit]) -> Part:
    """Judge what was seen of one account, fold it into what stands, and record it."""
    last = _last_part(order, cloud.name, account)
    before = {(one.check, one.resource): one for one in _standing(order, last)}
    docket = Docket()
    again = memory(plan, _last_plan(order), last, before.values())
    shards = tuple(
        _keep(order, bucket, rules, before, again, docket)
        for bucket in buckets(pair for visit in visits for pair in _with_readings(visit))
    )
    complete = frozenset(visit.cell for visit in visits if visit.complete)
    folded = fold(
        before.values(), docket.seen, complete=complete, expected=frozenset(plan.cells),
        checks=frozenset(check.name for check in rules.checks), nominal=plan.nominal,
        last=order.last.nominal if order.last else None,
    )  # fmt: skip
    count_carried(folded.carried, rules, docket)
    missing = {}
    for visit in visits:
        if not visit.complete:
            count_unseen(visit.cell, account, plan.concerned[cloud.name][Cell.of(visit.cell).collector], rules, docket)
            missing[visit.cell] = remembered(visit.cell, last.tallies.get(visit.cell, {}) if last else {}, docket)
            count_remembered(visit.cell, missing[visit.cell], docket)
    return Part(
        provider=cloud.name, account=account, cells=tuple(sorted(map(_cell_record, visits), key=lambda one: one.key)),
        shards=shards, calls=order.store.blob(lines(call for visit in visits for call in visit.calls)),
        tallies=docket.tallies, remembered=missing, standing=order.store.blob(lines(folded.standing)), ended=folded.ended,
        resources={service: dict(types) for service, types in docket.resources.items()}, inherited=dict(docket.inherited),
    )  # fmt: skip


def _with_readings(visit: Visit) -> Iterator[tuple[Sighting, Reading | None]]:
    moved = {reading.id: reading for reading in visit.readings}
    for sighting in visit.sightings:
        yield sighting, moved.get(sighting.resource.id)


def _keep(
    order: Order, bucket: Bucket, rules: Rules, before: Mapping[Key, Standing], again: Memory, docket: Docket
) -> Shard:
    """Keep one shard and its verdicts as blobs; what is as it was is not judged again."""
    held, moved = lines(bucket.sightings), lines(bucket.readings)
    facts = order.store.blob(held)
    readings = order.store.blob(moved) if moved else None
    if same := again.same(bucket.name, facts, readings):
        again.into(docket, same)
        return same
    found = again.rejudge(order.store, bucket.name, held, moved, rules, facts, before)
    if found is None:
        whole = Docket()
        found = judge_shard(paired(bucket.sightings, bucket.readings), rules, facts, before, whole), whole
    ruled, apart = found
    docket.seen |= apart.seen
    verdicts = order.store.blob(ruled.text)
    shard = kept(bucket.name, facts, readings, len(bucket.sightings), ruled, apart, verdicts)
    docket.add(shard.tallies, shard.resources, shard.inherited)
    return shard


def _last_plan(order: Order) -> Plan | None:
    return read_plan(order.store, f"sweeps/{stamp(order.last.slot)}") if order.last else None


def _last_part(order: Order, provider: str, account: str) -> Part | None:
    """The account's part of the last closed sweep."""
    if order.last is None or f"{provider}/{account}" not in order.last.parts:
        return None
    return read_part(order.store, f"sweeps/{stamp(order.last.slot)}", f"{provider}/{account}")


def _standing(order: Order, last: Part | None) -> Iterator[Standing]:
    if last is not None:
        yield from each(order.store.read(last.standing), Standing, what="standing deviations")


def _cell_record(visit: Visit) -> CellRecord:
    return CellRecord(
        key=visit.cell, complete=visit.complete, resources=len(visit.sightings), gaps=tuple(sorted(visit.gaps)),
        hosts=tuple(sorted({call.host for call in visit.calls})), calls=len(visit.calls),
        captured=visit.captured,
    )  # fmt: skip
