"""Samples get the verdicts that they are for, at any instant: else a canary would distrust a check that is right."""

from datetime import UTC, datetime

import pytest

from controls.catalogue import CHECKS, by_name
from controls.samples import SAMPLES, samples
from controls.verdict import Outcome
from tests.controls.rows import NOW


def test_there_are_samples_of_every_check_and_of_nothing_else():
    assert list(SAMPLES) == [each.name for each in CHECKS]


@pytest.mark.parametrize("now", [NOW, datetime(2031, 2, 28, 23, 59, tzinfo=UTC)])
def test_one_sample_passes_and_one_fails(now):
    wrong = []
    for check in CHECKS:
        made = samples(check, "gcp", check.kinds[0] if check.kinds else "thing", now)
        judged = tuple(check.judge(each, now=now).outcome for each in made)
        if judged != (Outcome.PASSED, Outcome.FAILED):
            wrong.append((check.name, judged))
    assert not wrong


def test_a_sample_is_a_resource_that_a_collector_could_have_seen_of_an_account_that_is_none():
    passing, failing = samples(by_name("keys_name_an_owner"), "gcp", "key", NOW)
    assert (passing.id, failing.id) == ("canary:keys_name_an_owner:pass", "canary:keys_name_an_owner:fail")
    assert (passing.provider, passing.account, passing.region, passing.kind) == ("gcp", "canary", "global", "key")
    assert (passing.tags, failing.tags) == ({"owner": "canary"}, {})
    assert samples(by_name("keys_rotate"), "gcp", "key", NOW)[0].tags == {}
