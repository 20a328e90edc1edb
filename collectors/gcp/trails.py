"""Log sinks: where records of who did what are sent, from a project, a folder or the organisation.

Sinks whose names begin with an underscore are Google's own. A sink's records cannot be changed unnoticed where its destination is
locked: a log bucket, or a storage bucket whose retention is locked. When records last arrived the inventory does not hold.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.buckets import BUCKET, access_logged, public
from collectors.gcp.datasets import DATASET, open_access
from collectors.gcp.elements import data, instant, key_held_by, on, parts, text, tri_any
from collectors.gcp.session import IAM_POLICY, RESOURCE, GcpSession
from collectors.resource import Trail

SINK, LOG_BUCKET = "logging.googleapis.com/LogSink", "logging.googleapis.com/LogBucket"
PLACES = {"logging.googleapis.com/": LOG_BUCKET, "storage.googleapis.com/": BUCKET, "bigquery.googleapis.com/": DATASET}


NARROWED = re.compile(r"\b(?:NOT|protoPayload|resource|severity)\b|-\w")
"""Words of a filter that leave a part of the audit logs out."""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What is learned of where records go."""

    locked: bool | None = None
    key_held_by: Literal["provider", "customer"] | None = None
    public: bool | None = None
    access_logged: bool | None = None
    watched: bool | None = None


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
            validated=place.locked, key_held_by=place.key_held_by, store_public=place.public,
            store_access_logged=place.access_logged, store_locked=place.locked, watched=place.watched,
        )  # fmt: skip


GRANTS = ("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy", "cloudasset.assets.listOrgPolicy")
_sinks: dict[str, Any] = {
    "sees": Trail, "kinds": ("log sink",), "grants": GRANTS,
    "learns": ("logging", "multi_region", "organization", "management_events", "validated", "key_held_by", "store_public",
               "store_access_logged", "store_locked", "watched"),
}  # fmt: skip
Trails = collector("gcp.trails", where="account", **_sinks)(Sinks)
"""Of projects."""
AggregatedTrails = collector("gcp.aggregated_trails", where="organization", **_sinks)(Sinks)
"""Of the organisation and its folders."""


def takes_all(sink: Any) -> bool:
    """A sink that is on takes every audit log of what it stands on, and of all below it."""
    filtered = text(sink, "filter")
    if (
        not on(sink, "includeChildren")
        or on(sink, "disabled")
        or any(not on(one, "disabled") for one in parts(sink, "exclusions"))
    ):
        return False
    return filtered is None or ("cloudaudit.googleapis.com" in filtered and not NARROWED.search(filtered))


def destination(session: GcpSession, place: str) -> Destination:
    """What the inventory says of a destination; nothing is learned of one that lies elsewhere, but that a topic has readers."""
    kind = next((kind for start, kind in PLACES.items() if place.startswith(start)), None)
    if kind is None:
        return Destination(watched=True if place.startswith("pubsub.googleapis.com/") else None)
    name = f"//{place}"
    found = session.anywhere(kind, name) if kind == BUCKET else session.named(kind, RESOURCE, name)
    if not found:
        return Destination()
    session.notes.cites.append(found["name"])
    return DESCRIBED[kind](session, found)


def log_bucket(session: GcpSession, found: Item) -> Destination:
    """A log bucket is nobody's but by IAM of its project; its reads are recorded where data access logs are on."""
    bucket = data(found)
    return Destination(
        locked=on(bucket, "locked"), key_held_by=key_held_by(text(bucket, "cmekSettings", "kmsKeyName")), public=False,
        access_logged=lineage.audited(session, found, "logging.googleapis.com", frozenset({"DATA_READ"})), watched=True,
    )  # fmt: skip


def bucket(session: GcpSession, found: Item) -> Destination:
    """Files in a storage bucket, which no rule looks at."""
    place = data(found)

    def policy() -> Mapping[str, Any] | None:
        said = session.anywhere(BUCKET, found["name"], IAM_POLICY)
        return None if said is None else dict(said.get("iamPolicy", {}))

    return Destination(
        locked=on(place, "retentionPolicy", "isLocked"), key_held_by=key_held_by(text(place, "encryption", "defaultKmsKeyName")),
        public=public(session, found, place, policy), access_logged=access_logged(session, found, place), watched=False,
    )  # fmt: skip


def dataset(session: GcpSession, found: Item) -> Destination:
    """Tables, which can be searched and changed; BigQuery always records who reads them (Cloud Audit Logs, "BigQuery")."""
    place = data(found)
    said = session.named(DATASET, IAM_POLICY, found["name"])
    own = None if said is None else lineage.public(said.get("iamPolicy", {}))
    return Destination(
        locked=False, key_held_by=key_held_by(text(place, "defaultEncryptionConfiguration", "kmsKeyName")),
        public=tri_any((own, open_access(place))), access_logged=True, watched=True,
    )  # fmt: skip


DESCRIBED: dict[str, Callable[[GcpSession, Item], Destination]] = {
    LOG_BUCKET: log_bucket,
    BUCKET: bucket,
    DATASET: dataset,
}
