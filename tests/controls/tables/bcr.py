"""What can be brought back, and what survives a failure."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, switch

TABLE = {
    "object_stores_keep_versions": [
        *switch("versioned", True, "not kept"),
        ({"kind": "volume", "versioned": False}, APART, "object store only"),
    ],
    "databases_are_backed_up": [
        ({"backup_days": 7}, PASSED, ""),
        ({"backup_days": 35}, PASSED, ""),
        ({"backup_days": 6}, FAILED, "kept 6 days; at least 7"),
        ({"backup_days": 0}, FAILED, "no automatic backups"),
        ({}, UNKNOWN, "retention not learned"),
        ({"kind": "volume", "backup_days": 0}, APART, "database only"),
    ],
    "databases_survive_a_zone": [
        *switch("multi_zone", True, "one zone"),
        ({"kind": "object store", "multi_zone": False}, APART, "database only"),
    ],
}  # fmt: skip
MOVED = [
    ("databases_are_backed_up", {"backup_days": 7}, {"min_days": 14}, FAILED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
