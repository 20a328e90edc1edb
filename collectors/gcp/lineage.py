"""What a project inherits: IAM policies, audit configurations and organisation policies of the folders and the organisation above.

Each function asks level by level, nearest first, and says `None` where a level that might change the answer was not learned; levels
that told something are cited.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from collectors.collector import Item
from collectors.gcp.session import IAM_POLICY, ORG_POLICY, GcpSession

LEVELS = {
    "projects": "cloudresourcemanager.googleapis.com/Project",
    "folders": "cloudresourcemanager.googleapis.com/Folder",
    "organizations": "cloudresourcemanager.googleapis.com/Organization",
}
"""Collection of a resource name -> its asset type."""
PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})
"""Members that stand for anybody, and for anybody with a Google account."""


def full(name: str) -> str:
    """The asset's name of a project, folder or organisation."""
    return f"//cloudresourcemanager.googleapis.com/{name}"


def content(session: GcpSession, level: str, kind: str) -> dict[str, Any] | None:
    """IAM or organisation policies that stand on one level; `{}` for none, `None` and a gap if not learned."""
    return session.named(LEVELS[level.split("/", 1)[0]], kind, full(level), owner=level)


def levels(item: Item) -> tuple[str, ...]:
    """The project, folder or organisation that an asset lies in or is, and what lies above, nearest first. `KeyError` without any."""
    found, itself = tuple(item["ancestors"]), item["name"].removeprefix(full(""))
    if itself != item["name"] and itself not in found:
        found = (itself, *found)
    if not found:
        raise KeyError("ancestors")
    return found


def policies(session: GcpSession, item: Item) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """Level and IAM policy of each level above an item, nearest first; `None` where it was not learned."""
    for level in levels(item):
        found = content(session, level, IAM_POLICY)
        yield level, None if found is None else found.get("iamPolicy", {})


def enforced(session: GcpSession, item: Item, constraint: str) -> bool | None:
    """A boolean organisation policy is in force: the nearest level that says something of it decides; without any it is off."""
    for level in levels(item):
        found = content(session, level, ORG_POLICY)
        if found is None:
            return None
        for policy in found.get("orgPolicy", ()):
            if policy.get("constraint") == f"constraints/{constraint}":
                session.notes.cites.append(full(level))
                return policy.get("booleanPolicy", {}).get("enforced") is True
    return False


class Allowed(NamedTuple):
    """What a list of an organisation policy allows."""

    limited: bool | None
    """Only what it names is allowed (`True`), or everything is by its word (`False`); `None` where nobody said anything."""
    values: tuple[str, ...] = ()


def allowed(session: GcpSession, item: Item, constraint: str) -> Allowed | None:
    """The list in force: that of the nearest level, or, where it is added to what stands above, of the first that names something."""
    for level in levels(item):
        found = content(session, level, ORG_POLICY)
        if found is None:
            return None
        for policy in found.get("orgPolicy", ()):
            said = policy.get("listPolicy")
            if policy.get("constraint") != f"constraints/{constraint}":
                continue
            if "restoreDefault" in policy:
                return Allowed(limited=None)
            if not isinstance(said, dict):
                continue
            session.notes.cites.append(full(level))
            values = tuple(said.get("allowedValues", ()))
            if values or said.get("allValues") == "DENY":
                return Allowed(limited=True, values=values)
            if not said.get("inheritFromParent"):
                return Allowed(limited=False)
    return Allowed(limited=None)


def audited(session: GcpSession, item: Item, service: str, logs: frozenset[str]) -> bool | None:
    """Audit logs of these kinds are written for a service and nobody is left out: the union of all levels counts.

    Exemptions of any level leave somebody out of that kind.
    """
    written: set[str] = set()
    exempt: set[str] = set()
    blind = False
    for level, policy in policies(session, item):
        if policy is None:
            blind = True
            continue
        for one in policy.get("auditConfigs", ()):
            if one.get("service") in {"allServices", service}:
                session.notes.cites.append(full(level))
                for log in one.get("auditLogConfigs", ()):
                    (exempt if log.get("exemptedMembers") else written).add(log.get("logType"))
    # What was not seen above could add a kind of log, or exempt somebody from one.
    return None if blind else logs <= written - exempt


def public(policy: Mapping[str, Any]) -> bool:
    """A binding of the policy lets anybody in."""
    return any(PUBLIC & set(binding.get("members", ())) for binding in policy.get("bindings", ()))


def public_above(session: GcpSession, item: Item, roles: tuple[str, ...]) -> bool | None:
    """A level above lets anybody in by a role of these services (by prefix), by a basic role or by one of somebody's making."""
    blind = False
    for level, policy in policies(session, item):
        if policy is None:
            blind = True
            continue
        held = rights(session, level, policy)
        open_roles = [role for member in PUBLIC for role in held.get(member, ())]
        if any(role.startswith(roles) or not role.startswith("roles/") for role in open_roles):
            session.notes.cites.append(full(level))
            return True
    return None if blind else False


def rights(session: GcpSession, level: str, policy: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """Member -> roles, of the policy that stands on a level."""
    return session.once(level, "rights", lambda: _by_member(policy))


def _by_member(policy: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for binding in policy.get("bindings", ()):
        for member in binding["members"]:
            found[member].add(binding["role"])
    return {member: frozenset(roles) for member, roles in found.items()}
