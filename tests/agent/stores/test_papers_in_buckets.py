"""Papers in buckets of every kind: read like those of a folder, named by their addresses; a bucket that is away changes nothing."""

import pytest

from agent import fetching
from agent.dossier import kept, newest
from agent.errors import ProgrammeError, StoreError
from agent.fetching import here, named
from agent.reading import fresh, load
from agent.replay import replay
from agent.stores.opening import open_bucket
from agent.stores.remote import Unanswered
from tests.agent.living import PROGRAMME, begin
from tests.agent.stores.conftest import KINDS
from tests.agent.stores.faults import Memory
from tests.agent.test_papers import COMMITTED, HEADER, INCIDENTS, POLICY, REVIEWS, SIDE, SUPPLIER, rows, ten_days, told

PAPERS = {
    "records/deep/access.md": POLICY,
    "records-old/access.md": POLICY,
    "lists/reviews.csv": REVIEWS,
    f"lists/reviews.csv{SIDE}": HEADER,
    "lists/incidents.csv": INCIDENTS,
    f"lists/incidents.csv{SIDE}": HEADER,
    "suppliers/cloud.yaml": SUPPLIER,
}
NAMED = """\
records: ["{at}/records/"]
registers: {{access_reviews: "{at}/lists/reviews.csv", incidents: "{at}/lists/incidents.csv"}}
suppliers: ["{at}/suppliers/cloud.yaml"]
"""
IN_BUCKETS = [kind for kind in KINDS if kind != "folder"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Listings are believed for no time, and nothing is known of what other tests brought."""
    monkeypatch.setattr(fetching, "PATIENCE", -1.0)
    monkeypatch.setattr(fetching, "_copies", {})
    fetching._root.cache_clear()


def put(at, papers):
    """Write papers, over what stands."""
    bucket, prefix = open_bucket(at)
    for name, text in papers.items():
        bucket.delete(f"{prefix}/{name}")
        assert bucket.create(f"{prefix}/{name}", text.encode())


@pytest.mark.parametrize("kind", IN_BUCKETS)
def test_papers_of_a_bucket_are_judged_sealed_and_replayed(of_kind, tmp_path, kind):
    at = of_kind(kind).address
    put(at, PAPERS)
    life = begin(tmp_path, programme=COMMITTED + NAMED.format(at=at))
    ten_days(life, 1)
    dossier = kept(life.agent.store, newest(life.agent.journal.entries))
    assert [one.file for one in dossier.records] == [f"{at}/records/deep/access.md"]
    assert [one.file for one in dossier.registers] == [f"{at}/lists/reviews.csv", f"{at}/lists/incidents.csv"]
    put(at, {"records/deep/access.md": POLICY.replace("shares", "writes down")})
    ten_days(life, 3)
    (bundle,) = life.bundles()
    found = {name: (row["basis"], row["reach"], row["result"]) for name, row in rows(bundle).items()}
    assert found["CCM:4.1:IAM-01"] == ("record", "part", "missed")  # changed under the same version
    assert found["CCM:4.1:DCS-09"] == ("supplier", "full", "met")
    assert f"{at}/lists/incidents.csv".encode() in told(bundle, "report.json")
    done = replay(bundle)
    assert done.ok, done.words


class Moody(Memory):
    """A bucket in memory that says what was brought from it, and that can be away or refuse."""

    def __init__(self, objects):
        super().__init__(objects)
        self.mood = None
        self.brought = []
        self.asked = 0

    def listed(self, prefix):
        self.asked += 1
        if self.mood is not None:
            raise self.mood
        return super().listed(prefix)

    def download(self, key, target):
        self.brought.append(key)
        super().download(key, target)


AWAY, REFUSED = Unanswered("timed out"), StoreError("s3://papers: S3 answered NoSuchBucket; make the bucket first")


@pytest.fixture
def bucket(monkeypatch):
    """A bucket in memory in place of every real one."""
    made = Moody({f"isms/{name}": text.encode() for name, text in PAPERS.items()})
    monkeypatch.setattr("agent.stores.opening._bucket", lambda *_: made)
    return made


@pytest.fixture
def path(tmp_path):
    """A programme whose papers lie in that bucket."""
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "programme.yaml").write_text(PROGRAMME + NAMED.format(at="s3://papers/isms"))
    return tmp_path / "programme.yaml"


def test_only_what_was_put_anew_is_brought_and_what_is_gone_goes(bucket, path):
    loaded = load(path)
    assert sorted(bucket.brought) == sorted(f"isms/{name}" for name in PAPERS if "old" not in name)
    assert fresh(loaded) is loaded.desk
    bucket.brought.clear()
    bucket.objects["isms/records/deep/access.md"] = POLICY.replace('"3"', '"4"').encode()
    bucket.objects["isms/records/new.md"] = POLICY.replace("access-policy", "new-policy").encode()
    desk = fresh(loaded)
    assert sorted(bucket.brought) == ["isms/records/deep/access.md", "isms/records/new.md"]
    assert [(one.id, one.version) for one in desk.dossier.records] == [("access-policy", "4"), ("new-policy", "3")]
    del bucket.objects["isms/records/new.md"]
    assert [one.id for one in load(path).desk.dossier.records] == ["access-policy"]


def test_a_bucket_that_is_away_leaves_the_papers_as_they_were_kept(bucket, tmp_path, capsys):
    life = begin(tmp_path, programme=COMMITTED + NAMED.format(at="s3://papers/isms"))
    life.run()
    before = newest(life.agent.journal.entries)
    assert before is not None
    bucket.mood = AWAY
    life.run()
    loaded = load(life.folder / "programme.yaml")
    assert loaded.ignored == (
        "s3://papers/isms/records/ does not answer (timed out); the papers that were kept last stand",
        "s3://papers/isms/lists/reviews.csv does not answer (timed out); the papers that were kept last stand",
        "s3://papers/isms/lists/incidents.csv does not answer (timed out); the papers that were kept last stand",
        "s3://papers/isms/suppliers/cloud.yaml does not answer (timed out); the papers that were kept last stand",
    )
    dossier = kept(life.agent.store, before)
    assert loaded.desk.present(dossier) is dossier and len(dossier.records) == 1
    life.run()
    assert newest(life.agent.journal.entries) == before


def test_a_refusal_is_told_at_the_line_of_the_key_and_ends_no_cadence(bucket, path):
    loaded = load(path)
    bucket.mood = REFUSED
    with pytest.raises(ProgrammeError, match=r"programme\.yaml:\d+: records: s3://papers: .*make the bucket first"):
        load(path)
    assert fresh(loaded) is loaded.desk


def test_faults_of_papers_name_the_address_and_the_line(bucket, path):
    bucket.objects["isms/records/deep/access.md"] = POLICY.replace("kind: policy", "kind: rumour").encode()
    bucket.objects["isms/lists/reviews.csv"] = REVIEWS.replace("correct", "corect").encode()
    del bucket.objects["isms/suppliers/cloud.yaml"]
    with pytest.raises(ProgrammeError) as refused:
        load(path)
    words = str(refused.value)
    assert "s3://papers/isms/records/deep/access.md:4: " in words
    assert "s3://papers/isms/lists/reviews.csv:2: unknown column 'corect'" in words
    assert "s3://papers/isms/suppliers/cloud.yaml" in words and "starcadence-papers" not in words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("isms/records/../../../../x.md", "is no path; name it otherwise"),
        ("isms/records//x.md", "is no path; name it otherwise"),
        ("isms/records/deep", "no key may be the folder of another"),
    ],
)
def test_keys_that_are_no_paths_are_refused(bucket, path, key, words):
    bucket.objects[key] = b"x"
    with pytest.raises(ProgrammeError, match=words):
        load(path)


def test_a_bucket_that_holds_too_much_is_refused(bucket, path, monkeypatch):
    monkeypatch.setattr(fetching, "MOST", 0)
    with pytest.raises(ProgrammeError, match="name a longer prefix"):
        load(path)
    assert bucket.brought == []


def test_a_listing_is_believed_for_a_minute_where_only_a_change_is_looked_for(bucket, path, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE", 60.0)
    loaded = load(path)
    bucket.mood = AWAY
    assert fresh(loaded) is loaded.desk
    bucket.mood = None
    bucket.objects["isms/records/new.md"] = POLICY.replace("access-policy", "new-policy").encode()
    assert fresh(loaded) is loaded.desk
    assert len(load(path).desk.dossier.records) == 2


def test_an_unchanged_listing_is_believed_for_another_minute(bucket, path, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE", 60.0)
    loaded = load(path)
    for copy in fetching._copies.values():
        copy.listed -= 61
    bucket.asked = 0
    assert fresh(loaded) is loaded.desk and bucket.asked == 4
    assert fresh(loaded) is loaded.desk and bucket.asked == 4


def test_a_copy_is_named_by_its_address_and_a_file_by_its_path(tmp_path):
    copy = here("s3://papers/isms/", tmp_path) / "x.md"
    assert named(copy, tmp_path) == "s3://papers/isms/x.md"
    assert named(tmp_path / "records" / "x.md", tmp_path) == "records/x.md"
    assert here("records", tmp_path) == tmp_path / "records"
