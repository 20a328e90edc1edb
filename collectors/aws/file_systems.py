"""File systems of EFS: `public` and `transport_encrypted` are what the file system's own policy says.

Without a policy a file system is for whoever reaches a mount target, which stands in a network of ours, with TLS or without. It is
backed up by AWS Backup alone.
"""

from collections.abc import Iterator

from collectors.aws.elements import arn, flag, instant, policy, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.protection import backed_up
from collectors.aws.reach import reach
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

MOUNTING = ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess")


@collector(
    "aws.file_systems",
    sees=DataStore,
    kinds=("file share",),
    learns=("encrypted", "key_held_by", "public", "transport_encrypted", "last_backup", "never_backed_up"),
    readings=("last_backup", "never_backed_up"),
    moves=("SizeInBytes", "NumberOfMountTargets", "Results"),
    grants=(
        "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeFileSystemPolicy", "backup:ListProtectedResources",
        "kms:ListAliases",
    ),
    counted=("AWS::EFS::FileSystem",),
    where="region",
)  # fmt: skip
class FileSystems:
    """Every file system of EFS that the account has in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeFileSystems`."""
        return session.pages("efs.DescribeFileSystems", "FileSystems")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """Encryption from the element, the rest from one call."""
        name = item["FileSystemId"]
        own = arn(session, "elasticfilesystem", f"file-system/{name}")
        answer = session.ask(
            "efs.DescribeFileSystemPolicy", absent=("PolicyNotFound",), gone=("FileSystemNotFound",), FileSystemId=name
        )
        rules = learned(answer, policy)
        said = reach(rules, account=session.account, arn=own, actions=MOUNTING)
        encrypted = flag(item, "Encrypted")
        last, never = backed_up(session, own)
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="file share", name=text(item, "Name") or name,
            tags=tags(item.get("Tags", [])), managed_by="customer", created=instant(item, "CreationTime"), encrypted=encrypted,
            key_held_by=holder(session, encrypted=encrypted, key=text(item, "KmsKeyId")), public=said.public,
            transport_encrypted=said.transport_encrypted, last_backup=last, never_backed_up=never,
        )  # fmt: skip
