"""What of an access level changes what it demands of devices, and what of a policy of Cloud Armor changes what is said of it."""

from typing import Any

import pytest

from agent.demo.google.inventory import FakeInventory
from collectors.gcp.devices import demanded, encrypted, locked
from collectors.gcp.filters import managed_rules, rules_of
from tests.collectors.gcp.tables import put, seen
from tests.fakes.gcp_assets import Estate

LOCK, NO_LOCK = {"devicePolicy": {"requireScreenlock": True}}, {"devicePolicy": {"requireScreenlock": False}}
OFFICE = {"ipSubnetworks": ["192.0.2.0/24"]}


def level(*conditions: Any, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "basic": {"conditions": list(conditions), **more}}


OTHERS = {"strict": level(LOCK, name="strict"), "loose": level(OFFICE, name="loose"), "words": {"name": "words", "custom": {}},
          "round": level({"requiredAccessLevels": ["round"]}, name="round")}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (level(LOCK), True),
        (level(NO_LOCK), False),
        (level({"devicePolicy": {}}), False),
        (level(OFFICE), False),
        (level(), False),
        (level(combiningFunction="OR"), False),
        (level(LOCK, OFFICE), True),
        (level(LOCK, OFFICE, combiningFunction="AND"), True),
        (level(LOCK, OFFICE, combiningFunction="OR"), False),
        (level(LOCK, LOCK, combiningFunction="OR"), True),
        (level(LOCK, combiningFunction=7), None),
        (level({**LOCK, "negate": True}), False),
        (level({**LOCK, "negate": "?"}), False),
        (level({"devicePolicy": {"requireScreenlock": "yes"}}), False),
        (level({**OFFICE, "requiredAccessLevels": ["strict"]}), True),
        (level({**OFFICE, "requiredAccessLevels": ["loose"]}), False),
        (level({**OFFICE, "requiredAccessLevels": ["words"]}), None),
        (level({**OFFICE, "requiredAccessLevels": ["gone"]}), None),
        (level({**OFFICE, "requiredAccessLevels": ["gone", "strict"]}), True),
        (level({"requiredAccessLevels": ["round"]}), False),
        (level("?", LOCK), True),
        ({"name": "a", "custom": {"expr": {"expression": "device.is_secured"}}}, None),
        ({"name": "a"}, None),
        (None, None),
    ],
)
def test_a_level_demands_what_nobody_can_go_without(said: Any, expected: bool | None) -> None:
    assert demanded(said, locked, OTHERS) is expected


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [(["ENCRYPTED"], True), (["ENCRYPTED", "ENCRYPTED"], True), (["ENCRYPTED", "UNENCRYPTED"], False),
     (["ENCRYPTION_UNSUPPORTED"], False), (["ENCRYPTED", 9], False), ([], False), (None, False), ("ENCRYPTED", False), ([["x"]], False)],
)  # fmt: skip
def test_only_the_encrypted_are_let_in(allowed: Any, expected: bool) -> None:
    assert encrypted({"allowedEncryptionStatuses": allowed}) is expected


def test_a_level_that_says_nothing_of_devices_is_no_rule_of_theirs_and_one_of_free_words_is_not_read(
    inventory: FakeInventory, estate: Estate
) -> None:
    (office,) = [one for one in estate.assets if "office" in str(one.get("accessLevel"))]
    office["accessLevel"] = {
        "name": "accessPolicies/1/accessLevels/office",
        "custom": {"expr": {"expression": "device.is_secured"}},
    }
    found = seen("gcp.device_rules", "accessLevels/office")
    assert (found.screen_locks, found.storage_encrypted, found.account) == (None, None, "123456789012")


def rule(words: str = "", action: str = "deny(403)", **more: Any) -> dict[str, Any]:
    return {"action": action, "match": {"expr": {"expression": words}}, **more}


WAF = "evaluatePreconfiguredWaf('{}')"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], "none"),
        ([rule("origin.region_code == 'AU'")], "none"),
        ([rule(WAF.format("sqli-v33-stable"))], "current"),
        ([rule(WAF.format("sqli-v422-canary"))], "current"),
        ([rule(WAF.format("cve-canary"))], "current"),
        ([rule(WAF.format("sqli-stable"))], "outdated"),
        ([rule('evaluatePreconfiguredExpr("xss-canary")')], "outdated"),
        ([rule("evaluatePreconfiguredWaf( 'rce-stable', {'sensitivity': 2}) || " + WAF.format("xss-v33-stable"))], "outdated"),
        ([rule(WAF.format("sqli-stable"), preview=True)], "none"),
        (["?"], "none"),
    ],
)  # fmt: skip
def test_rule_sets_without_a_version_are_of_yesterday(rules: list[Any], expected: str) -> None:
    assert managed_rules(rules_of({"rules": rules})) == expected


EDGE, BACKEND = "projects/acme-prod/global/securityPolicies/edge", "projects/acme-prod/global/backendServices/web"


@pytest.mark.parametrize(
    ("of", "changes", "facts"),
    [
        (EDGE, {}, {"blocking": True, "managed_rules": "current", "logged": True}),
        (EDGE, {"rules": ...}, {"blocking": None, "managed_rules": None}),
        (EDGE, {"rules": [rule(action="throttle")]}, {"blocking": True, "managed_rules": "none"}),
        (EDGE, {"rules": [rule(action="rate_based_ban")]}, {"blocking": True}),
        (EDGE, {"rules": [rule(action="allow")]}, {"blocking": False}),
        (EDGE, {"rules": [rule(preview=True)]}, {"blocking": False}),
        (EDGE, {"rules": [rule(action=7)]}, {"blocking": False}),  # type: ignore[arg-type]
        (EDGE, {"type": ...}, {"blocking": True}),
        (BACKEND, {"logConfig": ...}, {"logged": False}),
        (BACKEND, {"logConfig": {"enable": "yes"}}, {"logged": False}),
    ],
)
def test_what_is_said_of_a_policy(
    inventory: FakeInventory, estate: Estate, of: str, changes: dict[str, Any], facts: dict[str, Any]
) -> None:
    put(estate.named(of)["resource"]["data"], changes)
    found = seen("gcp.filters", EDGE)
    assert {name: getattr(found, name) for name in facts} == facts
