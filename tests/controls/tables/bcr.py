"""What can be brought back, and what survives a failure."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, inherited, switch

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
        *(({"kind": kind, "backup_days": 0}, FAILED, "no automatic backups") for kind in ("table", "warehouse")),
        ({"kind": "volume", "backup_days": 0}, APART, "database, table, warehouse only"),
    ],
    "databases_survive_a_zone": [
        *switch("multi_zone", True, "one zone"),
        *(({"kind": kind, "multi_zone": False}, FAILED, "one zone") for kind in ("warehouse", "search index")),
        ({"kind": "object store", "multi_zone": False}, APART, "database, warehouse, search index only"),
    ],
    "databases_can_be_brought_back": [
        ({"last_backup": ago(hours=47)}, PASSED, ""),
        ({"last_backup": ago(hours=1), "never_backed_up": False}, PASSED, ""),
        ({"last_backup": ago(hours=48)}, FAILED, "last backed up on 2026-03-29; at most 48 hours may pass"),
        ({"never_backed_up": True}, FAILED, "never backed up"),
        ({"never_backed_up": False}, UNKNOWN, "not learned when it was last backed up"),
        ({}, UNKNOWN, "not learned when"),
        *(({"kind": kind, "never_backed_up": True}, FAILED, "never backed up") for kind in ("table", "warehouse")),
        ({"kind": "volume", "never_backed_up": True}, APART, "only"),
    ],
    "files_are_backed_up": [
        ({"last_backup": ago(days=6)}, PASSED, ""),
        ({"last_backup": ago(days=7)}, FAILED, "at most 7 days may pass"),
        ({"kind": "file server", "never_backed_up": True}, FAILED, "never backed up"),
        ({"never_backed_up": False}, UNKNOWN, "not learned when"),
        ({}, UNKNOWN, "not learned when"),
        ({"kind": "database", "never_backed_up": True}, APART, "file share, file server only"),
    ],
    "machines_are_backed_up": [
        ({"last_backup": ago(days=6)}, PASSED, ""),
        ({"last_backup": ago(days=7)}, FAILED, "last backed up on 2026-03-24; at most 7 days may pass"),
        ({"never_backed_up": True}, FAILED, "never backed up"),
        ({"never_backed_up": False}, UNKNOWN, "not learned when"),
        ({}, UNKNOWN, "not learned when"),
        ({"kind": "function", "never_backed_up": True}, APART, "only"),
    ],
    "endpoints_survive_a_zone": switch("multi_zone", True, "one zone", "load balancer", "api"),
    "machine_groups_survive_a_zone": switch("multi_zone", True, "one zone", "machine group", "machine"),
    "clusters_survive_a_zone": switch("multi_zone", True, "one zone"),
    "backups_are_locked": switch("locked", True, "before their time"),
    "backups_leave_their_region": switch("copied_elsewhere", True, "one region"),
    "restores_are_tested": [
        ({"last_restore": ago(days=179)}, PASSED, ""),
        ({"last_restore": ago(days=180)}, FAILED, "last restored from on 2025-10-02; at most 180 days may pass"),
        ({"never_restored": True}, FAILED, "never restored from"),
        ({"never_restored": False}, UNKNOWN, "not learned when"),
        ({}, UNKNOWN, "not learned when"),
        inherited({"never_restored": True}),
    ],
    "backups_succeed": switch("failing", False, "latest backups failed"),
}  # fmt: skip
MOVED = [
    ("databases_can_be_brought_back", {"last_backup": ago(hours=20)}, {"max_age_hours": 12}, FAILED),
    ("machines_are_backed_up", {"last_backup": ago(days=6)}, {"max_age_days": 1}, FAILED),
    ("files_are_backed_up", {"last_backup": ago(days=6)}, {"max_age_days": 1}, FAILED),
    ("restores_are_tested", {"last_restore": ago(days=200)}, {"max_age_days": 365}, PASSED),
    ("databases_are_backed_up", {"backup_days": 7}, {"min_days": 14}, FAILED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
TIMES = [
    ("databases_can_be_brought_back", {"last_backup": ago(hours=40)}, ahead(hours=8)),
    ("databases_can_be_brought_back", {"never_backed_up": True}, None),
    ("machines_are_backed_up", {"last_backup": ago(days=6)}, ahead(days=1)),
    ("files_are_backed_up", {"last_backup": ago(days=6)}, ahead(days=1)),
    ("restores_are_tested", {"last_restore": ago(days=179)}, ahead(days=1)),
    ("restores_are_tested", {"last_restore": ago(days=181)}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
