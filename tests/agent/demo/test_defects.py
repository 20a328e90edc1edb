"""The table of defects against our own collectors and checks: what it lists is found, and nothing else."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from agent.demo.canaries import CANARIES
from agent.demo.defects import DEFECTS, broken, expected
from agent.demo.names import ACCOUNTS, IN_SCOPE, REGIONS
from agent.demo.seeding import seeded
from agent.demo.story import BEGINS, ENDS, EXCEPTIONS, OUTAGE, Story, events, in_outage
from collectors.gap import Reason
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.agent.demo.conftest import surround
from tests.agent.demo.looking import SCOPE, look

DAY = timedelta(days=1)
OF_FINDINGS = {
    "foreign_access_is_taken_up", "threats_are_taken_up", "unused_access_is_taken_up", "vulnerabilities_are_mended_in_time",
}  # fmt: skip
"""Checks of findings: of an estate with which nothing is wrong there are none."""
MORNING = timedelta(hours=5)
"""When the sweeps of these tests look, after a day's events."""


@pytest.mark.slow
@pytest.mark.whole
def test_nothing_is_wrong_with_the_estate_before_it_is_broken(organization):
    clean = organization.clean

    assert clean.wrong == organization.unguarded
    assert clean.untold <= {Outcome.UNKNOWN, Outcome.NOT_APPLICABLE}
    assert len(clean.resources) >= 500
    assert {resource.account for resource in clean.resources} == {ACCOUNTS[alias] for alias in IN_SCOPE}
    assert {resource.region for resource in clean.resources} == {*REGIONS, "global"}
    assert {defect.check for defect in DEFECTS} - OF_FINDINGS <= clean.outcomes(Outcome.PASSED)


@pytest.mark.slow
@pytest.mark.whole
def test_what_was_made_is_what_is_seen(organization):
    seen = Counter(resource.kind for resource in organization.clean.resources)
    unseen = {
        "policy",
        "group",
        "role",
        "firewall",
        "network",
        "database snapshot",
    }  # named or counted otherwise by AWS

    for kind in organization.made.keys() - unseen:
        assert seen[kind] >= organization.made[kind], kind
    assert seen["security group"] == organization.made["firewall"]
    assert seen["vpc"] == organization.made["network"]
    assert seen["role"] >= organization.made["role"]


def test_most_kinds_of_defect_stand_at_the_first_sweep():
    failing = {defect.check for defect in DEFECTS if defect.outcome is Outcome.FAILED and defect.stands(BEGINS)}

    assert failing <= {check.name for check in CHECKS}
    assert len(failing) >= 70


def test_the_story_has_something_of_everything():
    assert [instant for instant, _ in events()] == sorted(instant for instant, _ in events())
    assert all(BEGINS < instant < ENDS for instant, _ in events())
    october = BEGINS.replace(month=10, day=1)
    assert any(defect.ends and defect.ends < october for defect in DEFECTS)
    assert any(defect.ends and defect.ends > october for defect in DEFECTS)
    assert any(defect.begins and defect.begins > october and defect.seed for defect in DEFECTS)
    assert any(october.date() < one.expires < ENDS.date() for one in EXCEPTIONS)
    assert any(one.expires > ENDS.date() for one in EXCEPTIONS)
    assert october < OUTAGE < ENDS - DAY


@pytest.mark.slow
@pytest.mark.whole
def test_exceptions_cover_defects_of_the_table(organization):
    table = {(defect.check, organization.estate.ids.get(defect.resource)) for defect in DEFECTS}

    assert {(one.check, resource) for one in EXCEPTIONS for resource in one.resources} <= table


@pytest.mark.slow
@pytest.mark.whole
def test_verdicts_tell_the_story(organization):
    """Sweeps with our collectors fail where the table says, at the first and the last sweep and in between."""
    story = Story(organization.estate)
    for instant in (BEGINS + MORNING, OUTAGE - 8 * DAY + MORNING, ENDS - DAY + MORNING):
        story.reach(instant)
        seen = look(instant)

        assert seen.wrong == expected(organization.estate, instant)
        assert not [gap for gap in seen.gaps if not gap.subject and gap.reason is not Reason.REDACTED]
        kept = msgspec.json.encode([seen.visits, seen.estate, seen.resources])
        assert [canary for canary in CANARIES if canary.encode() in kept] == []


@pytest.mark.slow
@pytest.mark.whole
def test_an_outage_shows_nothing(organization):
    organization.estate.endpoint.outage(on=True)

    seen = look(OUTAGE)

    organization.estate.endpoint.outage(on=False)
    assert in_outage(OUTAGE)
    assert seen.resources == ()
    assert {gap.reason for gap in seen.estate.gaps} == {Reason.FAILED}


@pytest.mark.slow
@pytest.mark.whole
def test_an_account_without_the_role_is_a_gap(organization):
    sandbox_too = msgspec.structs.replace(SCOPE, organization=None, accounts=(ACCOUNTS["sandbox"],), exclude=())

    seen = look(BEGINS, sandbox_too)

    assert {(gap.reason, gap.cell) for gap in seen.estate.gaps} == {
        (Reason.NO_ROLE, f"aws/{ACCOUNTS['sandbox']}/global/aws.enabled_regions")
    }
    assert seen.resources == ()


@pytest.mark.slow
@pytest.mark.whole
def test_an_estate_may_be_seeded_with_an_account_that_lacks_the_role(simulation, monkeypatch):
    seeded(simulation, without_role="security")
    surround(monkeypatch, simulation)

    seen = look(BEGINS)

    assert {gap.reason for gap in seen.estate.gaps} == {Reason.NO_ROLE}
    assert {resource.account for resource in seen.resources} == {
        ACCOUNTS[alias] for alias in IN_SCOPE if alias != "security"
    }


@pytest.mark.slow
@pytest.mark.whole
def test_every_day_of_the_story_is_as_the_table_says(simulation, monkeypatch):
    estate = broken(seeded(simulation))
    surround(monkeypatch, simulation)
    story, instant = Story(estate), BEGINS + MORNING
    while instant < ENDS:
        story.reach(instant)
        seen = look(instant)
        assert seen.wrong == ({} if in_outage(instant) else expected(estate, instant)), instant
        instant += DAY
