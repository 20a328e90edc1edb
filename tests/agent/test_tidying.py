"""A sweep's values are not looked through for rings again and again, and afterwards everything is as it was."""

import gc

import pytest

from agent.tidying import RARELY, rarely


@pytest.fixture
def thresholds():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_it_looks_rarely_and_then_as_before(thresholds):
    gc.set_threshold(700, 11, 12)
    with pytest.raises(KeyError), rarely():
        assert gc.get_threshold() == (RARELY, 11, 12)
        raise KeyError
    assert gc.get_threshold() == (700, 11, 12)


def test_who_looks_more_rarely_still_is_left_alone(thresholds):
    gc.set_threshold(10 * RARELY)
    with rarely():
        assert gc.get_threshold()[0] == 10 * RARELY
