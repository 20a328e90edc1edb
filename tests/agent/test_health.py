"""Health: what is not known has no sample, names pass promtool, and the docs say what the code says."""

import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from agent import health
from agent.errors import UsageError
from agent.health import Health, ObjectiveHealth, ServiceHealth, SweepHealth
from agent.state import State
from collectors.gap import Reason
from controls.tally import Result

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LABELS = {
    "service": "object-store",
    "specification": "CCM:4.1:CEK-03",
    "check": "data_is_encrypted_at_rest",
    "cloud": "aws",
}


def objective(**changed) -> ObjectiveHealth:
    said = {"low": 0.75, "high": 0.875, "slo": 0.995, "unseen": 1, "result": Result.NOT_SHOWN, **changed}
    return ObjectiveHealth(specification="CCM:4.1:CEK-03", check="data_is_encrypted_at_rest", cloud="aws", **said)


def whole(**changed) -> Health:
    """Everything that a snapshot can hold."""
    sweep = SweepHealth(
        nominal=NOW - timedelta(hours=3), complete=False, seconds=41.5, cells=240, unseen=2, calls=1800,
        gaps={Reason.DENIED: 2}, accounts={"in scope": 4, "unallocated": 1},
    )  # fmt: skip
    service = ServiceHealth(
        service="object-store", specifications={Result.MET: 5, Result.MISSED: 2}, objectives=(objective(),),
        deviations={"high": 3}, excepted=1, resources={"DataStore": 310}, last_sealed=datetime(2026, 3, 1, tzinfo=UTC),
        seal_due=datetime(2026, 4, 1, tzinfo=UTC), lapses=NOW + timedelta(days=2), sealed=2, missed=1,
        done={"reviewed": NOW}, due={"published": NOW + timedelta(days=3)}, late={"reviewed": 1},
        renewals={"questionnaire": NOW + timedelta(days=9)},
    )  # fmt: skip
    said = {
        "sweep": sweep,
        "sweep_due": NOW + timedelta(hours=21),
        "sweep_late": NOW + timedelta(hours=45),
        "journal_height": 17,
        "exceptions_expiring": 1,
        "services": (service,),
        "state": State.DEGRADED,
        **changed,
    }
    return Health(now=NOW, version="0.1.0", **said)


def samples(snapshot: Health) -> dict[tuple, float]:
    """Name and labels of every sample with its value."""
    text = health.exposition(snapshot).decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: dict[tuple, float], name: str, **labels: str) -> float:
    return found[f"starcadence_{name}", *sorted(labels.items())]


def test_a_snapshot_says_sweep_cycle_and_objectives():
    found = samples(whole())
    assert of(found, "build_info", version="0.1.0") == 1
    assert of(found, "last_sweep_timestamp_seconds") == (NOW - timedelta(hours=3)).timestamp()
    assert of(found, "last_sweep_complete") == 0
    assert of(found, "last_sweep_unseen_cells") == 2
    assert of(found, "last_sweep_gaps", reason="denied") == 2
    assert of(found, "specifications", service="object-store", result="missed") == 2
    assert of(found, "resources", service="object-store", type="DataStore") == 310
    assert of(found, "time_to_lapse_seconds", service="object-store") == 2 * 86400
    assert of(found, "objective_low_ratio", **LABELS) == 0.75
    assert of(found, "objective_high_ratio", **LABELS) == 0.875
    assert of(found, "objective_met", **LABELS) == 0


def test_every_reason_result_and_severity_is_always_there():
    found = samples(whole())
    assert {dict(key[1:])["reason"] for key in found if key[0] == "starcadence_last_sweep_gaps"} == set(Reason)
    assert {dict(key[1:])["result"] for key in found if key[0] == "starcadence_specifications"} == set(Result)
    assert of(found, "deviations", service="object-store", severity="critical") == 0


def test_before_the_first_sweep_nothing_is_claimed():
    new = ServiceHealth(service="new")
    assert {key[0] for key in samples(Health(now=NOW, version="0.1.0", services=(new,)))} == {
        "starcadence_build_info", "starcadence_written_timestamp_seconds", "starcadence_bundles", "starcadence_missed_cycles",
        "starcadence_late_steps",
    }  # fmt: skip
    found = samples(Health(now=NOW, version="0.1.0"))
    assert {key[0] for key in found} == {"starcadence_build_info", "starcadence_written_timestamp_seconds"}


def test_a_service_without_a_sealed_cycle_claims_none():
    found = samples(whole(services=(ServiceHealth(service="new"),)))
    assert of(found, "bundles", service="new") == 0
    assert not any(key[0] == "starcadence_last_sealed_cycle_timestamp_seconds" for key in found)


@pytest.mark.parametrize(("result", "value"), [(Result.MET, 1), (Result.MISSED, 0), (Result.NOT_SHOWN, 0)])
def test_only_met_is_met(result, value):
    service = ServiceHealth(service="object-store", objectives=(objective(result=result),))
    assert of(samples(whole(services=(service,))), "objective_met", **LABELS) == value


def test_nothing_to_judge_is_neither_met_nor_missed():
    service = ServiceHealth(
        service="object-store", objectives=(objective(result=Result.NOTHING, low=None, high=None, unseen=0),)
    )
    names = {key[0] for key in samples(whole(services=(service,)))}
    assert "starcadence_objective_slo_ratio" in names
    assert not names & {
        "starcadence_objective_met",
        "starcadence_objective_low_ratio",
        "starcadence_objective_high_ratio",
    }


def test_a_lapse_counts_below_zero():
    late = ServiceHealth(service="late", lapses=NOW - timedelta(hours=1))
    assert of(samples(whole(services=(late,))), "time_to_lapse_seconds", service="late") == -3600


def test_the_whole_snapshot_uses_every_metric_and_no_other():
    assert {key[0] for key in samples(whole())} == {metric.name for metric in health.METRICS}


def test_nothing_is_added_to_the_registry_of_the_process():
    before = {family.name for family in REGISTRY.collect()}
    health.exposition(whole())
    assert {family.name for family in REGISTRY.collect()} == before
    assert b"process_" not in health.exposition(whole())


def test_the_same_snapshot_gives_the_same_bytes():
    assert health.exposition(whole()) == health.exposition(whole())


def test_the_file_is_replaced_in_one_step_and_readable_by_the_exporter(tmp_path):
    path = tmp_path / "starcadence.prom"
    path.write_text("old")
    health.write(path, whole())
    assert path.read_bytes() == health.exposition(whole())
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="name a file in a folder that exists"):
        health.write(tmp_path / "absent" / "starcadence.prom", whole())


def test_what_cannot_be_replaced_stands_unchanged(tmp_path):
    path = tmp_path / "starcadence.prom"
    path.mkdir()
    with pytest.raises(UsageError, match="stand unchanged"):
        health.write(path, whole())
    assert list(tmp_path.iterdir()) == [path]


def test_the_docs_list_every_metric():
    page = Path(__file__).parents[2] / "docs" / "health.md"
    assert health.table() in page.read_text(), (
        "docs/health.md: paste what `python -c 'from agent.health import table; print(table())'` prints"
    )


def test_promtool_finds_nothing_to_say():
    promtool = shutil.which("promtool")
    if promtool is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs promtool: install Debian's package prometheus")
        pytest.skip("promtool is not here: install Debian's package prometheus")
    lint = subprocess.run(
        [promtool, "check", "metrics"], input=health.exposition(whole()), capture_output=True, check=False
    )
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, b"", b"")


def test_the_state_is_one_of_three_and_steps_count_from_zero():
    found = samples(whole())
    states = {key[1][1]: value for key, value in found.items() if key[0] == "starcadence_state"}
    assert states == {"on cadence": 0, "degraded": 1, "lapsed": 0}
    late = {dict(key[1:])["step"]: value for key, value in found.items() if key[0] == "starcadence_late_steps"}
    assert late == {"sealed": 0, "reviewed": 1, "published": 0, "submitted": 0}
