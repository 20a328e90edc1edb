"""What any address may reach through a network security group, rule by rule."""

import pytest

from collectors.azure.firewalls import joined, open_to_world, without
from collectors.resource import PortRange


def rule(**said):
    return {
        "name": "one",
        "properties": {
            "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": "22", **said,
        },
    }  # fmt: skip


def tcp(first, last=None):
    return PortRange(protocol="tcp", first=first, last=last or first)


def udp(first, last=None):
    return PortRange(protocol="udp", first=first, last=last or first)


EVERYTHING = PortRange(protocol="any", first=0, last=65535)
HALVES = {"sourceAddressPrefix": None, "sourceAddressPrefixes": ["0.0.0.0/1", "128.0.0.0/1"]}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], ()),
        ([rule()], (tcp(22),)),
        ([rule(sourceAddressPrefix="Internet")], (tcp(22),)),
        ([rule(sourceAddressPrefix="0.0.0.0/0")], (tcp(22),)),
        ([rule(sourceAddressPrefix="::/0")], (tcp(22),)),
        ([rule(sourceAddressPrefix="Any")], (tcp(22),)),
        ([rule(**HALVES)], (tcp(22),)),
        ([rule(sourceAddressPrefix="0.0.0.0-255.255.255.255")], (tcp(22),)),
        ([rule(sourceAddressPrefix="10.0.0.0/8")], ()),
        ([rule(sourceAddressPrefix="203.0.113.7")], ()),
        ([rule(sourceAddressPrefix="VirtualNetwork")], ()),
        ([rule(sourceAddressPrefix="AzureLoadBalancer")], ()),
        ([rule(sourceAddressPrefix="AzureCloud.westeurope")], ()),
        ([rule(sourceAddressPrefix=None, sourceApplicationSecurityGroups=[{"id": "x"}])], ()),
        ([rule(direction="Outbound")], ()),
        ([rule(access="Deny")], ()),
        ([rule(protocol="Icmp")], ()),
        ([rule(protocol="Udp")], (udp(22),)),
        ([rule(protocol="*")], (tcp(22), udp(22))),
        ([rule(protocol="*", destinationPortRange="*")], (EVERYTHING,)),
        ([rule(destinationPortRange="*")], (tcp(0, 65535),)),
        ([rule(destinationPortRange=None, destinationPortRanges=["8080-8084", "8086"])], (tcp(8080, 8084), tcp(8086))),
        ([rule(destinationPortRange="20-30"), rule(destinationPortRange="31-40", priority=200)], (tcp(20, 40),)),
        # what is denied to everybody before stays denied; what is denied later, or to some, does not
        ([rule(access="Deny", priority=10), rule()], ()),
        ([rule(access="Deny", priority=4000), rule()], (tcp(22),)),
        ([rule(access="Deny", priority=10, sourceAddressPrefix="10.0.0.0/8"), rule()], (tcp(22),)),
        ([rule(access="Deny", priority=10, destinationAddressPrefix="10.0.0.4"), rule()], (tcp(22),)),
        ([rule(access="Deny", priority=10, protocol="Udp"), rule()], (tcp(22),)),
        ([rule(access="Deny", priority=10, protocol="*", destinationPortRange="*"), rule(protocol="*")], ()),
        ([rule(access="Deny", priority=10), rule(destinationPortRange="20-25")], (tcp(20, 21), tcp(23, 25))),
        ([rule(), rule(access="Deny", priority=10)], ()),
        ([rule(protocol="TCP", access="allow", direction="inbound")], (tcp(22),)),
    ],
)
def test_what_everybody_may_reach(rules, expected):
    assert open_to_world(rules) == expected


@pytest.mark.parametrize(
    "broken",
    [
        {"properties": None},
        {},
        rule(priority="first"),
        rule(access=None),
        rule(direction=None),
        rule(protocol=None),
        rule(destinationPortRange="ssh"),
        rule(destinationPortRange="22-"),
        rule(sourceAddressPrefix="300.1.2.3/8"),
        rule(sourceAddressPrefix=7),
        rule(sourceAddressPrefix="9.9.9.9-1.1.1.1"),
        rule(sourceAddressPrefix=None, sourceAddressPrefixes=[None]),
    ],
)
def test_a_rule_that_cannot_be_read_is_never_taken_for_a_closed_one(broken):
    if broken == rule(destinationPortRange="22-"):
        assert open_to_world([broken]) in {None, (tcp(22),)}
    else:
        assert open_to_world([rule(sourceAddressPrefix="10.0.0.0/8"), broken]) is None


def test_spans_are_cut_and_joined():
    assert without((0, 10), [(3, 4), (9, 20)]) == [(0, 2), (5, 8)]
    assert without((5, 6), [(0, 10)]) == []
    assert joined([(5, 6), (1, 2), (3, 4), (9, 9)]) == [(1, 6), (9, 9)]
