"""Judging one account's shards: verdict lines, what stands, and the tally of each cell. The same for a sweep and for its replay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent.exceptions import covering, in_force
from agent.membership import Membership
from agent.programme import ApprovedException, Programme
from agent.record import Judged, Shard, Standing, Tallies
from agent.standing import Key, Seen
from collectors.collector import Collector
from collectors.resources import AnyResource
from collectors.sighting import Sighting
from controls.assess import Judge, concerns
from controls.check import Check
from controls.tally import COUNTED, Tally
from controls.verdict import Outcome, Verdict

UNCERTAIN = Tally(unknown=1)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that a verdict and its count depend on, besides the facts."""

    judge: Judge
    checks: tuple[Check, ...]
    membership: Membership
    exceptions: tuple[ApprovedException, ...]
    nominal: datetime

    @classmethod
    def of(
        cls, programme: Programme, checks: Sequence[Check], exceptions: tuple[ApprovedException, ...], nominal: datetime
    ) -> "Rules":
        """The rules of one sweep."""
        return cls(
            judge=Judge(checks), checks=tuple(checks), membership=Membership(programme.services),
            exceptions=exceptions, nominal=nominal,
        )  # fmt: skip


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
) -> list[Judged]:
    """Judge a shard's resources into the docket; return its verdict lines, sorted. `facts` is the shard's address."""
    judged = []
    for sighting, resource in lines:
        services = rules.membership.of(resource)
        for service, _ in services:
            docket.resources[service][type(resource).__name__] += 1
            docket.inherited[service] += resource.managed_by == "provider"
        for check, verdict in rules.judge(resource, rules.nominal):
            if check.kinds and resource.kind not in check.kinds:
                continue  # it never speaks of this kind: no row says so for each resource
            judged.append(
                Judged(
                    resource=resource.id, check=check.name, outcome=verdict.outcome, reason=verdict.reason,
                    holds_until=verdict.holds_until,
                )
            )  # fmt: skip
            _note(sighting.cell, resource, check, verdict, services, rules, facts, before, docket)
    judged.sort(key=lambda one: (one.resource, one.check))
    return judged


def kept(
    name: str, facts: str, readings: str | None, number: int, judged: Sequence[Judged], apart: Docket, verdicts: str
) -> Shard:
    """The record of a shard of `number` resources; `apart` is what judging it alone has counted."""
    return Shard(
        name=name, lines=number, facts=facts, readings=readings, verdicts=verdicts, tallies=apart.tallies,
        resources={service: dict(types) for service, types in apart.resources.items()}, inherited=dict(apart.inherited),
        until=min((one.holds_until for one in judged if one.holds_until), default=None),
    )  # fmt: skip


def _note(
    cell: str,
    resource: AnyResource,
    check: Check,
    verdict: Verdict,
    services: tuple[tuple[str, bool], ...],
    rules: Rules,
    facts: str,
    before: Mapping[Key, Standing],
    docket: Docket,
) -> None:
    key = (check.name, resource.id)
    failed = verdict.outcome is Outcome.FAILED
    exception = covering(rules.exceptions, check.name, resource, rules.nominal.date()) if failed else None
    stood = before[key].services if key in before else ()
    if failed:  # a service that it stood for keeps it, though its tags were not learned today
        services = tuple((service, certain or service in stood) for service, certain in services)
    if failed or key in before:
        docket.seen[key] = Seen(
            outcome=verdict.outcome, reason=verdict.reason, cell=cell,
            services=tuple(service for service, certain in services if certain), exception=exception, facts=facts,
        )  # fmt: skip
    for service, certain in services:
        if verdict.outcome is Outcome.UNKNOWN and service in stood:
            continue  # counted with what is carried, as a failure
        if verdict.outcome is Outcome.NOT_APPLICABLE or certain:
            tally = Tally(failed=1, excepted=1) if exception else COUNTED[verdict.outcome]
        else:
            tally = UNCERTAIN
        docket.count(cell, service, check.name, tally)


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
