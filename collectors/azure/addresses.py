"""Every address of Resource Manager and of Microsoft Graph that the collectors ask, with its API version and the one permission it takes.

Sources: the REST references of each provider, "Azure permissions" and the Microsoft Graph permissions reference.
"""

from typing import NamedTuple


class Address(NamedTuple):
    """One address of Resource Manager or Microsoft Graph; `{...}` is filled from the question's parameters."""

    path: str
    version: str
    """`api-version`; empty for Microsoft Graph."""
    grant: str
    """An action of Azure's roles; for Microsoft Graph an application permission."""
    query: str = ""
    """Further parameters of the address."""


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
    "arm.ManagedEncryption": Address(
        "{id}/transparentDataEncryption/current", "2021-11-01",
        "Microsoft.Sql/managedInstances/databases/transparentDataEncryption/read",
    ),
    "arm.ManagedBackups": Address(
        "{id}/backupShortTermRetentionPolicies/default", "2021-11-01",
        "Microsoft.Sql/managedInstances/databases/backupShortTermRetentionPolicies/read",
    ),
    "arm.ManagedProtector": Address(
        "{id}/encryptionProtector/current", "2021-11-01", "Microsoft.Sql/managedInstances/encryptionProtector/read"
    ),
    "arm.PostgresFirewall": Address(
        "{id}/firewallRules", "2022-12-01", "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules/read"
    ),
    "arm.MysqlFirewall": Address("{id}/firewallRules", "2023-12-30", "Microsoft.DBforMySQL/flexibleServers/firewallRules/read"),
    "arm.PostgresTls": Address(
        "{id}/configurations/require_secure_transport", "2022-12-01", "Microsoft.DBforPostgreSQL/flexibleServers/configurations/read"
    ),
    "arm.MysqlTls": Address(
        "{id}/configurations/require_secure_transport", "2023-12-30", "Microsoft.DBforMySQL/flexibleServers/configurations/read"
    ),
    "arm.CacheFirewall": Address("{id}/firewallRules", "2024-11-01", "Microsoft.Cache/redis/firewallRules/read"),
    "arm.CacheDatabases": Address("{id}/databases", "2024-10-01", "Microsoft.Cache/redisEnterprise/databases/read"),
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
    "arm.ActiveRoles": Address(
        f"{_IN}Microsoft.Authorization/roleAssignmentScheduleInstances", "2020-10-01",
        "Microsoft.Authorization/roleAssignmentScheduleInstances/read",
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
    "arm.Pricings": Address(f"{_IN}Microsoft.Security/pricings", "2024-01-01", "Microsoft.Security/pricings/read"),
    "arm.Automations": Address(f"{_IN}Microsoft.Security/automations", "2019-01-01-preview", "Microsoft.Security/automations/read"),
    "arm.LogCluster": Address("{id}", "2023-09-01", "Microsoft.OperationalInsights/clusters/read"),
    "arm.ActionGroup": Address("{id}", "2023-01-01", "Microsoft.Insights/actionGroups/read"),
    "arm.PolicyDefinition": Address("{id}", "2021-06-01", "Microsoft.Authorization/policyDefinitions/read"),
    "arm.Locks": Address(f"{_IN}Microsoft.Authorization/locks", "2020-05-01", "Microsoft.Authorization/locks/read"),
    "arm.StorageLifecycle": Address(
        "{id}/managementPolicies/default", "2023-05-01", "Microsoft.Storage/storageAccounts/managementPolicies/read"
    ),
    "arm.SqlProtector": Address(
        "{id}/encryptionProtector/current", "2021-11-01", "Microsoft.Sql/servers/encryptionProtector/read"
    ),
    "arm.Secrets": Address("{id}/secrets", "2023-07-01", "Microsoft.KeyVault/vaults/secrets/read"),
    "arm.MachineStatus": Address("{id}/instanceView", "2024-07-01", "Microsoft.Compute/virtualMachines/instanceView/read"),
    "arm.ComputeUsages": Address(
        f"{_IN}Microsoft.Compute/locations/{{location}}/usages", "2024-07-01", "Microsoft.Compute/locations/usages/read"
    ),
    "arm.SiteConfig": Address("{id}/config/web", "2023-12-01", "Microsoft.Web/sites/config/read"),
    "arm.SiteAuth": Address("{id}/config/authsettingsV2", "2023-12-01", "Microsoft.Web/sites/config/read"),
    "arm.SiteFunctions": Address("{id}/functions", "2023-12-01", "Microsoft.Web/sites/functions/read"),
    "arm.ContainerAppAuth": Address("{id}/authConfigs", "2024-03-01", "Microsoft.App/containerApps/authConfigs/read"),
    "arm.Apis": Address("{id}/apis", "2022-08-01", "Microsoft.ApiManagement/service/apis/read"),
    "arm.ApiPolicy": Address("{id}/policies/policy", "2022-08-01", "Microsoft.ApiManagement/service/apis/policies/read"),
    "arm.DoorDomains": Address("{id}/customDomains", "2024-02-01", "Microsoft.Cdn/profiles/customdomains/read"),
    "arm.DoorEndpoints": Address("{id}/afdEndpoints", "2024-02-01", "Microsoft.Cdn/profiles/afdendpoints/read"),
    "arm.DoorRoutes": Address("{id}/routes", "2024-02-01", "Microsoft.Cdn/profiles/afdendpoints/routes/read"),
    "arm.DoorShields": Address("{id}/securityPolicies", "2024-02-01", "Microsoft.Cdn/profiles/securitypolicies/read"),
}  # fmt: skip
"""Reads of Resource Manager."""

DIRECTORY = {
    "directory.Users": Address(
        "/v1.0/users", "", "User.Read.All",
        "$select=id,accountEnabled,userType,createdDateTime,signInActivity&$top=500",
    ),
    "directory.Registrations": Address(
        "/v1.0/reports/authenticationMethods/userRegistrationDetails", "", "AuditLog.Read.All"
    ),
    "directory.SecurityDefaults": Address("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", "", "Policy.Read.All"),
    "directory.ConditionalAccess": Address("/v1.0/identity/conditionalAccess/policies", "", "Policy.Read.All"),
    "directory.GlobalAdministrators": Address(
        "/v1.0/roleManagement/directory/roleAssignments", "", "RoleManagement.Read.Directory",
        "$filter=roleDefinitionId%20eq%20%2762e90394-69f5-4237-9190-012177145e10%27",
    ),
    "directory.CompliancePolicies": Address(
        "/v1.0/deviceManagement/deviceCompliancePolicies", "", "DeviceManagementConfiguration.Read.All", "$expand=assignments"
    ),
    "directory.Applications": Address(
        "/v1.0/applications", "", "Application.Read.All", "$select=id,appId,createdDateTime,keyCredentials,passwordCredentials&$top=999"
    ),
}  # fmt: skip
"""Reads of Microsoft Graph. Names of persons are not selected."""
DISCOVERY = ("arm.Descendants", "arm.Permissions", "arm.Subscriptions")
"""What discovery and the machinery ask."""
