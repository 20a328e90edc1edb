"""Infrastructure security (I&S in CCM 4.1, IVS in 4.0): what the Internet can reach, and whether traffic leaves a trace."""

from collectors.resource import Firewall, Network
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, not_applicable, passed, unknown

PORTS = {
    22: "SSH", 23: "Telnet", 135: "RPC", 445: "SMB", 1433: "SQL Server", 1521: "Oracle", 2375: "Docker", 3306: "MySQL", 3389: "RDP",
    5432: "PostgreSQL", 5439: "Redshift", 5985: "WinRM", 5986: "WinRM", 6379: "Redis", 9042: "Cassandra", 9200: "OpenSearch",
    11211: "Memcached", 27017: "MongoDB",
}  # fmt: skip
"""Ports through which machines and databases are administered, with what answers there."""
JUSTIFIED = (
    "encryption and authentication of connections, and the documented justification and review of what is allowed"
)


@check(
    part("CCM:4.1:I&S-03", f"other ports, narrower sources, traffic between our own environments; {JUSTIFIED}"),
    part("CCM:4.1:I&S-09", "every other layer of defence, detection and response"),
    judges=Firewall,
    severity="critical",
    remediation=(
        "AWS: remove the rule that allows 0.0.0.0/0 or ::/0, and administer through a session manager, a VPN or named source addresses "
        "(ec2:RevokeSecurityGroupIngress). "
        "Google Cloud: narrow the rule's source ranges, and administer through Identity-Aware Proxy's TCP forwarding. "
        "Azure: remove the rule that allows the source * or Internet, and administer through Bastion, a VPN or named source addresses."
    ),
)
def administration_ports_are_closed(firewall: Firewall) -> Verdict:
    """No port of administration or of a database is open to any address.

    Open administration ports are tried within minutes. The check looks in each firewall's rules for the ports of remote
    administration and of databases that any address may reach. It judges the rules, attached to something or not; it does not see
    what listens behind them, other filters on the way, or wide ranges that fall short of any address.
    """
    if firewall.open_to_world is None:
        return unknown("rules not learned")
    if any(each.protocol == "any" for each in firewall.open_to_world):
        return failed("every port is open to any address")
    reached = [port for port in PORTS if any(each.first <= port <= each.last for each in firewall.open_to_world)]
    if reached:
        return failed(f"open to any address: {', '.join(f'{port} ({PORTS[port]})' for port in reached)}")
    return passed()


@check(
    part("CCM:4.1:I&S-03", f"every other firewall; {JUSTIFIED}"),
    judges=Firewall,
    severity="low",
    remediation=(
        "AWS: move what uses the default security group to one of its own, then remove all rules of the default one. "
        "Google Cloud: delete or disable the default-allow rules, or the default network with them."
    ),
)
def default_firewalls_are_empty(firewall: Firewall) -> Verdict:
    """Default firewalls let nothing through.

    What is attached because nobody chose must not connect things that nobody meant to connect. The check counts the rules of each
    firewall that the provider attaches by default. It does not see whether anything is attached to it.
    """
    if firewall.default is False:
        return not_applicable("not a default firewall")
    if firewall.default is None or firewall.rules is None:
        return unknown("not learned whether it is a default one, or its rules")
    return failed(f"has {firewall.rules} rules; none are wanted") if firewall.rules else passed()


@check(
    part("CCM:4.1:I&S-03", f"what flows, and whether anybody watches it; {JUSTIFIED}"),
    part("CCM:4.1:I&S-09", "protection, and whether attacks are recognised in the records and answered in time"),
    judges=Network,
    severity="medium",
    remediation=(
        "AWS: create a flow log for the VPC (ec2:CreateFlowLogs) with a destination that is kept. "
        "Google Cloud: switch on VPC flow logs of the subnet. "
        "Azure: create a flow log for the virtual network with a destination that is kept."
    ),
)
def network_flows_are_logged(network: Network) -> Verdict:
    """Networks record the traffic that flows through them.

    Flow records tell where an intruder came from and went. The check reads whether the provider writes flow logs for each network
    as a whole. It does not see logs of single subnets or interfaces, how long records are kept, or whether anybody reads them.
    """
    return holds(network.flow_logged, "no flow log")
