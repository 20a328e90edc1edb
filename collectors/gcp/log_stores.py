"""Log buckets of Cloud Logging. `_Required` is Google's own: it keeps audit logs for 400 days and nobody can change it."""

from collections.abc import Iterator

from collectors.collector import Item, collector
from collectors.gcp.elements import data, instant, key_held_by, last, number, on, region, text
from collectors.gcp.session import GcpSession
from collectors.gcp.trails import LOG_BUCKET
from collectors.watching import LogStore

DEFAULT_KEPT = 30
"""Days that a bucket keeps where no number is set (Cloud Logging, "Configure log buckets")."""
FACTS = ("retention_days", "key_held_by", "locked")


class Stores:
    """Log buckets of the cell's project, folder or organisation."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of log buckets that are not being deleted."""
        return (
            asset for asset in session.assets(LOG_BUCKET) if text(data(asset), "lifecycleState") != "DELETE_REQUESTED"
        )

    def describe(self, session: GcpSession, item: Item) -> LogStore:
        """The asset tells all."""
        bucket = data(item)
        name = last(item["name"])
        return LogStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="log store", name=name, tags={},
            managed_by="provider" if name == "_Required" else "customer", created=instant(bucket, "createTime"),
            retention_days=number(bucket, "retentionDays") if "retentionDays" in bucket else DEFAULT_KEPT,
            key_held_by=key_held_by(text(bucket, "cmekSettings", "kmsKeyName")), locked=on(bucket, "locked"),
        )  # fmt: skip


_stores = {"sees": LogStore, "kinds": ("log store",), "learns": FACTS, "grants": ("cloudasset.assets.listResource",)}
LogStores = collector("gcp.log_stores", where="account", **_stores)(Stores)  # type: ignore[arg-type]
"""Of projects."""
LogStoresAbove = collector("gcp.log_stores_above", where="organization", **_stores)(Stores)  # type: ignore[arg-type]
"""Of the organisation and its folders."""
