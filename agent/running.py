"""Doing all that is due, once: the one code path of daemon, CronJob and one-shot.

Seal every ended cycle, write down what was missed, open the next cycle, take the sweep of the current slot. Each step is found done by
whoever comes second.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from agent.anew import lost
from agent.attempts import BESIDE, attempts, counting, name_of_next, taken_at
from agent.canonical import decode, digest, encode, stamp
from agent.changes import note, without_secrets
from agent.cycle import Cycle, Slot, cycle_after, cycle_at, slot_at, slots
from agent.digesting import Postbox, send_due
from agent.dossier import keep as keep_dossier
from agent.errors import Incomplete, StoreError, UsageError
from agent.journal import Entry, Journal
from agent.material import Closing, Opened, Past
from agent.outlook import newest
from agent.packs import standing
from agent.planning import Cloud
from agent.programme import Programme
from agent.progress import Progress
from agent.publishing import publish_due
from agent.reading import Loaded, fresh
from agent.record import Sweep
from agent.report import Report
from agent.sealing import Press, interim, seal
from agent.steps import deadlines, note_late
from agent.store import Store
from agent.sweeping import Order, take
from agent.units import duration
from agent.zones import zone
from collectors.collector import Cell
from controls.check import Check

KEPT = "signing.pub"
"""Key of the store under which the public key lies, for a reader without any other (self-asserted)."""


@dataclass(frozen=True, kw_only=True)
class Agent:
    """A programme with its store and keys, ready to run."""

    loaded: Loaded
    press: Press
    clouds: Callable[[Programme, str], tuple[Cloud, ...]]
    """The clouds of a programme's scope, for a sweep of that name (which their role sessions carry)."""
    clock: Callable[[], datetime]
    progress: Progress
    postbox: Postbox = field(default_factory=lambda: Postbox(environment=os.environ, sleep=time.sleep))

    @property
    def store(self) -> Store:
        """The store."""
        return self.press.store

    @property
    def journal(self) -> Journal:
        """The journal of the store."""
        return self.press.journal

    @property
    def rules(self) -> dict[str, str]:
        """The checks that the next cycle is judged by, with the packs as they are now: name -> digest."""
        ours = standing(self.store, {}, self.press.checks)
        theirs = (check for one in self.loaded.packs for check in one.checks)
        return {check.name: check.digest for check in (*ours, *theirs)}

    def pressing(self, opened: Opened) -> Press:
        """What makes bundles of a cycle: with the packs that stood when it was opened."""
        return replace(self.press, checks=standing(self.store, opened.packs, self.press.checks))


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run did."""

    sealed: tuple[Past, ...]
    missed: tuple[Past, ...]
    sweep: Sweep | None
    taken: bool
    """The sweep was taken by this run (and did not stand before)."""
    published: tuple[Entry, ...] = ()
    """Entries of what was published."""
    troubles: tuple[str, ...] = ()
    """Seals and publications that could not be made, and why; the next run tries again."""
    undelivered: tuple[str, ...] = ()
    """Digests of work that did not arrive, and why: no fault of the cadence."""

    @property
    def blind(self) -> bool:
        """Nothing could be read."""
        return self.sweep is not None and self.sweep.cells > 0 and self.sweep.unseen == self.sweep.cells


def commit(agent: Agent) -> Opened:
    """Sign the opening entry: from this instant on the cadence counts. The same programme may be committed again; nothing happens."""
    now = agent.clock()
    blob = keep_programme(agent)
    signer = agent.press.signer
    agent.store.put_if_absent(KEPT, signer.public_key.pem.encode())
    agent.journal.append(
        "commitment", "commitment",
        {"programme": blob, "digest": agent.loaded.digest, "provider": agent.loaded.programme.provider, "key": signer.fingerprint},
        now,
    )  # fmt: skip
    opened = open_cycle(agent, now)
    note_changes(agent, now)
    return opened


def run(agent: Agent, *, sweep: bool = True) -> Ran:
    """Do all that is due at this instant."""
    now = agent.clock()
    opened, ran = before_sweep(agent, now)
    if not sweep:
        return ran
    taken_now, found = sweep_now(agent, opened, now)
    return replace(ran, sweep=found, taken=taken_now)


def under_way(agent: Agent, now: datetime) -> Opened:
    """The newest cycle of a committed programme. Raises `AgentError` before the commitment, and where the clock stands before the cycle."""
    require_commitment(agent)
    opened = current(agent)
    if now < opened.start:
        raise Incomplete(
            f"the clock says {now:%Y-%m-%d %H:%M}Z, but cycle {opened.cycle} was opened at {opened.start:%Y-%m-%d %H:%M}Z; set it right"
        )
    return opened


def before_sweep(agent: Agent, now: datetime, *, closing: str | None = None) -> tuple[Opened, Ran]:
    """All that is due at an instant besides the sweep; the open cycle, and what was done.

    `closing` is the stamp of a sweep that was closed just now, and is written down by whoever closed it, after this.
    """
    under_way(agent, now)
    adopt(agent, now, besides=closing)
    note_changes(agent, now)
    opened, ended, unsealed = settle(agent, now)
    published, troubles = publish_due(agent.store, agent.journal, agent.loaded, agent.press.checks, now)
    note_late(agent.journal, now)
    ran = Ran(
        sealed=tuple(past for past in ended if past.state != "missed"), missed=tuple(past for past in ended if past.state == "missed"),
        sweep=None, taken=False, published=published, troubles=(*unsealed, *troubles),
        undelivered=send_due(agent.store, agent.journal, agent.loaded, agent.press.checks, now, agent.postbox),
    )  # fmt: skip
    return opened, ran


def sweep_now(agent: Agent, opened: Opened, now: datetime) -> tuple[bool, Sweep]:
    """Take the sweep of the slot in which `now` lies, unless one stands that saw something."""
    programme = in_force(agent, opened)
    slot = slot_at(calendar(opened), duration(programme.cadence.sweep_every), now)
    named = name_of_next(agent.journal, slot.start)
    standing = agent.journal.find(f"sweep/{stamp(named)}") is not None
    ordered = order(agent, opened, slot, named, now)
    try:
        swept = take(ordered)
    finally:
        for cloud in ordered.clouds:
            cloud.access.close()
    write_down(agent, swept, agent.clock())
    return not standing, swept


def write_down(agent: Agent, swept: Sweep, at: datetime) -> None:
    """The journal's entry of a closed sweep."""
    name = stamp(swept.slot)
    body = {
        "slot": swept.slot, "nominal": swept.nominal, "complete": swept.complete, "cells": swept.cells, "unseen": swept.unseen,
        "gaps": swept.gaps, "digest": digest(agent.store.get(f"sweeps/{name}/sweep.json")),
    }  # fmt: skip
    before = stamp(swept.slot - BESIDE)
    if agent.journal.find(f"sweep/{before}") is not None:  # a blind one, which this one is taken instead of
        body["again"] = before
    if swept.distrusted:
        body["distrusted"] = swept.distrusted
    if swept.ended:  # (check, account) of deviations that ended: so that work which comes back is reopened
        body["ended"] = sorted({(one.check, Cell.of(one.cell).account) for one in swept.ended})
    agent.journal.append("sweep", f"sweep/{name}", msgspec.to_builtins(body), at)


def adopt(agent: Agent, now: datetime, *, besides: str | None = None) -> None:
    """Write down sweeps that were closed by a run that was ended before it could, but for one that is about to be written down."""
    for name in agent.store.children("sweeps"):
        if name == besides:
            continue
        key = f"sweeps/{name}/sweep.json"
        if agent.journal.find(f"sweep/{name}") is None and agent.store.has(key):
            write_down(agent, decode(agent.store.get(key), Sweep, what=key), now)


def order(agent: Agent, opened: Opened, slot: Slot, named: datetime, nominal: datetime) -> Order:
    """What taking the sweep of a slot needs; `named` is the attempt (`agent.attempts`)."""
    programme = in_force(agent, opened)
    exceptions = agent.loaded.exceptions
    return Order(
        store=agent.store, slot=named, nominal=nominal, programme=programme, programme_blob=opened.programme,
        exceptions=exceptions, exceptions_blob=agent.store.blob(encode(exceptions)), checks=agent.pressing(opened).checks,
        clouds=agent.clouds(programme, stamp(named)), clock=agent.clock, progress=agent.progress,
        last=last_sweep(agent.store, agent.journal, slot.start),
    )  # fmt: skip


def settle(agent: Agent, now: datetime) -> tuple[Opened, tuple[Past, ...], tuple[str, ...]]:
    """End every cycle that is over, for every service, and open the one of `now`; return it, what was ended, and what could not be.

    What cannot be sealed (a lost blob, say) is tried again by each run, and holds only its own service's later cycles.
    """
    cycles = [msgspec.convert(entry.body, Opened) for entry in agent.journal.of("cycle")] or [current(agent)]
    ended: list[Past] = []
    held: dict[str, str] = {}
    for opened in cycles:
        if opened.end > now:
            return opened, tuple(ended), tuple(f"{service}: {why}" for service, why in held.items())
        for service in owing(agent, opened):
            key = f"{service}/{opened.cycle}"
            if service in held or agent.journal.find(f"sealed/{key}") or agent.journal.find(f"missed/{key}"):
                continue
            try:
                ended.append(end_cycle(agent, opened, service, now))
            except StoreError as error:
                held[service] = f"cycle {opened.cycle} could not be sealed: {error}"
        if opened == cycles[-1]:
            cycles.append(open_cycle(agent, opened.end, following=True))
    raise AssertionError("the newest cycle is open")


def owing(agent: Agent, opened: Opened) -> tuple[str, ...]:
    """The services that owe a cycle; a journal that does not say it named them in the programme alone."""
    return opened.services or tuple(one.id for one in in_force(agent, opened).services)


def end_cycle(agent: Agent, opened: Opened, service: str, now: datetime) -> Past:
    """Seal a service's ended cycle, from what was really seen; one without any sweep is written down as missed."""
    programme = in_force(agent, opened)
    swept = sweeps_of(agent, opened, opened.end)
    late = now > opened.end + duration(programme.cadence.seal_within)
    if swept:
        closing = Closing(
            service=service, cycle=opened.cycle, interim=False, until=opened.end, sweeps=swept, late=late,
            previous=previous_manifest(agent.journal, service),
        )  # fmt: skip
        return seal(agent.pressing(opened), opened, closing, now)
    past = Past(service=service, cycle=opened.cycle, start=opened.start, end=opened.end, state="missed", late=late)
    entry = agent.journal.append("missed", f"missed/{service}/{opened.cycle}", msgspec.to_builtins(past), now)
    return msgspec.convert(entry.body, Past)


def interim_bundles(agent: Agent, now: datetime, target: Path) -> Iterator[tuple[Path, Report]]:
    """Make an interim bundle of the open cycle for each service: at `target`, or as `<service>.zip` in it where there are several."""
    opened = current(agent)
    programme = in_force(agent, opened)
    swept = sweeps_of(agent, opened, now + timedelta(seconds=1))
    if not swept:
        raise UsageError(f"cycle {opened.cycle} has no sweep yet; type `starcadence run` first")
    for service in programme.services:
        closing = Closing(
            service=service.id, cycle=opened.cycle, interim=True, until=now, sweeps=swept, late=False,
            previous=previous_manifest(agent.journal, service.id),
        )  # fmt: skip
        path = target / f"{service.id}.zip" if len(programme.services) > 1 else target
        yield path, interim(agent.pressing(opened), opened, closing, path)


def open_cycle(agent: Agent, start: datetime, *, following: bool = False) -> Opened:
    """Open the cycle in which `start` lies with the programme and the checks as they are now; they hold until it ends.

    With `following`, another cycle ended at `start`.
    """
    cadence = agent.loaded.programme.cadence
    cycle = (cycle_after if following else cycle_at)(cadence.cycle, start, zone(cadence.time_zone))
    opened = Opened(
        cycle=cycle.id, start=start, calendar_start=cycle.start, end=cycle.end, programme=keep_programme(agent),
        rules=agent.rules, packs={one.id: agent.store.blob(one.source) for one in agent.loaded.packs},
        services=tuple(service.id for service in agent.loaded.programme.services),
        deadlines=deadlines(cadence, cycle.end, publishes=bool(agent.loaded.programme.publish)),
        sweep_every=int(duration(cadence.sweep_every).total_seconds()),
    )  # fmt: skip
    entry = agent.journal.append("cycle", f"cycle/{cycle.id}", msgspec.to_builtins(opened), agent.clock())
    return msgspec.convert(entry.body, Opened)


def note_changes(agent: Agent, now: datetime) -> None:
    """Write down a programme, a set of approved exceptions, papers or checks other than the last ones written down."""
    note(agent.store, agent.journal, agent.loaded, keep_programme(agent), agent.rules, now)
    keep_dossier(agent.store, agent.journal, fresh(agent.loaded), agent.press.salt_key, now)


def keep_programme(agent: Agent) -> str:
    """Address of the programme as a blob, without the external id."""
    return agent.store.blob(encode(without_secrets(agent.loaded.programme)))


def in_force(agent: Agent, opened: Opened) -> Programme:
    """The programme that an open cycle is judged by, with the external id that the file gives today."""
    programme = decode(agent.store.read(opened.programme), Programme, what="the programme in force")
    today = agent.loaded.programme.scope.aws
    if programme.scope.aws is not None and today is not None:
        aws = msgspec.structs.replace(programme.scope.aws, external_id=today.external_id)
        programme = msgspec.structs.replace(programme, scope=msgspec.structs.replace(programme.scope, aws=aws))
    return programme


def current(agent: Agent) -> Opened:
    """The newest cycle that was opened; opened now if a commitment was cut short before."""
    opened = newest(agent.journal)
    if opened is not None:
        return opened
    commitment = agent.journal.find("commitment")
    return open_cycle(agent, commitment.at if commitment else agent.clock())


def require_commitment(agent: Agent) -> None:
    """Raise `UsageError` unless the programme was committed, with this key."""
    entry = agent.journal.find("commitment")
    if entry is None:
        raise UsageError(
            f"{agent.loaded.path} was never committed; type `starcadence commit` to sign the opening entry"
        )
    signs = agent.journal.key() or ""
    if signs != agent.press.signer.fingerprint:
        raise UsageError(
            f"{agent.loaded.programme.signing.key} is not the key that the journal names ({signs[:16]}…); put that key back"
        )


def calendar(opened: Opened) -> Cycle:
    """The calendar cycle of an opening, whose slots its sweeps are."""
    return Cycle(start=opened.calendar_start, end=opened.end, id=opened.cycle)


def sweeps_of(agent: Agent, opened: Opened, until: datetime) -> dict[str, str]:
    """Stamps of the cycle's closed sweeps that count, one for a slot, with the digests that the journal gives."""
    programme = in_force(agent, opened)
    found, gone = {}, lost(agent.journal)
    for slot in slots(calendar(opened), duration(programme.cadence.sweep_every), opened.start):
        taken = [
            entry
            for entry in attempts(agent.journal, slot.start)
            if taken_at(entry) < until and entry.key.removeprefix("sweep/") not in gone
        ]
        if taken:
            found[taken[-1].key.removeprefix("sweep/")] = taken[-1].body["digest"]
    return found


def previous_manifest(journal: Journal, service: str) -> str | None:
    """Manifest of the service's newest sealed cycle."""
    manifest = None
    for entry in journal.of("sealed"):
        if entry.body["service"] == service:
            manifest = entry.body["manifest"]
    return manifest


def last_sweep(store: Store, journal: Journal, before: datetime) -> Sweep | None:
    """The newest closed sweep of a slot before this one."""
    earlier = [name for name in counting(journal) if name < stamp(before)]
    if not earlier:
        return None
    key = f"sweeps/{max(earlier)}/sweep.json"
    return decode(store.get(key), Sweep, what=key)


def checks() -> tuple[Check, ...]:
    """The checks of this version."""
    from controls.catalogue import CHECKS

    return CHECKS
