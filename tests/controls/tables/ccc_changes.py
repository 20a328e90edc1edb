"""Whether a change that failed goes back, and whether what runs is still what the code says."""

from tests.controls.rows import FAILED, PASSED, UNKNOWN, ago, ahead, inherited, switch

SEEN = {"kind": "stack", "drifted": False, "drift_checked": ago(days=3)}
TABLE = {
    "changes_roll_back": switch("rolls_back", True, "stays", "container service", "machine"),
    "machine_groups_roll_back": switch("rolls_back", True, "stays", "machine group", "container service"),
    "stacks_roll_back": switch("rolls_back", True, "half done", "stack", "nested stack"),
    "stacks_are_protected_from_deletion": switch("deletion_protected", True, "by one call", "stack", "nested stack"),
    "stacks_have_not_drifted": [
        (SEEN, PASSED, ""),
        ({**SEEN, "kind": "nested stack"}, PASSED, ""),
        ({**SEEN, "drifted": True}, FAILED, "differs from its code"),
        ({"drifted": True}, FAILED, "differs from its code"),
        ({**SEEN, "drifted": None}, UNKNOWN, "not learned whether"),
        ({**SEEN, "drift_checked": ago(days=30)}, FAILED, "last compared on 2026-03-01; at most 30 days may pass"),
        ({**SEEN, "drifted": None, "drift_checked": ago(days=30)}, FAILED, "last compared"),
        ({"never_checked": True}, FAILED, "never compared"),
        ({"drifted": False, "never_checked": False}, UNKNOWN, "not learned when"),
        ({}, UNKNOWN, "not learned when"),
        inherited({"drifted": True}),
    ],
}  # fmt: skip
TIMES = [
    ("stacks_have_not_drifted", SEEN, ahead(days=27)),
    ("stacks_have_not_drifted", {**SEEN, "drifted": True}, None),
]
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("stacks_have_not_drifted", SEEN, {"max_age_days": 2}, FAILED),
    ("stacks_have_not_drifted", {**SEEN, "drift_checked": ago(days=60)}, {"max_age_days": 61}, PASSED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
