"""What keeps data from being read by everybody, and for longer than it is needed."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, inherited, switch

TABLE = {
    "data_stores_are_not_public": [
        *switch("public", False, "open to everybody"),
        ({"kind": "volume", "public": True}, APART, "speaks of object store"),
        *(({"kind": kind, "public": True}, FAILED, "open") for kind in (
            "database", "image", "dataset", "warehouse", "search index", "file share", "cache", "queue", "topic", "stream",
        )),
    ],
    "account_blocks_public_data": switch("public_data_blocked", True, "no complete account-wide block"),
    "data_is_not_shared_with_strangers": [
        ({"foreign_access": ()}, PASSED, ""),
        ({"foreign_access": ("777788889999", "444455556666")}, FAILED, "shared with 444455556666, 777788889999"),
        ({"kind": "snapshot", "foreign_access": ("444455556666",)}, FAILED, "shared with 444455556666"),
        *(({"kind": kind, "foreign_access": ("444455556666",)}, FAILED, "shared") for kind in (
            "image", "database snapshot", "table", "search index", "queue", "topic", "stream",
        )),
        ({}, UNKNOWN, "with whom"),
        ({"kind": "database", "foreign_access": ("444455556666",)}, APART, "only"),
    ],
    "databases_are_private": [
        *switch("private_only", True, "outside of private networks", "database", "object store"),
        *(({"kind": kind, "private_only": False}, FAILED, "outside") for kind in ("warehouse", "search index")),
    ],
    "sensitive_data_is_looked_for": switch("enabled", True, "nothing looks", "data discovery", "threat detection"),
    "data_is_deleted_in_time": switch("content_expires", True, "without end", "object store", "database"),
    "logs_are_deleted_in_time": [
        ({"retention_days": 1}, PASSED, ""),
        ({"retention_days": 3650}, PASSED, ""),
        ({"retention_days": 0}, FAILED, "without end"),
        ({}, UNKNOWN, "retention not learned"),
        inherited({"retention_days": 0}),
    ],
    "data_stays_in_chosen_regions": switch("regions_limited", True, "in every region"),
}  # fmt: skip
