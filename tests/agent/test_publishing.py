"""Publication: after the review unless the programme says otherwise, once, never over what stands, and marked where it is unreviewed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.canonical import digest
from agent.keys import load_public, load_signer
from agent.publishing import BANNER, page, publish_due
from agent.reviewing import sealed_cycle, sign
from agent.verify import verify
from tests.agent.living import PROGRAMME, Life, begin

TARGETS = "publish: [{to: public, edition: public}, {to: audit, edition: auditor}]\n"
END = datetime(2026, 10, 1, tzinfo=UTC)


def sealed(folder: Path, policy: str = "") -> Life:
    life = begin(folder, programme=PROGRAMME.replace("24h}", f"24h{policy}}}") + TARGETS)
    life.run()
    life.clock.now = END.replace(hour=1)
    life.run()
    return life


def review(life: Life) -> None:
    agent = life.agent
    sign(
        agent.store, agent.journal, sealed_cycle(agent.store, agent.journal, "2026-09", None), (), reviewer="Ada Beispiel",
        programme=load_signer(life.folder / "keys" / "signing.pem"), own=None, now=life.clock.now,
    )  # fmt: skip


def out(life: Life, target: str = "public") -> set[str]:
    folder = life.folder / target
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_nothing_goes_out_before_its_review(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    assert life.run().published == () and out(life) == set()
    review(life)
    (entry,) = life.run().published
    assert (entry.body["reviewed"], entry.body["late"]) == (True, False)
    place = "object-store/2026-09"
    assert out(life) == {
        f"{place}/{name}"
        for name in (
            "bundle.sigstore.json", "index.html", "object-store-2026-09-public.zip", "review.sigstore.json", "status.html",
        )
    }  # fmt: skip
    assert not (life.folder / "public" / "tmp").exists()
    assert not [path for path in (life.folder / "public" / ".unfinished").rglob("*") if path.is_file()]
    assert any(name.startswith(f"{place}/responses-") for name in out(life, "audit"))


def test_what_is_published_verifies_for_a_stranger_with_the_key(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    review(life)
    life.run()
    key = load_public(life.folder / "store" / "signing.pub")
    for path in (*(life.folder / "public").rglob("*.zip"), *(life.folder / "audit").rglob("*.zip")):
        found = verify(path, (key,))
        assert found.ok, found
        assert any(one.what == "review" and "Ada Beispiel" in one.words for one in found.checks)
    assert b"UNREVIEWED" not in (life.folder / "public/object-store/2026-09/index.html").read_bytes()


def test_a_published_cycle_stays_as_it_is(tmp_path: Path) -> None:
    life = sealed(tmp_path, ", publish_after: seal")
    before = {path: path.read_bytes() for path in (life.folder / "public").rglob("*") if path.is_file()}
    assert before and life.run().published == ()
    assert {path: path.read_bytes() for path in before} == before


def test_an_overdue_review_holds_the_publication(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    life.clock.now = datetime(2026, 10, 17, tzinfo=UTC)
    ran = life.run()
    assert ran.published == () and out(life) == set()
    assert [entry.body["step"] for entry in life.agent.journal.of("late")] == ["reviewed", "published"]
    review(life)
    (entry,) = life.run().published
    assert entry.body["late"]


def test_by_policy_an_overdue_review_is_published_marked_and_amended_once_it_is_there(tmp_path: Path) -> None:
    life = sealed(tmp_path, ", publish_overdue_review: mark")
    assert out(life) == set()
    life.clock.now = datetime(2026, 10, 12, tzinfo=UTC)
    (entry,) = life.run().published
    assert entry.body["reviewed"] is False
    folder = life.folder / "public/object-store/2026-09"
    assert (folder / "UNREVIEWED.txt").is_file() and b"UNREVIEWED" in (folder / "index.html").read_bytes()
    review(life)
    (amended,) = life.run().published
    assert amended.kind == "amended" and (folder / "review.sigstore.json").is_file()
    assert not list(folder.glob("responses-*")) and list((life.folder / "audit").rglob("responses-*"))
    assert b"UNREVIEWED" in (folder / "index.html").read_bytes()
    assert life.run().published == ()


def test_a_target_that_cannot_be_written_is_told_and_tried_again(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    review(life)
    (life.folder / "audit").write_text("a file where the folder should be")
    ran = life.run()
    assert ran.published == () and len(ran.troubles) == 1 and "object-store 2026-09 is not published" in ran.troubles[0]
    (life.folder / "audit").unlink()
    assert [one.kind for one in life.run().published] == ["published"]


def test_something_else_in_its_place_is_never_replaced(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    review(life)
    folder = life.folder / "public/object-store/2026-09"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("mine")
    ran = life.run()
    assert "nothing published is ever replaced" in ran.troubles[0]
    assert (folder / "index.html").read_text() == "mine"


def test_a_publication_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    review(life)
    life.run()
    journal = life.folder / "store" / "journal"
    last = next(entry for entry in life.agent.journal.of("published"))
    for path in sorted(journal.iterdir())[last.height - 1 :]:
        path.unlink()
    before = out(life)
    (entry,) = life.run().published
    assert entry.body == last.body and out(life) == before


def test_runners_beside_each_other_publish_once_and_the_same(tmp_path: Path) -> None:
    life = sealed(tmp_path)
    review(life)
    agents = [life.agent for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(
                lambda one: publish_due(one.store, one.journal, one.loaded, one.press.checks, life.clock.now), agents
            )
        )
    assert [troubles for _, troubles in made] == [()] * 4
    (entry,) = life.agent.journal.of("published")
    assert all(entries in ((), (entry,)) for entries, _ in made)
    for target in entry.body["targets"]:
        for name, sha in target["files"].items():
            path = life.folder / target["to"] / "object-store" / "2026-09" / name
            assert digest(path.read_bytes()) == sha


@pytest.mark.parametrize("body", [b"<body>", b'<body class="a">'])
def test_the_mark_stands_first_on_the_page(body: bytes) -> None:
    assert page(b"<html>" + body + b"<h1>", marked=True) == b"<html>" + body + BANNER + b"<h1>"
    assert page(b"<html>" + body, marked=False) == b"<html>" + body
