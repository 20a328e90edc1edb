"""Stores that hold data in passing or for machines: Pub/Sub topics, Memorystore caches, Filestore shares.

Topics speak TLS alone, and Memcached none. A share speaks NFS, which is encrypted only where nothing but Kerberos with privacy is taken.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.backups import Backed, share
from collectors.gcp.elements import data, instant, key_held_by, labels, last, parts, region, text, texts, tri_any
from collectors.gcp.session import GcpSession
from collectors.gcp.sharing import foreign_access
from collectors.resource import DataStore

TOPIC, SHARE = "pubsub.googleapis.com/Topic", "file.googleapis.com/Instance"
CACHE = "(redis|memorystore|memcache).googleapis.com/(Instance|Cluster)"
"""Caches of Redis, with clusters of them, of Valkey and of Memcached, in one listing."""
MEMCACHED = "memcache.googleapis.com/Instance"
KINDS = {TOPIC: "topic", SHARE: "file share", MEMCACHED: "memory cache"}
"""What is none of these is a cache that writes to disk."""
KEYS = ("kmsKeyName", "customerManagedKey", "kmsKey")
TLS = frozenset({"SERVER_AUTHENTICATION", "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"})
ROLES = ("roles/pubsub.", "roles/viewer", "roles/editor", "roles/owner")


@collector(
    "gcp.other_stores",
    sees=DataStore,
    kinds=("topic", "cache", "memory cache", "file share"),
    learns=(
        "encrypted",
        "key_held_by",
        "public",
        "foreign_access",
        "transport_encrypted",
        "last_backup",
        "never_backed_up",
    ),
    readings=("last_backup", "never_backed_up"),
    redacts=("authString",),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class OtherStores:
    """Every one of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of the three services."""
        for kind in (TOPIC, CACHE, SHARE):
            yield from session.assets(kind)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset; caches and shares are reached from their network alone, topics by whom IAM lets in."""
        store, kind = data(item), item["assetType"]
        public: bool | None = False
        foreign: tuple[str, ...] | None = ()
        if kind == TOPIC:
            own = session.policy(item)
            foreign = foreign_access(session, own)
            public = tri_any((None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES)))
        backed = share(session, item) if kind == SHARE else Backed()
        key = next(filter(None, (text(store, name) for name in KEYS)), None)
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "locationId"), kind=KINDS.get(kind, "cache"),
            name=last(item["name"]), tags=labels(store), managed_by="customer", created=instant(store, "createTime"), encrypted=True,
            key_held_by=key_held_by(key), public=public, foreign_access=foreign, transport_encrypted=refuses_plain(kind, store),
            last_backup=backed.at, never_backed_up=backed.never,
        )  # fmt: skip


def refuses_plain(kind: str, store: Mapping[str, Any]) -> bool:
    """Nobody is answered whose connection is not encrypted; Google leaves out what is off."""
    if kind in {TOPIC, SHARE}:
        exports = [one for share in parts(store, "fileShares") for one in parts(share, "nfsExportOptions")]
        return kind == TOPIC or (bool(exports) and all(texts(one, "securityFlavors") == ("KRB5P",) for one in exports))
    return text(store, "transitEncryptionMode") in TLS
