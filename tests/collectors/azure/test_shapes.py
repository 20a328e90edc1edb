"""Shapes that are not as documented: whatever stands in a field, a collector makes a resource of it or nothing, and never breaks.

Every field of every row and answer of the fake tenant is replaced in turn by what it should not be.
"""

import copy
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure.catalogue import COLLECTORS
from collectors.collector import Gone, Unseen
from tests.fakes.azure_estate import BAD, GOOD, settle
from tests.fakes.azure_session import AnsweredSession

STRANGE: tuple[Any, ...] = (
    None,
    7,
    -1,
    1e300,
    True,
    "",
    "x",
    [],
    {},
    [None],
    ["x"],
    [{}],
    {"x": "y"},
    {"value": 3},
    {"id": None},
)
OURS = frozenset({"id", "subscriptionId", "type"})
"""Without these a row is nobody's: the stream, or the item, ends with a gap."""
OTHERS = [one for one in COLLECTORS if one.name != "azure.others"]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside, but to ids."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        if key not in OURS:
            yield (*way, key)
            yield from places(inner, (*way, key))


def put(value: Any, way: tuple[Any, ...], strange: Any) -> Any:
    """A copy in which something else stands at the end of the way."""
    found = copy.deepcopy(value)
    inner = found
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = strange
    return found


def look(azure: FakeAzure, name: str) -> tuple[list[str], set[str]]:
    """What one collector sees of both subscriptions, and what it read for that; an error of its own is the test's."""
    (chosen,) = [one for one in OTHERS if one.name == name]
    found: list[str] = []
    read: set[str] = set()
    for account in (GOOD, BAD):
        session: Any = AnsweredSession(azure, account, {"azure.entitlements": ()})
        with suppress(Unseen, Gone):
            found.extend(chosen.describe(session, item).id for item in chosen.list(session))
        read |= session.read
    return found, read


def broken(azure: FakeAzure, read: set[str], rng: random.Random) -> Iterator[tuple[str, FakeAzure]]:
    """The tenant with one field replaced of what was read, each field once; with words that say which."""
    for index, row in enumerate(azure.rows):
        for way in places(row) if row["type"] in read else ():
            strange = rng.choice(STRANGE)
            rows = [*azure.rows[:index], put(row, way, strange), *azure.rows[index + 1 :]]
            yield f"{row['type']} {way} = {strange!r}", FakeAzure(rows=rows, answers=azure.answers)
    for path, answer in azure.answers.items():
        for way in places(answer) if path in read else ():
            if isinstance(answer, list) and len(way) == 1:
                continue  # an element that is no object ends the listing before any collector sees it
            strange = rng.choice(STRANGE)
            yield (
                f"{path} {way} = {strange!r}",
                FakeAzure(rows=azure.rows, answers={**azure.answers, path: put(answer, way, strange)}),
            )


@pytest.fixture(scope="module")
def tenant() -> FakeAzure:
    return settle(FakeAzure())


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", [one.name for one in OTHERS])
def test_no_field_that_is_not_as_documented_breaks_a_collector(name: str, seed: int, tenant: FakeAzure) -> None:
    found, read = look(tenant, name)
    assert found
    for words, one in broken(tenant, read, random.Random(f"{name}{seed}")):
        try:
            look(one, name)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said which field made it
            pytest.fail(f"{words}: {type(error).__name__} {error}")
