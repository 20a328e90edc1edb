"""`starcadence permissions` prints policies and roles that a console takes."""

import json

import pytest
from click.testing import CliRunner

from agent.commands.permissions import permissions
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.permissions import ambient_policy, policy
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
        "cloudasset.assets.listIamPolicy", "cloudasset.assets.listOrgPolicy", "cloudasset.assets.listResource",
        "serviceusage.services.use",
    ]  # fmt: skip
