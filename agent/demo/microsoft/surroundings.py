"""What watches the simulated Azure: Defender, alerts, the vault for backups, a certificate."""

from agent.demo import canaries
from agent.demo.microsoft.rows import MADE, Things, here, row

PLANS = {
    "VirtualMachines": (), "Containers": (), "StorageAccounts": ("OnUploadMalwareScanning", "SensitiveDataDiscovery"), "CloudPosture": (),
}  # fmt: skip
ACTS = (
    "Microsoft.Insights/diagnosticSettings/write", "Microsoft.Insights/diagnosticSettings/delete",
    "Microsoft.Authorization/roleAssignments/write", "Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/delete",
    "Microsoft.Network/networkSecurityGroups/write", "Microsoft.Network/networkSecurityGroups/delete",
)  # fmt: skip
VAULT = "Microsoft.RecoveryServices/vaults"
BENCHMARK = "ffff0522-1e88-47fc-8382-2a80ba848f5d"


def watch(things: Things, subscription: str) -> None:
    """All of it."""
    defend(things, subscription)
    alarm(things, subscription)
    back_up(things, subscription)
    row(things, subscription, "Microsoft.Web/certificates", "workspace", {
        "subjectName": "workspace.cloud.example", "issueDate": MADE, "canonicalName": "workspace.cloud.example",
        "expirationDate": "2027-06-01T00:00:00Z", "thumbprint": "AB",
    })  # fmt: skip


def defend(things: Things, subscription: str) -> None:
    """Every plan of Defender, and its findings carried on."""
    things[here(subscription, "Microsoft.Security/pricings")] = [
        {"name": name, "properties": {
            "pricingTier": "Standard", "freeTrialRemainingTime": "PT0S",
            "extensions": [{"name": one, "isEnabled": "True"} for one in extensions],
        }}
        for name, extensions in PLANS.items()
    ]  # fmt: skip
    carried = {
        "isEnabled": True,
        "sources": [{"eventSource": "SubAssessments"}],
        "actions": [{"actionType": "EventHub"}],
    }
    things[here(subscription, "Microsoft.Security/automations")] = [{"name": "export", "properties": carried}]
    row(things, subscription, "Microsoft.Security/assessments", BENCHMARK, {"status": {"code": "Healthy"}})


def alarm(things: Things, subscription: str) -> None:
    """Alerts on what administrators do and on sign-ins, and who hears of them."""
    group = row(things, subscription, "Microsoft.Insights/actionGroups", "oncall", {
        "enabled": True, "groupShortName": "oncall", "emailReceivers": [{"name": "duty", "emailAddress": canaries.CONTACT}],
    })  # fmt: skip
    for number, act in enumerate(ACTS):
        said = [{"field": "category", "equals": "Administrative"}, {"field": "operationName", "equals": act}]
        row(things, subscription, "Microsoft.Insights/activityLogAlerts", f"act{number}", {
            "enabled": True, "scopes": [f"/subscriptions/{subscription}"], "condition": {"allOf": said},
            "actions": {"actionGroups": [{"actionGroupId": group["id"]}]},
        })  # fmt: skip
    query = "SigninLogs | where ResultType == 50126 or AuditLogs has 'elevated their access'"
    row(things, subscription, "Microsoft.Insights/scheduledQueryRules", "sign-ins", {
        "enabled": True, "criteria": {"allOf": [{"query": query}]}, "actions": {"actionGroups": [group["id"]]},
    })  # fmt: skip


def back_up(things: Things, subscription: str) -> None:
    """A vault that nobody can empty, in two regions, with a restore that was tried."""
    vault = row(things, subscription, VAULT, "backups", {
        "redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant"},
        "securitySettings": {"immutabilitySettings": {"state": "Locked"}},
        "encryption": {"keyVaultProperties": {"keyUri": "https://vault.example/keys/backups"}},
    })  # fmt: skip
    row(things, subscription, f"{VAULT}/backupFabrics/protectionContainers/protectedItems", "share", {
        "sourceResourceId": "/x/share", "lastBackupStatus": "Completed", "lastBackupTime": "now-6h",
    }, id=f"{vault['id']}/backupFabrics/Azure/protectionContainers/c/protectedItems/share")  # fmt: skip
    row(things, subscription, f"{VAULT}/backupJobs", "trial", {
        "status": "Completed", "endTime": "now-96h", "operation": "Restore",
    }, id=f"{vault['id']}/backupJobs/trial")  # fmt: skip
