"""How rows of the fake tenant are written, and whose they are: names that all parts of it share."""

from typing import Any

TENANT = "00000000-0000-4000-8000-000000000001"
STRANGER = "00000000-0000-4000-8000-000000000002"
GOOD = "11111111-0000-4000-8000-000000000001"
BAD = "22222222-0000-4000-8000-000000000002"
DISABLED = "33333333-0000-4000-8000-000000000003"
GROUP = "cloud-example"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CUSTOM = "77777777-0000-4000-8000-000000000001"
BROAD = "77777777-0000-4000-8000-000000000002"
TAGS: dict[str, dict[str, str]] = {
    GOOD: {"service": "object-store", "data-classification": "internal", "managed-by": "terraform"},
    BAD: {},
}
"""Whose each thing is, how sensitive, and made by what."""
NOW = "Sun, 22 Nov 2026 04:00:00 GMT"


def identity(subscription: str, kind: str, name: str) -> str:
    """An ARM id."""
    return f"/subscriptions/{subscription}/resourceGroups/main/providers/{kind}/{name}"


def row(subscription: str, type_: str, name: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A row of Resource Graph."""
    return {
        "id": identity(subscription, type_, name), "name": name.rpartition("/")[2], "type": type_.lower(), "subscriptionId": subscription,
        "location": "westeurope", "kind": None, "sku": None, "tags": TAGS.get(subscription, {}), "zones": None,
        "identity": None, "properties": properties, **more,
    }  # fmt: skip


def answer(subscription: str, listing: str) -> str:
    """The path under which a subscription's listing is answered."""
    return f"/subscriptions/{subscription}/providers/{listing}".lower()


def exported(resource: str, *categories: str) -> tuple[str, list[dict[str, Any]]]:
    """The path of a resource's diagnostic settings, and one setting that keeps these categories."""
    logs = [{"category": name, "enabled": True} for name in categories]
    found = {"name": "export", "properties": {"workspaceId": "/w", "logs": logs}}
    return f"{resource}/providers/microsoft.insights/diagnosticsettings".lower(), [found] if categories else []
