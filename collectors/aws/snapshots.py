"""EBS snapshots: the account's own, and with whom each is shared.

`public` is what the snapshot itself says; an account's block of public snapshot sharing (`GetSnapshotBlockPublicAccessState`) is not
read, so that a snapshot which only the block keeps private counts as public.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, ec2_tags, flag, instant, key_held_by, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

EVERYBODY = "all"
"""The only group that there is."""


@collector(
    "aws.snapshots",
    sees=DataStore,
    kinds=("snapshot",),
    learns=("encrypted", "key_held_by", "public", "foreign_access"),
    moves=("Progress",),
    grants=("ec2:DescribeSnapshots", "ec2:DescribeSnapshotAttribute"),
    where="region",
)
class Snapshots:
    """Every EBS snapshot that the account owns in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeSnapshots`, the account's own only: without an owner it lists the public snapshots of the world."""
        return session.pages("ec2.DescribeSnapshots", "Snapshots", OwnerIds=["self"])

    def describe(self, session: Session, item: Item) -> DataStore:
        """Encryption from the element, sharing from one call."""
        answer = session.ask(
            "ec2.DescribeSnapshotAttribute",
            gone=("InvalidSnapshot.NotFound",),
            SnapshotId=item["SnapshotId"],
            Attribute="createVolumePermission",
        )
        shares = shared(answer)
        tags = ec2_tags(item)
        encrypted = flag(item, "Encrypted")
        return DataStore(
            id=arn(session, "ec2", f"snapshot/{item['SnapshotId']}", account=""), provider="aws", account=session.account,
            region=session.region, kind="snapshot", name=tags.get("Name") or item["SnapshotId"], tags=tags, managed_by="customer",
            created=instant(item, "StartTime"), encrypted=encrypted,
            key_held_by=key_held_by(encrypted=encrypted, key=text(item, "KmsKeyId"), account=session.account),
            public=None if shares is None else EVERYBODY in shares,
            foreign_access=None if shares is None else tuple(sorted(shares - {EVERYBODY, session.account})),
        )  # fmt: skip


def shared(answer: dict[str, Any] | None) -> frozenset[str] | None:
    """Account ids, and `all` for everybody, that may make a volume of a snapshot."""
    if answer is None or not isinstance(answer.get("CreateVolumePermissions"), list):
        return None
    said = [sharer(one) for one in answer["CreateVolumePermissions"]]
    return None if None in said else frozenset(one for one in said if one)


def sharer(permission: Mapping[str, Any], named: tuple[str, ...] = ("UserId",)) -> str | None:
    """Whom one permission names, under one of some keys, or everybody; `None` for a group that is not known."""
    group = text(permission, "Group")
    if group is not None:
        return group if group == EVERYBODY else None
    return next(filter(None, (text(permission, key) for key in named)), None)
