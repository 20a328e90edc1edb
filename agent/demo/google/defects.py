"""What is wrong with the simulated Google Cloud: its rows of the table of defects."""

from typing import Any

from agent.demo.beside import Scenery, Withdrawn
from agent.demo.defect import UNKNOWN, Defect
from agent.demo.estate import day
from agent.demo.google.assets import (
    ANALYTICS,
    COMPUTE,
    CRM,
    ELSEWHERE,
    LAB,
    LINK,
    NUMBERS,
    PLACE,
    Assets,
    add,
    key,
    robot,
)  # fmt: skip
from agent.demo.google.estate import LEVEL, organization
from agent.demo.google.surroundings import CERTIFICATE
from collectors.gcp.places import OVERRIDE

BUCKET, SQL, DATASET = (
    "storage.googleapis.com/Bucket",
    "sqladmin.googleapis.com/Instance",
    "bigquery.googleapis.com/Dataset",
)
HELD = "secretmanager.googleapis.com/Secret"


def bucket(project: str, name: str) -> str:
    """The name of a bucket."""
    return f"//storage.googleapis.com/{project}-{name}"


def sql(project: str) -> str:
    """The name of the project's database."""
    return f"//cloudsql.googleapis.com/projects/{project}/instances/main"


def crypto(project: str, name: str) -> str:
    """The name of a key."""
    return f"//cloudkms.googleapis.com/projects/{project}/locations/{PLACE}/keyRings/main/cryptoKeys/{name}"


def data(assets: Assets, kind: str, name: str) -> dict[str, Any]:
    """What the inventory says of one asset."""
    found: dict[str, Any] = assets[key(kind, name)]["resource"]["data"]
    return found


NOTEBOOKS = f"//iam.googleapis.com/projects/{LAB}/serviceAccounts/000200000002"
MARTS = f"//bigquery.googleapis.com/projects/{ANALYTICS}/datasets/marts"
NOTEBOOK = f"{COMPUTE}projects/{ANALYTICS}/zones/{PLACE}-b/instances/notebook"
SUBNET = f"{COMPUTE}projects/{LAB}/regions/{PLACE}/subnetworks/data"
NETWORK = f"{COMPUTE}projects/{LAB}/global/networks/data"
OFFICE = f"{COMPUTE}projects/{LAB}/global/firewalls/office-ssh"
CLUSTER = f"//container.googleapis.com/projects/{ANALYTICS}/locations/{PLACE}/clusters/batch"
POLICY = f"{COMPUTE}projects/{ANALYTICS}/global/sslPolicies/strict"
QUERIES = f"{COMPUTE}projects/{ANALYTICS}/global/forwardingRules/queries"
LEGACY = f"{COMPUTE}projects/{ANALYTICS}/global/sslCertificates/legacy"
ARMOUR = f"{COMPUTE}projects/{ANALYTICS}/global/securityPolicies/edge"
LOGS = f"//logging.googleapis.com/projects/{LAB}/locations/global/buckets/_Default"
VAULT = f"//backupdr.googleapis.com/projects/{ANALYTICS}/locations/{ELSEWHERE}/backupVaults/main"
IMAGES = f"//artifactregistry.googleapis.com/projects/{ANALYTICS}/locations/{PLACE}/repositories/images"
CACHE = f"//redis.googleapis.com/projects/{LAB}/locations/{PLACE}/instances/sessions"
LAPTOPS = f"//accesscontextmanager.googleapis.com/{LEVEL}"
PASSWORDS = {
    project: f"//secretmanager.googleapis.com/{NUMBERS[project]}/secrets/warehouse-password" for project in NUMBERS
}
ROOT = f"{CRM}{NUMBERS[LAB]}"


def shared_dataset(assets: Assets) -> None:
    """Let everybody with an account at Google read a dataset."""
    data(assets, DATASET, MARTS)["access"] = [{"role": "READER", "specialGroup": "allAuthenticatedUsers"}]


def unversioned_bucket(assets: Assets) -> None:
    """A bucket that keeps no versions, under Google's own key."""
    scratch = data(assets, BUCKET, bucket(LAB, "scratch"))
    scratch["versioning"], scratch["encryption"] = {"enabled": False}, {}


def endless_bucket(assets: Assets) -> None:
    """A bucket that deletes nothing."""
    data(assets, BUCKET, bucket(ANALYTICS, "exports"))["lifecycle"] = {}


def single_database(assets: Assets) -> None:
    """A database in one zone."""
    data(assets, SQL, sql(LAB))["settings"]["availabilityType"] = "ZONAL"


def plain_database(assets: Assets) -> None:
    """A database that takes plain connections too."""
    data(assets, SQL, sql(ANALYTICS))["settings"]["ipConfiguration"]["sslMode"] = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"


def deletable_database(assets: Assets) -> None:
    """A database that one click deletes."""
    data(assets, SQL, sql(ANALYTICS))["settings"]["deletionProtectionEnabled"] = False


def still_key(assets: Assets) -> None:
    """A key that does not rotate."""
    found = data(assets, "cloudkms.googleapis.com/CryptoKey", crypto(ANALYTICS, "exports"))
    del found["rotationPeriod"], found["nextRotationTime"]


def leaving_key(assets: Assets) -> None:
    """A version of a key that is scheduled for its destruction."""
    data(assets, "cloudkms.googleapis.com/CryptoKeyVersion", f"{crypto(ANALYTICS, 'warehouse')}/cryptoKeyVersions/1")[
        "state"
    ] = "DESTROY_SCHEDULED"


def ageing_key(assets: Assets) -> None:
    """A service account's key that becomes 90 days old during the story."""
    data(assets, "iam.googleapis.com/ServiceAccountKey", f"{NOTEBOOKS}/keys/1")["validAfterTime"] = (
        "2026-07-14T00:00:00Z"
    )


def owner(assets: Assets) -> None:
    """A service account that owns its project."""
    bindings = assets[key("cloudresourcemanager.googleapis.com/Project", ROOT)]["iamPolicy"]["bindings"]
    bindings.append({"role": "roles/owner", "members": [f"serviceAccount:{robot(LAB, 'notebooks')}"]})


def unlogged_subnet(assets: Assets) -> None:
    """A subnet without flow logs."""
    found = data(assets, "compute.googleapis.com/Subnetwork", SUBNET)
    found["enableFlowLogs"], found["logConfig"] = False, {"enable": False}


def open_ssh(assets: Assets) -> None:
    """A firewall that lets everybody try SSH."""
    data(assets, "compute.googleapis.com/Firewall", OFFICE)["sourceRanges"] = ["0.0.0.0/0"]


def old_secret(assets: Assets) -> None:
    """A secret of last year that nobody changes, under Google's own key."""
    held = data(assets, HELD, PASSWORDS[LAB])
    del held["rotation"]
    held["replication"] = {"automatic": {}}
    for number in (1, 2):
        version = data(assets, "secretmanager.googleapis.com/SecretVersion", f"{PASSWORDS[LAB]}/versions/{number}")
        version["createTime"] = "2025-06-01T08:00:00Z"


def plain_logs(assets: Assets) -> None:
    """Logs under Google's own key."""
    del data(assets, "logging.googleapis.com/LogBucket", LOGS)["cmekSettings"]


def plain_vault(assets: Assets) -> None:
    """Backups under Google's own key."""
    del data(assets, "backupdr.googleapis.com/BackupVault", VAULT)["encryptionConfig"]


def open_images(assets: Assets) -> None:
    """Let everybody pull images."""
    everybody = {"role": "roles/artifactregistry.reader", "members": ["allUsers"]}
    assets[key("artifactregistry.googleapis.com/Repository", IMAGES)]["iamPolicy"] = {"bindings": [everybody]}


def unverified_boot(assets: Assets) -> None:
    """A machine that starts whatever is on its disk."""
    data(assets, "compute.googleapis.com/Instance", NOTEBOOK)["shieldedInstanceConfig"]["enableSecureBoot"] = False


def public_machine(assets: Assets) -> None:
    """A machine with an address of its own."""
    (interface,) = data(assets, "compute.googleapis.com/Instance", NOTEBOOK)["networkInterfaces"]
    interface["accessConfigs"] = [{"type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "203.0.113.9"}]


def old_tls(assets: Assets) -> None:
    """A load balancer that still speaks TLS 1.0."""
    data(assets, "compute.googleapis.com/SslPolicy", POLICY)["minTlsVersion"] = "TLS_1_0"


def ending_certificate(assets: Assets) -> None:
    """A certificate that nobody renews."""
    found = {
        "selfLink": LINK + LEGACY.removeprefix(COMPUTE), "name": "legacy", "type": "SELF_MANAGED", "certificate": CERTIFICATE,
        "creationTimestamp": "2025-11-20T00:00:00Z", "expireTime": "2026-11-20T00:00:00Z",
    }  # fmt: skip
    add(assets, "compute.googleapis.com/SslCertificate", LEGACY, ANALYTICS, found, location="global")


def public_nodes(assets: Assets) -> None:
    """A cluster whose nodes have addresses of their own."""
    found = data(assets, "container.googleapis.com/Cluster", CLUSTER)
    found["privateClusterConfig"] = {}
    del found["nodePools"][0]["networkConfig"]


def watching_filter(assets: Assets) -> None:
    """A firewall for applications whose rule is still in preview."""
    data(assets, "compute.googleapis.com/SecurityPolicy", ARMOUR)["rules"][0]["preview"] = True


def plain_cache(assets: Assets) -> None:
    """A cache that speaks no TLS."""
    data(assets, "redis.googleapis.com/Instance", CACHE)["transitEncryptionMode"] = "DISABLED"


def open_laptops(assets: Assets) -> None:
    """A level of access that asks for no screen lock."""
    del assets[LEVEL]["accessLevel"]["basic"]["conditions"][0]["devicePolicy"]["requireScreenlock"]


def certified_clients(assets: Assets) -> None:
    """A cluster that gives certificates to its clients."""
    found = data(assets, "container.googleapis.com/Cluster", CLUSTER)
    found["masterAuth"]["clientCertificateConfig"] = {"issueClientCertificate": True}


def full_quota(assets: Assets) -> None:
    """A project that has used up nearly all of its processors."""
    data(assets, "compute.googleapis.com/Project", f"{COMPUTE}projects/{LAB}")["quotas"][0]["usage"] = 96.0


DEFECTS: tuple[Defect[Assets], ...] = (
    Defect(check="data_stores_are_not_public", resource=MARTS, seed=shared_dataset, begins=day("2026-10-05"), ends=day("2026-10-19")),
    Defect(check="object_stores_keep_versions", resource=bucket(LAB, "scratch"), seed=unversioned_bucket),
    Defect(check="data_is_under_our_keys", resource=bucket(LAB, "scratch"), seed=None),
    Defect(check="data_is_deleted_in_time", resource=bucket(ANALYTICS, "exports"), seed=endless_bucket),
    Defect(check="databases_survive_a_zone", resource=sql(LAB), seed=single_database),
    Defect(check="databases_are_protected_from_deletion", resource=sql(ANALYTICS), seed=deletable_database, ends=day("2026-10-12")),
    Defect(check="databases_refuse_plain_text", resource=sql(ANALYTICS), seed=plain_database, begins=day("2026-10-06"),
           ends=day("2026-10-18")),
    Defect(check="keys_rotate", resource=crypto(ANALYTICS, "exports"), seed=still_key),
    Defect(check="keys_are_not_about_to_be_lost", resource=crypto(ANALYTICS, "warehouse"), seed=leaving_key, begins=day("2026-10-21")),
    Defect(check="access_keys_are_young", resource=NOTEBOOKS, seed=ageing_key, begins=day("2026-10-12"), by_itself=True),
    Defect(check="no_full_administrators", resource=NOTEBOOKS, seed=owner),
    Defect(check="privileged_planes_are_separated", resource=NOTEBOOKS, seed=None),
    Defect(check="rights_stay_within_services", resource=NOTEBOOKS, seed=None),
    Defect(check="network_flows_are_logged", resource=SUBNET, seed=unlogged_subnet),
    Defect(check="network_flows_are_logged", resource=NETWORK, seed=None),
    Defect(check="administration_ports_are_closed", resource=OFFICE, seed=open_ssh, begins=day("2026-10-17")),
    Defect(check="secrets_rotate", resource=PASSWORDS[LAB], seed=old_secret),
    Defect(check="secrets_do_not_live_for_ever", resource=PASSWORDS[LAB], seed=None),
    Defect(check="secrets_are_under_our_keys", resource=PASSWORDS[LAB], seed=None),
    Defect(check="logs_are_under_our_keys", resource=LOGS, seed=plain_logs),
    Defect(check="backups_are_under_our_keys", resource=VAULT, seed=plain_vault),
    Defect(check="registries_are_not_public", resource=IMAGES, seed=open_images, begins=day("2026-10-06"), ends=day("2026-10-14")),
    *(
        Defect(check="secrets_are_not_open", resource=name, seed=None, outcome=UNKNOWN, begins=day("2026-10-13"), ends=day("2026-10-16"))
        for name in PASSWORDS.values()
    ),
    Defect(check="machines_verify_their_boot", resource=NOTEBOOK, seed=unverified_boot),
    Defect(check="machines_have_no_public_address", resource=NOTEBOOK, seed=public_machine, begins=day("2026-10-09"),
           ends=day("2026-10-23")),
    Defect(check="endpoints_require_modern_tls", resource=QUERIES, seed=old_tls, ends=day("2026-10-02")),
    Defect(check="certificates_do_not_run_out", resource=LEGACY, seed=ending_certificate, begins=day("2026-10-21"), by_itself=True),
    Defect(check="filters_turn_attacks_away", resource=ARMOUR, seed=watching_filter, begins=day("2026-10-07"), ends=day("2026-10-20")),
    Defect(check="stores_refuse_plain_text", resource=CACHE, seed=plain_cache),
    Defect(check="devices_lock_their_screens", resource=LAPTOPS, seed=open_laptops, begins=day("2026-10-13")),
    Defect(check="cluster_apis_take_no_legacy_sign_ins", resource=CLUSTER, seed=certified_clients, begins=day("2026-10-16")),
    Defect(check="cluster_nodes_are_private", resource=CLUSTER, seed=public_nodes),
    Defect(check="quotas_have_room", resource=f"{COMPUTE}projects/{LAB}/quotas/CPUS_ALL_REGIONS", seed=full_quota,
           begins=day("2026-10-26")),
)  # fmt: skip
GOOGLE = Scenery(
    provider="gcp", server="agent.demo.google.server", sound=organization, defects=DEFECTS,
    withdrawn=(Withdrawn(permission="IAM_POLICY", where=HELD, begins=day("2026-10-13"), ends=day("2026-10-16")),),
    environment=lambda url: {OVERRIDE: url},
)  # fmt: skip
