"""Cloud Storage buckets.

A bucket is public if its IAM policy, one above it or, where access is not uniform, its access control lists let anybody in, and neither
the bucket nor an organisation policy prevents it. Lists on single objects are not in the inventory. Plain HTTP is refused only by an
organisation policy. Reads and writes are recorded by usage logs of the bucket or by data access audit logs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import at, data, instant, key_held_by, labels, last, on, parts, region, text, tri_any
from collectors.gcp.session import GcpSession
from collectors.gcp.sharing import foreign_access
from collectors.resource import DataStore

BUCKET = "storage.googleapis.com/Bucket"
PREVENTION = "storage.publicAccessPrevention"
ONLY_TLS = "storage.secureHttpTransport"
DATA = frozenset({"DATA_READ", "DATA_WRITE"})


@collector(
    "gcp.buckets",
    sees=DataStore,
    kinds=("object store",),
    learns=(
        "encrypted",
        "key_held_by",
        "public",
        "transport_encrypted",
        "versioned",
        "access_logged",
        "content_expires",
        "foreign_access",
    ),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy", "cloudasset.assets.listOrgPolicy"),
    where="account",
)
class Buckets:
    """Every bucket of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of buckets."""
        return session.known(BUCKET)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset, its IAM policy, and what it inherits."""
        if "resource" not in item:
            return by_policy(session, item, "object store")
        bucket, own = data(item), session.policy(item)
        key = text(bucket, "encryption", "defaultKmsKeyName")
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="object store",
            name=text(bucket, "name"), tags=labels(bucket), managed_by="customer", created=instant(bucket, "timeCreated"),
            encrypted=True, key_held_by=key_held_by(key), public=public(session, item, bucket, lambda: own),
            transport_encrypted=lineage.enforced(session, item, ONLY_TLS), versioned=on(bucket, "versioning", "enabled"),
            access_logged=access_logged(session, item, bucket), content_expires=content_expires(bucket),
            foreign_access=foreign_access(session, own),
        )  # fmt: skip


def by_policy(session: GcpSession, item: Item, kind: str) -> DataStore:
    """A store of which only the IAM policy is listed yet: it is public if that says so, and nothing else is learned."""
    own = session.policy(item)
    session.unlearned("only its policy is listed")
    return DataStore(
        id=item["name"], provider="gcp", account=session.account, region="global", kind=kind, name=last(item["name"]),
        managed_by="customer", encrypted=True, public=True if own and lineage.public(own) else None,
    )  # fmt: skip


def content_expires(bucket: Mapping[str, Any]) -> bool:
    """A lifecycle rule deletes what has become old; one that only moves it, or that deletes only what was overwritten, does not."""
    return any(
        text(rule, "action", "type") == "Delete"
        and any(
            at(rule, "condition", name) is not None
            for name in ("age", "createdBefore", "daysSinceCustomTime", "customTimeBefore")
        )
        and at(rule, "condition", "isLive") is not False
        for rule in parts(bucket, "lifecycle", "rule")
    )


def public(
    session: GcpSession, item: Item, bucket: Mapping[str, Any], policy: Callable[[], Mapping[str, Any] | None]
) -> bool | None:
    """Anybody gets in, and nothing prevents it; what prevents is asked first, for it is the shorter answer."""
    if text(bucket, "iamConfiguration", "publicAccessPrevention") == "enforced":
        return False
    prevented = lineage.enforced(session, item, PREVENTION)
    if prevented:
        return False
    own = policy()
    ways = (
        None if own is None else lineage.public(own), open_list(bucket),
        lineage.public_above(session, item, ("roles/storage.", "roles/viewer", "roles/editor", "roles/owner")),
    )  # fmt: skip
    found = tri_any(ways)
    return None if found and prevented is None else found


def open_list(bucket: Mapping[str, Any]) -> bool:
    """An access control list of the bucket, or the one that new objects get, names everybody; lists are idle where access is uniform."""
    if any(
        on(bucket, "iamConfiguration", name, "enabled") for name in ("uniformBucketLevelAccess", "bucketPolicyOnly")
    ):
        return False
    entries = (*(at(bucket, "acl") or ()), *(at(bucket, "defaultObjectAcl") or ()))
    return any(isinstance(entry, Mapping) and entry.get("entity") in lineage.PUBLIC for entry in entries)


def access_logged(session: GcpSession, item: Item, bucket: Mapping[str, Any]) -> bool | None:
    """Usage logs go somewhere, or reads and writes are audited."""
    if text(bucket, "logging", "logBucket"):
        return True
    return lineage.audited(session, item, "storage.googleapis.com", DATA)
