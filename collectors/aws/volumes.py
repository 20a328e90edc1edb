"""EBS volumes: one listing tells all but who holds a key of the account."""

from collections.abc import Iterator

from collectors.aws.elements import arn, ec2_tags, flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.volumes",
    sees=DataStore,
    kinds=("volume",),
    learns=("encrypted", "key_held_by"),
    grants=("ec2:DescribeVolumes", "kms:ListAliases"),
    counted=("AWS::EC2::Volume",),
    where="region",
)
class Volumes:
    """Every EBS volume of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeVolumes`."""
        return session.pages("ec2.DescribeVolumes", "Volumes")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The listing's element; the aliases of the region's keys are read once."""
        tags = ec2_tags(item)
        encrypted = flag(item, "Encrypted")
        return DataStore(
            id=arn(session, "ec2", f"volume/{item['VolumeId']}"), provider="aws", account=session.account, region=session.region,
            kind="volume", name=tags.get("Name") or item["VolumeId"], tags=tags, managed_by="customer",
            created=instant(item, "CreateTime"), encrypted=encrypted,
            key_held_by=holder(session, encrypted=encrypted, key=text(item, "KmsKeyId")),
        )  # fmt: skip
