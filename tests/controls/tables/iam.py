"""Who can sign in, and how well that is guarded."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, key, switch

TABLE = {
    "key_policies_name_their_users": switch("open_policy", False, "anybody may use it"),
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
    "no_full_administrators": switch("administrator", False, "every action on every resource"),
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
}  # fmt: skip
TIMES = [
    ("access_keys_are_young", {"keys": (key(days=80), key(days=60))}, ahead(days=10)),
    ("access_keys_are_young", {"keys": (key(days=80), key())}, ahead(days=10)),
    ("access_keys_are_young", {"keys": (key(days=100), key(days=60))}, ahead(days=30)),
    ("access_keys_are_young", {"keys": (key(days=100), key(days=95))}, None),
    ("dormant_identities_are_disabled", {"console": True, "last_active": ago(days=80)}, ahead(days=10)),
    ("dormant_identities_are_disabled", {"console": False, "keys": ()}, None),
]
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("passwords_are_long", {"password_length": 8}, {"min_length": 8}, PASSED),
    ("access_keys_are_young", {"keys": (key(days=120),)}, {"max_age_days": 180}, PASSED),
    ("dormant_identities_are_disabled", {"console": True, "last_active": ago(days=50)}, {"max_idle_days": 45}, FAILED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
