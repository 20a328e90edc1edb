"""A shard judged at once says and counts what judging each resource by itself does."""

from collections import Counter
from datetime import UTC, date, datetime

import msgspec
import pytest

from agent.canonical import lines
from agent.judging import Docket, Rules, judge_shard
from agent.membership import Membership
from agent.programme import ApprovedException, Selector, Service
from agent.record import Judged, Standing
from collectors.resource import DataStore, Identity
from collectors.sighting import Sighting
from controls.assess import Judge
from controls.catalogue import CHECKS, by_name
from controls.tally import Tally
from controls.verdict import Outcome

NOW = datetime(2026, 9, 1, tzinfo=UTC)
TAGGED = Selector(tags={"service": "one"})
ENCRYPTED = "data_is_encrypted_at_rest"


def service(name, scope=None):
    said = {"id": name, "name": name, "owner": "o", "level": 1, "ccm": "4.1.0", "specifications": {}}
    return msgspec.structs.replace(msgspec.convert(said, Service), scope=scope or Selector())


def rules(*services, checks=CHECKS, exceptions=()):
    return Rules(
        judge=Judge(checks), checks=tuple(checks), membership=Membership(services or (service("all"),)), exceptions=exceptions,
        nominal=NOW,
    )  # fmt: skip


def volume(name, *, cell="aws/111122223333/eu-west-1/aws.volumes", **facts):
    said = {"kind": "volume", "encrypted": True, "tags": {}} | facts
    store = DataStore(id=f"volume/{name}", provider="aws", account="111122223333", region="eu-west-1", **said)
    return Sighting(cell=cell, resource=store, evidence=())


def user(name, **facts):
    identity = Identity(
        id=f"user/{name}", provider="aws", account="111122223333", region="global", kind="user", **facts
    )
    return Sighting(cell="aws/111122223333/global/aws.users", resource=identity, evidence=())


def exception(resource, *, check=ENCRYPTED, expires=date(2026, 12, 1)):
    return ApprovedException(
        id="exc-1", check=check, resources=(resource,), requester="a", approver="b", rationale="words",
        created=date(2026, 8, 1), expires=expires,
    )  # fmt: skip


def judged(sightings, given, before=()):
    docket = Docket()
    known = {(one.check, one.resource): one for one in before}
    ruled = judge_shard(((one, one.resource) for one in sightings), given, "f" * 64, known, docket)
    return ruled, docket


def one_by_one(sightings, given):
    """Verdict lines as each verdict by itself gives them."""
    found = [
        Judged(resource=one.resource.id, check=check.name, outcome=said.outcome, reason=said.reason, holds_until=said.holds_until)
        for one in sightings
        for check, said in given.judge(one.resource, NOW)
        if not check.kinds or one.resource.kind in check.kinds
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.resource, one.check))


ESTATE = (
    volume("a", encrypted=False), volume("b", encrypted=None, tags=None), volume("c", managed_by="provider"),
    volume("d", tags={"service": "one"}, cell="aws/111122223333/eu-west-2/aws.volumes"), volume('e "quoted"\n', kind="archive"),
    volume("é", encrypted=False, tags={"owner": "x"}, public=True),
)  # fmt: skip


@pytest.mark.parametrize("sightings", [ESTATE, ESTATE[::-1], ESTATE + ESTATE[:2]], ids=["sorted", "reversed", "twice"])
def test_verdict_lines_are_the_canonical_lines_of_each_verdict_whatever_the_order(sightings):
    given = rules()
    assert judged(sightings, given)[0].text == lines(one_by_one(sightings, given))
    assert judged(sightings, given)[0].text == lines(one_by_one(sightings, given))


def test_verdicts_of_time_keep_their_instants_and_the_earliest_is_the_shards():
    used = [datetime(2026, 7, day, tzinfo=UTC) for day in (10, 20, 25)]
    sightings = [user(f"{number}", console=True, mfa=True, keys=(), last_active=at) for number, at in enumerate(used)]
    given = rules()
    ruled, _ = judged(sightings, given)
    lasting = [one.holds_until for one in one_by_one(sightings, given) if one.holds_until]
    assert ruled.text == lines(one_by_one(sightings, given))
    assert ruled.until == min(lasting)
    assert judged([], given)[0].until is None


def test_counts_are_those_of_the_lines():
    given = rules()
    _, docket = judged(ESTATE, given)
    counted = Counter()
    for one in one_by_one(ESTATE, given):
        cell = next(each.cell for each in ESTATE if each.resource.id == one.resource)
        counted[cell, one.check, one.outcome.replace(" ", "_")] += 1
    found = {
        (cell, check, outcome): number
        for cell, services in docket.tallies.items()
        for check, clouds in services["all"].items()
        for outcome, number in msgspec.structs.asdict(clouds["aws"]).items()
        if number
    }
    assert found == counted
    assert docket.resources == {"all": {"DataStore": 6}}
    assert docket.inherited == {"all": 1}


def test_what_may_be_another_services_counts_as_unknown_whatever_it_is():
    _, docket = judged(
        [volume("a", tags=None), volume("b", tags=None, encrypted=False)], rules(service("some", TAGGED))
    )
    cells = docket.tallies["aws/111122223333/eu-west-1/aws.volumes"]["some"]
    assert cells[ENCRYPTED]["aws"] == Tally(unknown=2)
    assert docket.seen[ENCRYPTED, "volume/b"].services == ()


def test_what_an_approved_exception_in_force_covers_is_counted_so_and_stays_failed():
    bare = [volume("a", encrypted=False), volume("b", encrypted=False)]
    _, docket = judged(bare, rules(exceptions=(exception("volume/a"),)))
    cell = docket.tallies["aws/111122223333/eu-west-1/aws.volumes"]["all"]
    assert cell[ENCRYPTED]["aws"] == Tally(failed=2, excepted=1)
    assert [docket.seen[ENCRYPTED, f"volume/{name}"].exception for name in "ab"] == ["exc-1", None]
    for other in (exception("volume/a", expires=date(2026, 8, 31)), exception("volume/a", check="keys_rotate")):
        _, docket = judged(bare, rules(exceptions=(other,)))
        assert docket.tallies["aws/111122223333/eu-west-1/aws.volumes"]["all"][ENCRYPTED]["aws"] == Tally(failed=2)


def standing(name, services=("some",)):
    return Standing(
        check=ENCRYPTED, resource=f"volume/{name}", cell="aws/111122223333/eu-west-1/aws.volumes", provider="aws", after=None, by=NOW,
        carried=None, reason="words", services=services, exception=None, facts="0" * 64,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "outcome", "tally", "services"),
    [
        ({"encrypted": False}, Outcome.FAILED, Tally(failed=1), ("some",)),
        ({"encrypted": None}, Outcome.UNKNOWN, None, ()),
        ({"encrypted": True}, Outcome.PASSED, Tally(unknown=1), ()),
    ],
)
def test_a_service_that_a_deviation_stood_for_keeps_it_though_tags_were_not_learned(facts, outcome, tally, services):
    checks = (by_name(ENCRYPTED),)
    _, docket = judged(
        [volume("a", tags=None, **facts)], rules(service("some", TAGGED), checks=checks), before=[standing("a")]
    )
    counted = docket.tallies.get("aws/111122223333/eu-west-1/aws.volumes", {}).get("some", {}).get(ENCRYPTED, {})
    assert counted.get("aws") == tally
    seen = docket.seen[ENCRYPTED, "volume/a"]
    assert (seen.outcome, seen.services) == (outcome, services)
