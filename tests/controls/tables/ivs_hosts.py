"""Hosts: machines, groups of them and clusters, and the room that they have."""

from collectors.resource import FAR
from tests.controls.rows import FAILED, NOW, PASSED, UNKNOWN, ago, ahead, inherited, switch

TABLE = {
    "machines_have_no_public_address": [
        *switch("public_address", False, "address on the Internet", "machine", "function"),
        ({"kind": "machine template", "public_address": True}, FAILED, "address on the Internet"),
    ],
    "machine_metadata_is_guarded": [
        *switch("metadata_guarded", True, "forged requests", "machine", "function"),
        ({"kind": "machine template", "metadata_guarded": False}, FAILED, "forged requests"),
    ],
    "machines_verify_their_boot": switch("boot_verified", True, "unsigned", "machine", "desktop"),
    "machine_groups_can_grow": switch("grows", True, "cannot become larger", "machine group", "machine"),
    "quotas_have_room": [
        ({"limit": 100, "used": 80}, PASSED, ""),
        ({"limit": 0, "used": 0}, PASSED, "nothing of it"),
        ({"limit": 5, "used": 4}, PASSED, ""),
        ({"limit": 1000, "used": 801}, FAILED, "801 of 1000 are used; at most 80 percent"),
        ({"limit": 5, "used": 5}, FAILED, "5 of 5"),
        ({"limit": 0, "used": 1}, FAILED, "1 of 0"),
        ({"limit": 5}, UNKNOWN, "not learned"),
        ({"used": 5}, UNKNOWN, "not learned"),
        ({"used": 0}, UNKNOWN, "not learned"),
        inherited({"limit": 5, "used": 5}),
    ],
    "cluster_apis_are_not_open": switch("api_open", False, "from any address"),
    "cluster_nodes_are_private": switch("nodes_private", True, "public addresses"),
    "cluster_traffic_is_limited": switch("traffic_limited", True, "nothing enforces"),
    "clusters_run_supported_versions": [
        ({"version_ends": ahead(days=1)}, PASSED, ""),
        ({"version_ends": FAR}, PASSED, "no end"),
        ({"version_ends": NOW}, FAILED, "support of its version ends on 2026-03-31"),
        ({"version_ends": ago(days=100)}, FAILED, "2025-12-21"),
        ({}, UNKNOWN, "not learned when support of its version ends"),
        inherited({"version_ends": ago(days=1)}),
    ],
}  # fmt: skip
TIMES = [
    ("clusters_run_supported_versions", {"version_ends": ahead(days=1)}, ahead(days=1)),
    ("clusters_run_supported_versions", {"version_ends": FAR}, None),
    ("clusters_run_supported_versions", {"version_ends": ago(days=1)}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("quotas_have_room", {"limit": 100, "used": 51}, {"max_percent": 50}, FAILED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
