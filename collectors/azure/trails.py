"""Exports of the activity log, and whether one records what is done in each subscription.

Azure's activity log holds what is changed and called on the control plane; it holds no reads, and no setting makes it. It is one log
for all regions of a subscription, kept for 90 days unless a diagnostic setting exports it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import every, listed, properties, some, text
from collectors.azure.logs import destinations, keeps
from collectors.azure.trailstores import Store, stores_of
from collectors.collector import Item, Session, collector
from collectors.resource import Region, Trail

MANAGEMENT = frozenset({"Administrative", "Policy", "Security"})
"""Categories that hold what people and systems do to the subscription, and what policy and Defender made of it."""

SEARCHED = ("workspaceId", "eventHubAuthorizationRuleId", "marketplacePartnerId")
"""Destinations where rules look at records: a workspace, or what stands behind an event hub or a partner."""


@collector(
    "azure.trails",
    sees=Trail,
    kinds=("activity log export",),
    learns=(
        "logging", "multi_region", "organization", "management_events", "key_held_by", "store_public", "store_access_logged",
        "store_locked", "watched",
    ),
    grants=(
        "Microsoft.Insights/diagnosticSettings/read",
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Storage/storageAccounts/blobServices/containers/read",
        "Microsoft.OperationalInsights/workspaces/read",
        "Microsoft.OperationalInsights/clusters/read",
    ),
    where="account",
)  # fmt: skip
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
        stores = [] if known is None else stores_of(session, known)
        return Trail(
            id=item["id"].lower(), provider="azure", account=session.account, region="global", kind="activity log export",
            name=text(item, "name"), tags={}, managed_by="customer", logging=logging, multi_region=True, organization=False,
            management_events=keeps(item, MANAGEMENT), key_held_by=None if known is None else key_held_by(stores),
            store_public=some(one.public for one in stores) if stores else None,
            # One copy that nobody can destroy is enough.
            store_locked=some(one.locked for one in stores) if stores else None,
            store_access_logged=every(one.access_logged for one in stores),
            watched=None if known is None else any(text(known, name) for name in SEARCHED),
        )  # fmt: skip


def key_held_by(stores: list[Store]) -> Any:
    """The customer's only if every store has a key of the customer's."""
    holders = [one.key_held_by for one in stores]
    if "provider" in holders:
        return "provider"
    return "customer" if holders and None not in holders else None


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
