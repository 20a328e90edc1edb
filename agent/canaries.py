"""Canaries: in every sweep each collector's checks judge samples whose verdict is known, through the code that judges everything else.

A check that gets its own sample wrong is distrusted for that sweep: what it says is then no evidence, and its objectives are not shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from agent.canonical import each, lines
from agent.judging import Docket, Rules, judge_shard
from agent.packs import exemplary
from agent.record import Judged
from agent.shards import paired
from collectors.collector import Collector
from collectors.resource import Resource
from collectors.sighting import Sighting
from controls.assess import concerns
from controls.check import Check
from controls.packed import PackedCheck
from controls.samples import samples
from controls.verdict import Outcome


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What the canaries of one sweep said."""

    canaries: int = 0
    """How many samples were judged."""
    distrusted: dict[str, tuple[str, ...]] = {}
    """Cloud -> checks that judged a sample wrongly."""


def examine(rules: Rules, collectors: Mapping[str, Iterable[Collector]]) -> Examined:
    """Judge the samples of every check that a collector of a cloud concerns. `collectors`: cloud -> those that a sweep uses."""
    judged, distrusted = 0, {}
    for cloud, used in sorted(collectors.items()):
        wrong: set[str] = set()
        for collector in used:
            for wanted in _batches(rules.checks, cloud, collector, rules.nominal):
                found = _judged(wanted, rules)
                judged += len(wanted)
                wrong |= {
                    check for (check, name), (_, outcome) in wanted.items() if found.get((check, name)) != outcome
                }
        if wrong:
            distrusted[cloud] = tuple(sorted(wrong))
    return Examined(canaries=judged, distrusted=distrusted)


Wanted = dict[tuple[str, str], tuple[Sighting, Outcome]]
"""Check and resource -> what the collector would have seen, and the verdict that it must get."""


def _batches(checks: Iterable[Check], cloud: str, collector: Collector, now: datetime) -> Iterator[Wanted]:
    """What is judged together: our samples; then the first passing and the first failing example of packs, none beside one of its id."""
    yield _seeded(checks, cloud, collector, now)
    packed = [
        one
        for one in checks
        if isinstance(one, PackedCheck)
        and concerns(one, collector)
        and (not one.kinds or not set(one.kinds).isdisjoint(collector.kinds))
    ]
    for number, outcome in enumerate((Outcome.PASSED, Outcome.FAILED)):
        waiting = [(one.name, _sighting(exemplary(one, now)[number], cloud, collector)) for one in packed]
        while waiting:
            batch = {sighting.resource.id: (name, sighting) for name, sighting in reversed(waiting)}
            yield {(name, one): (sighting, outcome) for one, (name, sighting) in batch.items()}
            waiting = [each for each in waiting if batch[each[1].resource.id][0] != each[0]]


def _sighting(resource: Resource, cloud: str, collector: Collector) -> Sighting:
    return Sighting(cell=f"{cloud}/canary/global/{collector.name}", resource=resource, evidence=())  # type: ignore[arg-type]


def _seeded(checks: Iterable[Check], cloud: str, collector: Collector, now: datetime) -> Wanted:
    seeded = {}
    for check in checks:
        kinds = [kind for kind in collector.kinds if not check.kinds or kind in check.kinds]
        made = samples(check, cloud, kinds[0], now) if kinds and concerns(check, collector) else None
        for resource, outcome in zip(made or (), (Outcome.PASSED, Outcome.FAILED), strict=False):
            seeded[check.name, resource.id] = (_sighting(resource, cloud, collector), outcome)
    return seeded


def _judged(wanted: Mapping[tuple[str, str], tuple[Sighting, Outcome]], rules: Rules) -> dict[tuple[str, str], str]:
    """Outcomes, through bytes and back as a shard goes."""
    shard = lines(sighting for sighting, _ in wanted.values())
    sightings = list(each(shard, Sighting, what="canaries"))
    ruled = judge_shard(paired(sightings, ()), rules, "", {}, Docket())
    return {(one.check, one.resource): one.outcome for one in each(ruled.text, Judged, what="verdicts of canaries")}
