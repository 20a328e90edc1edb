"""Stores that hold data in passing or for machines: Pub/Sub topics, Memorystore caches, Filestore shares."""

from collections.abc import Iterator

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import data, instant, key_held_by, labels, last, region, text, tri_any
from collectors.gcp.session import GcpSession
from collectors.resource import DataStore

TOPIC, CACHE, SHARE = "pubsub.googleapis.com/Topic", "redis.googleapis.com/Instance", "file.googleapis.com/Instance"
KINDS = {TOPIC: "topic", CACHE: "cache", SHARE: "file share"}
KEYS = ("kmsKeyName", "customerManagedKey")
ROLES = ("roles/pubsub.", "roles/viewer", "roles/editor", "roles/owner")


@collector(
    "gcp.other_stores",
    sees=DataStore,
    kinds=("topic", "cache", "file share"),
    learns=("encrypted", "key_held_by", "public"),
    redacts=("authString",),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class OtherStores:
    """Every one of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of the three services."""
        for kind in KINDS:
            yield from session.assets(kind)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset; caches and shares are reached from their network alone, topics by whom IAM lets in."""
        store, kind = data(item), item["assetType"]
        public: bool | None = False
        if kind == TOPIC:
            own = session.policy(item)
            public = tri_any((None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES)))
        key = next(filter(None, (text(store, name) for name in KEYS)), None)
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "locationId"), kind=KINDS[kind],
            name=last(item["name"]), tags=labels(store), managed_by="customer", created=instant(store, "createTime"), encrypted=True,
            key_held_by=key_held_by(key), public=public,
        )  # fmt: skip
