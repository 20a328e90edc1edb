from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from agent.archive import Archive
from agent.canonical import decode
from agent.errors import Incomplete, UsageError
from agent.keys import make_signing_key
from agent.parts import read_part
from agent.replay import replay
from agent.report import Report
from agent.running import commit, interim_bundles, run
from collectors.resource import AccessKey, DataStore, Entitlement, Identity
from controls.catalogue import CHECKS
from controls.tally import Result, against
from controls.verdict import passed
from tests.agent.living import DAY, PROGRAMME, START, Life, begin
from tests.agent.simulator import POWERS


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return begin(tmp_path)


def report(path: Path) -> Report:
    with Archive.open(path) as archive:
        return decode(archive.read("report.json", 1 << 28), Report, what="report.json")


def row(found: Report, specification: str) -> Result | None:
    return next(one.result for one in found.specifications if one.id == specification)


def test_a_run_before_the_commitment_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="type `starcadence commit`"):
        begin(tmp_path, committed=False).run()


def test_committing_twice_changes_nothing(life: Life) -> None:
    before = life.tree()
    life.clock.now += DAY
    commit(life.agent)
    assert life.tree() == before


def test_another_key_than_the_committed_one_is_refused(life: Life) -> None:
    (life.folder / "keys" / "signing.pem").unlink()
    make_signing_key(life.folder / "keys" / "signing.pem")
    with pytest.raises(UsageError, match="not the key that the journal names"):
        life.run()


def test_a_month_of_daily_runs_seals_one_complete_bundle(life: Life) -> None:
    life.days(31)
    (path,) = life.bundles()
    found = report(path)
    assert (found.cycle, found.state, found.days, found.days_of) == ("2026-09", "complete", 30, 30)
    assert (
        row(found, "CCM:4.1:CEK-03") is Result.NOT_SHOWN
    )  # regions and buckets that this cloud never lists were not looked at
    assert next(one for one in found.specifications if one.id == "CCM:4.1:CEK-03").objectives[0].within == 30


def test_running_again_in_the_same_slot_changes_nothing(life: Life) -> None:
    life.run()
    before, visits = life.tree(), life.cloud.visits
    life.clock.now += timedelta(hours=5)
    assert not life.run().taken
    assert life.tree() == before and life.cloud.visits == visits


def test_an_idle_sweep_adds_no_facts_blob(life: Life) -> None:
    life.run()
    blobs = {key for key in life.tree() if key.startswith("blobs/")}
    life.clock.now += DAY
    assert life.run().taken
    added = {key for key in life.tree() if key.startswith("blobs/")} - blobs
    assert not added


def test_a_missed_sweep_is_shown_and_counts_as_out_of_objective(life: Life) -> None:
    life.days(10)
    life.clock.now += DAY
    life.days(20)
    (path,) = life.bundles()
    found = report(path)
    assert found.state == "partial"
    assert [one.slot.day for one in found.sweeps if one.state == "missed"] == [11]
    objective = next(one for one in found.specifications if one.id == "CCM:4.1:CEK-03").objectives[0]
    assert (objective.due, objective.taken, objective.within, objective.longest_unseen) == (30, 29, 29, 86400)
    assert objective.result is Result.NOT_SHOWN


def test_a_cycle_without_any_sweep_is_a_signed_missed_entry_for_each_service(life: Life) -> None:
    life.run()
    life.clock.now = datetime(2026, 12, 3, tzinfo=UTC)
    ran = life.run()
    assert [(one.cycle, one.state, one.late) for one in ran.sealed] == [("2026-09", "partial", True)]
    assert [(one.cycle, one.state) for one in ran.missed] == [("2026-10", "missed"), ("2026-11", "missed")]
    journal = life.agent.journal
    assert [entry.key for entry in journal.of("missed")] == [
        "missed/object-store/2026-10",
        "missed/object-store/2026-11",
    ]
    life.clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    life.run()
    assert [one.state for one in report(life.bundles()[-1]).year] == ["sealed late", "missed", "missed", "partial"]


def test_a_short_first_cycle_says_so(tmp_path: Path) -> None:
    life = begin(tmp_path, at=datetime(2026, 9, 14, 8, tzinfo=UTC))
    life.days(18)
    found = report(life.bundles()[0])
    assert (found.days, found.days_of, len(found.sweeps)) == (17, 30, 17)


def test_a_clock_that_stands_before_the_cycle_changes_nothing(life: Life) -> None:
    before = life.tree()
    life.clock.now = START - DAY
    with pytest.raises(Incomplete, match="the clock says 2026-08-31"):
        life.run()
    assert life.tree() == before


def test_a_failure_is_tracked_from_first_seen_to_mended(life: Life) -> None:
    life.days(5)
    life.cloud.volume("one", encrypted=False)
    life.days(10)
    life.cloud.volume("one", encrypted=True)
    life.days(16)
    found = report(life.bundles()[0])
    (mended,) = found.mended
    assert (mended.how, mended.failing_by.day, mended.after.day, mended.by.day) == ("mended", 6, 15, 16)
    assert found.deviations == ()
    assert row(found, "CCM:4.1:CEK-03") is Result.MISSED


def test_a_deleted_resource_is_no_remediation(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    life.days(3)
    life.cloud.remove("one")
    life.days(28)
    assert [one.how for one in report(life.bundles()[0]).mended] == ["deleted"]


def test_what_was_last_seen_failing_stays_failing_behind_a_gap(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    life.days(3)
    life.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    life.days(28)
    (path,) = life.bundles()
    found = report(path)
    (deviation,) = found.deviations
    assert (deviation.failing_by.day, deviation.last_seen.day) == (1, 3)
    tally = next(one for one in found.specifications if one.id == "CCM:4.1:CEK-03").objectives[0].tally
    assert (tally.failed, tally.carried, tally.unseen) == (1, 1, 1)
    assert row(found, "CCM:4.1:CEK-03") is Result.MISSED


def test_an_account_that_discovery_no_longer_names_does_not_leave_the_scope_by_that(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    life.days(3)
    life.cloud.organization_denied = True
    ran = life.run()
    assert ran.sweep is not None
    tally = ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"]
    assert (tally.failed, tally.unseen) == (1, 1)


def test_an_unallocated_account_lets_nothing_be_met(life: Life) -> None:
    life.cloud.unallocated.add("444455556666")
    ran = life.run()
    assert ran.sweep is not None and not ran.sweep.complete
    assert ran.sweep.gaps == {"unallocated": 1}
    assert all(tally.unseen for checks in ran.sweep.tallies["object-store"].values() for tally in checks.values())


def test_an_approved_exception_changes_no_result_and_ends_by_itself(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    (life.folder / "exceptions" / "one.yaml").write_text(
        "id: legacy-volume\ncheck: data_is_encrypted_at_rest\nrequester: storage-lead\napprover: security-lead\n"
        "rationale: replaced in October\ncreated: 2026-08-20\nexpires: 2026-09-10\naccounts: ['111122223333']\n"
    )
    counts = []
    for ran in life.days(12):
        assert ran.sweep is not None
        tally = ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"]
        counts.append((tally.failed, tally.excepted))
    assert counts == [(1, 1)] * 10 + [(1, 0)] * 2
    life.days(19)
    found = report(life.bundles()[0])
    assert [one.state for one in found.exceptions] == ["expired"]
    assert found.deviations[0].exception is None and row(found, "CCM:4.1:CEK-03") is Result.MISSED


def test_a_changed_programme_waits_for_the_next_cycle(life: Life) -> None:
    life.days(5)
    (life.folder / "programme.yaml").write_text(PROGRAMME.replace("slo: 100%", "slo: 50%"))
    life.days(57)
    september, october = (report(path) for path in life.bundles())
    slo = [
        next(one.slo for one in found.specifications if one.id == "CCM:4.1:CEK-03") for found in (september, october)
    ]
    assert slo == ["100%", "50%"]
    changed = [entry.body["takes_effect"] for entry in life.agent.journal.of("programme")]
    assert changed == ["now", "with the next cycle"]


def test_a_sweep_closed_by_a_killed_run_is_written_down_by_the_next(life: Life) -> None:
    life.run()
    (life.folder / "store" / "journal" / f"{life.agent.journal.height:08d}.json").unlink()
    life.clock.now += DAY
    life.run()
    assert [entry.key for entry in life.agent.journal.of("sweep")] == [
        "sweep/20260901T000000Z",
        "sweep/20260902T000000Z",
    ]


def test_a_seal_cut_short_after_its_commit_point_is_finished_unchanged(life: Life) -> None:
    life.days(31)
    journal = life.folder / "store" / "journal"
    sealed = next(entry for entry in life.agent.journal.of("sealed"))
    before = life.tree()
    for path in sorted(journal.iterdir())[sealed.height - 1 :]:
        path.unlink()
    life.run()
    assert {key: data for key, data in life.tree().items() if key.startswith("cycles/")} == {
        key: data for key, data in before.items() if key.startswith("cycles/")
    }
    assert next(entry for entry in life.agent.journal.of("sealed")).body == sealed.body


def test_cycles_chain_by_their_manifests(life: Life) -> None:
    life.days(62)
    first, second = life.bundles()
    assert report(second).previous_bundle == next(entry.body["manifest"] for entry in life.agent.journal.of("sealed"))
    assert report(first).previous_bundle is None


def test_an_interim_bundle_stands_outside_of_the_chain(life: Life, tmp_path: Path) -> None:
    life.days(10)
    before = life.tree()
    ((path, found),) = list(interim_bundles(life.agent, life.clock.now, tmp_path / "interim.zip"))
    assert path.is_file() and found.interim and len(found.sweeps) == 10
    assert {key for key in life.tree() if not key.startswith("blobs/")} == {
        key for key in before if not key.startswith("blobs/")
    }


def test_an_interim_bundle_of_a_cycle_without_sweeps_is_refused(life: Life, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no sweep yet"):
        list(interim_bundles(life.agent, life.clock.now, tmp_path / "interim.zip"))


def test_tags_that_were_not_learned_neither_help_nor_drop_out_of_sight(tmp_path: Path) -> None:
    tagged = PROGRAMME.replace("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    scope: {tags: {service: object-store}}\n")
    life = begin(tmp_path, programme=tagged)
    for name, tags in (("one", {"service": "object-store"}), ("two", {"service": "other"}), ("three", None)):
        life.cloud.volume(name, encrypted=True, tags=tags)
    ran = life.run()
    assert ran.sweep is not None
    tally = ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"]
    assert (tally.passed, tally.unknown) == (1, 1)
    assert ran.sweep.resources["object-store"] == {"DataStore": 2}


def test_a_resource_that_the_provider_manages_is_inherited_and_counted(life: Life) -> None:
    life.cloud.put(
        DataStore(
            id="arn:managed",
            provider="aws",
            account="111122223333",
            region="eu-west-1",
            kind="volume",
            tags={},
            managed_by="provider",
        ),
        "aws.volumes",
    )
    ran = run(life.agent)
    assert ran.sweep is not None
    assert ran.sweep.inherited == {"object-store": 1}
    assert ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"].not_applicable == 1


def test_a_time_zone_further_west_opens_the_next_cycle_and_forgets_no_hour(life: Life) -> None:
    life.days(5)
    (life.folder / "programme.yaml").write_text(PROGRAMME.replace("time_zone: UTC", "time_zone: America/New_York"))
    life.days(60)
    assert [entry.key for entry in life.agent.journal.of("cycle")] == [
        "cycle/2026-09",
        "cycle/2026-10",
        "cycle/2026-11",
    ]
    september, october = (report(path) for path in life.bundles())
    assert (october.start, october.end) == (september.end, datetime(2026, 11, 1, 4, tzinfo=UTC))
    assert (october.state, len(october.sweeps)) == ("complete", 31)


def test_an_account_that_becomes_unallocated_keeps_its_deviations_and_is_not_asked(life: Life) -> None:
    life.cloud.accounts["444455556666"] = ("eu-west-1",)
    life.cloud.volume("bad", encrypted=False, account="444455556666")
    life.days(2)
    del life.cloud.accounts["444455556666"]
    life.cloud.unallocated.add("444455556666")
    visits = life.cloud.visits
    for ran in life.days(2):
        assert ran.sweep is not None
        tally = ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"]
        assert (tally.failed, tally.carried, tally.unseen, ran.sweep.ended) == (1, 1, 2, ())
    assert life.cloud.visits - visits == 2 * 3
    life.cloud.unallocated.clear()
    life.cloud.excluded["444455556666"] = "sold"
    ran = life.run()
    assert ran.sweep is not None
    assert [one.how for one in ran.sweep.ended] == ["out of scope"]


def test_a_failure_stays_with_its_service_when_its_tags_are_no_longer_learned(tmp_path: Path) -> None:
    tagged = PROGRAMME.replace("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    scope: {tags: {service: object-store}}\n")
    life = begin(tmp_path, programme=tagged)
    life.cloud.volume("one", encrypted=False, tags={"service": "object-store"})
    life.days(1)
    life.cloud.volume("one", encrypted=False, tags=None)
    for ran in life.days(2):
        assert ran.sweep is not None
        assert ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"].failed == 1
        assert ran.sweep.standing == {"object-store": 1}
    life.days(28)
    assert replay(life.bundles()[0]).ok


def test_a_sweep_that_another_began_goes_on_with_the_exceptions_of_its_plan(life: Life) -> None:
    """Whoever approves an exception meanwhile: half of a sweep under it and half not could never be replayed."""
    life.cloud.volume("one", encrypted=False)
    life.clock.now = START + 29 * DAY
    life.cloud.broken = 1
    with pytest.raises(ConnectionAbortedError):
        life.run()
    life.cloud.broken = None
    (life.folder / "exceptions" / "one.yaml").write_text(
        "id: one\ncheck: data_is_encrypted_at_rest\nrequester: storage-lead\napprover: security-lead\n"
        "rationale: replaced in October\ncreated: 2026-08-20\nexpires: 2026-10-10\naccounts: ['111122223333']\n"
    )
    ran = life.run()
    assert ran.sweep is not None
    assert ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"].excepted == 0
    life.clock.now += DAY
    life.run()
    assert replay(life.bundles()[0]).ok


def test_a_day_on_which_nothing_answers_is_not_shown_rather_than_missed(tmp_path: Path) -> None:
    life = begin(tmp_path, programme=PROGRAMME.replace("slo: 100%", "slo: 50%"))
    life.cloud.volume("one", encrypted=False)
    life.run()
    life.clock.now += DAY
    life.cloud.denied = {cell for cell, _ in life.cloud.resources}
    for _ in range(2):
        ran = life.run()
        life.clock.now += DAY
        assert ran.sweep is not None
        tally = ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"]
        assert (tally.passed, tally.failed, tally.carried, tally.unknown, tally.unseen) == (0, 1, 1, 2, 1)
        assert against(tally, Fraction(1, 2)) is Result.NOT_SHOWN


def test_a_fact_that_is_no_longer_learned_leaves_a_failure_a_failure(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    for name in ("two", "three"):
        life.cloud.remove(name)
    life.days(1)
    life.cloud.volume("one", encrypted=None)
    for ran in life.days(2):
        assert ran.sweep is not None
        tally = ran.sweep.tallies["object-store"]["data_is_encrypted_at_rest"]["aws"]
        assert (tally.failed, tally.carried, tally.excepted, tally.unknown) == (1, 1, 0, 0)


def test_an_account_of_unknown_regions_is_unseen_for_every_service(tmp_path: Path) -> None:
    second = PROGRAMME[PROGRAMME.index("  - id:") : PROGRAMME.index("owners:")].replace("object-store", "second")
    life = begin(tmp_path, programme=PROGRAMME.replace("owners:", second + "owners:"))
    life.cloud.regions_denied.add("111122223333")
    ran = life.run()
    assert ran.sweep is not None
    for service in ("object-store", "second"):
        assert {clouds["aws"].unseen for clouds in ran.sweep.tallies[service].values()} == {1}


def test_what_a_user_is_and_what_it_may_do_have_one_id_and_are_told_apart(life: Life) -> None:
    identity = "arn:aws:iam::111122223333:user/both"
    place = {
        "id": identity,
        "provider": "aws",
        "account": "111122223333",
        "region": "global",
        "kind": "user",
        "tags": {},
    }
    life.cloud.collectors = (*life.cloud.collectors, POWERS)
    life.cloud.put(Identity(**place, console=True, mfa=False, last_active=START), "aws.users")
    life.cloud.put(Entitlement(**place, administrator=True), "aws.entitlements")
    life.days(31)
    found = {one.check: one.facts for one in report(life.bundles()[0]).deviations if one.resource == identity}
    assert found["users_need_mfa"] == {"console": True, "mfa": False}
    assert found["no_full_administrators"] == {"administrator": True}
    part = read_part(life.agent.store, "sweeps/20260930T000000Z", "aws/111122223333")
    assert {shard.name.split("/")[-1]: shard.readings is not None for shard in part.shards} == {
        "DataStore-all": False, "Entitlement-all": False, "Identity-all": True,
    }  # fmt: skip
    assert replay(life.bundles()[0]).ok


def test_a_cycle_judged_before_an_upgrade_and_sealed_after_it_is_not_called_tampered_with(life: Life) -> None:
    agent = life.agent
    older = tuple(
        replace(check, function=lambda _: passed()) if check.judges is DataStore else check for check in CHECKS
    )
    for _ in range(30):
        run(replace(agent, press=replace(agent.press, checks=older)))
        life.clock.now += DAY
    life.run()
    again = replay(life.bundles()[0])
    assert not again.ok and again.to_install is not None and "judged by other checks" in again.words[0]


def test_an_account_that_leaves_takes_its_deviations_out_of_scope_and_the_cycle_replays(life: Life) -> None:
    life.cloud.accounts["444455556666"] = ("eu-west-1",)
    life.cloud.volume("bad", encrypted=False, account="444455556666")
    life.days(29)
    del life.cloud.accounts["444455556666"]
    life.days(2)
    found = report(life.bundles()[0])
    assert [(one.how, one.account) for one in found.mended] == [("out of scope", "444455556666")]
    assert found.deviations == () and replay(life.bundles()[0]).ok


def test_an_unchanged_estate_is_not_judged_again_until_time_alone_changes_a_verdict(life: Life) -> None:
    key = AccessKey(active=True, created=START - 85 * DAY)
    life.cloud.put(
        Identity(
            id="arn:aws:iam::111122223333:user/robot", provider="aws", account="111122223333", region="global", kind="user",
            console=False, mfa=False, keys=(key,), tags={},
        ),
        "aws.users",
    )  # fmt: skip
    counts, blobs = [], []
    for ran in life.days(10):
        assert ran.sweep is not None
        tally = ran.sweep.tallies["object-store"]["access_keys_are_young"]["aws"]
        counts.append((tally.passed, tally.failed))
        blobs.append(sum(key.startswith("blobs/") for key in life.tree()))
    assert counts == [(1, 0)] * 5 + [(0, 1)] * 5
    assert blobs == [blobs[0]] * 5 + [blobs[5]] * 5


def test_a_cycle_that_cannot_be_sealed_stops_no_sweep_and_is_sealed_once_its_blob_is_back(life: Life) -> None:
    life.days(30)
    last = life.folder / "store" / "sweeps" / "20260915T000000Z" / "sweep.json"
    kept = last.read_bytes()
    last.unlink()
    for ran in life.days(2):
        assert ran.sweep is not None and ran.taken
        (trouble,) = ran.troubles
        assert (
            "object-store: cycle 2026-09 could not be sealed" in trouble
            and "restore the store from its backup" in trouble
        )
    assert life.bundles() == []
    last.write_bytes(kept)
    assert [past.cycle for past in life.run().sealed] == ["2026-09"]
    life.clock.now = datetime(2026, 11, 1, tzinfo=UTC)
    assert [past.cycle for past in life.run().sealed] == ["2026-10"]
    first, second = life.bundles()
    assert report(second).previous_bundle == next(entry.body["manifest"] for entry in life.agent.journal.of("sealed"))
    assert replay(first).ok


def test_a_service_none_of_whose_accounts_is_in_scope_was_not_looked_at(tmp_path: Path) -> None:
    elsewhere = PROGRAMME.replace("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    scope: {accounts: ['444455556666']}\n")
    life = begin(tmp_path, programme=elsewhere)
    life.days(31)
    found = report(life.bundles()[0])
    assert row(found, "CCM:4.1:CEK-03") is Result.NOT_SHOWN
    assert found.counts["nothing to judge"] == found.counts["met"] == 0
