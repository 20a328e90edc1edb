"""What Azure role definitions allow: everything, whole providers, and the planes of data, keys and logging."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collectors.azure.elements import listed, properties
from collectors.azure.patterns import allows, matches

INVENTED = "Microsoft.StarcadenceInvented"
"""A provider that no role names: who may act there may act everywhere."""
VERBS = ("delete", "invent/action", "write")
GRANTS_ITSELF = ("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleDefinitions/write")
"""By one of these whoever has everything else gives himself the rest."""
PLANES: Mapping[str, tuple[str, ...]] = {
    "data": (
        "Microsoft.Storage/storageAccounts/write", "Microsoft.Storage/storageAccounts/delete",
        "Microsoft.Storage/storageAccounts/blobServices/containers/write", "Microsoft.Sql/servers/databases/delete",
        "Microsoft.Sql/servers/firewallRules/write", "Microsoft.DBforPostgreSQL/flexibleServers/delete",
        "Microsoft.DBforMySQL/flexibleServers/delete", "Microsoft.DocumentDB/databaseAccounts/write",
        "Microsoft.DocumentDB/databaseAccounts/delete", "Microsoft.Compute/disks/delete", "Microsoft.Compute/disks/beginGetAccess/action",
        "Microsoft.Compute/snapshots/delete", "Microsoft.Compute/snapshots/beginGetAccess/action",
    ),
    "keys": (
        "Microsoft.KeyVault/vaults/accessPolicies/write", "Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/delete",
        "Microsoft.KeyVault/deletedVaults/purge/action", "Microsoft.KeyVault/locations/deletedVaults/purge/action",
    ),
    "logging": (
        "Microsoft.Insights/diagnosticSettings/write", "Microsoft.Insights/diagnosticSettings/delete",
        "Microsoft.OperationalInsights/workspaces/delete", "Microsoft.OperationalInsights/workspaces/write",
        "Microsoft.Network/networkWatchers/flowLogs/delete",
    ),
}  # fmt: skip
"""Plane -> the actions that administer it: any one of them, on all of a subscription. They destroy what the plane keeps or change who
may reach it; reading and writing data, and encrypting with keys, are use. Source: "Azure permissions" by provider; MITRE ATT&CK
T1562.008 (disable or modify cloud logs)."""
KEY_DATA = (
    "Microsoft.KeyVault/vaults/keys/delete", "Microsoft.KeyVault/vaults/keys/purge/action",
    "Microsoft.KeyVault/vaults/keys/update/action", "Microsoft.KeyVault/vaults/keyrotationpolicies/write",
)  # fmt: skip
"""As `PLANES`, for the data actions that administer keys."""


@dataclass(frozen=True, kw_only=True)
class Powers:
    """What several permissions together allow; `None` is not learned."""

    administrator: bool | None
    wildcards: tuple[str, ...] | None
    planes: tuple[str, ...] | None


UNKNOWN = Powers(administrator=None, wildcards=None, planes=None)
Permission = Mapping[str, Any]


def permissions_of(definition: Mapping[str, Any]) -> tuple[Permission, ...] | None:
    """The permissions of a role definition; `None` where it cannot be read."""
    found = listed(properties(definition), "permissions")
    return None if found is None or not all(map(readable, found)) else tuple(found)


def readable(permission: Permission) -> bool:
    """One permission lists its actions, each by a word."""
    actions = permission.get("actions")
    return isinstance(actions, list) and all(isinstance(one, str) and one for one in actions)


def powers(permissions: Iterable[Permission], *, certain: bool = True) -> Powers:
    """What they allow. Where not all are known (`certain` unset), what these allow is still certain, and the rest is not learned."""
    every = tuple(permissions)
    everything = all(may(every, f"{INVENTED}/things/{verb}") for verb in VERBS)
    administrator = everything and any(may(every, action) for action in GRANTS_ITSELF)
    planes = [plane for plane, actions in PLANES.items() if any(may(every, action) for action in actions)]
    if "keys" not in planes and any(
        allows(one.get("dataActions"), one.get("notDataActions"), action) for one in every for action in KEY_DATA
    ):
        planes.append("keys")
    if not certain:
        return Powers(administrator=administrator or None, wildcards=None, planes=None)
    return Powers(
        administrator=administrator, wildcards=("*",) if everything else providers(every), planes=tuple(sorted(planes))
    )


def may(permissions: Iterable[Permission], action: str) -> bool:
    """Some permission lets the action be done."""
    return any(allows(one.get("actions"), one.get("notActions"), action) for one in permissions)


def providers(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """Providers of which everything is allowed, in lower case; what is taken off again takes the provider off."""
    found: set[str] = set()
    for one in permissions:
        for pattern in one.get("actions") or ():
            provider, _, rest = str(pattern).partition("/")
            if (
                rest == "*"
                and "*" not in provider
                and not any(matches(one.get("notActions"), f"{provider}/things/{verb}") for verb in VERBS)
            ):
                found.add(provider.lower())
    return tuple(sorted(found))
