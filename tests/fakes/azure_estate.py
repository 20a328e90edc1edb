"""A small tenant of Azure with three subscriptions: one in order, one with a defect for each check, one that is disabled.

Shapes are those of the REST references; every value is made up. `PASSES` and `FAILS` say what each check must find.
"""

from typing import Any

from tests.fakes.azure import FakeAzure

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
WORKSPACE = "microsoft.operationalinsights/workspaces/central"
NOW = "Sun, 22 Nov 2026 04:00:00 GMT"


def identity(subscription: str, kind: str, name: str) -> str:
    """An ARM id."""
    return f"/subscriptions/{subscription}/resourceGroups/main/providers/{kind}/{name}"


def row(subscription: str, type_: str, name: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A row of Resource Graph."""
    return {
        "id": identity(subscription, type_, name), "name": name.rpartition("/")[2], "type": type_.lower(), "subscriptionId": subscription,
        "location": "westeurope", "kind": None, "sku": None, "tags": {"service": "object-store"}, "zones": None,
        "properties": properties, **more,
    }  # fmt: skip


def settle(azure: FakeAzure) -> FakeAzure:
    """Fill the server with the tenant."""
    azure.rows = []
    azure.answers = {}
    _tenant(azure)
    for subscription, good in ((GOOD, True), (BAD, False)):
        for part in (_subscription, _storage, _disks, _databases, _keys, _network, _rights):
            part(azure, subscription, good)
    return azure


def _tenant(azure: FakeAzure) -> None:
    said = {GOOD: "Enabled", BAD: "Enabled", DISABLED: "Disabled"}
    azure.answers["/subscriptions"] = [
        {"id": f"/subscriptions/{one}", "subscriptionId": one, "displayName": f"sub {one[0]}", "state": state, "tenantId": TENANT}
        for one, state in said.items()
    ]  # fmt: skip
    for group in (GROUP, TENANT):
        azure.answers[f"/providers/microsoft.management/managementgroups/{group}/descendants"] = [
            {"id": f"/providers/Microsoft.Management/managementGroups/{GROUP}", "name": GROUP,
             "type": "Microsoft.Management/managementGroups"},
            *(
                {"id": f"/subscriptions/{one}", "type": "/subscriptions", "name": one, "properties": {"displayName": f"sub {one[0]}"}}
                for one in said
            ),
        ]  # fmt: skip
    people = {"a": (True, True), "b": (False, True), "c": (True, False)}
    azure.answers["/v1.0/users"] = [
        {
            "id": f"user-{name}", "accountEnabled": True, "userType": "Member", "createdDateTime": "2024-01-01T00:00:00Z",
            "lastPasswordChangeDateTime": "2026-01-01T00:00:00Z",
            **({"signInActivity": {"lastSignInDateTime": "2026-11-20T08:00:00Z"}} if active else {}),
        }
        for name, (_, active) in people.items()
    ]  # fmt: skip
    azure.answers["/v1.0/reports/authenticationmethods/userregistrationdetails"] = [
        {"id": f"user-{name}", "isMfaRegistered": mfa, "userDisplayName": "Sam Doe"}
        for name, (mfa, _) in people.items()
    ]
    azure.answers["/v1.0/applications"] = [
        {
            "id": f"app-{name}", "appId": f"client-{name}", "createdDateTime": "2024-01-01T00:00:00Z", "keyCredentials": [],
            "passwordCredentials": [{"displayName": "deploy", "hint": "abc", "startDateTime": start, "endDateTime": end}],
        }
        for name, start, end in (
            ("fresh", "2026-11-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("stale", "2025-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
            ("ended", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        )
    ]  # fmt: skip


def _subscription(azure: FakeAzure, subscription: str, good: bool) -> None:
    here = f"/subscriptions/{subscription}/providers/microsoft."
    azure.answers[f"{here}security/securitycontacts"] = [
        {"id": f"{here}security/securityContacts/default", "name": "default",
         "properties": {"emails": "security@corp.example" if good else ""}}
    ]  # fmt: skip
    azure.answers[f"{here}authorization/policyassignments"] = [
        {
            "id": f"/subscriptions/{subscription}/providers/Microsoft.Authorization/policyAssignments/no-public", "name": "no-public",
            "properties": {
                "scope": f"/subscriptions/{subscription}", "notScopes": [], "enforcementMode": "Default",
                "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/4fa4b6c0-31ca-4c0d-b10d-24b96f62a751",
                "parameters": {"effect": {"value": "Deny" if good else "Audit"}},
            },
        }
    ]  # fmt: skip
    azure.answers[f"{here}authorization/policyexemptions"] = []
    store = row(
        subscription,
        "Microsoft.Storage/storageAccounts",
        "logs",
        _account(key="Microsoft.Keyvault" if good else "Microsoft.Storage"),
    )
    azure.answers[store["id"].lower()] = store
    workspace = identity(subscription, WORKSPACE, "").rstrip("/")
    azure.answers[workspace.lower()] = {"id": workspace, "properties": {"features": {}}}
    exported = {"storageAccountId": store["id"]} if good else {"workspaceId": workspace}
    azure.answers[f"{here}insights/diagnosticsettings"] = [
        {
            "id": f"/subscriptions/{subscription}/providers/microsoft.insights/diagnosticSettings/export", "name": "export",
            "properties": {**exported, "logs": [
                {"category": name, "enabled": good or name == "Alert"} for name in ("Administrative", "Security", "Policy", "Alert")
            ]},
        }
    ]  # fmt: skip
    azure.answers[f"{here}managedservices/registrationassignments"] = [_delegation(subscription, good)]


def _delegation(subscription: str, good: bool) -> dict[str, Any]:
    granted = {
        "principalId": "p",
        "principalIdDisplayName": "Sam Doe",
        "roleDefinitionId": f"/x/roleDefinitions/{READER}",
    }
    asked = {
        **granted,
        "justInTimeAccessPolicy": {"multiFactorAuthProvider": "Azure", "maximumActivationDuration": "PT8H"},
    }
    offer = {
        "managedByTenantId": STRANGER, "registrationDefinitionName": "support", "authorizations": [] if good else [granted],
        "eligibleAuthorizations": [asked],
    }  # fmt: skip
    return {
        "id": f"/subscriptions/{subscription}/providers/Microsoft.ManagedServices/registrationAssignments/support",
        "properties": {"registrationDefinition": {"properties": offer}},
    }


def _account(*, key: str, public: bool = False, https: bool = True) -> dict[str, Any]:
    return {
        "creationTime": "2024-05-01T08:00:00.1234567Z", "supportsHttpsTrafficOnly": https, "allowBlobPublicAccess": public,
        "minimumTlsVersion": "TLS1_2", "networkAcls": {"defaultAction": "Allow", "ipRules": []},
        "encryption": {"keySource": key, "services": {"blob": {"enabled": True}, "file": {"enabled": True}}},
    }  # fmt: skip


def _storage(azure: FakeAzure, subscription: str, good: bool) -> None:
    known = _account(key="Microsoft.Keyvault", public=not good, https=good)
    store = row(subscription, "Microsoft.Storage/storageAccounts", f"data{subscription[0]}", known, kind="StorageV2")
    shares = row(
        subscription,
        "Microsoft.Storage/storageAccounts",
        f"files{subscription[0]}",
        _account(key="Microsoft.Storage"),
        kind="FileStorage",
    )
    azure.rows += [store, shares]
    service = f"{store['id']}/blobServices/default".lower()
    azure.answers[service] = {"id": service, "properties": {"isVersioningEnabled": True} if good else {"cors": {}}}
    azure.answers[f"{service}/containers"] = [
        {"name": "web", "properties": {"publicAccess": "None" if good else "Container"}}
    ]
    logs = [{"category": name, "enabled": True} for name in ("StorageRead", "StorageWrite", "StorageDelete")]
    azure.answers[f"{service}/providers/microsoft.insights/diagnosticsettings"] = [
        {"name": "access", "properties": {"workspaceId": "/w", "logs": logs if good else logs[:1]}}
    ]


def _disks(azure: FakeAzure, subscription: str, good: bool) -> None:
    encryption = {
        "encryption": {"type": "EncryptionAtRestWithCustomerKey" if good else "EncryptionAtRestWithPlatformKey"}
    }
    azure.rows += [
        row(subscription, "Microsoft.Compute/disks", "disk", {"timeCreated": "2026-01-01T00:00:00+00:00", **encryption}),
        row(
            subscription, "Microsoft.Compute/snapshots", "copy",
            {**encryption, "diskState": "Unattached" if good else "ActiveSAS", "networkAccessPolicy": "AllowAll",
             "publicNetworkAccess": "Enabled"},
        ),
    ]  # fmt: skip


def _databases(azure: FakeAzure, subscription: str, good: bool) -> None:
    server = row(
        subscription, "Microsoft.Sql/servers", "sql", {"publicNetworkAccess": "Enabled", "administratorLogin": "boss"}
    )
    base = row(
        subscription,
        "Microsoft.Sql/servers/databases",
        "x",
        {"zoneRedundant": good, "creationDate": "2026-01-01T00:00:00Z"},
    )
    databases = [{**base, "id": f"{server['id']}/databases/{name}", "name": name} for name in ("master", "orders")]
    azure.rows += [server, *databases]
    orders = databases[1]["id"].lower()
    azure.answers[f"{orders}/transparentdataencryption/current"] = {
        "properties": {"state": "Enabled" if good else "Disabled"}
    }
    azure.answers[f"{orders}/backupshorttermretentionpolicies/default"] = {
        "properties": {"retentionDays": 14 if good else 1}
    }
    azure.answers[f"{server['id']}/firewallrules".lower()] = [
        _range("10.0.0.1", "10.0.0.9") if good else _range("0.0.0.0", "255.255.255.255")
    ]
    for kind in ("Microsoft.DBforPostgreSQL", "Microsoft.DBforMySQL"):
        known = {
            "administratorLogin": "boss", "network": {"publicNetworkAccess": "Enabled"},
            "backup": {"backupRetentionDays": 7 if good else 0},
            "highAvailability": {"mode": "ZoneRedundant" if good else "Disabled"},
            "dataEncryption": {"type": "AzureKeyVault"} if good else None,
        }  # fmt: skip
        found = row(subscription, f"{kind}/flexibleServers", kind[-5:].lower(), known)
        azure.rows.append(found)
        azure.answers[f"{found['id']}/firewallrules".lower()] = [
            _range("192.0.2.1", "192.0.2.1") if good else _range("0.0.0.0", "0.0.0.0")
        ]
    azure.rows.append(row(subscription, "Microsoft.DocumentDB/databaseAccounts", "cosmos", {
        "publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": False,
        "ipRules": [{"ipAddressOrRange": "192.0.2.1"}] if good else [],
        "locations": [{"locationName": "West Europe", "isZoneRedundant": good}],
        "backupPolicy": {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous30Days"}} if good else
        {"type": "Periodic", "periodicModeProperties": {"backupIntervalInMinutes": 240, "backupRetentionIntervalInHours": 8}},
    }))  # fmt: skip


def _range(first: str, last: str) -> dict[str, Any]:
    return {"name": "rule", "properties": {"startIpAddress": first, "endIpAddress": last}}


def _keys(azure: FakeAzure, subscription: str, good: bool) -> None:
    vault = row(
        subscription, "Microsoft.KeyVault/vaults", "vault", {"enableRbacAuthorization": True, "tenantId": TENANT}
    )
    azure.rows.append(vault)
    listing = []
    for name, kind in (("main", "RSA"), ("old", "oct")):
        known = {"kty": kind, "attributes": {"enabled": name == "main", "created": 1760000000}}
        key = {
            "id": f"{vault['id']}/keys/{name}",
            "name": name,
            "type": "Microsoft.KeyVault/vaults/keys",
            "location": "westeurope",
            "properties": known,
        }
        policy = {
            "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}],
            "attributes": {},
        }
        listing.append(key)
        azure.answers[key["id"].lower()] = {
            **key,
            "properties": {**known, **({"rotationPolicy": policy} if good else {})},
        }
    azure.answers[f"{vault['id']}/keys".lower()] = listing
    deleted = f"/subscriptions/{subscription}/providers/Microsoft.KeyVault"
    azure.answers[f"{deleted}/deletedvaults".lower()] = [] if good else [
        {
            "id": f"{deleted}/locations/westeurope/deletedVaults/gone", "name": "gone",
            "properties": {"location": "westeurope", "scheduledPurgeDate": "2026-12-01T00:00:00Z", "tags": {}},
        }
    ]  # fmt: skip


def _network(azure: FakeAzure, subscription: str, good: bool) -> None:
    rule = {
        "protocol": "Tcp", "direction": "Inbound", "access": "Allow", "priority": 100, "destinationAddressPrefix": "*",
        "sourceAddressPrefix": "10.0.0.0/8" if good else "*", "sourceAddressPrefixes": [],
        "destinationPortRange": "22", "destinationPortRanges": [],
    }  # fmt: skip
    group = row(
        subscription,
        "Microsoft.Network/networkSecurityGroups",
        "guard",
        {"securityRules": [{"name": "ssh", "properties": rule}]},
    )
    network = row(subscription, "Microsoft.Network/virtualNetworks", "net", {
        "subnets": [{"id": "x/subnets/a", "properties": {"networkSecurityGroup": {"id": group["id"].upper()}}}],
    })  # fmt: skip
    flows = row(
        subscription, "Microsoft.Network/networkWatchers/flowLogs", "watcher/flowLogs/all",
        {"enabled": good, "targetResourceId": group["id"]},
    )  # fmt: skip
    machines = [row(subscription, "Microsoft.Compute/virtualMachines", name, {}) for name in ("one", "two")]
    azure.rows += [group, network, flows, *machines]


def _rights(azure: FakeAzure, subscription: str, good: bool) -> None:
    here = f"/subscriptions/{subscription}/providers/Microsoft.Authorization"
    nothing = {"notActions": [], "dataActions": [], "notDataActions": []}
    azure.answers[f"{here}/roledefinitions".lower()] = [
        {"id": f"{here}/roleDefinitions/{name}", "name": name,
         "properties": {"roleName": title, "type": kind, "permissions": [{"actions": actions, **nothing}]}}
        for name, title, kind, actions in (
            (OWNER, "Owner", "BuiltInRole", ["*"]),
            (READER, "Reader", "BuiltInRole", ["*/read"]),
            (CUSTOM, "operator", "CustomRole", ["Microsoft.Compute/virtualMachines/*"]),
            *(() if good else ((BROAD, "jack of all trades", "CustomRole", ["Microsoft.KeyVault/*", "Microsoft.Insights/*"]),)),
        )
    ]  # fmt: skip
    scope = f"/subscriptions/{subscription}"
    azure.answers[f"{here}/roleassignments".lower()] = [
        _assignment(here, "1", READER if good else OWNER, "user-a", "User", scope),
        _assignment(here, "2", READER, "team", "Group", f"/providers/Microsoft.Management/managementGroups/{GROUP}"),
        _assignment(here, "3", OWNER, "robot", "ServicePrincipal", f"{scope}/resourceGroups/main"),
    ]


def _assignment(here: str, name: str, role: str, principal: str, kind: str, scope: str) -> dict[str, Any]:
    return {
        "id": f"{here}/roleAssignments/{name}",
        "properties": {"roleDefinitionId": f"{here}/roleDefinitions/{role}", "principalId": principal,
                       "principalType": kind, "scope": scope},
    }  # fmt: skip


PROVEN = {
    "access_keys_are_young", "account_blocks_public_data", "activity_is_logged_everywhere", "administration_ports_are_closed",
    "audit_trails_use_our_keys", "data_access_is_logged", "data_is_encrypted_at_rest", "data_stores_are_not_public",
    "databases_are_backed_up", "databases_survive_a_zone", "dormant_identities_are_disabled", "foreign_trust_is_guarded",
    "keys_are_not_about_to_be_lost", "keys_rotate", "network_flows_are_logged", "no_full_administrators", "object_stores_keep_versions",
    "object_stores_require_tls", "privileged_planes_are_separated", "security_contact_is_registered", "users_need_mfa",
}  # fmt: skip
"""Checks of which the tenant has a passing and a failing example."""
