"""The whole of Google Cloud through the real client: what is wrong is found, and what is denied never passes."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import grpc
import msgspec
import pytest

from agent.demo.google.inventory import FakeInventory
from collectors.gap import Reason
from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.others import DESCRIBED
from collectors.gcp.permissions import CONTENT, DISCOVERY_GRANTS, role
from controls.unproven import UNPROVEN
from controls.verdict import Outcome
from tests.fakes.gcp_estate import DEFECTS, NUMBERS, Estate, identified, organization
from tests.fakes.gcp_looking import Look, kept, look, outcomes, proven, unwatched
from tests.fakes.unproven import contradicted

UNTOLD = Counter({"endpoints_log_access": 1})
"""What cannot be learned of these three projects, besides what Google Cloud tells nobody (`controls.unproven`)."""


def listings() -> list[tuple[str, str]]:
    """Asset types and contents that discovery and the collectors ask for, told by a fake of their own."""
    return sorted(_first()[1])


@cache
def _first() -> tuple[Look, frozenset[tuple[str, str]]]:
    """A look at the organisation as it is, and what was asked for it; tests read it and change nothing."""
    server = FakeInventory(assets=organization().listed).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDASSET", server.url)
        found = look()
    server.stop()
    return found, frozenset(server.listings())


@pytest.fixture
def sound() -> Look:
    """A look at which nothing goes wrong."""
    return _first()[0]


def test_every_seeded_defect_is_found_and_nothing_else_fails(sound: Look, estate: Estate) -> None:
    assert sound.gaps == []
    assert sound.estate.gaps == ()
    failed = sound.having(Outcome.FAILED)
    people = {
        "ada": "user:ada@corp.example",
        "storage": "group:storage@corp.example",
        "auditors": "group:auditors@corp.example",
        "eve": "user:eve@vendor.example",
    }
    table = set()
    for check, name in DEFECTS:
        owner, _, member = name.partition("#")
        person = people.get(member.partition(":")[2])
        ends = [kept(f"{owner}#{person}")] if person else list(identified(name))
        for end in ends:
            (resource,) = {one for _, one in sound.verdicts if one.endswith(end)}
            table.add((check, resource))
    assert failed == table


def test_what_the_inventory_does_not_hold_is_unknown_and_nothing_else_is(sound: Look) -> None:
    untold = {check for check, reason in UNPROVEN["gcp"].items() if reason.why == "unsaid"}
    assert Counter(check for check, _ in sound.having(Outcome.UNKNOWN)) == UNTOLD
    assert not untold & UNTOLD.keys()


def test_what_counts_as_proven_is_what_this_estate_proves(sound: Look) -> None:
    shipped = json.loads((Path(__file__).parents[3] / "controls" / "proven.json").read_text())
    looks = [sound, unwatched()]
    assert shipped["gcp"] == proven(looks), "type `python -m tests.fakes.gcp_looking controls/proven.json`"
    assert contradicted("gcp", outcomes(looks)) == []


def test_a_second_look_sees_the_same(inventory: FakeInventory) -> None:
    first, again = look(), look()
    assert (again.visits, again.estate) == (first.visits, first.estate)


def test_one_listing_serves_every_project(sound: Look, inventory: FakeInventory) -> None:
    inventory.page_size = 1000
    look()
    inventory.page_size = 3
    asked = Counter((request.asset_type, request.content) for request in inventory.requests)
    assert set(asked.values()) == {1}
    assert {request.page_size for request in inventory.requests} == {1000}


def test_every_fact_is_learned_of_something(sound: Look) -> None:
    for collector in COLLECTORS:
        seen = [one for key, one in sound.resources.items() if key.split()[0].endswith(f"/{collector.name}")]
        facts = set(collector.learns) - set(collector.readings)
        assert {one.kind for one in seen} == set(collector.kinds), collector.name
        untold = [fact for fact in facts if all(getattr(one, fact) is None for one in seen)]
        assert untold in ([], ["foreign_trust_guarded"]), collector.name


def test_no_person_and_no_secret_is_kept(sound: Look) -> None:
    text = msgspec.json.encode([sound.visits, sound.estate])
    for private in (b"@corp.example", b"@vendor.example", b"hunter2"):
        assert private not in text
    assert b"app@acme-prod.iam.gserviceaccount.com" in text, "a service account is no person"


def test_each_call_says_when_it_was_true_and_who_asked(sound: Look, inventory: FakeInventory) -> None:
    calls = [call for visit in sound.visits.values() for call in visit.calls]
    assert {call.date for call in calls} == {"2026-11-06T21:20:00Z"}
    assert {call.status for call in calls} == {200}
    assert all(visit.calls for visit in sound.visits.values())
    look()
    assert {request.metadata["x-goog-request-reason"] for request in inventory.requests} == {"starcadence-test"}


@pytest.mark.parametrize(("asset_type", "content"), listings())
@pytest.mark.slow
@pytest.mark.sampled
def test_a_denied_listing_makes_nothing_better(
    sound: Look, inventory: FakeInventory, asset_type: str, content: str
) -> None:
    """Nothing passes that did not pass before; what needed the listing is unknown or unseen, and a gap says so."""
    inventory.deny(asset_type, content)
    found = look()
    gaps = [*found.estate.gaps, *found.gaps]
    assert {(gap.reason, gap.detail) for gap in gaps if gap.operation} == {
        (Reason.DENIED, f"PERMISSION_DENIED: {content} of {asset_type or 'all types'}")
    }
    assert found.having(Outcome.PASSED) <= sound.having(Outcome.PASSED)
    for key, before in sound.verdicts.items():
        after = found.verdicts.get(key)
        assert after in {before, Outcome.UNKNOWN, None}, key
    changed = {key for key, before in sound.verdicts.items() if found.verdicts.get(key) is not before}
    blind = {gap.subject for gap in gaps if gap.subject}
    whole = any(gap.cell.endswith((".organization", ".enabled_regions")) for gap in gaps)
    unseen = {gap.cell for gap in gaps if not gap.subject}
    for check, resource in changed:
        cells = {key for key, visit in sound.visits.items() for one in visit.sightings if one.resource.id == resource}
        assert whole or resource in blind or cells & unseen, (check, resource)
    assert changed or whole or unseen or blind


def test_grants_are_exactly_the_contents_that_are_asked_for(inventory: FakeInventory) -> None:
    for collector in COLLECTORS:
        look(collectors=())
        discovery = inventory.listings()
        inventory.calm()
        look(collectors=[collector])
        contents = {CONTENT[content] for _, content in inventory.listings() - discovery}
        read = {CONTENT[content] for _, content in inventory.listings()}
        assert contents <= set(collector.grants) <= read | contents, collector.name
        inventory.calm()


def test_the_role_is_what_a_sweep_asks_for_and_no_more(sound: Look, inventory: FakeInventory) -> None:
    look()
    permissions = role(COLLECTORS)["includedPermissions"]
    assert permissions == sorted({CONTENT[content] for _, content in inventory.listings()} | set(DISCOVERY_GRANTS))


def test_an_outage_leaves_no_cell_without_a_gap(inventory: FakeInventory) -> None:
    inventory.trouble(code=grpc.StatusCode.UNAVAILABLE)
    found = look()
    assert {gap.reason for gap in found.estate.gaps} == {Reason.UNREACHABLE}
    assert found.verdicts == {}


def test_what_nothing_judges_is_counted_and_not_dropped(sound: Look, estate: Estate, inventory: FakeInventory) -> None:
    def counted(found: Look) -> dict[tuple[str, str], int]:
        readings = {
            (key, one.id): one.values["things"]
            for key, visit in found.visits.items()
            for one in visit.readings
            if "things" in one.values
        }
        return {(key.split("/")[1], name.rpartition("/types/")[2]): things for (key, name), things in readings.items()}

    before = {
        ("acme-prod", "cloudtasks.googleapis.com/Queue"): 1,
        ("123456789012", "accesscontextmanager.googleapis.com/AccessPolicy"): 1,
    }
    assert counted(sound) == before
    for number in range(4):
        estate.add(
            "quantum.googleapis.com/Computer",
            f"//quantum.googleapis.com/projects/acme-logs/computers/{number}",
            "acme-logs",
            {},
        )
    assert counted(look()) == {**before, ("acme-logs", "quantum.googleapis.com/Computer"): 4}
    read = {asset_type for asset_type, _ in inventory.listings()} - {""}
    exact = {one for one in read if one not in DESCRIBED}
    assert set(DESCRIBED) <= read, "what a collector reads is not counted beside it"
    assert all(any(re.fullmatch(known, one) for known in DESCRIBED) for one in exact)


def test_projects_that_are_gone_or_excluded_are_not_looked_into(sound: Look) -> None:
    states = {member.account: member.state for member in sound.estate.members}
    assert states == {
        "acme-prod": "in scope", "acme-data": "in scope", "acme-logs": "in scope", "acme-lab": "excluded", "acme-gone": "closed",
    }  # fmt: skip
    assert {key.split("/")[1] for key in sound.visits} == {
        "acme-prod",
        "acme-data",
        "acme-logs",
        "123456789012",
        "1001",
    }
    assert set(states) == set(NUMBERS)
