"""Requests: what the programme shows to be missing, an auditor's list, and each step of it, in the journal."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.activity import activity
from agent.cli import cli
from agent.digesting import to_do
from agent.dossier import last_kept
from agent.errors import UsageError
from agent.extracts import SIDE
from agent.requests import Request, asked, mark, requests, take_in
from agent.strict import Refusal
from controls.catalogue import CHECKS
from tests.agent.living import Life, begin
from tests.agent.test_papers import COMMITTED, HEADER, PAPERS, POLICY, SUPPLIER, desk

LIST = (
    "id,what,owner,due,specifications\n"
    "R-1,the network plan,storage-lead,2026-09-20,CCM:4.1:I&S-06\n"
    "R-2,minutes of the last exercise,,,\n"
)  # fmt: skip
NOW = datetime(2026, 9, 10, tzinfo=UTC)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    desk(tmp_path)
    return begin(tmp_path, programme=COMMITTED + PAPERS)


def listed(life: Life, now: datetime = NOW) -> list[Request]:
    agent = life.agent
    kept = last_kept(agent.store, agent.journal.entries)
    return list(requests(agent.loaded.programme, agent.loaded.desk.dossier, kept, agent.journal.entries, now))


def about(found: list[Request], words: str) -> list[Request]:
    return [one for one in found if words in one.what]


def test_what_a_service_commits_to_and_nothing_speaks_for_is_asked_of_its_owner(life: Life) -> None:
    found = about(listed(life), "give a record")
    assert [(one.specifications, one.owner, one.due) for one in found] == [(("CCM:4.1:HRS-01",), "storage-lead", None)]


@pytest.mark.parametrize(
    ("file", "change", "words", "due"),
    [
        ("records/access.md", ("review_every: 365d", "review_every: 240d"), "Access policy: review it (it is overdue)", "2026-09-12"),
        ("records/access.md", ("review_every: 365d", "expires: 2026-09-01"), "Access policy: renew it", "2026-09-01"),
        (f"reviews.csv{SIDE}", ("2026-09-29", "2026-09-01"), "extract the register access_reviews again (it ends on", "2026-09-08"),
        ("suppliers/cloud.yaml", ("2026-12-31", "2026-10-01"), "Example Hosting: get the next SOC 2 Type II report", "2026-10-01"),
        ("suppliers/cloud.yaml", (", check: data_is_encrypted_at_rest", ""), "Example Hosting, CUEC-1: show that this is done", None),
    ],
)  # fmt: skip
def test_a_paper_that_is_out_of_date_is_asked_for_by_its_day(
    life: Life, file: str, change: tuple[str, str], words: str, due: str | None
) -> None:
    path = life.folder / file
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace("extracted: 2026-09-29", "extracted: 2026-09-30").replace(*change))
    (one,) = about(listed(life, datetime(2026, 9, 30, tzinfo=UTC)), words.partition(" (")[0])
    assert one.what.startswith(words) and one.owner == "storage-lead" and one.origin == "programme"
    assert one.due == (None if due is None else date.fromisoformat(due))


def test_changed_content_asks_for_a_version(life: Life) -> None:
    life.run()
    path = life.folder / "records/access.md"
    path.write_text(path.read_text().replace("shares", "writes down"))
    life.run()
    assert about(listed(life), "approve the changed content under a new version")


def test_papers_in_order_ask_for_nothing_but_what_has_none(life: Life) -> None:
    found = listed(life)
    rest = sorted((one for one in found if one not in about(found, "give a record")), key=lambda one: one.what)
    assert [one.what.partition(";")[0] for one in rest] == [
        f"the register {kind}: 1 row does not pass" for kind in ("access_reviews", "incidents")
    ]


def test_an_auditors_list_is_taken_in_once_and_goes_its_steps(life: Life) -> None:
    journal = life.agent.journal
    owners = ("storage-lead",)
    assert [one.id for one in take_in(journal, "list.csv", LIST, by="Kim Auditor", owners=owners, now=NOW)] == [
        "R-1",
        "R-2",
    ]
    assert take_in(journal, "list.csv", LIST, by="Kim Auditor", owners=owners, now=NOW) == ()
    again = LIST.replace("network plan", "network plan of today")
    assert [one.id for one in take_in(journal, "list.csv", again, by="Kim Auditor", owners=owners, now=NOW)] == ["R-1"]
    for state in ("provided", "returned", "provided", "accepted"):
        mark(journal, "R-1", state, by="Ada Example", note="", now=NOW)
    found = {one.id: one for one in asked(journal.entries)}
    assert (found["R-1"].what, found["R-1"].state, found["R-2"].state) == (
        "the network plan of today",
        "accepted",
        "open",
    )
    words = [one.about for one in activity(journal.entries) if one.what in {"requested", "request"}]
    assert words == [
        "asked for 2 things",
        "asked for 1 things",
        *(f"request R-1 {one}" for one in ("provided", "returned", "provided", "accepted")),
    ]


@pytest.mark.parametrize(
    ("identity", "state", "words"),
    [
        ("R-1", "accepted", "R-1 is open; it can become provided"),
        ("R-11", "provided", "no auditor asked for 'R-11'; did you mean 'R-1'?"),
    ],
)
def test_a_step_that_cannot_follow_is_refused(life: Life, identity: str, state: str, words: str) -> None:
    journal = life.agent.journal
    take_in(journal, "list.csv", LIST, by="Kim Auditor", owners=("storage-lead",), now=NOW)
    with pytest.raises(UsageError) as refused:
        mark(journal, identity, state, by="Ada", note="", now=NOW)  # type: ignore[arg-type]
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("R-2", "R-1"), "list.csv:3: a second request with the id 'R-1'; give each its own"),
        (("storage-lead", "storage-led"), "list.csv:2: 'storage-led' is not under `owners` of the programme; did you mean 'storage-lead'?"),
        (("CCM:4.1:I&S-06", "IVS-06"), "list.csv:2: 'IVS-06' is no specification; write it with its version"),
        (("2026-09-20", "20.9.2026"), "list.csv:2: Invalid RFC3339"),
        (("id,what", "id,want"), "list.csv:2: Object contains unknown field `want`"),
        ((LIST, "id,what\n"), "list.csv:1: the list is empty"),
    ],
)  # fmt: skip
def test_a_fault_of_a_list_has_file_line_and_remedy(life: Life, change: tuple[str, str], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        take_in(life.agent.journal, "list.csv", LIST.replace(*change), by="Kim", owners=("storage-lead",), now=NOW)
    assert words in str(refused.value)


def test_open_requests_and_papers_that_are_due_are_work(life: Life) -> None:
    agent = life.agent
    take_in(agent.journal, "list.csv", LIST, by="Kim Auditor", owners=("storage-lead",), now=NOW)
    (life.folder / "records/access.md").write_text(POLICY.replace("365d", "30d"))
    (life.folder / "suppliers/cloud.yaml").write_text(SUPPLIER)
    (life.folder / f"reviews.csv{SIDE}").write_text(HEADER)
    late = datetime(2026, 9, 25, tzinfo=UTC)
    found = [one for one in to_do(agent.store, agent.journal, life.agent.loaded, CHECKS, late) if one.kind == "request"]
    assert {(one.words.split(":")[0], one.state) for one in found} == {
        ("the network plan", "overdue"),
        ("Access policy", "overdue"),
        ("the register access_reviews", "open"),
        ("the register incidents", "open"),
    }


def test_the_command_lists_takes_in_and_marks(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARCADENCE_PROGRAMME", str(life.folder / "programme.yaml"))
    path = life.folder / "list.csv"
    path.write_text(LIST)

    def typed(*words: str) -> str:
        done = CliRunner().invoke(cli, ["requests", *words], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    assert typed("import", str(path), "--by", "Kim Auditor") == "2 requests of Kim Auditor taken in\n"
    assert typed("mark", "R-1", "provided", "--by", "Ada", "--note", "page 7") == "R-1 is provided\n"
    text = typed()
    assert "R-1  provided  storage-lead, due 2026-09-20  (Kim Auditor)" in text and "said: page 7" in text
    found = json.loads(typed("--json", "--owner", "storage-lead"))
    assert {"R-1"} <= {one["id"] for one in found} and "R-2" not in {one["id"] for one in found}
