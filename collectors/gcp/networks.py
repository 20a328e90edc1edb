"""Subnets, and whether their traffic is recorded: Google logs flows subnet by subnet.

Subnets that only hold proxies or private service endpoints cannot be logged (VPC Flow Logs, "Overview") and are not taken as networks.
"""

from collections.abc import Iterator
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import data, instant, last, on, region, text
from collectors.gcp.session import GcpSession
from collectors.resource import Network

SUBNET = "compute.googleapis.com/Subnetwork"
OF_WORKLOADS = frozenset({None, "PRIVATE", "PRIVATE_RFC_1918"})

GIVES = {None: False, "INTERNAL": False, "UNSPECIFIED_IPV6_ACCESS_TYPE": False, "EXTERNAL": True}
"""Kind of a subnet's addresses of IPv6 -> the Internet reaches them. Of IPv4, machines ask for public ones themselves."""


@collector(
    "gcp.networks",
    sees=Network,
    kinds=("subnet",),
    learns=("flow_logged", "default", "gives_public_addresses"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Networks:
    """Every subnet of the project that machines can live in."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of subnets."""
        return (
            asset for asset in session.assets(SUBNET)
            if text(asset, "resource", "data", "purpose") in OF_WORKLOADS
        )  # fmt: skip

    def describe(self, session: GcpSession, item: Item) -> Network:
        """The asset tells all."""
        subnet = data(item)
        return Network(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "region"), kind="subnet",
            name=text(subnet, "name"), tags={}, managed_by="customer", created=instant(subnet, "creationTimestamp"),
            flow_logged=flow_logged(subnet), gives_public_addresses=GIVES.get(text(subnet, "ipv6AccessType")) if subnet else None,
            default=last(text(subnet, "network")) == "default" if "network" in subnet else None,
        )  # fmt: skip


def flow_logged(subnet: Any) -> bool:
    """Its flow log is on, in newer or in older words."""
    return on(subnet, "logConfig", "enable") or on(subnet, "enableFlowLogs")
