"""Every table of Resource Graph that the collectors read: one resource type at a time, with the one permission that shows its rows.

Resource Graph leaves rows out, without a word, where the caller lacks the read permission of their type. So only types are read whose
permission a custom role can name: `patchassessmentresources` asks for one that no provider registers, and is left alone.
Sources: "Supported tables and resource types", "Azure resource provider operations".
"""

from typing import NamedTuple


class Table(NamedTuple):
    """One table of Resource Graph, of one resource type."""

    name: str
    type: str
    action: str
    """The read permission without which Resource Graph leaves the rows out and does not say so."""

    subscriptions: int = 1000
    """In one query; Resource Graph's own tools send no more."""
    only: str = ""
    """A further condition on the rows. Where one leaves out what is over, it names what is over: a field that is called otherwise one day
    then leaves nothing out."""
    columns: str = "id, name, type, subscriptionId, location, kind, sku, tags, zones, identity, properties"

    @property
    def query(self) -> str:
        """In an order in which one stream serves subscription after subscription."""
        if not self.type:
            known = sorted({one.type for one in GRAPH.values() if one.name == "resources" and one.type})
            return COUNTING.format(types=", ".join(f"'{one}'" for one in known))
        only = f" and {self.only}" if self.only else ""
        return (
            f"{self.name} | where type =~ '{self.type}'{only} | project {self.columns} "
            "| order by subscriptionId asc, id asc"
        )


COUNTING = (
    "resources | where type !in~ ({types}) | summarize things=count() by subscriptionId, type "
    "| extend id=strcat(subscriptionId, '/', type) | project id, subscriptionId, type, things | order by subscriptionId asc, id asc"
)
"""How many things there are of each type that has no collector. Its answer must fit a page, so few subscriptions go into one query."""
GRAPH_ACTION = "Microsoft.ResourceGraph/resources/read"
VULNERABLE = (
    "1195afff-c881-495e-9bc5-1486211ae03f", "82e20e14-edc5-4373-bfc4-f13121257c37", "c0b7cfc6-3172-465a-b378-53c7ff2cc0d5",
    "c609cf0f-71ab-41e9-a3c6-9a1f7fe1b8d5", "f97aa83c-9b63-4f9a-99f6-b22c4398f936",
)  # fmt: skip
"""Defender's assessments that say whether vulnerabilities were found in a machine, a SQL database, an image in a registry, a running
container or a SQL server on a machine (their keys; "Reference table for all security recommendations")."""
SCANNED = "ffff0522-1e88-47fc-8382-2a80ba848f5d"
"""Defender's assessment "Machines should have a vulnerability assessment solution"."""


def _of(type: str, name: str = "resources", only: str = "") -> Table:  # noqa: A002 - Azure's word
    return Table(name=name, type=type.lower(), action=f"{type}/read", only=only)


def _named(keys: tuple[str, ...]) -> str:
    return f"name in~ ({', '.join(map(repr, keys))})"


_PROTECTED = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems"
_BACKUP = "recoveryservicesresources"

GRAPH = {
    "graph.StorageAccounts": _of("Microsoft.Storage/storageAccounts"),
    "graph.Disks": _of("Microsoft.Compute/disks"),
    "graph.Snapshots": _of("Microsoft.Compute/snapshots"),
    "graph.SqlServers": _of("Microsoft.Sql/servers"),
    "graph.SqlDatabases": _of("Microsoft.Sql/servers/databases"),
    "graph.ManagedInstances": _of("Microsoft.Sql/managedInstances"),
    "graph.ManagedDatabases": _of("Microsoft.Sql/managedInstances/databases"),
    "graph.PostgresServers": _of("Microsoft.DBforPostgreSQL/flexibleServers"),
    "graph.MysqlServers": _of("Microsoft.DBforMySQL/flexibleServers"),
    "graph.CosmosAccounts": _of("Microsoft.DocumentDB/databaseAccounts"),
    "graph.Caches": _of("Microsoft.Cache/redis"),
    "graph.CacheClusters": _of("Microsoft.Cache/redisEnterprise"),
    "graph.ServiceBuses": _of("Microsoft.ServiceBus/namespaces"),
    "graph.EventHubs": _of("Microsoft.EventHub/namespaces"),
    "graph.FileVolumes": _of("Microsoft.NetApp/netAppAccounts/capacityPools/volumes"),
    "graph.Images": _of("Microsoft.Compute/images"),
    "graph.Galleries": _of("Microsoft.Compute/galleries"),
    "graph.ImageVersions": _of("Microsoft.Compute/galleries/images/versions"),
    "graph.Vaults": _of("Microsoft.KeyVault/vaults"),
    "graph.SecretVaults": _of("Microsoft.KeyVault/vaults"),
    "graph.Certificates": _of("Microsoft.Web/certificates"),
    "graph.SecurityGroups": _of("Microsoft.Network/networkSecurityGroups"),
    "graph.Networks": _of("Microsoft.Network/virtualNetworks"),
    "graph.FlowLogs": _of("Microsoft.Network/networkWatchers/flowLogs"),
    "graph.Machines": _of("Microsoft.Compute/virtualMachines"),
    "graph.MachinePlaces": _of("Microsoft.Compute/virtualMachines")._replace(columns="id, subscriptionId, location"),
    "graph.Extensions": _of("Microsoft.Compute/virtualMachines/extensions"),
    "graph.Interfaces": _of("Microsoft.Network/networkInterfaces"),
    "graph.MachineBackups": _of(_PROTECTED, _BACKUP),
    "graph.MachineGroups": _of("Microsoft.Compute/virtualMachineScaleSets"),
    "graph.Autoscale": _of("Microsoft.Insights/autoscaleSettings"),
    "graph.Sites": _of("Microsoft.Web/sites"),
    "graph.ContainerApps": _of("Microsoft.App/containerApps"),
    "graph.AppEnvironments": _of("Microsoft.App/managedEnvironments"),
    "graph.Clusters": _of("Microsoft.ContainerService/managedClusters"),
    "graph.Registries": _of("Microsoft.ContainerRegistry/registries"),
    "graph.Gateways": _of("Microsoft.Network/applicationGateways"),
    "graph.GatewayShields": _of("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies"),
    "graph.GatewayFilters": _of("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies"),
    "graph.DoorFilters": _of("Microsoft.Network/frontDoorWebApplicationFirewallPolicies"),
    "graph.FrontDoors": _of("Microsoft.Cdn/profiles"),
    "graph.ApiServices": _of("Microsoft.ApiManagement/service"),
    "graph.Workspaces": _of("Microsoft.OperationalInsights/workspaces"),
    "graph.RecoveryVaults": _of("Microsoft.RecoveryServices/vaults"),
    "graph.BackupVaults": _of("Microsoft.DataProtection/backupVaults"),
    "graph.ProtectedItems": _of(_PROTECTED, _BACKUP),
    "graph.BackupInstances": _of("Microsoft.DataProtection/backupVaults/backupInstances", _BACKUP),
    "graph.RecoveryRestores": _of(
        "Microsoft.RecoveryServices/vaults/backupJobs", _BACKUP, "properties.operation in~ ('Restore', 'CrossRegionRestore')"
    ),
    "graph.BackupRestores": _of(
        "Microsoft.DataProtection/backupVaults/backupJobs", _BACKUP, "properties.operationCategory in~ ('Restore', 'CrossRegionRestore')"
    ),
    "graph.Alerts": _of(
        "Microsoft.Security/locations/alerts", "securityresources", "properties.Status !in~ ('Resolved', 'Dismissed')"
    ),
    "graph.Vulnerabilities": _of("Microsoft.Security/assessments", "securityresources", _named(VULNERABLE)),
    "graph.ScanCoverage": _of("Microsoft.Security/assessments", "securityresources", _named((SCANNED,))),
    "graph.ActivityAlerts": _of("Microsoft.Insights/activityLogAlerts"),
    "graph.QueryAlerts": _of("Microsoft.Insights/scheduledQueryRules"),
    "graph.ActionGroups": _of("Microsoft.Insights/actionGroups"),
    "graph.Others": Table(name="resources", type="", action=GRAPH_ACTION, subscriptions=20),
}  # fmt: skip
"""Reads of Resource Graph. With each goes `Microsoft.ResourceGraph/resources/read`. A table that two collectors read stands here twice:
two streams cost some queries more, and asking for each subscription anew would cost one for each."""
