"""Google Cloud: the role in gcloud's YAML is what the agent prints, and no key is made anywhere (`test_clouds.py` has the rest)."""

import yaml

from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.permissions import role
from tests.deploy.dockerfile import ROOT

HERE = ROOT / "deploy/gcp"


def test_the_role_of_gcloud_is_what_permissions_prints() -> None:
    assert yaml.safe_load((HERE / "role.yaml").read_text()) == role(COLLECTORS)


def test_no_key_is_made() -> None:
    assert "google_service_account_key" not in (HERE / "terraform/main.tf").read_text()
