"""What organisation policies and sinks above a project withhold from everybody in it.

A project cannot move itself to another organisation unless a policy names where to (Resource Manager, "Migrating projects"). Its audit
log of writes cannot be switched off at all; what its people cannot stop besides is a sink that stands above them and takes all.
"""

from collections.abc import Iterator
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import at
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.gcp.trails import SINK, takes_all
from collectors.watching import Guardrail

MEMBERS = "iam.allowedPolicyMemberDomains"
LOCATIONS, DESTINATIONS = "gcp.resourceLocations", "resourcemanager.allowedExportDestinations"


@collector(
    "gcp.guardrails",
    sees=Guardrail,
    kinds=("guardrail",),
    learns=("regions_limited", "audit_protected", "leaving_denied", "organization", "strangers_denied"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listOrgPolicy"),
    where="account",
)
class Guardrails:
    """The project of the cell, once."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """The project's own asset."""
        return session.assets(lineage.LEVELS["projects"])

    def describe(self, session: GcpSession, item: Item) -> Guardrail:
        """Organisation policies and sinks, its own and above."""
        member = any(level.startswith("organizations/") for level in lineage.levels(item))
        allowed = lineage.allowed(session, item, LOCATIONS)
        leaving = lineage.allowed(session, item, DESTINATIONS)
        members = lineage.allowed(session, item, MEMBERS)
        return Guardrail(
            id=f"{item['name']}/guardrail", provider="gcp", account=session.account, region="global", kind="guardrail", tags={},
            managed_by="customer", regions_limited=None if allowed is None else bool(allowed.limited),
            audit_protected=audit_protected(session, item),
            leaving_denied=None if leaving is None else member and not (leaving.values or leaving.limited is False),
            organization=member, strangers_denied=None if members is None else bool(members.limited),
        )  # fmt: skip


def audit_protected(session: GcpSession, item: Item) -> bool | None:
    """A sink of a folder or the organisation takes the audit logs of all that lies in it."""
    blind = False
    for level in lineage.levels(item)[1:]:
        found = session.worked_out("whole", SINK, RESOURCE, _whole, owner=level)
        if found:
            session.notes.cites.append(found[0])
            return True
        blind = blind or found is None
    return None if blind else False


def _whole(assets: Iterator[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(asset["name"] for asset in assets if takes_all(at(asset, "resource", "data")))
