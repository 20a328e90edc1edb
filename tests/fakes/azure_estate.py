"""A small tenant of Azure with three subscriptions: one in order, one with a defect for each check, one that is disabled.

Shapes are those of the REST references; every value is made up. Which checks it proves, `controls/proven.json` says.
"""

from typing import Any

from agent.demo.microsoft.azure import FakeAzure
from tests.fakes.azure_rows import (
    BAD,
    BROAD,
    CUSTOM,
    DISABLED,
    GOOD,
    GROUP,
    OWNER,
    READER,
    STRANGER,
    TENANT,
    exported,
    identity,
    row,
)
from tests.fakes.azure_serving import serve
from tests.fakes.azure_stores import stores
from tests.fakes.azure_watching import watch


def settle(azure: FakeAzure) -> FakeAzure:
    """Fill the server with the tenant."""
    azure.rows = []
    azure.answers = {}
    _tenant(azure)
    for subscription, good in ((GOOD, True), (BAD, False)):
        for part in (_subscription, _storage, _disks, _databases, _keys, _network, _rights, stores, serve, watch):
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
    azure.answers["/v1.0/policies/identitysecuritydefaultsenforcementpolicy"] = {"id": "defaults", "isEnabled": False}
    wide = {
        "users": {"includeUsers": ["All"], "excludeUsers": ["user-emergency"]},
        "applications": {"includeApplications": ["All"]},
    }
    azure.answers["/v1.0/identity/conditionalaccess/policies"] = [
        {"id": name, "displayName": "Sam Doe's", "state": "enabled", "conditions": {**wide, "clientAppTypes": clients},
         "grantControls": {"operator": "OR", "builtInControls": controls}}
        for name, clients, controls in (("all", ["all"], ["mfa"]), ("older", ["exchangeActiveSync", "other"], ["block"]))
    ]  # fmt: skip
    azure.answers["/v1.0/rolemanagement/directory/roleassignments"] = [
        {"id": f"a{number}", "principalId": f"user-{number}", "directoryScopeId": "/"} for number in range(2)
    ]
    azure.answers["/v1.0/devicemanagement/devicecompliancepolicies"] = [
        {"@odata.type": f"#microsoft.graph.{kind}CompliancePolicy", "id": f"policy-{number}", "displayName": "Sam Doe's",
         "assignments": [{"id": f"policy-{number}_everybody", "target": {"groupId": "everybody"}}], **asked}
        for number, (kind, asked) in enumerate((
            ("windows10", {"passwordRequired": True, "passwordMinutesOfInactivityBeforeLock": 5, "bitLockerEnabled": False}),
            ("windows10", {"passwordRequired": False, "storageRequireEncryption": False, "bitLockerEnabled": True}),
            ("macOS", {"passwordRequired": True, "passwordMinutesOfInactivityBeforeLock": None, "storageRequireEncryption": False}),
        ))
    ]  # fmt: skip
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


def relax(azure: FakeAzure) -> None:
    """Let the tenant demand nothing of anybody, and give its highest role to six."""
    azure.answers["/v1.0/identity/conditionalaccess/policies"] = []
    azure.answers["/v1.0/rolemanagement/directory/roleassignments"] = [
        {"id": f"a{number}", "principalId": f"user-{number}", "directoryScopeId": "/"} for number in range(6)
    ]


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
    azure.answers[f"{here}authorization/policyexemptions"] = [
        {
            "id": f"/subscriptions/{subscription}/resourceGroups/main/providers/Microsoft.Authorization/policyExemptions/while-moving",
            "name": "while-moving", "systemData": {"createdAt": "2026-06-01T00:00:00Z", "createdBy": "sam@corp.example"},
            "properties": {
                "policyAssignmentId": f"/subscriptions/{subscription}/providers/Microsoft.Authorization/policyAssignments/benchmark",
                "exemptionCategory": "Mitigated" if good else "Waiver", "description": "Sam Doe asked for it",
                **({"expiresOn": "2027-03-01T00:00:00Z"} if good else {}),
            },
        }
    ]  # fmt: skip
    destinations = _trail_stores(azure, subscription, good)
    azure.answers[f"{here}insights/diagnosticsettings"] = [
        {
            "id": f"/subscriptions/{subscription}/providers/microsoft.insights/diagnosticSettings/export", "name": "export",
            "properties": {**destinations, "logs": [
                {"category": name, "enabled": good or name == "Alert"} for name in ("Administrative", "Security", "Policy", "Alert")
            ]},
        }
    ]  # fmt: skip
    azure.answers[f"{here}managedservices/registrationassignments"] = [_delegation(subscription, good)]


def _trail_stores(azure: FakeAzure, subscription: str, good: bool) -> dict[str, str]:
    """Where the activity log goes: an account that nobody can change, and a workspace; or an account that everybody can read."""
    known = _account(key="Microsoft.Keyvault" if good else "Microsoft.Storage", public=not good)
    store = row(subscription, "Microsoft.Storage/storageAccounts", "logs", known)
    azure.answers[store["id"].lower()] = store
    policy = {"immutabilityPolicy": {"properties": {"state": "Locked", "immutabilityPeriodSinceCreationInDays": 400}}}
    azure.answers[f"{store['id']}/blobservices/default/containers".lower()] = [
        {"name": "insights-activity-logs", "properties": policy if good else {"publicAccess": "Blob"}}
    ]
    categories = ("StorageRead", "StorageWrite", "StorageDelete") if good else ()
    path, settings = exported(f"{store['id']}/blobServices/default", *categories)
    azure.answers[path] = settings
    workspace = identity(subscription, "Microsoft.OperationalInsights/workspaces", "search")
    cluster = identity(subscription, "Microsoft.OperationalInsights/clusters", "own")
    azure.answers[workspace.lower()] = {"id": workspace, "properties": {"features": {"clusterResourceId": cluster}}}
    azure.answers[cluster.lower()] = {"id": cluster, "properties": {"keyVaultProperties": {"keyName": "logs"}}}
    path, settings = exported(workspace, "Audit")
    azure.answers[path] = settings
    return {"storageAccountId": store["id"], **({"workspaceId": workspace} if good else {})}


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
        _account(key="Microsoft.Keyvault"),
        kind="FileStorage",
    )
    azure.rows += [store, shares]
    service = f"{store['id']}/blobServices/default".lower()
    azure.answers[service] = {"id": service, "properties": {"isVersioningEnabled": True} if good else {"cors": {}}}
    rule = {
        "enabled": True,
        "name": "old",
        "definition": {"actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 400}}}},
    }
    azure.answers[f"{store['id']}/managementpolicies/default".lower()] = (
        {"properties": {"policy": {"rules": [rule]}}}
        if good
        else {"properties": {"policy": {"rules": [{**rule, "enabled": False}]}}}
    )
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
        subscription, "Microsoft.Sql/servers", "sql",
        {"publicNetworkAccess": "SecuredByPerimeter" if good else "Enabled", "administratorLogin": "boss"},
    )  # fmt: skip
    azure.answers[f"{server['id']}/encryptionprotector/current".lower()] = {
        "properties": {"serverKeyType": "AzureKeyVault" if good else "ServiceManaged"}
    }
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
    _managed(azure, subscription, good)
    for kind in ("Microsoft.DBforPostgreSQL", "Microsoft.DBforMySQL"):
        known = {
            "administratorLogin": "boss", "network": {"publicNetworkAccess": "Enabled"},
            "backup": {"backupRetentionDays": 7 if good else 0},
            "highAvailability": {"mode": "ZoneRedundant" if good else "Disabled"},
            "dataEncryption": {"type": "AzureKeyVault"} if good else None,
        }  # fmt: skip
        if good:
            known["network"] = {"publicNetworkAccess": "Disabled"}
        found = row(subscription, f"{kind}/flexibleServers", kind[-5:].lower(), known)
        azure.rows.append(found)
        azure.answers[f"{found['id']}/configurations/require_secure_transport".lower()] = {
            "properties": {"value": "ON" if good else "OFF", "dataType": "Boolean"}
        }
        azure.answers[f"{found['id']}/firewallrules".lower()] = [
            _range("192.0.2.1", "192.0.2.1") if good else _range("0.0.0.0", "0.0.0.0")
        ]
    azure.rows.append(row(subscription, "Microsoft.DocumentDB/databaseAccounts", "cosmos", {
        "publicNetworkAccess": "Disabled" if good else "Enabled", "isVirtualNetworkFilterEnabled": False,
        **({"keyVaultKeyUri": "https://vault.example/keys/cosmos"} if good else {}),
        "ipRules": [{"ipAddressOrRange": "192.0.2.1"}] if good else [],
        "locations": [{"locationName": "West Europe", "isZoneRedundant": good}],
        "backupPolicy": {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous30Days"}} if good else
        {"type": "Periodic", "periodicModeProperties": {"backupIntervalInMinutes": 240, "backupRetentionIntervalInHours": 8}},
    }))  # fmt: skip


def _managed(azure: FakeAzure, subscription: str, good: bool) -> None:
    host = row(subscription, "Microsoft.Sql/managedInstances", "mi", {
        "administratorLogin": "boss", "publicDataEndpointEnabled": not good, "zoneRedundant": good,
    })  # fmt: skip
    found = row(
        subscription, "Microsoft.Sql/managedInstances/databases", "ledger", {"creationDate": "2026-01-01T00:00:00Z"}
    )
    ledger = {**found, "id": f"{host['id']}/databases/ledger"}
    azure.rows += [host, ledger]
    here = ledger["id"].lower()
    azure.answers[f"{here}/transparentdataencryption/current"] = {
        "properties": {"state": "Enabled" if good else "Disabled"}
    }
    azure.answers[f"{here}/backupshorttermretentionpolicies/default"] = {
        "properties": {"retentionDays": 14 if good else 1}
    }
    azure.answers[f"{host['id']}/encryptionprotector/current".lower()] = {
        "properties": {"serverKeyType": "AzureKeyVault" if good else "ServiceManaged"}
    }


def _range(first: str, last: str) -> dict[str, Any]:
    return {"name": "rule", "properties": {"startIpAddress": first, "endIpAddress": last}}


def _keys(azure: FakeAzure, subscription: str, good: bool) -> None:
    kept = {"softDeleteRetentionInDays": 90, "enableSoftDelete": True} if good else {"enableSoftDelete": False}
    vault = row(
        subscription,
        "Microsoft.KeyVault/vaults",
        "vault",
        {"enableRbacAuthorization": True, "tenantId": TENANT, **kept},
    )
    azure.rows.append(vault)
    listing = []
    for name, kind in (("main", "RSA-HSM" if good else "RSA"), ("old", "oct-HSM")):
        end = {} if name == "old" else {"exp": 1900000000 if good else 1700000000}
        known = {"kty": kind, "attributes": {"enabled": name == "main", "created": 1760000000, **end}}
        key = {
            "id": f"{vault['id']}/keys/{name}", "name": name, "type": "Microsoft.KeyVault/vaults/keys", "location": "westeurope",
            "tags": vault["tags"], "properties": known,
        }  # fmt: skip
        uses = {"keyOps": ["encrypt", "decrypt", "wrapKey", "unwrapKey", *([] if good else ["sign", "verify"])]}
        size = {"keySize": 256 if kind == "oct-HSM" else 3072 if good else 1024}
        policy = {
            "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}],
            "attributes": {},
        }
        listing.append(key)
        azure.answers[key["id"].lower()] = {
            **key,
            "properties": {**known, **uses, **size, **({"rotationPolicy": policy} if good else {})},
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
    others = [row(subscription, "Microsoft.Network/natGateways", name, {}) for name in ("one", "two")]
    azure.rows += [group, network, flows, *others]


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
    activated = {
        "principalId": "user-a",
        "assignmentType": "Activated",
        "originRoleAssignmentId": f"{here}/roleAssignments/5",
    }
    azure.answers[f"{here}/roleassignmentscheduleinstances".lower()] = [{"properties": activated}] if good else []
    azure.answers[f"{here}/roleassignments".lower()] = [
        _assignment(here, "1", READER if good else OWNER, "user-b", "ServicePrincipal" if good else "User", scope),
        _assignment(here, "2", READER, "team", "Group", f"/providers/Microsoft.Management/managementGroups/{GROUP}"),
        _assignment(here, "3", OWNER, "robot", "ServicePrincipal", f"{scope}/resourceGroups/main"),
        *([_assignment(here, "5", READER, "user-a", "User", scope)] if good else []),
        *([] if good else [_assignment(here, "4", OWNER, "robot-owner", "ServicePrincipal", scope)]),
    ]


def _assignment(here: str, name: str, role: str, principal: str, kind: str, scope: str) -> dict[str, Any]:
    return {
        "id": f"{here}/roleAssignments/{name}",
        "properties": {"roleDefinitionId": f"{here}/roleDefinitions/{role}", "principalId": principal,
                       "principalType": kind, "scope": scope},
    }  # fmt: skip
