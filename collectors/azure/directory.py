"""How the tenant lets people in: its security defaults, its conditional access, and who is Global Administrator.

A policy counts for everybody if it is on, names all users and all applications, and nothing narrows it to some places, devices or risks;
whom it leaves out by name is not weighed. Roles that are only asked for when they are needed (PIM) are not counted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import flag, inner, some, text
from collectors.collector import Item, Session, collector
from collectors.terms import Directory

MODERN, OLDER = frozenset({"browser", "mobileAppsAndDesktopClients"}), frozenset({"exchangeActiveSync", "other"})
"""Kinds of client: those that can ask for a second factor, and those that can not."""
NARROW = ("signInRiskLevels", "userRiskLevels", "devices", "deviceStates", "authenticationFlows", "insiderRiskLevels")


@collector(
    "azure.directory",
    sees=Directory,
    kinds=("directory",),
    learns=("mfa_demanded", "legacy_sign_ins_refused", "administrators"),
    moves=("modifiedDateTime",),
    redacts=("displayName", "description"),
    grants=("Policy.Read.All", "RoleManagement.Read.Directory"),
    where="organization",
)
class Directories:
    """The tenant, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item: every policy of conditional access, and every assignment of the highest role."""
        policies = list(session.pages("directory.ConditionalAccess", "value"))
        yield {"policies": policies, "roles": list(session.pages("directory.GlobalAdministrators", "value"))}

    def describe(self, session: Session, item: Item) -> Directory:
        """The security defaults are asked for."""
        defaults = flag(session.ask("directory.SecurityDefaults"), "isEnabled")
        principals = [text(one, "principalId") for one in item["roles"]]
        return Directory(
            id=f"/tenants/{session.account}/directory", provider="azure", account=session.account, region="global", kind="directory",
            tags={}, managed_by="customer", mfa_demanded=some((defaults, some(map(demands_mfa, item["policies"])))),
            legacy_sign_ins_refused=some((defaults, some(map(refuses_older, item["policies"])))),
            administrators=None if None in principals else len(set(principals)),
        )  # fmt: skip


def demands_mfa(policy: Mapping[str, Any]) -> bool | None:
    """Everybody with a client of today needs a second factor, whatever else would do."""
    clients = _words(inner(policy, "conditions"), "clientAppTypes")
    if not for_everybody(policy) or not (clients == {"all"} or clients >= MODERN):
        return False
    controls = inner(policy, "grantControls")
    built_in, strength = _words(controls, "builtInControls"), inner(controls, "authenticationStrength")
    enough = "mfa" in built_in or (None if strength and "requirementsSatisfied" not in strength else _strong(strength))
    alone = len(built_in) + (strength is not None) == 1 or text(controls, "operator") == "AND"
    return enough if alone else False


def refuses_older(policy: Mapping[str, Any]) -> bool:
    """Clients that know no second factor are turned away."""
    clients = _words(inner(policy, "conditions"), "clientAppTypes")
    return (
        for_everybody(policy)
        and clients >= OLDER
        and _words(inner(policy, "grantControls"), "builtInControls") == {"block"}
    )


def for_everybody(policy: Mapping[str, Any]) -> bool:
    """The policy is on, for all users and applications, from wherever they come."""
    conditions = inner(policy, "conditions")
    if conditions is None or text(policy, "state") != "enabled" or any(conditions.get(name) for name in NARROW):
        return False
    return (
        "All" in _words(inner(conditions, "users"), "includeUsers")
        and "All" in _words(inner(conditions, "applications"), "includeApplications")
        and all(_wide(conditions, name) for name in ("Locations", "Platforms"))
    )


def _wide(conditions: Mapping[str, Any], name: str) -> bool:
    """The condition is not used, or takes all in and leaves none out."""
    said = conditions.get(name.lower())
    if said is None:
        return True
    found = inner(conditions, name.lower())
    return {one.lower() for one in _words(found, f"include{name}")} == {"all"} and not (found or {}).get(
        f"exclude{name}"
    )


def _strong(strength: Mapping[str, Any] | None) -> bool:
    return text(strength, "requirementsSatisfied") == "mfa"


def _words(element: Mapping[str, Any] | None, key: str) -> set[str]:
    found = element.get(key) if element is not None else None
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()
