"""What the identities of workloads may do, out of what is assigned to their principals."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, cast

from collectors.azure.elements import some, text
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session
from collectors.resource import Entitlement, Resource

BESIDE = ("azure.entitlements",)
WAYS = frozenset({"none", "systemassigned", "userassigned"})
"""How a workload comes by its identities; several are written with commas."""


def privileged(session: Session, item: Item) -> bool | None:
    """Some identity of the workload administers its subscription, may do everything there, or administers its data.

    `None` where the row does not say who its identities are. Roles on less than a whole subscription give no such power.
    """
    own = principals(item)
    if not own:
        return None if own is None else False
    seen = session.seen(BESIDE[0])
    if seen is None:
        return None
    index = cast("AzureSession", session).once(BESIDE[0], lambda: _by_principal(seen))
    held = [one for principal in sorted(own) for one in index.get(principal, ())]
    for one in held:
        session.cite(one)
    return some(powerful(one) for one in held)


def principals(item: Mapping[str, Any]) -> frozenset[str] | None:
    """Object ids of the identities that a workload has, in lower case; `None` where one has no id."""
    identity = item.get("identity")
    if identity is None:
        return frozenset()
    if not isinstance(identity, Mapping):
        return None
    ways = set((text(identity, "type") or "").replace(" ", "").lower().split(","))
    if not ways <= WAYS:
        return None
    found = [text(identity, "principalId")] if "systemassigned" in ways else []
    assigned = identity.get("userAssignedIdentities") or {}
    if not isinstance(assigned, Mapping):
        return None
    found += (text(one, "principalId") if isinstance(one, Mapping) else None for one in assigned.values())
    return None if None in found else frozenset(one.lower() for one in found if one)


def powerful(one: Entitlement) -> bool | None:
    """What is assigned to a principal makes it an administrator of the account or of its data."""
    if one.administrator or "*" in (one.wildcards or ()) or "data" in (one.planes or ()):
        return True
    return None if None in (one.administrator, one.wildcards, one.planes) else False


def _by_principal(seen: tuple[Resource, ...]) -> dict[str, list[Entitlement]]:
    found: dict[str, list[Entitlement]] = defaultdict(list)
    for one in seen:
        if isinstance(one, Entitlement) and "/principals/" in one.id:
            found[one.id.rpartition("/")[2]].append(one)
    return found
