"""Auto Scaling groups: whether each has room to grow and stands in several zones."""

from collections.abc import Iterator

from collectors.aws.elements import instant, number, tags, text
from collectors.collector import Item, Session, collector
from collectors.serving import Workload


@collector(
    "aws.machine_groups",
    sees=Workload,
    kinds=("machine group",),
    learns=("grows", "multi_zone"),
    moves=("DesiredCapacity", "PredictedCapacity", "Instances"),
    readings=("grows",),
    grants=("autoscaling:DescribeAutoScalingGroups",),
    counted=("AWS::AutoScaling::AutoScalingGroup",),
    where="region",
)
class MachineGroups:
    """Every Auto Scaling group of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeAutoScalingGroups`."""
        return session.pages("autoscaling.DescribeAutoScalingGroups", "AutoScalingGroups")

    def describe(self, session: Session, item: Item) -> Workload:
        """The listing's element tells all."""
        most, wanted, zones = number(item, "MaxSize"), number(item, "DesiredCapacity"), item.get("AvailabilityZones")
        return Workload(
            id=item["AutoScalingGroupARN"], provider="aws", account=session.account, region=session.region, kind="machine group",
            name=text(item, "AutoScalingGroupName"), tags=tags(item.get("Tags")), managed_by="customer",
            created=instant(item, "CreatedTime"),
            grows=None if most is None or wanted is None else most > wanted, multi_zone=None if zones is None else len(zones) > 1,
        )  # fmt: skip
