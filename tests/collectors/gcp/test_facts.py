"""What of an asset changes which fact, and what is not learned: tables over assets of the small organisation."""

from typing import Any

import pytest

from agent.demo.google.inventory import FakeInventory
from agent.programme import GcpScope
from collectors.gcp.powers import administered, predefined
from collectors.ranges import world
from collectors.resource import PortRange
from tests.collectors.gcp.tables import BY_NAME, put, seen
from tests.fakes.gcp_estate import DATA, NUMBERS, ORGANIZATION, PRODUCTION, Estate, booleans, policy
from tests.fakes.gcp_looking import kept, look

PROD = "projects/acme-prod"
FOREIGN = "foreign_trust"
KEYS = f"{PROD}/locations/europe-west1/keyRings/main/cryptoKeys"
WORLD = {"0.0.0.0/0": True, "0.0.0.0/1": False, "10.0.0.0/8": False, "::/0": True, "2000::/3": True, "fd00::/8": False}
SSH, ANY = PortRange(protocol="tcp", first=22, last=22), PortRange(protocol="any", first=0, last=65535)


TABLE: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...] = (
    # buckets
    ("gcp.buckets", "acme-prod-objects", {}, {"key_held_by": "customer", "versioned": True, "public": False, "access_logged": True,
                                             "transport_encrypted": True, "region": "eu", "content_expires": True,
                                             "tags": {"classification": "internal", "owner": "platform", "tier": "one"},
                                             "foreign_access": ()}),
    ("gcp.buckets", "acme-prod-objects", {"encryption": ..., "versioning.enabled": False}, {"key_held_by": "provider", "versioned": False}),
    ("gcp.buckets", "acme-data-objects", {}, {"public": True, "transport_encrypted": False, "access_logged": False}),
    ("gcp.buckets", "acme-data-objects", {"iamConfiguration.publicAccessPrevention": "enforced"}, {"public": False}),
    ("gcp.buckets", "acme-data-objects", {"logging": {"logBucket": "logs"}}, {"access_logged": True}),
    ("gcp.buckets", "acme-data-objects", {"labels": ...}, {"tags": {}}),
    # databases
    ("gcp.databases", f"{PROD}/instances/main", {}, {"backup_days": 14, "multi_zone": True, "public": False, "transport_encrypted": True,
                                                     "deletion_protected": True, "region": "europe-west1"}),
    ("gcp.databases", f"{PROD}/instances/main", {"settings.backupConfiguration.backupRetentionSettings": ...}, {"backup_days": 7}),
    ("gcp.databases", f"{PROD}/instances/main", {"settings.backupConfiguration.backupRetentionSettings.retainedBackups": "30"},
     {"backup_days": 30}),
    ("gcp.databases", f"{PROD}/instances/main", {"settings.backupConfiguration": ...}, {"backup_days": 0}),
    ("gcp.databases", f"{PROD}/instances/main", {"settings": ...}, {"backup_days": None, "multi_zone": None, "public": None,
                                                                   "transport_encrypted": None, "deletion_protected": None}),
    ("gcp.databases", f"{PROD}/instances/main", {"settings.ipConfiguration": {"ipv4Enabled": True, "requireSsl": True}},
     {"public": False, "transport_encrypted": True}),
    ("gcp.databases", f"{PROD}/instances/main",
     {"settings.ipConfiguration": {"ipv4Enabled": True, "sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
                                                 "authorizedNetworks": [{"value": "0.0.0.0/1"}, {"value": "128.0.0.0/1"}]}},
     {"public": True, "transport_encrypted": False}),
    ("gcp.databases", f"{PROD}/instances/main", {"settings.ipConfiguration": {"ipv4Enabled": True, "authorizedNetworks": [{"value": "?"}]}},
     {"public": None}),
    ("gcp.databases", f"{PROD}/instances/main", {"diskEncryptionConfiguration.kmsKeyName": "k", "settings.deletionProtectionEnabled": True},
     {"key_held_by": "customer", "deletion_protected": True}),
    # keys
    ("gcp.keys", f"{KEYS}/storage", {},
     {"state": "enabled", "rotation_days": 90, "rotatable": True, "open_policy": False}),
    ("gcp.keys", f"{KEYS}/storage", {"rotationPeriod": "31536001s"}, {"rotation_days": 366}),
    ("gcp.keys", f"{KEYS}/storage", {"rotationPeriod": ...}, {"rotation_days": 0}),
    ("gcp.keys", f"{KEYS}/storage", {"rotationPeriod": "soon"}, {"rotation_days": None}),
    ("gcp.keys", f"{KEYS}/storage", {"purpose": "ASYMMETRIC_SIGN", "primary": ...}, {"rotatable": False, "state": "enabled"}),
    ("gcp.keys", f"{KEYS}/storage", {"purpose": ...}, {"rotatable": None}),
    ("gcp.keys", f"{KEYS}/storage", {"importOnly": True}, {"rotatable": False}),
    ("gcp.keys", f"{KEYS}/storage", {"versionTemplate.protectionLevel": "EXTERNAL_VPC"}, {"rotatable": False}),
    ("gcp.keys", f"{KEYS}/storage", {"primary.state": "DISABLED"}, {"state": "disabled"}),
    ("gcp.keys", f"{KEYS}/storage", {"primary.state": "DESTROY_SCHEDULED"}, {"state": "pending deletion"}),
    ("gcp.keys", f"{DATA}/locations/europe-west1/keyRings/main/cryptoKeys/old", {}, {"state": "pending deletion", "open_policy": True}),
    # networks and firewalls
    ("gcp.networks", f"{PROD}/regions/europe-west1/subnetworks/main", {}, {"flow_logged": True, "default": False}),
    ("gcp.networks", f"{PROD}/regions/europe-west1/subnetworks/main", {"enableFlowLogs": ..., "logConfig": ...}, {"flow_logged": False}),
    ("gcp.networks", f"{PROD}/regions/europe-west1/subnetworks/main", {"network": ...}, {"default": None}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {}, {"open_to_world": (SSH,), "default": True, "rules": 1}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"direction": "EGRESS"}, {"open_to_world": ()}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"sourceRanges": ...}, {"open_to_world": (SSH,)}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"sourceRanges": ..., "sourceTags": ["web"]},
     {"open_to_world": ()}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"allowed": ..., "denied": [{"IPProtocol": "all"}]},
     {"open_to_world": ()}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"allowed": ...}, {"open_to_world": None}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"allowed": [{"IPProtocol": "all"}]}, {"open_to_world": (ANY,)}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/default-allow-ssh", {"allowed": [{"IPProtocol": "17"}, {"IPProtocol": "icmp"}]},
     {"open_to_world": (PortRange(protocol="udp", first=0, last=65535),)}),
    ("gcp.firewall_rules", f"{DATA}/global/firewalls/web", {"network": "n/other"}, {"default": False}),
    ("gcp.hierarchical_firewalls", "firewallPolicies/7002", {}, {"open_to_world": (ANY,), "default": False, "rules": 1}),
    ("gcp.hierarchical_firewalls", "firewallPolicies/7002", {"rules": ...}, {"open_to_world": None, "rules": None}),
    ("gcp.firewall_policies", f"{PROD}/global/firewallPolicies/edge", {}, {"open_to_world": (), "rules": 0}),
    # copies and datasets
    ("gcp.snapshots", f"{PROD}/global/snapshots/nightly", {}, {"key_held_by": "customer", "public": False, "kind": "snapshot"}),
    ("gcp.snapshots", f"{DATA}/global/images/base", {}, {"key_held_by": "provider", "public": True, "kind": "image"}),
    ("gcp.disks", f"{PROD}/zones/europe-west1-b/disks/root", {"diskEncryptionKey": {"sha256": "x="}}, {"key_held_by": "customer",
                                                                                                     "region": "europe-west1"}),
    ("gcp.datasets", f"{DATA}/datasets/facts", {}, {"public": True, "key_held_by": "provider"}),
    ("gcp.datasets", f"{DATA}/datasets/facts", {"access": [{"role": "READER", "iamMember": "allUsers"}]}, {"public": True}),
    ("gcp.datasets", f"{DATA}/datasets/facts", {"access": ...}, {"public": False}),
    # sinks
    ("gcp.trails", f"{PROD}/sinks/audit", {}, {"logging": True, "validated": True, "key_held_by": "customer", "management_events": True}),
    ("gcp.trails", f"{PROD}/sinks/audit", {"filter": "severity>=ERROR"}, {"management_events": None}),
    ("gcp.trails", f"{PROD}/sinks/audit", {"disabled": True}, {"logging": False}),
    ("gcp.trails", f"{PROD}/sinks/audit", {"destination": "pubsub.googleapis.com/projects/x/topics/t"},
     {"validated": None, "key_held_by": None}),
    ("gcp.trails", f"{PROD}/sinks/audit", {"destination": "bigquery.googleapis.com/projects/acme-prod/datasets/facts"},
     {"validated": False, "key_held_by": "customer", "watched": True, "store_access_logged": True, "store_public": False}),
    ("gcp.trails", f"{DATA}/sinks/audit", {}, {"validated": False, "key_held_by": "provider", "managed_by": "customer"}),
    ("gcp.trails", f"{DATA}/sinks/_Default", {}, {"managed_by": "provider", "validated": None}),
    ("gcp.aggregated_trails", "sinks/everything", {}, {"organization": True, "validated": True}),
    # service accounts
    ("gcp.service_accounts", "serviceAccounts/900000000001", {}, {"console": False}),
)  # fmt: skip


@pytest.mark.parametrize(("collector", "end", "changes", "facts"), TABLE)
def test_an_asset_makes_these_facts(
    inventory: FakeInventory, estate: Estate, collector: str, end: str, changes: dict[str, Any], facts: dict[str, Any]
) -> None:
    put(estate.named(end)["resource"]["data"], changes)
    found = seen(collector, end)
    assert {name: getattr(found, name) for name in facts} == facts


@pytest.mark.parametrize(
    ("own", "above", "blocked"),
    [(None, None, False), (True, None, True), (None, True, True), (False, True, False), (True, False, True)],
)
def test_the_nearest_organisation_policy_decides(
    inventory: FakeInventory, estate: Estate, own: bool | None, above: bool | None, blocked: bool
) -> None:
    for name, said in ((NUMBERS["acme-data"], own), (ORGANIZATION, above)):
        asset = estate.named(f"googleapis.com/{name}")
        asset.pop("orgPolicy", None)
        if said is not None:
            asset["orgPolicy"] = booleans(storage_publicAccessPrevention=said)
    assert seen("gcp.projects", NUMBERS["acme-data"]).public_data_blocked is blocked


@pytest.mark.parametrize(
    ("categories", "state", "told"),
    [
        (["SECURITY"], "VALID", True),
        (["ALL"], ..., True),
        (["BILLING"], "VALID", False),
        (["SECURITY"], "INVALID", False),
    ],
)
def test_a_contact_is_one_for_security_that_works(
    inventory: FakeInventory, estate: Estate, categories: list[str], state: Any, told: bool
) -> None:
    put(
        estate.named("contacts/1")["resource"]["data"],
        {"notificationCategorySubscriptions": categories, "validationState": state},
    )
    assert seen("gcp.projects", NUMBERS["acme-prod"]).security_contact is told


@pytest.mark.parametrize(
    ("audited", "exempt", "logged"),
    [((), (), True), (("ADMIN_READ",), (), True), (("ADMIN_READ",), ("user:eve@corp.example",), False)],
)
def test_audit_configurations_add_up_and_exemptions_leave_somebody_out(
    inventory: FakeInventory, estate: Estate, audited: tuple[str, ...], exempt: tuple[str, ...], logged: bool
) -> None:
    estate.named(PRODUCTION)["iamPolicy"] = policy({}, audited=audited, exempt=exempt)
    assert seen("gcp.regions", f"{NUMBERS['acme-prod']}/locations/global").activity_logged is logged


@pytest.mark.parametrize(
    ("member", "strangers"),
    [
        ("user:eve@vendor.example", ("vendor.example",)),
        ("group:all@corp.example", ()),
        ("domain:corp.example", ()),
        ("allAuthenticatedUsers", ("*",)),
        ("serviceAccount:robot@acme-logs.iam.gserviceaccount.com", ()),
        ("serviceAccount:robot@elsewhere-1.iam.gserviceaccount.com", ("elsewhere-1",)),
        ("serviceAccount:900000000002-compute@developer.gserviceaccount.com", ()),
        ("serviceAccount:acme-prod@appspot.gserviceaccount.com", ()),
        ("serviceAccount:acme-prod.svc.id.goog[space/name]", ()),
        ("principalSet://iam.googleapis.com/projects/900000000001/locations/global/workloadIdentityPools/p/*", ()),
        ("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*", ("projects/1",)),
        ("deleted:user:eve@vendor.example?uid=1", ()),
        ("somebody else", None),
    ],
)
def test_strangers_are_told_from_our_own(
    inventory: FakeInventory, estate: Estate, member: str, strangers: tuple[str, ...] | None
) -> None:
    estate.named("serviceAccounts/900000000001")["iamPolicy"] = policy({"roles/iam.serviceAccountUser": [member]})
    found = seen("gcp.entitlements", "serviceAccounts/900000000001")
    assert found.foreign_trust == strangers
    assert found.foreign_trust_guarded is (False if strangers else None)


def test_a_condition_guards_a_trust(inventory: FakeInventory, estate: Estate) -> None:
    asset = estate.named(f"{DATA}/serviceAccounts/900000000002")
    asset["iamPolicy"]["bindings"][0]["condition"] = {
        "title": "until May",
        "expression": "request.time < timestamp('2027-05-01T00:00:00Z')",
    }
    assert seen("gcp.entitlements", "serviceAccounts/900000000002").foreign_trust_guarded is True


def test_rights_from_above_count_on_the_project_and_are_cited(inventory: FakeInventory, estate: Estate) -> None:
    """Keys here and data above: the same group holds both on this project."""
    estate.named(ORGANIZATION)["iamPolicy"] = policy({"roles/cloudkms.admin": ["group:storage@corp.example"]})
    found = look(collectors=[BY_NAME["gcp.entitlements"], BY_NAME["gcp.inherited_entitlements"]])
    planes = {
        (one.id.split("#")[0], one.planes) for one in found.resources.values() if one.planes and "#group:" in one.id
    }
    assert ("//cloudresourcemanager.googleapis.com/projects/900000000001", ("data", "keys")) in planes
    assert (f"//cloudresourcemanager.googleapis.com/{ORGANIZATION}", ("keys",)) in planes
    (sighting,) = [
        one
        for visit in found.visits.values()
        for one in visit.sightings
        if one.resource.planes == ("data", "keys") and "900000000001#group:" in one.resource.id
    ]
    assert f"//cloudresourcemanager.googleapis.com/{ORGANIZATION}" in sighting.cites


def test_googles_own_agents_are_inherited(inventory: FakeInventory) -> None:
    found = seen("gcp.entitlements", "900000000001#serviceAccount:900000000001@cloudservices.gserviceaccount.com")
    assert found.managed_by == "provider"


def test_a_custom_role_that_is_not_seen_leaves_the_facts_unlearned(inventory: FakeInventory, estate: Estate) -> None:
    estate.assets.remove(estate.named("projects/acme-prod/roles/auditor"))
    found = look(collectors=[BY_NAME["gcp.entitlements"]])
    blind = [one for key, one in found.resources.items() if "acme-prod/" in key and one.administrator is None]
    assert len(blind) == 1


@pytest.mark.parametrize(
    ("role", "planes"),
    [
        ("roles/storage.admin", {"data"}), ("roles/cloudkms.admin", {"keys"}), ("roles/logging.configWriter", {"logging"}),
        ("roles/editor", {"data", "keys", "logging"}), ("roles/iam.securityAdmin", {"data", "keys", "logging"}),
        ("roles/viewer", set()), ("roles/compute.admin", set()), ("roles/storage.objectCreator", set()),
    ],
)  # fmt: skip
def test_a_role_of_googles_is_told_by_its_name(role: str, planes: set[str]) -> None:
    assert predefined(role) == planes


@pytest.mark.parametrize(
    ("permissions", "planes"),
    [
        (("storage.buckets.delete",), {"data"}), (("storage.objects.delete", "logging.logEntries.create"), set()),
        (("cloudkms.cryptoKeys.setIamPolicy", "logging.sinks.update"), {"keys", "logging"}),
        (("resourcemanager.projects.setIamPolicy",), {"data", "keys", "logging"}), (("compute.disks.create", "storage.buckets.get"), set()),
    ],
)  # fmt: skip
def test_a_custom_role_is_told_by_its_permissions(permissions: tuple[str, ...], planes: set[str]) -> None:
    assert administered(permissions) == planes


@pytest.mark.parametrize(("source", "whole"), WORLD.items())
def test_ranges_are_the_world_or_not(source: str, whole: bool) -> None:
    assert world([source]) is whole


def test_two_halves_are_the_world_and_nothing_is_not() -> None:
    assert world(["0.0.0.0/1", "128.0.0.0/1"])
    assert not world([])


def test_keys_are_listed_where_their_account_is_not_yet(inventory: FakeInventory, estate: Estate) -> None:
    account = "serviceAccounts/900000000002"
    estate.assets.remove(estate.named(f"{DATA}/{account}"))
    found = seen("gcp.service_accounts", account)
    assert [key.active for key in found.keys] == [True]


def test_a_policy_that_is_listed_before_its_bucket_is_judged(inventory: FakeInventory, estate: Estate) -> None:
    del estate.named("acme-data-objects")["resource"]
    found = seen("gcp.buckets", "acme-data-objects")
    assert (found.public, found.versioned, found.access_logged) == (True, None, None)


def test_a_disabled_account_has_no_active_key(inventory: FakeInventory, estate: Estate) -> None:
    put(estate.named("serviceAccounts/900000000002")["resource"]["data"], {"disabled": True})
    found = seen("gcp.service_accounts", "serviceAccounts/900000000002")
    assert [key.active for key in found.keys] == [False]


def test_a_malformed_asset_costs_its_own_facts_only(inventory: FakeInventory, estate: Estate) -> None:
    estate.named("acme-data-objects")["resource"]["data"] = {
        "acl": [{}],
        "labels": ["no"],
        "encryption": "?",
        "timeCreated": "?",
    }
    estate.named(f"{DATA}/global/firewalls/web")["resource"]["data"] = {
        "allowed": [{"IPProtocol": "tcp", "ports": ["?"]}]
    }
    found = look()
    assert found.gaps == []
    (web,) = [one for one in found.resources.values() if one.id.endswith(f"{DATA}/global/firewalls/web")]
    assert web.open_to_world is None


@pytest.mark.parametrize(("domains", "strangers"), [((), ("vendor.example",)), (("Vendor.example",), ())])
def test_a_second_domain_of_ours_is_said_by_the_programme(
    inventory: FakeInventory, domains: tuple[str, ...], strangers: tuple[str, ...]
) -> None:
    found = look(GcpScope(organization="123456789012", domains=domains), [BY_NAME["gcp.entitlements"]])
    (eve,) = [
        one
        for one in found.resources.values()
        if one.id == kept("//cloudresourcemanager.googleapis.com/projects/900000000002#user:eve@vendor.example")
    ]
    assert getattr(eve, FOREIGN) == strangers
