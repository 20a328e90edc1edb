"""Where the agent lives in the clouds: shards are told what they need, Bicep says what Terraform says, each name is there."""

import re

import pytest

from agent.share import ENGINES
from tests.deploy.bicep import parse
from tests.deploy.dockerfile import ROOT
from tests.deploy.test_aws import module, plain
from tests.deploy.test_clouds import blocks, text

AWS = ROOT / "deploy/aws/terraform"
JOB = parse((ROOT / "deploy/azure/job.bicep").read_text())
KNOWN = {"resourceGroup", "managementGroup"}


@pytest.mark.parametrize("name", ["job", "role"])
def test_every_name_of_a_bicep_template_is_declared_and_every_parameter_used(name: str) -> None:
    template = parse((ROOT / f"deploy/azure/{name}.bicep").read_text())
    declared = {*template.params, *template.variables, *template.resources}
    assert template.references() - declared - KNOWN == set()
    assert set(template.params) - template.references() == set()
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", one.version) for one in template.resources.values())


@pytest.mark.parametrize(
    "spoilt",
    [
        "resource a 'x@2020-01-01' = {\n  name: 'a'\n  name: 'b'\n}\n",
        "resource a 'x@2020-01-01' {\n}\n",
        "module a 'b'\n",
        "var a = %\n",
    ],
)
def test_what_is_no_bicep_of_ours_is_refused(spoilt: str) -> None:
    with pytest.raises((SyntaxError, IndexError)):
        parse(spoilt)


def test_a_name_that_nobody_declared_is_found() -> None:
    template = parse(
        "param used string\n\nresource a 'x@2020-01-01' = {\n  name: '${usd}-x'\n  to: b.properties.c\n}\n"
    )
    assert template.references() == {"usd", "b"}


def test_the_job_of_bicep_is_that_of_terraform() -> None:
    container = JOB.resources["job"].body["properties"]["template"]["containers"][0]
    configuration = JOB.resources["job"].body["properties"]["configuration"]
    theirs = blocks("azure", "resource")["azurerm_container_app_job.run"]
    (template,) = theirs["template"]
    (wanted,) = template["container"]
    assert container["args"] == plain(wanted["args"]) == ["run"]
    assert [one["name"] for one in container["env"]] == [plain(one["name"]) for one in wanted["env"]]
    assert [one["mountPath"] for one in container["volumeMounts"]] == [
        plain(one["path"]) for one in wanted["volume_mounts"]
    ]
    options = [one.get("mountOptions") for one in JOB.resources["job"].body["properties"]["template"]["volumes"]]
    assert options == [plain(one["mount_options"]) if "mount_options" in one else None for one in template["volume"]]
    assert configuration["replicaTimeout"] == theirs["replica_timeout_in_seconds"]
    assert configuration["replicaRetryLimit"] == theirs["replica_retry_limit"]
    assert configuration["scheduleTriggerConfig"]["cronExpression"] == "schedule"


def test_the_store_of_bicep_keeps_as_that_of_terraform() -> None:
    evidence, programme = (JOB.resources[name].body["properties"] for name in ("evidence", "programme"))
    assert evidence["allowSharedKeyAccess"] is False
    assert all(
        one["allowBlobPublicAccess"] is False and one["minimumTlsVersion"] == "TLS1_2" for one in (evidence, programme)
    )
    assert JOB.resources["immutability"].body["properties"]["immutabilityPeriodSinceCreationInDays"] == "retainDays"
    (granted,) = JOB.resources["keeps"].body["properties"]["permissions"]
    assert granted["actions"] == []
    assert set(granted["dataActions"]) == set(re.findall(r'"(Microsoft\.Storage[^"]+)"', text("azure")))
    assert JOB.resources["mayKeep"].body["scope"] == "evidenceContainer"


def test_the_alarms_of_bicep_are_those_of_terraform() -> None:
    theirs = blocks("azure", "resource")
    failed = JOB.resources["failed"].body["properties"]
    silent = JOB.resources["silent"].body["properties"]
    assert failed["description"] == plain(theirs["azurerm_monitor_metric_alert.failed"]["description"])
    rule = theirs["azurerm_monitor_scheduled_query_rules_alert_v2.silent"]
    assert silent["criteria"]["allOf"][0]["query"] == plain(rule["criteria"][0]["query"])
    assert silent["windowSize"] == plain(rule["window_duration"])


def test_the_tasks_of_cloud_run_share_a_sweep() -> None:
    (template,) = blocks("gcp", "resource")["google_cloud_run_v2_job.run"]["template"]
    assert template["task_count"] == template["parallelism"] == "${var.shards}"
    assert ("CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT") in ENGINES  # the engine sets both


def test_the_children_of_a_batch_array_share_a_sweep() -> None:
    said = (AWS / "batch/main.tf").read_text()
    assert re.search(r"array_size += var\.shards", said)
    assert ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE") in ENGINES
    assert re.findall(r'for_each = \[("2", "3", "4", "5")\]', said)
    properties = re.sub(r" +", " ", said)
    for wanted in (
        'command = ["run"]',
        'user = "65532:65532"',
        "readonlyRootFilesystem = true",
        'containerPath = "/scratch"',
    ):
        assert wanted in properties


@pytest.mark.parametrize("name", ["batch", "eks"])
def test_every_variable_and_reference_of_a_module_is_there(name: str) -> None:
    said, read = (AWS / f"{name}/main.tf").read_text(), plain(module(name))
    variables = {key for one in read["variable"] for key in one}
    assert variables == set(re.findall(r"\bvar\.(\w+)", said))
    there = {f"{kind}.{key}" for one in read["resource"] for kind, named in one.items() for key in named}
    there |= {f"data.{kind}.{key}" for one in read.get("data", ()) for kind, named in one.items() for key in named}
    named = set(re.findall(r"\b((?:data\.)?(?:aws|helm)_\w+\.\w+)[\].]", said))
    assert named and named - there == set()
    assert [action for action in re.findall(r'"([a-z0-9]+:[A-Za-z*]+)"', said) if "*" in action] == []


def test_what_the_array_needs_the_module_fargate_gives() -> None:
    given = {key for one in plain(module("fargate"))["output"] for key in one}
    wanted = {key for one in plain(module("batch"))["variable"] for key in one}
    assert given == {"file_system_id", "access_point_id", "security_group_id", "start_role_arn", "log_group_name"}
    assert given <= wanted


def test_the_module_for_eks_installs_our_chart_as_the_service_account_that_is_bound() -> None:
    said = (AWS / "eks/main.tf").read_text()
    (chart,) = re.findall(r'chart += "\$\{path\.module\}/([^"]+)"', said)
    assert (AWS / "eks" / chart / "Chart.yaml").is_file()
    assert re.search(r'service_account += "starcadence"', said) and re.search(r'name += "starcadence"', said)
