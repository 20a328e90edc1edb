"""How rows and answers of the simulated Azure are worded, and whose they are."""

from typing import Any

Things = dict[str, Any]
"""By key: `row <lower-case id>` for a row of Resource Graph, a lower-case path for an answer."""

TENANT = "0a1b2c3d-0000-4000-8000-000000000010"
GROUP = "example-workspaces"
PRODUCTION = "1a1b2c3d-0000-4000-8000-000000000011"
STAGING = "2a1b2c3d-0000-4000-8000-000000000012"
SUBSCRIPTIONS = {PRODUCTION: "workspaces-production", STAGING: "workspaces-staging"}
PLACE = "westeurope"
MADE = "2026-03-02T09:00:00Z"
"""When most of it was made."""
TAGS = {"service": "workspaces", "owner": "workspaces", "data-classification": "internal", "managed-by": "terraform"}
LOG = "/workspaces/central"


def identity(subscription: str, kind: str, name: str) -> str:
    """An ARM id."""
    return f"/subscriptions/{subscription}/resourceGroups/workspaces/providers/{kind}/{name}"


def row(
    things: Things, subscription: str, type_: str, name: str, properties: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Put a row of Resource Graph there; the row."""
    made = {
        "id": identity(subscription, type_, name), "name": name.rpartition("/")[2], "type": type_.lower(), "subscriptionId": subscription,
        "location": PLACE, "kind": None, "sku": None, "tags": TAGS, "zones": None, "identity": None, "properties": properties, **more,
    }  # fmt: skip
    things[f"row {made['id'].lower()}"] = made
    return made


def here(subscription: str, listing: str) -> str:
    """The path under which a subscription's own listing is answered."""
    return f"/subscriptions/{subscription}/providers/{listing}".lower()


def export(things: Things, resource: str, *categories: str) -> None:
    """Diagnostic settings of a resource that keep these categories."""
    logs = [{"category": name, "enabled": True} for name in categories]
    kept = [{"name": "export", "properties": {"workspaceId": LOG, "logs": logs}}] if categories else []
    things[f"{resource}/providers/microsoft.insights/diagnosticsettings".lower()] = kept
