"""Resource Graph read once for all: order, memory, quota, and pages that are not as they should be."""

import json

import pytest

from agent.demo.microsoft.azure import FakeAzure, Trouble
from collectors.azure.cloud import Azure
from collectors.azure.inventory import Inventory
from collectors.azure.pages import Broken
from collectors.azure.places import place_of
from collectors.azure.rates import Rates
from collectors.azure.wire import Wire
from collectors.gap import Reason
from tests.collectors.azure.conftest import Time, scope
from tests.collectors.azure.looking import visits
from tests.fakes.azure_estate import row

SUBSCRIPTIONS = tuple(f"{number:08d}-0000-4000-8000-000000000000" for number in range(7))
EACH = 5


@pytest.fixture
def disks(azure: FakeAzure) -> FakeAzure:
    """Seven subscriptions with five disks each, three rows a page."""
    azure.page = 3
    azure.rows = [
        row(subscription, "Microsoft.Compute/disks", f"disk-{number}", {})
        for subscription in reversed(SUBSCRIPTIONS)
        for number in range(EACH)
    ]
    return azure


@pytest.fixture
def inventory(disks: FakeAzure, time: Time):
    """An inventory of all seven."""
    opened = []

    def make(*subscriptions, **more):
        place = place_of("AzureCloud", disks.environment())
        opened.append(Wire(scope(), place, Rates(clock=time.clock, sleep=time.sleep), connections=4))
        return Inventory(opened[-1], subscriptions or SUBSCRIPTIONS, **more)

    yield make
    for wire in opened:
        wire.close()


def names(inventory, subscription):
    return [one["name"] for one in inventory.rows("graph.Disks", subscription, [])]


def queries(azure: FakeAzure) -> int:
    return sum(one.body is not None for one in azure.asked)


ALL = [f"disk-{number}" for number in range(EACH)]


@pytest.mark.parametrize("order", [SUBSCRIPTIONS, SUBSCRIPTIONS[::-1], SUBSCRIPTIONS[3:] + SUBSCRIPTIONS[:3]])
def test_one_stream_serves_subscriptions_in_any_order(order, inventory, disks):
    found = inventory()
    assert {one: names(found, one) for one in order} == dict.fromkeys(order, ALL)
    assert queries(disks) == -(-len(SUBSCRIPTIONS) * EACH // 3)


def test_no_more_pages_are_read_than_the_subscription_needs(inventory, disks):
    names(inventory(), SUBSCRIPTIONS[0])
    assert queries(disks) == 2


def test_a_subscription_without_rows_has_none_and_hides_nobody(inventory, disks):
    disks.rows = [one for one in disks.rows if one["subscriptionId"] != SUBSCRIPTIONS[2]]
    found = inventory()
    assert [len(names(found, one)) for one in SUBSCRIPTIONS] == [5, 5, 0, 5, 5, 5, 5]


def test_asking_twice_asks_anew(inventory, disks):
    found = inventory()
    assert names(found, SUBSCRIPTIONS[1]) == names(found, SUBSCRIPTIONS[1]) == ALL
    assert disks.asked[-1].body["subscriptions"] == [SUBSCRIPTIONS[1]]


def test_where_too_much_would_wait_a_subscription_is_asked_for_alone(inventory, disks):
    found = inventory(waiting=1)
    assert names(found, SUBSCRIPTIONS[-1]) == ALL
    assert disks.asked[-1].body["subscriptions"] == [SUBSCRIPTIONS[-1]]
    assert [names(found, one) for one in SUBSCRIPTIONS[:-1]] == [ALL] * 6


def test_more_subscriptions_than_a_query_takes_are_asked_for_in_parts(inventory, disks):
    many = tuple(f"{number:08d}-0000-4000-8000-000000000000" for number in range(1500))
    found = inventory(*many)
    assert names(found, SUBSCRIPTIONS[6]) == ALL
    assert names(found, many[-1]) == []
    assert [len(one.body["subscriptions"]) for one in disks.asked if one.body] == [1000] * 12 + [500]


def test_the_quota_is_never_overrun(inventory, disks, time):
    disks.page = 1
    found = inventory()
    assert [len(names(found, one)) for one in SUBSCRIPTIONS] == [EACH] * 7
    assert queries(disks) == 35
    assert disks.refused == 0
    assert 5 <= sum(time.slept) <= 15


def test_a_refusal_for_haste_is_waited_out_as_long_as_it_says(inventory, disks, time):
    disks.troubles.append(
        Trouble(about="disks", status=429, code="RateLimiting", headers={"Retry-After": "7"}, times=2)
    )
    assert names(inventory(), SUBSCRIPTIONS[0]) == ALL
    assert time.slept[:1] == [7.0]


def broken(found, subscription):
    with pytest.raises(Broken) as caught:
        names(found, subscription)
    return caught.value.failure


@pytest.mark.parametrize(
    ("trouble", "reason", "detail"),
    [
        ({"status": 429, "code": "RateLimiting", "headers": {"Retry-After": "3600"}}, Reason.THROTTLED, "RateLimiting"),
        ({"status": 500}, Reason.FAILED, "InternalServerError"),
        ({"status": 401, "code": "InvalidAuthenticationToken"}, Reason.DENIED, "InvalidAuthenticationToken"),
        ({"status": 401, "code": "ExpiredAuthenticationToken"}, Reason.EXPIRED, "ExpiredAuthenticationToken"),
        ({"status": 403, "code": "AuthorizationFailed"}, Reason.DENIED, "AuthorizationFailed"),
        ({"status": 400, "code": "DisallowedLogicalTableName"}, Reason.UNSUPPORTED, "DisallowedLogicalTableName"),
        (
            {"status": 409, "code": "MissingSubscriptionRegistration"},
            Reason.UNSUPPORTED,
            "MissingSubscriptionRegistration",
        ),
        ({"status": 200, "raw": b"<html>"}, Reason.MALFORMED, "an answer without rows"),
        ({"status": 200, "raw": b'{"data": {"rows": []}}'}, Reason.MALFORMED, "an answer without rows"),
        ({"status": 200, "raw": b'{"data": []', "times": 9}, Reason.MALFORMED, "an answer without rows"),
        (
            {"status": 200, "raw": b'{"data": [], "resultTruncated": "true"}'},
            Reason.MALFORMED,
            "more pages, and no way to them",
        ),
        (
            {"status": 200, "raw": b'{"data": [], "$skipToken": "again"}'},
            Reason.MALFORMED,
            "a page that leads back to itself",
        ),
        ({"status": 200, "raw": b'{"data": [], "$skipToken": 7}'}, Reason.MALFORMED, "an answer without rows"),
        ({"status": 200, "raw": b'{"data": [{"id": "x"}]}'}, Reason.MALFORMED, "a row without its subscription"),
        ({"status": 200, "raw": b'{"data": [7]}'}, Reason.MALFORMED, "a row without its subscription"),
        (
            {"status": 200, "raw": json.dumps({"data": [{"subscriptionId": "another"}]}).encode()},
            Reason.MALFORMED,
            "a row of a subscription that was not its turn",
        ),
        (
            {"status": 200, "raw": b'{"data": []}', "headers": {"x-ms-tenant-subscription-limit-hit": "true"}},
            Reason.MALFORMED,
            "more subscriptions than one query reaches",
        ),
    ],
)
def test_a_page_that_cannot_be_read_fails_every_subscription_from_there_on(trouble, reason, detail, inventory, disks):
    found = inventory()
    assert names(found, SUBSCRIPTIONS[0]) == ALL
    disks.troubles.append(Trouble(about="disks", **trouble))
    for one in SUBSCRIPTIONS[2:]:
        failure = broken(found, one)
        assert (failure.reason, failure.detail) == (reason, detail)


def test_a_subscription_that_was_read_to_its_end_before_the_break_is_whole(inventory, disks):
    found = inventory()
    names(found, SUBSCRIPTIONS[2])
    disks.troubles.append(Trouble(about="disks", status=500))
    assert names(found, SUBSCRIPTIONS[1]) == ALL
    assert broken(found, SUBSCRIPTIONS[5]).reason is Reason.FAILED
    before = queries(disks)
    assert broken(found, SUBSCRIPTIONS[6]).reason is Reason.FAILED
    assert queries(disks) == before, "a table that broke is not asked for again, subscription by subscription"


def test_rows_that_were_read_before_the_break_stay_seen(sweep, azure: FakeAzure):
    azure.page = 1
    found: Azure = sweep()
    estate = found.discover()
    azure.troubles.append(Trouble(about="databases'", status=500))
    seen = visits(found, estate, "azure.sql")
    assert all(visit.sightings == () and visit.gaps for visit in seen)
