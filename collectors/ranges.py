"""Address ranges: which of them together are the whole Internet."""

import ipaddress
from collections.abc import Iterable

ELSEWHERE = tuple(map(ipaddress.IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
)))  # fmt: skip
"""Addresses that nobody on the Internet has (IANA special-purpose registry): rules that leave only them out are open to the world."""
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


def world(sources: Iterable[str]) -> bool:
    """The ranges together hold every public IPv4 address, or every global IPv6 one: two halves are a whole. `ValueError` for no range."""
    networks = [ipaddress.ip_network(source, strict=False) for source in sources]
    four = [network for network in networks if isinstance(network, ipaddress.IPv4Network)]
    six = [network for network in networks if isinstance(network, ipaddress.IPv6Network)]
    whole = ipaddress.collapse_addresses([*four, *ELSEWHERE]) if four else ()
    return ipaddress.IPv4Network("0.0.0.0/0") in whole or any(
        GLOBAL_UNICAST.subnet_of(network) for network in ipaddress.collapse_addresses(six)
    )
