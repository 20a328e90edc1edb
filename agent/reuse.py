"""What need not be judged again: an unchanged shard under unchanged rules keeps its verdicts until time alone may change one.

So an idle sweep judges nothing and stores nothing again; its cost is that of the shards, not of the resources. Of a shard of which little
has changed only that is judged (`agent.rejudging`), where its blobs lie so near that reading them costs less than judging.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.errors import StoreError
from agent.judging import Docket, Rules
from agent.record import Part, Plan, Shard, Standing
from agent.rejudging import Known, due, rejudge
from agent.ruling import Ruled
from agent.standing import Key, Seen
from agent.store import Store
from controls.verdict import Outcome


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The shards of an account's last part, all judged by today's rules, and the deviations that they gave."""

    shards: Mapping[str, Shard]
    nominal: datetime
    """When they would be judged again."""
    failing: Mapping[str, tuple[Standing, ...]]
    """Facts address -> what its resources failed."""

    def same(self, name: str, facts: str, readings: str | None) -> Shard | None:
        """The shard of that name, if it held the same and its verdicts still hold."""
        shard = self.shards.get(name)
        if shard is None or due(shard, self.nominal):
            return None
        return shard if (shard.facts, shard.readings) == (facts, readings) else None

    def rejudge(
        self,
        store: Store,
        name: str,
        facts: bytes,
        readings: bytes,
        rules: Rules,
        address: str,
        before: Mapping[Key, Standing],
    ) -> tuple[Ruled, Docket] | None:
        """The verdicts of a shard that holds much of what the one of that name held, judging the rest; `None` where that saves nothing."""
        shard = self.shards.get(name)
        if shard is None or not store.near or shard.lines < FEWEST:
            return None
        try:
            known = Known(
                shard=shard, facts=store.read(shard.facts), readings=store.read(shard.readings) if shard.readings else b"",
                verdicts=store.read(shard.verdicts),
            )  # fmt: skip
        except StoreError:  # what was sealed says so itself; this sweep does not need it
            return None
        again = rejudge(known, facts, readings, rules, address, before)
        if again is None:
            return None
        for one in self.failing.get(shard.facts, ()):
            if one.resource not in again.anew:
                again.docket.seen[one.check, one.resource] = _still(one, address)
        return again.ruled, again.docket

    def into(self, docket: Docket, shard: Shard) -> None:
        """Count a shard as it was counted before."""
        docket.add(shard.tallies, shard.resources, shard.inherited)
        for one in self.failing.get(shard.facts, ()):
            docket.seen[one.check, one.resource] = _still(one, one.facts)


def _still(one: Standing, facts: str) -> Seen:
    """What this sweep says of a deviation that stands as it stood."""
    return Seen(
        outcome=Outcome.FAILED, reason=one.reason, cell=one.cell, services=one.services, exception=one.exception, facts=facts,
    )  # fmt: skip


NOTHING = Memory(shards={}, nominal=datetime.max.replace(tzinfo=UTC), failing={})
FEWEST = 500
"""Resources of a shard from which on looking for what has changed costs less than judging all of them."""


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
        shards={shard.name: shard for shard in last.shards},
        nominal=plan.nominal,
        failing={facts: tuple(ones) for facts, ones in failing.items()},
    )


def _rules(plan: Plan) -> tuple[object, ...]:
    return plan.rules, plan.method, plan.programme, plan.exceptions, plan.in_force
