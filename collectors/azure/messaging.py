"""What passes messages on: namespaces of Service Bus, with their queues and topics, and of Event Hubs, with their streams.

Both speak TLS alone, and nobody reads from them without a right or a key: what stands open at most is the way to their door.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.azure.elements import header, inner, instant, properties, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

KINDS = {"microsoft.servicebus/namespaces": "queue", "microsoft.eventhub/namespaces": "stream"}


@collector(
    "azure.messaging",
    sees=DataStore,
    kinds=("queue", "stream"),
    learns=("encrypted", "key_held_by", "public", "transport_encrypted"),
    moves=("updatedAt", "status"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.ServiceBus/namespaces/read",
        "Microsoft.EventHub/namespaces/read",
    ),
    where="account",
)
class Messaging:
    """Every namespace of either service."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        yield from session.pages("graph.ServiceBuses", "data")
        yield from session.pages("graph.EventHubs", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all."""
        known = properties(item)
        always = None if known is None else True
        return DataStore(
            **header(session, item), kind=KINDS[str(item["type"]).lower()], created=instant(known, "createdAt"), encrypted=always,
            key_held_by=key_held_by(known), public=None if known is None else False, transport_encrypted=always,
        )  # fmt: skip


def key_held_by(known: Mapping[str, Any] | None) -> Literal["provider", "customer"] | None:
    """Whose key encrypts the namespace; Azure leaves the object out where it is its own."""
    if known is None:
        return None
    source = text(inner(known, "encryption"), "keySource")
    return "provider" if source is None else "customer" if source.lower() == "microsoft.keyvault" else None
