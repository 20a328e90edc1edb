"""Google Cloud: the role to deploy is what the agent prints, in both of its forms."""

from typing import Any

import hcl2
import pytest
import yaml

from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.permissions import role
from tests.deploy.dockerfile import ROOT

HERE = ROOT / "deploy/gcp"


def bare(value: Any) -> Any:
    """HCL's strings without their quotes."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    return value.strip('"') if isinstance(value, str) else value


@pytest.fixture
def module() -> dict[str, dict[str, Any]]:
    """Resource type -> what its one resource says."""
    parsed = hcl2.loads((HERE / "terraform/main.tf").read_text())
    found = {}
    for resource in parsed["resource"]:
        ((kind, named),) = resource.items()
        ((_, said),) = named.items()
        found[kind.strip('"')] = said
    return found


def test_the_role_of_gcloud_is_what_permissions_prints() -> None:
    assert yaml.safe_load((HERE / "role.yaml").read_text()) == role(COLLECTORS)


def test_the_role_of_terraform_is_what_permissions_prints(module: dict[str, dict[str, Any]]) -> None:
    said = module["google_organization_iam_custom_role"]
    assert bare(said["permissions"]) == role(COLLECTORS)["includedPermissions"]
    assert [bare(said[key]) for key in ("title", "description", "stage")] == [
        role(COLLECTORS)[key] for key in ("title", "description", "stage")
    ]


def test_nothing_else_is_granted_and_no_key_is_made(module: dict[str, dict[str, Any]]) -> None:
    text = (HERE / "terraform/main.tf").read_text()
    assert "google_service_account_key" not in text
    assert [line for line in text.splitlines() if '"roles/' in line] == [
        '  role               = "roles/iam.workloadIdentityUser"'
    ]
    assert "custom_role.reads.name" in str(module["google_organization_iam_member"]["role"])
