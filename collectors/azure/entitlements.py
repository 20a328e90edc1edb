"""What each principal may do in a subscription, what custom roles would allow, and what other tenants may do there.

A principal's powers are those of all roles that are assigned to it on the whole subscription or above it; an assignment on a resource
group or a single resource gives no power over the subscription and is evidence only. Members of a group are not read: the group is
the principal. Assignments that are eligible (PIM) and not active are not listed by Azure here; those that a user has activated for
some hours are roles that people take, and no rights in the user's own name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, cast

from collectors.azure.elements import inner, instant, listed, properties, text
from collectors.azure.roles import UNKNOWN, Permission, Powers, permissions_of, powers
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.resource import Entitlement

KINDS = {
    "user": "user", "group": "group", "serviceprincipal": "service principal", "foreigngroup": "foreign group", "device": "device",
}  # fmt: skip
OTHER = "other principal"
"""A kind that Azure did not have when this was written."""
NOBODY = "unknown"
"""Stands for the principal of assignments that name none: of it nothing is learned."""
NO_LICENCE = "AadPremiumLicenseRequired"
Definitions = Mapping[str, tuple[Permission, ...] | None]
"""The last part of a role definition's id -> its permissions."""


@collector(
    "azure.entitlements",
    sees=Entitlement,
    kinds=(*KINDS.values(), OTHER, "custom role"),
    learns=("administrator", "wildcards", "planes", "granted_directly"),
    redacts=("expandedProperties", "principalName"),
    grants=(
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleAssignmentScheduleInstances/read",
        "Microsoft.Authorization/roleDefinitions/read",
    ),
    where="account",
)
class Entitlements:
    """Every principal with a role in the subscription, and every custom role that is known there."""

    def list(self, session: Session) -> Iterator[Item]:
        """Custom roles as they come; then one item a principal, with its assignments and the permissions of their roles."""
        definitions = built_in(session)
        for definition in session.pages("arm.CustomRoles", "value"):
            definitions[last(definition["id"])] = permissions_of(definition)
            yield definition
        holders: dict[str, list[Item]] = defaultdict(list)
        for assignment in session.pages("arm.RoleAssignments", "value"):
            holders[text(properties(assignment), "principalId") or NOBODY].append(assignment)
        for principal in sorted(holders):
            yield {"assignments": holders[principal], "permissions": _used(holders[principal], definitions)}

    def describe(self, session: Session, item: Item) -> Entitlement:
        """What was listed is read; of users it is asked which of their roles they have activated."""
        if "assignments" not in item:
            known = permissions_of(item)
            return _entitlement(
                session,
                item["id"].lower(),
                "custom role",
                text(properties(item), "roleName"),
                UNKNOWN if known is None else powers(known),
                directly=False,
            )
        first = properties(item["assignments"][0])
        principal = text(first, "principalId") or NOBODY
        held = KINDS.get((text(first, "principalType") or "").lower(), OTHER)
        identity = f"/subscriptions/{session.account}/providers/microsoft.authorization/principals/{principal.lower()}"
        directly = granted_directly(session, item, principal) if held == "user" else None if held == OTHER else False
        allowed = UNKNOWN if principal == NOBODY else holder_powers(session, item)
        return _entitlement(session, identity, held, principal, allowed, directly=directly)


def granted_directly(session: Session, item: Item, principal: str) -> bool | None:
    """A user has a role that it did not activate for some hours; without the licence for that, nobody can."""
    instances = cast("AzureSession", session).joined("arm.ActiveRoles", _holder, principal, absent=(NO_LICENCE,))
    if instances is None:
        return None
    taken = {
        (text(properties(one), "originRoleAssignmentId") or "").lower()
        for one in instances
        if (text(properties(one), "assignmentType") or "").lower() == "activated"
    }
    return any(str(one["id"]).lower() not in taken for one in item["assignments"])


def _holder(instance: Item) -> Iterator[str]:
    yield text(properties(instance), "principalId") or ""


def built_in(session: Session) -> dict[str, tuple[Permission, ...] | None]:
    """What the roles allow that Azure itself defined: the same in every subscription."""
    listed = cast("AzureSession", session).pages_once("arm.BuiltInRoles")
    return {last(one["id"]): permissions_of(one) for one in listed}


def holder_powers(session: Session, item: Item) -> Powers:
    """What the roles allow that stand on the whole subscription or above it."""
    whole = [one for one in item["assignments"] if covers(session, one)]
    roles = [item["permissions"].get(role_of(one)) for one in whole]
    if any(text(properties(one), "condition") for one in whole):
        return powers((each for role in roles for each in role or ()), certain=False)
    return powers((each for role in roles for each in role or ()), certain=None not in roles)


def covers(session: Session, assignment: Mapping[str, Any]) -> bool:
    """The assignment stands on the subscription, on a management group above it, or on the root."""
    scope = (text(properties(assignment), "scope") or "").lower().rstrip("/")
    return scope in {"", f"/subscriptions/{session.account}"} or scope.startswith("/providers/microsoft.management/")


def role_of(assignment: Mapping[str, Any]) -> str:
    """The role definition that an assignment names."""
    return last(text(properties(assignment), "roleDefinitionId") or "")


def last(identity: str) -> str:
    """The last part of an id, in lower case: role definitions stand under every scope with the same one."""
    return identity.lower().rpartition("/")[2]


def _used(assignments: list[Item], definitions: Definitions) -> dict[str, Any]:
    return {role: definitions.get(role) for role in sorted({role_of(one) for one in assignments})}


def _entitlement(
    session: Session, identity: str, kind: str, name: str | None, allowed: Powers, *, directly: bool | None
) -> Entitlement:
    return Entitlement(
        id=identity, provider="azure", account=session.account, region="global", kind=kind, name=name, tags={}, managed_by="customer",
        administrator=allowed.administrator, wildcards=allowed.wildcards, planes=allowed.planes, granted_directly=directly,
    )  # fmt: skip


@collector(
    "azure.delegations",
    sees=Entitlement,
    kinds=("role",),
    learns=("administrator", "wildcards", "planes", "granted_directly", "foreign_trust", "foreign_trust_guarded"),
    redacts=("principalIdDisplayName",),
    grants=("Microsoft.ManagedServices/registrationAssignments/read", "Microsoft.Authorization/roleDefinitions/read"),
    where="account",
)
class Delegations:
    """Every delegation of the subscription to another tenant (Azure Lighthouse): a role that a stranger may take."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of the listing, with the offer that each accepts, and the permissions of the roles in it."""
        found = list(session.pages("arm.Delegations", "value"))
        definitions = built_in(session) if found else {}
        for one in found:
            roles = sorted({last(text(each, "roleDefinitionId") or "") for each in authorizations(one)})
            yield {**one, "permissions": {role: definitions.get(role) for role in roles}}

    def describe(self, session: Session, item: Item) -> Entitlement:
        """The element tells all."""
        offer = inner(item, "properties", "registrationDefinition", "properties")
        tenant = text(offer, "managedByTenantId")
        roles = item["permissions"].values()
        allowed = (
            UNKNOWN
            if offer is None
            else powers((each for role in roles for each in role or ()), certain=None not in roles)
        )
        return Entitlement(
            id=item["id"].lower(), provider="azure", account=session.account, region="global", kind="role", tags={},
            name=text(offer, "registrationDefinitionName"), managed_by="customer", created=instant(inner(item, "systemData"), "createdAt"),
            administrator=allowed.administrator, wildcards=allowed.wildcards, planes=allowed.planes,
            granted_directly=False,  # it is a role that people of the other tenant take
            foreign_trust=None if tenant is None else (tenant.lower(),), foreign_trust_guarded=guarded(offer),
        )  # fmt: skip


def authorizations(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the offer lets the other tenant's principals do, permanently or when they ask for it."""
    offer = inner(item, "properties", "registrationDefinition", "properties")
    return [*(listed(offer, "authorizations") or ()), *(listed(offer, "eligibleAuthorizations") or ())]


def guarded(offer: Mapping[str, Any] | None) -> bool | None:
    """Nothing is granted for good, and each elevation asks for a second factor."""
    lasting = listed(offer, "authorizations")
    eligible = listed({"eligibleAuthorizations": [], **(offer or {})}, "eligibleAuthorizations")
    if lasting is None or eligible is None:
        return None
    asked = (text(inner(one, "justInTimeAccessPolicy"), "multiFactorAuthProvider") for one in eligible)
    return not lasting and bool(eligible) and all((one or "").lower() == "azure" for one in asked)
