"""Assets of Google Cloud as the inventory words them, and where the projects of the small organisation lie."""

from dataclasses import dataclass, field
from typing import Any

ORGANIZATION = "organizations/123456789012"
PRODUCTION, SANDBOX = "folders/1001", "folders/1002"
NUMBERS = {
    "acme-prod": "projects/900000000001", "acme-data": "projects/900000000002", "acme-logs": "projects/900000000003",
    "acme-lab": "projects/900000000004", "acme-gone": "projects/900000000005",
}  # fmt: skip
ABOVE = {
    "acme-prod": (PRODUCTION, ORGANIZATION), "acme-logs": (PRODUCTION, ORGANIZATION), "acme-data": (ORGANIZATION,),
    "acme-lab": (SANDBOX, ORGANIZATION), "acme-gone": (ORGANIZATION,),
}  # fmt: skip
CRM, KMS, COMPUTE = "//cloudresourcemanager.googleapis.com/", "//cloudkms.googleapis.com/", "//compute.googleapis.com/"
THEN, LATELY, LONG_AGO = "2026-01-10T08:00:00Z", "2026-10-20T08:00:00Z", "2026-01-20T08:00:00.123456Z"
VISION = "https://www.googleapis.com/compute/v1/"
CMEK = "projects/acme-prod/locations/europe-west1/keyRings/main/cryptoKeys/storage"


@dataclass(kw_only=True)
class Estate:
    """What the inventory holds. Tests change it before they look."""

    assets: list[dict[str, Any]] = field(default_factory=list)

    def listed(self) -> list[dict[str, Any]]:
        """Every asset."""
        return self.assets

    def add(
        self, kind: str, name: str, where: str, data: dict[str, Any] | None, *, location: str = "global",
        members: dict[str, list[str]] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """One asset of a project; `members` is role -> members of its IAM policy."""
        asset: dict[str, Any] = {
            "name": name,
            "assetType": kind,
            "ancestors": [NUMBERS[where], *ABOVE[where]],
            "updateTime": THEN,
        }
        if data is not None:
            parent = f"{CRM}{NUMBERS[where]}"
            asset["resource"] = {"version": "v1", "parent": parent, "location": location, "data": data}
        if members is not None:
            asset["iamPolicy"] = policy(members)
        self.assets.append(asset)
        return asset

    def named(self, name: str) -> dict[str, Any]:
        """The asset whose name ends so; levels of access bear the organisation's."""
        (found,) = [asset for asset in self.assets if asset["name"].endswith(name) and "accessLevel" not in asset]
        return found


def policy(
    members: dict[str, list[str]], *, audited: tuple[str, ...] = (), exempt: tuple[str, ...] = ()
) -> dict[str, Any]:
    """An IAM policy; `audited` kinds of log are written for all services, without those of the exempt."""
    said: dict[str, Any] = {"bindings": [{"role": role, "members": who} for role, who in members.items()]}
    if audited:
        logs = [{"logType": log, **({"exemptedMembers": list(exempt)} if exempt else {})} for log in audited]
        said["auditConfigs"] = [{"service": "allServices", "auditLogConfigs": logs}]
    return said


def listed(constraint: str, *allowed: str) -> dict[str, Any]:
    """An organisation policy that allows only these values."""
    return {"constraint": f"constraints/{constraint}", "listPolicy": {"allowedValues": list(allowed)}}


def booleans(**constraints: bool) -> list[dict[str, Any]]:
    """Organisation policies: `storage_secureHttpTransport=True`."""
    return [
        {"constraint": f"constraints/{name.replace('_', '.')}", "booleanPolicy": {"enforced": enforced}}
        for name, enforced in constraints.items()
    ]
