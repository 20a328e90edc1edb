"""Networks: what the Internet can reach, and whether traffic leaves a trace."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ports, switch

TABLE = {
    "administration_ports_are_closed": [
        ({"open_to_world": ()}, PASSED, ""),
        ({"open_to_world": (ports(80), ports(443))}, PASSED, ""),
        ({"open_to_world": (ports(443), ports(22))}, FAILED, "open to any address: 22 (SSH)"),
        ({"open_to_world": (ports(3389, 5432),)}, FAILED, "3389 (RDP), 5432 (PostgreSQL)"),
        ({"open_to_world": (ports(27017, protocol="udp"),)}, FAILED, "27017 (MongoDB)"),
        ({"open_to_world": (ports(0, 0, protocol="any"),)}, FAILED, "every port"),
        ({}, UNKNOWN, "rules not learned"),
        ({"open_to_world": (ports(22),), "managed_by": "provider"}, APART, "inherited"),
    ],
    "default_firewalls_are_empty": [
        ({"default": True, "rules": 0}, PASSED, ""),
        ({"default": True, "rules": 2}, FAILED, "has 2 rules"),
        ({"default": True}, UNKNOWN, "not learned"),
        ({"rules": 0}, UNKNOWN, "not learned"),
        ({"default": False, "rules": 2}, APART, "not a default"),
    ],
    "network_flows_are_logged": switch("flow_logged", True, "no flow log"),
    "networks_hold_one_environment": [
        ({"environments": ("production",)}, PASSED, ""),
        ({"environments": ("staging",)}, PASSED, ""),
        ({"environments": ("development", "test")}, PASSED, ""),
        ({"environments": ("production", "test")}, FAILED, "production beside test"),
        ({"kind": "vpc", "environments": ("blue", "production", "test")}, FAILED, "production beside blue, test"),
        ({"environments": ()}, APART, "no machine in it names"),
        ({}, UNKNOWN, "not learned"),
        ({"kind": "subnet", "environments": ("production", "test")}, APART, "only"),
        ({"environments": ("production", "test"), "managed_by": "provider"}, APART, "inherited"),
    ],
    "networks_are_designed": [
        ({"default": False}, PASSED, "not a default network"),
        ({"default": True, "in_use": False}, PASSED, "nothing is attached"),
        ({"in_use": False}, PASSED, "nothing is attached"),
        ({"default": True, "in_use": True}, FAILED, "a default network, and in use"),
        ({"kind": "vpc", "default": True, "in_use": True}, FAILED, "a default network, and in use"),
        ({"default": True}, UNKNOWN, "not learned"),
        ({"in_use": True}, UNKNOWN, "not learned"),
        ({"kind": "subnet", "default": True, "in_use": True}, APART, "only"),
    ],
    "subnets_give_no_public_addresses": switch("gives_public_addresses", False, "gets a public address", "subnet", "network"),
    "names_are_logged": switch("names_logged", True, "not recorded", "network", "subnet"),
    "public_endpoints_are_filtered": [
        ({"public": True, "filtered": True}, PASSED, ""),
        ({"public": True, "filtered": False}, FAILED, "without a web application firewall"),
        ({"public": True}, UNKNOWN, "not learned"),
        ({"filtered": True}, UNKNOWN, "not learned"),
        ({"filtered": False}, UNKNOWN, "not learned"),
        ({"public": False, "filtered": False}, APART, "not public"),
        ({"public": False}, APART, "not public"),
    ],
}  # fmt: skip
