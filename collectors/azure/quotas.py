"""Quotas on virtual machines, in the regions where a subscription has some; other providers' quotas are not read."""

from collections.abc import Iterator

from collectors.azure.elements import inner, number, text
from collectors.collector import Item, Session, collector
from collectors.watching import Quota


@collector(
    "azure.quotas",
    sees=Quota,
    kinds=("quota",),
    learns=("limit", "used"),
    readings=("used",),
    moves=("currentValue",),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Compute/virtualMachines/read",
        "Microsoft.Compute/locations/usages/read",
    ),
    where="account",
)
class Quotas:
    """Every quota of Compute that a subscription uses something of."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of each region's listing, with the region beside each."""
        places = {text(row, "location") for row in session.pages("graph.MachinePlaces", "data")}
        for place in sorted(one for one in places if one):
            for usage in session.pages("arm.ComputeUsages", "value", location=place):
                if number(usage, "currentValue") != 0:
                    yield {**usage, "location": place}

    def describe(self, session: Session, item: Item) -> Quota:
        """The element tells all."""
        name = text(inner(item, "name"), "value") or "unnamed"
        return Quota(
            id=f"/subscriptions/{session.account}/locations/{item['location']}/quotas/{name}".lower(), provider="azure",
            account=session.account, region=item["location"], kind="quota", name=name, tags={}, managed_by="customer",
            limit=number(item, "limit"), used=number(item, "currentValue"),
        )  # fmt: skip
