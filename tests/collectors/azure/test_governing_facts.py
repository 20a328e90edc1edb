"""What is made of firewall policies, exemptions and rules for devices: each row changes one thing; what is not said is not learned."""

from datetime import UTC, datetime

import pytest

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure import devices, exemptions, filters
from collectors.azure.devices import DeviceRules
from collectors.resource import FAR
from tests.fakes.azure_rows import GOOD, exported
from tests.fakes.azure_session import AnsweredSession

GATE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationGateways/gate"
DOOR = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Cdn/profiles/door"
ON, PREVENTS = {"state": "Enabled"}, {"mode": "Prevention"}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, ()),
        ({"applicationGateways": None}, ()),
        ({"applicationGateways": [{"id": GATE}]}, (GATE.lower(),)),
        ({"httpListeners": [{"id": f"{GATE}/httpListeners/a"}, {"id": f"{GATE.upper()}/httpListeners/b"}]}, (GATE.lower(),)),
        ({"securityPolicyLinks": [{"id": f"{DOOR}/securityPolicies/p"}], "applicationGateways": [{"id": GATE}]},
         (DOOR.lower(), GATE.lower())),
        ({"applicationGateways": [{}]}, None),
        ({"applicationGateways": "all"}, None),
        (None, None),
    ],
)  # fmt: skip
def test_what_stands_behind_a_policy(known, expected):
    assert filters.behind({"properties": known}) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({**ON, **PREVENTS}, True),
        ({"enabledState": "Enabled", **PREVENTS}, True),
        ({**ON, "mode": "Detection"}, False),
        ({"state": "Disabled", **PREVENTS}, False),
        ({"enabledState": "Disabled"}, False),
        (ON, None),
        (PREVENTS, None),
        ({**ON, "mode": "Dreaming"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_policy_blocks_if_it_is_on_and_prevents(settings, expected):
    assert filters.blocking(settings) is expected


def sets(*found):
    return [{"ruleSetType": kind, "ruleSetVersion": version} for kind, version in found]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], "none"),
        (None, None),
        (sets(("OWASP", "3.2")), "current"),
        (sets(("OWASP", "3.1")), "outdated"),
        (sets(("OWASP", "2.2.9")), "outdated"),
        (sets(("Microsoft_DefaultRuleSet", "2.0")), "current"),
        (sets(("Microsoft_DefaultRuleSet", "1.1")), "outdated"),
        (sets(("Microsoft_DefaultRuleSet", "2.10")), "current"),
        (sets(("DefaultRuleSet", "preview-0.1")), "outdated"),
        (sets(("Microsoft_BotManagerRuleSet", "0.1")), "outdated"),
        (sets(("Microsoft_DefaultRuleSet", "2.1"), ("Microsoft_BotManagerRuleSet", "1.0")), "current"),
        (sets(("Microsoft_DefaultRuleSet", "2.1"), ("OWASP", "3.0")), "outdated"),
        (sets(("Somebodys_RuleSet", "9.9")), None),
        (sets(("Somebodys_RuleSet", "9.9"), ("OWASP", "3.0")), "outdated"),
        (sets(("OWASP", "latest")), None),
        (sets(("OWASP", None)), None),
    ],
)
def test_rule_sets_are_current_while_microsoft_keeps_them_up(found, expected):
    assert filters.managed_rules(found) == expected


@pytest.mark.parametrize(
    ("things", "categories", "expected"),
    [
        ((GATE.lower(),), ("ApplicationGatewayFirewallLog",), True),
        ((GATE.lower(),), ("ApplicationGatewayAccessLog",), False),
        ((GATE.lower(),), (), False),
        ((DOOR.lower(),), ("FrontDoorWebApplicationFirewallLog",), True),
        ((DOOR.lower(), GATE.lower()), ("FrontDoorWebApplicationFirewallLog",), False),
        (
            ("/subscriptions/s/resourcegroups/g/providers/microsoft.new/things/t",),
            ("ApplicationGatewayFirewallLog",),
            None,
        ),
        (None, (), None),
    ],
)
def test_what_a_policy_finds_is_in_the_logs_of_what_it_stands_before(things, categories, expected):
    azure = FakeAzure(rows=[], answers=dict(exported(one, *categories) for one in things or ()))
    assert filters.logged(AnsweredSession(azure, GOOD), things) is expected


def test_logs_that_nobody_may_see_are_not_learned():
    assert filters.logged(AnsweredSession(FakeAzure(rows=[], answers={}), GOOD), (GATE.lower(),)) is None


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"expiresOn": "2027-03-01T00:00:00Z"}, datetime(2027, 3, 1, tzinfo=UTC)),
        ({"expiresOn": None}, FAR),
        ({}, FAR),
        ({"expiresOn": "some day"}, None),
        ({"expiresOn": 7}, None),
        (None, None),
    ],
)
def test_an_exemption_without_an_end_has_none(known, expected):
    assert exemptions.ends(known) == expected


LOCKS = {"passwordRequired": True, "passwordMinutesOfInactivityBeforeLock": 5}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (LOCKS, True),
        ({**LOCKS, "passwordRequired": False}, False),
        ({**LOCKS, "passwordMinutesOfInactivityBeforeLock": None}, False),
        ({**LOCKS, "passwordMinutesOfInactivityBeforeLock": 0}, False),
        ({"passwordRequired": True}, False),
        ({**LOCKS, "passwordRequired": None}, None),
        ({"passcodeRequired": True, "passcodeMinutesOfInactivityBeforeLock": 1}, True),
        ({"passcodeRequired": False, "passcodeMinutesOfInactivityBeforeLock": 1}, False),
        ({}, None),
    ],
)
def test_a_screen_locks_where_a_password_is_asked_for_in_time(policy, expected):
    assert devices.locks(policy) is expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"storageRequireEncryption": True}, True),
        ({"storageRequireEncryption": False, "bitLockerEnabled": True}, True),
        ({"storageRequireEncryption": False, "bitLockerEnabled": False}, False),
        ({"storageRequireEncryption": False, "bitLockerEnabled": None}, None),
        ({"storageRequireEncryption": None}, None),
        ({"passcodeRequired": True}, True),
        ({"passcodeRequired": False}, False),
        ({"storageRequireEncryption": False, "passcodeRequired": True}, False),
        ({}, None),
    ],
)
def test_storage_is_encrypted_where_a_policy_asks_for_it(policy, expected):
    assert devices.encrypts(policy) is expected


def policy(kind, *, to=("everybody",), **asked):
    found = {"@odata.type": f"#microsoft.graph.{kind}", "id": kind, **asked}
    return found if to is None else {**found, "assignments": [{"id": one} for one in to]}


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([policy("windows10CompliancePolicy", **LOCKS)], {"windows": True}),
        ([policy("windows10CompliancePolicy", **LOCKS), policy("windows81CompliancePolicy", passwordRequired=False)], {"windows": True}),
        ([policy("androidWorkProfileCompliancePolicy", **LOCKS), policy("aospDeviceOwnerCompliancePolicy")], {"android": True}),
        ([policy("macOSCompliancePolicy", passwordRequired=False)], {"macos": False}),
        ([policy("macOSCompliancePolicy", passwordRequired=False), policy("iosCompliancePolicy")], {"ios": None, "macos": False}),
        ([policy("windows10CompliancePolicy", to=(), **LOCKS)], {}),
        ([policy("windows10CompliancePolicy", to=None, **LOCKS)], {"windows": None}),
        ([policy("windows10CompliancePolicy", to=(), **LOCKS), policy("windows10CompliancePolicy", passwordRequired=False)],
         {"windows": False}),
        ([policy("futureCompliancePolicy", **LOCKS)], {"#microsoft.graph.futureCompliancePolicy": True}),
        ([], {}),
    ],
)  # fmt: skip
def test_a_rule_is_a_platform_with_all_policies_that_are_for_somebody(policies, expected):
    azure = FakeAzure(rows=[], answers={"/v1.0/devicemanagement/devicecompliancepolicies": policies})
    session = AnsweredSession(azure, GOOD)
    found = [DeviceRules.describe(session, item) for item in DeviceRules.list(session)]
    assert {one.name: one.screen_locks for one in found} == expected
