"""State that outlives a sweep: a resource last seen failing stays failing until it is seen mended or deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from agent.record import Ended, Standing

Key = tuple[str, str]
"""Check name and resource id."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What this sweep says of one check and one resource; of plain values only, so that nothing need look for circles of them."""

    outcome: str
    reason: str
    cell: str
    services: tuple[str, ...]
    exception: str | None
    facts: str
    """Address of the facts shard."""


@dataclass(frozen=True, kw_only=True)
class Folded:
    """The standing deviations after a sweep, those that ended in it, and those that are carried without having been seen."""

    standing: tuple[Standing, ...]
    ended: tuple[Ended, ...]
    carried: tuple[Standing, ...]


def fold(
    before: Iterable[Standing],
    seen: Mapping[Key, Seen],
    *,
    complete: frozenset[str],
    expected: frozenset[str],
    checks: frozenset[str],
    nominal: datetime,
    last: datetime | None,
) -> Folded:
    """Fold one account's verdicts into its standing deviations.

    `seen` holds every verdict on a check that some deviation stands for, and every failure; `complete` the cells that were listed
    completely, `expected` all planned ones, `checks` the names of all that judged; `last` is the nominal instant of the last closed sweep.
    """
    standing: dict[Key, Standing] = {}
    ended = []
    for old in before:
        how = (
            _ending(old, seen.get((old.check, old.resource)), complete, expected)
            if old.check in checks
            else "check withdrawn"
        )
        if how is None:
            standing[old.check, old.resource] = msgspec.structs.replace(old, carried=old.carried or last)
        else:
            ended.append(_end(old, how, nominal, last))
    for (check, resource), now in seen.items():
        if now.outcome == "failed":
            old_one = standing.get((check, resource))
            standing[check, resource] = Standing(
                check=check, resource=resource, cell=now.cell, provider=now.cell.split("/", 1)[0],
                after=old_one.after if old_one else last, by=old_one.by if old_one else nominal, carried=None,
                reason=now.reason, services=now.services, exception=now.exception, facts=now.facts,
            )  # fmt: skip
    carried = [one for one in standing.values() if one.carried is not None]
    return Folded(
        standing=tuple(standing[key] for key in sorted(standing)),
        ended=tuple(sorted(ended, key=lambda one: (one.check, one.resource))),
        carried=tuple(sorted(carried, key=lambda one: (one.check, one.resource))),
    )


def _ending(old: Standing, now: Seen | None, complete: frozenset[str], expected: frozenset[str]) -> str | None:
    """How a standing deviation ended, or None while it stands."""
    if now is not None:
        return {"passed": "mended", "not applicable": "not applicable"}.get(now.outcome)
    if old.cell in complete:
        return "deleted"
    return None if old.cell in expected else "out of scope"


def _end(old: Standing, how: str, nominal: datetime, last: datetime | None) -> Ended:
    return Ended(
        check=old.check, resource=old.resource, cell=old.cell, how=how,
        failing_by=old.by, after=old.carried or last or old.by, by=nominal, services=old.services,
    )  # fmt: skip
