"""Disks of Compute Engine, of one zone or of two."""

from collections.abc import Iterator

from collectors.collector import Item, collector
from collectors.gcp.elements import data, instant, key_held_by, labels, region, text
from collectors.gcp.session import GcpSession
from collectors.resource import DataStore

DISK = "compute.googleapis.com/(Region)?Disk"


@collector(
    "gcp.disks",
    sees=DataStore,
    kinds=("volume",),
    learns=("encrypted", "key_held_by"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Disks:
    """Every persistent disk of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of disks."""
        return session.assets(DISK)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset tells all; a key that the customer supplies with each request shows as its digest."""
        disk = data(item)
        key = text(disk, "diskEncryptionKey", "kmsKeyName") or text(disk, "diskEncryptionKey", "sha256")
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "zone"), kind="volume",
            name=text(disk, "name"), tags=labels(disk), managed_by="customer", created=instant(disk, "creationTimestamp"),
            encrypted=True, key_held_by=key_held_by(key),
        )  # fmt: skip
