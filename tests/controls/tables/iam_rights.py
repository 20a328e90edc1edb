"""How much each may do, who else is let in, and whether anybody looks at it again."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, switch

TABLE = {
    "no_full_administrators": switch("administrator", False, "every action on every resource"),
    "rights_stay_within_services": [
        ({"wildcards": ()}, PASSED, ""),
        ({"wildcards": ("s3",)}, FAILED, "every resource of s3 is allowed"),
        ({"wildcards": ("kms", "s3")}, FAILED, "every resource of kms, s3 is"),
        ({"wildcards": ("*",)}, FAILED, "every resource of every service is"),
        ({}, UNKNOWN, "not learned"),
        ({"wildcards": ("s3",), "managed_by": "provider"}, APART, "inherited"),
    ],
    "privileged_planes_are_separated": [
        ({"administrator": False, "planes": ()}, PASSED, ""),
        ({"administrator": False, "planes": ("keys",)}, PASSED, ""),
        ({"administrator": False, "planes": ("data", "keys")}, FAILED, "data and keys together"),
        ({"planes": ("data", "keys", "logging")}, FAILED, "data and keys and logging"),
        ({"administrator": True}, FAILED, "everything"),
        ({"administrator": True, "planes": ()}, FAILED, "everything"),
        ({"planes": ("keys",)}, UNKNOWN, "not learned"),
        ({"administrator": False}, UNKNOWN, "not learned"),
        ({"administrator": True, "managed_by": "provider"}, APART, "inherited"),
    ],
    "foreign_trust_is_guarded": [
        ({"foreign_trust": ()}, PASSED, "trusts nobody"),
        ({"foreign_trust": ("444455556666",), "foreign_trust_guarded": True}, PASSED, ""),
        ({"foreign_trust": ("777788889999", "444455556666"), "foreign_trust_guarded": False}, FAILED, "444455556666, 777788889999"),
        ({"foreign_trust": ("*",), "foreign_trust_guarded": True}, FAILED, "anybody"),
        ({"foreign_trust": ("*",)}, FAILED, "anybody"),
        ({"foreign_trust": ("444455556666",)}, UNKNOWN, "not learned"),
        ({"foreign_trust_guarded": True}, UNKNOWN, "trust not learned"),
        ({"kind": "service account", "foreign_trust": ("*",)}, FAILED, "anybody"),
        ({"kind": "policy", "foreign_trust": ("*",)}, APART, "role, service account, principal only"),
    ],
    "key_policies_name_their_users": switch("open_policy", False, "anybody may use it"),
    "rights_come_through_groups": [
        *switch("granted_directly", False, "in its own name", "user", "role"),
        ({"kind": "principal", "granted_directly": True}, FAILED, "in its own name"),
    ],
    "unused_rights_are_removed": [
        ({"last_used": ago(days=179)}, PASSED, ""),
        ({"never_used": True, "created": ago(days=179)}, PASSED, ""),
        ({"last_used": ago(days=179), "created": ago(days=999)}, PASSED, ""),
        ({"last_used": ago(days=180)}, FAILED, "not used since 2025-10-02"),
        ({"never_used": True, "created": ago(days=180)}, FAILED, "never used since 2025-10-02"),
        ({"kind": "service account", "last_used": ago(days=999)}, FAILED, "not used since"),
        ({"kind": "service principal", "last_used": ago(days=999)}, FAILED, "not used since"),
        ({"never_used": True}, UNKNOWN, "last use"),
        ({"never_used": False, "created": ago(days=999)}, UNKNOWN, "last use"),
        ({"created": ago(days=999)}, UNKNOWN, "last use"),
        ({"kind": "policy", "last_used": ago(days=999)}, APART, "only"),
    ],
    "access_from_outside_is_analyzed": switch("enabled", True, "nothing looks", "access analysis", "threat detection"),
    "foreign_access_is_taken_up": [
        ({"first_seen": ago(days=29)}, PASSED, "not yet due"),
        ({"first_seen": ago(days=30)}, FAILED, "open since 2026-03-01; at most 30 days"),
        ({}, UNKNOWN, "not learned since when"),
        ({"kind": "threat", "first_seen": ago(days=30)}, APART, "only"),
    ],
    "workloads_are_not_administrators": [
        *switch("privileged", False, "as an administrator", "machine", "desktop"),
        *(({"kind": kind, "privileged": True}, FAILED, "as an") for kind in ("function", "container service", "web app")),
    ],
}  # fmt: skip
TIMES = [
    ("unused_rights_are_removed", {"last_used": ago(days=170)}, ahead(days=10)),
    ("unused_rights_are_removed", {"never_used": True, "created": ago(days=170)}, ahead(days=10)),
    ("unused_rights_are_removed", {"last_used": ago(days=190)}, None),
    ("foreign_access_is_taken_up", {"first_seen": ago(days=20)}, ahead(days=10)),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("unused_rights_are_removed", {"last_used": ago(days=170)}, {"max_idle_days": 90}, FAILED),
    ("foreign_access_is_taken_up", {"first_seen": ago(days=20)}, {"max_open_days": 14}, FAILED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
