"""What need not be judged again: an unchanged shard under unchanged rules keeps its verdicts until time alone may change one.

So an idle sweep judges nothing and stores nothing again; its cost is that of the shards, not of the resources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.judging import Docket
from agent.record import Part, Plan, Shard, Standing
from agent.standing import Seen


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The shards of an account's last part whose verdicts still hold, and the deviations that they gave."""

    shards: Mapping[str, Shard]
    failing: Mapping[str, tuple[Standing, ...]]
    """Facts address -> what its resources failed."""

    def same(self, name: str, facts: str, readings: str | None) -> Shard | None:
        """The shard of that name, if it held the same."""
        shard = self.shards.get(name)
        return shard if shard is not None and (shard.facts, shard.readings) == (facts, readings) else None

    def into(self, docket: Docket, shard: Shard) -> None:
        """Count a shard as it was counted before."""
        docket.add(shard.tallies, shard.resources, shard.inherited)
        for one in self.failing.get(shard.facts, ()):
            docket.seen[one.check, one.resource] = Seen(
                outcome="failed",
                reason=one.reason,
                cell=one.cell,
                services=one.services,
                exception=one.exception,
                facts=one.facts,
            )


NOTHING = Memory(shards={}, failing={})


def memory(plan: Plan, before: Plan | None, last: Part | None, standing: Iterable[Standing]) -> Memory:
    """What may be reused of an account's last part in a sweep of `plan`; `before` is the plan that the last part was of.

    Nothing where the rules differ (checks, programme, approved exceptions or which of them are in force), or where a deviation is carried:
    it must be looked for among the verdicts.
    """
    stands = tuple(standing)
    if last is None or before is None or any(one.carried for one in stands) or _rules(plan) != _rules(before):
        return NOTHING
    failing: dict[str, list[Standing]] = {}
    for one in stands:
        failing.setdefault(one.facts, []).append(one)
    return Memory(
        shards={shard.name: shard for shard in last.shards if shard.until is None or plan.nominal < shard.until},
        failing={facts: tuple(ones) for facts, ones in failing.items()},
    )


def _rules(plan: Plan) -> tuple[object, ...]:
    return plan.rules, plan.method, plan.programme, plan.exceptions, plan.in_force
