"""Counts are added and taken away field by field."""

from controls.tally import Tally
from controls.verdict import AS_IT_SHOULD_BE, NOT_LEARNED, Outcome, Verdict, passed, unknown
from tests.controls.rows import NOW

ONE = Tally(passed=1, failed=20, excepted=3, carried=4, unknown=5, not_applicable=6, unseen=7)
OTHER = Tally(passed=10, failed=200, excepted=30, carried=40, unknown=50, not_applicable=60, unseen=70)
BOTH = Tally(passed=11, failed=220, excepted=33, carried=44, unknown=55, not_applicable=66, unseen=77)


def test_every_field_is_added_and_taken_away():
    assert ONE + OTHER == BOTH
    assert BOTH - OTHER == ONE
    nothing = BOTH - BOTH
    assert nothing == Tally()


def test_what_most_resources_get_is_one_value_and_what_says_more_is_not():
    assert passed() is AS_IT_SHOULD_BE
    assert unknown() is NOT_LEARNED
    assert passed("for another reason") == Verdict(outcome=Outcome.PASSED, reason="for another reason")
    assert unknown("tags not learned") == Verdict(outcome=Outcome.UNKNOWN, reason="tags not learned")
    assert passed(holds_until=NOW) == Verdict(outcome=Outcome.PASSED, reason="as it should be", holds_until=NOW)
    assert unknown(holds_until=NOW) == Verdict(outcome=Outcome.UNKNOWN, reason="not learned", holds_until=NOW)
