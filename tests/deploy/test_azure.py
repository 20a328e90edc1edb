"""What is rolled out on Azure grants what the agent prints, and no more."""

import json
import re
from pathlib import Path

import hcl2
import pytest
from click.testing import CliRunner

from agent.cli import cli

HERE = Path(__file__).parents[2] / "deploy" / "azure"


@pytest.mark.parametrize(("name", "options"), [("role", []), ("directory", ["--directory"])])
def test_the_files_are_what_the_agent_prints(name, options):
    printed = CliRunner().invoke(cli, ["permissions", "azure", *options], catch_exceptions=False)
    command = f"starcadence permissions azure {' '.join(options)} > deploy/azure/{name}.json"
    assert (HERE / f"{name}.json").read_text() == printed.output, f"write it again: {command}"


@pytest.fixture(scope="module")
def module():
    return hcl2.loads((HERE / "terraform" / "main.tf").read_text())


def test_the_module_is_well_formed_and_every_variable_says_what_it_is(module):
    variables = {name.strip('"'): body for one in module["variable"] for name, body in one.items()}
    assert variables.keys() == {"management_group", "resource_group", "location", "issuer", "subject", "read_directory"}
    assert all(body["description"] for body in variables.values())


def test_both_forms_take_their_actions_from_the_printed_files():
    terraform, bicep = (HERE / "terraform" / "main.tf").read_text(), (HERE / "main.bicep").read_text()
    assert 'file("${path.module}/../role.json")' in terraform
    assert 'file("${path.module}/../directory.json")' in terraform
    assert "loadJsonContent('role.json')" in bicep
    for text in (terraform, bicep):
        assert not re.search(r"['\"](?:Microsoft\.\w+/[\w/*]+/(?:read|write|action|\*)|\*|\*/read)['\"]", text), (
            "an action of its own"
        )


def test_nothing_that_is_granted_changes_anything():
    role = json.loads((HERE / "role.json").read_text())
    assert role["IsCustom"]
    assert all(re.fullmatch(r"Microsoft\.[\w/]+/read", action) for action in role["Actions"])
    assert role["DataActions"] == role["NotActions"] == role["NotDataActions"] == []
    assert all(one.endswith(".Read.All") for one in json.loads((HERE / "directory.json").read_text()))
