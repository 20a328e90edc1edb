"""What the directory's own policies demand of everybody."""

from tests.controls.rows import FAILED, PASSED, UNKNOWN, inherited, switch

TABLE = {
    "sign_ins_demand_a_second_factor": switch("mfa_demanded", True, "demands a second factor"),
    "legacy_sign_ins_are_refused": switch("legacy_sign_ins_refused", True, "stay open"),
    "global_administrators_are_few": [
        ({"administrators": 0}, PASSED, ""),
        ({"administrators": 4}, PASSED, ""),
        ({"administrators": 5}, FAILED, "5 hold its highest role all the time; at most 4 should"),
        ({}, UNKNOWN, "not learned who"),
        inherited({"administrators": 50}),
    ],
}
MOVED = [
    ("global_administrators_are_few", {"administrators": 4}, {"max_holders": 3}, FAILED),
    ("global_administrators_are_few", {"administrators": 9}, {"max_holders": 9}, PASSED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
