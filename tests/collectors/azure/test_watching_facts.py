"""What is made of the shapes of what watches, restrains and restores: each row changes one thing, and what is not said is not learned."""

from datetime import UTC, datetime

import pytest

from collectors.azure import (
    alarms,
    backups,
    defender,
    findings,
    guardrails,
    keys,
    logstores,
    secrets,
    storage,
    trailstores,
    watches,
)
from collectors.resource import FAR
from tests.fakes.told import ACCOUNT, Told


def plan_of(name, tier, *extensions, **more):
    on = [{"name": one, "isEnabled": "True"} for one in extensions]
    return {"name": name, "properties": {"pricingTier": tier, "extensions": on, **more}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"value": [plan_of("Containers", "Standard", "X")]}, defender.Plan(on=True, extensions=frozenset({"X"}))),
        ({"value": [plan_of("Containers", "Free")]}, defender.Plan(on=False, extensions=frozenset())),
        ({"value": [plan_of("Containers", "Gold")]}, None),
        (
            {"value": [plan_of("Containers", "Standard", deprecated=True)]},
            defender.Plan(on=False, extensions=frozenset()),
        ),
        ({"value": []}, defender.Plan(on=False, extensions=frozenset())),
        ({}, None),
        (None, None),
    ],
)
def test_a_plan_that_is_not_listed_is_off(answer, expected):
    assert defender.plan(answer, "Containers") == expected


class Cell(Told):
    """With what Azure's session has besides."""

    def ask_once(self, operation, **parameters):
        return self.ask(operation, **parameters)

    def joined(self, operation, by, *keys, absent=()):  # noqa: ARG002 - as `AzureSession`
        answer = self._answer(operation, {})
        return None if answer is None else answer["data"]


CONTACT = {"emails": "x@corp.example", "notificationsSources": [{"sourceType": "Alert"}]}
AUTOMATION = {"isEnabled": True, "sources": [{"eventSource": "Alerts"}], "actions": [{"actionType": "LogicApp"}]}


@pytest.mark.parametrize(
    ("contact", "automation", "expected"),
    [
        (CONTACT, None, True),
        ({**CONTACT, "notificationsSources": [{"sourceType": "AttackPath"}]}, {}, False),
        ({"email": "x@corp.example", "alertNotifications": "On"}, {}, True),
        ({"emails": "x@corp.example", "alertNotifications": {"state": "On"}}, {}, True),
        ({"emails": "x@corp.example", "alertNotifications": {"state": "Off"}}, {}, False),
        ({**CONTACT, "emails": ""}, {}, False),
        ({**CONTACT, "emails": ""}, AUTOMATION, True),
        ({**CONTACT, "emails": ""}, {**AUTOMATION, "isEnabled": False}, False),
        ({**CONTACT, "emails": ""}, {**AUTOMATION, "actions": []}, False),
        ({**CONTACT, "emails": ""}, {**AUTOMATION, "sources": [{"eventSource": "SecureScores"}]}, False),
        ({**CONTACT, "emails": ""}, None, None),
        (None, AUTOMATION, True),
        (None, {}, None),
    ],
)
def test_threats_are_reported_by_mail_or_by_an_automation(contact, automation, expected):
    told = Cell({
        "arm.SecurityContacts": None if contact is None else {"value": [{"properties": contact}]},
        "arm.Automations": None if automation is None else {"value": [{"properties": automation}]},
    })  # fmt: skip
    assert watches.reported(told) is expected


@pytest.mark.parametrize(
    ("plans", "enabled", "complete"),
    [
        (
            [
                plan_of("VirtualMachines", "Standard"),
                plan_of("Containers", "Standard"),
                plan_of("CloudPosture", "Free"),
            ],
            True,
            True,
        ),
        ([plan_of("VirtualMachines", "Standard"), plan_of("Containers", "Free")], True, False),
        ([plan_of("CloudPosture", "Standard")], False, False),
        ([plan_of("VirtualMachines", "Gold")], None, None),
        (None, None, None),
    ],
)
def test_threats_are_detected_by_plans_that_do(plans, enabled, complete):
    told = Cell({
        "arm.Pricings": None if plans is None else {"value": plans}, "arm.SecurityContacts": {"value": []},
        "arm.Automations": {"value": []},
    })  # fmt: skip
    found = watches.threats(told)
    assert (found["enabled"], found["complete"]) == (enabled, complete)


def test_machines_that_scans_reach_are_counted_by_their_assessments():
    rows = [{"properties": {"status": {"code": code}}} for code in ("Healthy", "Unhealthy", "NotApplicable", "Healthy")]
    told = Cell({"arm.Pricings": {"value": []}, "arm.Automations": {"value": []}, "graph.ScanCoverage": {"data": rows}})
    found = watches.vulnerabilities(told)
    assert (found["coverable"], found["covered"]) == (3, 2)


GROUPS = [{"id": "/oncall", "properties": {"enabled": True, "emailReceivers": [{"name": "x"}]}}]


def alert(*acts, scope=f"/subscriptions/{ACCOUNT}", enabled=True, group="/oncall", extra=()):
    conditions = [{"field": "category", "equals": "Administrative"}, *extra]
    if acts:
        conditions.append({"anyOf": [{"field": "operationName", "equals": act} for act in acts]})
    return {"properties": {
        "enabled": enabled, "scopes": [scope], "condition": {"allOf": conditions}, "actions": {"actionGroups": [{"actionGroupId": group}]},
    }}  # fmt: skip


VAULTS = ("Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/delete")


@pytest.mark.parametrize(
    ("alerts", "groups", "expected"),
    [
        ([alert(*VAULTS)], GROUPS, ("keys",)),
        ([alert(VAULTS[0]), alert(VAULTS[1])], GROUPS, ("keys",)),
        ([alert(VAULTS[0])], GROUPS, ()),
        ([alert(*VAULTS, enabled=False)], GROUPS, ()),
        ([alert(*VAULTS, scope=f"/subscriptions/{ACCOUNT}/resourceGroups/one")], GROUPS, ()),
        ([alert(*VAULTS, extra=[{"field": "status", "equals": "Failed"}])], GROUPS, ()),
        ([alert(*VAULTS, extra=[{"field": "status", "equals": "Succeeded"}])], GROUPS, ("keys",)),
        ([alert(*VAULTS, extra=[{"field": "caller", "equals": "x"}])], GROUPS, ()),
        ([alert(*VAULTS)], [{"id": "/oncall", "properties": {"enabled": False, "emailReceivers": [{}]}}], ()),
        ([alert(*VAULTS)], [{"id": "/oncall", "properties": {"enabled": True, "emailReceivers": []}}], ()),
        ([alert(*VAULTS, group="/elsewhere")], GROUPS, ("keys",)),
        ([alert(*VAULTS, group="/denied")], GROUPS, None),
        ([alert()], GROUPS, tuple(sorted(alarms.TOPICS))),
        ([], GROUPS, ()),
    ],
)
def test_a_topic_counts_with_all_of_its_acts_where_somebody_hears(alerts, groups, expected):
    there = {"properties": {"enabled": True, "webhookReceivers": [{}]}}
    told = Cell({"arm.ActionGroup": lambda asked: there if asked["id"] == "/elsewhere" else None})
    assert alarms.topics(told, alerts, [], groups) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [("SigninLogs | where ResultType != 0", {"sign-in"}), ("AuditLogs | where OperationName has 'elevated their access'", {"root use"}),
     ("Heartbeat", set())],
)  # fmt: skip
def test_rules_that_search_logs_speak_of_sign_ins_and_of_root(query, expected):
    assert alarms.searched({"properties": {"criteria": {"allOf": [{"query": query}]}}}) == expected


ABOVE = "/providers/Microsoft.Management/managementGroups/g"
DEFINITION = f"{ABOVE}/providers/Microsoft.Authorization/policyDefinitions/keep"


def assignment(definition, scope=ABOVE, **more):
    return {
        "id": f"{scope}/x",
        "properties": {"scope": scope, "policyDefinitionId": definition, "enforcementMode": "Default", **more},
    }


def definition(does, /, about="Microsoft.Insights/diagnosticSettings", **parameters):
    rule = {"if": {"allOf": [{"field": "type", "equals": about}]}, "then": {"effect": does}}
    return {"properties": {"policyRule": rule, "parameters": parameters}}


@pytest.mark.parametrize(
    ("above", "answer", "expected"),
    [
        ([assignment(DEFINITION)], definition("denyAction"), True),
        ([assignment(DEFINITION)], definition("[parameters('effect')]", effect={"defaultValue": "DenyAction"}), True),
        (
            [assignment(DEFINITION, parameters={"effect": {"value": "Disabled"}})],
            definition("[parameters('effect')]", effect={"defaultValue": "DenyAction"}),
            False,
        ),
        ([assignment(DEFINITION)], definition("denyAction", about="Microsoft.Compute/disks"), False),
        ([assignment(DEFINITION)], definition("audit"), False),
        ([assignment(DEFINITION)], None, None),
        ([assignment(f"{ABOVE}/providers/Microsoft.Authorization/policySetDefinitions/all")], None, None),
        ([assignment("/providers/Microsoft.Authorization/policyDefinitions/builtin")], None, False),
        ([], None, False),
    ],
)
def test_exports_are_protected_by_a_policy_that_stands_above(above, answer, expected):
    assert guardrails.audit_protected(Told({"arm.PolicyDefinition": answer}), above) is expected


def places(**more):
    allowed = {"parameters": {"listOfAllowedLocations": {"value": ["westeurope"]}}}
    return assignment(
        f"/providers/Microsoft.Authorization/policyDefinitions/{guardrails.REGIONS}", **{**allowed, **more}
    )


@pytest.mark.parametrize(
    ("assignments", "expected"),
    [
        ([places()], True),
        ([places(enforcementMode="DoNotEnforce")], False),
        ([places(notScopes=["/x"])], False),
        ([places(parameters={"listOfAllowedLocations": {"value": []}})], False),
        ([assignment("/providers/Microsoft.Authorization/policySetDefinitions/all")], None),
        ([], False),
    ],
)
def test_regions_are_limited_by_the_policy_on_locations(assignments, expected):
    assert guardrails.regions_limited(Told({"arm.PolicyExemptions": {"value": []}}), assignments) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant"}}, True),
        ({"redundancySettings": {"standardTierStorageRedundancy": "ZoneRedundant"}}, False),
        ({"storageSettings": [{"type": "GeoRedundant"}]}, True),
        ({"storageSettings": [{"type": "LocallyRedundant"}]}, False),
        ({}, None),
    ],
)
def test_backups_are_kept_in_another_region(known, expected):
    assert backups.copied_elsewhere(known) is expected


def test_the_latest_restore_is_one_that_succeeded():
    jobs = [
        {"properties": {"status": "Failed", "endTime": "2026-11-03T00:00:00Z"}},
        {"properties": {"status": "Completed", "endTime": "2026-11-01T00:00:00Z"}},
    ]
    assert backups.last_restore(jobs) == datetime(2026, 11, 1, tzinfo=UTC)
    assert backups.last_restore(jobs[:1]) is None


@pytest.mark.parametrize(("days", "expected"), [(90, 90), (-1, 0), (None, None), ("90", None)])
def test_days_of_a_workspace(days, expected):
    assert logstores.retention_days({"retentionInDays": days}) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("High", "high"), ("Informational", "low"), ("Critical", "critical"), ("Odd", None), (None, None)],
)
def test_severities(word, expected):
    assert findings.severity(word) == expected


def test_an_alert_is_read_as_both_services_write_it():
    small = {"resourceIdentifiers": [{"azureResourceId": "/VM"}]}
    assert findings.subject(findings.lowered({"ResourceIdentifiers": [{"AzureResourceId": "/VM"}]})) == "/vm"
    assert findings.subject(findings.lowered(small)) == "/vm"
    assert findings.subject(None) is None


@pytest.mark.parametrize(
    ("kind", "whole", "expected"),
    [("RSA", {"keySize": 2048}, "RSA-2048"), ("RSA-HSM", {"keySize": 4096}, "RSA-4096"), ("EC", {"curveName": "P-256"}, "EC-P256"),
     ("EC-HSM", {"curveName": "P-256K"}, "EC-P256K"), ("OCT-HSM", {"keySize": 256}, "AES-256"), ("RSA", {}, None), ("EC", {}, None)],
)  # fmt: skip
def test_algorithms_of_keys(kind, whole, expected):
    assert keys.algorithm(kind, whole) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [({"exp": 1900000000}, datetime(2030, 3, 17, 17, 46, 40, tzinfo=UTC)), ({}, FAR), ({"exp": None}, FAR), (None, None),
     ({"exp": "x"}, None),
     ({"exp": 10**18}, None)],
)  # fmt: skip
def test_ends_of_keys_and_secrets(attributes, expected):
    assert keys.expires(attributes) == expected


@pytest.mark.parametrize(
    ("vault", "expected"),
    [({"enableSoftDelete": True, "softDeleteRetentionInDays": 90}, 90), ({"enableSoftDelete": False}, 0),
     ({"softDeleteRetentionInDays": 7}, 7),
     ({}, None), (None, None)],
)  # fmt: skip
def test_days_in_which_a_key_can_be_had_back(vault, expected):
    assert keys.recoverable_days(vault) == expected


@pytest.mark.parametrize(
    ("operations", "expected"),
    [(["encrypt", "decrypt", "wrapKey"], True), (["sign", "verify"], True), (["sign", "encrypt"], False),
     (["wrapKey", "import"], True), ([], True),
     (None, None)],
)  # fmt: skip
def test_a_key_serves_one_purpose(operations, expected):
    assert keys.single_purpose({"keyOps": operations}) is expected


def test_a_secret_is_as_old_as_its_newest_version():
    item = {"id": "/V/secrets/S", "vault": {}, "properties": {"attributes": {"created": 1760000000}}}
    found = secrets.Secrets.describe(Told(), item)
    assert (found.rotated, found.expires, found.renews) == (datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC), FAR, False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"properties": {"policy": {"rules": [{"definition": {"actions": {"baseBlob": {"delete": {}}}}}]}}}, True),
        (
            {
                "properties": {
                    "policy": {"rules": [{"enabled": False, "definition": {"actions": {"baseBlob": {"delete": {}}}}}]}
                }
            },
            False,
        ),
        ({"properties": {"policy": {"rules": [{"definition": {"actions": {"snapshot": {"delete": {}}}}}]}}}, False),
        ("ManagementPolicyNotFound", False),
        ({"properties": {}}, None),
        (None, None),
    ],
)
def test_old_blobs_are_deleted_by_a_rule_that_is_on(answer, expected):
    assert storage.content_expires(Told({"arm.StorageLifecycle": answer}), {"id": "x"}) is expected


LOCKED = {"name": "insights-activity-logs", "properties": {"immutabilityPolicy": {"properties": {"state": "Locked"}}}}


@pytest.mark.parametrize(
    ("known", "containers", "expected"),
    [
        ({}, [LOCKED], True),
        ({}, [LOCKED, {"name": "other", "properties": {}}], True),
        ({}, [{**LOCKED, "properties": {"immutabilityPolicy": {"properties": {"state": "Unlocked"}}}}], False),
        ({}, [{"name": "insights-activity-logs", "properties": {}}], False),
        ({}, [], False),
        ({"immutableStorageWithVersioning": {"immutabilityPolicy": {"state": "Locked"}}}, [], True),
        ({}, None, None),
        (None, [LOCKED], None),
    ],
)
def test_a_store_is_locked_by_a_policy_that_nobody_takes_back(known, containers, expected):
    assert trailstores.locked(known, {"value": containers}) is expected


@pytest.mark.parametrize(
    ("workspace", "cluster", "expected"),
    [
        ({"features": {}}, None, "provider"),
        (
            {"features": {"clusterResourceId": "/c"}},
            {"properties": {"keyVaultProperties": {"keyName": "k"}}},
            "customer",
        ),
        ({"features": {"clusterResourceId": "/c"}}, {"properties": {}}, "provider"),
        ({"features": {"clusterResourceId": "/c"}}, None, None),
        (None, None, None),
    ],
)
def test_a_workspace_has_its_clusters_key(workspace, cluster, expected):
    assert trailstores.workspace_key(Told({"arm.LogCluster": cluster}), workspace) == expected
