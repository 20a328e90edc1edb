"""Whether web application firewalls know the attacks of today, turn them away, and keep what they find."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, inherited, switch

TABLE = {
    "filter_rules_are_current": [
        ({"managed_rules": "current"}, PASSED, ""),
        ({"managed_rules": "outdated"}, FAILED, "outdated version"),
        ({"managed_rules": "none"}, APART, "no rule set of a vendor"),
        ({}, UNKNOWN, "not learned which"),
        inherited({"managed_rules": "outdated"}),
    ],
    "filters_turn_attacks_away": switch("blocking", True, "only count"),
    "filters_are_logged": switch("logged", True, "not kept"),
}
