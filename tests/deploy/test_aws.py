"""AWS: templates and modules that the linters take, grant exactly what the agent prints, and say the same."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import hcl2
import pytest
import yaml
from moto import mock_aws

from collectors.aws.catalogue import COLLECTORS
from collectors.aws.permissions import ambient_policy, policy
from tests.deploy.dockerfile import ROOT

HERE = ROOT / "deploy/aws"
TEMPLATES = ("stackset", "home", "fargate")
MODULES = ("role", "home", "fargate")
KEEPS = {
    "s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:GetBucketObjectLockConfiguration",
    "s3:GetObjectRetention", "s3:PutObjectRetention", "kms:GenerateDataKey", "kms:Decrypt",
}  # fmt: skip
"""What docs/store.md asks for `run`, with retention and a key."""


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's tags as plain mappings."""


def tagged(loader: Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    """`!Ref x` as {"Ref": "x"}."""
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", tagged)


def template(name: str) -> dict[str, Any]:
    return yaml.load((HERE / f"{name}.yaml").read_text(), Loader)


def module(name: str) -> dict[str, Any]:
    return hcl2.loads((HERE / f"terraform/{name}/main.tf").read_text())


def listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]


def statements(value: Any) -> list[dict]:
    """Every statement of every policy in a template."""
    if isinstance(value, list):
        return [found for one in value for found in statements(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if "Effect" in value and "Action" in value else []
    return own + [found for one in value.values() for found in statements(one)]


def plain(value: Any) -> Any:
    """HCL as python-hcl2 gives it, without the quotes that it leaves in."""
    if isinstance(value, dict):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.strip('"') if isinstance(value, str) else value


def documents(name: str) -> dict[str, list[dict]]:
    """Statements of every policy document of a module, by its name."""
    found = [
        one for data in plain(module(name)).get("data", ()) for one in [data.get("aws_iam_policy_document")] if one
    ]
    return {key: one["statement"] for each in found for key, one in each.items()}


def granted(role: str) -> list[dict]:
    """The statements of the agent's role."""
    return statements(template("home")["Resources"][role]["Properties"]["Policies"])


@pytest.mark.slow
@pytest.mark.whole
def test_cfn_lint_finds_nothing():
    tool = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(
        [tool, *(HERE / f"{name}.yaml" for name in TEMPLATES)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_grants_by_wildcard(name):
    actions = [
        action for one in statements(template(name)) for action in listed(one["Action"]) if one["Effect"] == "Allow"
    ]
    flat = [action for one in actions for action in (one["If"][1] + one["If"][2] if isinstance(one, dict) else [one])]
    assert flat
    assert [action for action in flat if "*" in action] == []


@pytest.mark.parametrize("name", MODULES)
def test_no_module_grants_by_wildcard(name):
    text = (HERE / f"terraform/{name}/main.tf").read_text()
    actions = re.findall(r'"([a-z0-9]+:[A-Za-z*]+)"', text)
    assert any(actions)
    assert [action for action in actions if "*" in action] == []


def test_the_role_of_the_stackset_is_what_the_agent_prints():
    (role,) = template("stackset")["Resources"].values()
    assert role["Properties"]["Policies"][0]["PolicyDocument"] == policy(COLLECTORS), (
        "write it again from deploy/aws/role.json"
    )
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}


def test_the_module_grants_the_printed_policy_itself():
    text = (HERE / "terraform/role/main.tf").read_text()
    assert 'policy = file("${path.module}/../../role.json")' in text
    assert (HERE / "terraform/role/../../role.json").is_file()
    (trust,) = documents("role")["trust"]
    assert trust["condition"][0]["variable"] == "sts:ExternalId"


def test_the_identity_of_the_agent_is_what_it_prints_and_what_the_store_needs():
    (printed,) = ambient_policy()["Statement"]
    found = granted("AgentRole")
    assert {action for one in found for action in listed(one["Action"])} == {*printed["Action"], *KEEPS}
    (assuming,) = (one for one in found if one["Action"] == "sts:AssumeRole")
    assert assuming["Resource"] == {"Sub": "arn:${AWS::Partition}:iam::*:role/${ReadRoleName}"}
    module = documents("home")
    assert {action for name in ("discovers", "keeps") for one in module[name] for action in one["actions"]} == {
        *printed["Action"],
        *KEEPS,
    }


def test_nobody_but_a_person_may_remove_evidence():
    found = {action for one in granted("AgentRole") for action in listed(one["Action"])}
    assert not {action for action in found if "Delete" in action or "Bypass" in action}
    bucket = template("home")["Resources"]["Evidence"]
    assert (bucket["DeletionPolicy"], bucket["Properties"]["ObjectLockEnabled"]) == ("Retain", True)
    denied = [
        one["Sid"] for one in statements(template("home")["Resources"]["EvidencePolicy"]) if one["Effect"] == "Deny"
    ]
    assert denied == ["OnlyOverTls", "NothingIsOverwritten"]


def test_template_and_module_grant_the_same():
    def by_sid(found: list[dict], sid: str, actions: str) -> dict[str, set]:
        return {
            one[sid]: set(listed(one[actions]))
            for one in found
            if sid in one and one[sid] != "StarcadenceReadsElsewhere"
        }

    ours = {
        **by_sid(statements(template("home")), "Sid", "Action"),
        **by_sid(statements(template("fargate")), "Sid", "Action"),
    }
    theirs = [one for name in ("home", "fargate") for each in documents(name).values() for one in each]
    assert ours == by_sid(theirs, "sid", "actions")


def test_the_task_runs_as_the_image_is_meant_to():
    task = template("fargate")["Resources"]["Task"]["Properties"]
    (container,) = task["ContainerDefinitions"]
    assert (container["User"], container["ReadonlyRootFilesystem"], container["Command"]) == (
        "65532:65532",
        True,
        ["run"],
    )
    assert container["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}}
    mounts = {mount["ContainerPath"]: mount.get("ReadOnly", False) for mount in container["MountPoints"]}
    assert mounts == {"/programme": True, "/scratch": False}
    assert not {one["Name"] for one in container["Environment"]} & {one["Name"] for one in container["Secrets"]}
    text = (HERE / "terraform/fargate/main.tf").read_text()
    for said in (
        'user = "65532:65532"',
        "readonlyRootFilesystem = true",
        'containerPath = "/scratch"',
        'command = ["run"]',
    ):
        assert said in re.sub(r" +", " ", text)


def test_every_variable_of_a_module_is_used_and_every_template_names_its_parameters():
    for name in MODULES:
        text = (HERE / f"terraform/{name}/main.tf").read_text()
        assert [key for each in plain(module(name))["variable"] for key in each if f"var.{key}" not in text] == []
    for name in TEMPLATES:
        text = (HERE / f"{name}.yaml").read_text()
        used = set(re.findall(r"!Ref (\w+)|\$\{(\w+)\}", text)) | set(
            re.findall(r"(?:Subnets|SecurityGroups): \[!Ref (\w+)", text)
        )
        flat = {one for each in used for one in (each if isinstance(each, tuple) else (each,))}
        assert template(name)["Parameters"].keys() <= flat, name


def test_terraform_finds_the_format_its_own(tmp_path):
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not installed")
    environment = {"PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    command = [terraform, "fmt", "-check", "-recursive", HERE / "terraform"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.slow
@pytest.mark.whole
@mock_aws
def test_a_stack_of_the_stackset_makes_the_role(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    given = {"AgentPrincipal": "arn:aws:iam::111122223333:role/starcadence", "ExternalId": "0123456789abcdef"}
    boto3.client("cloudformation", "eu-west-1").create_stack(
        StackName="starcadence",
        TemplateBody=(HERE / "stackset.yaml").read_text(),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    iam = boto3.client("iam", "eu-west-1")
    found = iam.get_role_policy(RoleName="starcadence-read", PolicyName="starcadence-reads")
    assert ast.literal_eval(str(found["PolicyDocument"])) == policy(COLLECTORS)  # moto keeps it as Python writes it
    trust = iam.get_role(RoleName="starcadence-read")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"AWS": given["AgentPrincipal"]}
