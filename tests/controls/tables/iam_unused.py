"""Whether rights that nobody uses lie about."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead

TABLE = {
    "unused_access_is_taken_up": [
        ({"first_seen": ago(days=89)}, PASSED, "not yet due"),
        ({"first_seen": ago(days=90)}, FAILED, "open since 2025-12-31; at most 90 days"),
        ({}, UNKNOWN, "not learned since when"),
        ({"kind": "foreign access", "first_seen": ago(days=900)}, APART, "only"),
    ],
}
TIMES = [("unused_access_is_taken_up", {"first_seen": ago(days=80)}, ahead(days=10))]
"""Check, facts, until when the verdict holds."""
MOVED = [("unused_access_is_taken_up", {"first_seen": ago(days=80)}, {"max_open_days": 30}, FAILED)]
"""Check, facts, parameters (all that it has), the outcome under them."""
