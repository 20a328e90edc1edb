"""How assets of the simulated Google Cloud are worded, and where its projects lie."""

from typing import Any

Assets = dict[str, dict[str, Any]]
"""By key: `<asset type> <name>`."""

ORGANIZATION, FOLDER = "organizations/778899001122", "folders/445566778899"
ANALYTICS, LAB = "example-analytics", "example-analytics-lab"
NUMBERS = {ANALYTICS: "projects/910000000001", LAB: "projects/910000000002"}
DOMAIN = "cloud.example"
PLACE, ELSEWHERE = "europe-west1", "europe-west4"
CRM, COMPUTE = "//cloudresourcemanager.googleapis.com/", "//compute.googleapis.com/"
LINK = "https://www.googleapis.com/compute/v1/"
MADE = "2026-03-02T09:00:00Z"
"""When most of it was made."""
LABELS = {"service": "analytics", "owner": "data-platform", "classification": "internal"}
CODED = LABELS | {"goog-terraform-provisioned": "true"}
"""Of what was made from code."""


def key(kind: str, name: str) -> str:
    """The key under which an asset is held."""
    return f"{kind} {name}"


def add(
    assets: Assets, kind: str, name: str, project: str, data: dict[str, Any], *, location: str = PLACE,
    members: dict[str, list[str]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """An asset of a project; `members` is role -> members of its own IAM policy."""
    levels = [NUMBERS[project], FOLDER, ORGANIZATION]
    resource = {"version": "v1", "parent": f"{CRM}{levels[0]}", "location": location, "data": data}
    return put(assets, kind, name, levels, resource=resource, iamPolicy=None if members is None else policy(members))


def above(assets: Assets, kind: str, name: str, level: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An asset of the folder or of the organisation."""
    levels = [FOLDER, ORGANIZATION] if level == FOLDER else [ORGANIZATION]
    return put(assets, kind, name, levels, resource={"version": "v1", "data": data}, **more)


def put(assets: Assets, kind: str, name: str, levels: list[str], **contents: Any) -> dict[str, Any]:
    """An asset with those of its contents that there are."""
    asset = {"name": name, "assetType": kind, "ancestors": levels, "updateTime": MADE}
    assets[key(kind, name)] = asset | {content: value for content, value in contents.items() if value is not None}
    return assets[key(kind, name)]


def policy(members: dict[str, list[str]], *audited: str) -> dict[str, Any]:
    """An IAM policy; the `audited` kinds of log are written for all services."""
    said: dict[str, Any] = {"bindings": [{"role": role, "members": who} for role, who in members.items()]}
    if audited:
        said["auditConfigs"] = [{"service": "allServices", "auditLogConfigs": [{"logType": log} for log in audited]}]
    return said


def enforced(constraint: str) -> dict[str, Any]:
    """An organisation policy that is on."""
    return {"constraint": f"constraints/{constraint}", "booleanPolicy": {"enforced": True}}


def cmek(project: str, name: str = "storage") -> str:
    """The resource name of a key."""
    return f"projects/{project}/locations/{PLACE}/keyRings/main/cryptoKeys/{name}"


def robot(project: str, name: str = "pipeline") -> str:
    """The address of a service account."""
    return f"{name}@{project}.iam.gserviceaccount.com"
