"""What is made of the shapes of what runs and serves: each row changes one thing, and what is not said is not learned."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.azure import (
    clusters,
    containers,
    ends,
    machines,
    privileges,
    scalesets,
    sites,
)
from collectors.azure.elements import ancestors, every, some, switched
from collectors.resource import FAR, Entitlement
from tests.fakes.told import Told


@pytest.mark.parametrize(
    ("values", "all_of", "one_of"),
    [([], None, False), ([True], True, True), ([True, False], False, True), ([True, None], None, True), ([False, None], False, None),
     ([None], None, None), ([False], False, False)],
)  # fmt: skip
def test_several_answers_as_one(values, all_of, one_of):
    assert (every(values), some(values)) == (all_of, one_of)


@pytest.mark.parametrize(
    ("element", "expected"),
    [({"a": {"b": True}}, True), ({"a": {"b": False}}, False), ({"a": {"b": None}}, False), ({"a": {}}, False), ({"a": None}, False),
     ({}, False), (None, None), ({"a": "x"}, None), ({"a": {"b": "yes"}}, None)],
)  # fmt: skip
def test_a_switch_that_was_never_touched_is_off(element, expected):
    assert switched(element, "a", "b") is expected


def test_the_scopes_in_which_an_id_lies():
    database = "/subscriptions/S/resourceGroups/G/providers/Microsoft.Sql/servers/one/databases/two"
    assert ancestors(database) == [
        "/subscriptions/s", "/subscriptions/s/resourcegroups/g",
        "/subscriptions/s/resourcegroups/g/providers/microsoft.sql/servers/one",
        "/subscriptions/s/resourcegroups/g/providers/microsoft.sql/servers/one/databases/two",
    ]  # fmt: skip
    assert ancestors("/subscriptions/s/providers/Microsoft.KeyVault/deletedVaults/gone")[-1].endswith("/gone")


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ("PYTHON|3.11", datetime(2027, 10, 31, tzinfo=UTC)),
        ("Python|3.8", datetime(2024, 10, 7, tzinfo=UTC)),
        ("NODE|20-lts", datetime(2026, 4, 30, tzinfo=UTC)),
        ("NODE|~18", datetime(2025, 4, 30, tzinfo=UTC)),
        ("DOTNETCORE|8.0", datetime(2026, 11, 10, tzinfo=UTC)),
        ("DOTNET-ISOLATED|9.0", datetime(2026, 11, 10, tzinfo=UTC)),
        ("TOMCAT|10.0-java17", datetime(2027, 9, 30, tzinfo=UTC)),
        ("JAVA|11-java11", datetime(2027, 9, 30, tzinfo=UTC)),
        ("Java|8", datetime(2026, 11, 30, tzinfo=UTC)),
        ("DOCKER|registry.example/app:1", FAR),
        ("PYTHON|9.9", None),
        ("COBOL|1", None),
        ("None|None", None),
        ("", None),
    ],
)
def test_runtimes_end_as_published(stack, expected):
    assert ends.runtime_ends(stack) == expected


@pytest.mark.parametrize(
    ("version", "lasting", "expected"),
    [("1.29.4", False, datetime(2025, 3, 31, tzinfo=UTC)), ("1.29.4", True, datetime(2026, 4, 30, tzinfo=UTC)),
     ("1.12.8", False, ends.LONG_GONE), ("1.99", False, None), ("latest", False, None)],
)  # fmt: skip
def test_kubernetes_versions_end_as_published(version, lasting, expected):
    assert ends.kubernetes_ends(version, lasting=lasting) == expected


def holder(**facts):
    known = {"administrator": False, "wildcards": (), "planes": (), **facts}
    return Entitlement(
        id="/subscriptions/s/providers/microsoft.authorization/principals/robot", provider="azure", account="s", region="global",
        kind="service principal", **known,
    )  # fmt: skip


class Once(Told):
    """With what all items of a cell share."""

    def once(self, key, make):  # noqa: ARG002 - as `AzureSession`
        return make()


@pytest.mark.parametrize(
    ("identity", "held", "expected"),
    [
        (None, [holder(administrator=True)], False),
        ({"type": "SystemAssigned", "principalId": "ROBOT"}, [holder(administrator=True)], True),
        ({"type": "SystemAssigned", "principalId": "robot"}, [holder(wildcards=("*",))], True),
        ({"type": "SystemAssigned", "principalId": "robot"}, [holder(planes=("data",))], True),
        ({"type": "SystemAssigned", "principalId": "robot"}, [holder(planes=("logging",))], False),
        ({"type": "SystemAssigned", "principalId": "robot"}, [holder(planes=None)], None),
        ({"type": "SystemAssigned", "principalId": "robot"}, [], False),
        ({"type": "SystemAssigned", "principalId": "robot"}, None, None),
        (
            {"type": "UserAssigned", "userAssignedIdentities": {"/x": {"principalId": "robot"}}},
            [holder(administrator=True)],
            True,
        ),
        ({"type": "UserAssigned", "userAssignedIdentities": {"/x": {}}}, [], None),
        ({"type": "SystemAssigned"}, [], None),
        ("robot", [], None),
    ],
)
def test_a_workload_is_privileged_by_what_its_identities_hold(identity, held, expected):
    seen = {} if held is None else {"azure.entitlements": tuple(held)}
    assert privileges.privileged(Once(seen=seen), {"identity": identity}) is expected


OUTSIDE = {"properties": {"ipConfigurations": [{"properties": {"publicIPAddress": {"id": "/ip"}}}]}}
INSIDE = {"properties": {"ipConfigurations": [{"properties": {}}]}}


@pytest.mark.parametrize(
    ("interfaces", "attached", "expected"),
    [
        ([INSIDE], 1, False),
        ([INSIDE, OUTSIDE], 2, True),
        ([OUTSIDE], 2, True),
        ([INSIDE], 2, None),
        ([], 1, None),
        ([], 0, False),
    ],
)
def test_a_machine_has_no_public_address_only_where_all_its_interfaces_were_seen(interfaces, attached, expected):
    assert machines.public_address(interfaces, attached) is expected


@pytest.mark.parametrize(
    ("power", "agent", "expected"),
    [
        ("running", "Ready", True),
        ("running", "Not Ready", False),
        ("running", None, False),
        ("deallocated", "Ready", None),
    ],
)
def test_the_agent_of_a_machine_that_runs_is_in_contact_or_not(power, agent, expected):
    status = {
        "statuses": [{"code": f"PowerState/{power}"}],
        "vmAgent": {"statuses": [{"displayStatus": agent}]} if agent else None,
    }
    assert machines.in_contact(status) is expected


@pytest.mark.parametrize(
    ("known", "extensions", "expected"),
    [
        ({"securityProfile": {"encryptionAtHost": True}}, frozenset(), True),
        ({"securityProfile": {"encryptionAtHost": True}}, None, True),
        ({}, frozenset({"azurediskencryptionforlinux"}), True),
        ({}, frozenset(), False),
        ({}, None, None),
        (None, frozenset(), None),
    ],
)
def test_temporary_disks_are_encrypted_on_the_host_or_inside(known, extensions, expected):
    assert machines.disks_encrypted(known, extensions) is expected


def test_a_backup_counts_by_its_newest_point_or_a_good_end():
    point = {"properties": {"lastRecoveryPoint": "2026-11-01T00:00:00Z"}}
    good = {"properties": {"lastBackupStatus": "Completed", "lastBackupTime": "2026-11-02T00:00:00Z"}}
    bad = {"properties": {"lastBackupStatus": "Failed", "lastBackupTime": "2026-11-03T00:00:00Z"}}
    assert machines.last_backup([point, good, bad]) == datetime(2026, 11, 2, tzinfo=UTC)
    assert machines.last_backup([bad]) is None


def rule(maximum, *, on=True):
    return {"properties": {"enabled": on, "profiles": [{"capacity": {"maximum": maximum}}]}}


@pytest.mark.parametrize(
    ("rules", "capacity", "expected"),
    [([rule("10")], 3, True), ([rule("3")], 3, False), ([rule("10", on=False)], 3, False), ([], 3, False), ([rule("10")], None, None),
     ([rule("many")], 3, False)],
)  # fmt: skip
def test_a_group_grows_where_a_rule_lets_it(rules, capacity, expected):
    assert scalesets.grows(rules, capacity) is expected


@pytest.mark.parametrize(
    ("zones", "expected"), [(["1", "2"], True), (["1"], False), (None, False), ([], False), ("1", None)]
)
def test_zones(zones, expected):
    assert scalesets.multi_zone({"zones": zones}) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"upgradePolicy": {"mode": "Rolling", "rollingUpgradePolicy": {"rollbackFailedInstancesOnPolicyBreach": True}}}, True),
        ({"upgradePolicy": {"mode": "Rolling", "rollingUpgradePolicy": {"rollbackFailedInstancesOnPolicyBreach": False}}}, False),
        ({"upgradePolicy": {"mode": "Rolling", "rollingUpgradePolicy": {}}}, False),
        ({"upgradePolicy": {"mode": "Rolling"}}, False),
        ({"upgradePolicy": {"mode": "Manual", "rollingUpgradePolicy": {"rollbackFailedInstancesOnPolicyBreach": True}}}, False),
        ({"upgradePolicy": {"mode": "Automatic"}}, False),
        ({"upgradePolicy": {}}, None),
        ({"upgradePolicy": {"mode": 1}}, None),
        ({}, None),
        ({"orchestrationMode": "Flexible"}, False),
        ({"orchestrationMode": "Uniform"}, None),
        (None, None),
    ],
)  # fmt: skip
def test_a_change_of_a_scale_set_goes_back_where_it_is_rolled_out_and_set_back(
    known: Any, expected: bool | None
) -> None:
    assert scalesets.rolls_back(known) is expected


SIGNED_IN = {"platform": {"enabled": True}, "globalValidation": {"unauthenticatedClientAction": "Return401"}}


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (SIGNED_IN, True),
        ({**SIGNED_IN, "platform": {"enabled": False}}, False),
        ({**SIGNED_IN, "platform": {}}, False),
        ({"platform": {"enabled": True}, "globalValidation": {"unauthenticatedClientAction": "AllowAnonymous"}}, False),
        ({"platform": {"enabled": True}, "globalValidation": {"requireAuthentication": True}}, True),
        ({**SIGNED_IN, "globalValidation": {**SIGNED_IN["globalValidation"], "excludedPaths": ["/open"]}}, False),
        (None, None),
    ],
)
def test_the_platform_asks_everybody_to_sign_in(auth, expected):
    assert sites.authenticated(auth) is expected


def function(level, *, kind="httpTrigger", off=False):
    return {"properties": {"isDisabled": off, "config": {"bindings": [{"type": kind, "authLevel": level}]}}}


SITE = {"id": "x", "kind": "app,linux", "properties": {"publicNetworkAccess": "Enabled"}}


@pytest.mark.parametrize(
    ("item", "kind", "answers", "expected"),
    [
        (SITE, "web app", {}, True),
        (SITE, "web app", {"arm.SiteAuth": {"properties": SIGNED_IN}}, False),
        (SITE, "web app", {"arm.SiteAuth": None}, None),
        ({**SITE, "properties": {"publicNetworkAccess": "Disabled"}}, "web app", {}, False),
        ({**SITE, "properties": {"clientCertEnabled": True, "clientCertMode": "Required"}}, "web app", {}, False),
        ({**SITE, "properties": {"clientCertEnabled": True, "clientCertMode": "Optional"}}, "web app", {}, True),
        (SITE, "function", {"arm.SiteFunctions": {"value": [function("anonymous")]}}, True),
        (SITE, "function", {"arm.SiteFunctions": {"value": [function("function")]}}, False),
        (SITE, "function", {"arm.SiteFunctions": {"value": [function("anonymous", off=True)]}}, False),
        (SITE, "function", {"arm.SiteFunctions": {"value": [function("anonymous", kind="timerTrigger")]}}, False),
        (SITE, "function", {"arm.SiteFunctions": None}, None),
    ],
)
def test_an_app_is_open_if_nothing_asks_who_calls(item, kind, answers, expected):
    told = Told({"arm.SiteAuth": {"properties": {"platform": {"enabled": False}}}, **answers})
    assert sites.open_to_callers(told, item, kind, {"ipSecurityRestrictions": []}) is expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, False),
        ({"ipSecurityRestrictionsDefaultAction": "Deny"}, True),
        ({"ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Deny"}]}, True),
        ({"ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Allow"}]}, False),
    ],
)
def test_addresses_that_no_rule_names_are_refused(settings, expected):
    assert sites.fenced(settings) is expected


@pytest.mark.parametrize(
    ("item", "settings", "expected"),
    [
        ({"kind": "app"}, {"netFrameworkVersion": "v8.0"}, datetime(2026, 11, 10, tzinfo=UTC)),
        ({"kind": "app"}, {"netFrameworkVersion": "v4.0"}, None),
        ({"kind": "app,linux"}, {"netFrameworkVersion": "v8.0"}, None),
        ({"kind": "app,container,windows"}, {"windowsFxVersion": "DOCKER|x"}, FAR),
        ({"kind": "app"}, None, None),
    ],
)
def test_windows_tells_its_runtime_only_where_it_is_sure(item, settings, expected):
    assert sites.ends(item, {}, settings) == expected


def test_a_flexible_plan_names_its_runtime_in_the_row():
    known = {"functionAppConfig": {"runtime": {"name": "python", "version": "3.12"}}}
    assert sites.ends({"kind": "functionapp,linux"}, known, None) == datetime(2028, 10, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({"ingress": {"allowInsecure": False, "transport": "Auto"}}, True),
        ({"ingress": {"allowInsecure": True, "transport": "Auto"}}, False),
        ({"ingress": {"transport": "Tcp"}}, False),
        ({"ingress": None}, True),
        (None, None),
    ],
)
def test_a_container_app_refuses_plain_text(configuration, expected):
    known = {"configuration": configuration}
    entry = (configuration or {}).get("ingress")
    assert containers.transport_encrypted(known, entry) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, True),
        ({"apiServerAccessProfile": {"enablePrivateCluster": True}}, False),
        ({"apiServerAccessProfile": {"authorizedIPRanges": ["192.0.2.0/24"]}}, False),
        ({"apiServerAccessProfile": {"authorizedIPRanges": ["0.0.0.0/0"]}}, True),
        ({"apiServerAccessProfile": {"authorizedIPRanges": "x"}}, None),
        ({"publicNetworkAccess": "Disabled"}, False),
        (None, None),
    ],
)
def test_the_api_of_a_cluster_is_open_unless_something_limits_it(known, expected):
    assert clusters.api_open(known) is expected


@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([{"mode": "System", "availabilityZones": ["1", "2"]}], True),
        ([{"mode": "System", "availabilityZones": ["1", "2"]}, {"mode": "User"}], True),
        ([{"mode": "System", "availabilityZones": None}], False),
        ([{"availabilityZones": True}], None),
        ([], False),
        (None, None),
    ],
)
def test_a_cluster_stands_in_several_zones_by_its_system_pools(pools, expected):
    assert clusters.multi_zone(pools) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"enableRBAC": True, "disableLocalAccounts": True}, False),
        ({"enableRBAC": True}, True),
        ({"enableRBAC": True, "disableLocalAccounts": False}, True),
        ({"enableRBAC": False, "disableLocalAccounts": True}, True),
        ({"disableLocalAccounts": True}, None),
        ({"enableRBAC": True, "disableLocalAccounts": "yes"}, None),
        (None, None),
    ],
)
def test_a_cluster_with_accounts_of_its_own_takes_older_sign_ins(known, expected):
    assert clusters.legacy_access(known) is expected


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"nodeOSUpgradeChannel": "NodeImage"}, True),
        ({"nodeOSUpgradeChannel": "SecurityPatch"}, True),
        ({"nodeOSUpgradeChannel": "Unmanaged"}, True),
        ({"nodeOSUpgradeChannel": "None"}, False),
        ({"nodeOSUpgradeChannel": "None", "upgradeChannel": "node-image"}, True),
        ({"nodeOSUpgradeChannel": "Weekly"}, None),
        ({"upgradeChannel": "stable"}, None),
        (None, None),
    ],
)
def test_nodes_are_renewed_by_a_channel(profile, expected):
    assert clusters.nodes_renewed({"autoUpgradeProfile": profile}) is expected


def test_a_cluster_that_upgrades_itself_has_no_end():
    assert (
        clusters.ends({}, {"autoUpgradeProfile": {"upgradeChannel": "stable"}, "currentKubernetesVersion": "1.29.4"})
        == FAR
    )
    assert (
        clusters.ends({}, {"autoUpgradeProfile": {"upgradeChannel": "patch"}, "currentKubernetesVersion": "1.29.4"})
        != FAR
    )
