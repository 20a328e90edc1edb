"""Object Lock against MinIO, which keeps it truly (moto lets a compliance retention be shortened, and answers no GetObjectRetention)."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from agent.errors import StoreError
from agent.programme import StoreOptions
from agent.store import Store, blob_key
from agent.stores import s3
from agent.stores.copying import copy
from agent.stores.inspecting import inspect
from agent.stores.opening import open_store
from tests.agent.living import DAY, begin
from tests.agent.stores.conftest import client, numbers, settle

pytestmark = [pytest.mark.slow, pytest.mark.whole]
WORM = {"AccessDenied", "InvalidRequest", "MethodNotAllowed"}
"""How S3 and MinIO say that an object is locked."""
LOCKED = "s3://locked/{}"


@pytest.fixture
def administrator(minio_server, monkeypatch):
    """Who may do everything that the lock does not forbid."""
    settle(monkeypatch, minio_server.environment)
    return client(minio_server)


def locked(mode: str = "compliance", days: int = 400) -> Store:
    return open_store(LOCKED.format(f"{mode}-{next(numbers)}"), StoreOptions(retain_days=days, lock=mode))


def at(store: Store, key: str) -> dict[str, str]:
    return {"Bucket": "locked", "Key": f"{store.address.removeprefix('s3://locked/')}/{key}"}


def version(administrator, store: Store, key: str) -> dict[str, str]:
    return at(store, key) | {"VersionId": administrator.head_object(**at(store, key))["VersionId"]}


def until(administrator, store: Store, key: str) -> datetime:
    found: datetime = administrator.get_object_retention(**at(store, key))["Retention"]["RetainUntilDate"]
    return found


def refused(call, **arguments) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize("mode", ["compliance", "governance"])
def test_what_is_sealed_and_retained_can_be_neither_changed_nor_removed(administrator, mode):
    store = locked(mode)
    store.ready()
    temporary = store.temporary()
    temporary.write_bytes(b"bundle")
    assert store.place(temporary, "cycles/a/2026-09/bundle-x.zip")
    store.put_if_absent("cycles/a/2026-09/bundle.sigstore.json", b"envelope")
    for key in ("cycles/a/2026-09/bundle-x.zip", "cycles/a/2026-09/bundle.sigstore.json"):
        standing = version(administrator, store, key)
        content = administrator.get_object(**standing)["Body"].read()
        soon = {"Mode": mode.upper(), "RetainUntilDate": datetime.now(UTC) + timedelta(days=1)}
        assert refused(administrator.delete_object, **standing) in WORM
        assert refused(administrator.put_object_retention, **standing, Retention=soon) in WORM
        with pytest.raises(StoreError, match="is retained until"):
            store.remove(key)
        assert store.put_if_absent(key, b"other") == content
        administrator.put_object(
            **at(store, key), Body=b"other"
        )  # beside it, as a newer version: what stood still stands
        administrator.delete_object(**at(store, key))
        assert administrator.get_object(**standing)["Body"].read() == content


def test_what_is_put_in_front_of_a_seal_is_found_and_the_seal_still_stands(administrator, tmp_path):
    life = begin(tmp_path / "life")
    life.run()
    life.clock.now += 30 * DAY
    life.run()
    store = locked()
    copy(life.agent.store, store)
    assert inspect(store).faults == ()
    key = next(key for key in store.list("cycles") if key.endswith(".sigstore.json"))
    standing = version(administrator, store, key)
    for put, words in (
        (lambda: administrator.put_object(**at(store, key), Body=b"other"), "is another than"),
        (lambda: administrator.delete_object(**at(store, key)), "is missing, though"),
    ):
        newer = put()["VersionId"]
        assert any(words in fault.words for fault in inspect(store).faults)
        administrator.get_object(**standing)
        administrator.delete_object(**at(store, key), VersionId=newer)
        assert inspect(store).faults == ()


def test_nobody_shortens_compliance_and_a_named_person_lifts_governance(administrator):
    for mode, lifted in (("compliance", False), ("governance", True)):
        store = locked(mode)
        store.put_if_absent("blobs/secret", b"found later")
        standing = version(administrator, store, "blobs/secret") | {"BypassGovernanceRetention": True}
        if lifted:
            administrator.delete_object(**standing)
            assert not store.has("blobs/secret")
        else:
            assert refused(administrator.delete_object, **standing) in WORM
            assert store.get("blobs/secret") == b"found later"


def test_retention_is_extended_on_reference_and_never_shortened(administrator, monkeypatch):
    store = locked(days=10)
    address = store.blob(b"facts")
    first = until(administrator, store, blob_key(address))
    assert first - datetime.now(UTC) > timedelta(days=10) + s3.SLACK - timedelta(minutes=1)
    store.blob(b"facts")
    assert until(administrator, store, blob_key(address)) == first
    longer = open_store(store.address, StoreOptions(retain_days=100, lock="compliance"))
    longer.blob(b"facts")
    extended = until(administrator, store, blob_key(address))
    assert extended > first + timedelta(days=89)
    store.blob(b"facts")
    assert until(administrator, store, blob_key(address)) == extended


def test_a_large_bundle_is_retained_too(administrator, monkeypatch):
    monkeypatch.setattr(s3, "PART", 5 * 1024 * 1024)
    store = locked()
    temporary = store.temporary()
    temporary.write_bytes(bytes(11_000_000))
    assert store.place(temporary, "cycles/large.zip")
    assert until(administrator, store, "cycles/large.zip") > datetime.now(UTC) + timedelta(days=400)


def test_retention_in_a_bucket_without_object_lock_is_refused(administrator):
    with pytest.raises(StoreError, match="needs a bucket with Object Lock"):
        open_store("s3://bucket/unlocked", StoreOptions(retain_days=1)).ready()
