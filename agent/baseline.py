"""Baselines: the settings of a service as a named person approved them, by signed entries of the journal; and what drifted since.

A baseline is made of the facts of chosen types in a closed sweep; what moves by itself, names and tags are no settings. At the close of a
cycle each resource of those types is held against the newest baseline: changed, added and gone are failures, unlearned is unknown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from agent.canonical import each, lines
from agent.errors import UsageError
from agent.journal import Entry, Journal
from agent.membership import Membership
from agent.programme import Service
from agent.record import Part
from agent.store import Store
from collectors.collector import Cell
from collectors.resource import Resource
from collectors.resources import TYPES
from collectors.sighting import Sighting
from controls.tally import Tally

KIND = "baseline"
NO_SETTINGS = frozenset({"Finding", "Quota", "Unjudged"})
"""Types that nobody sets."""
CHOICES: Mapping[str, type[Resource]] = {one.__name__: one for one in TYPES if one.__name__ not in NO_SETTINGS}
USUAL = ("Account", "Region", "Guardrail", "Trail", "Alerting", "Watch", "Firewall")
"""What a baseline is of unless types are chosen: settings that serve a whole account, and what lets traffic in."""
BESIDES = frozenset(Resource.__struct_fields__) - {"kind", "managed_by"}
LONGEST = 500


class Setting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One resource as it was approved. A line of a baseline, sorted by type and resource."""

    type: str
    resource: str
    cell: str
    facts: dict[str, Any]
    """Those that were learned."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of a `baseline` entry."""

    service: str
    version: int
    by: str
    """Who approved it."""
    note: str
    types: tuple[str, ...]
    sweep: str
    """Stamp of the sweep that saw it."""
    resources: int
    blob: str
    """Address of its lines."""


class Drift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One resource that is not as approved."""

    resource: str
    type: str
    account: str
    how: str
    """`changed`, `added` or `gone`."""
    facts: dict[str, tuple[Any, Any]]
    """Of what changed: the fact as approved, and as found."""


class Compared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service held against its newest baseline, as the report shows it."""

    version: int
    by: str
    at: datetime
    note: str
    types: tuple[str, ...]
    sweep: str
    resources: int
    blob: str
    """Address of its lines."""
    approved_in_cycle: int
    """Versions that were approved since the cycle began: each took what had drifted for good."""
    tallies: dict[str, Tally]
    """By cloud, at the closing sweep."""
    drift: tuple[Drift, ...]


class Blobs(Protocol):
    """Where blobs lie: the store, or a bundle."""

    def read(self, address: str) -> bytes:
        """The plain bytes of a blob."""
        ...


def approve(
    store: Store, journal: Journal, service: Service, parts: Sequence[Part], *, sweep: str,
    types: Sequence[str], seeing: frozenset[str], by: str, note: str,
    now: datetime,
) -> Entry:  # fmt: skip
    """Sign the settings that a closed sweep saw as the service's next baseline. `seeing`: collectors that see the types.

    Raises `UsageError` where nobody signs, or nothing whole is signed.
    """
    if not by.strip() or len(by) > LONGEST or len(note) > LONGEST:
        raise UsageError(
            f"who approves it? Give --by, a name; neither name nor note has more than {LONGEST} characters"
        )
    blind = (cell.key for part in parts for cell in part.cells if not cell.complete)
    unseen = sorted(key for key in blind if Cell.of(key).collector in seeing)
    if unseen:
        words = f"the last sweep could not look at {len(unseen)} places ({unseen[0]}, ...): nobody saw what would be approved"
        raise UsageError(f"{words}; mend that (`starcadence check`), sweep again, and approve then")
    found = sorted(_settings(store, parts, service, frozenset(types)), key=_order)
    if not found:
        raise UsageError(f"the last sweep saw nothing of {', '.join(types)} that is the service's; choose other types")
    number = sum(1 for entry in journal.of(KIND) if entry.body["service"] == service.id) + 1
    body = Baseline(
        service=service.id, version=number, by=by, note=note, types=tuple(sorted(types)), sweep=sweep, resources=len(found),
        blob=store.blob(lines(found)),
    )  # fmt: skip
    return journal.append(KIND, f"{KIND}/{service.id}/{number}", msgspec.to_builtins(body), now)


def newest(entries: Iterable[Entry], service: str) -> Entry | None:
    """The entry of a service's newest baseline."""
    found = [entry for entry in entries if entry.kind == KIND and entry.body["service"] == service]
    return found[-1] if found else None


def compared(
    blobs: Blobs, entries: Sequence[Entry], service: Service, parts: Sequence[Part], since: datetime
) -> Compared | None:
    """A service at a closed sweep against its newest baseline; `None` where none was approved. `since` is the start of the cycle."""
    entry = newest(entries, service.id)
    if entry is None:
        return None
    base = msgspec.convert(entry.body, Baseline)
    tallies, drift = _held(blobs, base, parts, service)
    mine = [one for one in entries if one.kind == KIND and one.body["service"] == service.id]
    return Compared(
        version=base.version, by=base.by, at=entry.at, note=base.note, types=base.types, sweep=base.sweep, resources=base.resources,
        blob=base.blob, approved_in_cycle=sum(one.at >= since for one in mine),
        tallies=tallies, drift=tuple(sorted(drift, key=lambda one: (one.type, one.resource))),
    )  # fmt: skip


def _held(
    blobs: Blobs, base: Baseline, parts: Sequence[Part], service: Service
) -> tuple[dict[str, Tally], list[Drift]]:
    approved = {(one.type, one.resource): one for one in each(blobs.read(base.blob), Setting, what="a baseline")}
    tallies: dict[str, Tally] = defaultdict(Tally)
    drift: list[Drift] = []
    seen: set[tuple[str, str]] = set()
    membership = Membership((service,))
    for sighting in of_types(blobs, parts, frozenset(base.types)):
        resource = sighting.resource
        key = (type(resource).__name__, resource.id)
        before, mine = approved.get(key), membership.of(resource)
        if before is None and not mine:
            continue
        seen.add(key)
        now = Setting(type=key[0], resource=key[1], cell=sighting.cell, facts=_facts(resource))
        tally, found = _resource(before, now, certain=before is not None or all(certain for _, certain in mine))
        tallies[resource.provider] += tally
        drift += found
    whole = {cell.key for part in parts for cell in part.cells if cell.complete}
    for key, one in approved.items():
        if key not in seen:
            gone = one.cell in whole
            tallies[one.cell.partition("/")[0]] += Tally(failed=1) if gone else Tally(unknown=1)
            drift += [_drift(one, "gone", {})] if gone else []
    return dict(sorted(tallies.items())), drift


def _resource(before: Setting | None, now: Setting, *, certain: bool) -> tuple[Tally, list[Drift]]:
    """One resource: as approved, changed, added, or not learned. Facts that were not learned when it was approved were not approved."""
    if before is None:
        return (Tally(failed=1), [_drift(now, "added", {})]) if certain else (Tally(unknown=1), [])
    changed = {
        name: (value, now.facts[name])
        for name, value in before.facts.items()
        if name in now.facts and now.facts[name] != value
    }
    if changed:
        return Tally(failed=1), [_drift(now, "changed", changed)]
    return (Tally(passed=1), []) if before.facts.keys() <= now.facts.keys() else (Tally(unknown=1), [])


def _drift(one: Setting, how: str, facts: dict[str, tuple[Any, Any]]) -> Drift:
    return Drift(resource=one.resource, type=one.type, account=one.cell.split("/")[1], how=how, facts=facts)


def _settings(blobs: Blobs, parts: Sequence[Part], service: Service, types: frozenset[str]) -> Iterator[Setting]:
    membership = Membership((service,))
    for sighting in of_types(blobs, parts, types):
        resource = sighting.resource
        if any(certain for _, certain in membership.of(resource)):
            yield Setting(
                type=type(resource).__name__, resource=resource.id, cell=sighting.cell, facts=_facts(resource)
            )


def of_types(blobs: Blobs, parts: Sequence[Part], types: frozenset[str]) -> Iterator[Sighting]:
    """What the provider does not manage itself, of the types; facts alone, without readings."""
    for part in parts:
        for shard in part.shards:
            if shard.name.rsplit("/", 1)[-1].split("-", 1)[0] in types:
                for one in each(blobs.read(shard.facts), Sighting, what=shard.name):
                    if one.resource.managed_by != "provider":
                        yield one


def _facts(resource: Resource) -> dict[str, Any]:
    said = msgspec.to_builtins(resource)
    return {name: said[name] for name in sorted(said.keys() - BESIDES - {"type"}) if said[name] is not None}


def _order(one: Setting) -> tuple[str, str]:
    return one.type, one.resource
