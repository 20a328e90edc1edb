"""Keeping: whether records can be trusted afterwards, stay long enough, and say no more than they should."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, inherited, switch

TABLE = {
    "audit_trails_are_validated": switch("validated", True, "would not be noticed"),
    "audit_trails_use_our_keys": [
        ({"key_held_by": "customer"}, PASSED, ""),
        ({"key_held_by": "provider"}, FAILED, "provider's key"),
        ({"key_held_by": "none"}, FAILED, "not encrypted"),
        ({}, UNKNOWN, "whose key"),
        ({"key_held_by": "none", "managed_by": "provider"}, APART, "inherited"),
    ],
    "logs_are_kept": [
        ({"retention_days": 365}, PASSED, ""),
        ({"retention_days": 0}, PASSED, "without end"),
        ({"retention_days": 364}, FAILED, "kept 364 days; at least 365"),
        ({"retention_days": 1}, FAILED, "kept 1 days"),
        ({}, UNKNOWN, "retention not learned"),
        inherited({"retention_days": 1}),
    ],
    "log_stores_are_locked": switch("locked", True, "can be shortened"),
    "secrets_in_logs_are_masked": switch("masked", True, "nothing in it is masked"),
    "audit_stores_are_not_public": switch("store_public", False, "open to everybody"),
    "audit_readers_are_recorded": switch("store_access_logged", True, "not recorded"),
    "audit_stores_are_locked": switch("store_locked", True, "before their time"),
}  # fmt: skip
MOVED = [
    ("logs_are_kept", {"retention_days": 90}, {"min_days": 90}, PASSED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
