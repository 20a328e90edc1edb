"""Log Analytics workspaces: how long each keeps what it is sent. A table may have a time of its own, which is not read."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import header, instant, number, properties
from collectors.azure.trailstores import workspace_key
from collectors.collector import Item, Session, collector
from collectors.watching import LogStore

UNLIMITED = -1


@collector(
    "azure.log_stores",
    sees=LogStore,
    kinds=("log store",),
    learns=("retention_days", "key_held_by"),
    moves=("modifiedDate", "quotaNextResetTime", "dataIngestionStatus"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.OperationalInsights/workspaces/read",
        "Microsoft.OperationalInsights/clusters/read",
    ),
    where="account",
)
class LogStores:
    """Every workspace of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Workspaces", "data")

    def describe(self, session: Session, item: Item) -> LogStore:
        """The row tells all; a workspace in a cluster of its own may have a key of its own, which the cluster knows."""
        known = properties(item)
        return LogStore(
            **header(session, item), kind="log store", created=instant(known, "createdDate"), retention_days=retention_days(known),
            key_held_by=workspace_key(session, known),
        )  # fmt: skip


def retention_days(known: Mapping[str, Any] | None) -> int | None:
    """Days; 0 for no end, which only an old tier has."""
    days = number(known, "retentionInDays")
    return 0 if days == UNLIMITED else days
