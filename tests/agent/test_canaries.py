"""Canaries: a check that does not know its own samples shows nothing, loudly, and everything else is as it was."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import msgspec
import pytest

from agent.archive import Archive
from agent.canaries import examine
from agent.canonical import decode
from agent.judging import Rules
from agent.outlook import outlook
from agent.period import result
from agent.replay import replay
from agent.report import Report
from agent.running import run
from agent.vitals import vitals
from agent.words import outlook_lines
from collectors.aws.catalogue import COLLECTORS
from controls.assess import concerns
from controls.catalogue import CHECKS
from controls.samples import SAMPLES, samples
from controls.tally import Result, Tally
from controls.verdict import Outcome, failed, passed
from tests.agent.living import DAY, START, begin

ENCRYPTED = "data_is_encrypted_at_rest"
SLO = Fraction(1)


def broken(verdict):
    """The checks, one of which says the same of everything."""
    return tuple(replace(check, function=lambda _: verdict) if check.name == ENCRYPTED else check for check in CHECKS)


def rules(life, checks=CHECKS):
    return Rules.of(life.agent.loaded.programme, checks, (), START)


def test_every_check_has_samples():
    assert set(SAMPLES) == {check.name for check in CHECKS}


@pytest.mark.parametrize("now", [START, datetime(2031, 2, 28, 23, 59, tzinfo=START.tzinfo)])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_samples_get_the_verdicts_that_they_are_for(check, now):
    passing, failing = samples(check, "aws", check.kinds[0] if check.kinds else "thing", now)
    assert (check.judge(passing, now=now).outcome, check.judge(failing, now=now).outcome) == (
        Outcome.PASSED,
        Outcome.FAILED,
    )


def test_every_check_that_a_collector_concerns_is_examined(tmp_path):
    found = examine(rules(begin(tmp_path)), {"aws": COLLECTORS})
    pairs = sum(concerns(check, one) for check in CHECKS for one in COLLECTORS)
    assert (found.canaries, found.distrusted) == (2 * pairs, {})
    assert pairs >= len(CHECKS)


@pytest.mark.parametrize("verdict", [passed(), failed("no")])
def test_a_check_that_says_the_same_of_everything_is_distrusted(tmp_path, verdict):
    found = examine(rules(begin(tmp_path), broken(verdict)), {"aws": COLLECTORS})
    assert found.distrusted == {"aws": (ENCRYPTED,)}


@pytest.fixture
def distrusted(tmp_path):
    """A life of three days whose second sweep was judged by a broken check."""
    life = begin(tmp_path)
    life.run()
    life.clock.now += DAY
    agent = life.agent
    run(replace(agent, press=replace(agent.press, checks=broken(passed()))))
    return life


def test_what_a_distrusted_check_passes_is_not_shown_and_said_everywhere(distrusted):
    agent = distrusted.agent
    view = outlook(agent.store, agent.journal, CHECKS, (), distrusted.clock.now)
    assert view.last.distrusted == {"aws": (ENCRYPTED,)}
    (point,) = [one for one in view.services[0].points if one.check == ENCRYPTED]
    assert point.result is Result.NOT_SHOWN
    assert any("NOT TRUSTED" in line and ENCRYPTED in line for line in outlook_lines(view))
    assert vitals(view, distrusted.clock.now).sweep.distrusted == 1
    (*_, entry) = agent.journal.of("sweep")
    assert entry.body["distrusted"] == {"aws": [ENCRYPTED]}


def test_distrust_improves_nothing(distrusted):
    agent = distrusted.agent
    sweep = outlook(agent.store, agent.journal, CHECKS, (), distrusted.clock.now).last
    missed = msgspec.structs.replace(sweep, tallies={"object-store": {ENCRYPTED: {"aws": Tally(failed=3)}}})
    met = msgspec.structs.replace(sweep, tallies={"object-store": {ENCRYPTED: {"aws": Tally(passed=3)}}})
    assert result(missed, "object-store", ENCRYPTED, "aws", SLO) is Result.MISSED
    assert result(met, "object-store", ENCRYPTED, "aws", SLO) is Result.NOT_SHOWN
    trusted = msgspec.structs.replace(met, distrusted={})
    assert result(trusted, "object-store", ENCRYPTED, "aws", SLO) is Result.MET


def test_an_ordinary_sweep_trusts_every_check(tmp_path):
    sweep = begin(tmp_path).run().sweep
    assert sweep.canaries > 0 and sweep.distrusted == {}


def test_a_cycle_with_a_distrusted_sweep_says_so_and_replays(distrusted):
    distrusted.clock.now += DAY
    distrusted.days(29)
    (path,) = distrusted.bundles()
    with Archive.open(path) as archive:
        report = decode(archive.read("report.json", 1 << 28), Report, what="report.json")
    assert report.distrusted == (ENCRYPTED,)
    assert replay(path).ok, replay(path).words
    (objective,) = [
        one
        for row in report.specifications
        for one in row.objectives
        if one.check == ENCRYPTED and row.id == "CCM:4.1:CEK-03"
    ]
    assert objective.longest_unseen >= timedelta(days=1).total_seconds()
