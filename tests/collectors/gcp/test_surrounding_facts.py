"""What of an asset changes which fact of what the organisation is reached through, keeps, restrains itself by and is watched by."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.demo.google.inventory import FakeInventory
from collectors.gcp.alerting import recognised
from collectors.gcp.certificates import algorithm
from collectors.gcp.keys import algorithm as key_algorithm
from collectors.gcp.plumbing import led_to, spread
from collectors.resource import FAR
from tests.collectors.gcp.tables import Row, put, seen
from tests.fakes.gcp_assets import CRM, NUMBERS, ORGANIZATION, PRODUCTION, Estate, booleans, listed
from tests.fakes.gcp_surroundings import EC_P256, FILTERS, RSA_1024

DATA, PROD, LOGS = (NUMBERS[project] for project in ("acme-data", "acme-prod", "acme-logs"))
ROOT = "projects/acme-prod/global"
WEB, PLAIN = f"{ROOT}/forwardingRules/web", f"{ROOT}/forwardingRules/plain"
OURS, URL = f"{PROD.split('/')[1]}/secrets/db", f"https://www.googleapis.com/compute/v1/{ROOT}"
KEY = "projects/acme-prod/locations/europe-west1/keyRings/main/cryptoKeys/storage"
ALLOY = "acme-prod/locations/europe-west1/clusters/orders"
SQL, BUCKET = "projects/acme-prod/instances/main", "acme-prod-objects"
SPANNER, BIGTABLE = f"{SQL}/databases/orders", "projects/acme-prod/instances/events"
OLD = {"rule": [{"action": {"type": "Delete"}, "condition": {"isLive": False, "age": 3}}]}
TABLE: tuple[Row, ...] = (
    # load balancers
    ("gcp.endpoints", WEB, "", {}, {
        "public": True, "transport_encrypted": True, "oldest_tls": "1.2", "filtered": True, "access_logged": True, "multi_zone": True,
    }),
    ("gcp.endpoints", WEB, "", {"loadBalancingScheme": "INTERNAL_MANAGED"}, {"public": False}),
    ("gcp.endpoints", WEB, f"{ROOT}/targetHttpsProxies/web", {"sslPolicy": ...}, {"oldest_tls": "1.0"}),
    ("gcp.endpoints", WEB, f"{ROOT}/sslPolicies/strict", {"minTlsVersion": "TLS_1_3"}, {"oldest_tls": "1.3"}),
    ("gcp.endpoints", WEB, f"{ROOT}/sslPolicies/strict", {"minTlsVersion": "TLS_9"}, {"oldest_tls": None}),
    ("gcp.endpoints", WEB, f"{ROOT}/targetHttpsProxies/web", {"sslPolicy": f"{URL}/sslPolicies/gone"}, {"oldest_tls": None}),
    ("gcp.endpoints", WEB, f"{ROOT}/backendServices/web", {"logConfig": {"enable": False}}, {"access_logged": False}),
    ("gcp.endpoints", WEB, f"{ROOT}/backendServices/web", {"backends": ...}, {"multi_zone": None}),
    ("gcp.endpoints", WEB, f"{ROOT}/urlMaps/web", {"defaultService": f"{URL}/backendServices/gone"},
     {"filtered": None, "access_logged": None, "multi_zone": None}),
    ("gcp.endpoints", WEB, f"{ROOT}/targetHttpsProxies/web", {"urlMap": f"{URL}/urlMaps/gone"}, {"filtered": None}),
    ("gcp.endpoints", PLAIN, "", {}, {"transport_encrypted": True, "oldest_tls": "none", "filtered": True, "access_logged": None,
                                      "multi_zone": True}),
    ("gcp.endpoints", PLAIN, f"{ROOT}/urlMaps/plain", {"pathMatchers": [{"defaultService": f"{URL}/backendServices/web"}]},
     {"transport_encrypted": False}),
    ("gcp.endpoints", PLAIN, "", {"target": f"{URL}/targetTcpProxies/gone"}, {"transport_encrypted": None, "filtered": None}),
    ("gcp.endpoints", PLAIN, "", {"target": ..., "backendService": f"{URL}/backendServices/web"},
     {"transport_encrypted": None, "oldest_tls": "none", "filtered": True, "access_logged": True}),
    ("gcp.endpoints", "acme-data/global/forwardingRules/web", "", {},
     {"oldest_tls": "1.0", "filtered": False, "access_logged": False, "multi_zone": False}),
    # certificates and secrets
    ("gcp.certificates", "locations/global/certificates/shop", "", {},
     {"renews": True, "algorithm": "EC-P256", "expires": datetime(2026, 11, 20, tzinfo=UTC)}),
    ("gcp.certificates", "locations/global/certificates/shop", "", {"pemCertificate": ...}, {"algorithm": None}),
    ("gcp.certificates", "sslCertificates/shop", "", {},
     {"renews": False, "algorithm": "RSA-1024", "expires": datetime(2026, 11, 15, 7, tzinfo=UTC)}),
    ("gcp.certificates", "sslCertificates/shop", "", {"type": "MANAGED", "certificate": "?"}, {"renews": True, "algorithm": None}),
    ("gcp.secrets", OURS, "", {}, {"renews": True, "expires": FAR, "open_policy": False, "key_held_by": "customer",
                                   "rotated": datetime(2026, 10, 20, 8, tzinfo=UTC)}),
    ("gcp.secrets", OURS, "", {"rotation": ..., "expireTime": "2027-01-01T00:00:00Z"},
     {"renews": False, "expires": datetime(2027, 1, 1, tzinfo=UTC)}),
    ("gcp.secrets", OURS, "", {"replication": {"automatic": {}}}, {"key_held_by": "provider"}),
    ("gcp.secrets", OURS, "", {"replication": {"userManaged": {"replicas": [
        {"customerManagedEncryption": {"kmsKeyName": "k"}}, {"location": "europe-west1"}]}}}, {"key_held_by": "provider"}),
    ("gcp.secrets", "900000000002/secrets/db", "", {}, {"open_policy": True, "renews": False}),
    # logs
    ("gcp.log_stores", "acme-prod/locations/global/buckets/_Default", "", {},
     {"retention_days": 400, "locked": True, "key_held_by": "provider", "managed_by": "customer"}),
    ("gcp.log_stores", "acme-prod/locations/global/buckets/_Default", "", {"retentionDays": ...}, {"retention_days": 30}),
    ("gcp.log_stores", "acme-prod/locations/global/buckets/_Required", "", {}, {"managed_by": "provider"}),
    ("gcp.trails", "projects/acme-data/sinks/audit", "", {},
     {"store_public": True, "store_access_logged": False, "store_locked": False, "watched": False}),
    ("gcp.trails", "projects/acme-prod/sinks/audit", "", {}, {"store_public": False, "store_access_logged": True, "store_locked": True,
                                                              "watched": True}),
    ("gcp.trails", "projects/acme-prod/sinks/audit", "", {"destination": "pubsub.googleapis.com/projects/x/topics/t"},
     {"watched": True, "store_public": None}),
    ("gcp.aggregated_trails", "sinks/archive", "", {}, {"store_public": False, "store_locked": True, "watched": False}),
    # keys and stores
    ("gcp.keys", KEY, "", {}, {
        "algorithm": "AES-256", "hardware_held": True, "expires": FAR, "recoverable_days": 30, "single_purpose": True,
    }),
    ("gcp.keys", KEY, "", {"versionTemplate": {}, "primary": {}}, {"algorithm": None, "hardware_held": None}),
    ("gcp.keys", KEY, "", {"primary.protectionLevel": "EXTERNAL"}, {"hardware_held": None}),
    ("gcp.keys", KEY, "", {"primary.protectionLevel": "SOFTWARE"}, {"hardware_held": False}),
    ("gcp.keys", KEY, "", {"destroyScheduledDuration": ...}, {"recoverable_days": None}),
    ("gcp.served_databases", SPANNER, "", {}, {
        "key_held_by": "customer", "public": False, "backup_days": 30, "deletion_protected": True, "multi_zone": True, "private_only": True,
        "last_backup": datetime(2026, 11, 5, 22, tzinfo=UTC), "never_backed_up": False, "transport_encrypted": True,
    }),
    ("gcp.served_databases", SPANNER, "acme-prod/instances/main/backups/1", {"state": "CREATING"},
     {"backup_days": 0, "never_backed_up": True}),
    ("gcp.served_databases", SPANNER, "acme-prod/instances/main/backups/1", {"expireTime": ...},
     {"backup_days": 0, "never_backed_up": False}),
    ("gcp.served_databases", "acme-data/instances/main/databases/orders", "", {},
     {"key_held_by": "provider", "public": True, "backup_days": 0, "deletion_protected": False, "private_only": False}),
    ("gcp.served_databases", "acme-prod/databases/(default)", "", {},
     {"backup_days": 7, "last_backup": datetime(2026, 11, 6, 21, 20, tzinfo=UTC)}),
    ("gcp.served_databases", "acme-prod/databases/(default)", "", {"pointInTimeRecoveryEnablement": ...},
     {"backup_days": 0, "never_backed_up": True}),
    ("gcp.served_databases", BIGTABLE, "", {}, {
        "key_held_by": "customer", "backup_days": 14, "deletion_protected": True, "multi_zone": True, "private_only": True,
        "last_backup": datetime(2026, 11, 5, 22, tzinfo=UTC),
    }),
    ("gcp.served_databases", BIGTABLE, f"{BIGTABLE}/clusters/c", {"location": "projects/acme-prod/locations/europe-west1-b"},
     {"multi_zone": False}),
    ("gcp.served_databases", BIGTABLE, f"{BIGTABLE}/clusters/c", {"encryptionConfig": ...}, {"key_held_by": "provider"}),
    ("gcp.served_databases", BIGTABLE, f"{BIGTABLE}/tables/clicks", {"automatedBackupPolicy": ...}, {"backup_days": 0}),
    ("gcp.alloydb", ALLOY, "", {}, {
        "key_held_by": "customer", "public": False, "transport_encrypted": True, "backup_days": 14, "multi_zone": True,
        "private_only": True, "last_backup": datetime(2026, 11, 6, 21, 20, tzinfo=UTC), "never_backed_up": False,
        "deletion_protected": False,
    }),
    ("gcp.alloydb", ALLOY, "", {"continuousBackupConfig": ...}, {"backup_days": 0, "never_backed_up": True, "last_backup": None}),
    ("gcp.alloydb", ALLOY, "", {"continuousBackupConfig": ..., "automatedBackupPolicy": {
        "enabled": True, "timeBasedRetention": {"retentionPeriod": "1209600s"}}}, {"backup_days": 14}),
    ("gcp.alloydb", ALLOY, "", {"continuousBackupConfig": ..., "automatedBackupPolicy": {
        "enabled": True, "quantityBasedRetention": {"count": 5}}}, {"backup_days": None}),
    ("gcp.alloydb", ALLOY, "", {"continuousBackupConfig": {"enabled": True}}, {"backup_days": None, "never_backed_up": False}),
    ("gcp.alloydb", ALLOY, "", {"encryptionConfig": ...}, {"key_held_by": "provider"}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"availabilityType": "ZONAL"}, {"multi_zone": False}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"availabilityType": ...}, {"multi_zone": None}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"instanceType": "READ_POOL"}, {"multi_zone": None, "public": False}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"networkConfig": {"enablePublicIp": True}},
     {"public": False, "private_only": False}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"networkConfig": {
        "enablePublicIp": True, "authorizedExternalNetworks": [{"cidrRange": "0.0.0.0/1"}, {"cidrRange": "128.0.0.0/1"}]}},
     {"public": True, "private_only": False}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"networkConfig": {
        "enablePublicIp": True, "authorizedExternalNetworks": [{"cidrRange": "?"}]}}, {"public": None}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"networkConfig": "?"}, {"public": None, "private_only": None}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"clientConnectionConfig": ...}, {"transport_encrypted": None}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"clientConnectionConfig": {"requireConnectors": True}},
     {"transport_encrypted": True}),
    ("gcp.alloydb", ALLOY, f"{ALLOY}/instances/main", {"clientConnectionConfig.sslConfig.sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"},
     {"transport_encrypted": False}),
    ("gcp.other_stores", "acme-prod/topics/news", "", {}, {"kind": "topic", "public": False, "key_held_by": "customer"}),
    ("gcp.other_stores", "acme-data/topics/news", "", {}, {"public": True}),
    ("gcp.other_stores", "acme-prod/topics/news", "", {}, {"foreign_access": (), "transport_encrypted": True}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1/instances/cache", "", {}, {"transport_encrypted": True}),
    ("gcp.other_stores", "acme-data/locations/europe-west1/instances/cache", "", {}, {"transport_encrypted": False}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "", {"fileShares": ...}, {"transport_encrypted": False}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1/clusters/shards", "", {},
     {"kind": "cache", "transport_encrypted": True, "key_held_by": "customer", "public": False}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1/clusters/shards", "",
     {"transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_DISABLED"}, {"transport_encrypted": False}),
    ("gcp.other_stores", "acme-data/locations/europe-west1/instances/sessions", "", {},
     {"kind": "memory cache", "transport_encrypted": False, "public": False}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "",
     {"fileShares": [{"nfsExportOptions": [{"securityFlavors": ["KRB5P"]}]}]}, {"transport_encrypted": True}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "",
     {"fileShares": [{"nfsExportOptions": [{"securityFlavors": ["AUTH_SYS", "KRB5P"]}]}]}, {"transport_encrypted": False}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1/instances/cache", "", {"customerManagedKey": "k"},
     {"kind": "cache", "public": False, "key_held_by": "customer"}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "", {}, {"kind": "file share", "public": False}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "", {}, {
        "last_backup": datetime(2026, 11, 5, 22, tzinfo=UTC), "never_backed_up": False,
    }),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "", {"fileShares": [{"name": "all"}, {"name": "more"}]},
     {"last_backup": None, "never_backed_up": True}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "", {"fileShares": ...},
     {"last_backup": None, "never_backed_up": None}),
    ("gcp.other_stores", "acme-prod/locations/europe-west1-b/instances/share", "acme-prod/locations/europe-west1/backups/1",
     {"state": "CREATING"}, {"never_backed_up": True}),
    ("gcp.other_stores", "acme-data/locations/europe-west1-b/instances/share", "", {}, {"never_backed_up": True}),
    ("gcp.databases", SQL, "", {}, {"private_only": True, "never_backed_up": False, "last_backup": datetime(2026, 11, 5, 20, tzinfo=UTC)}),
    ("gcp.databases", SQL, f"{SQL}/backupRuns/1", {"status": "FAILED"}, {"never_backed_up": True, "last_backup": None}),
    ("gcp.databases", SQL, f"{SQL}/backupRuns/1", {"status": ..., "state": "SUCCESSFUL", "startTime": ...,
                                                   "backupInterval": {"endTime": "2026-11-06T00:00:00Z"}},
     {"last_backup": datetime(2026, 11, 6, tzinfo=UTC)}),
    ("gcp.database_backups", f"{SQL}/backupRuns/1", "", {}, {"tags": {"classification": "internal", "owner": "platform"}}),
    ("gcp.buckets", BUCKET, "", {"lifecycle": OLD}, {"content_expires": False}),
    ("gcp.buckets", BUCKET, "", {"lifecycle": {"rule": [{"action": {"type": "SetStorageClass"}, "condition": {"age": 3}}]}},
     {"content_expires": False}),
    ("gcp.buckets", "acme-data-objects", "", {}, {"foreign_access": ("vendor.example",), "content_expires": False}),
    ("gcp.snapshots", "acme-data/global/images/base", "", {}, {"foreign_access": ()}),
    # networks and quotas
    ("gcp.virtual_networks", "acme-prod/global/networks/main", "", {},
     {"default": False, "in_use": True, "names_logged": True, "flow_logged": True}),
    ("gcp.virtual_networks", "acme-prod/global/networks/main", "regions/europe-west1/subnetworks/main", {"network": ...},
     {"flow_logged": None}),
    ("gcp.virtual_networks", "acme-prod/global/networks/main", "acme-prod/policies/1", {"enableLogging": False}, {"names_logged": False}),
    ("gcp.virtual_networks", "acme-prod/global/networks/main", "acme-prod/zones/europe-west1-b/instances/app", {"networkInterfaces": ...},
     {"in_use": None}),
    ("gcp.virtual_networks", "acme-prod/global/networks/main", "acme-prod/zones/europe-west1-b/instances/app",
     {"networkInterfaces": [{"network": "projects/acme-prod/global/networks/other"}]}, {"in_use": False}),
    ("gcp.virtual_networks", "acme-data/global/networks/default", "", {}, {"default": True, "names_logged": False, "flow_logged": False}),
    ("gcp.networks", "acme-data/regions/europe-west1/subnetworks/main", "", {}, {"gives_public_addresses": True}),
    ("gcp.quotas", "acme-data/quotas/CPUS_ALL_REGIONS", "", {}, {"limit": 100, "used": 96}),
    # what watches and restrains
    ("gcp.watches", f"{PROD}/threat-detection", "", {}, {"enabled": True, "complete": True, "reported": True}),
    ("gcp.watches", f"{PROD}/threat-detection", f"{PROD}/locations/global/securityCenterServices/vm-threat-detection",
     {"intendedEnablementState": "DISABLED"}, {"enabled": True, "complete": False}),
    ("gcp.watches", f"{PROD}/threat-detection", f"{PROD}/locations/global/securityCenterServices/event-threat-detection",
     {"effectiveEnablementState": "DISABLED"}, {"enabled": False, "complete": False, "reported": False}),
    ("gcp.watches", f"{PROD}/posture-assessment", f"{ORGANIZATION}/securityHealthAnalyticsSettings",
     {"serviceEnablementState": "DISABLED"}, {"enabled": False}),
    ("gcp.watches", f"{PROD}/posture-assessment", f"{ORGANIZATION}/securityHealthAnalyticsSettings", {"serviceEnablementState": ...},
     {"enabled": False}),
    ("gcp.watches", f"{PROD}/malware-protection", f"{PRODUCTION}/notificationConfigs/1", {"pubsubTopic": ...},
     {"enabled": True, "reported": False}),
    ("gcp.watches", f"{PROD}/data-discovery", "discoveryConfigs/1", {"status": "PAUSED"}, {"enabled": False, "complete": False}),
    ("gcp.watches", f"{PROD}/data-discovery", "", {}, {"enabled": True, "complete": True}),
    ("gcp.watches", f"{PROD}/access-analysis", "services/recommender.googleapis.com", {"state": "DISABLED"}, {"enabled": False}),
    ("gcp.watches", f"{PROD}/vulnerability-scanning", "", {}, {"enabled": True, "complete": True, "coverable": 1, "covered": 1}),
    ("gcp.watches", f"{DATA}/vulnerability-scanning", "", {}, {"enabled": False, "complete": False, "reported": False}),
    ("gcp.watches", f"{PROD}/configuration-recording", "", {},
     {"enabled": True, "never_seen": False, "last_seen": datetime(2026, 11, 6, 21, 20, tzinfo=UTC)}),
    ("gcp.guardrails", f"{PROD}/guardrail", "", {},
     {"regions_limited": True, "audit_protected": True, "leaving_denied": True, "organization": True, "strangers_denied": True}),
    ("gcp.guardrails", f"{DATA}/guardrail", "", {},
     {"regions_limited": False, "audit_protected": False, "leaving_denied": False, "strangers_denied": False}),
    ("gcp.guardrails", f"{PROD}/guardrail", "sinks/everything", {"disabled": True}, {"audit_protected": False}),
    ("gcp.guardrails", f"{PROD}/guardrail", "sinks/everything", {"exclusions": [{"filter": "x"}]}, {"audit_protected": False}),
    ("gcp.guardrails", f"{PROD}/guardrail", "sinks/everything", {"filter": 'logName:"cloudaudit.googleapis.com"'},
     {"audit_protected": True}),
    ("gcp.guardrails", f"{PROD}/guardrail", "sinks/everything", {"filter": 'logName:"cloudaudit.googleapis.com" AND severity>=ERROR'},
     {"audit_protected": False}),
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
    if changes:
        assets = [one for one in estate.assets if one["name"].endswith(changed or end) and one.get("resource")]
        put(assets[0]["resource"]["data"], changes)
    found = seen(collector, end)
    assert {name: getattr(found, name) for name in facts} == facts


ALL = ("audit trails", "identity", "keys", "networks", "root use", "sign-in")


def test_alarms_of_a_project_are_its_own_and_those_of_where_its_records_go(inventory: FakeInventory) -> None:
    assert seen("gcp.alarms", f"{PROD}/alarms").topics == ALL
    assert seen("gcp.alarms", f"{DATA}/alarms").topics == ("root use", "sign-in"), "what the organisation's sink takes"


def test_alarms_elsewhere_count_only_while_the_records_arrive(inventory: FakeInventory, estate: Estate) -> None:
    for policy in [
        one for one in estate.assets if one["name"].startswith("//monitoring.googleapis.com/projects/acme-prod/alert")
    ]:
        policy["resource"]["data"]["enabled"] = False
    assert seen("gcp.alarms", f"{PROD}/alarms").topics == ALL
    estate.named("sinks/everything")["resource"]["data"]["disabled"] = True
    assert seen("gcp.alarms", f"{PROD}/alarms").topics == ("root use", "sign-in")


@pytest.mark.parametrize(
    ("condition", "topics"),
    [
        ({"conditionMatchedLog": {"filter": 'protoPayload.methodName="SetIamPolicy"'}}, ("identity",)),
        (
            {"conditionMonitoringQueryLanguage": {"query": "fetch logging.googleapis.com/user/keys | group_by []"}},
            ("keys",),
        ),
        ({"conditionThreshold": {"filter": 'metric.type="compute.googleapis.com/instance/cpu/utilization"'}}, ()),
        ({}, ()),
    ],
)
def test_a_policy_over_log_entries_counts_as_one_over_a_metric(
    inventory: FakeInventory, estate: Estate, condition: dict[str, Any], topics: tuple[str, ...]
) -> None:
    for sink in ("sinks/everything", "sinks/people"):
        estate.assets.remove(estate.named(sink))
    policies = [
        one for one in estate.assets if one["name"].startswith("//monitoring.googleapis.com/projects/acme-prod/alert")
    ]
    for policy in policies[1:]:
        estate.assets.remove(policy)
    policies[0]["resource"]["data"]["conditions"] = [condition]
    assert seen("gcp.alarms", f"{PROD}/alarms").topics == topics


def test_who_has_rights_in_person_is_told_from_groups_and_accounts(inventory: FakeInventory, estate: Estate) -> None:
    person = "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ada"
    estate.named(f"{CRM}{PROD}")["iamPolicy"]["bindings"][0]["members"].append(person)
    assert seen("gcp.entitlements", person).granted_directly is True
    assert seen("gcp.entitlements", "serviceAccounts/900000000001").granted_directly is False


@pytest.mark.parametrize(
    ("policy", "limited"),
    [
        ([], True),
        ([listed("gcp.resourceLocations")], False),
        ([{"constraint": "constraints/gcp.resourceLocations", "listPolicy": {"inheritFromParent": True}}], True),
        ([{"constraint": "constraints/gcp.resourceLocations", "listPolicy": {"allValues": "DENY"}}], True),
        ([{"constraint": "constraints/gcp.resourceLocations", "listPolicy": {"allValues": "ALLOW"}}], False),
        ([{"constraint": "constraints/gcp.resourceLocations", "restoreDefault": {}}], False),
        (booleans(gcp_resourceLocations=True), True),
    ],
)
def test_regions_are_limited_by_the_nearest_list(
    inventory: FakeInventory, estate: Estate, policy: list[dict[str, Any]], limited: bool
) -> None:
    estate.named(f"{CRM}{PROD}")["orgPolicy"] = policy
    assert seen("gcp.guardrails", f"{PROD}/guardrail").regions_limited is limited


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("GOOGLE_SYMMETRIC_ENCRYPTION", "AES-256"), ("AES_128_GCM", "AES-128"), ("RSA_SIGN_PSS_2048_SHA256", "RSA-2048"),
        ("RSA_DECRYPT_OAEP_4096_SHA512", "RSA-4096"), ("RSA_SIGN_RAW_PKCS1_3072", "RSA-3072"), ("EC_SIGN_P384_SHA384", "EC-P384"),
        ("EC_SIGN_SECP256K1_SHA256", "EC-SECP256K1"), ("EC_SIGN_ED25519", "EC-ED25519"), ("HMAC_SHA1", "HMAC-160"),
        ("HMAC_SHA256", "HMAC-256"), ("PQ_SIGN_ML_DSA_65", "ML-DSA"), ("EXTERNAL_SYMMETRIC_ENCRYPTION", None), ("", None),
    ],
)  # fmt: skip
def test_an_algorithm_of_a_key_in_plain_words(said: str, words: str | None) -> None:
    assert key_algorithm(said) == words


def test_a_certificates_key_is_read_from_it() -> None:
    assert (algorithm(RSA_1024), algorithm(EC_P256), algorithm("")) == ("RSA-1024", "EC-P256", None)


def test_a_filter_is_told_by_its_words() -> None:
    assert {name: tuple(recognised(words)) for name, words in FILTERS.items()} == {
        "trails": ("audit trails",), "owners": ("identity",), "keys": ("keys",), "networks": ("networks",), "people": ("root use",),
        "logins": ("sign-in",),
    }  # fmt: skip
    assert tuple(recognised('resource.type="sqladmin.googleapis.com/x"')) == ()


def test_every_service_that_a_map_names_is_found_and_tests_are_none() -> None:
    weighted = {"routeAction": {"weightedBackendServices": [{"backendService": "d", "weight": 1}]}}
    found = led_to({
        "defaultService": "a", "pathMatchers": [{"defaultService": "b", "pathRules": [{"service": "c"}], "routeRules": [weighted]}],
        "tests": [{"service": "x"}],
    })  # fmt: skip
    assert sorted(found) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("members", "several"),
    [
        (["/zones/a/instanceGroups/x"], False), (["/zones/a/x/1", "/zones/b/x/1"], True), (["/regions/r/instanceGroups/x"], True),
        (["/zones/a/x/1", "/zones/a/x/2"], False),
    ],
)  # fmt: skip
def test_backends_lie_in_several_zones_or_in_none(members: list[str], several: bool) -> None:
    assert spread(members) is several


def test_a_bridge_between_perimeters_makes_nothing_private(inventory: FakeInventory, estate: Estate) -> None:
    (perimeter,) = [one["servicePerimeter"] for one in estate.assets if "servicePerimeter" in one]
    perimeter["perimeterType"] = "PERIMETER_TYPE_BRIDGE"
    assert seen("gcp.served_databases", SPANNER).private_only is False
