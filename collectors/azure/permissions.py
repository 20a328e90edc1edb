"""The exact read-only permissions that discovery and the collectors use: a role definition, and what Microsoft Graph is asked."""

from collections.abc import Iterable
from typing import Any

from collectors.azure.operations import DIRECTORY, DISCOVERY, grant
from collectors.collector import Collector

DIRECTORY_GRANTS = frozenset(address.grant for address in DIRECTORY.values())
"""Application permissions of Microsoft Graph: an administrator of the tenant consents to them; no role of Azure holds them."""
DISCOVERY_GRANTS = tuple(sorted(grant(operation) for operation in DISCOVERY))


def remedied(operation: str, detail: str, otherwise: str) -> str:
    """What to do about a denied operation."""
    needed = detail.partition(": ")[2] if detail.startswith("not permitted: ") else grant(operation)
    if needed in DIRECTORY_GRANTS:
        return f"let an administrator of the tenant consent to Microsoft Graph's {needed}: `starcadence permissions azure --directory`"
    return f"allow {needed} to the role; {otherwise}"


def granted(collectors: Iterable[Collector]) -> frozenset[str]:
    """Everything that is asked for, of both kinds."""
    return frozenset(each for collector in collectors for each in collector.grants) | frozenset(DISCOVERY_GRANTS)


def role(
    collectors: Iterable[Collector], scope: str = "/providers/Microsoft.Management/managementGroups/<group>"
) -> dict[str, Any]:
    """The custom role, as `az role definition create` takes it: every action once, sorted, none with a wildcard."""
    return {
        "Name": "Starcadence reads",
        "IsCustom": True,
        "Description": "What Starcadence reads; nothing that changes anything, and no data plane.",
        "Actions": sorted(granted(collectors) - DIRECTORY_GRANTS),
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [scope],
    }


def app_roles(collectors: Iterable[Collector]) -> tuple[str, ...]:
    """Application permissions of Microsoft Graph, sorted. Without them users and applications are gaps."""
    return tuple(sorted(granted(collectors) & DIRECTORY_GRANTS))
