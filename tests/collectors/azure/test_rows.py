"""Rows are parted and decoded as they came, and a broken one hides none before it."""

import msgspec
import pytest

from collectors.answer import Clean, Plain
from collectors.azure.inventory import LOOSE, _Parcel
from collectors.azure.rows import by_owner, decoded


def block(*rows: str) -> bytes:
    return b'{"totalRecords": 9, "data": [' + ",".join(rows).encode() + b"]}"


def test_a_page_of_one_subscription_stays_as_it_came():
    page = block('{"a": 1}', '{"a": 2}')
    assert by_owner(["AB", "ab"], page) == {"ab": page}
    assert by_owner(["AB", "Ab"], page)["ab"] is page


def test_a_page_of_several_is_parted_in_order():
    parted = by_owner(["B", "a", "b"], block('{"n": 1}', '{"n": 2}', '{"n": 3.50, "x": "\\u0041"}'))
    assert {owner: list(decoded(one)) for owner, one in parted.items()} == {
        "b": [{"n": 1}, {"n": 3.5, "x": "A"}], "a": [{"n": 2}]
    }  # fmt: skip
    assert list(parted) == ["b", "a"]


def test_an_empty_page_belongs_to_nobody():
    assert by_owner([], block()) == {}


@pytest.mark.parametrize(
    ("row", "kind"),
    [('{"a": "b"}', Clean), ('{"a": "x@y.example"}', Plain), ('{"a": "\\u0040"}', Plain), ('{"a": "\\n"}', Clean)],
)
def test_rows_that_came_in_a_pure_text_say_so(row, kind):
    assert [type(one) for one in decoded(block(row))] == [kind]


def test_rows_before_a_broken_one_are_seen():
    rows = decoded(block('{"n": 1}', '{"n": "\x01"}', '{"n": 3}').replace(b"\x01", b"\xff"))
    assert next(rows) == {"n": 1}
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        next(rows)


def test_rows_are_the_same_whether_they_wait_or_not():
    parcel = _Parcel()
    for number in range(2 * LOOSE):
        taken = parcel.add(block(*[f'{{"n": {number}}}'] * 99), waits=number % 3 == 0)
        assert (taken < 200) is (number % 3 == 0 or number >= LOOSE)
    assert [one["n"] for one in parcel.rows()] == [number for number in range(2 * LOOSE) for _ in range(99)]
