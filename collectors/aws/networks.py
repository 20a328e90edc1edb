"""VPCs, and whether their traffic is recorded.

A flow log on the VPC as a whole counts; logs on single subnets or interfaces leave the rest unrecorded. A log that is not active, or
that the provider says it cannot deliver, records nothing.
"""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import arn, ec2_tags, flag, text
from collectors.collector import Item, Session, collector
from collectors.resource import Network


@collector(
    "aws.networks",
    sees=Network,
    kinds=("vpc",),
    learns=("flow_logged", "default"),
    grants=("ec2:DescribeVpcs", "ec2:DescribeFlowLogs"),
    where="region",
)
class Networks:
    """Every VPC that the account owns in the region; those shared with it are their owner's."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeVpcs`."""
        return (
            vpc
            for vpc in session.pages("ec2.DescribeVpcs", "Vpcs")
            if vpc.get("OwnerId", session.account) == session.account
        )

    def describe(self, session: Session, item: Item) -> Network:
        """Its own flow logs are asked of it, so that a refusal is a gap of the network and the answer is its evidence."""
        answer = session.ask("ec2.DescribeFlowLogs", Filters=[{"Name": "resource-id", "Values": [item["VpcId"]]}])
        tags = ec2_tags(item)
        return Network(
            id=arn(session, "ec2", f"vpc/{item['VpcId']}"), provider="aws", account=session.account, region=session.region,
            kind="vpc", name=tags.get("Name") or item["VpcId"], tags=tags, managed_by="customer",
            flow_logged=recorded(answer, item["VpcId"]), default=flag(item, "IsDefault"),
        )  # fmt: skip


def recorded(answer: dict[str, Any] | None, vpc: str) -> bool | None:
    """Some active flow log of the VPC delivers; with more pages to come, only a yes is certain."""
    if answer is None or not isinstance(answer.get("FlowLogs"), list):
        return None
    working = any(
        log.get("ResourceId") == vpc
        and text(log, "FlowLogStatus") == "ACTIVE"
        and text(log, "DeliverLogsStatus") != "FAILED"
        for log in answer["FlowLogs"]
    )
    return True if working else None if answer.get("NextToken") else False
