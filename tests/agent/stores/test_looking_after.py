"""Looking after a store: what `store check` finds, what `store gc` removes and leaves, what `store copy` carries from kind to kind."""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from agent.canonical import encode
from agent.cli import cli
from agent.errors import StoreError
from agent.parts import packed, read_part
from agent.running import run
from agent.store import Folder, blob_key
from agent.stores.collecting import collect, leftovers
from agent.stores.copying import copy
from agent.stores.inspecting import Inspection, inspect
from agent.verify import verify_all
from tests.agent.living import DAY, Life, begin
from tests.agent.stores.conftest import Place

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """A sealed month and three days of the next, with something failing."""
    life = begin(tmp_path_factory.mktemp("lived"))
    life.cloud.volume("bad", encrypted=False)
    for day in (0, 1, 29, 30, 31, 32):
        life.clock.now = datetime(2026, 9, 1, tzinfo=UTC) + day * DAY
        life.run()
    return life


@pytest.fixture
def life(lived: Life, tmp_path: Path) -> Life:
    shutil.copytree(lived.folder, tmp_path / "life")
    return Life(folder=tmp_path / "life", cloud=lived.cloud, clock=lived.clock)


def root(life: Life) -> Path:
    return life.folder / "store"


def looked(life: Life) -> Inspection:
    return inspect(Folder(root(life)))


def shards(life: Life):
    store = Folder(root(life))
    return read_part(store, f"sweeps/{store.children('sweeps')[-1]}", "aws/111122223333").shards


def test_a_sound_store_has_no_faults(life: Life) -> None:
    found = looked(life)
    assert found.faults == () == found.leftovers
    assert (found.sweeps, found.cycles) == (6, 1) and found.blobs > 5 and found.entries > 10


def rewrite(path: Path, data: bytes) -> None:
    path.unlink()
    path.write_bytes(data)


def first(life: Life, pattern: str) -> Path:
    return min(root(life).glob(pattern))


SPOILT = {
    "a truncated blob": (lambda one: rewrite(one, one.read_bytes()[:-2]), "blobs/sha256/*/*", "is damaged|does not hold"),
    "a missing plan": (Path.unlink, "sweeps/*/plan.json.zst", "is missing, though"),
    "a truncated plan": (lambda one: rewrite(one, one.read_bytes()[:-2]), "sweeps/*/plan.json.zst", "is damaged"),
    "a missing part": (Path.unlink, "sweeps/*/parts/*", "is missing, though"),
    "a missing sweep": (Path.unlink, "sweeps/*/sweep.json", "is missing, though journal entry"),
    "another sweep": (lambda one: rewrite(one, one.read_bytes() + b" "), "sweeps/*/sweep.json", "is not what journal entry"),
    "a missing journal entry": (Path.unlink, "journal/00000004.json", "an entry is missing"),
    "another journal entry": (
        lambda one: rewrite(one, one.read_bytes().replace(b"2026-09", b"2026-08")), "journal/00000004.json",
        "line 4|does not follow|signature",
    ),
    "a missing envelope": (Path.unlink, "cycles/*/*/bundle.sigstore.json", "is missing, though it is the one that the journal says"),
    "a missing bundle": (Path.unlink, "cycles/*/*/*.zip", "is missing, though its envelope stands"),
    "a changed bundle": (lambda one: rewrite(one, one.read_bytes()[:-1] + b"x"), "cycles/*/*/*.zip", "not a|canonical|bundle"),
    "a missing key": (Path.unlink, "signing.pub", "is missing"),
    "a foreign file among the blobs": (lambda one: (one.parent / "x").write_bytes(b""), "blobs/sha256/*/*", "none of our blobs"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "pattern", "words"), SPOILT.values(), ids=SPOILT)
def test_what_is_spoilt_is_found(life: Life, spoil, pattern: str, words: str) -> None:
    spoil(first(life, pattern))
    found = "\n".join(f"{fault.key}: {fault.words}" for fault in looked(life).faults)
    assert re.search(words, found), found


def test_each_blob_that_is_missing_or_cut_short_is_found(life: Life) -> None:
    for number, path in enumerate(sorted(root(life).glob("blobs/sha256/*/*"))):
        whole = path.read_bytes()
        path.unlink()
        if number % 2:
            path.write_bytes(whole[:-1])
        key = path.relative_to(root(life)).as_posix()
        assert key in {fault.key for fault in looked(life).faults}, key
        rewrite(path, whole) if number % 2 else path.write_bytes(whole)
    assert looked(life).faults == ()


def test_a_blob_of_another_kind_than_it_is_named_as_is_found(life: Life) -> None:
    store = Folder(root(life))
    name = store.children("sweeps")[-1]
    part = read_part(store, f"sweeps/{name}", "aws/111122223333")
    assert looked(life).faults == ()
    other = store.blob(b'{"not": "calls"}\n')
    key = f"sweeps/{name}/parts/aws-111122223333.json.zst"
    rewrite(root(life) / key, packed(replace(part, calls=other)))
    words = [fault.words for fault in looked(life).faults]
    assert any("is not what" in one for one in words)


def aged(path: Path, by: timedelta) -> None:
    then = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (then, then))


def test_only_what_is_old_and_named_by_nothing_is_collected(life: Life) -> None:
    store = Folder(root(life))
    orphan, young = store.blob(b"orphan"), store.blob(b"young")
    bundle = root(life) / "cycles/object-store/2026-09" / f"bundle-{'a' * 64}.zip"
    bundle.write_bytes(b"half")
    (root(life) / "tmp/1-dead").write_bytes(b"half")
    for path in root(life).rglob("*"):
        if path.is_file():
            aged(path, timedelta(hours=49))
    store.retain(blob_key(young))
    now = datetime.now(UTC)
    expected = {blob_key(orphan), bundle.relative_to(root(life)).as_posix(), "tmp/1-dead"}
    found = leftovers(store, DAY, now)
    assert {one.key for one in found} == expected
    assert {one.key for one in leftovers(store, 25 * HOUR, now)} == set()
    before = life.tree()
    done = collect(store, found, DAY, now)
    assert set(done.removed) == expected and done.kept == {}
    assert {key: data for key, data in before.items() if key not in expected} == life.tree()
    assert looked(life).faults == ()


def test_what_is_referred_to_between_the_list_and_the_removal_stays(life: Life) -> None:
    store = Folder(root(life))
    address = store.blob(b"orphan")
    aged(root(life) / blob_key(address), timedelta(days=30))
    found = leftovers(store, DAY, datetime.now(UTC))
    store.blob(b"orphan")
    assert collect(store, found, DAY, datetime.now(UTC)).kept == {blob_key(address): "it was referred to meanwhile"}
    assert store.read(address) == b"orphan"


def test_a_blob_that_only_another_blob_names_stays(life: Life) -> None:
    """As a carried deviation names the facts in which it was last seen."""
    store = Folder(root(life))
    inner = store.blob(b"inner")
    middle = store.blob(f"names {inner}".encode())
    outer = store.blob(f"names {middle}".encode())
    store.put_if_absent("sweeps/later/note.json", encode({"address": outer}))
    for path in root(life).rglob("*"):
        if path.is_file():
            aged(path, timedelta(days=30))
    assert leftovers(store, DAY, datetime.now(UTC)) == ()


def test_a_store_with_a_damaged_record_is_not_collected(life: Life) -> None:
    rewrite(first(life, "sweeps/*/plan.json.zst"), b"cut")
    with pytest.raises(StoreError, match="is damaged"):
        leftovers(Folder(root(life)), DAY, datetime.now(UTC))


def test_a_copy_into_another_kind_is_the_same_store_and_comes_back_byte_for_byte(
    life: Life, place: Place, tmp_path: Path
) -> None:
    if place.kind == "folder":
        place.address = str(tmp_path / "other")
    source, target = Folder(root(life)), place.open()
    whole = life.tree()
    (root(life) / "status").mkdir()
    (root(life) / "status/index.html").write_text("made anew")
    done = copy(source, target)
    assert done.copied == len(whole) and done.stood == 0
    assert done.head == life.agent.journal.head
    again = copy(source, target)
    assert (again.copied, again.stood) == (0, done.copied)
    assert inspect(target).faults == ()
    back = Life(folder=tmp_path / "back", cloud=life.cloud, clock=life.clock)
    copy(target, Folder(root(back)))
    assert back.tree() == whole


def test_a_copy_goes_on_where_one_was_cut_short_and_with_what_came_since(life: Life, tmp_path: Path) -> None:
    target = Folder(tmp_path / "target")
    copy(Folder(root(life)), target)
    for key in list(target.list("journal"))[-3:] + list(target.list("blobs"))[:3]:
        target.remove(key)
    life.clock.now += DAY
    run(life.agent)
    done = copy(Folder(root(life)), target)
    assert done.head == life.agent.journal.head and done.copied > 6
    assert inspect(target).faults == ()
    assert verify_all(tmp_path.glob("target/cycles/*/*/*.zip"), any_key=True).ok


def test_a_copy_refuses_what_is_damaged_and_what_stands_already(life: Life, tmp_path: Path) -> None:
    other = begin(tmp_path / "other")
    with pytest.raises(StoreError, match="holds the journal of another store"):
        copy(Folder(root(life)), Folder(root(other)))
    target = Folder(tmp_path / "target")
    name = Folder(root(life)).children("sweeps")[0]
    target.put_if_absent(f"sweeps/{name}/sweep.json", b"other")
    with pytest.raises(StoreError, match="holds something else than the source"):
        copy(Folder(root(life)), target)
    blob = first(life, "blobs/sha256/*/*")
    rewrite(blob, blob.read_bytes()[:-2])
    with pytest.raises(StoreError, match="restore it from the backup"):
        copy(Folder(root(life)), Folder(tmp_path / "third"))
    with pytest.raises(StoreError, match="holds no journal"):
        copy(Folder(tmp_path / "nothing"), Folder(tmp_path / "fourth"))


def typed(*arguments: str):
    return CliRunner().invoke(cli, ["store", *arguments], catch_exceptions=False)


def test_the_commands_say_what_they_find_and_do(life: Life, tmp_path: Path) -> None:
    programme = ("--programme", str(life.folder / "programme.yaml"))
    sound = typed("check", *programme)
    assert sound.exit_code == 0 and sound.stdout.endswith("blobs: all as they must be\n")
    assert json.loads(typed("check", str(root(life)), "--json").stdout)["faults"] == []
    assert typed("gc", *programme).stdout == "nothing to remove\n"
    orphan = blob_key(Folder(root(life)).blob(b"orphan"))
    aged(root(life) / orphan, timedelta(days=3))
    said = typed("gc", *programme).stdout
    assert (
        said.startswith(f"would remove: {orphan}: a blob that nothing names")
        and "type `starcadence store gc --yes`" in said
    )
    assert (root(life) / orphan).exists()
    assert typed("gc", *programme, "--yes").stdout.startswith(f"removed: {orphan}")
    assert not (root(life) / orphan).exists()
    copied = typed("copy", str(root(life)), str(tmp_path / "target"))
    assert "0 stood already" in copied.stdout and life.agent.journal.head in copied.stdout
    first(life, "cycles/*/*/*.zip").unlink()
    spoilt = typed("check", *programme)
    assert spoilt.exit_code == 5 and "is missing, though its envelope stands" in spoilt.stdout


def test_verify_fetches_from_a_bucket_what_is_signed(life: Life, of_kind) -> None:
    place = of_kind("moto")
    copy(Folder(root(life)), place.open())
    cycle = f"{place.address}/cycles/object-store/2026-09"
    for address in (place.address, cycle):
        found = CliRunner().invoke(cli, ["verify", address, "--any-key"])
        assert found.exit_code == 0 and f"{cycle}/bundle-" in found.stdout
    missing = CliRunner().invoke(cli, ["verify", f"{place.address}-other"])
    assert missing.exit_code and "holds no journal" in str(missing.exception)
