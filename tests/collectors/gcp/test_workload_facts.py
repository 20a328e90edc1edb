"""What of an asset changes which fact of machines, groups, functions, services, clusters, registries and vaults."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.demo.google.inventory import FakeInventory
from collectors.gcp.runtimes import ENDS, ends
from collectors.resource import FAR
from tests.collectors.gcp.tables import Row, put, seen
from tests.fakes.gcp_assets import Estate
from tests.fakes.gcp_workloads import CLUSTER, FUNCTION, IMAGES, PAGES, PLACE, SHOP, VAULT, WEB

PROD = "projects/acme-prod"
APP, RULES = f"{PROD}/zones/{PLACE}-b/instances/app", "//compute.googleapis.com/projects/acme-prod"
ROBOTS = f"{PROD}/locations/{PLACE}/functions/resize"
SERVICE, GROUP = f"{PROD}/locations/{PLACE}/services/shop", f"{PROD}/regions/{PLACE}/instanceGroupManagers/web"
SOUND, VERIFIED = f"{PROD}/locations/{PLACE}/clusters/main", f"//binaryauthorization.googleapis.com/{PROD}/policy"
REPORT = "instances/771/vulnerabilityReport"
NODES = {"enabled": True, "cidrBlocks": [{"cidrBlock": "0.0.0.0/1"}, {"cidrBlock": "128.0.0.0/1"}]}
V2 = "http://www.googleapis.com/compute/v1/"
TEMPLATES, LAST = f"{V2}{PROD}/global/instanceTemplates", "lastSuccessfulBackupConsistencyTime"
TABLE: tuple[Row, ...] = (
    # machines
    ("gcp.machines", APP, "", {}, {
        "public_address": False, "boot_verified": True, "central_login": True, "privileged": False, "managed": True, "inventoried": True,
        "missing_patches": 0, "never_backed_up": False, "last_backup": datetime(2026, 11, 5, 3, tzinfo=UTC), "region": PLACE,
    }),
    ("gcp.machines", APP, "", {"networkInterfaces": ...}, {"public_address": None}),
    ("gcp.machines", APP, "", {"networkInterfaces": [{"ipv6AccessConfigs": [{"externalIpv6": "2001:db8::1"}]}]}, {"public_address": True}),
    ("gcp.machines", APP, "", {"shieldedInstanceConfig": ...}, {"boot_verified": False}),
    ("gcp.machines", APP, "", {"shieldedInstanceConfig": ..., "shieldedVmConfig": {"enableSecureBoot": True}}, {"boot_verified": True}),
    ("gcp.machines", APP, "", {"metadata": {"items": [{"key": "enable-oslogin", "value": "false"}]}}, {"central_login": False}),
    ("gcp.machines", APP, RULES, {"commonInstanceMetadata": ...}, {"central_login": False}),
    ("gcp.machines", APP, "", {"serviceAccounts": []}, {"privileged": False}),
    ("gcp.machines", APP, "", {"serviceAccounts": [{"email": "app@acme-data.iam.gserviceaccount.com"}]}, {"privileged": False}),
    ("gcp.machines", f"acme-data/zones/{PLACE}-b/instances/app", "", {}, {
        "public_address": True, "central_login": False, "privileged": True, "managed": False, "inventoried": False, "missing_patches": 2,
        "never_backed_up": True, "last_backup": None,
    }),
    ("gcp.machines", f"acme-data/zones/{PLACE}-b/instances/app", "",
     {"serviceAccounts": [{"email": "app@acme-data.iam.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/logging.write"]}]},
     {"privileged": False}),
    ("gcp.machines", APP, "backupPlanAssociations/app", {"rulesConfigInfo": ...}, {"last_backup": datetime(2026, 11, 5, 3, tzinfo=UTC)}),
    ("gcp.machines", APP, "backupPlanAssociations/app",
     {"resource": f"{PROD}/zones/{PLACE}-b/instances/771", "rulesConfigInfo": [{LAST: "2026-11-06T02:00:00Z"}]},
     {"last_backup": datetime(2026, 11, 6, 2, tzinfo=UTC)}),
    ("gcp.machines", APP, "snapshots/nightly", {"status": "CREATING"}, {"last_backup": datetime(2026, 11, 5, 2, tzinfo=UTC)}),
    ("gcp.machines", APP, REPORT, {"vulnerabilities": ...}, {"missing_patches": 0}),
    ("gcp.machines", APP, REPORT, {"vulnerabilities": [{"availableInventoryItemIds": ["1", "2"]}, {"availableInventoryItemIds": ["2"]}]},
     {"missing_patches": 2}),
    ("gcp.machines", APP, "", {"id": ...}, {"missing_patches": None, "patches_assessed": None}),
    # groups
    ("gcp.machine_groups", GROUP, "", {}, {"grows": True, "multi_zone": True, "privileged": False}),
    ("gcp.machine_groups", GROUP, "", {"targetSize": 6}, {"grows": False}),
    ("gcp.machine_groups", GROUP, "", {"targetSize": ...}, {"grows": None}),
    ("gcp.machine_groups", GROUP, "", {"distributionPolicy": {"zones": [{"zone": "one"}]}}, {"multi_zone": False}),
    ("gcp.machine_groups", GROUP, f"regions/{PLACE}/autoscalers/web", {"autoscalingPolicy.mode": "ONLY_SCALE_IN"}, {"grows": False}),
    ("gcp.machine_groups", GROUP, f"regions/{PLACE}/autoscalers/web", {"autoscalingPolicy.maxNumReplicas": ...}, {"grows": None}),
    ("gcp.machine_groups", GROUP, "", {"instanceTemplate": f"{TEMPLATES}/gone"}, {"privileged": None, "tags": None}),
    ("gcp.machine_groups", GROUP, "", {"instanceTemplate": ..., "versions": [{"instanceTemplate": f"{TEMPLATES}/web"}]},
     {"privileged": False}),
    ("gcp.machine_groups", WEB, "", {}, {"grows": False, "multi_zone": False, "privileged": True, "tags": {}}),
    # functions
    ("gcp.functions", ROBOTS, "", {}, {
        "open_to_callers": False, "transport_encrypted": True, "code_verified": True, "privileged": False, "logged": True,
        "runtime_ends": datetime(2027, 4, 30, tzinfo=UTC), "name": "resize",
    }),
    ("gcp.functions", ROBOTS, "", {"buildConfig.runtime": "cobol85"}, {"runtime_ends": None}),
    ("gcp.functions", ROBOTS, "", {"serviceConfig.binaryAuthorizationPolicy": ...}, {"code_verified": False}),
    ("gcp.functions", ROBOTS, "", {"serviceConfig.securityLevel": "SECURE_OPTIONAL"}, {"transport_encrypted": False}),
    ("gcp.functions", ROBOTS, f"{PROD}/locations/{PLACE}/services/resize", {"invokerIamDisabled": True}, {"open_to_callers": True}),
    ("gcp.functions", ROBOTS, f"{PROD}/sinks/_Default", {"exclusions": [{"filter": "severity<ERROR"}]}, {"logged": True}),
    ("gcp.functions", FUNCTION, "", {}, {
        "open_to_callers": True, "transport_encrypted": False, "code_verified": False, "privileged": True, "logged": False,
        "runtime_ends": datetime(2024, 10, 14, tzinfo=UTC),
    }),
    ("gcp.functions", FUNCTION, "", {"ingressSettings": "ALLOW_INTERNAL_ONLY"}, {"open_to_callers": False}),
    ("gcp.functions", FUNCTION, "", {"httpsTrigger": ..., "eventTrigger": {}}, {"open_to_callers": False, "transport_encrypted": True}),
    ("gcp.functions", FUNCTION, "", {"httpsTrigger.securityLevel": "SECURE_ALWAYS"}, {"transport_encrypted": True}),
    # services
    ("gcp.container_services", SERVICE, "", {}, {
        "open_to_callers": False, "transport_encrypted": True, "code_verified": True, "privileged": False, "runtime_ends": FAR,
    }),
    ("gcp.container_services", SERVICE, VERIFIED, {"defaultAdmissionRule.enforcementMode": "DRYRUN_AUDIT_LOG_ONLY"},
     {"code_verified": False}),
    ("gcp.container_services", SERVICE, VERIFIED, {"defaultAdmissionRule.evaluationMode": "ALWAYS_DENY"}, {"code_verified": True}),
    ("gcp.container_services", SERVICE, VERIFIED, {"defaultAdmissionRule": ...}, {"code_verified": None}),
    ("gcp.container_services", SHOP, "", {}, {"open_to_callers": True, "code_verified": False, "privileged": True, "tags": {}}),
    ("gcp.container_services", SHOP, "", {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}, {"open_to_callers": False}),
    ("gcp.container_services", SHOP, "", {"binaryAuthorization": {"policy": "projects/p/platforms/cloudRun/policies/x"}},
     {"code_verified": True}),
    # App Engine
    ("gcp.web_apps", PAGES, "", {}, {"open_to_callers": True, "transport_encrypted": False, "privileged": True, "logged": False, "tags": {},
                                     "runtime_ends": datetime(2024, 1, 30, tzinfo=UTC), "name": "default/versions/1"}),
    ("gcp.web_apps", PAGES, "", {"handlers": ...}, {"transport_encrypted": False}),
    ("gcp.web_apps", PAGES, "apps/acme-data", {"iap": {"enabled": True}}, {"open_to_callers": False}),
    ("gcp.web_apps", PAGES, "apps/acme-data/services/default",
     {"networkSettings": {"ingressTrafficAllowed": "INGRESS_TRAFFIC_ALLOWED_INTERNAL_ONLY"}}, {"open_to_callers": False}),
    ("gcp.web_apps", "apps/acme-prod/services/default/versions/1", "", {},
     {"open_to_callers": False, "transport_encrypted": True, "privileged": False, "logged": True}),
    # clusters
    ("gcp.clusters", SOUND, "", {}, {
        "api_open": False, "secrets_encrypted": True, "audit_logged": True, "version_ends": FAR, "nodes_private": True,
        "traffic_limited": True, "workload_identity": True, "images_verified": True, "multi_zone": True,
        "legacy_access": False, "nodes_renewed": True, "nodes_verified": True,
    }),
    ("gcp.clusters", CLUSTER, "", {}, {
        "api_open": True, "secrets_encrypted": False, "audit_logged": False, "version_ends": datetime(2025, 2, 4, tzinfo=UTC),
        "nodes_private": False, "traffic_limited": False, "workload_identity": False, "images_verified": False, "multi_zone": False,
        "legacy_access": True, "nodes_renewed": False, "nodes_verified": False,
    }),
    ("gcp.clusters", SOUND, "", {"masterAuth": ...}, {"legacy_access": None}),
    ("gcp.clusters", SOUND, "", {"legacyAbac": ...}, {"legacy_access": None}),
    ("gcp.clusters", SOUND, "", {"legacyAbac": {"enabled": True}, "masterAuth": ...}, {"legacy_access": True}),
    ("gcp.clusters", SOUND, "", {"masterAuth.username": "admin"}, {"legacy_access": True}),
    ("gcp.clusters", SOUND, "", {"masterAuth.clientCertificateConfig": {"issueClientCertificate": True}}, {"legacy_access": True}),
    ("gcp.clusters", SOUND, "", {"masterAuth.clientCertificateConfig": {}}, {"legacy_access": False}),
    ("gcp.clusters", SOUND, "", {"nodePools": [{"management": {"autoUpgrade": True}}, {"management": {"autoRepair": True}}]},
     {"nodes_renewed": False, "nodes_verified": False}),
    ("gcp.clusters", SOUND, "", {"nodePools": ...}, {"nodes_renewed": None, "nodes_verified": None}),
    ("gcp.clusters", SOUND, "", {"shieldedNodes": ...}, {"nodes_verified": False}),
    ("gcp.clusters", CLUSTER, "", {"autopilot": {"enabled": True}}, {"nodes_renewed": True, "nodes_verified": True}),
    ("gcp.clusters", SOUND, "", {"masterAuthorizedNetworksConfig": NODES}, {"api_open": True}),
    ("gcp.clusters", SOUND, "", {"masterAuthorizedNetworksConfig.cidrBlocks": [{"cidrBlock": "?"}]}, {"api_open": None}),
    ("gcp.clusters", SOUND, "", {"masterAuthorizedNetworksConfig.cidrBlocks": []}, {"api_open": False}),
    ("gcp.clusters", CLUSTER, "", {"privateClusterConfig": {"enablePrivateEndpoint": True}}, {"api_open": False}),
    ("gcp.clusters", CLUSTER, "", {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}}, {"api_open": False}),
    ("gcp.clusters", CLUSTER, "", {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {
        "enabled": True, "enablePublicEndpoint": True, "authorizedNetworksConfig": {"enabled": True}}}}, {"api_open": False}),
    ("gcp.clusters", CLUSTER, "", {"autopilot": {"enabled": True}},
     {"traffic_limited": True, "workload_identity": True, "version_ends": FAR}),
    ("gcp.clusters", CLUSTER, "", {"currentMasterVersion": "1.9.7-gke.3"}, {"version_ends": datetime(2024, 8, 31, tzinfo=UTC)}),
    ("gcp.clusters", CLUSTER, "", {"currentMasterVersion": "2.1"}, {"version_ends": None}),
    ("gcp.clusters", CLUSTER, "", {"currentMasterVersion": "?"}, {"version_ends": None}),
    ("gcp.clusters", SOUND, "", {"nodePools": [{"networkConfig": {"enablePrivateNodes": False}}]}, {"nodes_private": False}),
    ("gcp.clusters", SOUND, "", {"nodePools": ...}, {"nodes_private": True}),
    ("gcp.clusters", SOUND, "", {"binaryAuthorization": {"enabled": True}}, {"images_verified": True}),
    ("gcp.clusters", SOUND, "", {"binaryAuthorization.evaluationMode": "POLICY_BINDINGS"}, {"images_verified": None}),
    ("gcp.clusters", SOUND, VERIFIED, {"clusterAdmissionRules": {f"{PLACE}.main": {"evaluationMode": "ALWAYS_ALLOW"}}},
     {"images_verified": False}),
    ("gcp.clusters", SOUND, "", {"loggingConfig": {"componentConfig": {}}}, {"audit_logged": False}),
    ("gcp.clusters", SOUND, "", {"loggingConfig": ...}, {"audit_logged": True}),
    # registries and vaults
    ("gcp.registries", f"{PROD}/locations/{PLACE}/repositories/images", "", {},
     {"scanned": True, "immutable": True, "public": False}),
    ("gcp.registries", f"{PROD}/locations/{PLACE}/repositories/images", "", {"vulnerabilityScanningConfig": ...}, {"scanned": True}),
    ("gcp.registries", f"{PROD}/locations/{PLACE}/repositories/images", "",
     {"vulnerabilityScanningConfig": {"enablementConfig": "DISABLED"}, "cleanupPolicyDryRun": True},
     {"scanned": False}),
    ("gcp.registries", IMAGES, "", {}, {"scanned": False, "immutable": False, "public": True}),
    ("gcp.vaults", f"{PROD}/locations/europe-west4/backupVaults/main", "", {},
     {"locked": True, "copied_elsewhere": True, "failing": False, "key_held_by": "customer"}),
    ("gcp.vaults", VAULT, "", {}, {"locked": False, "copied_elsewhere": False, "failing": True}),
    ("gcp.vaults", VAULT, "", {"backupMinimumEnforcedRetentionDuration": "0s"}, {"locked": False}),
)  # fmt: skip


@pytest.mark.parametrize(("collector", "end", "changed", "changes", "facts"), TABLE)
@pytest.mark.slow
@pytest.mark.sampled
def test_an_asset_makes_these_facts(
    inventory: FakeInventory,
    estate: Estate,
    collector: str,
    end: str,
    changed: str,
    changes: dict[str, Any],
    facts: dict[str, Any],
) -> None:
    inventory.page_size = 1000
    assets = [one for one in estate.assets if one["name"].endswith(changed or end) and one.get("resource")]
    put(min(assets, key=lambda one: one["assetType"])["resource"]["data"], changes)
    found = seen(collector, end)
    assert {name: getattr(found, name) for name in facts} == facts


def test_a_function_is_seen_once_and_is_no_service(inventory: FakeInventory, estate: Estate) -> None:
    assert seen("gcp.functions", FUNCTION).runtime_ends == ends("python38")
    with pytest.raises(ValueError, match="not enough values"):
        seen("gcp.container_services", f"{PROD}/locations/{PLACE}/services/resize")


def test_a_vault_of_several_regions_is_elsewhere(inventory: FakeInventory, estate: Estate) -> None:
    vault = estate.named(VAULT)
    vault["resource"]["location"] = "us"
    assert seen("gcp.vaults", VAULT).copied_elsewhere is True


def test_a_machine_whose_disks_are_copied_in_part_cannot_be_brought_back(
    inventory: FakeInventory, estate: Estate
) -> None:
    estate.assets.remove(estate.named("backupPlanAssociations/app"))
    disks = estate.named(APP)["resource"]["data"]["disks"]
    disks.append({"type": "PERSISTENT", "source": f"{V2}{PROD}/zones/{PLACE}-b/disks/data"})
    assert seen("gcp.machines", APP).never_backed_up is True
    disks.pop()
    assert seen("gcp.machines", APP).never_backed_up is False


def test_an_image_of_the_whole_machine_is_a_copy(inventory: FakeInventory, estate: Estate) -> None:
    copy = {
        "sourceInstance": f"{V2}projects/acme-data/zones/{PLACE}-b/instances/app",
        "creationTimestamp": "2026-11-04T00:00:00Z",
    }
    name = "//compute.googleapis.com/projects/acme-data/global/machineImages/app"
    estate.add("compute.googleapis.com/MachineImage", name, "acme-data", copy)
    found = seen("gcp.machines", f"acme-data/zones/{PLACE}-b/instances/app")
    assert found.last_backup == datetime(2026, 11, 4, tzinfo=UTC)


def test_an_agent_that_fell_silent_is_not_in_contact_and_what_it_said_stays(
    inventory: FakeInventory, estate: Estate
) -> None:
    estate.named(APP)["osInventory"]["updateTime"] = "2026-11-04T00:00:00Z"
    found = seen("gcp.machines", APP)
    assert (found.managed, found.inventoried) == (False, True)


def test_where_nothing_says_what_signs_images_nothing_is_learned(inventory: FakeInventory, estate: Estate) -> None:
    estate.assets.remove(estate.named(VERIFIED))
    assert seen("gcp.clusters", SOUND).images_verified is None


def test_of_a_machines_metadata_only_switches_are_kept(inventory: FakeInventory) -> None:
    assert "startup-script" not in repr(seen("gcp.machines", APP))


@pytest.mark.parametrize(("severity", "word"), [("MINIMAL", "low"), ("HIGH", "high"), ("NONE", None), (..., None)])
def test_a_vulnerability_is_as_severe_as_it_is_said_to_be(
    inventory: FakeInventory, estate: Estate, severity: Any, word: str | None
) -> None:
    put(estate.named(REPORT)["resource"]["data"]["vulnerabilities"][0], {"details.severity": severity})
    found = seen("gcp.vulnerabilities", f"{REPORT}#CVE-2026-0003")
    assert (found.severity, found.fixable) == (word, True)
    assert found.subject.endswith("instances/771")


def test_every_runtime_of_the_table_ends_on_a_day() -> None:
    assert all(ends(runtime) for runtime in ENDS)
    assert ends("custom") == FAR
    assert ends(None) is None
