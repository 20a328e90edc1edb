"""File servers of FSx: for Windows, for Lustre, of NetApp ONTAP and of OpenZFS. What lies on them is always encrypted.

Only the scratch ones of Lustre are under a key that is FSx's own. AWS Config does not count them.
"""

from collections.abc import Iterator

from collectors.aws.elements import arn, instant, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.protection import backed_up
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.file_servers",
    sees=DataStore,
    kinds=("file server",),
    learns=("encrypted", "key_held_by", "last_backup", "never_backed_up"),
    readings=("last_backup", "never_backed_up"),
    moves=("StorageCapacity", "Backups", "Results"),
    redacts=("FsxAdminPassword", "UserName"),
    grants=("fsx:DescribeFileSystems", "fsx:DescribeBackups", "backup:ListProtectedResources", "kms:ListAliases"),
    where="region",
)
class FileServers:
    """Every file system of FSx that the account has in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeFileSystems`."""
        return session.pages("fsx.DescribeFileSystems", "FileSystems")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The listing's element, and a listing of its backups."""
        name, key = item["FileSystemId"], text(item, "KmsKeyId")
        own, labels = arn(session, "fsx", f"file-system/{name}"), tags(item.get("Tags", []))
        last, never = backed_up(session, own, kept(session, name), "CreationTime")
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region,
            kind="file server", name=(labels or {}).get("Name") or name, tags=labels, managed_by="customer",
            created=instant(item, "CreationTime"), encrypted=True,
            key_held_by="provider" if key is None else holder(session, encrypted=True, key=key), last_backup=last,
            never_backed_up=never,
        )  # fmt: skip


def kept(session: CellSession, name: str) -> tuple[Item, ...] | None:
    """The backups of a file system, or of volumes of it, that FSx has."""
    wanted = [{"Name": "file-system-id", "Values": [name]}]
    found = session.every("fsx.DescribeBackups", "Backups", Filters=wanted)
    return None if found is None else tuple(one for one in found if text(one, "Lifecycle") == "AVAILABLE")
