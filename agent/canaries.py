"""Canaries: in every sweep each collector's checks judge samples whose verdict is known, through the code that judges everything else.

A check that gets its own sample wrong is distrusted for that sweep: what it says is then no evidence, and its objectives are not shown.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from agent.canonical import each, lines
from agent.judging import Docket, Rules, judge_shard
from agent.record import Judged
from agent.shards import paired
from collectors.collector import Collector
from collectors.sighting import Sighting
from controls.assess import concerns
from controls.check import Check
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
            wanted = _seeded(rules.checks, cloud, collector, rules.nominal)
            found = _judged(wanted, rules)
            judged += len(wanted)
            wrong |= {check for (check, name), (_, outcome) in wanted.items() if found.get((check, name)) != outcome}
        if wrong:
            distrusted[cloud] = tuple(sorted(wrong))
    return Examined(canaries=judged, distrusted=distrusted)


def _seeded(
    checks: Iterable[Check], cloud: str, collector: Collector, now: datetime
) -> dict[tuple[str, str], tuple[Sighting, Outcome]]:
    """Check and resource -> what the collector would have seen, and the verdict that it must get."""
    seeded = {}
    for check in checks:
        kinds = [kind for kind in collector.kinds if not check.kinds or kind in check.kinds]
        made = samples(check, cloud, kinds[0], now) if kinds and concerns(check, collector) else None
        for resource, outcome in zip(made or (), (Outcome.PASSED, Outcome.FAILED), strict=False):
            cell = f"{cloud}/canary/global/{collector.name}"
            sighting = Sighting(cell=cell, resource=resource, evidence=())  # type: ignore[arg-type]
            seeded[check.name, resource.id] = (sighting, outcome)
    return seeded


def _judged(wanted: Mapping[tuple[str, str], tuple[Sighting, Outcome]], rules: Rules) -> dict[tuple[str, str], str]:
    """Outcomes, through bytes and back as a shard goes."""
    shard = lines(sighting for sighting, _ in wanted.values())
    sightings = list(each(shard, Sighting, what="canaries"))
    ruled = judge_shard(paired(sightings, ()), rules, "", {}, Docket())
    return {(one.check, one.resource): one.outcome for one in each(ruled.text, Judged, what="verdicts of canaries")}
