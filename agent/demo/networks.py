"""The estate's regions: their defaults, networks and firewalls."""

from agent.demo import canaries
from agent.demo.estate import PLATFORM, Estate, arn, pairs
from agent.demo.names import ACCOUNTS, REGIONS

NETWORKED = {"production": REGIONS, "staging": REGIONS, "security": REGIONS[:1]}
"""Where our own networks stand."""


def settle(estate: Estate, alias: str) -> None:
    """Do away with the networks that come with every account, and encrypt new volumes."""
    estate.endpoint.undress(ACCOUNTS[alias], REGIONS)
    for region in REGIONS:
        estate.client("ec2", alias, region).enable_ebs_encryption_by_default()
        estate.note("region", f"{alias}/{region}/region", f"arn:aws:account::{ACCOUNTS[alias]}:region/{region}")


def build(estate: Estate) -> None:
    """A network with its firewalls wherever there is one."""
    for alias, regions in NETWORKED.items():
        for index, region in enumerate(regions):
            vpc = make_network(estate, alias, region, "main", f"10.{index}.0.0/16")
            web = make_firewall(estate, alias, region, "web", vpc)
            allow_from(estate, alias, region, web, port=443, source="0.0.0.0/0")
            database = make_firewall(estate, alias, region, "database", vpc)
            allow_from(estate, alias, region, database, port=5432, source="10.0.0.0/8")


def make_network(
    estate: Estate, alias: str, region: str, name: str, block: str, *, logged: bool = True, named: bool = True, bare: bool = False
) -> str:  # fmt: skip
    """A VPC with flow logs, logs of its look-ups and an emptied default firewall, unless told otherwise; its plain id."""
    ec2 = estate.client("ec2", alias, region)
    specification = [{"ResourceType": "vpc", "Tags": pairs(PLATFORM | {"Name": name})}]
    vpc: str = ec2.create_vpc(CidrBlock=block, TagSpecifications=specification)["Vpc"]["VpcId"]
    estate.note("network", f"{alias}/{region}/network/{name}", arn("ec2", alias, f"vpc/{vpc}", region))
    record(estate, alias, region, vpc, traffic=logged, names=named)
    empty(estate, alias, region, name, vpc, bare=bare)
    return vpc


def record(estate: Estate, alias: str, region: str, vpc: str, *, traffic: bool = True, names: bool = True) -> None:
    """Record a network's traffic and its look-ups of names."""
    if traffic:
        estate.client("ec2", alias, region).create_flow_logs(
            ResourceType="VPC", ResourceIds=[vpc], TrafficType="ALL", LogDestinationType="s3",
            LogDestination="arn:aws:s3:::example-log-archive-flows",
        )  # fmt: skip
    if names:
        resolver = estate.client("route53resolver", alias, region)
        made = resolver.create_resolver_query_log_config(
            Name=vpc, DestinationArn="arn:aws:s3:::example-log-archive-flows", CreatorRequestId=vpc
        )["ResolverQueryLogConfig"]["Id"]
        resolver.associate_resolver_query_log_config(ResolverQueryLogConfigId=made, ResourceId=vpc)


def empty(estate: Estate, alias: str, region: str, name: str, vpc: str, *, bare: bool = False) -> None:
    """Note a network's default firewall, and take its rules away unless it is to be left as it came."""
    ec2 = estate.client("ec2", alias, region)
    here = [{"Name": "vpc-id", "Values": [vpc]}]
    group = next(
        each for each in ec2.describe_security_groups(Filters=here)["SecurityGroups"] if each["GroupName"] == "default"
    )
    estate.note("firewall", f"{alias}/{region}/firewall/{name}-default", firewall(alias, region, group["GroupId"]))
    if not bare:
        if group["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
        if group["IpPermissionsEgress"]:
            ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])


def make_firewall(estate: Estate, alias: str, region: str, name: str, vpc: str) -> str:
    """A security group; its plain id."""
    specification = [{"ResourceType": "security-group", "Tags": pairs(PLATFORM | {"owner": canaries.OWNER})}]
    made: str = estate.client("ec2", alias, region).create_security_group(
        GroupName=name, Description=f"{name} tier", VpcId=vpc, TagSpecifications=specification
    )["GroupId"]
    estate.note("firewall", f"{alias}/{region}/firewall/{name}", firewall(alias, region, made))
    return made


def allow_from(estate: Estate, alias: str, region: str, group: str, *, port: int, source: str) -> None:
    """Let a range of addresses, IPv4 or IPv6, in on one TCP port; who asked for it stands in the rule's description."""
    asked = f"asked for by {canaries.PERSON.replace('@', ' at ')}"
    ranges = (
        [{"CidrIpv6": source, "Description": asked}] if ":" in source else [{"CidrIp": source, "Description": asked}]
    )
    permission = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "Ipv6Ranges" if ":" in source else "IpRanges": ranges,
    }
    estate.client("ec2", alias, region).authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


def vpc_of(estate: Estate, alias: str, region: str) -> str:
    """The plain id of the main network."""
    return estate.ids[f"{alias}/{region}/network/main"].rpartition("/")[2]


def firewall(alias: str, region: str, group: str) -> str:
    """The ARN of a security group."""
    return arn("ec2", alias, f"security-group/{group}", region)
