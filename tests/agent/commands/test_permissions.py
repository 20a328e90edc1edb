"""`starcadence permissions` prints policies and roles that a console takes."""

import json

import pytest
from click.testing import CliRunner

from agent.commands.permissions import permissions
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.permissions import ambient_policy, policy
from collectors.azure.catalogue import COLLECTORS as AZURE
from collectors.azure.permissions import app_roles
from collectors.azure.permissions import role as azure_role
from collectors.gcp.catalogue import COLLECTORS as GCP
from collectors.gcp.permissions import role


@pytest.mark.parametrize(("flags", "expected"), [((), policy(COLLECTORS)), (("--agent",), ambient_policy())])
def test_the_policy_is_printed_as_json(flags: tuple[str, ...], expected: dict[str, object]) -> None:
    printed = CliRunner().invoke(permissions, ["aws", *flags])
    compact = CliRunner().invoke(permissions, ["aws", *flags, "--json"])
    assert (printed.exit_code, compact.exit_code) == (0, 0)
    assert json.loads(printed.output) == json.loads(compact.output) == expected
    assert compact.output.count("\n") == 1


def test_the_custom_role_is_printed_as_json() -> None:
    printed = CliRunner().invoke(permissions, ["gcp"])
    compact = CliRunner().invoke(permissions, ["gcp", "--json"])
    assert json.loads(printed.output) == json.loads(compact.output) == role(GCP)
    assert role(GCP)["includedPermissions"] == [
        "cloudasset.assets.listAccessPolicy", "cloudasset.assets.listIamPolicy", "cloudasset.assets.listOSInventories",
        "cloudasset.assets.listOrgPolicy", "cloudasset.assets.listResource", "serviceusage.services.use",
    ]  # fmt: skip


def test_the_role_definition_is_printed_as_json() -> None:
    printed = CliRunner().invoke(permissions, ["azure"])
    compact = CliRunner().invoke(permissions, ["azure", "--json"])
    definition = azure_role(AZURE)
    assert json.loads(printed.output) == json.loads(compact.output) == definition
    assert definition["Actions"] == sorted(set(definition["Actions"]))
    assert all(action.endswith("/read") and "*" not in action for action in definition["Actions"])
    assert (definition["DataActions"], definition["NotActions"]) == ([], [])


def test_application_permissions_are_listed_apart() -> None:
    printed = CliRunner().invoke(permissions, ["azure", "--directory"])
    assert json.loads(printed.output) == list(app_roles(AZURE))
    assert app_roles(AZURE) == (
        "Application.Read.All", "AuditLog.Read.All", "DeviceManagementConfiguration.Read.All", "Policy.Read.All",
        "RoleManagement.Read.Directory", "User.Read.All",
    )  # fmt: skip
    assert not set(app_roles(AZURE)) & set(azure_role(AZURE)["Actions"])
