"""Encryption, at rest and on its way, and under whose key."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, inherited, switch

STORES = (
    "table", "warehouse", "search index", "file share", "file server", "stream", "cache", "queue", "topic", "image", "dataset",
)  # fmt: skip
TABLE = {
    "data_is_encrypted_at_rest": [
        *switch("encrypted", True, "not encrypted"),
        *(({"kind": kind, "encrypted": False}, FAILED, "not encrypted") for kind in ("snapshot", "database", "database snapshot", *STORES)),
        ({"kind": "object store", "encrypted": True}, PASSED, ""),
        ({"kind": "archive", "encrypted": False}, APART, "speaks of volume, snapshot, image, database"),
    ],
    "object_stores_require_tls": [
        *switch("transport_encrypted", True, "without TLS"),
        ({"kind": "database", "transport_encrypted": False}, APART, "object store only"),
    ],
    "stores_refuse_plain_text": [
        *switch("transport_encrypted", True, "without TLS", "file share", "object store"),
        *(
            ({"kind": kind, "transport_encrypted": False}, FAILED, "without TLS")
            for kind in ("cache", "memory cache", "queue", "topic", "stream", "search index", "warehouse")
        ),
    ],
    "volumes_are_encrypted_by_default": switch("volumes_encrypted_by_default", True, "not encrypted by default"),
    "data_is_under_our_keys": [
        ({"key_held_by": "customer"}, PASSED, ""),
        ({"key_held_by": "provider"}, FAILED, "provider's key"),
        ({"key_held_by": "none"}, FAILED, "not encrypted"),
        ({}, UNKNOWN, "whose key"),
        ({"kind": "snapshot", "key_held_by": "none"}, APART, "only"),
        *(({"kind": kind, "key_held_by": "provider"}, FAILED, "provider's key") for kind in STORES[:6]),
        ({"kind": "queue", "key_held_by": "provider"}, APART, "only"),
        inherited({"key_held_by": "none"}),
    ],
    "endpoints_require_modern_tls": [
        ({"oldest_tls": "1.2"}, PASSED, ""),
        ({"oldest_tls": "1.3"}, PASSED, ""),
        ({"oldest_tls": "1.1"}, FAILED, "accepts TLS 1.1; at least 1.2"),
        ({"oldest_tls": "1.0"}, FAILED, "accepts TLS 1.0"),
        ({}, UNKNOWN, "which TLS"),
        ({"oldest_tls": "none"}, APART, "no TLS"),
    ],
    "endpoints_refuse_plain_text": switch("transport_encrypted", True, "plain connections"),
    "services_refuse_plain_text": [
        *switch("transport_encrypted", True, "plain connections", "web app", "machine"),
        *(({"kind": kind, "transport_encrypted": False}, FAILED, "plain") for kind in ("function", "container service")),
    ],
    "clusters_encrypt_secrets": switch("secrets_encrypted", True, "not encrypted under a key of our own"),
    "machine_disks_are_encrypted": switch("disks_encrypted", True, "a disk of it", "machine", "function"),
}  # fmt: skip
MOVED = [
    ("endpoints_require_modern_tls", {"oldest_tls": "1.2"}, {"min_minor": 3}, FAILED),
    ("endpoints_require_modern_tls", {"oldest_tls": "1.3"}, {"min_minor": 3}, PASSED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
