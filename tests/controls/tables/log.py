"""Records: whether what happens is recorded, and arrives."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, switch

TABLE = {
    "data_access_is_logged": [
        *switch("access_logged", True, "no access log"),
        *(({"kind": kind, "access_logged": False}, FAILED, "no access log") for kind in ("warehouse", "search index")),
        ({"kind": "snapshot", "access_logged": False}, APART, "object store, warehouse, search index only"),
    ],
    "activity_is_logged_everywhere": switch("activity_logged", True, "no trail that is logging"),
    "audit_logs_arrive": [
        ({"logging": True, "delivery_failing": False, "delivered": ago(hours=1)}, PASSED, ""),
        ({"logging": True, "delivery_failing": False, "delivered": ago(hours=24)}, FAILED, "since 2026-03-30 06:00 UTC; at most 24 hours"),
        ({"delivered": ago(days=9)}, FAILED, "nothing delivered since"),
        ({"logging": False}, FAILED, "not logging"),
        ({"delivery_failing": True}, FAILED, "delivery failed"),
        ({"logging": True, "delivery_failing": False}, UNKNOWN, "delivery not learned"),
        ({"logging": True, "delivered": ago(hours=1)}, UNKNOWN, "delivery not learned"),
        ({"delivery_failing": False, "delivered": ago(hours=1)}, UNKNOWN, "delivery not learned"),
        ({"logging": False, "managed_by": "provider"}, APART, "inherited"),
    ],
    "endpoints_log_access": switch("access_logged", True, "no access log"),
    "workloads_are_logged": [
        *switch("logged", True, "nothing that it writes", "function", "machine"),
        *(({"kind": kind, "logged": False}, FAILED, "nothing") for kind in ("container service", "web app")),
    ],
    "clusters_log_their_audit": switch("audit_logged", True, "not kept"),
}  # fmt: skip
TIMES = [
    ("audit_logs_arrive", {"logging": True, "delivery_failing": False, "delivered": ago(hours=3)}, ahead(hours=21)),
    ("audit_logs_arrive", {"logging": True, "delivered": ago(hours=3)}, ahead(hours=21)),
    ("audit_logs_arrive", {"logging": False, "delivered": ago(hours=3)}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("audit_logs_arrive", {"logging": True, "delivery_failing": False, "delivered": ago(hours=3)}, {"max_silence_hours": 2}, FAILED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
