"""Which deviation an approved exception covers: every way that it names must fit."""

from datetime import date
from typing import Any

import pytest

from agent.exceptions import covering
from agent.programme import ApprovedException
from collectors.resource import DataStore

DAY = date(2026, 9, 10)
CHECK = "data_is_encrypted_at_rest"


def exception(name: str = "one", **ways: Any) -> ApprovedException:
    told = {
        "check": CHECK, "requester": "storage-lead", "approver": "security-lead", "rationale": "replaced in October",
        "created": date(2026, 9, 1), "expires": date(2026, 9, 30), **ways,
    }  # fmt: skip
    return ApprovedException(id=name, **told)


def volume(**facts: Any) -> DataStore:
    told = {"id": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", "account": "111122223333", "tags": {"team": "a"}}
    return DataStore(provider="aws", region="eu-west-1", kind="volume", **{**told, **facts})


@pytest.mark.parametrize(
    ("ways", "covered"),
    [
        ({"resources": ("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",)}, True),
        ({"resources": ("arn:aws:ec2:eu-west-1:111122223333:volume/vol-*",)}, True),
        ({"resources": ("arn:aws:ec2:eu-west-1:111122223333:volume/vol-",)}, False),
        ({"resources": ("vol-1", "*/vol-1")}, False),
        ({"accounts": ("111122223333",)}, True),
        ({"accounts": ("444455556666",)}, False),
        ({"tags": {"team": "a"}}, True),
        ({"tags": {"team": "a", "stage": "test"}}, False),
        ({"accounts": ("111122223333",), "tags": {"team": "b"}}, False),
        ({"accounts": ("111122223333",), "resources": ("arn:aws:ec2:*",), "tags": {"team": "a"}}, True),
        ({"accounts": ("111122223333",), "check": "users_need_mfa"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_every_way_that_an_exception_names_must_fit(ways: dict[str, Any], covered: bool) -> None:
    assert covering([exception(**ways)], CHECK, volume(), DAY) == ("one" if covered else None)


def test_tags_that_were_not_learned_are_covered_by_nothing() -> None:
    assert covering([exception(tags={"team": "a"})], CHECK, volume(tags=None), DAY) is None


@pytest.mark.parametrize(
    ("day", "covered"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 9, 30), True), (date(2026, 10, 1), False)],
)
def test_an_exception_covers_from_its_first_day_to_its_last(day: date, covered: bool) -> None:
    assert (covering([exception(accounts=("111122223333",))], CHECK, volume(), day) == "one") is covered


def test_of_several_the_first_by_id_covers_whatever_their_order() -> None:
    both = [exception("b", accounts=("111122223333",)), exception("a", tags={"team": "a"})]
    assert covering(both, CHECK, volume(), DAY) == covering(both[::-1], CHECK, volume(), DAY) == "a"
