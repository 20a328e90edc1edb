"""What everything rests on, held against every kind of store."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from agent.errors import StoreError, UsageError, VerificationError
from agent.programme import StoreOptions
from agent.store import Store
from agent.stores import s3
from agent.stores.mirror import mirrored
from agent.stores.opening import open_store
from agent.stores.remote import Remote
from tests.agent.stores.conftest import Place
from tests.agent.stores.faults import Memory


def test_a_store_is_ready_again_and_again_and_empty(store: Store) -> None:
    store.ready()
    store.ready()
    assert [key for key in store.list("") if not key.startswith("tmp")] == []
    assert [name for name in store.children("") if name != "tmp"] == []


def test_what_stands_is_never_rewritten(store: Store) -> None:
    assert store.put_if_absent("a/b c", b"first") == b"first"
    assert store.put_if_absent("a/b c", b"second") == b"first"
    assert store.get("a/b c") == b"first"


def test_of_many_writers_one_wins_and_all_learn_who(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda number: store.put_if_absent("key", str(number).encode()), range(24)))
    assert answers == {store.get("key")}


def test_what_is_not_there_is_a_key_error(store: Store) -> None:
    for look in (store.get, store.written):
        with pytest.raises(KeyError):
            look("nothing")
    assert not store.has("nothing") and not store.retain("nothing")
    assert list(store.list("nothing")) == [] and store.children("nothing") == ()
    store.remove("nothing")
    with (
        pytest.raises(StoreError, match=r"nothing is missing; restore the store from its backup"),
        store.local("nothing"),
    ):
        pass


def test_keys_are_listed_by_folder_and_children_by_name(store: Store) -> None:
    for key in ("a/1", "a/b/2", "a/b/3", "ab/4", "c"):
        store.put_if_absent(key, key.encode())
    assert list(store.list("a")) == ["a/1", "a/b/2", "a/b/3"]
    assert store.children("a") == ("1", "b")
    assert store.children("a/b") == ("2", "3")
    assert list(store.many(("ab/4", "a/1", "c"))) == [b"ab/4", b"a/1", b"c"]
    assert not store.has("a") and store.has("a/1")


def test_a_blob_stands_under_the_digest_of_its_plain_bytes(store: Store) -> None:
    address = store.blob(b"plain")
    assert store.blob(b"plain") == address and store.read(address) == b"plain"
    assert list(store.list("blobs")) == [f"blobs/sha256/{address[:2]}/{address[2:]}.zst"]


def test_a_file_is_placed_once_and_read_back(store: Store) -> None:
    for content, first in ((b"one", True), (b"two", False)):
        temporary = store.temporary()
        temporary.write_bytes(content)
        assert store.place(temporary, "cycles/file") is first
        assert not temporary.exists()
    with store.local("cycles/file") as path:
        assert path.read_bytes() == b"one"


def test_a_large_file_goes_up_in_parts_and_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    if place.kind == "gcs":
        pytest.skip("fake-gcs-server does not know the multipart uploads of the XML API")
    monkeypatch.setattr(s3, "PART", 5 * 1024 * 1024)
    if place.kind in {"memory", "azure"}:
        monkeypatch.setattr("agent.stores.objects.AT_ONCE", 1024)
    store = place.open()
    content = os.urandom(12_000_000)
    for first in (True, False):
        temporary = store.temporary()
        temporary.write_bytes(content)
        assert store.place(temporary, "cycles/large") is first
    with store.local("cycles/large") as path:
        assert path.read_bytes() == content


def test_what_is_referred_to_becomes_young_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store = place.open()
    store.put_if_absent("key", b"content")
    before = store.written("key")
    assert abs(before - datetime.now(UTC)) < timedelta(minutes=1)
    monkeypatch.setattr(s3, "YOUNG", timedelta(seconds=-10))
    if place.kind in {"memory", "gcs", "azure"}:
        monkeypatch.setattr("agent.stores.objects.YOUNG", timedelta(seconds=-10))
    patience = time.monotonic() + 5  # servers count in whole seconds
    while store.written("key") == before and time.monotonic() < patience:
        assert store.retain("key")
    assert store.written("key") > before
    assert store.get("key") == b"content"


def test_what_is_removed_is_gone(store: Store) -> None:
    store.put_if_absent("key", b"")
    store.remove("key")
    assert not store.has("key")


def test_options_that_a_kind_cannot_have_are_refused() -> None:
    for address in ("gs://bucket", "az://bucket/prefix", "folder"):
        with pytest.raises(UsageError, match="store_options are for s3"):
            open_store(address, StoreOptions(retain_days=30))


def test_a_bucket_that_is_not_there_is_said(place: Place) -> None:
    if place.kind in {"folder", "memory", "gcs"}:
        pytest.skip("what is in memory or a folder is made; fake-gcs-server answers with an error of its own")
    with pytest.raises(StoreError, match="make the bucket"):
        open_store(place.address.replace("bucket", "no-such-bucket")).ready()


def test_a_store_that_does_not_answer_loses_nothing_and_says_so(of_kind, monkeypatch: pytest.MonkeyPatch) -> None:
    place = of_kind("moto")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    store = place.open()
    monkeypatch.setattr("time.sleep", lambda _: None)
    with pytest.raises(StoreError, match=r"no answer from S3.*run again when the store answers: nothing is lost"):
        store.put_if_absent("key", b"")
    with pytest.raises(StoreError, match="no answer from S3"):
        store.get("key")


class Careless(Memory):
    """Overwrites, whatever it is told."""

    def create(self, key: str, data: bytes) -> bool:
        self.objects[key] = data
        return True


def test_a_store_that_overwrites_is_found_out_at_the_start() -> None:
    with pytest.raises(StoreError, match="it overwrites what it is told to put only if absent"):
        Remote(Careless()).ready()


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "agent.stores.objects", None)
    with pytest.raises(StoreError, match=r"needs obstore: pip install 'starcadence\[object-stores\]'"):
        open_store("gs://bucket")


def test_plain_http_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore", reason="obstore is not installed: `make test` installs it")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "example")
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", "http://storage.example")
    with pytest.raises(StoreError, match=r"az://bucket"):
        open_store("az://bucket").ready()


def test_a_key_that_leads_out_of_its_store_is_not_fetched() -> None:
    store = Remote(Memory({"journal/00000001.json": b"", "cycles/../../escaped": b""}))
    with pytest.raises(VerificationError, match="leads out of its store"), mirrored(store):
        pass
