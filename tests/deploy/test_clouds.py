"""Google Cloud and Azure: roles that are what the agent prints, and modules that use them and grant nothing else by hand."""

import json
import os
import re
import shutil
import subprocess
from typing import Any

import hcl2
import pytest
from click.testing import CliRunner

from agent.cli import cli
from tests.deploy.dockerfile import ROOT

DEPLOY = ROOT / "deploy"
PRINTED = {
    "gcp/role.json": ["gcp"],
    "azure/role.json": ["azure"],
    "azure/directory.json": ["azure", "--directory"],
    "aws/role.json": ["aws"],
    "aws/agent.json": ["aws", "--agent"],
}


def text(cloud: str) -> str:
    return (DEPLOY / cloud / "terraform/main.tf").read_text()


def blocks(cloud: str, kind: str) -> dict[str, dict[str, Any]]:
    """Resources of a module by type and name, without the quotes that python-hcl2 leaves in."""
    found: dict[str, dict[str, Any]] = {}
    for one in hcl2.loads(text(cloud)).get(kind, ()):
        for label, inside in one.items():
            if isinstance(inside, dict):
                found.update({f"{label}.{name}".replace('"', ""): body for name, body in inside.items()})
    return found


@pytest.mark.parametrize("name", PRINTED)
def test_the_role_to_deploy_is_the_one_that_is_printed(name):
    printed = CliRunner().invoke(cli, ["permissions", *PRINTED[name]], catch_exceptions=False).output
    assert (DEPLOY / name).read_text() == printed, (
        f"write it again: starcadence permissions {' '.join(PRINTED[name])} > deploy/{name}"
    )


def test_no_role_grants_by_wildcard():
    gcp, azure = (json.loads((DEPLOY / cloud / "role.json").read_text()) for cloud in ("gcp", "azure"))
    assert [one for one in (*gcp["includedPermissions"], *azure["Actions"], *azure["DataActions"]) if "*" in one] == []
    assert [one for one in azure["Actions"] if not one.endswith("/read")] == []


def test_the_module_for_google_cloud_grants_the_printed_role():
    assert 'read = jsondecode(file("${path.module}/../role.json"))' in text("gcp")
    assert re.search(r"permissions += local\.read\.includedPermissions", text("gcp"))
    (keeps,) = re.findall(r"permissions = \[([^\]]*)\]", text("gcp"))
    assert set(re.findall(r'"([^"]+)"', keeps)) == {
        "storage.objects.create",
        "storage.objects.get",
        "storage.objects.list",
    }
    granted = set(re.findall(r'role += "(roles/[^"]+)"', text("gcp")))
    assert granted == {"roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/storage.objectViewer", "roles/run.invoker"}


def test_the_module_for_azure_grants_the_printed_roles():
    said = text("azure")
    assert re.search(r'read += jsondecode\(file\("\$\{path\.module\}/\.\./role\.json"\)\)', said)
    assert re.search(r'directory += toset\(jsondecode\(file\("\$\{path\.module\}/\.\./directory\.json"\)\)\)', said)
    assert re.search(r"actions += local\.read\.Actions", said)
    blobs = set(re.findall(r'containers/blobs/(\w+(?:/\w+)?)"', said))
    assert blobs == {"add/action", "read", "write"}
    assert "delete" not in said.replace("deletion", "").lower()


def test_the_template_for_azure_grants_the_printed_role():
    said = (DEPLOY / "azure/role.bicep").read_text()
    assert "var read = loadJsonContent('role.json')" in said
    for key in ("Actions", "NotActions", "DataActions", "NotDataActions"):
        assert f"{key[0].lower()}{key[1:]}: read.{key}" in said


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_every_variable_is_used_and_every_reference_is_there(cloud):
    said, resources = (
        text(cloud),
        blocks(cloud, "resource") | {f"data.{name}": body for name, body in blocks(cloud, "data").items()},
    )
    variables = set(re.findall(r'^variable "(\w+)"', said, re.MULTILINE))
    assert variables == set(re.findall(r"\bvar\.(\w+)", said))
    prefix = {"gcp": "google", "azure": "(?:azurerm|azuread)"}[cloud]
    code = re.sub(r'"[a-z.]*googleapis[^"]*"', "", said)
    named = set(re.findall(rf"\b((?:data\.)?{prefix}_\w+\.\w+)\.", code))
    assert named
    assert named - resources.keys() == set()


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_evidence_is_kept_and_the_agent_runs_as_the_image_is_meant_to(cloud):
    said = text(cloud)
    assert said.count("prevent_destroy = true") >= 2
    assert 'args  = ["run"]' in re.sub(r"args +=", "args  =", said)
    assert "uid=65532" in said
    assert re.search(r"file.mode=0?600", said)
    assert "/scratch" in said


def test_terraform_finds_the_format_its_own():
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not installed")
    environment = {"PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    command = [terraform, "fmt", "-check", "-recursive", DEPLOY]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
