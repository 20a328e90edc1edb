"""The laws of design.md, each over random lives of a programme in a simulated cloud."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.archive import Archive, Writer
from agent.canaries import Examined
from agent.canonical import decode, digest, each, encode, lines, stamp
from agent.judging import Docket, Rules, judge_shard
from agent.parts import packed, part_digests, read_part, read_plan
from agent.record import Judged, Part, Standing, Sweep
from agent.replay import replay
from agent.report import Report
from agent.reuse import NOTHING
from agent.running import checks, current, run, sweep_now
from agent.shards import buckets, paired
from agent.store import Folder
from agent.totals import close
from agent.verify import verify_all
from collectors.sighting import Evidence, Reading, Sighting
from controls.tally import Result
from tests.agent.living import START, Life, begin
from tests.agent.worlds import (
    ACCOUNTS,
    EVERY,
    PROGRAMME,
    REGIONS,
    WHOLE,
    Gaps,
    World,
    a_region,
    a_user,
    a_volume,
    blinded,
    life,
    live,
    reports,
    sized,
    worlds,
)

EXCEPTION = (
    "id: {name}\ncheck: {check}\nrequester: lead\napprover: security-lead\nrationale: replaced soon\n"
    "created: 2026-08-20\nexpires: 2026-{expires}\naccounts: ['111122223333', '444455556666']\n"
)


RICH = World((
    *(a_volume((ACCOUNTS[number % 3], REGIONS[number % 2]), number, number % 3 > 0, {"service": "tagged"}) for number in range(6)),
    *(a_user(account, 0, account != ACCOUNTS[2]) for account in ACCOUNTS),
    a_region((ACCOUNTS[0], REGIONS[0]), True),
))  # fmt: skip
BLIND = replace(
    RICH, gaps=Gaps(cells=frozenset({f"aws/{ACCOUNTS[0]}/{REGIONS[0]}/aws.volumes"}), unallocated=ACCOUNTS[2])
)


def met(report: Report) -> set[tuple[str, str]]:
    """Everything in a report that says met."""
    said = {("over the cycle", row.id) for row in report.specifications if row.result is Result.MET}
    said |= {("at its end", row.id) for row in report.specifications if row.closing is Result.MET}
    for row in report.specifications:
        for one in row.objectives:
            said |= {
                (f"{word}: {one.check}", row.id) for word in ("result", "closing") if getattr(one, word) is Result.MET
            }
    return said


def within(report: Report) -> dict[tuple[str, str], int]:
    return {(row.id, one.check): one.within for row in report.specifications for one in row.objectives}


def standing(found: Life) -> dict[tuple[str, str], Standing]:
    store = Folder(found.folder / "store")
    folder = f"sweeps/{max(store.children('sweeps'))}"
    parts = (read_part(store, folder, account) for account in part_digests(store, folder))
    rows = (one for part in parts for one in each(store.read(part.standing), Standing, what="standing"))
    return {(one.check, one.resource): one for one in rows}


def tallies(found: Life) -> Any:
    """Of the newest sweep."""
    store = Folder(found.folder / "store")
    name = max(store.children("sweeps"))
    return decode(store.get(f"sweeps/{name}/sweep.json"), Sweep, what=name).tallies


@st.composite
def seen_and_blinded(draw: Any) -> tuple[World, World, World]:
    before, now = draw(worlds), draw(worlds)
    shared = {resource.id: (resource, collector) for resource, collector in before.resources}
    kept = draw(st.sets(st.sampled_from(sorted(shared)))) if shared else set()
    both = World(tuple({**{one: shared[one] for one in kept}, **{one[0].id: one for one in now.resources}}.values()))
    return before, both, draw(blinded(both))


@pytest.mark.slow
@sized(4, 600)
@given(seen_and_blinded())
def test_law_2_a_gap_never_improves_anything_at_any_level(days: tuple[World, World, World]) -> None:
    before, now, blind = days
    with life() as seen, life() as unseen:
        live(seen, before, now)
        live(unseen, before, blind)
        mine, theirs = reports(unseen), reports(seen)
        for service in mine:
            assert met(mine[service]) <= met(theirs[service])
            assert all(count <= within(theirs[service]).get(key, 0) for key, count in within(mine[service]).items())
        whole = tallies(seen)
        for service, named in tallies(unseen).items():
            for check, clouds in named.items():
                ours, full = clouds["aws"], whole.get(service, {}).get(check, {}).get("aws")
                if not ours.unseen and ours.range and full is not None and full.range:
                    assert ours.range[0] <= full.range[0]
        stood = standing(unseen)
        labelled = {(resource.id, str(resource.tags)) for resource, _ in before.resources}
        same = {resource.id for resource, _ in now.resources if (resource.id, str(resource.tags)) in labelled}
        for key, one in standing(seen).items():
            if one.by == START:  # it stood before today's gaps
                assert key in stood
                if key[1] in same:  # what is labelled anew becomes another service's, which only who sees it can know
                    assert set(one.services) <= set(stood[key].services)


@pytest.mark.slow
@sized(2, 200)
@given(worlds, worlds)
def test_law_2_an_exception_changes_no_result_and_is_counted_apart(before: World, now: World) -> None:
    with life() as plain, life() as excepted:
        for name, check in (("one", "data_is_encrypted_at_rest"), ("two", "users_need_mfa")):
            path = excepted.folder / "exceptions" / f"{name}.yaml"
            path.write_text(EXCEPTION.format(name=name, check=check, expires="10-10"))
        live(plain, before, now)
        live(excepted, before, now)
        for service, mine in reports(excepted).items():
            theirs = reports(plain)[service]
            assert [(row.id, row.result, row.closing) for row in mine.specifications] == [
                (row.id, row.result, row.closing) for row in theirs.specifications
            ]
            assert [(one.check, one.resource, one.failing_by) for one in mine.deviations] == [
                (one.check, one.resource, one.failing_by) for one in theirs.deviations
            ]
            assert within(mine) == within(theirs)
        counted = tallies(plain)
        for service, named in tallies(excepted).items():
            for check, clouds in named.items():
                assert msgspec.structs.replace(clouds["aws"], excepted=0) == counted[service][check]["aws"]


@pytest.mark.slow
@sized(3, 150)
@given(worlds, st.data())
def test_law_1_where_nothing_or_not_everything_was_seen_nothing_is_met(world: World, data: st.DataObject) -> None:
    blind = data.draw(
        st.sampled_from([Gaps(organization=True), Gaps(unallocated=ACCOUNTS[1]), Gaps(regions=frozenset(ACCOUNTS))])
    )
    with life() as found:
        live(found, World(world.resources, gaps=blind))
        assert not any(met(report) for report in reports(found).values())


def test_law_1_an_empty_estate_that_was_completely_seen_is_nothing_to_judge() -> None:
    with life() as found:
        live(found, World(), World(), World())
        report = reports(found)["everything"]
        results = {row.result for row in report.specifications if row.objectives}
        assert not met(report)
        assert results <= {Result.NOTHING, Result.NOT_SHOWN} and Result.NOTHING in {
            one.result for row in report.specifications for one in row.objectives
        }


@pytest.mark.slow
@sized(4, 400)
@given(worlds, worlds, st.lists(st.integers(0, 25), max_size=3))
def test_law_3_a_sweep_that_is_broken_off_and_gone_on_with_gives_the_same(
    before: World, now: World, breaks: list[int]
) -> None:
    with life() as whole, life() as resumed:
        live(whole, before, now)
        live(resumed, before)
        now.into(resumed.cloud)
        for visits in breaks:
            resumed.cloud.broken = visits
            try:
                run(resumed.agent)
            except ConnectionAbortedError:
                resumed.clock.now += EVERY / 10
        resumed.cloud.broken = None
        resumed.run()
        assert same(resumed) == same(whole)


@pytest.mark.slow
@sized(1, 60)
@given(worlds, worlds)
def test_law_3_two_agents_that_share_a_slot_take_one_sweep(before: World, now: World) -> None:
    with life() as alone, life() as shared:
        live(alone, before, now)
        live(shared, before)
        now.into(shared.cloud)
        agents = [shared.agent, shared.agent]
        with ThreadPoolExecutor(2) as pool:
            first, second = (one.result() for one in [pool.submit(run, agent) for agent in agents])
        assert first.sweep == second.sweep
        assert same(shared) == same(alone)


def same(found: Life) -> Any:
    """What a sweep may not give otherwise, whoever took it in however many goes."""
    store = Folder(found.folder / "store")
    name = max(store.children("sweeps"))
    swept = decode(store.get(f"sweeps/{name}/sweep.json"), Sweep, what=name)
    parts = [read_part(store, f"sweeps/{name}", account) for account in sorted(swept.parts)]
    shards = [(shard.name, shard.facts, shard.readings, shard.verdicts) for part in parts for shard in part.shards]
    return (
        swept.tallies,
        swept.cells,
        swept.unseen,
        swept.gap_rows,
        swept.resources,
        swept.standing,
        swept.looked,
        shards,
    )


def sightings(world: World) -> list[Sighting]:
    return [
        Sighting(
            cell=f"aws/{one.account}/{one.region}/{collector}", resource=one,
            evidence=(Evidence(operation="x.List", answer={"id": one.id}),),
        )
        for one, collector in world.resources
    ]  # fmt: skip


def judged(world: World, found: Life, *, largest: int, reverse: bool) -> tuple[list[bytes], Any]:
    """Verdict lines, each once and sorted, and the docket's counts."""
    loaded = found.agent.loaded
    rules = Rules.of(loaded.programme, checks(), loaded.exceptions, START)
    docket, found_lines = Docket(), []
    for account in ACCOUNTS:
        ones = [one for one in sightings(world) if one.resource.account == account]
        seen = [(one, Reading(id=one.resource.id, values={}, evidence=())) for one in ones]
        for bucket in buckets(reversed(seen) if reverse else seen, largest=largest):
            assert [one.id for one in bucket.readings] == [one.resource.id for one in bucket.sightings]
            ruled = judge_shard(paired(bucket.sightings, bucket.readings), rules, "", {}, docket)
            found_lines += each(ruled.text, Judged, what="verdicts")
    found_lines.sort(key=lambda one: (one.resource, one.check))
    noted = {key: (one.outcome, one.services) for key, one in docket.seen.items()}
    return lines(found_lines).splitlines(), (docket.tallies, docket.resources, docket.inherited, noted)


@pytest.mark.slow
@sized(8, 400)
@given(worlds, st.integers(1, 2000))
def test_laws_3_and_4_neither_order_nor_buckets_nor_time_change_a_verdict(world: World, largest: int) -> None:
    with life() as found:
        whole = judged(world, found, largest=1 << 30, reverse=False)
        assert judged(world, found, largest=largest, reverse=True) == whole
        assert judged(world, found, largest=1 << 30, reverse=False) == whole


@pytest.mark.slow
@sized(1, 40)
@given(worlds)
def test_law_7_agents_that_meet_at_the_end_of_a_cycle_seal_it_once(world: World) -> None:
    with life() as found:
        live(found, world, world, world)
        found.clock.now = datetime(2026, 10, 1, 0, 5, tzinfo=UTC)
        agents = [found.agent for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            ran = [one.result() for one in [pool.submit(run, agent) for agent in agents]]
        assert (
            len({encode(past) for one in ran for past in one.sealed}) == 3
        )  # whoever says that it sealed says the same
        assert len(found.bundles()) == 3
        keys = [entry.key for entry in found.agent.journal.entries]
        assert len(keys) == len(set(keys)) and sum(key.startswith("sealed/") for key in keys) == 3
        assert verify_all(found.bundles(), any_key=True).ok


@st.composite
def lives(draw: Any) -> list[tuple[World | None, tuple[str, ...]]]:
    """Six slots, two cycles: missed ones, changes, gaps, and exceptions that come and go."""
    days: list[tuple[World | None, tuple[str, ...]]] = []
    world = draw(worlds)
    for _ in range(6):
        luck = draw(st.integers(0, 5))
        if luck == 0 or (luck == 1 and days):  # nothing ran, or nothing changed
            days.append((None, ()) if luck == 0 else days[-1])
            continue
        fresh = draw(worlds)
        resources = {one[0].id: one for one in (*world.resources[:6], *fresh.resources[:4])}
        world = World(tuple(resources.values()), accounts=draw(st.sampled_from([ACCOUNTS, ACCOUNTS, ACCOUNTS[:2]])))
        shown = draw(st.one_of(st.just(world), blinded(world)))
        days.append((shown, draw(st.sampled_from([(), ("09-15",), ("10-10",)]))))
    return days


def lived(found: Life, days: list[tuple[World | None, tuple[str, ...]]]) -> list[Path]:
    path = found.folder / "exceptions" / "one.yaml"
    for world, expires in days:
        path.unlink(missing_ok=True)
        for day in expires:
            path.write_text(EXCEPTION.format(name="one", check="data_is_encrypted_at_rest", expires=day))
        live(found, world)
    found.clock.now = datetime(2026, 11, 1, 1, tzinfo=UTC)
    found.run()
    return found.bundles()


@pytest.mark.slow
@sized(2, 150)
@given(lives())
def test_law_8_every_sealed_figure_follows_from_the_sealed_evidence(
    days: list[tuple[World | None, tuple[str, ...]]],
) -> None:
    with life() as found:
        bundles = lived(found, days)
        found_all = verify_all(bundles, any_key=True)
        assert found_all.ok or not bundles, found_all
        for path in bundles:
            again = replay(path)
            assert again.ok, again.words


@pytest.mark.slow
@sized(2, 100)
@given(lives())
def test_law_4_what_is_not_judged_again_is_what_judging_again_would_give(
    days: list[tuple[World | None, tuple[str, ...]]],
) -> None:
    with life() as quick, life() as thorough, pytest.MonkeyPatch.context() as monkeypatch:
        lived(quick, days)
        monkeypatch.setattr("agent.sweeping.memory", lambda *_: NOTHING)
        lived(thorough, days)
        for one, other in zip(sweeps(quick), sweeps(thorough), strict=True):
            assert one == other


def sweeps(found: Life) -> list[tuple[Any, ...]]:
    """Of every sweep what its verdicts came to."""
    store = Folder(found.folder / "store")
    told = []
    for name in store.children("sweeps"):
        swept = decode(store.get(f"sweeps/{name}/sweep.json"), Sweep, what=name)
        parts = [read_part(store, f"sweeps/{name}", account) for account in sorted(swept.parts)]
        told.append((swept.tallies, swept.resources, swept.ended, parts))
    return told


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second bundle of a life with something of everything."""
    found = begin(tmp_path_factory.mktemp("sealed"), programme=PROGRAMME)
    live(found, RICH, RICH, None, RICH, BLIND, BLIND)
    found.clock.now = datetime(2026, 11, 1, 1, tzinfo=UTC)
    found.run()
    return found.bundles()[-1]


def rewritten(path: Path, out: Path, name: str, content: bytes) -> Path:
    """The bundle with one member changed and nothing else: what only judging again can notice."""
    with Archive.open(path) as archive, out.open("xb") as file:
        writer = Writer(file)
        for one in archive.entries:
            writer.add(one, io.BytesIO(content) if one == name else archive.content(one))
        writer.finish()
    return out


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the numbers and words of a JSON document stand."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))
    if not isinstance(value, dict | list):
        yield path


def bent(document: Any, path: tuple[Any, ...]) -> bytes:
    """The document with one leaf changed."""
    changed = json.loads(encode(document))
    at = changed
    for key in path[:-1]:
        at = at[key]
    old = at[path[-1]]
    at[path[-1]] = (
        not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else "1/7" if old is None else f"{old}1"
    )
    return encode(changed)


def members(path: Path) -> dict[str, Any]:
    """The JSON members on which figures rest, or that show them."""
    with Archive.open(path) as archive:
        names = [
            name for name in archive.entries if name.endswith(".json") and name.split("/")[0] in {"evidence", "sweeps"}
        ]
        return {
            name: json.loads(archive.read(name, 1 << 28))
            for name in (*names, "report.json", "public/report.json", "gaps.json")
        }


def test_records_that_have_our_shape_and_no_sense_are_an_answer_and_no_traceback(sealed: Path, tmp_path: Path) -> None:
    plan = members(sealed)["evidence/plan.json"]
    plan["concerned"] = {}
    again = replay(rewritten(sealed, tmp_path / "altered.zip", "evidence/plan.json", encode(plan)))
    assert not again.ok and "its records do not fit together (KeyError: 'aws')" in again.words[0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(400 if WHOLE else 12))
def test_law_8_no_single_value_of_reports_tallies_and_counts_can_be_another(
    sealed: Path, seed: int, tmp_path: Path
) -> None:
    found = members(sealed)
    random = Random(seed)
    name = random.choice(sorted(found))
    path = random.choice(list(leaves(found[name])))
    changed = rewritten(sealed, tmp_path / "altered.zip", name, bent(found[name], path))
    assert not replay(changed).ok, (name, path)


def test_law_8_every_page_is_the_one_that_its_figures_give(sealed: Path, tmp_path: Path) -> None:
    for number, name in enumerate(
        ("report.html", "public/report.html", "specifications.csv", "public/specifications.csv")
    ):
        with Archive.open(sealed) as archive:
            content = archive.read(name, 1 << 28)
        changed = rewritten(sealed, tmp_path / f"{number}.zip", name, content.replace(b"1", b"2", 1))
        assert f"{name} has figures" in replay(changed).words[0]


ALONE = PROGRAMME[: PROGRAMME.index("  - id: tagged")] + PROGRAMME[PROGRAMME.index("owners:") :]
"""The service `everything` by itself."""
LIES = {
    "a failure fewer in the tallies": lambda part: _count(part, "failed", -1),
    "a pass more in the tallies": lambda part: _count(part, "passed", 1),
    "an unseen cell forgotten": lambda part: _count(part, "unseen", -1),
    "more resources than were seen": lambda part: part["resources"]["everything"].update(DataStore=99),
    "inherited resources that are none": lambda part: part["inherited"].update(everything=7),
    "a cell called complete": lambda part: next(one for one in part["cells"] if not one["complete"]).update(
        complete=True
    ),
    "a cell that held more": lambda part: part["cells"][0].update(resources=99),
    "another host": lambda part: part["cells"][-1].update(hosts=["ec2.eu-west-1.amazonaws.com"]),
    "no deviation stands": lambda part: part.update(standing=digest(b"")),
}


def _count(part: Any, field: str, by: int) -> None:
    for named in part["tallies"].values():
        for clouds in named["everything"].values():
            if clouds["aws"].get(field):
                clouds["aws"][field] += by
                return
    raise AssertionError(f"nothing {field} to lie about")


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.slow
@pytest.mark.sampled
def test_law_8_replay_notices_a_provider_who_signs_a_consistent_lie(tmp_path: Path, lie: str) -> None:
    """Everything above the lie is made again, signed and chained: only judging the facts again tells."""
    found = begin(tmp_path, programme=ALONE)
    live(found, RICH, RICH)
    BLIND.into(found.cloud)
    agent = found.agent
    _, swept = sweep_now(agent, current(agent), agent.clock())
    store, folder = agent.store, f"sweeps/{stamp(swept.slot)}"
    store.blob(b"")
    account = f"aws/{ACCOUNTS[0]}"
    part = json.loads(encode(read_part(store, folder, account)))
    LIES[lie](part)
    replaced(
        store.root / folder / "parts" / f"{account.replace('/', '-', 1)}.json.zst",
        packed(decode(encode(part), Part, what=lie)),
    )
    plan = read_plan(store, folder)
    rules = Rules.of(agent.loaded.programme, checks(), agent.loaded.exceptions, plan.nominal)
    examined = Examined(canaries=swept.canaries, distrusted=swept.distrusted)
    again = close(store, folder, plan, rules, started=swept.started, ended=swept.ended_at, examined=examined)
    replaced(store.root / folder / "sweep.json", encode(again))
    (store.root / "journal" / f"{agent.journal.height:08d}.json").unlink()
    found.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    found.run()
    (everything,) = found.bundles()
    assert verify_all([everything], any_key=True).ok
    again = replay(everything)
    assert not again.ok and again.to_install is None, again.words


def replaced(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)
