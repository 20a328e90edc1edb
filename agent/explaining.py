"""The chain from a specification down to the provider's own answer, read from the store's last sweep."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from agent.attempts import counting
from agent.baseline import compared
from agent.canonical import decode, each, stamp
from agent.dossier import last_kept
from agent.errors import UsageError
from agent.journal import Journal
from agent.outlook import newest
from agent.papers import Papers
from agent.parts import read_part, read_plan
from agent.programme import Programme
from agent.record import Judged, Part, Shard, Standing, Sweep
from agent.shards import paired
from agent.store import Store
from collectors.gap import Gap
from collectors.resources import AnyResource
from collectors.sighting import Call, Evidence, Reading, Sighting
from controls.check import Check


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """One check on one resource: the verdict and everything that it rests on."""

    check: str
    outcome: str
    reason: str
    resource: str
    cell: str
    facts: dict[str, Any]
    """The facts that the check reads, readings included."""
    evidence: tuple[Evidence, ...]
    """The provider's answers, redacted, as sealed."""
    moving: tuple[Evidence, ...]
    """What of those answers moves by itself."""
    cites: tuple[str, ...]
    calls: tuple[Call, ...]
    """The calls of the resource's cell that asked about it, and its listing."""
    shard: str
    """sha256 of the facts shard that holds it."""
    failing_by: str | None
    """The first sweep that saw it failing, if it stands."""


def last_of(store: Store, journal: Journal) -> Sweep:
    """The newest closed sweep. `UsageError` if there is none."""
    names = counting(journal)
    if not names:
        raise UsageError("there is no sweep yet; type `starcadence run`")
    return decode(store.get(f"sweeps/{max(names)}/sweep.json"), Sweep, what="the last sweep")


def in_force(store: Store, journal: Journal) -> Programme:
    """The programme that the open cycle is judged by, whatever the file says since. `UsageError` before the commitment."""
    opened = newest(journal)
    if opened is None:
        raise UsageError("nothing is committed yet; type `starcadence commit`")
    return decode(store.read(opened.programme), Programme, what="the programme in force")


def papers_of(store: Store, journal: Journal, programme: Programme, sweep: Sweep, now: datetime) -> tuple[Papers, ...]:
    """The papers of each service in the open cycle, as they stand now."""
    opened = newest(journal)
    assert opened is not None  # the programme in force is its own
    plan, dossier = read_plan(store, f"sweeps/{stamp(sweep.slot)}"), last_kept(store, journal.entries)
    parts = [read_part(store, f"sweeps/{stamp(sweep.slot)}", account) for account in sorted(sweep.parts)]
    until = max(now, opened.start + timedelta(seconds=1))
    return tuple(
        Papers(
            programme=programme,
            service=one,
            start=opened.start,
            until=until,
            dossier=dossier,
            last=sweep,
            plan=plan,
            baseline=compared(store, journal.entries, one, parts, opened.start),
        )
        for one in programme.services
    )


def verdicts(store: Store, sweep: Sweep, check: Check) -> Iterator[Judged]:
    """What a check said of each resource in a sweep."""
    for _, shard in _shards(store, sweep, check):
        for judged in each(store.read(shard.verdicts), Judged, what="a verdicts shard"):
            if judged.check == check.name:
                yield judged


def gaps_of(store: Store, sweep: Sweep, resource: str) -> tuple[Gap, ...]:
    """Gaps that name a resource."""
    folder = f"sweeps/{stamp(sweep.slot)}"
    parts = (read_part(store, folder, account) for account in sorted(sweep.parts))
    return tuple(gap for part in parts for cell in part.cells for gap in cell.gaps if gap.subject == resource)


def trace(store: Store, sweep: Sweep, check: Check, resource: str) -> Traced | None:
    """Follow one check on one resource down to the answers; `None` if the sweep did not see it."""
    for part, shard in _shards(store, sweep, check):
        readings = list(each(store.read(shard.readings), Reading, what="a readings shard")) if shard.readings else []
        for sighting, seen in paired(each(store.read(shard.facts), Sighting, what="a facts shard"), readings):
            if sighting.resource.id == resource:
                moved = next((one for one in readings if one.id == resource), None)
                return _traced(store, part, shard, sighting, seen, moved, check)
    return None


def _traced(
    store: Store,
    part: Part,
    shard: Shard,
    sighting: Sighting,
    resource: AnyResource,
    moved: Reading | None,
    check: Check,
) -> Traced:
    lines = each(store.read(shard.verdicts), Judged, what="a verdicts shard")
    judged = next((one for one in lines if one.resource == resource.id and one.check == check.name), None)
    standing = each(store.read(part.standing), Standing, what="standing deviations")
    stands = next((one for one in standing if one.resource == resource.id and one.check == check.name), None)
    return Traced(
        check=check.name, outcome=judged.outcome if judged else "not judged", reason=judged.reason if judged else "",
        resource=resource.id, cell=sighting.cell, facts={name: msgspec.to_builtins(getattr(resource, name)) for name in check.reads},
        evidence=sighting.evidence, moving=moved.evidence if moved else (), cites=sighting.cites,
        calls=tuple(_calls(store, part, sighting)), shard=shard.facts, failing_by=stands.by.isoformat() if stands else None,
    )  # fmt: skip


def _calls(store: Store, part: Part, sighting: Sighting) -> Iterator[Call]:
    """Calls of the account about this resource, and of the operations that gave its evidence about nothing in particular."""
    operations = {evidence.operation for evidence in sighting.evidence}
    names = {sighting.resource.id, sighting.resource.name}
    for call in each(store.read(part.calls), Call, what="calls"):
        if call.operation in operations and (not call.subject or call.subject in names):
            yield call


def _shards(store: Store, sweep: Sweep, check: Check) -> Iterator[tuple[Part, Shard]]:
    folder = f"sweeps/{stamp(sweep.slot)}"
    for account in sorted(sweep.parts):
        part = read_part(store, folder, account)
        for shard in part.shards:
            if shard.name.rsplit("/", 1)[1].split("-", 1)[0] == check.judges.__name__:
                yield part, shard
