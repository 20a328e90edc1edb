"""Firewall rules of networks, and firewall policies of networks, folders and the organisation.

A rule of a network is a firewall of its own, since Google attaches each by itself. Each rule is judged alone: a deny of higher priority
may stand before it, which is not weighed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector, learned
from collectors.gcp.elements import at, data, instant, labels, last, on, parts, region, text, texts
from collectors.gcp.session import GcpSession
from collectors.gcp.wording import anew
from collectors.ranges import world
from collectors.resource import Firewall, PortRange

RULE, POLICY = "compute.googleapis.com/Firewall", "compute.googleapis.com/.*FirewallPolicy"
PROTOCOLS = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp"}
"""Protocols that have ports, by name and by number."""
PORTLESS = frozenset({"icmp", "ipv6-icmp", "icmpv6", "esp", "ah", "sctp", "ipip"})
"""Names of others."""
ALLOWS = {"allow": True, "apply_security_profile_group": True, "deny": False, "goto_next": False}
"""Action of a policy's rule -> it lets in."""
NARROWING = ("srcSecureTags", "srcRegionCodes", "srcThreatIntelligences", "srcFqdns", "srcAddressGroups")
"""What a rule of a policy may name as sources besides ranges."""
EVERYTHING = PortRange(protocol="any", first=0, last=65535)
GRANTS = ("cloudasset.assets.listResource",)


@collector("gcp.firewall_rules", sees=Firewall, kinds=("firewall rule",), learns=("open_to_world", "default", "rules"), grants=GRANTS,
           where="account")  # fmt: skip
class FirewallRules:
    """Every firewall rule of the project's networks."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of firewalls: one rule each."""
        return session.assets(RULE)

    def describe(self, session: GcpSession, item: Item) -> Firewall:
        """The asset tells all."""
        rule = anew(data(item))
        made_with_network = (last(item["name"]) or "").startswith("default-allow-")
        return Firewall(
            id=item["name"], provider="gcp", account=session.account, region="global", kind="firewall rule", name=text(rule, "name"),
            tags={}, managed_by="customer", created=instant(rule, "creationTimestamp"),
            open_to_world=opened(rule), default=made_with_network and learned(last(text(rule, "network")), lambda name: name == "default"),
            rules=0 if on(rule, "disabled") else 1,
        )  # fmt: skip


class Policies:
    """Firewall policies: many rules each."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of firewall policies of any reach."""
        return session.assets(POLICY)

    def describe(self, session: GcpSession, item: Item) -> Firewall:
        """The asset tells all."""
        policy = data(item)
        rules = policy.get("rules")
        return Firewall(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="firewall policy",
            name=text(policy, "shortName") or text(policy, "name"), tags=labels(policy), managed_by="customer",
            created=instant(policy, "creationTimestamp"), default=False, rules=len(rules) if isinstance(rules, list) else None,
            open_to_world=opened_by_some(rules),
        )  # fmt: skip


_policies = {
    "sees": Firewall, "kinds": ("firewall policy",), "learns": ("open_to_world", "default", "rules"), "grants": GRANTS
}  # fmt: skip
FirewallPolicies = collector("gcp.firewall_policies", where="account", **_policies)(Policies)  # type: ignore[arg-type]
"""Of the project's networks."""
HierarchicalFirewalls = collector("gcp.hierarchical_firewalls", where="organization", **_policies)(Policies)  # type: ignore[arg-type]
"""Of the organisation and its folders."""


def opened(rule: Mapping[str, Any]) -> tuple[PortRange, ...] | None:
    """Port ranges that a rule opens to every address; without any source, Google means every one."""
    if text(rule, "direction") == "EGRESS" or on(rule, "disabled") or "denied" in rule:
        return ()
    if not isinstance(rule.get("allowed"), list):
        return None
    sources = texts(rule, "sourceRanges")
    narrowed = texts(rule, "sourceTags") or texts(rule, "sourceServiceAccounts")
    try:
        if not (world(sources) if sources else not narrowed):
            return ()
        found = {
            ports
            for allowed in rule["allowed"]
            for ports in ranged(text(allowed, "IPProtocol"), texts(allowed, "ports"))
        }
    except ValueError:
        return None
    return tuple(sorted(found))


def opened_by_some(rules: Any) -> tuple[PortRange, ...] | None:
    """The same of all rules of a policy; `None` where one cannot be read."""
    if not isinstance(rules, list):
        return None
    try:
        return tuple(sorted({ports for rule in rules for ports in opened_by(rule)}))
    except ValueError:
        return None


def opened_by(rule: Any) -> Iterable[PortRange]:
    """The same of one rule of a policy. Raises `ValueError` for one that cannot be read."""
    allows = ALLOWS.get(text(rule, "action") or "")
    if allows is None:
        raise ValueError("no action that is known")
    if not allows or text(rule, "direction") == "EGRESS" or on(rule, "disabled"):
        return
    sources = texts(rule, "match", "srcIpRanges")
    narrowed = any(at(rule, "match", key) for key in NARROWING)
    if world(sources) if sources else not narrowed:
        layers = parts(rule, "match", "layer4Configs")
        if not layers:
            raise ValueError("a rule without protocols")
        for layer in layers:
            yield from ranged(text(layer, "ipProtocol"), texts(layer, "ports"))


def ranged(protocol: str | None, ports: tuple[str, ...]) -> Iterable[PortRange]:
    """The ports of one entry; none for protocols that have none, such as ICMP. Raises `ValueError` for what is neither."""
    if protocol is None or protocol == "all":
        yield EVERYTHING
    elif (known := PROTOCOLS.get(protocol.lower())) is not None:
        for span in ports or ("0-65535",):
            first, _, end = span.partition("-")
            yield PortRange(protocol=known, first=int(first), last=int(end or first))
    elif protocol.lower() not in PORTLESS and not protocol.isdecimal():
        raise ValueError("no protocol that is known")
