"""A shard of which little has changed gets, by judging only that, what judging all of it gives."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import reuse
from agent.canonical import lines
from agent.judging import Docket, Rules, judge_shard, kept
from agent.membership import Membership
from agent.parts import read_part
from agent.programme import Selector, Service
from agent.rejudging import Known, rejudge
from agent.reuse import FEWEST
from agent.shards import paired
from agent.store import Folder, blob_key
from collectors.resource import Identity
from collectors.sighting import Evidence, Reading, Sighting
from controls.assess import Judge
from controls.catalogue import CHECKS
from tests.agent.living import begin

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SHARED = {"id": "all", "name": "all", "owner": "o", "level": 1, "ccm": "4.1.0", "specifications": {}}
SERVICES = (
    msgspec.convert(SHARED, Service),
    msgspec.structs.replace(msgspec.convert(SHARED, Service), id="two", scope=Selector(accounts=("222233334444",))),
)
JUDGE = Judge(CHECKS)


def rules(now):
    return Rules(judge=JUDGE, checks=CHECKS, membership=Membership(SERVICES), exceptions=(), nominal=now)


class One(msgspec.Struct, frozen=True):
    """A user of an estate that a test draws."""

    mfa: bool | None
    idle: int | None
    region: str
    words: str


ones = st.builds(
    One, mfa=st.sampled_from([True, False, None]), idle=st.sampled_from([1, 89, 90, 91, 400, None]), region=st.sampled_from("ab"),
    words=st.sampled_from(["", '"holds_until":"2026-09-01T00:00:00Z"', "a\nb", "é" * 40]),
)  # fmt: skip
estates = st.dictionaries(st.integers(0, 40).map(lambda number: f"user/{number:02d}"), ones, min_size=8, max_size=40)


def shown(estate):
    """Sightings and readings as a shard has them, sorted by id."""
    sightings, readings = [], []
    for name, one in sorted(estate.items()):
        user = Identity(
            id=name, provider="aws", account="111122223333", region="global", kind="user", console=True, mfa=one.mfa, keys=(), tags={},
        )  # fmt: skip
        sightings.append(
            Sighting(
                cell=f"aws/1/{one.region}/aws.users",
                resource=user,
                evidence=(Evidence(operation="a.B", answer=one.words),),
            )
        )
        if one.idle is not None:
            readings.append(Reading(id=name, values={"last_active": NOW - timedelta(days=one.idle)}, evidence=()))
    return sightings, readings


def whole(estate, now):
    """What judging all of it gives: the record, the bytes, and the docket."""
    sightings, readings = shown(estate)
    facts, moved, docket = lines(sightings), lines(readings), Docket()
    plain = msgspec.json.decode(b"[" + moved.replace(b"\n", b",")[:-1] + b"]", type=list[Reading])
    ruled = judge_shard(paired(sightings, plain), rules(now), "now", {}, docket)
    record = kept("x", "then", None, len(sightings), ruled, docket, "v")
    return Known(shard=record, facts=facts, readings=moved, verdicts=ruled.text), docket, ruled


@settings(max_examples=40)
@given(estates, st.data(), st.sampled_from([0, 1, 2, 40]))
def test_it_gives_what_judging_all_of_it_gives(before, data, days):
    after = dict(before)
    for name in data.draw(st.lists(st.sampled_from(sorted(before)), max_size=2, unique=True)):
        del after[name]
        if data.draw(st.booleans()):
            after[data.draw(st.sampled_from([name, f"{name}x"]))] = data.draw(ones)
    then, _, _ = whole(before, NOW)
    now, docket, ruled = whole(after, NOW + timedelta(days=days))
    again = rejudge(then, now.facts, now.readings, rules(NOW + timedelta(days=days)), "now", {})
    if again is None:
        return
    assert again.ruled == ruled
    assert kept("x", "now", None, len(after), again.ruled, again.docket, "v") == kept(
        "x", "now", None, len(after), ruled, docket, "v"
    )
    assert again.docket.seen == {key: one for key, one in docket.seen.items() if key[1] in again.anew}
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= again.anew


def test_where_much_has_changed_all_of_it_is_judged():
    user = One(mfa=True, idle=1, region="a", words="")
    estate = {f"user/{number:02d}": user for number in range(16)}
    then, _, _ = whole(estate, NOW)
    for changed, anew in ((4, True), (5, False)):
        other = {
            name: msgspec.structs.replace(one, mfa=place >= changed) for place, (name, one) in enumerate(estate.items())
        }
        now, _, _ = whole(other, NOW)
        assert (rejudge(then, now.facts, now.readings, rules(NOW), "now", {}) is not None) is anew


def test_only_what_has_changed_or_is_due_is_judged():
    user = One(mfa=True, idle=1, region="a", words="")
    estate = {f"user/{number:02d}": user for number in range(40)} | {"user/07": msgspec.structs.replace(user, idle=89)}
    then, _, _ = whole(estate, NOW)
    estate["user/30"] = msgspec.structs.replace(user, mfa=False)
    now, _, _ = whole(estate, NOW + timedelta(days=1))
    again = rejudge(then, now.facts, now.readings, rules(NOW + timedelta(days=1)), "now", {})
    assert again is not None
    assert again.anew == {"user/07", "user/30"}


def test_two_lines_of_one_id_are_judged_together():
    """There should be none; what is sealed must be what a replay gives all the same."""
    user = One(mfa=True, idle=1, region="a", words="")
    sightings, readings = shown({f"user/{number:02d}": user for number in range(20)})
    twice = [*sightings[:6], msgspec.structs.replace(sightings[5], cell="aws/1/b/aws.users"), *sightings[6:]]
    other = [*twice]
    other[6] = msgspec.structs.replace(twice[6], resource=msgspec.structs.replace(twice[6].resource, mfa=False))

    def of(seen):
        docket = Docket()
        ruled = judge_shard(paired(seen, ()), rules(NOW), "now", {}, docket)
        record = kept("x", "then", None, len(seen), ruled, docket, "v")
        return Known(shard=record, facts=lines(seen), readings=b"", verdicts=ruled.text), ruled, docket

    then, _, _ = of(twice)
    now, ruled, docket = of(other)
    again = rejudge(then, now.facts, b"", rules(NOW), "now", {})
    assert readings
    assert again is not None
    assert (again.ruled.text, again.docket.tallies) == (ruled.text, docket.tallies)


def lived(folder, *, near):
    """Four days of many volumes, of which a few change each day, over a store that is near or is not."""
    life = begin(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "near", near)
        for number in range(FEWEST):
            life.cloud.volume(f"vol-{number:04d}", encrypted=number % 9 != 0)
        for day in range(4):
            life.cloud.volume(f"vol-{day:04d}", encrypted=day % 2 == 0)
            life.cloud.volume(f"vol-{day + 9:04d}", encrypted=None if day == 2 else True)
            life.cloud.volume(f"new-{day}", encrypted=False)
            life.days(1)
    return life


def test_a_sweep_leaves_the_same_bytes_whether_it_judged_all_or_a_little(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(reuse, "rejudge", lambda *given: asked.append(given) or rejudge(*given))
    near, far = lived(tmp_path / "near", near=True), lived(tmp_path / "far", near=False)
    assert len(asked) >= 2

    ours, others = near.tree(), far.tree()
    assert ours.keys() == others.keys()  # blobs are named by what they hold
    parts = [name for name in ours if "/parts/" in name]
    assert len(parts) == 4
    assert [name for name in parts if ours[name] != others[name]] == []


def test_a_shard_whose_verdicts_are_lost_is_judged_whole(tmp_path):
    life = begin(tmp_path)
    for number in range(FEWEST):
        life.cloud.volume(f"vol-{number:04d}", encrypted=True)
    life.days(1)
    store = life.agent.store
    part = read_part(store, "sweeps/20260901T000000Z", "aws/111122223333")
    (shard,) = [one for one in part.shards if one.lines > FEWEST]
    store.remove(blob_key(shard.verdicts))
    life.cloud.volume("vol-0007", encrypted=False)
    life.days(1)
    again = read_part(life.agent.store, "sweeps/20260902T000000Z", "aws/111122223333")
    (shard,) = [one for one in again.shards if one.lines > FEWEST]
    assert store.read(shard.verdicts).count(b'"outcome":"failed"') == 1
