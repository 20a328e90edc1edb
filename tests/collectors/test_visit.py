# ruff: noqa: ARG002 - steps and sessions have the signatures of their protocols
"""Whatever the world does to a collector, its cell says so: what was seen stays, what was not is a gap, and no visit hangs."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from collectors.collector import Collector, Gone, Item, collector
from collectors.gap import Gap, Reason
from collectors.notes import Failure
from collectors.redaction import Redactor
from collectors.resource import DataStore, Identity, Resource
from collectors.sighting import Evidence, Visit
from collectors.visit import visit, whole
from tests.collectors.tin import CELL, DENIED, Boxes, TinSession


@pytest.fixture
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


@pytest.fixture
def look(pool: Executor) -> Callable[..., Visit]:
    def run(listing: list[Any], answers: dict[str, Any] | None = None, *, boxes: Collector = Boxes) -> Visit:  # type: ignore[assignment]
        return visit(boxes, CELL, TinSession(listing, answers or {}), pool, redactor=Redactor(b"key"))

    return run


def box(name: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, **more}


def unseen(found: Visit) -> list[Gap]:
    return [gap for gap in found.gaps if not gap.subject]


def test_sightings_come_in_id_order_whatever_the_listing_says(look: Callable[..., Visit]) -> None:
    found = look([box(name) for name in "dacb"])
    assert [sighting.resource.id for sighting in found.sightings] == ["tin:a", "tin:b", "tin:c", "tin:d"]
    assert found.complete
    assert found.gaps == ()


def test_evidence_is_the_element_and_then_each_answer(look: Callable[..., Visit]) -> None:
    [sighting] = look([box("a")]).sightings
    assert sighting.evidence == (
        Evidence(operation="tin.ListBoxes", answer={"Name": "a"}),
        Evidence(operation="tin.ShowBox", answer={"Locked": True}),
    )


def test_answers_become_plain_json(look: Callable[..., Visit]) -> None:
    lima = datetime(2026, 1, 5, 7, tzinfo=timezone(timedelta(hours=-5)))
    answer = {
        "Locked": True,
        "At": lima,
        "Raw": b"\x00\xff",
        "Many": (1, 2.5, None),
        "ResponseMetadata": {"RequestId": "r"},
    }
    [sighting] = look([box("a")], {"a": answer}).sightings
    assert sighting.evidence[1].answer == {
        "Locked": True,
        "At": "2026-01-05T12:00:00Z",
        "Raw": "AP8=",
        "Many": [1, 2.5, None],
    }


def test_what_moves_is_kept_beside_and_can_be_put_back(look: Callable[..., Visit]) -> None:
    opened = datetime(2026, 1, 5, tzinfo=UTC)
    found = look([box("a", Days=7, Lids=[{"Opened": opened, "Colour": "red"}, {"Colour": "blue"}])])
    [sighting], [reading] = found.sightings, found.readings
    assert sighting.resource.backup_days is None
    assert sighting.evidence[0].answer == {"Name": "a", "Days": 7, "Lids": [{"Colour": "red"}, {"Colour": "blue"}]}
    assert reading.values == {"backup_days": 7}
    assert reading.evidence == (
        Evidence(operation="tin.ListBoxes", answer={"Lids": [{"Opened": "2026-01-05T00:00:00Z"}, None]}),
    )
    assert whole(sighting, reading).backup_days == 7
    assert whole(sighting, None) == sighting.resource


def test_declared_keys_are_withheld_without_a_gap(look: Callable[..., Visit]) -> None:
    found = look([box("a", Deep=[{"Secret": {"Pin": 1234}}])])
    assert found.sightings[0].evidence[0].answer["Deep"] == [{"Secret": "[redacted: Secret]"}]
    assert found.gaps == ()


def test_a_denied_ask_is_a_gap_of_the_resource(look: Callable[..., Visit]) -> None:
    found = look([box("a"), box("b")], {"a": DENIED})
    assert [sighting.resource.encrypted for sighting in found.sightings] == [None, True]
    assert found.gaps == (
        Gap(cell=CELL.key, operation="tin.ShowBox", subject="tin:a", reason=Reason.DENIED, detail="No"),
    )
    assert found.complete


def test_what_is_gone_meanwhile_is_neither_seen_nor_missed(look: Callable[..., Visit]) -> None:
    found = look([box("a"), box("b")], {"a": Gone("a")})
    assert [sighting.resource.id for sighting in found.sightings] == ["tin:b"]
    assert found.gaps == ()
    assert len(found.calls) == 2


def test_a_listing_that_breaks_off_leaves_the_cell_unseen_and_what_came_seen(look: Callable[..., Visit]) -> None:
    found = look([box("a"), Failure(operation="tin.ListBoxes", reason=Reason.THROTTLED, detail="Slow"), box("b")])
    assert [sighting.resource.id for sighting in found.sightings] == ["tin:a"]
    assert unseen(found) == [
        Gap(cell=CELL.key, operation="tin.ListBoxes", subject="", reason=Reason.THROTTLED, detail="Slow")
    ]


@pytest.mark.parametrize(
    ("listing", "answers"),
    [
        ([box("a"), {}], {}),
        ([box("a"), box("b")], {"b": {}}),
        ([box("a"), box("b")], {"b": RecursionError("secret words")}),
        ([box("a"), box("b")], {"b": {"Locked": "perhaps", "Odd": object()}}),
        ([box("a"), "no object"], {}),
        ([box("a"), None], {}),
    ],
    ids=["element", "answer", "breaks", "no json", "no object", "nothing"],
)  # fmt: skip
def test_a_broken_item_leaves_the_cell_unseen_and_names_its_position_only(
    look: Callable[..., Visit], listing: list[Any], answers: dict[str, Any]
) -> None:
    found = look(listing, answers)
    assert [sighting.resource.id for sighting in found.sightings] == ["tin:a"]
    [gap] = found.gaps
    assert (gap.subject, gap.reason) == ("", Reason.MALFORMED)
    assert "2" in gap.detail or "1 items" in gap.detail
    assert "secret" not in gap.detail


def test_a_listing_that_cannot_begin_is_a_gap(look: Callable[..., Visit]) -> None:
    @collector("tin.boxes", sees=DataStore, kinds=("box",), learns=(), grants=(), where="region")
    class Broken:
        def list(self, session: Any) -> Iterator[Item]:
            raise KeyError("Boxes")

        def describe(self, session: Any, item: Item) -> DataStore:
            raise AssertionError

    found = look([], boxes=Broken)
    assert [(gap.reason, gap.subject) for gap in found.gaps] == [(Reason.MALFORMED, "")]


@pytest.mark.parametrize(("sees", "kind"), [(DataStore, "crate"), (Identity, "box")])
def test_a_collector_that_sees_something_undeclared_saw_nothing(
    look: Callable[..., Visit], sees: type[Resource], kind: str
) -> None:
    @collector("tin.boxes", sees=sees, kinds=(kind,), learns=(), grants=(), where="region")
    class Crates:
        def list(self, session: Any) -> Iterator[Item]:
            return Boxes.list(session)

        def describe(self, session: Any, item: Item) -> Resource:
            return Boxes.describe(session, item)

    found = look([box("a")], boxes=Crates)
    assert found.sightings == ()
    assert not found.complete


@pytest.mark.parametrize("name", [None, 7])
def test_what_has_no_id_is_a_gap(look: Callable[..., Visit], name: Any) -> None:
    @collector("tin.boxes", sees=DataStore, kinds=("box",), learns=(), grants=(), where="region")
    class Unnamed:
        def list(self, session: Any) -> Iterator[Item]:
            return session.pages("tin.ListBoxes", "Boxes")

        def describe(self, session: Any, item: Item) -> DataStore:
            return DataStore(id=item["Name"], provider="tin", account="1", region="north", kind="box")

    found = look([box("a"), {"Name": name}], boxes=Unnamed)
    assert [one.resource.id for one in found.sightings] == ["a"]
    assert [(gap.reason, gap.detail) for gap in found.gaps] == [(Reason.MALFORMED, "item 2: TypeError")]


def test_two_items_with_one_id_leave_the_cell_unseen(look: Callable[..., Visit]) -> None:
    found = look([box("a"), box("b"), box("a")])
    assert [sighting.resource.id for sighting in found.sightings] == ["tin:a", "tin:b"]
    assert [(gap.reason, gap.subject) for gap in found.gaps] == [(Reason.MALFORMED, "")]


def test_calls_name_what_they_were_about(look: Callable[..., Visit]) -> None:
    found = look([box("jo@corp.example"), box("b")])
    assert {call.subject for call in found.calls} == {sighting.resource.id for sighting in found.sightings}
    assert not any("@" in call.subject for call in found.calls)


def test_secrets_are_gaps_and_persons_are_not(look: Callable[..., Visit]) -> None:
    token = "ghp_" + "a1" * 20
    found = look([box("jo@corp.example"), box("b", Note=f"use {token}")])
    assert sorted(str(sighting.resource.name)[:7] for sighting in found.sightings) == ["b", "person-"]
    assert found.gaps == (
        Gap(cell=CELL.key, operation="tin.ListBoxes", subject="tin:b", reason=Reason.REDACTED, detail="github token"),
    )
    assert token not in repr(found)


def test_describes_are_bounded_and_run_side_by_side(pool: Executor) -> None:
    together = threading.Barrier(3, timeout=10)
    at_once, most, lock = [0], [0], threading.Lock()

    class Slow(TinSession):
        def apart(self) -> "Slow":
            return Slow(self.listing, self.answers)

        def ask(self, operation: str, /, **parameters: Any) -> dict[str, Any] | None:
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            together.wait()
            with lock:
                at_once[0] -= 1
            return {"Locked": True}

    found = visit(
        Boxes, CELL, Slow([box(str(number)) for number in range(12)], {}), pool, redactor=Redactor(b"key"), in_flight=3
    )  # type: ignore[arg-type]
    assert len(found.sightings) == 12
    assert most[0] == 3


def test_visits_end_even_on_the_pool_that_they_describe_on() -> None:
    with ThreadPoolExecutor(1) as only:
        session = TinSession([box(str(number)) for number in range(50)], {})
        turn = only.submit(visit, Boxes, CELL, session, only, redactor=Redactor(b"key"))  # type: ignore[arg-type]
        assert len(turn.result(timeout=10).sightings) == 50
