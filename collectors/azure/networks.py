"""Virtual networks, and whether flow logs record their traffic.

A network is logged if a flow log stands on it, or if one stands on each of its subnets or on the group that guards each. An item is a
network's row as it came, with the ids that enabled flow logs stand on beside it under `flowLogTargets`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import flag, header, inner, listed, properties, text
from collectors.collector import Item, Session, collector
from collectors.environments import of_machines
from collectors.resource import Network

MACHINES = "azure.machines"


@collector(
    "azure.networks",
    sees=Network,
    kinds=("network",),
    learns=("flow_logged", "default", "environments"),
    beside=(MACHINES,),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Network/virtualNetworks/read",
        "Microsoft.Network/networkWatchers/flowLogs/read",
    ),
    where="account",
)
class Networks:
    """Every virtual network of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph: flow logs first, since networks are held against them."""
        targets = set()
        for row in session.pages("graph.FlowLogs", "data"):
            if flag(properties(row), "enabled"):
                targets.add((text(properties(row), "targetResourceId") or "").lower())
        for row in session.pages("graph.Networks", "data"):
            yield {**row, "flowLogTargets": sorted(targets & set(guards(row)))}

    def describe(self, session: Session, item: Item) -> Network:
        """The rows tell all but what lives in it. Azure makes no network by itself."""
        named, machines = of_machines(session.seen(MACHINES), str(item["id"]).lower())
        for one in machines:
            session.cite(one)
        return Network(
            **header(session, item), kind="network", flow_logged=flow_logged(item), default=False, environments=named
        )


def flow_logged(item: Item) -> bool | None:
    """The network itself is logged, or every subnet of it."""
    targets = set(item["flowLogTargets"])
    if str(item["id"]).lower() in targets:
        return True
    subnets = listed(properties(item), "subnets")
    if subnets is None:
        return None
    return bool(subnets) and all(targets & set(subnet_guards(one)) for one in subnets)


def guards(network: Mapping[str, Any]) -> Iterator[str]:
    """Ids on which a flow log would record this network, or a part of it."""
    yield str(network["id"]).lower()
    for subnet in listed(properties(network), "subnets") or ():
        yield from subnet_guards(subnet)


def subnet_guards(subnet: Mapping[str, Any]) -> Iterator[str]:
    """A subnet and the security group that guards it."""
    for element in (subnet, inner(subnet, "properties", "networkSecurityGroup")):
        identity = text(element, "id")
        if identity:
            yield identity.lower()
