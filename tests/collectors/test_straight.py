"""Items described one after the other give what items described side by side give, whatever the world makes of them."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answer import Clean, Plain
from collectors.collector import Collector, Gone, Item, Unseen, collector
from collectors.gap import Reason
from collectors.inline import Inline
from collectors.notes import Failure
from collectors.redaction import Redactor
from collectors.resource import DataStore
from collectors.sighting import Visit
from collectors.straight import BLOCK
from collectors.visit import visit
from tests.collectors.tin import CELL, DENIED, Boxes, TinSession

REDACTOR = Redactor(b"key")
TOKEN = "ghp_" + "a1" * 20


class Steps:
    """Boxes whose element tells all, unless it says that something is to be asked, joined or raised."""

    def list(self, session: Any) -> Iterator[Item]:
        for item in session.pages("tin.ListBoxes", "Boxes"):
            if isinstance(item, Exception):
                raise item
            if isinstance(item, dict) and item.get("MadeUp"):
                session.notes.listing = ""
            yield item

    def describe(self, session: Any, item: Item) -> DataStore:
        answer = session.ask("tin.ShowBox", Name=item["Name"]) if item.get("Ask") else item
        if item.get("Joined") and session.seen("tin.lids") is None:
            session.notes.failures.append(Failure(operation="", reason=Reason.NEEDS, detail="tin.lids"))
        box = DataStore(
            id=item.get("Id", f"tin:{item['Name']}"), provider="tin", account=session.account, region=session.region,
            kind=item.get("Kind", "box"),
            name=item["Name"], encrypted=None if answer is None else answer.get("Locked"),
        )  # fmt: skip
        if item.get("Joined"):
            session.cite(box)
        return box


def declared(**more: Any) -> Collector:
    return collector(
        "tin.boxes", sees=DataStore, kinds=("box",), learns=("encrypted",), grants=("tin:ListBoxes",), where="region", **more
    )(Steps)  # fmt: skip


Shut = declared()
COLLECTORS = (
    Boxes, Shut, declared(redacts=("Secret",)), declared(moves=("Opened",)), declared(readings=("encrypted",), moves=("Opened",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def look(which: Collector, listing: list[Any], answers: dict[str, Any], pool: Executor) -> bytes:
    """The visit, encoded: some of what the world says is not even equal to itself."""
    found: Visit = visit(which, CELL, TinSession(listing, answers), pool, redactor=REDACTOR)
    return msgspec.json.encode(found)


NAMES = ("a", "b", "c", "jo@corp.example", TOKEN, "\ud800")
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.binary(max_size=4),
        st.sampled_from([datetime(2026, 1, 5, tzinfo=UTC), object(), {1}, TOKEN, "mailto:jo@corp.example", "\ud800", "secret"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Opened", "Secret", "Lid", TOKEN]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
BOXES = st.fixed_dictionaries(
    {"Name": st.sampled_from(NAMES)},
    optional={
        "Note": VALUES, "Days": st.sampled_from([1, "x"]), "Ask": st.booleans(), "Joined": st.booleans(), "MadeUp": st.booleans(),
        "Kind": st.sampled_from(["box", "crate"]), "Locked": st.sampled_from([True, False, None, "perhaps"]), "Opened": VALUES,
        "Secret": VALUES, "Id": st.sampled_from(["tin:a", None, 7]),
    },
)  # fmt: skip
BREAKS = st.sampled_from([None, {}, "no object", 7, DENIED, Unseen("no  more"), KeyError("k"), Gone("g")])
LISTINGS = st.lists(st.one_of(BOXES, BOXES, BOXES, BOXES.map(Plain), BREAKS), max_size=8)
ANSWERS = st.dictionaries(
    st.sampled_from(NAMES),
    st.sampled_from(
        [
            DENIED,
            Gone("a"),
            RecursionError("r"),
            {},
            {"Locked": True, "Odd": object()},
            {"Locked": False, "Note": TOKEN},
        ]
    ),
    max_size=3,
)


@given(which=st.sampled_from(COLLECTORS), before=st.integers(0, BLOCK + 2), listing=LISTINGS, answers=ANSWERS)
@settings(max_examples=250, deadline=None)
def test_both_ways_find_the_same(
    which: Collector, before: int, listing: list[Any], answers: dict[str, Any], pool: Executor
) -> None:
    listing = [{"Name": f"x{number}"} for number in range(before)] + listing
    assert look(which, listing, answers, Inline()) == look(which, listing, answers, pool)


def test_one_broken_item_among_many_is_named_by_its_position_and_the_others_are_seen(pool: Executor) -> None:
    listing: list[Any] = [{"Name": f"x{number:03}"} for number in range(3 * BLOCK)]
    listing[BLOCK + 7] = {"Name": "odd", "Note": "\ud800"}
    listing[BLOCK + 9] = {}
    found = visit(Shut, CELL, TinSession(listing, {}), Inline(), redactor=REDACTOR)
    assert len(found.sightings) == 3 * BLOCK - 2
    assert {gap.detail for gap in found.gaps} == {
        f"item {BLOCK + 8}: UnicodeEncodeError",
        f"item {BLOCK + 10}: KeyError",
    }


def test_a_secret_among_many_is_taken_out_of_that_one_only() -> None:
    listing: list[Any] = [Clean(Name=f"x{number:03}") for number in range(BLOCK)]
    listing[5] = Plain(Name="x005", Note=TOKEN)
    found = visit(Shut, CELL, TinSession(listing, {}), Inline(), redactor=REDACTOR)
    assert TOKEN not in repr(found)
    assert [(gap.subject, gap.reason, gap.detail) for gap in found.gaps] == [
        ("tin:x005", Reason.REDACTED, "github token")
    ]


def test_what_one_item_noted_is_not_said_of_the_next() -> None:
    listing = [{"Name": "a", "Ask": True, "Joined": True}, {"Name": "b"}, {"Name": "c", "Ask": True}, {"Name": "d"}]
    found = visit(Shut, CELL, TinSession(listing, {"c": DENIED}), Inline(), redactor=REDACTOR)
    assert [(len(one.evidence), one.cites) for one in found.sightings] == [
        (2, ("tin:a",)), (1, ()), (1, ()), (1, ())
    ]  # fmt: skip
    assert {(gap.subject, gap.reason) for gap in found.gaps} == {("tin:a", Reason.NEEDS), ("tin:c", Reason.DENIED)}
    assert [call.subject for call in found.calls] == ["tin:a", "tin:c"]


def test_items_are_read_no_sooner_than_they_are_described() -> None:
    """What was listed and not yet described takes room, and a listing may be long."""
    drawn: list[int] = []
    ahead: list[int] = []

    class Long(TinSession):
        def apart(self) -> "Long":
            return Long(self.listing, self.answers)

        def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:
            for element in super().pages(operation, key, **parameters):
                drawn.append(1)
                yield element

        def ask(self, operation: str, /, **parameters: Any) -> dict[str, Any] | None:
            ahead.append(len(drawn))
            return super().ask(operation, **parameters)

    visit(
        Shut, CELL, Long([{"Name": str(number), "Ask": True} for number in range(9)], {}), Inline(), redactor=REDACTOR
    )
    assert ahead == list(range(1, 10))
