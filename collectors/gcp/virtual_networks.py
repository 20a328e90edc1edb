"""Networks as a whole: which of them Google made, whether something lives in them, and whether their traffic and look-ups are recorded."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from collectors.collector import Item, collector
from collectors.environments import environments
from collectors.gcp.elements import at, data, instant, labels, last, on, parts, path, text
from collectors.gcp.networks import OF_WORKLOADS, SUBNET, flow_logged
from collectors.gcp.patches import INSTANCE
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.resource import Network

NETWORK, POLICY = "compute.googleapis.com/Network", "dns.googleapis.com/Policy"


@collector(
    "gcp.virtual_networks",
    sees=Network,
    kinds=("network",),
    learns=("flow_logged", "default", "in_use", "names_logged", "environments"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class VirtualNetworks:
    """Every network of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of networks."""
        return session.assets(NETWORK)

    def describe(self, session: GcpSession, item: Item) -> Network:
        """The asset, its subnets, the machines in it, and the policies of look-ups that name it."""
        network, itself = data(item), path(item["name"]) or ""
        flows = session.worked_out("flows", SUBNET, RESOURCE, _flows)
        inhabited = session.worked_out("inhabited", INSTANCE, RESOURCE, _inhabited, raw=True)
        named = session.worked_out("environments", INSTANCE, RESOURCE, _environments)
        heard = session.worked_out("heard", POLICY, RESOURCE, _heard)
        return Network(
            id=item["name"], provider="gcp", account=session.account, region="global", kind="network", name=text(network, "name"),
            tags={}, managed_by="customer", created=instant(network, "creationTimestamp"), default=last(item["name"]) == "default",
            flow_logged=None if flows is None else flows.get(itself), in_use=None if inhabited is None else lives_in(itself, inhabited),
            names_logged=None if heard is None else itself in heard,
            environments=None if named is None or None in named else named.get(itself, ()),
        )  # fmt: skip


def _flows(assets: Iterator[dict[str, Any]]) -> dict[str, bool]:
    """Network -> every subnet that machines can live in records its flows; a network without any has none to record."""
    found: dict[str, bool] = {}
    for asset in assets:
        subnet = at(asset, "resource", "data")
        if text(subnet, "purpose") in OF_WORKLOADS and (network := path(text(subnet, "network"))):
            found[network] = found.get(network, True) and flow_logged(subnet)
    return found


def _inhabited(messages: Iterator[Any]) -> frozenset[str | None]:
    """Networks that machines of this project have an interface in; `None` among them for an interface that does not say."""
    return frozenset(
        network
        for message in messages
        for one in interfaces(message.resource.data.fields) or (None,)
        for network in (one and path(one.struct_value.fields["network"].string_value),)
    )


def interfaces(fields: Any) -> Any:
    """A machine's interfaces, in the newer or the older words."""
    return fields["networkInterfaces"].list_value.values or fields["networkInterface"].list_value.values


def lives_in(network: str, inhabited: frozenset[str | None]) -> bool | None:
    """A machine has an interface in the network; of one that does not say where it has its own, nobody knows."""
    return True if network in inhabited else None if None in inhabited else False


def _environments(assets: Iterator[dict[str, Any]]) -> dict[str | None, tuple[str, ...] | None]:
    """Network -> the environments that the machines of this project in it name; `None` among them for one that does not say where it is."""
    found: dict[str | None, list[dict[str, str] | None]] = defaultdict(list)
    for asset in assets:
        machine = at(asset, "resource", "data")
        for one in parts(machine, "networkInterfaces") or [{}]:
            found[path(text(one, "network"))].append(labels(machine))
    return {network: environments(tags) for network, tags in found.items()}


def _heard(assets: Iterator[dict[str, Any]]) -> frozenset[str]:
    """Networks whose look-ups a policy records."""
    return frozenset(
        network
        for asset in assets
        if on(asset, "resource", "data", "enableLogging")
        for one in parts(asset, "resource", "data", "networks")
        if (network := path(text(one, "networkUrl")))
    )
