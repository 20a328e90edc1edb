"""A real Prometheus scrapes a real daemon; the alert rules are tested by promtool, and speak only of metrics that there are."""

import json
import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from agent import health, rhythm
from tests.agent.serving import LONG, patient, prepare, start
from tests.fakes.aws import FakeAws

RULES = Path(__file__).parents[2] / "deploy" / "prometheus"


def tool(name: str) -> str:
    """Debian's tool; without it the test is skipped, except in CI."""
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not here: install Debian's package prometheus"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def test_the_rules_do_what_their_tests_say():
    ran = subprocess.run(
        [tool("promtool"), "test", "rules", "alerts.test.yaml"], cwd=RULES, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_rules_speak_of_metrics_that_there_are():
    known = {metric.name for metric in health.METRICS} | {f"starcadence_{beat.name}" for beat in rhythm.BEATS}
    named = set(re.findall(r"\bstarcadence_\w+", (RULES / "alerts.yaml").read_text()))
    assert named and named <= known, named - known


def test_every_rule_has_a_test():
    rules = set(re.findall(r"alert: (\w+)", (RULES / "alerts.yaml").read_text()))
    tests = (RULES / "alerts.test.yaml").read_text()
    assert len(rules) == 15
    counted = {
        "StarcadenceRunFailing",
        "StarcadenceProgrammeRefused",
        "StarcadenceBlind",
        "StarcadenceChecksDistrusted",
    }
    counted |= {"StarcadenceObjectiveMissed", "StarcadenceExceptionsExpire"}
    assert {rule for rule in rules if rule not in tests} <= counted, "the last test counts these together"


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def scraped(aws: FakeAws, tmp_path: Path):
    """A daemon that has swept, and the address of a Prometheus that scrapes it every second."""
    binary = tool("prometheus")
    daemon = start(prepare(tmp_path))
    address = f"127.0.0.1:{free_port()}"
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
        f"rule_files: ['{RULES / 'alerts.yaml'}']\n"
        f"scrape_configs: [{{job_name: starcadence, static_configs: [{{targets: ['{daemon.url.removeprefix('http://')}']}}]}}]\n"
    )
    with (tmp_path / "prometheus.log").open("wb") as log:
        prometheus = subprocess.Popen(
            [binary, "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb", f"--web.listen-address={address}"],
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
    try:
        daemon.until("sweep closed")
        yield daemon, f"http://{address}"
    finally:
        for one in (prometheus, daemon.process):
            one.kill()
            one.wait(LONG)


def query(address: str, expression: str) -> list[dict]:
    """The series of an instant query; none while Prometheus is still starting."""
    try:
        with urllib.request.urlopen(
            f"{address}/api/v1/query?query={urllib.parse.quote(expression)}", timeout=10
        ) as answer:
            found: list[dict] = json.load(answer)["data"]["result"]
            return found
    except (urllib.error.URLError, ConnectionError):
        return []


@pytest.mark.slow
@pytest.mark.whole
def test_a_real_prometheus_scrapes_the_daemon(scraped):
    daemon, address = scraped
    patient(lambda: query(address, "starcadence_last_sweep_complete == 1"))
    assert [one["value"][1] for one in query(address, 'up{job="starcadence"}')] == ["1"]
    (runs,) = query(address, "starcadence_daemon_runs_total")
    assert float(runs["value"][1]) >= 1
    (lapse,) = query(address, "starcadence_lapse_timestamp_seconds - time()")
    assert lapse["metric"]["service"] == "object-store" and float(lapse["value"][1]) > 0
    names = {one["metric"]["__name__"] for one in query(address, '{__name__=~"starcadence_.+"}')}
    known = {metric.name for metric in health.METRICS} | {f"starcadence_{beat.name}" for beat in rhythm.BEATS}
    assert names <= known
    assert {"starcadence_objective_low_ratio", "starcadence_sweep_missed_timestamp_seconds"} <= names
    with urllib.request.urlopen(f"{address}/api/v1/targets", timeout=10) as answer:
        (target,) = json.load(answer)["data"]["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")
    lint = subprocess.run(
        [tool("promtool"), "check", "metrics"],
        input=daemon.get("/metrics")[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (lint.returncode, lint.stderr) == (0, "")
