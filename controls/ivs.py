"""Infrastructure security (I&S in CCM 4.1, IVS in 4.0), networks: what the Internet can reach, and whether traffic leaves a trace."""

from collectors.environments import PRODUCTION
from collectors.resource import Firewall, Network
from collectors.serving import Endpoint
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
SEGMENTED = "how tenants, applications and environments are kept apart inside of it, and whether anybody tests that"


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
    reached = {port for each in firewall.open_to_world for port in PORTS if each.first <= port <= each.last}
    if reached:
        return failed(f"open to any address: {', '.join(f'{port} ({PORTS[port]})' for port in sorted(reached))}")
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


@check(
    part(
        "CCM:4.1:I&S-05",
        "what is no machine, machines that do not name their environment, environments that are kept apart or mixed by other means than "
        "networks, and ways between networks",
    ),
    judges=Network,
    kinds=("network", "vpc"),
    severity="medium",
    remediation=(
        "AWS: move the machines that are not of production to a VPC, better an account, of their own. "
        "Google Cloud: move the instances that are not of production to a network, better a project, of their own. "
        "Azure: move the machines that are not of production to a virtual network, better a subscription, of their own."
    ),
)
def networks_hold_one_environment(network: Network) -> Verdict:
    """No network holds production beside another environment.

    What is tried out fails, and is guarded less; in one network with production it fails there. The check reads which environments the
    machines in each network name by their tags or labels, and fails where production stands beside another one. It does not see machines
    without such a tag, or whether a way leads from one network to another.
    """
    if network.environments is None:
        return unknown("not learned which environments are in it")
    if not network.environments:
        return not_applicable("no machine in it names its environment")
    others = [one for one in network.environments if one != PRODUCTION]
    if others and PRODUCTION in network.environments:
        return failed(f"holds production beside {', '.join(others)}")
    return passed()


@check(
    part("CCM:4.1:I&S-06", f"networks that somebody made; {SEGMENTED}"),
    judges=Network,
    kinds=("network", "vpc"),
    severity="medium",
    remediation=(
        "AWS: move what uses the default VPC to one that was designed, then delete the default one (ec2:DeleteVpc). "
        "Google Cloud: move what uses the network default to one that was designed, and delete it; keep new projects from getting one "
        "(compute.skipDefaultNetworkCreation). "
        "Azure: there is no default network; machines without one of their own must be given one."
    ),
)
def networks_are_designed(network: Network) -> Verdict:
    """Nothing runs in a default network.

    A default network is flat and opens outwards, the same for everybody; who lands in it chose nothing. The check reads whether a network
    is the one that the provider makes by itself, and whether anything is attached to it. It does not see how a designed one is divided.
    """
    if network.default is False:
        return passed("not a default network")
    if network.in_use is False:
        return passed("nothing is attached to it")
    if network.default is None or network.in_use is None:
        return unknown("not learned whether it is a default one, or in use")
    return failed("a default network, and in use")


@check(
    part("CCM:4.1:I&S-06", f"addresses that are given on purpose; {SEGMENTED}"),
    judges=Network,
    kinds=("subnet",),
    severity="medium",
    remediation=(
        "AWS: switch off MapPublicIpOnLaunch of the subnet (ec2:ModifySubnetAttribute). "
        "Google Cloud: enforce the organisation policy compute.vmExternalIpAccess on the project or above. "
        "Azure: make the subnet a private one (defaultOutboundAccess false)."
    ),
)
def subnets_give_no_public_addresses(network: Network) -> Verdict:
    """Nothing gets a public address without asking for it.

    Whoever starts a machine in a hurry should get a private one. The check reads whether what starts in a subnet is given a public
    address by itself. It does not see addresses that are asked for: `machines_have_no_public_address` judges those.
    """
    if network.gives_public_addresses is None:
        return unknown("not learned whether it gives public addresses")
    return holds(not network.gives_public_addresses, "what starts in it gets a public address")


@check(
    part("CCM:4.1:I&S-09", "protection, and whether anybody looks for bad names in the records and answers"),
    judges=Network,
    kinds=("network", "vpc"),
    severity="low",
    remediation=(
        "AWS: associate a query logging configuration of Route 53 Resolver with the VPC. "
        "Google Cloud: attach a DNS server policy with logging switched on to the network. "
        "Azure: give the network a DNS security policy with a diagnostic setting that keeps its logs."
    ),
)
def names_are_logged(network: Network) -> Verdict:
    """Networks record which names are looked up from them.

    Malware calls home by name, and data can leave inside look-ups. The check reads whether look-ups of names from each network are
    recorded. It does not see look-ups that go to servers elsewhere, or whether anybody reads the records.
    """
    return holds(network.names_logged, "look-ups of names are not recorded")


@check(
    part("CCM:4.1:I&S-09", "what its rules let through, every other layer, and how an attack is answered"),
    part(
        "CCM:4.1:AIS-02", "every other part of a baseline, and whether a baseline is written down for this application"
    ),
    judges=Endpoint,
    severity="medium",
    remediation=(
        "AWS: associate a web ACL of AWS WAF with the load balancer, distribution or API stage. "
        "Google Cloud: attach a Cloud Armor security policy to the backend service. "
        "Azure: attach a web application firewall policy to the application gateway or Front Door."
    ),
)
def public_endpoints_are_filtered(endpoint: Endpoint) -> Verdict:
    """A web application firewall stands before each public endpoint.

    Attacks on known holes of web applications arrive before the patch does. The check reads whether each load balancer, content delivery
    and API that the Internet reaches has a web application firewall before it. It does not see the firewall's rules, or whether they
    block or only count.
    """
    if endpoint.public is False:
        return not_applicable("not public")
    if endpoint.public is None or endpoint.filtered is None:
        return unknown("not learned whether it is public, or filtered")
    return holds(endpoint.filtered, "public, without a web application firewall")
