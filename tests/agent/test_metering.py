"""CSA's metrics of a cycle: in the bundle, in the report, counted again by a replay; and what findings count."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.archive import Archive
from agent.canonical import digest, lines
from agent.outlook import outlook
from agent.programme import Commitment, Selector, Service
from agent.record import Ended, Judged, Part, Shard, Sweep
from agent.replay import replay
from agent.running import interim_bundles
from agent.scanned import scanned
from collectors.sighting import Reading, Sighting
from collectors.watching import Finding, Watch
from controls.tally import Result, Tally
from tests.agent.living import PROGRAMME, begin
from tests.agent.worlds import World, blinded, life, live, reports, sized, worlds

NOW = datetime(2026, 9, 30, tzinfo=UTC)
CELL = "aws/111122223333/eu-west-1/aws.findings"
SERVICE = Service(
    id="store", name="Store", owner="lead", level="1", ccm="4.1.0",
    specifications={"CCM:4.1:TVM-08": Commitment(owner="lead", responsibility="provider")}, scope=Selector(),
)  # fmt: skip


class Blobs(dict):
    """Blobs in memory, by address."""

    def read(self, address):
        return self[address]

    def put(self, values):
        data = lines(values)
        self[digest(data)] = data
        return digest(data)


def finding(name, severity, age, published=None):
    return Finding(
        id=f"arn:aws:inspector2:eu-west-1:111122223333:finding/{name}", provider="aws", account="111122223333",
        region="eu-west-1", kind="vulnerability", tags={}, severity=severity, first_seen=NOW - timedelta(days=age),
        published=None if published is None else NOW - timedelta(days=published),
    )  # fmt: skip


def shard(blobs, resources, verdicts=(), readings=()):
    seen = [Sighting(resource=one, cell=CELL, evidence=()) for one in resources]
    return Shard(
        name=f"aws/111122223333/{type(resources[0]).__name__}-all", lines=len(seen), facts=blobs.put(seen),
        readings=blobs.put(readings) if readings else None, verdicts=blobs.put(verdicts), tallies={}, resources={}, inherited={},
        until=None,
    )  # fmt: skip


def part(blobs, *shards, remembered=None):
    return Part(
        provider="aws", account="111122223333", cells=(), shards=shards, calls=blobs.put(()), tallies={},
        remembered=remembered or {}, standing=blobs.put(()), ended=(), resources={}, inherited={},
    )  # fmt: skip


def judged(one, outcome):
    return Judged(resource=one.id, check="vulnerabilities_are_mended_in_time", outcome=outcome, reason="")


class Taken:
    """A due sweep that was taken."""

    def __init__(self, sweep):
        self.sweep = sweep


def sweep(*, unseen=0, ended=()):
    tallies = {"store": {"vulnerabilities_are_mended_in_time": {"aws": Tally(unseen=unseen)}}} if unseen else {}
    return Taken(
        Sweep(
            slot=NOW, nominal=NOW, started=NOW, ended_at=NOW, plan="", parts={}, looked={}, complete=True, tallies=tallies, cells=1,
            unseen=unseen, gaps={}, gap_rows=(), subjects=(), resources={}, inherited={}, hosts=(), calls=0,
            ended=tuple(ended), standing={},
        )
    )  # fmt: skip


def counts(blobs, *parts, dues=()):
    return scanned(blobs, parts, SERVICE, dues or (sweep(),), (), {})


def test_high_and_critical_vulnerabilities_are_counted_and_others_are_not():
    blobs = Blobs()
    ones = [finding("a", "critical", 40), finding("b", "high", 3), finding("c", "low", 400), finding("d", None, 1)]
    told = [judged(ones[0], "failed"), judged(ones[1], "passed"), judged(ones[2], "failed"), judged(ones[3], "passed")]
    found = counts(blobs, part(blobs, shard(blobs, ones, told)))
    assert found["TVM-03-M1"]["aws"] == found["AIS-07-M6"]["aws"] == Tally(passed=1, failed=1, unknown=1)


def test_what_was_mended_too_late_counts_and_an_unseen_cell_stays_unseen():
    blobs = Blobs()
    one = finding("a", "high", 3)
    late = Ended(
        check="vulnerabilities_are_mended_in_time", resource="x", cell=CELL, how="deleted", failing_by=NOW, after=NOW, by=NOW,
        services=("store",),
    )  # fmt: skip
    found = counts(
        blobs,
        part(blobs, shard(blobs, [one], [judged(one, "passed")]), remembered={CELL: {"store": {late.check: 2}}}),
        dues=(sweep(unseen=1, ended=(late,)),),
    )
    assert found["TVM-03-M1"]["aws"] == Tally(passed=1, failed=1, unknown=2, unseen=1)


def test_the_time_to_find_runs_from_publication_and_is_unknown_without_it():
    blobs = Blobs()
    ones = [finding("a", "high", 3, published=5), finding("b", "high", 3, published=90), finding("c", "critical", 3)]
    found = counts(blobs, part(blobs, shard(blobs, ones, [judged(one, "passed") for one in ones])))
    assert found["TVM-10-M1"]["aws"] == Tally(passed=1, failed=1, unknown=1)


def watch(region, **facts):
    return Watch(
        id=f"arn:aws:inspector2:{region}:111122223333:scanner", provider="aws", account="111122223333", region=region,
        kind="vulnerability scanning", tags={}, **facts,
    )  # fmt: skip


def test_scanners_count_what_they_cover_and_one_that_says_nothing_is_unseen():
    blobs = Blobs()
    ones = [watch("eu-west-1", enabled=True), watch("eu-west-2", enabled=False), watch("us-east-1", enabled=True)]
    moved = [
        Reading(id=ones[0].id, values={"coverable": 10, "covered": 9}, evidence=()),
        Reading(id=ones[1].id, values={"coverable": 4, "covered": 4}, evidence=()),
    ]  # fmt: skip
    found = counts(blobs, part(blobs, shard(blobs, ones, (), moved)))
    assert found["TVM-07-M1"]["aws"] == Tally(passed=9, failed=5, unseen=1)


def test_a_bundle_holds_the_metrics_and_a_replay_counts_them_again(tmp_path):
    text = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d")
    life = begin(tmp_path, programme=f"{text}metrics: {{BCR-08-M1: 90%}}\n")
    for _ in range(4):
        life.run()
        life.clock.now += timedelta(days=10)
    (bundle,) = life.bundles()
    with Archive.open(bundle) as archive:
        told = json.loads(archive.read("metrics.json", 1 << 20))
        assert archive.read("public/metrics.json", 1 << 20) == archive.read("metrics.json", 1 << 20)
        page = archive.read("public/report.html", 1 << 24).decode()
    by_id = {one["id"]: one for one in told}
    assert len(told) == 42
    assert by_id["LOG-13-M2"]["measures"][-1] == {
        "a": 3, "b": 3, "closing": "met", "high": "1/1", "low": "1/1", "provider": "", "result": "met",
        "source": "our own sweeps", "unknown": 0, "unseen": 0,
    }  # fmt: skip
    assert by_id["BCR-08-M1"]["slo_of"] == "programme" and by_id["AIS-05-M1"]["computed"] == "false"
    assert (by_id["GRC-04-M1"]["result"], by_id["GRC-04-M1"]["low"]) == ("nothing to judge", None)
    assert 'id="metrics"' in page and "LOG-13-M2" in page
    done = replay(bundle)
    assert done.ok, done.words


@st.composite
def seen_and_blinded(draw):
    before, now = draw(worlds), draw(worlds)
    both = World(tuple({one[0].id: one for one in (*before.resources, *now.resources)}.values()))
    return before, both, draw(blinded(both))


@sized(3, 200)
@given(seen_and_blinded())
def test_law_2_a_gap_never_improves_a_metric(days):
    before, now, blind = days
    with life() as seen, life() as unseen:
        live(seen, before, now)
        live(unseen, before, blind)
        mine, theirs = reports(unseen), reports(seen)
        for service, told in mine.items():
            whole = {one.id: one for one in theirs[service].metrics}
            for one in told.metrics:
                for name in ("result", "closing"):
                    assert getattr(one, name) is not Result.MET or getattr(whole[one.id], name) is Result.MET, (
                        service,
                        one,
                        whole[one.id],
                    )


EXCEPTION = (
    "id: legacy\ncheck: data_is_encrypted_at_rest\nrequester: storage-lead\napprover: security-lead\nrationale: replaced soon\n"
    "created: 2026-08-20\nexpires: {expires}\naccounts: ['111122223333']\n"
)


@pytest.mark.parametrize(
    ("expires", "mended", "ends", "result"),
    [
        ("2026-12-31", False, ("0/1", "1/1"), "not shown"),
        ("2026-12-31", True, ("1/1", "1/1"), "met"),
        ("2026-09-12", False, ("0/1", "0/1"), "missed"),
        ("2026-08-25", False, (None, None), "nothing to judge"),
    ],
)
def test_an_approved_exception_counts_by_what_became_of_it(tmp_path, expires, mended, ends, result):
    found = begin(tmp_path, programme=PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d"))
    (tmp_path / "exceptions/legacy.yaml").write_text(EXCEPTION.format(expires=expires))
    found.cloud.volume("legacy", encrypted=False)
    for number in range(3):
        if number == 1 and mended:
            found.cloud.volume("legacy", encrypted=True)
        found.run()
        found.clock.now += timedelta(days=10)
    target = tmp_path / "interim.zip"
    list(interim_bundles(found.agent, found.clock.now - timedelta(seconds=1), target))
    with Archive.open(target) as archive:
        told = {one["id"]: one for one in json.loads(archive.read("metrics.json", 1 << 20))}
    row = told["GRC-04-M1"]
    assert ((row["low"], row["high"]), row["result"]) == (ends, result)


@pytest.mark.parametrize(
    ("expires", "mended", "said"),
    [("2026-12-31", True, "met"), ("2026-09-12", False, "missed"), (None, False, "nothing to judge")],
)
def test_status_says_of_policy_exceptions_what_the_report_will_say(tmp_path, expires, mended, said):
    line = "      CCM:4.1:GRC-04: {owner: storage-lead, responsibility: provider}\n      CCM:4.1:IAM-13:"
    committed = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace("      CCM:4.1:IAM-13:", line)
    found = begin(tmp_path, programme=committed)
    if expires:
        (tmp_path / "exceptions/legacy.yaml").write_text(EXCEPTION.format(expires=expires))
    found.cloud.volume("legacy", encrypted=False)
    for number in range(3):
        if number == 1 and mended:
            found.cloud.volume("legacy", encrypted=True)
        found.run()
        found.clock.now += timedelta(days=10)
    agent, now = found.agent, found.clock.now - timedelta(seconds=1)
    seen = outlook(agent.store, agent.journal, agent.press.checks, agent.loaded.exceptions, now)
    target = tmp_path / "interim.zip"
    list(interim_bundles(agent, now, target))
    with Archive.open(target) as archive:
        rows = {one["id"]: one for one in json.loads(archive.read("report.json", 1 << 26))["specifications"]}
    assert (seen.services[0].results["CCM:4.1:GRC-04"], rows["CCM:4.1:GRC-04"]["result"]) == (said, said)
