"""Who can sign in, and how well that is guarded."""

from collectors.resource import FAR
from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, inherited, key, switch

TABLE = {
    "root_user_needs_mfa": switch("root_mfa", True, "no second factor"),
    "root_user_has_no_keys": switch("root_keys", False, "access keys"),
    "passwords_are_long": [
        ({"password_length": 14}, PASSED, ""),
        ({"password_length": 13}, FAILED, "13 characters are enough; at least 14"),
        ({"password_length": 0}, FAILED, "no password policy"),
        ({}, UNKNOWN, "not learned"),
        ({"password_length": 0, "managed_by": "provider"}, APART, "inherited"),
    ],
    "users_need_mfa": [
        ({"console": True, "mfa": True}, PASSED, ""),
        ({"console": True, "mfa": False}, FAILED, "password alone"),
        ({"console": True}, UNKNOWN, "not learned"),
        ({"mfa": False}, UNKNOWN, "not learned"),
        ({"console": False}, APART, "no password"),
        ({"console": False, "mfa": False}, APART, "no password"),
    ],
    "access_keys_are_young": [
        ({"keys": (key(days=89),)}, PASSED, ""),
        ({"keys": (key(days=89), key(active=False, days=900))}, PASSED, ""),
        ({"keys": (key(days=90),)}, FAILED, "active key of 2025-12-31: 90 days old or more"),
        ({"keys": (key(days=120), key())}, FAILED, "2025-12-01"),
        ({"keys": (key(days=120), key(days=150))}, FAILED, "2025-11-01, 2025-12-01"),
        ({"keys": (key(), key(days=120))}, FAILED, "2025-12-01"),
        ({"keys": (key(days=5), key())}, UNKNOWN, "age of an active key"),
        ({"keys": (key(),)}, UNKNOWN, "age of an active key"),
        ({}, UNKNOWN, "access keys not learned"),
        ({"keys": ()}, APART, "no active access key"),
        ({"keys": (key(active=False),)}, APART, "no active access key"),
    ],
    "dormant_identities_are_disabled": [
        ({"console": True, "keys": (), "last_active": ago(days=89)}, PASSED, ""),
        ({"console": False, "keys": (key(active=False),)}, PASSED, "cannot sign in"),
        ({"last_active": ago(days=3)}, PASSED, ""),
        ({"console": True, "never_active": True, "created": ago(days=10)}, PASSED, ""),
        ({"console": True, "last_active": ago(days=90)}, FAILED, "not used since 2025-12-31"),
        ({"keys": (key(),), "last_active": ago(days=200)}, FAILED, "can sign in"),
        ({"console": True, "never_active": True, "created": ago(days=100)}, FAILED, "never used since 2025-12-21"),
        ({"console": True, "keys": ()}, UNKNOWN, "last use"),
        ({"console": True, "never_active": True}, UNKNOWN, "last use"),
        ({"console": True, "never_active": False, "created": ago(days=900)}, UNKNOWN, "last use"),
        ({"console": False, "last_active": ago(days=200)}, UNKNOWN, "whether it can sign in"),
        ({"keys": (), "last_active": ago(days=200)}, UNKNOWN, "whether it can sign in"),
        ({"console": True, "last_active": ago(days=200), "managed_by": "provider"}, APART, "inherited"),
    ],
    "passwords_are_not_reused": [
        ({"password_reuse_prevented": 24}, PASSED, ""),
        ({"password_reuse_prevented": 23}, FAILED, "23 earlier passwords are refused; at least 24"),
        ({"password_reuse_prevented": 0}, FAILED, "0 earlier passwords"),
        ({}, UNKNOWN, "policy not learned"),
        ({"kind": "project", "password_reuse_prevented": 0}, APART, "only"),
    ],
    "secrets_rotate": [
        ({"rotated": ago(days=364)}, PASSED, ""),
        ({"rotated": ago(days=365)}, FAILED, "last changed on 2025-03-31; at most 365 days may pass"),
        ({"created": ago(days=9)}, UNKNOWN, "not learned when it was last changed"),
        inherited({"rotated": ago(days=365)}),
    ],
    "secrets_do_not_live_for_ever": [
        ({"renews": True, "expires": FAR}, PASSED, "changed on a schedule"),
        ({"renews": True}, PASSED, "changed on a schedule"),
        ({"renews": False, "expires": ahead(days=1)}, PASSED, "it ends"),
        ({"expires": ago(days=1)}, PASSED, "it ends"),
        ({"renews": False, "expires": FAR}, FAILED, "neither schedule nor end"),
        ({"renews": False}, UNKNOWN, "not learned"),
        ({"expires": FAR}, UNKNOWN, "not learned"),
        ({}, UNKNOWN, "not learned"),
        inherited({"renews": False, "expires": FAR}),
    ],
    "secrets_are_not_open": switch("open_policy", False, "anybody may read"),
    "machines_log_in_centrally": switch("central_login", True, "lie on it", "machine", "function"),
    "clusters_give_workloads_identities": switch("workload_identity", True, "identity of their node"),
}  # fmt: skip
TIMES = [
    ("secrets_rotate", {"rotated": ago(days=300)}, ahead(days=65)),
    ("access_keys_are_young", {"keys": (key(days=80), key(days=60))}, ahead(days=10)),
    ("access_keys_are_young", {"keys": (key(days=80), key())}, ahead(days=10)),
    ("access_keys_are_young", {"keys": (key(days=100), key(days=60))}, ahead(days=30)),
    ("access_keys_are_young", {"keys": (key(days=100), key(days=95))}, None),
    ("dormant_identities_are_disabled", {"console": True, "last_active": ago(days=80)}, ahead(days=10)),
    ("dormant_identities_are_disabled", {"console": False, "keys": ()}, None),
]
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("passwords_are_not_reused", {"password_reuse_prevented": 10}, {"min_kept": 5}, PASSED),
    ("secrets_rotate", {"rotated": ago(days=100)}, {"max_age_days": 90}, FAILED),
    ("passwords_are_long", {"password_length": 8}, {"min_length": 8}, PASSED),
    ("access_keys_are_young", {"keys": (key(days=120),)}, {"max_age_days": 180}, PASSED),
    ("dormant_identities_are_disabled", {"console": True, "last_active": ago(days=50)}, {"max_idle_days": 45}, FAILED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
