"""Judging one account's shards: verdict lines, what stands, and the tally of each cell. The same for a sweep and for its replay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent.canonical import encode
from agent.exceptions import covers, in_force
from agent.membership import Membership
from agent.parameters import effective
from agent.programme import ApprovedException, Programme
from agent.record import Judged, Shard, Standing, Tallies
from agent.ruling import Group, Panel, Panels, Ruled, Services, in_order
from agent.standing import Key, Seen
from collectors.collector import Collector
from collectors.resource import Resource
from collectors.resources import AnyResource
from collectors.sighting import Sighting
from controls.assess import Judge, concerns
from controls.check import Check
from controls.tally import COUNTED, Tally
from controls.verdict import AS_IT_SHOULD_BE, Outcome, Verdict

PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that a verdict and its count depend on, besides the facts."""

    judge: Judge
    checks: tuple[Check, ...]
    membership: Membership
    exceptions: tuple[ApprovedException, ...]
    nominal: datetime
    panels: Panels = field(init=False, compare=False)
    """What judges each kind of resource at that instant."""
    _covering: dict[str, tuple[ApprovedException, ...]] = field(init=False, repr=False, compare=False)
    """Check -> the approved exceptions of it that are in force, by id."""

    def __post_init__(self) -> None:
        found: dict[str, tuple[ApprovedException, ...]] = {}
        for one in sorted(self.exceptions, key=lambda one: one.id):
            if in_force(one, self.nominal.date()):
                found[one.check] = (*found.get(one.check, ()), one)
        object.__setattr__(self, "panels", Panels(self.judge, self.nominal))
        object.__setattr__(self, "_covering", found)

    def exception(self, check: str, resource: Resource) -> str | None:
        """Id of the first approved exception in force that covers a failure."""
        if check not in self._covering:
            return None
        return next((one.id for one in self._covering[check] if covers(one, check, resource)), None)

    @classmethod
    def of(
        cls, programme: Programme, checks: Sequence[Check], exceptions: tuple[ApprovedException, ...], nominal: datetime
    ) -> "Rules":
        """The rules of one sweep, under the programme's parameters."""
        judging = effective(checks, programme)
        return cls(
            judge=Judge(judging), checks=judging, membership=Membership(programme.services),
            exceptions=exceptions, nominal=nominal,
        )  # fmt: skip


def uncertain(tally: Tally) -> Tally:
    """What verdicts count for a service that perhaps has the resources: neither a pass nor a failure of a stranger helps or harms it."""
    return Tally(unknown=tally.passed + tally.failed + tally.unknown, not_applicable=tally.not_applicable)


@dataclass(kw_only=True)
class Docket:
    """What judging one account has found so far."""

    tallies: dict[str, Tallies] = field(default_factory=dict)
    """Cell -> service -> check -> provider -> tally."""
    seen: dict[Key, Seen] = field(default_factory=dict)
    """Every failure, and every verdict on what stood before."""
    resources: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    inherited: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def count(self, cell: str, service: str, check: str, tally: Tally) -> None:
        """Add to one cell's tally."""
        row = self.tallies.setdefault(cell, {}).setdefault(service, {}).setdefault(check, {})
        provider = cell.split("/", 1)[0]
        row[provider] = row[provider] + tally if provider in row else tally

    def take(self, group: Group) -> None:
        """Add what a group of resources of one cell counts."""
        counted = tuple(group.tallies())
        for service, certain in group.services:
            self.resources[service][group.panel.type_name] += group.number
            self.inherited[service] += group.panel.inherited * group.number
            for check, tally in counted:
                self.count(group.cell, service, check, tally if certain else uncertain(tally))

    def add(
        self, tallies: Mapping[str, Tallies], resources: Mapping[str, Mapping[str, int]], inherited: Mapping[str, int]
    ) -> None:
        """Add what a shard counts."""
        for cell, services in tallies.items():
            for service, checks in services.items():
                for check, clouds in checks.items():
                    for tally in clouds.values():
                        self.count(cell, service, check, tally)
        for service, types in resources.items():
            for name, number in types.items():
                self.resources[service][name] += number
        for service, number in inherited.items():
            self.inherited[service] += number


def judge_shard(
    lines: Iterable[tuple[Sighting, AnyResource]],
    rules: Rules,
    facts: str,
    before: Mapping[Key, Standing],
    docket: Docket,
) -> Ruled:
    """Judge a shard's resources into the docket; return its verdicts. `facts` is the shard's address.

    The hot loop, a million resources a sweep: what passes, as most do, costs the check itself and one line.
    """
    bench = _Bench(rules, facts, before, docket)
    text: list[bytes] = []
    for sighting, resource in lines:
        group = bench.group(sighting.cell, resource)
        ending, stands = encode(resource.id) + b"}\n", resource.id in bench.standing
        for place, judge, passes in group.panel.steps:
            verdict = judge(resource)
            if verdict is AS_IT_SHOULD_BE and not stands:
                text.append(passes + ending)
            else:
                text.append(bench.note(group, place, resource, verdict, stands=stands) + ending)
    return bench.ruled(b"".join(text))


class _Bench:
    """What judging one shard goes by, and what it has counted so far."""

    def __init__(self, rules: Rules, facts: str, before: Mapping[Key, Standing], docket: Docket) -> None:
        self._rules, self._facts, self._before, self._docket = rules, facts, before, docket
        self._services, self._panel = rules.membership.of, rules.panels.of
        self._groups: dict[tuple[str, Services, Panel], Group] = {}
        self._known: dict[tuple[str, type[Resource], str, str | None, str, str], Group] = {}
        """The groups of accounts that no tag divides between services, by what tells them apart."""
        self._until: datetime | None = None
        self._last, self._ordered = "", True
        self.standing = {resource for _, resource in before}
        """Ids of resources that some deviation stands for."""

    def group(self, cell: str, resource: AnyResource) -> Group:
        """The group of the next resource, which is counted in."""
        key = (cell, type(resource), resource.kind, resource.managed_by, resource.provider, resource.account)
        group = self._known.get(key)
        if group is None:
            services, panel = self._services(resource), self._panel(resource)
            group = self._groups.get((cell, services, panel))
            if group is None:
                group = self._groups[cell, services, panel] = Group(cell, services, panel)
            if not self._rules.membership.divides(resource.account):
                self._known[key] = group
        group.number += 1
        if self._last >= resource.id:
            self._ordered = False
        self._last = resource.id
        return group

    def note(self, group: Group, place: int, resource: AnyResource, verdict: Verdict, *, stands: bool) -> bytes:
        """Count a verdict that is not simply passed, or of what stands; return its line up to the resource."""
        row, outcome = group.panel.rows[place], verdict.outcome
        if verdict.holds_until is not None and (self._until is None or verdict.holds_until < self._until):
            self._until = verdict.holds_until
        if stands and (outcome is not FAILED or not group.sure) and (row.name, resource.id) in self._before:
            group.apart[place] += 1
            self._apart(group, row.name, resource, verdict)
        elif outcome is FAILED:
            exception = self._rules.exception(row.name, resource)
            group.failed[place] += 1
            group.excepted[place] += exception is not None
            self._docket.seen[row.name, resource.id] = Seen(
                outcome=outcome, reason=verdict.reason, cell=group.cell, services=group.certain, exception=exception, facts=self._facts,
            )  # fmt: skip
        elif outcome is UNKNOWN:
            group.unknown[place] += 1
        elif outcome is not PASSED:
            group.not_applicable[place] += 1
        return row.beginning(verdict)

    def _apart(self, group: Group, check: str, resource: AnyResource, verdict: Verdict) -> None:
        """Count a verdict that a deviation stands for, by itself."""
        key, failed = (check, resource.id), verdict.outcome is FAILED
        exception = self._rules.exception(check, resource) if failed else None
        stood, services = self._before[key].services, group.services
        if failed:  # a service that it stood for keeps it, though its tags were not learned today
            services = tuple((service, certain or service in stood) for service, certain in services)
        self._docket.seen[key] = Seen(
            outcome=verdict.outcome, reason=verdict.reason, cell=group.cell,
            services=tuple(service for service, certain in services if certain), exception=exception, facts=self._facts,
        )  # fmt: skip
        for service, certain in services:
            if verdict.outcome is UNKNOWN and service in stood:
                continue  # counted with what is carried, as a failure
            tally = Tally(failed=1, excepted=1) if exception else COUNTED[verdict.outcome]
            self._docket.count(group.cell, service, check, tally if certain else uncertain(tally))

    def ruled(self, text: bytes) -> Ruled:
        """Add all that was counted to the docket; the verdicts of the shard."""
        for group in self._groups.values():
            self._docket.take(group)
        return Ruled(text=text if self._ordered else in_order(text), until=self._until)


def count_again(
    lines: Iterable[tuple[Sighting, AnyResource]],
    verdicts: Iterable[Judged],
    rules: Rules,
    before: Mapping[Key, Standing],
    docket: Docket,
) -> None:
    """Count verdicts that were given of resources into a docket, without judging them."""
    said: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for one in verdicts:
        said[one.resource][one.check] = Verdict(outcome=Outcome(one.outcome), reason=one.reason)
    bench = _Bench(rules, "", before, docket)
    for sighting, resource in lines:
        group = bench.group(sighting.cell, resource)
        for place, row in enumerate(group.panel.rows):
            bench.note(group, place, resource, said[resource.id][row.name], stands=True)
    bench.ruled(b"")


def kept(name: str, facts: str, readings: str | None, number: int, ruled: Ruled, apart: Docket, verdicts: str) -> Shard:
    """The record of a shard of `number` resources; `apart` is what judging it alone has counted."""
    return Shard(
        name=name, lines=number, facts=facts, readings=readings, verdicts=verdicts, tallies=apart.tallies,
        resources={service: dict(types) for service, types in apart.resources.items()}, inherited=dict(apart.inherited),
        until=ruled.until,
    )  # fmt: skip


def count_carried(carried: Iterable[Standing], rules: Rules, docket: Docket) -> None:
    """Count what is carried as failures; an exception that has ended no longer covers it."""
    live = {one.id for one in rules.exceptions if in_force(one, rules.nominal.date())}
    for one in carried:
        for service in one.services:
            docket.count(one.cell, service, one.check, Tally(failed=1, carried=1, excepted=int(one.exception in live)))


def concerned(checks: Iterable[Check], collectors: Iterable[Collector]) -> dict[str, tuple[str, ...]]:
    """Collector -> names of the checks that need what it sees."""
    every = tuple(checks)
    return {one.name: tuple(sorted(check.name for check in every if concerns(check, one))) for one in collectors}


def count_unseen(cell: str, account: str, checks: Sequence[str], rules: Rules, docket: Docket) -> None:
    """Count a cell that could not be listed against every check that it concerns."""
    for service in rules.membership.account(account):
        for check in checks:
            docket.count(cell, service, check, Tally(unseen=1))


def remembered(cell: str, before: Tallies, docket: Docket) -> dict[str, dict[str, int]]:
    """Of what a cell held when it was last looked at, how much is not counted now: its population does not shrink by being unseen."""
    now = docket.tallies.get(cell, {})
    found: dict[str, dict[str, int]] = {}
    for service, checks in before.items():
        for check, clouds in checks.items():
            missing = _population(clouds) - _population(now.get(service, {}).get(check, {}))
            if missing > 0:
                found.setdefault(service, {})[check] = missing
    return found


def count_remembered(cell: str, missing: Mapping[str, Mapping[str, int]], docket: Docket) -> None:
    """Count what a cell held before as unknown."""
    for service, checks in missing.items():
        for check, number in checks.items():
            docket.count(cell, service, check, Tally(unknown=number))


def _population(clouds: Mapping[str, Tally]) -> int:
    return sum(tally.population for tally in clouds.values())
