"""Keys and certificates over their lives."""

from collectors.resource import FAR
from tests.controls.rows import APART, FAILED, NOW, PASSED, UNKNOWN, ago, ahead, inherited, owned, switch

TABLE = {
    "keys_rotate": [
        ({"rotatable": True, "state": "enabled", "rotation_days": 365}, PASSED, ""),
        ({"rotatable": True, "state": "enabled", "rotation_days": 366}, FAILED, "every 366 days; at most 365"),
        ({"rotatable": True, "state": "enabled", "rotation_days": 0}, FAILED, "does not rotate"),
        ({"rotatable": True, "state": "enabled"}, UNKNOWN, "rotation not learned"),
        ({"rotatable": True, "rotation_days": 0}, UNKNOWN, "rotation not learned"),
        ({"state": "enabled", "rotation_days": 0}, UNKNOWN, "rotation not learned"),
        ({"rotatable": False}, APART, "cannot rotate"),
        ({"state": "disabled", "rotation_days": 0}, APART, "not in use: disabled"),
        ({"rotatable": True, "state": "pending deletion", "rotation_days": 0}, APART, "pending deletion"),
        ({"rotation_days": 0, "rotatable": True, "state": "enabled", "managed_by": "provider"}, APART, "inherited"),
    ],
    "keys_are_not_about_to_be_lost": [
        ({"state": "enabled"}, PASSED, ""),
        ({"state": "disabled"}, PASSED, ""),
        ({"state": "pending deletion"}, FAILED, "scheduled for destruction"),
        ({}, UNKNOWN, "state not learned"),
        ({"state": "pending deletion", "managed_by": "provider"}, APART, "inherited"),
    ],
    "keys_use_strong_algorithms": [
        *(({"algorithm": word}, PASSED, "") for word in (
            "AES-256", "AES-128", "RSA-2048", "RSA-4096-OAEP-SHA256", "EC-P256", "EC-P224", "EC-P256K", "ec-p384", "EC-secp256k1",
            "HMAC-224", "HMAC-256", "ED25519", "SM2", "ML-DSA-65", "ML-KEM-768", "SLH-DSA-SHA2-128S",
        )),
        *(({"algorithm": word}, FAILED, f"{word} is not known to be strong") for word in (
            "AES-112", "RSA-1024", "RSA-2047", "EC-P192", "EC-P223", "HMAC-223", "DES", "3DES-168", "RSA", "", "other", "XAES-256",
        )),
        ({}, UNKNOWN, "not learned"),
        inherited({"algorithm": "RSA-1024"}),
    ],
    "keys_are_made_in_hardware": switch("hardware_held", True, "not held in"),
    "expired_keys_are_disabled": [
        ({"state": "enabled", "expires": ahead(days=1)}, PASSED, ""),
        ({"state": "enabled", "expires": NOW}, FAILED, "its time ends on 2026-03-31"),
        ({"state": "enabled", "expires": ago(days=1)}, FAILED, "its time ends on 2026-03-30"),
        ({"state": "enabled"}, UNKNOWN, "not learned"),
        ({"expires": ago(days=1)}, UNKNOWN, "not learned"),
        ({"expires": ahead(days=1)}, UNKNOWN, "not learned"),
        ({"state": "disabled", "expires": ago(days=1)}, APART, "not in use: disabled"),
        ({"state": "enabled", "expires": FAR}, APART, "has no end"),
        ({"expires": FAR}, APART, "has no end"),
    ],
    "deleted_keys_can_be_recovered": [
        ({"recoverable_days": 7}, PASSED, ""),
        ({"recoverable_days": 90}, PASSED, ""),
        ({"recoverable_days": 6}, FAILED, "for 6 days; at least 7"),
        ({"recoverable_days": 0}, FAILED, "for 0 days"),
        ({}, UNKNOWN, "not learned"),
        inherited({"recoverable_days": 0}),
    ],
    "keys_serve_one_purpose": switch("single_purpose", True, "several purposes"),
    "keys_name_an_owner": owned("no tag names an owner"),
    "certificates_do_not_run_out": [
        ({"expires": ahead(days=31), "renews": False}, PASSED, ""),
        ({"expires": ahead(days=31)}, PASSED, ""),
        ({"expires": ahead(days=1), "renews": True}, PASSED, ""),
        ({"expires": FAR, "renews": False}, PASSED, "no end"),
        ({"expires": ahead(days=30), "renews": False}, FAILED, "its time ends on 2026-04-30"),
        ({"expires": NOW, "renews": True}, FAILED, "its time ends on 2026-03-31"),
        ({"expires": ago(days=9)}, FAILED, "its time ends on 2026-03-22"),
        ({"expires": ahead(days=9)}, UNKNOWN, "whether it renews"),
        ({"renews": True}, UNKNOWN, "not learned when"),
        ({"renews": False}, UNKNOWN, "not learned when"),
        inherited({"expires": ago(days=9)}),
    ],
    "certificates_use_strong_keys": [
        ({"algorithm": "RSA-2048"}, PASSED, ""),
        ({"algorithm": "EC-P256"}, PASSED, ""),
        ({"algorithm": "RSA-1024"}, FAILED, "RSA-1024 is not known"),
        ({}, UNKNOWN, "not learned"),
        inherited({"algorithm": "RSA-1024"}),
    ],
}  # fmt: skip
TIMES = [
    ("expired_keys_are_disabled", {"state": "enabled", "expires": ahead(days=1)}, ahead(days=1)),
    ("expired_keys_are_disabled", {"state": "enabled", "expires": NOW}, None),
    ("certificates_do_not_run_out", {"expires": ahead(days=31), "renews": False}, ahead(days=1)),
    ("certificates_do_not_run_out", {"expires": ahead(days=31)}, ahead(days=1)),
    ("certificates_do_not_run_out", {"expires": ahead(days=9), "renews": True}, ahead(days=9)),
    ("certificates_do_not_run_out", {"expires": ahead(days=9)}, ahead(days=9)),
    ("certificates_do_not_run_out", {"expires": FAR, "renews": True}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("keys_rotate", {"rotatable": True, "state": "enabled", "rotation_days": 100}, {"max_days": 90}, FAILED),
    ("keys_use_strong_algorithms", {"algorithm": "RSA-2048"}, {"min_rsa_bits": 3072}, FAILED),
    ("certificates_use_strong_keys", {"algorithm": "RSA-2048"}, {"min_rsa_bits": 3072}, FAILED),
    ("deleted_keys_can_be_recovered", {"recoverable_days": 7}, {"min_days": 30}, FAILED),
    ("certificates_do_not_run_out", {"expires": ahead(days=9), "renews": False}, {"min_days": 7}, PASSED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
