"""EBS volumes: one listing tells all."""

from collections.abc import Iterator

from collectors.aws.elements import arn, ec2_tags, flag, instant, key_held_by, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.volumes",
    sees=DataStore,
    kinds=("volume",),
    learns=("encrypted", "key_held_by"),
    grants=("ec2:DescribeVolumes",),
    where="region",
)
class Volumes:
    """Every EBS volume of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeVolumes`."""
        return session.pages("ec2.DescribeVolumes", "Volumes")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The listing's element tells all; whether a key of the account is AWS's own it does not tell."""
        tags = ec2_tags(item)
        encrypted = flag(item, "Encrypted")
        return DataStore(
            id=arn(session, "ec2", f"volume/{item['VolumeId']}"), provider="aws", account=session.account, region=session.region,
            kind="volume", name=tags.get("Name") or item["VolumeId"], tags=tags, managed_by="customer",
            created=instant(item, "CreateTime"), encrypted=encrypted,
            key_held_by=key_held_by(encrypted=encrypted, key=text(item, "KmsKeyId"), account=session.account),
        )  # fmt: skip
