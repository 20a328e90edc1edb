"""Alarms: which acts are told to somebody, and whether threats are looked for everywhere."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, inherited, switch

TABLE = {
    "trail_changes_raise_an_alarm": [
        ({"topics": ("audit trails",)}, PASSED, ""),
        ({"topics": ("identity", "audit trails")}, PASSED, ""),
        ({"topics": ("identity",)}, FAILED, "no alarm on audit trails"),
        ({"topics": ()}, FAILED, "no alarm on audit trails"),
        ({}, UNKNOWN, "alarms not learned"),
        inherited({"topics": ()}),
    ],
    "identity_changes_raise_an_alarm": [
        ({"topics": ("identity",)}, PASSED, ""),
        ({"topics": ("keys", "identity")}, PASSED, ""),
        ({"topics": ("keys",)}, FAILED, "no alarm on identity"),
        ({"topics": ()}, FAILED, "no alarm on identity"),
        ({}, UNKNOWN, "alarms not learned"),
        inherited({"topics": ()}),
    ],
    "key_changes_raise_an_alarm": [
        ({"topics": ("keys",)}, PASSED, ""),
        ({"topics": ("networks", "keys")}, PASSED, ""),
        ({"topics": ("networks",)}, FAILED, "no alarm on keys"),
        ({"topics": ()}, FAILED, "no alarm on keys"),
        ({}, UNKNOWN, "alarms not learned"),
        inherited({"topics": ()}),
    ],
    "network_changes_raise_an_alarm": [
        ({"topics": ("networks",)}, PASSED, ""),
        ({"topics": ("keys", "networks")}, PASSED, ""),
        ({"topics": ("keys",)}, FAILED, "no alarm on networks"),
        ({"topics": ()}, FAILED, "no alarm on networks"),
        ({}, UNKNOWN, "alarms not learned"),
        inherited({"topics": ()}),
    ],
    "root_use_raises_an_alarm": [
        ({"topics": ("root use",)}, PASSED, ""),
        ({"topics": ("sign-in", "root use")}, PASSED, ""),
        ({"topics": ("sign-in",)}, FAILED, "no alarm on root use"),
        ({"topics": ()}, FAILED, "no alarm on root use"),
        ({}, UNKNOWN, "alarms not learned"),
        inherited({"topics": ()}),
    ],
    "sign_ins_raise_an_alarm": [
        ({"topics": ("sign-in",)}, PASSED, ""),
        ({"topics": ("root use", "sign-in")}, PASSED, ""),
        ({"topics": ("root use",)}, FAILED, "no alarm on sign-in"),
        ({"topics": ()}, FAILED, "no alarm on sign-in"),
        ({}, UNKNOWN, "alarms not learned"),
        inherited({"topics": ()}),
    ],
    "audit_trails_are_watched": switch("watched", True, "no rule can look"),
    "threats_are_detected_everywhere": [
        ({"enabled": True, "complete": True}, PASSED, ""),
        ({"enabled": False}, FAILED, "is off"),
        ({"enabled": False, "complete": False}, FAILED, "is off"),
        ({"enabled": True, "complete": False}, FAILED, "leaves out"),
        ({"complete": False}, FAILED, "leaves out"),
        ({"enabled": True}, UNKNOWN, "not learned"),
        ({"complete": True}, UNKNOWN, "not learned"),
        ({"kind": "malware protection", "enabled": False}, APART, "only"),
    ],
    "threats_are_reported": [
        ({"enabled": True, "reported": True}, PASSED, ""),
        ({"enabled": False}, FAILED, "is off"),
        ({"enabled": True, "reported": False}, FAILED, "goes to nobody"),
        ({"reported": False}, FAILED, "goes to nobody"),
        ({"enabled": True}, UNKNOWN, "not learned"),
        ({"reported": True}, UNKNOWN, "not learned"),
        ({"kind": "malware protection", "enabled": False}, APART, "only"),
    ],
}  # fmt: skip
