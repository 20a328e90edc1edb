"""Subnets: whether what starts in one gets a public address by itself, and whether its traffic is recorded, by a flow log of its own or of
its VPC. A subnet for addresses of IPv6 gives those on purpose, and those need a route to be public: they are not read."""

from collections.abc import Iterator

from collectors.aws.elements import arn, ec2_tags, flag, text
from collectors.aws.flows import recorded
from collectors.aws.gathered import CellSession
from collectors.collector import Item, Session, collector
from collectors.resource import Network


@collector(
    "aws.subnets",
    sees=Network,
    kinds=("subnet",),
    learns=("flow_logged", "gives_public_addresses"),
    grants=("ec2:DescribeSubnets", "ec2:DescribeFlowLogs"),
    moves=("AvailableIpAddressCount", "availableIpAddressCount"),  # the latter in items of AWS Config
    counted=("AWS::EC2::Subnet",),
    where="region",
)
class Subnets:
    """Every subnet that the account owns in the region; those shared with it are their owner's."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeSubnets`."""
        found = session.pages("ec2.DescribeSubnets", "Subnets")
        return (one for one in found if one.get("OwnerId", session.account) == session.account)

    def describe(self, session: CellSession, item: Item) -> Network:
        """The listing's element, and flow logs that are read once for the region."""
        tags = ec2_tags(item)
        return Network(
            id=text(item, "SubnetArn") or arn(session, "ec2", f"subnet/{item['SubnetId']}"), provider="aws", account=session.account,
            region=session.region, kind="subnet", name=tags.get("Name") or text(item, "SubnetId"), tags=tags, managed_by="customer",
            gives_public_addresses=flag(item, "MapPublicIpOnLaunch"), flow_logged=recorded(session, item["SubnetId"], item["VpcId"]),
        )  # fmt: skip
