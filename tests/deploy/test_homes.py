"""Where the agent lives in the clouds: shards are told what they need, Bicep says what Terraform says, each name is there."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.keys import make_salt_key, make_signing_key
from agent.share import ENGINES
from tests.deploy.bicep import parse
from tests.deploy.dockerfile import ROOT
from tests.deploy.jail import NOBODY, Container, Mount, contained
from tests.deploy.test_aws import module, plain, template
from tests.deploy.test_clouds import blocks, text
from tests.deploy.test_image import PROGRAMME
from tests.deploy.test_systemd import unit

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


@dataclass(frozen=True)
class Home:
    """How one home calls the agent: what it is told, where the programme lies, and where its store may be."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    programme: str = "/programme"
    written: str = "/store"
    more: tuple[Mapping[str, str], ...] = ({},)
    """What its engine adds, for each process of a sweep."""


def known(pairs: list[tuple[object, object]]) -> dict[str, str]:
    """Variables whose values stand in the template; the others are of the cloud."""
    found = {str(plain(name)): str(plain(value)) for name, value in pairs}
    return {name: value for name, value in found.items() if value.startswith("/")}


def systemd() -> Home:
    service = unit("starcadence.service")["Service"]
    name, _, value = service["Environment"].partition("=")
    assert service["ReadOnlyPaths"] == "/etc/starcadence"
    value = value.replace("/etc/starcadence", "/programme")  # the jail's /etc is that of the machine
    return Home(tuple(service["ExecStart"].split()[1:]), {name: value}, written="/var/lib/starcadence")


def fargate() -> Home:
    (one,) = template("fargate")["Resources"]["Task"]["Properties"]["ContainerDefinitions"]
    return Home(tuple(one["Command"]), known([(each["Name"], each["Value"]) for each in one["Environment"]]))


def batch() -> Home:
    said = (AWS / "batch/main.tf").read_text()
    (arguments,) = re.findall(r'command += \["(\w+)"\]', said)
    environment = dict(re.findall(r'\{ name = "(\w+)", value = "(/[^"]+)" \}', said))
    children = tuple({"AWS_BATCH_JOB_ARRAY_INDEX": f"{index}", "AWS_BATCH_JOB_ARRAY_SIZE": "3"} for index in (2, 0, 1))
    return Home((arguments,), environment, more=children)


def cloud_run() -> Home:
    (outer,) = blocks("gcp", "resource")["google_cloud_run_v2_job.run"]["template"]
    (one,) = outer["template"][0]["containers"]
    tasks = tuple({"CLOUD_RUN_TASK_INDEX": f"{index}", "CLOUD_RUN_TASK_COUNT": "2"} for index in (0, 1))
    return Home(tuple(plain(one["args"])), known([(each["name"], each["value"]) for each in one["env"]]), more=tasks)


def container_apps() -> Home:
    one = JOB.resources["job"].body["properties"]["template"]["containers"][0]
    return Home(tuple(one["args"]), known([(each["name"], each["value"]) for each in one["env"]]))


HOMES = {one.__name__: one for one in (systemd, fargate, batch, cloud_run, container_apps)}


@pytest.mark.parametrize("name", HOMES)
def test_every_home_says_where_its_programme_lies(name: str) -> None:
    home = HOMES[name]()
    assert home.environment["STARCADENCE_PROGRAMME"] == f"{home.programme}/programme.yaml"
    assert "run" in home.arguments


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("name", HOMES)
def test_every_home_run_as_it_is_written_makes_a_bundle_that_verifies(name: str, image: Path, tmp_path: Path) -> None:
    home = HOMES[name]()
    programme, store = tmp_path / "programme", tmp_path / "store"
    for folder in (programme, store):
        folder.mkdir()
    (programme / "programme.yaml").write_text(f"{PROGRAMME}store: {home.written}/evidence\n")
    make_signing_key(programme / "keys/signing.pem")
    make_salt_key(programme / "keys/salt.key")
    for path in (store, programme, *programme.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    mounts = (
        Mount(source=str(programme), target=home.programme),
        Mount(source=str(store), target=home.written, writable=True),
    )
    as_written = Container(
        arguments=home.arguments, environment={**home.environment, "STARCADENCE_PATIENCE": "0"}, mounts=mounts
    )
    bundle = f"{home.written}/interim.zip"
    committed, *ran, sealed, verified = contained(
        image,
        tmp_path,
        replace(as_written, arguments=("commit",)),
        *(replace(as_written, environment={**as_written.environment, **more}) for more in home.more),
        replace(as_written, arguments=("run", "--interim", bundle)),
        replace(as_written, arguments=("verify", "--any-key", "--replay", bundle)),
    )
    assert committed.status == 0, committed.err
    assert [one.status for one in ran] == [0] * len(home.more), ran
    assert ["waits for other shards" in one.out for one in ran] == [True] * (len(ran) - 1) + [False]
    assert sealed.status == 0, sealed.err
    assert (verified.status, "=> " in verified.out) == (0, True), verified.err
