"""File servers of FSx: for Windows, for Lustre, of NetApp ONTAP and of OpenZFS. What lies on them is always encrypted.

Only the scratch ones of Lustre are under a key that is FSx's own. AWS Config does not count them.
"""

from collections.abc import Iterator

from collectors.aws.elements import arn, instant, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.file_servers",
    sees=DataStore,
    kinds=("file server",),
    learns=("encrypted", "key_held_by"),
    moves=("StorageCapacity",),
    redacts=("FsxAdminPassword", "UserName"),
    grants=("fsx:DescribeFileSystems", "kms:ListAliases"),
    where="region",
)
class FileServers:
    """Every file system of FSx that the account has in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeFileSystems`."""
        return session.pages("fsx.DescribeFileSystems", "FileSystems")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The listing's element; the aliases of the region's keys are read once."""
        name, key = item["FileSystemId"], text(item, "KmsKeyId")
        labels = tags(item.get("Tags", []))
        return DataStore(
            id=arn(session, "fsx", f"file-system/{name}"), provider="aws", account=session.account, region=session.region,
            kind="file server", name=(labels or {}).get("Name") or name, tags=labels, managed_by="customer",
            created=instant(item, "CreationTime"), encrypted=True,
            key_held_by="provider" if key is None else holder(session, encrypted=True, key=key),
        )  # fmt: skip
