"""Simulated years: whatever happens, the laws hold, every lapse is in the journal, every bundle verifies, the chain has no hole."""

import gc
import io
import os
import shutil
import threading
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from agent.archive import Archive
from agent.canonical import decode, encode, stamp
from agent.cycle import Cycle, instant_in, slots
from agent.daemon import Daemon
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
from agent.report import Report
from agent.showing import StatusPage
from agent.store import Folder
from agent.units import duration
from agent.verify import verify_all
from agent.wishes import Wishes
from tests.agent.living import DAY, PROGRAMME, START, begin
from tests.agent.years import SKEW, Year

YEARS = int(os.environ.get("STARCADENCE_YEARS", "1000"))
FEW = (3, 30)
"""Of thousands that were lived: a seal that a kill cut in two around its deadline, and two replicas over quarters."""
PATIENCE = timedelta(hours=2)
"""A replica's clock is five minutes off, and after an outage it waits for an hour at most."""


class Nothing(io.StringIO):
    """Where a thousand years may say what they have to say."""

    def write(self, text: str) -> int:
        return len(text)


def lived(seed: int, folder: Path) -> Year:
    configure("json", level="error", stream=Nothing())
    year = Year(seed, folder)
    year.live()
    return year


def hold(year: Year) -> None:
    """Everything that must be true of a year, whatever happened in it."""
    store = Folder(year.folder / "store")
    journal = Journal(store)
    key = load_public(store.root / "signing.pub")
    chain = check_chain((encode(entry) for entry in journal.entries), key)
    assert chain.height == journal.height
    opened = [msgspec.convert(entry.body, Opened) for entry in journal.of("cycle")]
    assert all(one.end == other.start for one, other in pairwise(opened)), "cycles partition time"
    assert opened[-1].end > year.now - SKEW
    ends(year, journal, opened)
    sweeps(year, store, journal, opened)
    bundles(year, store, journal)


def ends(year: Year, journal: Journal, opened: list[Opened]) -> None:
    """Every cycle that ended is sealed or missed, once; what came after its deadline says so."""
    found = Counter()
    within = duration("2d")
    swept = {entry.key.removeprefix("sweep/") for entry in journal.of("sweep")}
    for kind in ("sealed", "missed"):
        for entry in journal.of(kind):
            past = msgspec.convert(entry.body, Past)
            found[past.cycle] += 1
            (cycle,) = [one for one in opened if one.cycle == past.cycle]
            taken = [slot for slot in due(cycle) if stamp(slot.start) in swept]
            assert (kind == "missed") == (not taken)
            if kind == "sealed" and entry.at > cycle.end + within + 2 * DAY:
                assert past.late
            if kind == "sealed" and entry.at <= cycle.end + within - SKEW:
                assert not past.late
    assert found == Counter(one.cycle for one in opened[:-1])


def due(cycle: Opened):
    return slots(
        Cycle(start=cycle.calendar_start, end=cycle.end, id=cycle.cycle),
        timedelta(seconds=cycle.sweep_every),
        cycle.start,
    )


def sweeps(year: Year, store: Folder, journal: Journal, opened: list[Opened]) -> None:
    """No closed sweep is lost or taken twice, each judges inside its slot, and where a daemon ran undisturbed none was missed."""
    keys = [entry.key.removeprefix("sweep/") for entry in journal.of("sweep")]
    assert len(keys) == len(set(keys))
    assert {name for name in store.children("sweeps") if store.has(f"sweeps/{name}/sweep.json")} == set(keys)
    salt = load_salt_key(year.folder / "keys" / "salt.key")
    for cycle in opened:
        for slot in due(cycle):
            if stamp(slot.start) in keys:
                entry = journal.find(f"sweep/{stamp(slot.start)}")
                assert slot.start <= msgspec.convert(entry.body["nominal"], datetime, strict=False) < slot.end
            else:
                at = max(instant_in(slot, salt), cycle.start)
                ran = [one for one in year.alive if one[0] + PATIENCE < at < one[1] - PATIENCE]
                assert not ran, (slot, ran, year.told)


def bundles(year: Year, store: Folder, journal: Journal) -> None:
    """One bundle for each seal; all of them verify as one chain; the report's due sweeps are the calendar's; the newest replays."""
    paths = sorted((store.root / "cycles").glob("*/*/bundle-*.zip"))
    sealed = {f"bundle-{entry.body['envelope']}.zip" for entry in journal.of("sealed")}
    assert sealed <= {path.name for path in paths}
    counting = [path for path in paths if path.name in sealed]
    if not counting:
        return
    verified = verify_all(counting, (load_public(store.root / "signing.pub"),))
    assert verified.ok, [one for one in verified.bundles if one.checks]
    for path in counting:
        with Archive.open(path) as archive:
            report = decode(archive.read("report.json", 1 << 28), Report, what="report.json")
            programme = decode(archive.read("programme.json", 1 << 28), Programme, what="programme.json")
        cycle = msgspec.convert(journal.find(f"cycle/{report.cycle}").body, Opened)
        assert [row.slot for row in report.sweeps] == [slot.start for slot in due(cycle)]
        assert programme.cadence.sweep_every == year.every
    assert replay(counting[-1]).ok


@pytest.mark.parametrize("seed", FEW)
def test_a_year_holds(seed, tmp_path):
    hold(lived(seed, tmp_path / "year"))


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("tenth", range(10))
def test_a_thousand_years_hold(tenth, tmp_path):
    """`STARCADENCE_YEARS` asks for fewer than a thousand: CI, which has not the half hour, lives a hundred."""
    for seed in range(1000 + tenth * 100, 1000 + tenth * 100 + YEARS // 10):
        year = lived(seed, tmp_path / str(seed))
        try:
            hold(year)
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
