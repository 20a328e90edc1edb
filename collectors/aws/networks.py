"""VPCs, and whether their traffic and their look-ups of names are recorded.

A flow log on the VPC as a whole counts; logs on single subnets or interfaces leave the rest unrecorded. A log that is not active, or
that the provider says it cannot deliver, records nothing. Whether anything is attached is asked of default VPCs only: nobody else's use
is judged. A profile of Route 53 that brings its own query logging is not read. Environments are those of
the machines of the account in it: those of another account in a shared VPC are not seen.
"""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import arn, ec2_tags, flag, text
from collectors.aws.flows import recorded
from collectors.aws.gathered import CellSession
from collectors.collector import Item, Session, collector, learned
from collectors.environments import of_machines
from collectors.resource import Network

MACHINES = "aws.machines"


@collector(
    "aws.networks",
    sees=Network,
    kinds=("vpc",),
    learns=("flow_logged", "default", "in_use", "names_logged", "environments"),
    grants=(
        "ec2:DescribeVpcs", "ec2:DescribeFlowLogs", "ec2:DescribeNetworkInterfaces",
        "route53resolver:ListResolverQueryLogConfigAssociations",
    ),
    beside=(MACHINES,),
    counted=("AWS::EC2::VPC",),
    where="region",
)  # fmt: skip
class Networks:
    """Every VPC that the account owns in the region; those shared with it are their owner's."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeVpcs`."""
        return (
            vpc
            for vpc in session.pages("ec2.DescribeVpcs", "Vpcs")
            if vpc.get("OwnerId", session.account) == session.account
        )

    def describe(self, session: CellSession, item: Item) -> Network:
        """Flow logs and query logs are read once for the region; each network keeps its own."""
        tags, name = ec2_tags(item), arn(session, "ec2", f"vpc/{item['VpcId']}")
        named, machines = of_machines(session.seen(MACHINES), name)
        for one in machines:
            session.cite(one)
        return Network(
            id=name, provider="aws", account=session.account, region=session.region,
            kind="vpc", name=tags.get("Name") or item["VpcId"], tags=tags, managed_by="customer",
            flow_logged=recorded(session, item["VpcId"]), default=flag(item, "IsDefault"),
            in_use=in_use(session, item["VpcId"]) if flag(item, "IsDefault") else None, names_logged=names_logged(session, item["VpcId"]),
            environments=named,
        )  # fmt: skip


def in_use(session: CellSession, vpc: str) -> bool | None:
    """Some network interface is in it: without one nothing runs there."""
    answer = session.ask("ec2.DescribeNetworkInterfaces", Filters=[{"Name": "vpc-id", "Values": [vpc]}], MaxResults=5)
    return learned(answer, attached)


def attached(answer: dict[str, Any]) -> bool | None:
    """The first page holds some; an empty page that is not the last says nothing."""
    listed = answer.get("NetworkInterfaces")
    if not isinstance(listed, list):
        return None
    return True if listed else None if answer.get("NextToken") else False


def names_logged(session: CellSession, vpc: str) -> bool | None:
    """A configuration of the resolver's query logging is at work on it; those of the region are read once."""
    found = session.among(
        "route53resolver.ListResolverQueryLogConfigAssociations",
        "ResolverQueryLogConfigAssociations",
        by="ResourceId",
        of=vpc,
    )
    return None if found is None else any(text(one, "Status") == "ACTIVE" for one in found)
