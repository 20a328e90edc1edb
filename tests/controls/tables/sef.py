"""Whether news of an incident reaches those who act on it."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, switch

ALLOWED = {"critical": 1, "high": 3, "medium": 14, "low": 30}
OPEN = {"in_progress": False}
TABLE = {
    "security_contact_is_registered": switch("security_contact", True, "no security contact"),
    "threats_are_taken_up": [
        *(({**OPEN, "severity": word, "first_seen": ago(days=days, hours=-1)}, PASSED, "not yet due") for word, days in ALLOWED.items()),
        *(({**OPEN, "severity": word, "first_seen": ago(days=days)}, FAILED, "taken up by nobody") for word, days in ALLOWED.items()),
        ({**OPEN, "severity": "high", "first_seen": ago(days=3)}, FAILED, "high, taken up by nobody since 2026-03-28; at most 3 days"),
        ({"severity": "critical", "first_seen": ago(days=90), "in_progress": True}, PASSED, "has taken it up"),
        ({"in_progress": True}, PASSED, "has taken it up"),
        ({"severity": "low", "first_seen": ago(days=9)}, PASSED, "not yet due"),
        ({"severity": "critical", "first_seen": ago(days=90)}, UNKNOWN, "whether somebody has taken it up"),
        ({"severity": "critical", "in_progress": False}, UNKNOWN, "not learned since when"),
        ({"first_seen": ago(days=90), "in_progress": False}, UNKNOWN, "severity not learned"),
        ({"kind": "vulnerability", "severity": "critical", "first_seen": ago(days=90), "in_progress": False}, APART, "only"),
    ],
}  # fmt: skip
TIMES = [
    *(
        ("threats_are_taken_up", {"severity": word, "first_seen": ago(hours=1), "in_progress": False}, ahead(days=days, hours=-1))
        for word, days in ALLOWED.items()
    ),
    ("threats_are_taken_up", {"severity": "low", "first_seen": ago(hours=1), "in_progress": True}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    *(
        (
            "threats_are_taken_up",
            {"severity": word, "first_seen": ago(days=3), "in_progress": False},
            {**{f"{each}_days": 999 for each in ALLOWED}, f"{word}_days": 2},
            FAILED,
        )
        for word in ALLOWED
    ),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
