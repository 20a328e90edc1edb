"""Every question that the Azure collectors put, once: where it goes, in which API version, and the one permission that it takes.

Nothing else can be asked, so nothing can be changed: the only POST is a query of Resource Graph. A `graph` operation reads one table
of Resource Graph for one resource type, an `arm` operation one address of Resource Manager, a `directory` operation one of Microsoft
Graph. Sources: the REST references of each provider, "Azure permissions" and the Microsoft Graph permissions reference.
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

    @property
    def query(self) -> str:
        """In an order in which one stream serves subscription after subscription."""
        if not self.type:
            return COUNTING.format(types=", ".join(f"'{one.type}'" for one in GRAPH.values() if one.type))
        return (
            f"{self.name} | where type =~ '{self.type}' | project id, name, type, subscriptionId, location, kind, sku, tags, zones, "
            "properties | order by subscriptionId asc, id asc"
        )


class Address(NamedTuple):
    """One address of Resource Manager or Microsoft Graph; `{...}` is filled from the question's parameters."""

    path: str
    version: str
    """`api-version`; empty for Microsoft Graph."""
    grant: str
    """An action of Azure's roles; for Microsoft Graph an application permission."""
    query: str = ""
    """Further parameters of the address."""


COUNTING = (
    "resources | where type !in~ ({types}) | summarize things=count() by subscriptionId, type "
    "| extend id=strcat(subscriptionId, '/', type) | project id, subscriptionId, type, things | order by subscriptionId asc, id asc"
)
"""How many things there are of each type that has no collector. Its answer must fit a page, so few subscriptions go into one query."""


def _resources(type: str, action: str) -> Table:  # noqa: A002 - Azure's word
    return Table(name="resources", type=type, action=f"{action}/read")


GRAPH = {
    "graph.StorageAccounts": _resources("microsoft.storage/storageaccounts", "Microsoft.Storage/storageAccounts"),
    "graph.Disks": _resources("microsoft.compute/disks", "Microsoft.Compute/disks"),
    "graph.Snapshots": _resources("microsoft.compute/snapshots", "Microsoft.Compute/snapshots"),
    "graph.SqlServers": _resources("microsoft.sql/servers", "Microsoft.Sql/servers"),
    "graph.SqlDatabases": _resources("microsoft.sql/servers/databases", "Microsoft.Sql/servers/databases"),
    "graph.PostgresServers": _resources(
        "microsoft.dbforpostgresql/flexibleservers", "Microsoft.DBforPostgreSQL/flexibleServers"
    ),
    "graph.MysqlServers": _resources("microsoft.dbformysql/flexibleservers", "Microsoft.DBforMySQL/flexibleServers"),
    "graph.CosmosAccounts": _resources(
        "microsoft.documentdb/databaseaccounts", "Microsoft.DocumentDB/databaseAccounts"
    ),
    "graph.Vaults": _resources("microsoft.keyvault/vaults", "Microsoft.KeyVault/vaults"),
    "graph.SecurityGroups": _resources(
        "microsoft.network/networksecuritygroups", "Microsoft.Network/networkSecurityGroups"
    ),
    "graph.Networks": _resources("microsoft.network/virtualnetworks", "Microsoft.Network/virtualNetworks"),
    "graph.FlowLogs": _resources(
        "microsoft.network/networkwatchers/flowlogs", "Microsoft.Network/networkWatchers/flowLogs"
    ),
    "graph.Others": Table(name="resources", type="", action="Microsoft.ResourceGraph/resources/read", subscriptions=20),
}
"""Reads of Resource Graph. With each goes `Microsoft.ResourceGraph/resources/read`."""
GRAPH_ACTION = "Microsoft.ResourceGraph/resources/read"

_IN = "/subscriptions/{subscription}/providers/"
ARM = {
    "arm.Subscriptions": Address("/subscriptions", "2022-12-01", "Microsoft.Resources/subscriptions/read"),
    "arm.Descendants": Address(
        "/providers/Microsoft.Management/managementGroups/{group}/descendants", "2020-05-01",
        "Microsoft.Management/managementGroups/descendants/read",
    ),
    "arm.Permissions": Address(f"{_IN}Microsoft.Authorization/permissions", "2022-04-01", "Microsoft.Authorization/permissions/read"),
    "arm.BlobServices": Address(
        "{id}/blobServices/default", "2023-05-01", "Microsoft.Storage/storageAccounts/blobServices/read"
    ),
    "arm.BlobContainers": Address(
        "{id}/blobServices/default/containers", "2023-05-01", "Microsoft.Storage/storageAccounts/blobServices/containers/read",
    ),
    "arm.DiagnosticSettings": Address(
        "{id}/providers/Microsoft.Insights/diagnosticSettings", "2021-05-01-preview", "Microsoft.Insights/diagnosticSettings/read",
    ),
    "arm.ActivityLogExports": Address(
        f"{_IN}Microsoft.Insights/diagnosticSettings", "2021-05-01-preview", "Microsoft.Insights/diagnosticSettings/read"
    ),
    "arm.StorageAccount": Address("{id}", "2023-05-01", "Microsoft.Storage/storageAccounts/read"),
    "arm.Workspace": Address("{id}", "2023-09-01", "Microsoft.OperationalInsights/workspaces/read"),
    "arm.SqlEncryption": Address(
        "{id}/transparentDataEncryption/current", "2021-11-01", "Microsoft.Sql/servers/databases/transparentDataEncryption/read",
    ),
    "arm.SqlBackups": Address(
        "{id}/backupShortTermRetentionPolicies/default", "2021-11-01",
        "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read",
    ),
    "arm.SqlFirewall": Address("{id}/firewallRules", "2021-11-01", "Microsoft.Sql/servers/firewallRules/read"),
    "arm.PostgresFirewall": Address(
        "{id}/firewallRules", "2022-12-01", "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules/read"
    ),
    "arm.MysqlFirewall": Address("{id}/firewallRules", "2023-12-30", "Microsoft.DBforMySQL/flexibleServers/firewallRules/read"),
    "arm.Keys": Address("{id}/keys", "2023-07-01", "Microsoft.KeyVault/vaults/keys/read"),
    "arm.Key": Address("{id}", "2023-07-01", "Microsoft.KeyVault/vaults/keys/read"),
    "arm.DeletedVaults": Address(f"{_IN}Microsoft.KeyVault/deletedVaults", "2023-07-01", "Microsoft.KeyVault/deletedVaults/read"),
    "arm.SecurityContacts": Address(
        f"{_IN}Microsoft.Security/securityContacts", "2023-12-01-preview", "Microsoft.Security/securityContacts/read"
    ),
    "arm.PolicyAssignments": Address(
        f"{_IN}Microsoft.Authorization/policyAssignments", "2022-06-01", "Microsoft.Authorization/policyAssignments/read"
    ),
    "arm.PolicyExemptions": Address(
        f"{_IN}Microsoft.Authorization/policyExemptions", "2022-07-01-preview", "Microsoft.Authorization/policyExemptions/read"
    ),
    "arm.RoleAssignments": Address(
        f"{_IN}Microsoft.Authorization/roleAssignments", "2022-04-01", "Microsoft.Authorization/roleAssignments/read"
    ),
    "arm.CustomRoles": Address(
        f"{_IN}Microsoft.Authorization/roleDefinitions", "2022-04-01", "Microsoft.Authorization/roleDefinitions/read",
        "$filter=type%20eq%20%27CustomRole%27",
    ),
    "arm.BuiltInRoles": Address(
        f"{_IN}Microsoft.Authorization/roleDefinitions", "2022-04-01", "Microsoft.Authorization/roleDefinitions/read",
        "$filter=type%20eq%20%27BuiltInRole%27",
    ),
    "arm.Delegations": Address(
        f"{_IN}Microsoft.ManagedServices/registrationAssignments", "2022-10-01",
        "Microsoft.ManagedServices/registrationAssignments/read", "$expandRegistrationDefinition=true",
    ),
}  # fmt: skip
"""Reads of Resource Manager."""

DIRECTORY = {
    "directory.Users": Address(
        "/v1.0/users", "", "User.Read.All",
        "$select=id,accountEnabled,userType,createdDateTime,lastPasswordChangeDateTime,signInActivity&$top=500",
    ),
    "directory.Registrations": Address(
        "/v1.0/reports/authenticationMethods/userRegistrationDetails", "", "AuditLog.Read.All"
    ),
    "directory.Applications": Address(
        "/v1.0/applications", "", "Application.Read.All", "$select=id,appId,createdDateTime,keyCredentials,passwordCredentials&$top=999"
    ),
}  # fmt: skip
"""Reads of Microsoft Graph. Names of persons are not selected."""
DISCOVERY = ("arm.Descendants", "arm.Permissions", "arm.Subscriptions")
"""What discovery and the machinery ask."""


def grant(operation: str) -> str:
    """The permission that an operation takes."""
    if operation in GRAPH:
        return GRAPH[operation].action
    return (ARM.get(operation) or DIRECTORY[operation]).grant
