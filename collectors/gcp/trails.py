"""Log sinks: where records of who did what are sent, from a project, a folder or the organisation.

Sinks whose names begin with an underscore are Google's own. A sink's records cannot be changed unnoticed where its destination is
locked: a log bucket, or a storage bucket whose retention is locked. When records last arrived the inventory does not hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from collectors.collector import Item, collector
from collectors.gcp.buckets import BUCKET
from collectors.gcp.datasets import DATASET
from collectors.gcp.elements import data, instant, key_held_by, on, text
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.resource import Trail

SINK, LOG_BUCKET = "logging.googleapis.com/LogSink", "logging.googleapis.com/LogBucket"
PLACES = {"logging.googleapis.com/": LOG_BUCKET, "storage.googleapis.com/": BUCKET, "bigquery.googleapis.com/": DATASET}


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What is learned of where records go."""

    locked: bool | None = None
    key_held_by: Literal["provider", "customer"] | None = None


class Sinks:
    """Log sinks of the cell's project, folder or organisation."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of sinks."""
        return session.assets(SINK)

    def describe(self, session: GcpSession, item: Item) -> Trail:
        """The asset and that of its destination."""
        sink = data(item)
        name = text(sink, "name")
        ours = not (name or "_").startswith("_")
        place = destination(session, text(sink, "destination") or "") if ours else Destination()
        return Trail(
            id=item["name"], provider="gcp", account=session.account, region="global", kind="log sink", name=name, tags={},
            managed_by="customer" if ours else "provider", created=instant(sink, "createTime"),
            logging=not on(sink, "disabled"), multi_region=True, organization=on(sink, "includeChildren"),
            management_events=True if not text(sink, "filter") and not sink.get("exclusions") else None,
            validated=place.locked, key_held_by=place.key_held_by,
        )  # fmt: skip


_sinks: dict[str, Any] = {
    "sees": Trail, "kinds": ("log sink",), "grants": ("cloudasset.assets.listResource",),
    "learns": ("logging", "multi_region", "organization", "management_events", "validated", "key_held_by"),
}  # fmt: skip
Trails = collector("gcp.trails", where="account", **_sinks)(Sinks)
"""Of projects."""
AggregatedTrails = collector("gcp.aggregated_trails", where="organization", **_sinks)(Sinks)
"""Of the organisation and its folders."""


def destination(session: GcpSession, place: str) -> Destination:
    """What the inventory says of a destination; nothing is learned of one that lies elsewhere."""
    kind = next((kind for start, kind in PLACES.items() if place.startswith(start)), None)
    if kind is None:
        return Destination()
    name = f"//{place}"
    found = session.anywhere(kind, name) if kind == BUCKET else session.named(kind, RESOURCE, name)
    if not found:
        return Destination()
    session.notes.cites.append(found["name"])
    return described(kind, data(found))


def described(kind: str, place: Mapping[str, Any]) -> Destination:
    """Its lock and its key."""
    if kind == LOG_BUCKET:
        return Destination(
            locked=on(place, "locked"), key_held_by=key_held_by(text(place, "cmekSettings", "kmsKeyName"))
        )
    if kind == BUCKET:
        key = text(place, "encryption", "defaultKmsKeyName")
        return Destination(locked=on(place, "retentionPolicy", "isLocked"), key_held_by=key_held_by(key))
    key = text(place, "defaultEncryptionConfiguration", "kmsKeyName")
    return Destination(locked=False, key_held_by=key_held_by(key))
