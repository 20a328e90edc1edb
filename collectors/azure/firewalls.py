"""Network security groups: what any address on the Internet may reach through each."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.azure.elements import header, listed, number, properties, text, world
from collectors.collector import Item, Session, collector
from collectors.resource import Firewall, PortRange

Span = tuple[int, int]
PORTED: Mapping[str, tuple[str, ...]] = {
    "tcp": ("tcp",), "udp": ("udp",), "*": ("tcp", "udp"), "icmp": (), "icmpv6": (), "esp": (), "ah": (),
}  # fmt: skip
"""Protocols of rules -> those with ports that they stand for."""
ACCESS, DIRECTIONS = frozenset({"allow", "deny"}), frozenset({"inbound", "outbound"})
EVERYBODY = frozenset({"*", "any", "internet"})
EVERYWHERE = frozenset({"*", "any", "virtualnetwork"})
"""Destinations that stand for all that a group protects."""
LAST = 65535


class Unreadable(ValueError):
    """A rule that is not as documented."""


@collector(
    "azure.firewalls",
    sees=Firewall,
    kinds=("network security group",),
    learns=("open_to_world", "default", "rules"),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.Network/networkSecurityGroups/read"),
    where="account",
)
class Firewalls:
    """Every network security group of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph, rules included."""
        return session.pages("graph.SecurityGroups", "data")

    def describe(self, session: Session, item: Item) -> Firewall:
        """The row tells all. Azure attaches no group where none is named, so none is a default one."""
        rules = listed(properties(item), "securityRules")
        return Firewall(
            **header(session, item), kind="network security group", open_to_world=None if rules is None else open_to_world(rules),
            default=False, rules=None if rules is None else len(rules),
        )  # fmt: skip


def open_to_world(rules: Iterable[Mapping[str, Any]]) -> tuple[PortRange, ...] | None:
    """Ports that inbound rules leave open to every address, first priority first: what is denied to everybody before stays denied.

    `None` where a rule cannot be read.
    """
    try:
        inbound = sorted((one for one in map(rule_of, rules) if one is not None), key=lambda one: one[0])
    except Unreadable:
        return None
    opened: dict[str, list[Span]] = {"tcp": [], "udp": []}
    closed: dict[str, list[Span]] = {"tcp": [], "udp": []}
    for _, allows, protocols, spans, everywhere in inbound:
        for protocol in protocols:
            if allows:
                opened[protocol] += [left for span in spans for left in without(span, closed[protocol])]
            elif everywhere:
                closed[protocol] += spans
    tcp, udp = joined(opened["tcp"]), joined(opened["udp"])
    if tcp == udp == [(0, LAST)]:
        return (PortRange(protocol="any", first=0, last=LAST),)
    return tuple(
        PortRange(protocol=protocol, first=first, last=last)
        for protocol, spans in (("tcp", tcp), ("udp", udp))
        for first, last in spans
    )


def rule_of(rule: Mapping[str, Any]) -> tuple[int, bool, tuple[str, ...], list[Span], bool] | None:
    """Priority, whether it allows, protocols, ports and whether it is for all destinations; `None` if it is not about everybody."""
    known = properties(rule)
    priority, access, direction = number(known, "priority"), text(known, "access"), text(known, "direction")
    protocol = text(known, "protocol")
    if known is None or priority is None or access is None or direction is None or protocol is None:
        raise Unreadable
    protocols = PORTED.get(protocol.lower())
    if access.lower() not in ACCESS or direction.lower() not in DIRECTIONS or protocols is None:
        raise Unreadable
    sources = several(known, "sourceAddressPrefix", "es")
    if not sources and not known.get("sourceApplicationSecurityGroups"):
        raise Unreadable
    if direction.lower() != "inbound" or not protocols or not from_everybody(sources):
        return None
    spans = [span(one) for one in several(known, "destinationPortRange", "s")]
    if not spans:
        raise Unreadable
    everywhere = any(one.lower() in EVERYWHERE for one in several(known, "destinationAddressPrefix", "es"))
    return priority, access.lower() == "allow", protocols, spans, everywhere


def several(known: Mapping[str, Any], name: str, plural: str) -> list[str]:
    """One value, or the list under the plural of its name: Azure fills one of the two."""
    one, many = known.get(name), known.get(name + plural)
    found = [*([one] if one else []), *(many if isinstance(many, list) else [])]
    if not all(isinstance(value, str) for value in found):
        raise Unreadable
    return found


def from_everybody(sources: list[str]) -> bool:
    """The sources hold every address of the Internet. Service tags other than `Internet` stand for some of them only."""
    if any(one.lower() in EVERYBODY for one in sources):
        return True
    networks = []
    for one in sources:
        if "-" in one and one.replace("-", "").replace(".", "").isdigit():
            first, _, last = one.partition("-")
            networks += ranged(first, last)
        elif one[:1].isdigit() or ":" in one:
            try:
                networks.append(ipaddress.ip_network(one, strict=False))
            except ValueError:
                raise Unreadable from None
    return world(networks)


def ranged(first: str, last: str) -> list[Any]:
    """The networks of a range that is written with a hyphen."""
    try:
        return list(ipaddress.summarize_address_range(ipaddress.ip_address(first), ipaddress.ip_address(last)))
    except (TypeError, ValueError):
        raise Unreadable from None


def span(ports: str) -> Span:
    """`22`, `8080-8084` or `*`."""
    if ports == "*":
        return 0, LAST
    first, _, last = ports.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise Unreadable
    return int(first), int(last or first)


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span of ports."""
    left = [span]
    for low, high in taken:
        left = [
            part
            for first, last in left
            for part in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if part[0] <= part[1]
        ]
    return left


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same ports in as few spans as there can be, sorted."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
