"""Records of the store are lost for good: what a signed entry writes off, what goes on, and how everybody sees it."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.activity import activity
from agent.anew import MOST, begin_anew, lost
from agent.archive import Archive
from agent.canonical import decode, stamp
from agent.cli import cli
from agent.errors import StoreError, UsageError
from agent.keys import load_public
from agent.parts import read_part
from agent.replay import replay
from agent.report import Report
from agent.store import blob_key
from agent.stores.inspecting import inspect
from agent.stores.mending import losses, write_off
from agent.verify import verify_all
from tests.agent.living import DAY, PROGRAMME, START, Life, begin

WEEKLY = PROGRAMME.replace("24h", "7d")
WEEK = timedelta(days=7)
END = START + 30 * DAY


@pytest.fixture
def life(tmp_path) -> Life:
    """Two weekly sweeps, in which one volume failed; the third is due."""
    found = begin(tmp_path, programme=WEEKLY)
    found.cloud.volume("two", encrypted=False)
    for _ in range(2):
        found.run()
        found.clock.now += WEEK
    return found


def remove(life: Life, *keys: str) -> None:
    for key in keys:
        (life.folder / "store" / key).unlink()


def standing_of(life: Life, index: int) -> str:
    """Key of the blob of what stood at a sweep."""
    name = f"sweeps/{stamp(START + index * WEEK)}"
    return blob_key(read_part(life.agent.store, name, "aws/111122223333").standing)


def part_of(index: int) -> str:
    return f"sweeps/{stamp(START + index * WEEK)}/parts/aws-111122223333.json.zst"


def mend(life: Life, reason: str = "the disk died, and its backup with it") -> None:
    agent = life.agent
    found = losses(agent.store, agent.journal)
    write_off(agent.store, agent.journal, found, reason=reason, by="Ada Beispiel", now=life.clock.now)


def report(path: Path, name: str = "report.json") -> Report:
    with Archive.open(path) as archive:
        return decode(archive.read(name, 1 << 28), Report, what=name)


def test_a_lost_part_stops_sweeping_until_it_is_restored_or_written_off(life):
    remove(life, part_of(1))
    with pytest.raises(StoreError, match="is missing"):
        life.run()
    begun = stamp(START + 2 * WEEK)
    assert losses(life.agent.store, life.agent.journal).sweeps == (stamp(START + WEEK), begun)
    mend(life)
    sweep = life.run().sweep
    assert sweep.complete and sweep.standing == {"object-store": 1}
    assert inspect(life.agent.store).faults == () and inspect(life.agent.store).written_off == (part_of(1),)


def test_it_goes_on_from_the_last_sweep_that_is_whole(life):
    """The failure has stood since the first sweep: what is whole is not forgotten."""
    remove(life, part_of(1))
    mend(life)
    life.cloud.volume("two", encrypted=True)
    (ended,) = life.run().sweep.ended
    assert (ended.how, ended.failing_by, ended.after) == ("mended", START, START)


def test_it_begins_from_nothing_where_none_is_whole(life):
    remove(life, *{standing_of(life, 0), standing_of(life, 1)})
    with pytest.raises(StoreError):
        life.run()
    mend(life)
    sweep = life.run().sweep
    part = read_part(life.agent.store, f"sweeps/{stamp(sweep.slot)}", "aws/111122223333")
    assert sweep.ended == () and sweep.standing == {"object-store": 1} and part.ended == ()
    assert lost(life.agent.journal) == {stamp(START + index * WEEK) for index in range(3)}, "the third was begun"


def test_the_break_is_in_the_report_and_the_bundle_verifies_and_replays(life):
    remove(life, part_of(1))
    mend(life)
    while life.clock.now < END:
        life.run()
        life.clock.now += WEEK
    life.clock.now = END
    life.run()
    (path,) = life.bundles()
    told, public = report(path), report(path, "public/report.json")
    (one,) = told.breaks
    assert (one.records, one.sweeps, one.reason) == (1, 1, "the disk died, and its backup with it")
    assert public.breaks[0].reason == "" and public.breaks[0].records == 1
    assert told.state == "partial" and [row.state for row in told.sweeps].count("missed") == 1
    with Archive.open(path) as archive:
        assert b"<strong>BREAK</strong>" in archive.read("public/report.html", 1 << 24)
        assert b"its backup with it" not in archive.read("public/report.html", 1 << 24)
    key = load_public(life.folder / "store" / "signing.pub")
    assert verify_all([path], (key,)).ok and replay(path).ok


def test_a_seal_that_waited_for_what_is_lost_is_made_of_the_rest(life):
    """The closing entry stood already: another one says what goes in now."""
    life.clock.now = END
    remove(life, part_of(1))
    with pytest.raises(StoreError):  # the seal is held, and the sweep of the new cycle would go on from what is lost
        life.run()
    assert life.agent.journal.find("closing/object-store/2026-09") is not None
    mend(life)
    life.run()
    journal = life.agent.journal
    assert journal.find("closing/object-store/2026-09/1").body["sweeps"].keys() == {stamp(START)}
    assert journal.find("sealed/object-store/2026-09").body["state"] == "partial"
    (path,) = life.bundles()
    assert replay(path).ok


def test_what_is_sealed_does_not_change(life):
    life.clock.now = END
    life.run()
    (path,) = life.bundles()
    before = path.read_bytes()
    name = f"sweeps/{stamp(END)}"
    remove(life, f"{name}/parts/aws-111122223333.json.zst")
    mend(life)
    life.clock.now += WEEK
    life.run()
    assert path.read_bytes() == before and verify_all([path], (load_public(life.folder / "store/signing.pub"),)).ok


def test_the_slot_of_a_lost_sweep_is_taken_again_while_its_time_lasts(life):
    life.run()
    remove(life, part_of(2))
    mend(life)
    ran = life.run()
    assert ran.taken and ran.sweep.slot == START + 2 * WEEK + timedelta(seconds=1)
    assert not life.run().taken


def test_journal_and_seals_cannot_be_begun_anew(life):
    with pytest.raises(UsageError, match="nothing is lost"):
        losses(life.agent.store, life.agent.journal)
    life.clock.now = END
    life.run()
    life.bundles()[0].unlink()
    with pytest.raises(UsageError, match="can be restored from a backup, and not be begun anew"):
        losses(life.agent.store, life.agent.journal)


def test_many_sweeps_take_several_entries(life):
    names = [f"n{number:03d}" for number in range(2 * MOST + 1)]
    made = begin_anew(
        life.agent.journal, reason="r", by=None, sweeps=names, records=3, listed="0" * 64, now=life.clock.now
    )
    assert len(made) == 3 and lost(life.agent.journal) == set(names)


def test_the_command_says_what_is_lost_and_signs_only_when_told(life, monkeypatch):
    monkeypatch.setattr("agent.commands.store.now", life.clock)
    remove(life, part_of(1))
    typed = ["store", "mend", "--programme", str(life.folder / "programme.yaml")]
    said = CliRunner().invoke(cli, typed)
    assert "1 lost; 1 sweeps rest on them: 20260908T000000Z" in said.output and not lost(life.agent.journal)
    said = CliRunner().invoke(cli, [*typed, "--begin-anew", "gone", "--by", "Ada Beispiel"])
    assert "written off by entry" in said.output, said
    (told,) = [one for one in activity(life.agent.journal.entries) if one.what == "anew"]
    assert (told.who, told.about) == ("Ada Beispiel", "began anew without 1 lost records and 1 sweeps: gone")
    assert isinstance(CliRunner().invoke(cli, [*typed, "--begin-anew", " "]).exception, UsageError)
