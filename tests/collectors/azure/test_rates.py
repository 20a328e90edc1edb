"""Buckets, quotas and patience."""

import pytest

from collectors.azure.rates import ATTEMPTS, GRAPH, LONGEST_WAIT, SILENT_ATTEMPTS, Rates
from tests.collectors.azure.conftest import Time


@pytest.fixture
def rates(time: Time) -> Rates:
    return Rates(clock=time.clock, sleep=time.sleep, seed=1)


def test_resource_manager_gives_each_subscription_a_bucket_of_its_own(rates, time):
    for _ in range(250):
        rates.wait("one")
    assert time.slept == []
    rates.wait("two")
    assert time.slept == []
    rates.wait("one")
    assert time.slept == [pytest.approx(1 / 25)]


def test_resource_graph_is_asked_three_times_a_second_in_the_long_run(rates, time):
    began = time.now
    for _ in range(315):
        rates.wait(GRAPH)
    assert time.now - began == pytest.approx(100, abs=1)


def test_an_answer_that_says_that_none_is_left_closes_the_bucket(rates, time):
    rates.wait(GRAPH)
    rates.heard(GRAPH, {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05"})
    rates.wait(GRAPH)
    assert time.slept == [5.0]


def test_others_use_of_the_quota_is_heard_of(rates, time):
    rates.heard(GRAPH, {"x-ms-user-quota-remaining": "2", "x-ms-user-quota-resets-after": "00:00:05"})
    for _ in range(3):
        rates.wait(GRAPH)
    assert len(time.slept) == 1


@pytest.mark.parametrize("headers", [{}, {"x-ms-user-quota-remaining": "x", "x-ms-user-quota-resets-after": "00:00:05"},
                                     {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "soon"}])  # fmt: skip
def test_what_is_no_quota_says_nothing(rates, time, headers):
    rates.heard(GRAPH, headers)
    rates.wait(GRAPH)
    assert time.slept == []


@pytest.mark.parametrize(
    ("name", "headers", "waited"),
    [
        ("one", {"retry-after": "17"}, 17.0),
        (GRAPH, {"retry-after": "3"}, 3.0),
        (GRAPH, {"x-ms-user-quota-resets-after": "00:00:04"}, 4.0),
    ],
)
def test_patience_is_what_the_provider_asks_for(rates, time, name, headers, waited):
    assert rates.pause(name, 1, headers)
    assert time.slept == [waited]


def test_too_much_patience_is_not_had(rates, time):
    assert not rates.pause("one", 1, {"retry-after": str(int(LONGEST_WAIT) + 1)})
    assert time.slept == []


def test_a_subscription_that_must_wait_keeps_its_other_threads_waiting(rates, time):
    rates.pause("one", 1, {"retry-after": "10"})
    time.now -= 10
    rates.wait("one")
    assert time.slept[-1] == pytest.approx(10)


def test_a_question_is_not_put_for_ever(rates):
    assert [rates.pause("one", attempt, {}) for attempt in range(1, ATTEMPTS + 1)] == [True] * (ATTEMPTS - 1) + [False]
    silent = [rates.pause("one", attempt, {}, silent=True) for attempt in range(1, SILENT_ATTEMPTS + 1)]
    assert silent == [True] * (SILENT_ATTEMPTS - 1) + [False]


def test_pauses_grow_and_differ(rates, time):
    for attempt in range(1, 5):
        rates.pause("one", attempt, {})
    assert time.slept == sorted(time.slept)
    assert len(set(time.slept)) == 4
