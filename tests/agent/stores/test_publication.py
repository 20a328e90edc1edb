"""Publication into buckets of every kind: once, never over what stands, gone on with after a failure, and late where it cannot be."""

import json
from datetime import UTC, datetime

import pytest

from agent import publishing
from agent.canonical import digest
from agent.keys import load_public
from agent.stores.opening import open_store
from agent.verify import verify
from tests.agent.living import PROGRAMME, Life, begin
from tests.agent.stores.faults import unreliable

END = datetime(2026, 10, 1, 1, tzinfo=UTC)
PLACE = "object-store/2026-09"
ARCHIVE = f"{PLACE}/object-store-2026-09-public.zip"
NAMES = {f"{PLACE}/{name}" for name in ("UNREVIEWED.txt", "bundle.sigstore.json", "index.html", "status.html")} | {
    ARCHIVE
}


def ended(folder, to: str) -> Life:
    """A cycle has ended that is published without a review."""
    programme = PROGRAMME.replace("24h}", "24h, publish_after: seal}")
    life = begin(folder / "life", programme=f"{programme}publish: [{{to: '{to}', edition: public}}]\n")
    life.run()
    life.clock.now = END
    return life


def test_a_bucket_gets_the_edition_the_report_and_the_page_and_is_never_written_over(place, tmp_path):
    life = ended(tmp_path, place.address)
    (entry,) = life.run().published
    target = open_store(place.address) if "://" in place.address else publishing.shelf(life.agent.loaded, place.address)
    assert set(target.list("object-store")) == NAMES
    said = entry.body["targets"][0]
    assert said["to"] == place.address
    for name, expected in said["files"].items():
        assert digest(target.get(f"{PLACE}/{name}")) == expected
    assert b"Example Cloud GmbH" in target.get(f"{PLACE}/status.html")
    assert b"111122223333" not in target.get(f"{PLACE}/status.html"), "the public tier"
    with target.local(ARCHIVE) as path:
        assert verify(path, (load_public(life.folder / "store" / "signing.pub"),)).ok
    assert life.run().published == ()


def test_what_was_half_published_is_gone_on_with(tmp_path, monkeypatch):
    life = ended(tmp_path, "gs://bucket/site")
    target, bucket = unreliable()
    monkeypatch.setattr("agent.shelf.open_store", lambda _: target)
    calls = 0
    create = bucket.create

    def away_after_two(key, data):
        nonlocal calls
        calls += 1
        bucket.away = calls > 4  # two of them by the probe
        return create(key, data)

    monkeypatch.setattr(bucket, "create", away_after_two, raising=False)
    ran = life.run()
    assert ran.published == () and "object-store 2026-09 is not published" in ran.troubles[0]
    monkeypatch.undo()
    monkeypatch.setattr("agent.shelf.open_store", lambda _: target)
    bucket.away = False
    half = {key: target.get(key) for key in target.list("object-store")}
    assert half and set(half) < NAMES
    life.clock.now = END.replace(day=3)
    (entry,) = life.run().published
    assert not entry.body["late"] and {key: target.get(key) for key in half} == half


def test_a_page_that_a_first_attempt_left_stands(tmp_path, monkeypatch):
    """Time has passed: the page of now is another one, and the cycle goes out all the same."""
    life = ended(tmp_path, "gs://bucket/site")
    target, _ = unreliable()
    monkeypatch.setattr("agent.shelf.open_store", lambda _: target)
    target.put_if_absent(f"{PLACE}/status.html", b"of yesterday")
    (entry,) = life.run().published
    assert entry.body["targets"][0]["files"]["status.html"] == digest(b"of yesterday")


def test_a_bucket_that_stays_away_makes_the_publication_late(tmp_path, monkeypatch):
    life = ended(tmp_path, "gs://bucket/site")
    target, bucket = unreliable()
    monkeypatch.setattr("agent.shelf.open_store", lambda _: target)
    bucket.away = True
    assert life.run().published == ()
    life.clock.now = END.replace(day=17)
    ran = life.run()
    assert ran.taken, "the cadence goes on"
    assert [entry.body["step"] for entry in life.agent.journal.of("late")] == ["reviewed", "published"]
    bucket.away = False
    (entry,) = life.run().published
    assert entry.body["late"]


def test_a_bucket_that_overwrites_is_refused(tmp_path, monkeypatch):
    life = ended(tmp_path, "gs://bucket/site")
    target, bucket = unreliable()
    monkeypatch.setattr("agent.shelf.open_store", lambda _: target)
    monkeypatch.setattr(bucket, "create", lambda *_: True, raising=False)
    assert "overwrites what it is told to put only if absent" in life.run().troubles[0]


def test_a_bucket_serves_each_file_as_what_it_is(of_kind, tmp_path):
    """What is read in a browser is said to be a page."""
    pytest.importorskip("obstore")
    import obstore

    life = ended(tmp_path, of_kind("memory").address)
    life.run()
    from agent.stores import objects

    kept = objects.GCSStore("bucket")
    said = {name: obstore.get(kept, name).attributes["Content-Type"] for name in ("object-store/2026-09/index.html",)}
    assert json.dumps(said).count("text/html; charset=utf-8") == 1
