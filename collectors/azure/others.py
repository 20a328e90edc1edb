"""What no collector describes: how many things of each type there are.

Resource Graph counts what the caller may read. With the exact role that `permissions azure` prints, that is hardly more than what the
collectors read; with Azure's built-in role Reader beside it, it is everything.
"""

from collections.abc import Iterator

from collectors.azure.elements import number
from collectors.collector import Item, Session, collector
from collectors.resource import Unjudged


@collector(
    "azure.others",
    sees=Unjudged,
    kinds=("resource type",),
    learns=("things",),
    readings=("things",),
    moves=("things",),
    grants=("Microsoft.ResourceGraph/resources/read",),
    where="account",
)
class Others:
    """Every type of resource in the subscription that no collector describes."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph, one a type."""
        return session.pages("graph.Others", "data")

    def describe(self, session: Session, item: Item) -> Unjudged:
        """The row tells all."""
        native = str(item["type"]).lower()
        return Unjudged(
            id=f"/subscriptions/{session.account}/types/{native}", provider="azure", account=session.account, region="global",
            kind="resource type", name=native, tags={}, managed_by="customer", things=number(item, "things"),
        )  # fmt: skip
