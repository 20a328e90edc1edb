"""Service perimeters: which services of a project answer nobody from outside, whatever rights they have (VPC Service Controls)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from collectors.collector import Item
from collectors.gcp.elements import at, text, texts
from collectors.gcp.lineage import LEVELS, levels
from collectors.gcp.session import ACCESS_POLICY, GcpSession


def closed(session: GcpSession, item: Item, service: str) -> bool | None:
    """The item's project lies in a perimeter that is in force and restricts the service; `None` if that was not learned."""
    project, *above = levels(item)
    organization = next((level for level in above if level.startswith("organizations/")), None)
    if organization is None:
        return False
    found = session.worked_out("perimeters", LEVELS["organizations"], ACCESS_POLICY, _restricted, owner=organization)
    return None if found is None else service in found.get(project, frozenset())


def _restricted(assets: Iterator[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """Project -> services that are restricted for it; bridges between perimeters restrict nothing."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for asset in assets:
        perimeter = at(asset, "servicePerimeter")
        if text(perimeter, "perimeterType") != "PERIMETER_TYPE_BRIDGE":
            for project in texts(perimeter, "status", "resources"):
                found[project] |= frozenset(texts(perimeter, "status", "restrictedServices"))
    return dict(found)
