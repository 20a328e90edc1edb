"""Images of machines (AMIs) that the account owns, and who may start machines from each.

An image is encrypted if every snapshot is that it is made of; those snapshots are judged one by one as well.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, ec2_tags, flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

WHOM = ("Group", "UserId", "OrganizationArn", "OrganizationalUnitArn")
"""Keys under which a launch permission says whom it is for."""


@collector(
    "aws.images",
    sees=DataStore,
    kinds=("image",),
    learns=("encrypted", "public", "foreign_access"),
    moves=("LastLaunchedTime", "ScanResults"),
    grants=("ec2:DescribeImages", "ec2:DescribeImageAttribute"),
    where="region",
)
class Images:
    """Every image that the account owns in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeImages`, the account's own only: without an owner it lists the public images of the world."""
        return session.pages("ec2.DescribeImages", "Images", Owners=["self"])

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """Encryption from the element, sharing from one call."""
        name = item["ImageId"]
        answer = session.ask(
            "ec2.DescribeImageAttribute",
            gone=("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"),
            ImageId=name,
            Attribute="launchPermission",
        )
        starters = shared(answer)
        tags = ec2_tags(item)
        return DataStore(
            id=arn(session, "ec2", f"image/{name}", account=""), provider="aws", account=session.account, region=session.region,
            kind="image", name=tags.get("Name") or text(item, "Name") or name, tags=tags, managed_by="customer",
            created=instant(item, "CreationDate"), encrypted=encrypted(item), public=None if starters is None else "all" in starters,
            foreign_access=None if starters is None else tuple(sorted(starters - {"all", session.account})),
        )  # fmt: skip


def encrypted(image: Mapping[str, Any]) -> bool | None:
    """Every volume that a machine starts with comes from an encrypted snapshot; of an image of no snapshot nothing is learned."""
    mapped = image.get("BlockDeviceMappings")
    if not isinstance(mapped, list):
        return None
    said = [flag(one.get("Ebs"), "Encrypted") for one in mapped if "VirtualName" not in one and "NoDevice" not in one]
    return False if False in said else None if None in said or not said else True


def shared(answer: dict[str, Any] | None) -> frozenset[str] | None:
    """Account ids, organisations and their units, and `all` for everybody, that may start machines from an image."""
    if answer is None or not isinstance(answer.get("LaunchPermissions"), list):
        return None
    listed = answer["LaunchPermissions"]
    said = [next(filter(None, (text(one, key) for key in WHOM)), None) for one in listed]
    unknown = any(text(one, "Group") not in {None, "all"} for one in listed)
    return None if unknown or None in said else frozenset(one for one in said if one)
