"""Dashboard, recording rules and runbooks: every query names a metric that the code exports, every alert has a page."""

import json
import re
import shutil
import subprocess

import pytest

from agent.health import METRICS
from tests.deploy.dockerfile import ROOT
from tests.deploy.manifests import read

RULES = ROOT / "deploy/prometheus"
DASHBOARD = ROOT / "deploy/grafana/dashboard.json"
RUNBOOKS = ROOT / "docs/runbooks"
NAME = re.compile(r"\bstarcadence_\w+")


def exported() -> set[str]:
    """Every metric, the daemon's own included; docs/health.md lists those, and a test of its own holds it to the code."""
    page = (ROOT / "docs/health.md").read_text()
    return {metric.name for metric in METRICS} | set(re.findall(r"^\| `(starcadence_daemon_\w+)`", page, re.MULTILINE))


def queries() -> list[str]:
    board = json.loads(DASHBOARD.read_text())
    variables = [one["definition"] for one in board["templating"]["list"] if "definition" in one]
    return [*variables, *(target["expr"] for panel in board["panels"] for target in panel.get("targets", ()))]


def alerts() -> list[dict]:
    return [rule for group in read((RULES / "alerts.yaml").read_text())[0]["groups"] for rule in group["rules"]]


def recorded() -> dict[str, str]:
    (document,) = read((RULES / "recording.yaml").read_text())
    return {rule["record"]: rule["expr"] for group in document["groups"] for rule in group["rules"]}


def test_every_query_of_the_dashboard_names_a_metric_that_the_code_exports():
    assert len(queries()) > 20
    assert [query for query in queries() if not NAME.findall(query)] == []
    assert {name for query in queries() for name in NAME.findall(query)} - exported() == set()


def test_every_label_of_the_dashboard_is_one_of_its_metric():
    labels = {metric.name: set(metric.labels) for metric in METRICS}
    wrong = [
        (name, label)
        for query in queries()
        for name, inside in re.findall(r"\b(starcadence_\w+)\{([^}]*)\}", query)
        for label in re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", inside)
        if label not in labels.get(name, set())
    ]
    assert wrong == []


def test_the_panels_of_the_dashboard_do_not_lie_on_each_other():
    places = [
        (panel["gridPos"]["x"] + dx, panel["gridPos"]["y"] + dy)
        for panel in json.loads(DASHBOARD.read_text())["panels"]
        for dx in range(panel["gridPos"]["w"])
        for dy in range(panel["gridPos"]["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 24


def test_the_chart_holds_the_dashboard():
    held = ROOT / "deploy/helm/starcadence/files/dashboard.json"
    assert held.read_text() == DASHBOARD.read_text(), (
        "copy it again: cp deploy/grafana/dashboard.json deploy/helm/starcadence/files/"
    )


def test_recording_rules_ask_for_metrics_that_the_code_exports():
    assert {
        name for query in recorded().values() for name in NAME.findall(query) if not query.startswith(":")
    } - exported() == set()


VALUES = """\
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1h
    input_series:
      - {{series: 'starcadence_lapse_timestamp_seconds{{service="a"}}', values: "36000x4"}}
      - {{series: 'starcadence_lapse_timestamp_seconds{{service="b"}}', values: "72000x4"}}
      - {{series: 'starcadence_last_sweep_timestamp_seconds', values: "600x4"}}
      - {{series: 'starcadence_specifications{{service="a",result="met"}}', values: "6x4"}}
      - {{series: 'starcadence_specifications{{service="a",result="missed"}}', values: "2x4"}}
      - {{series: 'starcadence_specifications{{service="a",result="nothing to judge"}}', values: "5x4"}}
      - {{series: 'starcadence_objective_low_ratio{{service="a",check="x"}}', values: "0.75x4"}}
      - {{series: 'starcadence_objective_slo_ratio{{service="a",check="x"}}', values: "1x4"}}
      - {{series: 'starcadence_last_sweep_gaps{{reason="denied"}}', values: "3x4"}}
      - {{series: 'starcadence_last_sweep_gaps{{reason="throttled"}}', values: "1x4"}}
    promql_expr_test:
      - expr: 'starcadence:time_to_lapse_seconds:min'
        eval_time: 1h
        exp_samples: [{{labels: 'starcadence:time_to_lapse_seconds:min', value: 32400}}]
      - {{expr: 'starcadence:sweep_age_seconds', eval_time: 1h, exp_samples: [{{labels: 'starcadence:sweep_age_seconds', value: 3000}}]}}
      - expr: 'service:starcadence_specifications_met:ratio'
        eval_time: 1h
        exp_samples: [{{labels: 'service:starcadence_specifications_met:ratio{{service="a"}}', value: 0.75}}]
      - expr: 'service:starcadence_objectives_low:min'
        eval_time: 1h
        exp_samples: [{{labels: 'service:starcadence_objectives_low:min{{service="a"}}', value: -0.25}}]
      - {{expr: 'starcadence:gaps:sum', eval_time: 1h, exp_samples: [{{labels: 'starcadence:gaps:sum', value: 4}}]}}
"""


def test_recording_rules_give_what_they_say(tmp_path):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    path = tmp_path / "recording.test.yaml"
    path.write_text(VALUES.format(rules=RULES / "recording.yaml"))
    assert set(recorded()) <= set(re.findall(r"expr: '([\w:]+)'", path.read_text()))
    done = subprocess.run([promtool, "test", "rules", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_every_alert_links_its_runbook(rule):
    path = RUNBOOKS / f"{rule['alert']}.md"
    assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{rule['alert']}.md"
    assert path.is_file()
    assert path.read_text().startswith(f"# {rule['alert']}\n")
    assert "## What to do\n\n1. " in path.read_text()


def test_every_runbook_belongs_to_an_alert():
    names = {rule["alert"] for rule in alerts()}
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == names | {"index"}
    assert set(re.findall(r"\]\((\w+)\.md\)", (RUNBOOKS / "index.md").read_text())) == names
