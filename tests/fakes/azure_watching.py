"""What watches, restrains and restores in the fake tenant: Defender, policies, alarms, locks, workspaces, vaults, certificates."""

from typing import Any

from agent.demo.microsoft.azure import FakeAzure
from tests.fakes.azure_rows import GROUP, answer, identity, row

ABOVE = f"/providers/Microsoft.Management/managementGroups/{GROUP}"
DENIES = f"{ABOVE}/providers/Microsoft.Authorization/policyDefinitions/keep-exports"
BENCHMARK = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
PLACES = "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c"
ACTS = (
    "Microsoft.Insights/diagnosticSettings/write", "Microsoft.Insights/diagnosticSettings/delete",
    "Microsoft.Authorization/roleAssignments/write", "Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/delete",
    "Microsoft.Network/networkSecurityGroups/write", "Microsoft.Network/networkSecurityGroups/delete",
)  # fmt: skip


def watch(azure: FakeAzure, subscription: str, good: bool) -> None:
    """Everything of one subscription, in order or with a defect each."""
    for part in (_defender, _findings, _policies, _alarms, _locks, _workspace, _vaults, _secrets, _certificate):
        part(azure, subscription, good)


def _defender(azure: FakeAzure, subscription: str, good: bool) -> None:
    names = {
        "VirtualMachines": (),
        "Containers": (),
        "StorageAccounts": ("OnUploadMalwareScanning", "SensitiveDataDiscovery"),
        "CloudPosture": (),
    }
    azure.answers[answer(subscription, "Microsoft.Security/pricings")] = [
        {"name": name, "properties": {
            "pricingTier": "Standard" if good else "Free", "freeTrialRemainingTime": "PT0S",
            "extensions": [{"name": one, "isEnabled": str(good)} for one in extensions],
        }}
        for name, extensions in names.items()
    ] + [{"name": "KubernetesService", "properties": {"pricingTier": "Free", "deprecated": True}}]  # fmt: skip
    azure.answers[answer(subscription, "Microsoft.Security/securityContacts")] = [
        {"id": answer(subscription, "Microsoft.Security/securityContacts/default"), "name": "default", "properties": {
            "emails": "security@corp.example" if good else "", "isEnabled": True,
            "notificationsSources": [{"sourceType": "Alert", "minimalSeverity": "Medium"}] if good else [],
        }}
    ]  # fmt: skip
    export = {
        "isEnabled": True,
        "sources": [{"eventSource": "SubAssessments"}],
        "actions": [{"actionType": "EventHub"}],
    }
    azure.answers[answer(subscription, "Microsoft.Security/automations")] = (
        [{"name": "export", "properties": export}] if good else []
    )
    azure.rows.append(row(subscription, "Microsoft.Security/assessments", "ffff0522-1e88-47fc-8382-2a80ba848f5d", {
        "status": {"code": "Healthy" if good else "Unhealthy"},
    }))  # fmt: skip


def _findings(azure: FakeAzure, subscription: str, good: bool) -> None:
    azure.rows.append(row(subscription, "Microsoft.Security/locations/alerts", "alert", {
        "AlertType": "VM_SuspiciousScript", "Severity": "High", "Status": "InProgress" if good else "Active",
        "TimeGenerated": "2026-11-21T20:00:00Z" if good else "2026-11-01T20:00:00Z", "CompromisedEntity": "sam-laptop",
        "ResourceIdentifiers": [{"Type": "AzureResource", "AzureResourceId": f"/subscriptions/{subscription}/vm"}],
    }))  # fmt: skip
    azure.rows.append(
        row(subscription, "Microsoft.Security/locations/alerts", "closed", {"Severity": "High", "Status": "Resolved"})
    )
    for name, code in (
        ("1195afff-c881-495e-9bc5-1486211ae03f", "Unhealthy"),
        ("c0b7cfc6-3172-465a-b378-53c7ff2cc0d5", "Healthy"),
    ):
        azure.rows.append(row(subscription, "Microsoft.Security/assessments", name, {
            "resourceDetails": {"Source": "Azure", "Id": f"/subscriptions/{subscription}/vm"}, "metadata": {"severity": "High"},
            "status": {"code": code, "statusChangeDate": "2026-11-15T00:00:00Z" if good else "2026-01-15T00:00:00Z"},
        }))  # fmt: skip


def _policies(azure: FakeAzure, subscription: str, good: bool) -> None:
    assignments: list[dict[str, Any]] = azure.answers[answer(subscription, "Microsoft.Authorization/policyAssignments")]
    azure.answers[DENIES.lower()] = {"properties": {
        "policyRule": {"if": {"field": "type", "equals": "Microsoft.Insights/diagnosticSettings"},
                       "then": {"effect": "[parameters('effect')]"}},
        "parameters": {"effect": {"type": "String", "defaultValue": "DenyAction"}},
    }}  # fmt: skip
    if good:
        for name, scope, definition, parameters in (
            ("keep-exports", ABOVE, DENIES, {}),
            ("benchmark", f"/subscriptions/{subscription}", BENCHMARK, {}),
            ("places", f"/subscriptions/{subscription}", PLACES, {"listOfAllowedLocations": {"value": ["westeurope"]}}),
        ):
            assignments.append({
                "id": f"{scope}/providers/Microsoft.Authorization/policyAssignments/{name}", "name": name,
                "properties": {"scope": scope, "enforcementMode": "Default", "policyDefinitionId": definition, "parameters": parameters},
            })  # fmt: skip


def _alarms(azure: FakeAzure, subscription: str, good: bool) -> None:
    group = row(subscription, "Microsoft.Insights/actionGroups", "oncall", {
        "enabled": True, "groupShortName": "oncall",
        "emailReceivers": [{"name": "sam", "emailAddress": "sam@corp.example"}] if good else [],
    })  # fmt: skip
    azure.rows.append(group)
    for number, act in enumerate(ACTS):
        azure.rows.append(row(subscription, "Microsoft.Insights/activityLogAlerts", f"act{number}", {
            "enabled": True, "scopes": [f"/subscriptions/{subscription}"], "actions": {"actionGroups": [{"actionGroupId": group["id"]}]},
            "condition": {"allOf": [{"field": "category", "equals": "Administrative"}, {"field": "operationName", "equals": act}]},
        }))  # fmt: skip
    elsewhere = f"/subscriptions/{subscription}/resourceGroups/shared/providers/Microsoft.Insights/actionGroups/far"
    azure.answers[elsewhere.lower()] = {"properties": {"enabled": True, "armRoleReceivers": [{"name": "owners"}]}}
    query = "SigninLogs | where ResultType == 50126 or AuditLogs has 'elevated their access'" if good else "Heartbeat"
    azure.rows.append(row(subscription, "Microsoft.Insights/scheduledQueryRules", "searched", {
        "enabled": True, "criteria": {"allOf": [{"query": query}]}, "actions": {"actionGroups": [elsewhere]},
    }))  # fmt: skip


def _locks(azure: FakeAzure, subscription: str, good: bool) -> None:
    scope = f"/subscriptions/{subscription}/resourceGroups/main"
    azure.answers[answer(subscription, "Microsoft.Authorization/locks")] = [
        {"id": f"{scope}/providers/Microsoft.Authorization/locks/keep", "name": "keep", "properties": {"level": "CanNotDelete"}}
    ] if good else []  # fmt: skip


def _workspace(azure: FakeAzure, subscription: str, good: bool) -> None:
    own = identity(subscription, "Microsoft.OperationalInsights/clusters", "own")
    azure.rows.append(row(subscription, "Microsoft.OperationalInsights/workspaces", "central", {
        "retentionInDays": 400 if good else 30, "features": {"clusterResourceId": own} if good else {},
        "createdDate": "2026-01-01T00:00:00Z",
    }))  # fmt: skip
    azure.rows.append(row(subscription, "Microsoft.OperationalInsights/workspaces", "eternal", {
        "retentionInDays": 730 if good else -1, "features": {"clusterResourceId": own},
    }))  # fmt: skip
    azure.answers[own.lower()] = {"id": own, "properties": {"keyVaultProperties": {"keyName": "logs"}}}


def _vaults(azure: FakeAzure, subscription: str, good: bool) -> None:
    state = {"immutabilitySettings": {"state": "Locked" if good else "Unlocked"}}
    kind, jobs = "Microsoft.RecoveryServices/vaults", {"status": "Completed", "endTime": "2026-11-20T12:00:00Z"}
    vault = row(subscription, kind, "safe", {
        "redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant" if good else "LocallyRedundant"}, "securitySettings": state,
        **({"encryption": {"keyVaultProperties": {"keyUri": "https://vault.example/keys/k"}}} if good else {}),
    })  # fmt: skip
    other = row(subscription, "Microsoft.DataProtection/backupVaults", "box", {
        "storageSettings": [{"datastoreType": "VaultStore", "type": "GeoRedundant" if good else "ZoneRedundant"}],
        "securitySettings": {**state, **({"encryptionSettings": {"state": "Enabled"}} if good else {})},
    })  # fmt: skip
    azure.rows += [vault, other]
    item = row(subscription, f"{kind}/backupFabrics/protectionContainers/protectedItems", "share", {
        "sourceResourceId": "/x/share", "lastBackupStatus": "Completed" if good else "Failed", "lastBackupTime": "2026-11-21T22:00:00Z",
    })  # fmt: skip
    azure.rows.append({**item, "id": f"{vault['id']}/backupFabrics/Azure/protectionContainers/c/protectedItems/share"})
    instance = row(subscription, "Microsoft.DataProtection/backupVaults/backupInstances", "blob", {
        "currentProtectionState": "ProtectionConfigured" if good else "ProtectionError",
    })  # fmt: skip
    azure.rows.append({**instance, "id": f"{other['id']}/backupInstances/blob"})
    restored = row(subscription, f"{kind}/backupJobs", "j1", {**jobs, "operation": "Restore" if good else "Backup"})
    azure.rows.append({**restored, "id": f"{vault['id']}/backupJobs/j1"})
    taken = row(
        subscription,
        "Microsoft.DataProtection/backupVaults/backupJobs",
        "j2",
        {**jobs, "operationCategory": "Restore" if good else "Backup"},
    )
    azure.rows.append({**taken, "id": f"{other['id']}/backupJobs/j2"})


def _secrets(azure: FakeAzure, subscription: str, good: bool) -> None:
    vault = next(
        one
        for one in azure.rows
        if one["type"] == "microsoft.keyvault/vaults" and one["subscriptionId"] == subscription
    )
    made = 1792000000 if good else 1600000000
    azure.answers[f"{vault['id']}/secrets".lower()] = [
        {"id": f"{vault['id']}/secrets/{name}", "name": name, "location": "westeurope", "tags": vault["tags"],
         "properties": {"attributes": {"enabled": name == "token", "created": made, "updated": made,
                                       **({"exp": made + 90 * 86400} if good else {})}}}
        for name in ("token", "retired")
    ]  # fmt: skip


def _certificate(azure: FakeAzure, subscription: str, good: bool) -> None:
    azure.rows.append(row(subscription, "Microsoft.Web/certificates", "shop", {
        "subjectName": "shop.example", "issueDate": "2026-01-01T00:00:00Z", "canonicalName": "shop.example" if good else "",
        "expirationDate": "2027-06-01T00:00:00Z" if good else "2026-11-30T00:00:00Z", "thumbprint": "AB",
    }))  # fmt: skip
