"""What looks for malware and holes, and whether they are mended in time."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, switch

ALLOWED = {"critical": 15, "high": 30, "medium": 90, "low": 180}
TABLE = {
    "malware_is_looked_for": switch("enabled", True, "no protection", "malware protection", "threat detection"),
    "machines_are_guarded_from_malware": switch("malware_guarded", True, "at work", "machine", "function"),
    "vulnerabilities_are_looked_for": switch("enabled", True, "nothing looks", "vulnerability scanning", "threat detection"),
    "vulnerability_scans_cover_all": [
        ({"enabled": True, "coverable": 100, "covered": 99}, PASSED, "as it should be"),
        ({"enabled": True, "coverable": 1, "covered": 1}, PASSED, "as it should be"),
        ({"enabled": True, "coverable": 0, "covered": 0}, PASSED, "nothing for it to look at"),
        ({"enabled": True, "coverable": 1000, "covered": 989}, FAILED, "looks at 989 of 1000; at least 99 percent"),
        ({"enabled": False}, FAILED, "nothing looks"),
        ({"enabled": False, "coverable": 0, "covered": 0}, FAILED, "nothing looks"),
        ({"enabled": True, "coverable": 100}, UNKNOWN, "not learned"),
        ({"enabled": True, "covered": 100}, UNKNOWN, "not learned"),
        ({"coverable": 100, "covered": 100}, UNKNOWN, "not learned"),
        ({"kind": "threat detection", "enabled": False}, APART, "only"),
    ],
    "vulnerabilities_are_mended_in_time": [
        *(({"severity": word, "first_seen": ago(days=days, hours=-1)}, PASSED, "not yet due") for word, days in ALLOWED.items()),
        *(({"severity": word, "first_seen": ago(days=days)}, FAILED, f"{word}, open since") for word, days in ALLOWED.items()),
        ({"severity": "critical", "first_seen": ago(days=15)}, FAILED, "critical, open since 2026-03-16; at most 15 days"),
        ({"severity": "critical"}, UNKNOWN, "not learned since when"),
        ({"first_seen": ago(days=400)}, UNKNOWN, "severity not learned"),
        ({"kind": "threat", "severity": "critical", "first_seen": ago(days=400)}, APART, "only"),
    ],
    "vulnerabilities_are_reported": [
        ({"enabled": True, "reported": True}, PASSED, ""),
        ({"enabled": False}, FAILED, "nothing looks"),
        ({"enabled": True, "reported": False}, FAILED, "goes to nobody"),
        ({"reported": False}, FAILED, "goes to nobody"),
        ({"enabled": True}, UNKNOWN, "not learned"),
        ({"reported": True}, UNKNOWN, "not learned"),
        ({"kind": "threat detection", "enabled": False}, APART, "only"),
    ],
    "machines_are_patched": [
        ({"missing_patches": 0, "patches_assessed": ago(days=29)}, PASSED, ""),
        ({"missing_patches": 1, "patches_assessed": ago(days=1)}, FAILED, "lacks 1 security updates"),
        ({"missing_patches": 3}, FAILED, "lacks 3 security updates"),
        ({"missing_patches": 0, "patches_assessed": ago(days=30)}, FAILED, "last assessed on 2026-03-01; at most 30 days"),
        ({"missing_patches": 0}, UNKNOWN, "when it was last assessed"),
        ({"patches_assessed": ago(days=1)}, UNKNOWN, "missing updates"),
        ({"patches_assessed": ago(days=90)}, UNKNOWN, "missing updates"),
        ({"kind": "machine group", "missing_patches": 3}, APART, "only"),
    ],
}  # fmt: skip
TIMES = [
    *(
        ("vulnerabilities_are_mended_in_time", {"severity": word, "first_seen": ago(days=1)}, ahead(days=days - 1))
        for word, days in ALLOWED.items()
    ),
    ("vulnerabilities_are_mended_in_time", {"severity": "critical", "first_seen": ago(days=90)}, None),
    ("machines_are_patched", {"missing_patches": 0, "patches_assessed": ago(days=29)}, ahead(days=1)),
    ("machines_are_patched", {"missing_patches": 3, "patches_assessed": ago(days=29)}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("vulnerability_scans_cover_all", {"enabled": True, "coverable": 100, "covered": 79}, {"min_percent": 80}, FAILED),
    ("machines_are_patched", {"missing_patches": 0, "patches_assessed": ago(days=10)}, {"max_age_days": 7}, FAILED),
    *(
        (
            "vulnerabilities_are_mended_in_time",
            {"severity": word, "first_seen": ago(days=3)},
            {**{f"{each}_days": 999 for each in ALLOWED}, f"{word}_days": 2},
            FAILED,
        )
        for word in ALLOWED
    ),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
