import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.errors import StoreError
from agent.store import Folder


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "store")


def test_what_stands_is_never_rewritten(store: Folder) -> None:
    assert store.put_if_absent("a/b", b"first") == b"first"
    assert store.put_if_absent("a/b", b"second") == b"first"
    assert store.get("a/b") == b"first"


def test_of_many_writers_one_wins_and_all_learn_who(store: Folder) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda number: store.put_if_absent("key", str(number).encode()), range(200)))
    assert answers == {store.get("key")}
    assert store.children("tmp") == ()


def test_a_missing_key_is_a_key_error(store: Folder) -> None:
    with pytest.raises(KeyError):
        store.get("nothing")
    assert not store.has("nothing") and list(store.list("")) == [] and store.children("nothing") == ()


def test_a_blob_stands_under_the_digest_of_its_plain_bytes(store: Folder) -> None:
    address = store.blob(b"plain")
    assert store.read(address) == b"plain"
    assert store.blob(b"plain") == address
    assert list(store.list("blobs")) == [f"blobs/sha256/{address[:2]}/{address[2:]}.zst"]


@pytest.mark.parametrize("damage", [b"", b"not zstd", "truncated", "other"])
def test_a_damaged_blob_is_refused_with_its_path(store: Folder, damage: bytes | str) -> None:
    address = store.blob(b"plain" * 100)
    path = store.root / f"blobs/sha256/{address[:2]}/{address[2:]}.zst"
    other = store.packed(store.blob(b"other"))
    path.unlink()
    path.write_bytes(damage if isinstance(damage, bytes) else other if damage == "other" else other[:-3])
    with pytest.raises(StoreError, match="restore it from the backup"):
        store.read(address)


def test_a_missing_blob_is_said_with_its_path(store: Folder) -> None:
    with pytest.raises(StoreError, match="is missing; restore the store"):
        store.read("0" * 64)


def test_a_full_disk_leaves_nothing_behind(store: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store.ready()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="make room and run again: nothing is lost"):
        store.put_if_absent("a/b", b"data")
    assert not store.has("a/b") and store.children("tmp") == ()


def test_a_folder_without_hard_links_is_refused(store: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(StoreError, match="file system with hard links"):
        store.ready()
    with pytest.raises(StoreError, match="owner and rights"):
        store.put_if_absent("a", b"data")


def test_a_store_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="owner and rights"):
        Folder(tmp_path / "file" / "store").put_if_absent("a", b"")
