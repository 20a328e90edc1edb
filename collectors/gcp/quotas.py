"""Quotas of Compute Engine that hold for a whole project; those of single regions are not in the inventory."""

from collections.abc import Iterator

from collectors.collector import Item, collector
from collectors.gcp.elements import at, data, parts, text
from collectors.gcp.machines import PROJECT
from collectors.gcp.session import GcpSession
from collectors.watching import Quota


@collector(
    "gcp.quotas",
    sees=Quota,
    kinds=("quota",),
    learns=("limit", "used"),
    readings=("used",),
    moves=("usage",),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Quotas:
    """Every quota of the project that has a limit."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """One item for each quota: the asset with that one alone; the rest of it may hold start-up scripts."""
        for asset in session.assets(PROJECT):
            limited = {
                text(one, "metric") or "": one for one in parts(data(asset), "quotas") if whole(one.get("limit"))
            }
            for metric in sorted(limited):
                yield {**asset, "resource": {"data": {"quotas": [limited[metric]]}}}

    def describe(self, session: GcpSession, item: Item) -> Quota:
        """The asset tells all."""
        (quota,) = at(data(item), "quotas")
        return Quota(
            id=f"{item['name']}/quotas/{quota['metric']}", provider="gcp", account=session.account, region="global", kind="quota",
            name=text(quota, "metric"), tags={}, managed_by="customer", limit=whole(quota.get("limit")), used=whole(quota.get("usage")),
        )  # fmt: skip


def whole(said: object) -> int | None:
    """A number that Google writes as a floating one; `None` for none, or below nothing."""
    return int(said) if isinstance(said, int | float) and not isinstance(said, bool) and said >= 0 else None
