"""Simulated years: whatever happens, the laws hold, every lapse is in the journal, every bundle verifies, the chain has no hole."""

import gc
import io
import os
import shutil
import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from agent.archive import Archive
from agent.attempts import attempts, is_blind, taken_at
from agent.canonical import decode, encode, stamp
from agent.cycle import ROOM, Cycle, cycle_at, instant_in, slots
from agent.daemon import Daemon
from agent.edition import checked_digests
from agent.endpoint import Answer, Endpoint
from agent.front import Front
from agent.journal import Journal, check_chain
from agent.keys import load_public, load_salt_key
from agent.logs import configure
from agent.lookout import Lookout
from agent.manifest import Tier
from agent.material import Opened, Past
from agent.programme import Programme
from agent.replay import replay
from agent.report import SweepRow
from agent.showing import StatusPage
from agent.store import Folder
from agent.units import duration
from agent.verify import verify_all
from agent.wishes import Wishes
from tests.agent.living import DAY, PROGRAMME, START, begin
from tests.agent.years import CHECKS, FEW, SKEW, House, Year

UTC = ZoneInfo("UTC")

YEARS = int(os.environ.get("STARCADENCE_YEARS", "1000"))
PIECES = 20
"""Of the years, so that the workers share them."""
WHOLE = os.environ.get("STARCADENCE_SWEEP") == "whole"
SEALED_WITHIN = timedelta(days=2)
PATIENCE = timedelta(hours=2)
"""A replica's clock is five minutes off, and after an outage or a blind sweep it waits for an hour at most."""


class Nothing(io.StringIO):
    """Where a thousand years may say what they have to say."""

    def write(self, text: str) -> int:
        return len(text)


class Told(msgspec.Struct):
    """What is held against the calendar, of a sealed report."""

    cycle: str
    sweeps: tuple[SweepRow, ...]


def lived(seed: int, folder: Path, *, wholly: bool) -> Year:
    """A year with all checks, or with a few: replaying takes them all."""
    configure("json", level="error", stream=Nothing())
    year = Year(seed, folder, CHECKS if wholly else FEW)
    year.live()
    return year


def hold(year: Year, *, wholly: bool) -> None:
    """Everything that must be true of a year, whatever happened in it. `wholly`: each bundle is verified and replayed by itself."""
    for house in year.houses:
        store = Folder(house.folder / "store")
        journal = Journal(store)
        key = load_public(store.root / "signing.pub")
        chain = check_chain((encode(entry) for entry in journal.entries), key)
        assert chain.height == journal.height
        opened = [msgspec.convert(entry.body, Opened) for entry in journal.of("cycle")]
        assert all(one.end == other.start for one, other in pairwise(opened)), "cycles partition time"
        assert opened[-1].end > year.now - SKEW
        assert {one.cycle for one in opened[1:-1]} == calendar_between(opened, house)
        ends(journal, opened)
        sweeps(year, house, store, journal, opened)
        bundles(store, journal, wholly=wholly)


def calendar_between(opened: list[Opened], house: House) -> set[str]:
    """The names of all months or quarters between the first cycle and the last: not one is left out."""
    found, at = set(), opened[0].end + timedelta(days=3)
    while at < opened[-1].start:
        cycle = cycle_at(house.cadence, at, UTC)
        found.add(cycle.id)
        at = cycle.end + timedelta(days=3)
    return found


def ends(journal: Journal, opened: list[Opened]) -> None:
    """Every cycle that ended is sealed or missed, once; what came after its deadline says so."""
    found = Counter()
    swept = {entry.key.removeprefix("sweep/") for entry in journal.of("sweep")}
    for kind in ("sealed", "missed"):
        for entry in journal.of(kind):
            past = msgspec.convert(entry.body, Past)
            found[past.cycle] += 1
            (cycle,) = [one for one in opened if one.cycle == past.cycle]
            taken = [slot for slot in due(cycle) if stamp(slot.start) in swept]
            assert (kind == "missed") == (not taken)
            if kind == "sealed" and entry.at > cycle.end + SEALED_WITHIN + 2 * DAY:
                assert past.late
            if kind == "sealed" and entry.at <= cycle.end + SEALED_WITHIN - SKEW:
                assert not past.late
    assert found == Counter(one.cycle for one in opened[:-1])


def due(cycle: Opened):
    return slots(
        Cycle(start=cycle.calendar_start, end=cycle.end, id=cycle.cycle),
        timedelta(seconds=cycle.sweep_every),
        cycle.start,
    )


def sweeps(year: Year, house: House, store: Folder, journal: Journal, opened: list[Opened]) -> None:
    """No closed sweep is lost or taken twice, each judges inside its slot, and where a daemon ran undisturbed none was missed."""
    keys = {entry.key.removeprefix("sweep/") for entry in journal.of("sweep")}
    assert {name for name in store.children("sweeps") if store.has(f"sweeps/{name}/sweep.json")} == keys
    salt = load_salt_key(house.folder / "keys" / "salt.key")
    named = set()
    for cycle in opened:
        for slot in due(cycle):
            found = tuple(attempts(journal, slot.start))
            mine = {entry.key.removeprefix("sweep/") for entry in found}
            assert named.isdisjoint(mine), "a sweep lies in one slot"
            named |= mine
            assert all(slot.start <= taken_at(entry) < slot.end for entry in found)
            assert all(is_blind(entry) for entry in found[:-1])
            at = max(instant_in(slot, salt), cycle.start)
            patience = PATIENCE
            if found and is_blind(found[-1]):  # nobody could see from here to the slot's end
                at = next(end for start, end in year.dark if start - SKEW <= taken_at(found[-1]) <= end + SKEW)
                patience += (slot.end - slot.start) / ROOM
            if not found or is_blind(found[-1]):
                free = [one for one in house.alive if one[0] + patience < at < min(one[1], slot.end) - patience]
                assert not free, (slot, free, year.told)
    assert named == keys


def bundles(store: Folder, journal: Journal, *, wholly: bool) -> None:
    """One bundle for each seal; they verify as one chain; the report's due sweeps are the calendar's; what is replayed agrees.

    The newest bundle speaks for the chain of envelopes and for the journal, so that of the others the bytes are enough, unless `wholly`.
    """
    sealed = {f"bundle-{entry.body['envelope']}.zip": entry.body["cycle"] for entry in journal.of("sealed")}
    paths = {path.name: path for path in (store.root / "cycles").glob("*/*/bundle-*.zip")}
    assert set(sealed) <= set(paths)
    if not sealed:
        return
    counting = [paths[name] for name in sealed]
    verified = verify_all(counting if wholly else counting[-1:], (load_public(store.root / "signing.pub"),))
    assert verified.ok, [one for one in verified.bundles if one.checks]
    for path in counting:
        with Archive.open(path) as archive:
            if not wholly:
                checked_digests(archive)
            report = decode(archive.read("report.json", 1 << 28), Told, what="report.json")
            programme = decode(archive.read("programme.json", 1 << 28), Programme, what="programme.json")
        assert sealed[path.name] == report.cycle
        cycle = msgspec.convert(journal.find(f"cycle/{report.cycle}").body, Opened)
        assert [row.slot for row in report.sweeps] == [slot.start for slot in due(cycle)]
        assert duration(programme.cadence.sweep_every) == timedelta(seconds=cycle.sweep_every)
        if wholly:
            assert replay(path).ok


@pytest.mark.parametrize("piece", range(PIECES))
def test_years_hold(piece, tmp_path):
    """A thousand seeds, of which a tenth by default; each hundredth year is verified and replayed bundle by bundle."""
    every = range(piece, YEARS if WHOLE else YEARS // 10, PIECES)
    for seed in every:
        wholly = seed % (10 if WHOLE else 50) == 7
        year = lived(seed, tmp_path / str(seed), wholly=wholly)
        try:
            hold(year, wholly=wholly)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {year.told}") from error
        shutil.rmtree(tmp_path / str(seed))


def resident() -> int:
    """Bytes that this process holds in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
@pytest.mark.whole
def test_a_week_of_hourly_sweeps_leaks_nothing(tmp_path):
    """Hourly sweeps, the page written and the metrics read each time: memory grows by less than 5%, threads and descriptors by none."""
    configure("json", level="error", stream=Nothing())
    life, wishes = begin(tmp_path, programme=PROGRAMME.replace("24h", "1h")), Wishes()
    measured: list[tuple[int, int, int]] = []

    def wait(seconds: float) -> None:
        life.clock.now += timedelta(seconds=max(1, round(seconds)))
        if life.clock.now >= START + 7 * DAY:
            wishes.stop()

    def tick() -> float:
        return life.clock.now.timestamp()

    daemon = Daemon(
        agent=life.agent, reopen=lambda: life.agent, wishes=wishes, wait=wait, ticks=tick,
        instance="one", longest=DAY,
    )  # fmt: skip
    lookout = Lookout(lambda: daemon.current, tick)
    page = StatusPage(lookout, Tier.AUDITOR)
    front = Front(pulse=lambda: daemon.pulse, lookout=lookout, ticks=tick, page=page.answer)

    def after() -> None:
        page.write(daemon.current, None)
        for path in ("/metrics", "/", "/readyz", "/healthz"):
            answer = front(path, "")
            assert isinstance(answer, Answer) and answer.status == 200, (path, answer)
        if daemon.pulse.runs % 24 == 0:
            measured.append((resident(), threading.active_count(), len(os.listdir("/proc/self/fd"))))  # noqa: PTH208 - names only

    daemon.after = after
    endpoint = Endpoint("127.0.0.1:0", front, lambda: None).start()
    try:
        daemon.live()
    finally:
        endpoint.stop()
        wishes.close()
    assert daemon.pulse.failures == 0 and len(list(life.agent.journal.of("sweep"))) >= 167
    (first, threads, descriptors), *_, (last, still, open_) = measured
    assert last < first * 1.05, (first, last)
    assert (still, open_) == (threads, descriptors)
