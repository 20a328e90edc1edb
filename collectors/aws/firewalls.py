"""Security groups: what any address on the Internet may reach through each."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, ec2_tags, text
from collectors.collector import Item, Session, collector
from collectors.resource import Firewall, PortRange

PROTOCOLS = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp"}
"""Protocols that have ports, by name and by number."""
PORTLESS = frozenset({"icmp", "icmpv6", "esp", "ah"})
"""Names of others; most have a number only."""
ANY = "-1"
SOURCES = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
ELSEWHERE = tuple(map(ipaddress.IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
)))  # fmt: skip
"""Addresses that nobody on the Internet has (IANA special-purpose registry): rules that leave only them out are open to the world."""
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


@collector(
    "aws.firewalls",
    sees=Firewall,
    kinds=("security group",),
    learns=("open_to_world", "default", "rules"),
    grants=("ec2:DescribeSecurityGroups", "ec2:GetManagedPrefixListEntries"),
    counted=("AWS::EC2::SecurityGroup",),
    where="region",
)
class Firewalls:
    """Every security group that the account owns in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeSecurityGroups`, rules included."""
        groups = session.pages("ec2.DescribeSecurityGroups", "SecurityGroups")
        return (group for group in groups if group.get("OwnerId", session.account) == session.account)

    def describe(self, session: Session, item: Item) -> Firewall:
        """The element tells all, but for the prefix lists that it admits: those are asked for."""
        tags = ec2_tags(item)
        return Firewall(
            id=arn(session, "ec2", f"security-group/{item['GroupId']}"), provider="aws", account=session.account,
            region=session.region, kind="security group", name=text(item, "GroupName"), tags=tags, managed_by="customer",
            open_to_world=open_to_world(session, item), default=item.get("GroupName") == "default" if "GroupName" in item else None,
            rules=rules(item),
        )  # fmt: skip


def rules(group: Mapping[str, Any]) -> int | None:
    """Rules in and out, counted as AWS does: one for each source or destination."""
    if not isinstance(group.get("IpPermissions"), list) or not isinstance(group.get("IpPermissionsEgress"), list):
        return None
    permissions = group["IpPermissions"] + group["IpPermissionsEgress"]
    return sum(len(permission.get(source) or ()) for permission in permissions for source in SOURCES)


def open_to_world(session: Session, group: Mapping[str, Any]) -> tuple[PortRange, ...] | None:
    """Port ranges whose sources, prefix lists included, hold every address of the Internet."""
    permissions = group.get("IpPermissions")
    if not isinstance(permissions, list):
        return None
    found: set[PortRange] = set()
    for permission in permissions:
        ports = ranged(permission)
        sources = admitted(session, permission) if ports != () else ()
        if ports is None or sources is None:
            return None
        if ports and world(sources):
            found |= set(ports)
    return tuple(sorted(found))


def ranged(permission: Mapping[str, Any]) -> tuple[PortRange, ...] | None:
    """The ports that a permission opens: `()` for protocols that have none, such as ICMP; `None` where it does not tell."""
    protocol = text(permission, "IpProtocol")
    if protocol == ANY:
        return (PortRange(protocol="any", first=0, last=65535),)
    if protocol not in PROTOCOLS:
        return () if protocol in PORTLESS or (protocol or "").isdecimal() else None
    first, last = permission.get("FromPort", -1), permission.get("ToPort", -1)
    if not isinstance(first, int) or not isinstance(last, int):
        return None
    if -1 in (first, last):
        first, last = 0, 65535
    return (PortRange(protocol=PROTOCOLS[protocol], first=first, last=last),)


def admitted(session: Session, permission: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The address ranges that a permission admits; `None` if some, or those of a prefix list, were not learned."""
    said = [text(one, "CidrIp") for one in permission.get("IpRanges") or ()]
    said += [text(one, "CidrIpv6") for one in permission.get("Ipv6Ranges") or ()]
    sources = [one for one in said if one]
    if (len(sources) < len(said) or not isinstance(permission.get("IpRanges"), list)) and not world(sources):
        return None
    for listed in permission.get("PrefixListIds") or ():
        if world(sources):
            break
        answer = session.ask("ec2.GetManagedPrefixListEntries", PrefixListId=listed["PrefixListId"], MaxResults=100)
        if answer is None or not isinstance(answer.get("Entries"), list):
            return None
        sources += [entry["Cidr"] for entry in answer["Entries"]]
        if answer.get("NextToken") and not world(sources):
            return None
    return tuple(sources)


def world(sources: Iterable[str]) -> bool:
    """The ranges together hold every public IPv4 address, or every global IPv6 one: two halves are a whole."""
    networks = [ipaddress.ip_network(source, strict=False) for source in sources]
    four = [network for network in networks if isinstance(network, ipaddress.IPv4Network)]
    six = [network for network in networks if isinstance(network, ipaddress.IPv6Network)]
    return ipaddress.IPv4Network("0.0.0.0/0") in ipaddress.collapse_addresses(
        [*four, *ELSEWHERE] if four else []
    ) or any(GLOBAL_UNICAST.subnet_of(network) for network in ipaddress.collapse_addresses(six))
