"""What is made of the shapes of answers: each row changes one thing, and what is not said is not learned."""

from datetime import UTC, datetime

import pytest

from collectors.azure import cosmos, disks, elements, flexible, keys, logs, networks, storage, subscriptions
from collectors.azure.sql import server_of
from collectors.azure.trails import activity_logged
from tests.fakes.told import Told


@pytest.mark.parametrize(
    ("span", "days"),
    [("P90D", 90), ("P1Y", 365), ("P2Y6M", 910), ("P3W", 21), ("P30DT12H", 30), ("PT12H", 0), ("90", None), ("", None), (None, None),
     ("P-3D", None)],
)  # fmt: skip
def test_spans_in_days(span, days):
    assert elements.span_days(span) == days


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], False),
        ([("10.0.0.1", "10.0.0.9")], False),
        ([("0.0.0.0", "255.255.255.255")], True),
        ([("0.0.0.0", "127.255.255.255"), ("128.0.0.0", "255.255.255.255")], True),
        ([("1.0.0.0", "223.255.255.255")], True),
        ([("0.0.0.0", "0.0.0.0")], True),
        ([("9.9.9.9", "1.1.1.1")], None),
        ([("x", "1.1.1.1")], None),
    ],
)
def test_ranges_that_admit_everybody(ranges, expected):
    assert elements.admits_everybody(ranges) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-01T08:00:00.1234567Z", datetime(2024, 5, 1, 8, 0, 0, 123456, UTC)),
        ("2024-05-01T10:00:00+02:00", datetime(2024, 5, 1, 8, tzinfo=UTC)),
        ("2024-05-01T08:00:00", datetime(2024, 5, 1, 8, tzinfo=UTC)),
        ("yesterday", None),
        (7, None),
    ],
)
def test_instants(value, expected):
    assert elements.instant({"at": value}, "at") == expected


@pytest.mark.parametrize(
    ("found", "expected"), [(None, {}), ({}, {}), ({"b": "2", "a": None}, {"a": "", "b": "2"}), (["a"], None)]
)
def test_tags(found, expected):
    assert elements.tags({"tags": found}) == expected


ACCOUNT = {"allowBlobPublicAccess": True, "networkAcls": {"defaultAction": "Allow"}}


@pytest.mark.parametrize(
    ("known", "containers", "expected"),
    [
        (ACCOUNT, ["Container"], True),
        (ACCOUNT, ["None", "Blob"], True),
        (ACCOUNT, ["None", None], False),
        (ACCOUNT, [], False),
        (ACCOUNT, None, None),
        ({}, ["Blob"], True),
        ({**ACCOUNT, "allowBlobPublicAccess": False}, None, False),
        ({**ACCOUNT, "allowBlobPublicAccess": "no"}, ["Blob"], None),
        ({**ACCOUNT, "publicNetworkAccess": "Disabled"}, ["Blob"], False),
        ({**ACCOUNT, "publicNetworkAccess": "Enabled"}, ["Blob"], True),
        ({**ACCOUNT, "networkAcls": {"defaultAction": "Deny"}}, ["Blob"], False),
        (None, ["Blob"], None),
    ],
)
def test_a_storage_account_is_public_if_all_doors_are_open(known, containers, expected):
    answer = None if containers is None else {"value": [{"properties": {"publicAccess": one}} for one in containers]}
    assert storage.public(Told({"arm.BlobContainers": answer}), {"id": "x"}, known) is expected


@pytest.mark.parametrize(
    ("service", "expected"),
    [({"properties": {}}, False), ({"properties": {"isVersioningEnabled": True}}, True), ({"properties": {"isVersioningEnabled": 1}}, None),
     ({}, None)],
)  # fmt: skip
def test_versions_of_blobs(service, expected):
    assert storage.versioned(service) is expected


def setting(*categories, groups=(), on=True, **known):
    entries = [{"category": one, "enabled": on} for one in categories]
    entries += [{"categoryGroup": one, "enabled": on} for one in groups]
    return {"properties": {"logs": entries, **(known or {"workspaceId": "/w"})}}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([], False),
        ([setting("A", "B")], True),
        ([setting("A", "B", "C")], True),
        ([setting("A")], False),
        ([setting("A"), setting("B")], False),
        ([setting("A", "B", on=False)], False),
        ([setting(groups=("allLogs",))], True),
        ([setting(groups=("audit",))], True),
        ([setting("A", "B", workspaceId=None)], False),
        ([setting("A", "B", storageAccountId="/s")], True),
        ([{"properties": {}}], None),
        ([{"properties": {}}, setting("A", "B")], True),
        ("all", None),
    ],
)
def test_logs_are_kept_if_one_setting_keeps_all_of_them_somewhere(settings, expected):
    assert logs.kept({"value": settings}, {"A", "B"}) is expected


def test_an_activity_log_without_export_is_not_kept():
    assert activity_logged([]) is False
    assert activity_logged([setting("Administrative", "Security", "Policy")]) is True
    assert activity_logged([setting("Administrative")]) is False


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"networkAccessPolicy": "AllowAll", "diskState": "Unattached"}, False),
        ({"networkAccessPolicy": "AllowAll", "diskState": "ActiveSAS"}, True),
        ({"networkAccessPolicy": "AllowPrivate", "diskState": "ActiveSAS"}, False),
        ({"networkAccessPolicy": "DenyAll"}, False),
        ({"networkAccessPolicy": "AllowAll", "publicNetworkAccess": "Disabled", "diskState": "ActiveSAS"}, False),
        ({"networkAccessPolicy": "AllowAll"}, None),
        ({"diskState": "ActiveSAS"}, None),
        (None, None),
    ],
)
def test_a_snapshot_is_public_while_it_is_exported(known, expected):
    assert disks.public(known) is expected


@pytest.mark.parametrize(
    ("kind", "holder"),
    [
        ("EncryptionAtRestWithPlatformKey", "provider"),
        ("EncryptionAtRestWithCustomerKey", "customer"),
        ("EncryptionAtRestWithPlatformAndCustomerKeys", "customer"),
        ("EncryptionWithMagic", None),
        (None, None),
    ],
)
def test_whose_key_encrypts_a_disk(kind, holder):
    assert disks.key_held_by({"encryption": {"type": kind}}) == holder


@pytest.mark.parametrize(
    ("known", "public", "days", "zones"),
    [
        ({}, None, None, None),
        ({"publicNetworkAccess": "Disabled"}, False, None, None),
        ({"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": False,
          "ipRules": []}, True, None, None),
        ({"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": True,
          "ipRules": []}, False, None, None),
        ({"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": False,
          "ipRules": [{"ipAddressOrRange": "192.0.2.1"}]}, False, None,
         None),
        ({"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": True,
          "ipRules": [{"ipAddressOrRange": "0.0.0.0"}]}, True, None,
         None),
        ({"publicNetworkAccess": "Enabled"}, None, None, None),
        ({"backupPolicy": {"type": "Periodic", "periodicModeProperties": {"backupRetentionIntervalInHours": 192}}}, None, 8, None),
        ({"backupPolicy": {"type": "Periodic"}}, None, None, None),
        ({"backupPolicy": {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous7Days"}}}, None, 7, None),
        ({"backupPolicy": {"type": "Continuous"}}, None, None, None),
        ({"locations": [{"isZoneRedundant": False}]}, None, None, False),
        ({"locations": [{"isZoneRedundant": True}]}, None, None, True),
        ({"locations": [{}, {}]}, None, None, True),
        ({"locations": [{}]}, None, None, None),
    ],
)  # fmt: skip
def test_a_cosmos_account(known, public, days, zones):
    assert (cosmos.public(known), cosmos.backup_days(known.get("backupPolicy")), cosmos.multi_zone(known)) == (
        public,
        days,
        zones,
    )


@pytest.mark.parametrize(
    ("known", "holder"),
    [
        (None, None),
        ({}, "provider"),
        ({"dataEncryption": {"type": "AzureKeyVault"}}, "customer"),
        ({"dataEncryption": {"type": "?"}}, None),
    ],
)
def test_whose_key_encrypts_a_flexible_server(known, holder):
    assert flexible.key_held_by(known) == holder


def rotating(**trigger):
    return {
        "rotationPolicy": {
            "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": trigger}],
            "attributes": {"expiryTime": "P1Y"},
        }
    }


@pytest.mark.parametrize(
    ("whole", "days"),
    [
        ({}, 0),
        ({"rotationPolicy": None}, 0),
        ({"rotationPolicy": {"lifetimeActions": []}}, 0),
        (
            {
                "rotationPolicy": {
                    "lifetimeActions": [{"action": {"type": "notify"}, "trigger": {"timeBeforeExpiry": "P30D"}}]
                }
            },
            0,
        ),
        (rotating(timeAfterCreate="P90D"), 90),
        (rotating(timeBeforeExpiry="P30D"), 335),
        (rotating(timeAfterCreate="whenever"), None),
        (rotating(), None),
        ({"rotationPolicy": {"lifetimeActions": "none"}}, None),
    ],
)
def test_how_often_a_key_rotates(whole, days):
    assert keys.rotation_days(whole) == days


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"enableRbacAuthorization": True}, False),
        ({"accessPolicies": [{"objectId": "someone"}]}, False),
        ({"accessPolicies": []}, False),
        ({"accessPolicies": [{}]}, None),
        ({}, None),
    ],
)
def test_a_vault_names_its_users(known, expected):
    assert keys.open_policy({"properties": known}) is expected


def subnet(name, group=None):
    return {"id": f"/Net/subnets/{name}", "properties": {"networkSecurityGroup": {"id": group}} if group else {}}


@pytest.mark.parametrize(
    ("targets", "subnets", "expected"),
    [
        (["/net"], [], True),
        ([], [], False),
        ([], [subnet("a")], False),
        (["/net/subnets/a"], [subnet("a")], True),
        (["/net/subnets/a"], [subnet("a"), subnet("b")], False),
        (["/guard", "/net/subnets/b"], [subnet("a", "/Guard"), subnet("b")], True),
        ([], None, None),
    ],
)
def test_a_network_is_logged_as_a_whole_or_subnet_by_subnet(targets, subnets, expected):
    item = {"id": "/Net", "properties": {"subnets": subnets}, "flowLogTargets": targets}
    assert networks.flow_logged(item) is expected


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ({"emails": "a@corp.example"}, True),
        ({"email": "a@corp.example"}, True),
        ({"emails": "a@corp.example", "isEnabled": False}, False),
        ({"emails": ""}, False),
        ({"notificationsByRole": {"state": "On", "roles": ["Owner"]}}, True),
        ({"notificationsByRole": {"state": "On", "roles": []}}, False),
        ({"notificationsByRole": {"state": "Off", "roles": ["Owner"]}}, False),
    ],
)
def test_a_contact_reaches_somebody(contact, expected):
    assert subscriptions.registered({"value": [{"properties": contact}]}) is expected


def test_no_contacts_are_none_and_strange_ones_are_not_learned():
    assert subscriptions.registered({"value": []}) is False
    assert subscriptions.registered({}) is False
    assert subscriptions.registered({"value": "x"}) is None


BLOCK = "/providers/Microsoft.Authorization/policyDefinitions/4fa4b6c0-31ca-4c0d-b10d-24b96f62a751"
HERE = "/subscriptions/111122223333"


def assigned(definition=BLOCK, effect="Deny", **more):
    known = {"policyDefinitionId": definition, "parameters": {"effect": {"value": effect}}, "scope": HERE, **more}
    return {"id": "/a", "properties": known}


def exempted(scope=HERE, **more):
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/policyExemptions/x",
        "properties": {"policyAssignmentId": "/A", **more},
    }


@pytest.mark.parametrize(
    ("assignments", "exemptions", "expected"),
    [
        ([], [], False),
        ([assigned()], [], True),
        ([assigned(effect="Audit")], [], False),
        ([assigned(enforcementMode="DoNotEnforce")], [], False),
        ([assigned(notScopes=["/x"])], [], False),
        ([assigned(scope=f"{HERE}/resourceGroups/main")], [], False),
        ([assigned(scope="/providers/Microsoft.Management/managementGroups/top")], [], True),
        ([assigned("/providers/Microsoft.Authorization/policySetDefinitions/y")], [], None),
        ([assigned("/subscriptions/x/providers/Microsoft.Authorization/policyDefinitions/ours")], [], None),
        ([assigned("/providers/Microsoft.Authorization/policyDefinitions/another")], [], False),
        ([assigned()], [exempted()], False),
        ([assigned()], [exempted(expiresOn="2027-01-01")], None),
        ([assigned()], [exempted(f"{HERE}/resourceGroups/main")], True),
        ([assigned()], None, None),
        (None, [], None),
    ],
)
def test_policy_blocks_public_data_if_it_denies_everywhere_and_nothing_is_exempt(assignments, exemptions, expected):
    told = Told({
        "arm.PolicyAssignments": None if assignments is None else {"value": assignments},
        "arm.PolicyExemptions": None if exemptions is None else {"value": exemptions},
    })  # fmt: skip
    assert subscriptions.public_data_blocked(told) is expected


def test_a_database_names_its_server():
    assert server_of({"id": "/s/Servers/Sql/databases/one"}) == "/s/servers/sql"
