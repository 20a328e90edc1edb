"""Snapshots of disks, images and machine images: who can make a disk of them is said by their IAM policies."""

from collections.abc import Iterator

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import data, instant, key_held_by, labels, region, text, tri_any
from collectors.gcp.session import GcpSession
from collectors.gcp.sharing import foreign_access
from collectors.resource import DataStore

SNAPSHOT, IMAGE = "compute.googleapis.com/Snapshot", "compute.googleapis.com/(Machine)?Image"
ROLES = ("roles/compute.", "roles/viewer", "roles/editor", "roles/owner")
KEYS = ("snapshotEncryptionKey", "imageEncryptionKey", "machineImageEncryptionKey")


@collector(
    "gcp.snapshots",
    sees=DataStore,
    kinds=("snapshot", "image"),
    learns=("encrypted", "key_held_by", "public", "foreign_access"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class Snapshots:
    """Every snapshot and image of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of snapshots, then of images."""
        yield from session.assets(SNAPSHOT)
        yield from session.assets(IMAGE)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset and its IAM policy."""
        copy = data(item)
        keys = [text(copy, field, part) for field in KEYS for part in ("kmsKeyName", "sha256")]
        own = session.policy(item)
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item), name=text(copy, "name"),
            kind="snapshot" if item["assetType"] == SNAPSHOT else "image", tags=labels(copy), managed_by="customer",
            created=instant(copy, "creationTimestamp"), encrypted=True, key_held_by=key_held_by(next(filter(None, keys), None)),
            public=tri_any((None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES))),
            foreign_access=foreign_access(session, own),
        )  # fmt: skip
