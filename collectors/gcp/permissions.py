"""The exact read-only permissions that discovery and the collectors use, as one custom role.

Asset Inventory asks for one permission per content, whatever the asset type (Cloud Asset Inventory, "Roles and permissions").
"""

from collections.abc import Iterable
from typing import Any

from collectors.collector import Collector
from collectors.gcp.faults import DISABLED

CONTENT = {
    "RESOURCE": "cloudasset.assets.listResource",
    "IAM_POLICY": "cloudasset.assets.listIamPolicy",
    "ORG_POLICY": "cloudasset.assets.listOrgPolicy",
    "ACCESS_POLICY": "cloudasset.assets.listAccessPolicy",
    "OS_INVENTORY": "cloudasset.assets.listOSInventories",
    "CONTENT_TYPE_UNSPECIFIED": "cloudasset.assets.listResource",
}
"""Content of a listing -> the permission that allows it, on the organisation, folder or project that is listed."""
QUOTA = "serviceusage.services.use"
"""Asked for by every call, on the project whose quota is used."""
DISCOVERY_GRANTS = (CONTENT["RESOURCE"], QUOTA)


def role(collectors: Iterable[Collector]) -> dict[str, Any]:
    """The custom role, in the words of `gcloud iam roles create --file`: every permission once, sorted."""
    granted = {grant for collector in collectors for grant in collector.grants} | set(DISCOVERY_GRANTS)
    return {
        "title": "Starcadence reads",
        "description": "Lists what Cloud Asset Inventory holds; changes nothing.",
        "stage": "GA",
        "includedPermissions": sorted(granted),
    }


def remedied(detail: str, otherwise: str) -> str:
    """What to do about a denied listing, by its gap's detail (`PERMISSION_DENIED: IAM_POLICY of ...`)."""
    if detail.startswith(DISABLED):
        return "enable cloudasset.googleapis.com in the project whose quota is used (`gcloud services enable`)"
    content = detail.partition(": ")[2].partition(" of ")[0]
    return f"allow {CONTENT[content]} to the role; {otherwise}" if content in CONTENT else otherwise
