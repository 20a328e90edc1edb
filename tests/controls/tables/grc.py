"""Exemptions from policy come to an end."""

from collectors.resource import FAR
from tests.controls.rows import APART, FAILED, NOW, PASSED, UNKNOWN, ago, ahead, inherited

TABLE = {
    "exemptions_end": [
        ({"ends": ahead(days=1)}, PASSED, ""),
        ({"ends": ahead(days=366)}, PASSED, ""),
        ({"ends": ahead(days=367)}, FAILED, "ends on 2027-04-02, in more than 366 days"),
        ({"ends": FAR}, FAILED, "has no end"),
        ({"ends": NOW}, APART, "ended on 2026-03-31"),
        ({"ends": ago(days=1)}, APART, "ended on 2026-03-30"),
        ({}, UNKNOWN, "not learned when it ends"),
        inherited({"ends": FAR}),
    ],
}
TIMES = [
    ("exemptions_end", {"ends": ahead(days=9)}, ahead(days=9)),
    ("exemptions_end", {"ends": ahead(days=400)}, ahead(days=34)),
    ("exemptions_end", {"ends": FAR}, None),
    ("exemptions_end", {"ends": ago(days=1)}, None),
]
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("exemptions_end", {"ends": ahead(days=100)}, {"max_days": 99}, FAILED),
    ("exemptions_end", {"ends": ahead(days=500)}, {"max_days": 500}, PASSED),
]
"""Check, facts, parameters (all that it has), the outcome under them."""
