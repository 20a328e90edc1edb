"""Exports of the activity log, and whether one records what is done in each subscription.

Azure's activity log holds what is changed and called on the control plane; it holds no reads, and no setting makes it. It is one log
for all regions of a subscription, kept for 90 days unless a diagnostic setting exports it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import inner, listed, properties, text
from collectors.azure.logs import destinations, keeps
from collectors.azure.storage import key_held_by as storage_key
from collectors.collector import Item, Session, collector
from collectors.resource import Region, Trail

MANAGEMENT = frozenset({"Administrative", "Policy", "Security"})
"""Categories that hold what people and systems do to the subscription, and what policy and Defender made of it."""


@collector(
    "azure.trails",
    sees=Trail,
    kinds=("activity log export",),
    learns=("logging", "multi_region", "organization", "management_events", "key_held_by"),
    grants=(
        "Microsoft.Insights/diagnosticSettings/read",
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.OperationalInsights/workspaces/read",
    ),
    where="account",
)
class Trails:
    """Every diagnostic setting on the subscription's activity log."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of the listing."""
        return session.pages("arm.ActivityLogExports", "value")

    def describe(self, session: Session, item: Item) -> Trail:
        """The stores that it exports to are asked whose key encrypts them."""
        known = properties(item)
        logs = listed(known, "logs")
        logging = (
            None
            if known is None or logs is None
            else bool(destinations(known)) and any(one.get("enabled") is True for one in logs)
        )
        return Trail(
            id=item["id"].lower(), provider="azure", account=session.account, region="global", kind="activity log export",
            name=text(item, "name"), tags={}, managed_by="customer", logging=logging, multi_region=True, organization=False,
            management_events=keeps(item, MANAGEMENT), key_held_by=None if known is None else key_held_by(session, known),
        )  # fmt: skip


def key_held_by(session: Session, known: Mapping[str, Any]) -> Any:
    """The customer's only if every store has a key of the customer's; an event hub's, or that of a dedicated cluster, is not learned."""
    holders = []
    if account := text(known, "storageAccountId"):
        holders.append(storage_key(properties(session.ask("arm.StorageAccount", id=account))))
    if workspace := text(known, "workspaceId"):
        answer = properties(session.ask("arm.Workspace", id=workspace))
        clustered = bool(text(inner(answer, "features"), "clusterResourceId"))
        holders.append(None if answer is None or clustered else "provider")
    if "provider" in holders:
        return "provider"
    elsewhere = any(text(known, name) for name in ("eventHubAuthorizationRuleId", "marketplacePartnerId"))
    return "customer" if holders and None not in holders and not elsewhere else None


@collector(
    "azure.regions",
    sees=Region,
    kinds=("region",),
    learns=("volumes_encrypted_by_default", "activity_logged"),
    grants=("Microsoft.Insights/diagnosticSettings/read",),
    where="account",
)
class Regions:
    """All regions of a subscription at once: Azure's defaults and its activity log do not differ by region."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item, made from the cell."""
        yield {"subscriptionId": session.account}

    def describe(self, session: Session, item: Item) -> Region:  # noqa: ARG002 - made from the cell
        """The subscription's own exports. Every managed disk is encrypted from its making: Azure offers no way to switch that off.

        Nothing is said of a subscription that did not answer.
        """
        exports = listed(session.ask("arm.ActivityLogExports"), "value")
        return Region(
            id=f"/subscriptions/{session.account}/locations/global", provider="azure", account=session.account, region="global",
            kind="region", name="global", tags={}, managed_by="customer",
            volumes_encrypted_by_default=None if exports is None else True,
            activity_logged=None if exports is None else activity_logged(exports),
        )  # fmt: skip


def activity_logged(exports: list[Mapping[str, Any]]) -> bool | None:
    """Some export keeps all management events."""
    found = [keeps(one, MANAGEMENT) for one in exports]
    return True if True in found else None if None in found else False
