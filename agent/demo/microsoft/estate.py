"""The simulated Azure: a management group with two subscriptions, and nothing wrong with any of it.

`agent.demo.microsoft.defects` breaks it in known places.
"""

from typing import Any

from agent.demo import canaries
from agent.demo.microsoft import passing, running, stores, surroundings
from agent.demo.microsoft.rows import (
    GROUP,
    MADE,
    PRODUCTION,
    SUBSCRIPTIONS,
    TENANT,
    Things,
    export,
    here,
    identity,
    row,
)  # fmt: skip

PEOPLE = ("amara", "jonas", "lin", "noah")
OWNER, READER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
BUILT_IN = "/providers/Microsoft.Authorization"
NO_PUBLIC = f"{BUILT_IN}/policyDefinitions/4fa4b6c0-31ca-4c0d-b10d-24b96f62a751"
BENCHMARK = f"{BUILT_IN}/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
PLACES = f"{BUILT_IN}/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c"
ABOVE = f"/providers/Microsoft.Management/managementGroups/{GROUP}"
KEEP = f"{ABOVE}{BUILT_IN}/policyDefinitions/keep-exports"
RECORDED = ("Administrative", "Security", "Policy", "Alert")


def tenant() -> Things:
    """Every row and answer, by its key."""
    things: Things = {}
    found(things)
    for subscription in SUBSCRIPTIONS:
        govern(things, subscription)
        record(things, subscription)
        admit(things, subscription)
        stores.shelve(things, subscription)
        surroundings.watch(things, subscription)
        running.serve(things, subscription)
    stores.archive(things, PRODUCTION)
    passing.pass_on(things, PRODUCTION)
    running.publish(things, PRODUCTION)
    return things


def found(things: Things) -> None:
    """The tenant's subscriptions, and its people and applications."""
    things["/subscriptions"] = [
        {
            "id": f"/subscriptions/{one}",
            "subscriptionId": one,
            "displayName": name,
            "state": "Enabled",
            "tenantId": TENANT,
        }
        for one, name in SUBSCRIPTIONS.items()
    ]
    below = [
        {"id": f"/subscriptions/{one}", "type": "/subscriptions", "name": one, "properties": {"displayName": name}}
        for one, name in SUBSCRIPTIONS.items()
    ]
    group = {"id": ABOVE, "name": GROUP, "type": "Microsoft.Management/managementGroups"}
    for level in (GROUP, TENANT):
        things[f"/providers/microsoft.management/managementgroups/{level}/descendants"] = [group, *below]
    things["/v1.0/users"] = [person(name) for name in PEOPLE]
    things["/v1.0/reports/authenticationmethods/userregistrationdetails"] = [registered(name) for name in PEOPLE]
    things["/v1.0/policies/identitysecuritydefaultsenforcementpolicy"] = {"id": "defaults", "isEnabled": False}
    things["/v1.0/identity/conditionalaccess/policies"] = [
        conditional("second factor", ["all"], "mfa"), conditional("older clients", ["exchangeActiveSync", "other"], "block")
    ]  # fmt: skip
    things["/v1.0/rolemanagement/directory/roleassignments"] = [
        {"id": f"assignment-{name}", "principalId": f"user-{name}", "directoryScopeId": "/"} for name in PEOPLE[:2]
    ]
    things["/v1.0/devicemanagement/devicecompliancepolicies"] = [
        complying("windows10", bitLockerEnabled=True), complying("macOS", storageRequireEncryption=True)
    ]  # fmt: skip
    things["/v1.0/applications"] = [application(name, "2026-09-01T00:00:00Z") for name in ("deploy", "sync")]


def person(name: str, last: str = "now-9h") -> dict[str, Any]:
    """A user who signed in then."""
    return {
        "id": f"user-{name}", "accountEnabled": True, "userType": "Member", "createdDateTime": "2025-01-15T08:00:00Z",
        "lastPasswordChangeDateTime": MADE, "signInActivity": {"lastSignInDateTime": last},
    }  # fmt: skip


def registered(name: str, *, mfa: bool = True) -> dict[str, Any]:
    """What a user has registered as a second factor."""
    return {"id": f"user-{name}", "isMfaRegistered": mfa, "userPrincipalName": canaries.PERSON}


def application(name: str, since: str) -> dict[str, Any]:
    """An application with a secret that was made then."""
    secret = {"displayName": "pipeline", "startDateTime": since, "endDateTime": "2027-03-01T00:00:00Z"}
    return {
        "id": f"app-{name}", "appId": f"client-{name}", "createdDateTime": MADE, "keyCredentials": [], "passwordCredentials": [secret],
    }  # fmt: skip


def conditional(name: str, clients: list[str], control: str) -> dict[str, Any]:
    """A policy of conditional access for everybody."""
    return {
        "id": name, "state": "enabled", "grantControls": {"operator": "OR", "builtInControls": [control]},
        "conditions": {
            "users": {"includeUsers": ["All"], "excludeUsers": ["user-emergency"]}, "applications": {"includeApplications": ["All"]},
            "clientAppTypes": clients,
        },
    }  # fmt: skip


def complying(kind: str, **asked: bool) -> dict[str, Any]:
    """A compliance policy of Intune, for everybody."""
    return {
        "@odata.type": f"#microsoft.graph.{kind}CompliancePolicy", "id": f"policy-{kind}", "passwordRequired": True,
        "passwordMinutesOfInactivityBeforeLock": 5, "assignments": [{"id": f"policy-{kind}_everybody"}], **asked,
    }  # fmt: skip


def govern(things: Things, subscription: str) -> None:
    """Policies, whom Microsoft warns, what cannot be deleted."""
    scope = f"/subscriptions/{subscription}"
    things[here(subscription, "Microsoft.Authorization/policyAssignments")] = [
        {"id": f"{where}{BUILT_IN}/policyAssignments/{name}", "name": name, "properties": {
            "scope": where, "notScopes": [], "enforcementMode": "Default", "policyDefinitionId": definition, "parameters": parameters,
        }}
        for name, where, definition, parameters in (
            ("no-public", scope, NO_PUBLIC, {"effect": {"value": "Deny"}}),
            ("keep-exports", ABOVE, KEEP, {}),
            ("benchmark", scope, BENCHMARK, {}),
            ("places", scope, PLACES, {"listOfAllowedLocations": {"value": ["westeurope", "northeurope"]}}),
        )
    ]  # fmt: skip
    rule = {
        "if": {"field": "type", "equals": "Microsoft.Insights/diagnosticSettings"},
        "then": {"effect": "[parameters('effect')]"},
    }
    effect = {"effect": {"type": "String", "defaultValue": "DenyAction"}}
    things[KEEP.lower()] = {"properties": {"policyRule": rule, "parameters": effect}}
    until = {
        "policyAssignmentId": f"{scope}{BUILT_IN}/policyAssignments/benchmark", "exemptionCategory": "Mitigated",
        "expiresOn": "2027-03-01T00:00:00Z", "description": f"asked for by {canaries.PERSON}",
    }  # fmt: skip
    things[here(subscription, "Microsoft.Authorization/policyExemptions")] = [
        {"id": f"{scope}{BUILT_IN}/policyExemptions/while-moving", "name": "while-moving", "properties": until}
    ]
    things[here(subscription, "Microsoft.ManagedServices/registrationAssignments")] = []
    group = f"{scope}/resourceGroups/workspaces"
    lock = {"id": f"{group}{BUILT_IN}/locks/keep", "name": "keep", "properties": {"level": "CanNotDelete"}}
    things[here(subscription, "Microsoft.Authorization/locks")] = [lock]
    contact = {
        "emails": canaries.CONTACT, "isEnabled": True,
        "notificationsSources": [{"sourceType": "Alert", "minimalSeverity": "Medium"}],
    }  # fmt: skip
    where = here(subscription, "Microsoft.Security/securityContacts")
    things[where] = [{"id": f"{where}/default", "name": "default", "properties": contact}]


def record(things: Things, subscription: str) -> None:
    """The activity log, kept where nobody can change it and searched in a workspace."""
    account = identity(subscription, "Microsoft.Storage/storageAccounts", f"examplelogs{subscription[0]}")
    things[account.lower()] = {
        "id": account,
        "location": "westeurope",
        "properties": stores.account(key="Microsoft.Keyvault"),
    }
    locked = {"immutabilityPolicy": {"properties": {"state": "Locked", "immutabilityPeriodSinceCreationInDays": 400}}}
    things[f"{account}/blobservices/default/containers".lower()] = [
        {"name": "insights-activity-logs", "properties": locked}
    ]
    export(things, f"{account}/blobServices/default", *stores.ACCESS)
    workspace = identity(subscription, "Microsoft.OperationalInsights/workspaces", "search")
    cluster = identity(subscription, "Microsoft.OperationalInsights/clusters", "own")
    things[workspace.lower()] = {"id": workspace, "properties": {"features": {"clusterResourceId": cluster}}}
    things[cluster.lower()] = {"id": cluster, "properties": {"keyVaultProperties": {"keyName": "logs"}}}
    export(things, workspace, "Audit")
    where = here(subscription, "microsoft.insights/diagnosticSettings")
    logs = [{"category": name, "enabled": True} for name in RECORDED]
    kept = {"storageAccountId": account, "workspaceId": workspace, "logs": logs}
    things[where] = [{"id": f"{where}/export", "name": "export", "properties": kept}]
    row(things, subscription, "Microsoft.OperationalInsights/workspaces", "central", {
        "retentionInDays": 400, "features": {"clusterResourceId": cluster}, "createdDate": MADE,
    })  # fmt: skip


def admit(things: Things, subscription: str) -> None:
    """Roles, and who has them: a team, a machine, and one person who asks for it each time."""
    where, scope = f"/subscriptions/{subscription}{BUILT_IN}", f"/subscriptions/{subscription}"
    nothing: dict[str, Any] = {"notActions": [], "dataActions": [], "notDataActions": []}
    things[f"{where}/roledefinitions".lower()] = [
        {"id": f"{where}/roleDefinitions/{name}", "name": name, "properties": {
            "roleName": title, "type": "BuiltInRole", "permissions": [{"actions": actions, **nothing}],
        }}
        for name, title, actions in ((OWNER, "Owner", ["*"]), (READER, "Reader", ["*/read"]))
    ]  # fmt: skip
    things[f"{where}/roleassignments".lower()] = [
        assigned(where, "1", READER, "robot-metering", "ServicePrincipal", scope),
        assigned(where, "2", READER, "team-operators", "Group", ABOVE),
        assigned(where, "3", READER, "user-amara", "User", scope),
    ]
    activated = {
        "principalId": "user-amara",
        "assignmentType": "Activated",
        "originRoleAssignmentId": f"{where}/roleAssignments/3",
    }
    things[f"{where}/roleassignmentscheduleinstances".lower()] = [{"properties": activated}]


def assigned(where: str, name: str, role: str, principal: str, kind: str, scope: str) -> dict[str, Any]:
    """One assignment of a role."""
    return {"id": f"{where}/roleAssignments/{name}", "properties": {
        "roleDefinitionId": f"{where}/roleDefinitions/{role}", "principalId": principal, "principalType": kind, "scope": scope,
    }}  # fmt: skip
