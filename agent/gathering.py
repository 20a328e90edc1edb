"""Bringing together, from the store, what one report and its bundle rest on."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from agent.anew import breaks
from agent.attempts import by_slot
from agent.baseline import compared
from agent.canonical import decode, digest, each, stamp
from agent.committed import committed
from agent.cycle import Cycle, slots
from agent.dossier import kept as kept_dossier
from agent.dossier import newest
from agent.errors import StoreError
from agent.exemptions import exempted
from agent.foreign.disagreements import disagreements
from agent.journal import Entry
from agent.material import Closing, Material, Opened, Past
from agent.parameters import effective
from agent.parts import read_part, read_plan
from agent.parts import standing as kept
from agent.period import Due
from agent.programme import ApprovedException, Programme
from agent.record import Part, Standing, Sweep
from agent.scanned import scanned
from agent.shards import paired
from agent.units import duration
from collectors.resources import AnyResource
from collectors.sighting import Reading, Sighting
from controls.check import Check


class Records(Protocol):
    """Where records lie: the store, or a bundle."""

    def get(self, key: str) -> bytes:
        """The bytes at a key."""
        ...

    def read(self, address: str) -> bytes:
        """The plain bytes of a blob."""
        ...


def gather(
    records: Records,
    entries: Sequence[Entry],
    opened: Opened,
    closing: Closing,
    *,
    head: str,
    checks: tuple[Check, ...],
    fingerprint: str,
    tool: str,
) -> Material:
    """The material of one service's cycle. `entries` are those that go into the bundle.

    `StoreError` if a record that the journal names is not there, or is not what it names.
    """
    programme = decode(records.read(opened.programme), Programme, what="the programme in force")
    dues = due_sweeps(records, programme, opened, closing)
    taken = [due.sweep for due in dues if due.sweep is not None]
    folder = f"sweeps/{stamp(taken[-1].slot)}" if taken else None
    plan = read_plan(records, folder) if folder else None
    parts = tuple(read_part(records, folder, account) for account in sorted(taken[-1].parts)) if folder else ()
    standing = tuple(sorted(_standing(records, parts, closing.service), key=lambda one: (one.check, one.resource)))
    service = next(one for one in programme.services if one.id == closing.service)
    resources = last_seen(records, parts, standing)
    dossier = kept_dossier(records, newest(entries))
    return Material(
        programme=programme, service=service, commitments=committed(service), opened=opened, closing=closing,
        exceptions=decode(records.read(plan.exceptions), tuple[ApprovedException, ...], what="approved exceptions") if plan else (),
        height=len(entries), head=head, history=past(entries, closing.service, opened), dues=dues, plan=plan, parts=parts,
        standing=standing, resources=resources, checks=effective(checks, programme), fingerprint=fingerprint, tool=tool,
        breaks=breaks(entries, opened.start),
        scanned=scanned(records, parts, service, dues, standing, resources), dossier=dossier,
        baseline=compared(records, entries, service, parts, opened.start),
        exemptions=exempted(records, service, parts, taken[-1].nominal) if taken else (),
        disagreements=disagreements(records, parts, service, dossier.speaking(opened.start.date())),
    )  # fmt: skip


def due_sweeps(records: Records, programme: Programme, opened: Opened, closing: Closing) -> tuple[Due, ...]:
    """Each slot that was due up to the closing, with its closed sweep. An unfinished slot is due once its sweep is taken."""
    cycle = Cycle(start=opened.calendar_start, end=opened.end, id=opened.cycle)
    dues = []
    due = slots(cycle, duration(programme.cadence.sweep_every), opened.start)
    names = by_slot(closing.sweeps, due)
    for slot in due:
        if slot.start in names:
            name = names[slot.start]
            dues.append(Due(slot=slot, sweep=_sweep(records, name, closing.sweeps[name])))
        elif slot.end <= closing.until:
            dues.append(Due(slot=slot, sweep=None))
    return tuple(dues)


def past(entries: Sequence[Entry], service: str, opened: Opened) -> tuple[Past, ...]:
    """The service's ended cycles before this one, as the journal keeps them, oldest first."""
    found = [
        msgspec.convert(entry.body, Past)
        for entry in entries
        if entry.kind in {"sealed", "missed"} and entry.body["service"] == service
    ]
    return tuple(sorted((one for one in found if one.end <= opened.start), key=lambda one: one.start))


def last_seen(
    records: Records, parts: Iterable[Part], standing: Iterable[Standing]
) -> dict[tuple[str, str], AnyResource]:
    """The resources that deviations stand for, from the shards in which they were last seen failing."""
    readings = {shard.facts: shard.readings for part in parts for shard in part.shards}
    wanted: dict[str, set[str]] = {}
    for one in standing:
        wanted.setdefault(one.facts, set()).add(one.resource)
    found: dict[tuple[str, str], AnyResource] = {}
    for address, ids in sorted(wanted.items()):
        sightings = [
            one for one in each(records.read(address), Sighting, what="a facts shard") if one.resource.id in ids
        ]
        moved = readings.get(address)
        values = each(records.read(moved), Reading, what="a readings shard") if moved else ()
        found |= {(address, sighting.resource.id): resource for sighting, resource in paired(sightings, values)}
    return found


def _sweep(records: Records, name: str, expected: str) -> Sweep:
    data = kept(records, f"sweeps/{name}/sweep.json")
    if digest(data) != expected:
        raise StoreError(f"sweeps/{name}/sweep.json is not the one that the journal names; restore it from the backup")
    return decode(data, Sweep, what=f"sweeps/{name}/sweep.json")


def _standing(records: Records, parts: Iterable[Part], service: str) -> Iterable[Standing]:
    for part in parts:
        for one in each(records.read(part.standing), Standing, what="standing deviations"):
            if service in one.services:
                yield one
