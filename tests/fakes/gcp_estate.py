"""A small organisation on Google Cloud, sound on one side and with a defect for each check on the other.

`acme-prod` (in the folder `production`) is as it should be, `acme-data` beside it holds the defects, `acme-logs` what both send their
records to. What must fail is said in `DEFECTS`, by check and name; nothing else may.
"""

from collections.abc import Iterator
from typing import Any

from tests.fakes import gcp_surroundings, gcp_workloads
from tests.fakes.gcp_assets import (
    CMEK,
    COMPUTE,
    CRM,
    KMS,
    LATELY,
    LONG_AGO,
    NUMBERS,
    ORGANIZATION,
    PRODUCTION,
    SANDBOX,
    THEN,
    VISION,
    Estate,
    booleans,
    listed,
    policy,
)
from tests.fakes.gcp_surroundings import enabled, logs, overseen, surroundings
from tests.fakes.gcp_workloads import workloads

OWNED = {"owner": "platform", "classification": "internal"}


def organization() -> Estate:
    """The whole of it."""
    estate = Estate()
    above(estate)
    for project in NUMBERS:
        itself(estate, project)
    for project, broken in (("acme-prod", False), ("acme-data", True)):
        storage(estate, project, broken=broken)
        served(estate, project, broken=broken)
        machines(estate, project, broken=broken)
        keys(estate, project, broken=broken)
        people(estate, project, broken=broken)
        workloads(estate, project, broken=broken)
        surroundings(estate, project, broken=broken)
    logs(estate, "acme-logs", broken=False)
    enabled(estate, "acme-logs", broken=False)
    overseen(estate)
    records(estate)
    perimeters(estate)
    estate.add(
        "cloudtasks.googleapis.com/Queue",
        "//cloudtasks.googleapis.com/projects/acme-prod/locations/europe-west1/queues/news",
        "acme-prod",
        {"name": "news"},
    )
    return estate


def marked(*, broken: bool) -> dict[str, Any]:
    """Labels that name an owner and a class, or none."""
    return {} if broken else {"labels": OWNED}


def above(estate: Estate) -> None:
    """The organisation and its folders."""
    contact = {
        "email": "security@corp.example",
        "notificationCategorySubscriptions": ["SECURITY"],
        "validationState": "VALID",
    }
    levels = (
        (ORGANIZATION, "Organization", {"name": ORGANIZATION, "displayName": "corp.example"}, (ORGANIZATION,),
         policy({"roles/cloudasset.viewer": ["group:auditors@corp.example"]}, audited=("ADMIN_READ",)),
         booleans(storage_secureHttpTransport=True)),
        (PRODUCTION, "Folder", {"name": PRODUCTION, "displayName": "production"}, (PRODUCTION, ORGANIZATION),
         policy({"roles/viewer": ["group:operators@corp.example"]}, audited=("DATA_READ", "DATA_WRITE")),
         [*booleans(storage_publicAccessPrevention=True), listed("gcp.resourceLocations", "in:eu-locations"),
          listed("iam.allowedPolicyMemberDomains", "C0abc123d")]),
        (SANDBOX, "Folder", {"name": SANDBOX, "displayName": "sandbox"}, (SANDBOX, ORGANIZATION), None, None),
    )  # fmt: skip
    for name, kind, data, ancestors, iam, constraints in levels:
        asset: dict[str, Any] = {
            "name": f"{CRM}{name}", "assetType": f"cloudresourcemanager.googleapis.com/{kind}", "ancestors": list(ancestors),
            "resource": {"version": "v1", "data": data},
        }  # fmt: skip
        asset |= {key: value for key, value in (("iamPolicy", iam), ("orgPolicy", constraints)) if value}
        estate.assets.append(asset)
    estate.assets.append({
        "name": f"//essentialcontacts.googleapis.com/{PRODUCTION}/contacts/1", "assetType": "essentialcontacts.googleapis.com/Contact",
        "ancestors": [PRODUCTION, ORGANIZATION], "resource": {"version": "v1", "data": contact},
    })  # fmt: skip
    rule = {"direction": "INGRESS", "action": "allow", "priority": 10,
            "match": {"srcIpRanges": ["10.0.0.0/8"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}]}}  # fmt: skip
    world = {**rule, "match": {"srcIpRanges": ["0.0.0.0/1", "128.0.0.0/1"], "layer4Configs": [{"ipProtocol": "all"}]}}
    for owner, number, rules in ((ORGANIZATION, "7001", [rule]), (PRODUCTION, "7002", [world])):
        estate.assets.append({
            "name": f"{COMPUTE}locations/global/firewallPolicies/{number}", "assetType": "compute.googleapis.com/FirewallPolicy",
            "ancestors": [owner, ORGANIZATION] if owner != ORGANIZATION else [ORGANIZATION],
            "resource": {"version": "v1", "data": {"name": number, "shortName": f"policy-{number}", "rules": rules}},
        })  # fmt: skip


def itself(estate: Estate, project: str) -> None:
    """The project's own asset."""
    state = "DELETE_REQUESTED" if project == "acme-gone" else "ACTIVE"
    number = NUMBERS[project]
    data = {
        "projectId": project, "projectNumber": number.split("/")[1], "name": project.replace("-", " "), "lifecycleState": state,
        "createTime": THEN, "labels": {"team": "platform"},
    }  # fmt: skip
    asset = estate.add("cloudresourcemanager.googleapis.com/Project", f"{CRM}{number}", project, data)
    if project == "acme-data":
        leaving = listed("resourcemanager.allowedExportDestinations", "under:organizations/999999999999")
        asset["orgPolicy"] = [*booleans(storage_secureHttpTransport=False), leaving]


def storage(estate: Estate, project: str, *, broken: bool) -> None:
    """Buckets, databases and datasets."""
    bucket = {
        "name": f"{project}-objects", "location": "EU", "timeCreated": THEN, "labels": {"tier": "one"},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "inherited"},
    }  # fmt: skip
    if not broken:
        rule = {"action": {"type": "Delete"}, "condition": {"age": 365}}
        bucket |= {
            "versioning": {"enabled": True}, "encryption": {"defaultKmsKeyName": CMEK}, "lifecycle": {"rule": [rule]},
            "labels": {"tier": "one", **OWNED},
        }  # fmt: skip
    who = {
        "roles/storage.objectViewer": ["allUsers", "user:eve@vendor.example"]
        if broken
        else ["group:readers@corp.example"]
    }
    estate.add(
        "storage.googleapis.com/Bucket",
        f"//storage.googleapis.com/{project}-objects",
        project,
        bucket,
        location="eu",
        members=who,
    )
    backup = {"enabled": True, "backupRetentionSettings": {"retainedBackups": 14}}
    settings = {
        "availabilityType": "ZONAL" if broken else "REGIONAL", "backupConfiguration": {"enabled": False} if broken else backup,
        "ipConfiguration": {
            "ipv4Enabled": broken, "authorizedNetworks": [{"value": "0.0.0.0/0"}] if broken else [],
            "sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED" if broken else "ENCRYPTED_ONLY",
        },
    }  # fmt: skip
    ours = {} if broken else {"kmsKeyName": CMEK}
    settings |= {"deletionProtectionEnabled": not broken, "userLabels": {} if broken else OWNED}
    sql = f"//cloudsql.googleapis.com/projects/{project}/instances/main"
    data = {
        "name": "main",
        "instanceType": "CLOUD_SQL_INSTANCE",
        "settings": settings,
        "createTime": THEN,
        "rootPassword": "hunter2",
        "diskEncryptionConfiguration": ours,
    }
    estate.add("sqladmin.googleapis.com/Instance", sql, project, data, location="europe-west1")
    run = {
        "id": "1",
        "instance": "main",
        "startTime": LATELY if broken else "2026-11-05T20:00:00Z",
        "status": "SUCCESSFUL",
    }
    estate.add("sqladmin.googleapis.com/BackupRun", f"{sql}/backupRuns/1", project, run, location="europe-west1")
    access = [{"role": "READER", "specialGroup": "allAuthenticatedUsers" if broken else "projectReaders"}]
    dataset = {"datasetReference": {"datasetId": "facts", "projectId": project}, "access": access, **marked(broken=broken),
               "defaultEncryptionConfiguration": ours}  # fmt: skip
    name = f"//bigquery.googleapis.com/projects/{project}/datasets/facts"
    estate.add("bigquery.googleapis.com/Dataset", name, project, dataset, location="EU", members={})


def served(estate: Estate, project: str, *, broken: bool) -> None:
    """Databases that Google serves without machines, and stores in passing."""
    key = {"kmsKeyName": CMEK}
    root, mark = f"projects/{project}", marked(broken=broken)
    recent = {"state": "READY", "createTime": "2026-11-05T22:00:00Z", "expireTime": "2026-12-05T22:00:00Z"}
    spanner, tables = f"{root}/instances/main/databases/orders", f"{root}/instances/events"
    found: list[tuple[str, str, dict[str, Any]]] = [
        ("spanner.googleapis.com/Database", spanner, {"name": spanner, "state": "READY", "enableDropProtection": not broken, **mark,
                                                      "encryptionConfig": {} if broken else key}),
        ("firestore.googleapis.com/Database", f"{root}/databases/(default)", {"locationId": "eur3", **mark, **({} if broken else {
            "deleteProtectionState": "DELETE_PROTECTION_ENABLED", "cmekConfig": key,
            "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED"})}),
        ("bigtableadmin.googleapis.com/Instance", tables, {"name": tables, **mark}),
        ("bigtableadmin.googleapis.com/Table", f"{tables}/tables/clicks", {"deletionProtection": not broken, **({} if broken else {
            "automatedBackupPolicy": {"retentionPeriod": "1209600s"}})}),
        ("pubsub.googleapis.com/Topic", f"{root}/topics/news", {**mark, **({} if broken else key)}),
        ("redis.googleapis.com/Instance", f"{root}/locations/europe-west1/instances/cache", {**mark, "authString": "hunter2",
            **({} if broken else {"transitEncryptionMode": "SERVER_AUTHENTICATION"})}),
        ("redis.googleapis.com/Cluster", f"{root}/locations/europe-west1/clusters/shards", {**mark,
            **({} if broken else {"transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION", "kmsKey": CMEK})}),
        ("file.googleapis.com/Instance", f"{root}/locations/europe-west1-b/instances/share", {**mark, **({
            "fileShares": [{"name": "all"}]} if broken else {
            **key, "fileShares": [{"name": "all", "nfsExportOptions": [{"securityFlavors": ["KRB5P"]}]}]})}),
    ]  # fmt: skip
    for zone in "b" if broken else "bc":
        place = {"location": f"{root}/locations/europe-west1-{zone}", "encryptionConfig": {} if broken else key}
        found.append(("bigtableadmin.googleapis.com/Cluster", f"{tables}/clusters/{zone}", place))
    alloy = f"{root}/locations/europe-west1/clusters/orders"
    kept = (
        {}
        if broken
        else {"encryptionConfig": key, "continuousBackupConfig": {"enabled": True, "recoveryWindowDays": 14}}
    )
    boss = {"initialUser": {"user": "boss", "password": "hunter2"}}
    found.append(("alloydb.googleapis.com/Cluster", alloy, {**mark, **boss, **kept}))
    outside = (
        {"networkConfig": {"enablePublicIp": True, "authorizedExternalNetworks": [{"cidrRange": "0.0.0.0/0"}]}}
        if broken
        else {}
    )
    found.append(
        (
            "alloydb.googleapis.com/Instance",
            f"{alloy}/instances/main",
            {
                "instanceType": "PRIMARY",
                "availabilityType": "ZONAL" if broken else "REGIONAL",
                "clientConnectionConfig": {"sslConfig": {"sslMode": "ENCRYPTED_ONLY"}},
                **outside,
            },
        )
    )
    if broken:
        found.append(("memcache.googleapis.com/Instance", f"{root}/locations/europe-west1/instances/sessions", {}))
    else:
        found += [
            ("spanner.googleapis.com/Backup", f"{root}/instances/main/backups/1", {"database": spanner, **recent}),
            (
                "file.googleapis.com/Backup",
                f"{root}/locations/europe-west1/backups/1",
                {
                    "sourceInstance": f"{root}/locations/europe-west1-b/instances/share",
                    "sourceFileShare": "all",
                    **recent,
                },
            ),
            (
                "bigtableadmin.googleapis.com/Backup",
                f"{tables}/clusters/b/backups/1",
                {"sourceTable": f"{tables}/tables/clicks", **recent},
            ),
        ]
    for kind, name, data in found:
        service = {"bigtableadmin": "bigtable"}.get(kind.split(".")[0], kind.split(".")[0])
        open_ = broken and kind in {"spanner.googleapis.com/Database", "pubsub.googleapis.com/Topic"}
        who = {"roles/spanner.databaseReader": ["allUsers"]} if open_ else {}
        estate.add(kind, f"//{service}.googleapis.com/{name}", project, data, members=who)


def machines(estate: Estate, project: str, *, broken: bool) -> None:
    """Disks, copies of them, networks and firewalls."""
    path = f"{COMPUTE}projects/{project}"
    zone = f"{VISION}projects/{project}/zones/europe-west1-b"
    disk = {"name": "root", "zone": zone, "creationTimestamp": "2026-01-10T00:00:00.000-08:00", "sizeGb": "10", **marked(broken=broken),
            "diskEncryptionKey": {} if broken else {"kmsKeyName": CMEK}}  # fmt: skip
    estate.add(
        "compute.googleapis.com/Disk",
        f"{path}/zones/europe-west1-b/disks/root",
        project,
        disk,
        location="europe-west1-b",
    )
    who = {"roles/compute.imageUser": ["allAuthenticatedUsers"]} if broken else None
    snapshot = {
        "name": "nightly",
        "creationTimestamp": "2026-11-05T03:00:00Z",
        "sourceDisk": f"{zone}/disks/{'other' if broken else 'root'}",
        **marked(broken=broken),
        "snapshotEncryptionKey": {"kmsKeyName": f"{CMEK}/cryptoKeyVersions/1"},
    }
    estate.add("compute.googleapis.com/Snapshot", f"{path}/global/snapshots/nightly", project, snapshot)
    estate.add(
        "compute.googleapis.com/Image",
        f"{path}/global/images/base",
        project,
        {"name": "base", **marked(broken=broken)},
        members=who,
    )
    network = f"{VISION}projects/{project}/global/networks/default"
    ours = network if broken else f"{VISION}projects/{project}/global/networks/main"
    outside = {"stackType": "IPV4_IPV6", "ipv6AccessType": "EXTERNAL"} if broken else {}
    subnet = {
        "name": "main",
        "network": ours,
        **outside,
        "enableFlowLogs": not broken,
        "logConfig": {"enable": not broken},
    }
    estate.add(
        "compute.googleapis.com/Subnetwork",
        f"{path}/regions/europe-west1/subnetworks/main",
        project,
        subnet,
        location="europe-west1",
    )
    proxies = {"name": "proxies", "network": network, "purpose": "REGIONAL_MANAGED_PROXY"}
    estate.add(
        "compute.googleapis.com/Subnetwork", f"{path}/regions/europe-west1/subnetworks/proxies", project, proxies
    )
    ssh = {
        "name": "default-allow-ssh", "network": network, "direction": "INGRESS", "disabled": not broken, "sourceRanges": ["0.0.0.0/0"],
        "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}],
    }  # fmt: skip
    web = {**ssh, "name": "web", "disabled": False, "allowed": [{"IPProtocol": "tcp", "ports": ["443", "8000-8080"]}]}
    for rule in (ssh, web):
        estate.add("compute.googleapis.com/Firewall", f"{path}/global/firewalls/{rule['name']}", project, rule)
    policy_ = {"name": "edge", "rules": []}
    estate.add("compute.googleapis.com/NetworkFirewallPolicy", f"{path}/global/firewallPolicies/edge", project, policy_)


def keys(estate: Estate, project: str, *, broken: bool) -> None:
    """A ring with keys that rotate, and one that does not; in the broken project one that is leaving, and open."""
    ring = f"{KMS}projects/{project}/locations/europe-west1/keyRings/main"
    estate.add("cloudkms.googleapis.com/KeyRing", ring, project, {"name": ring}, location="europe-west1", members={})
    level = "SOFTWARE" if broken else "HSM"
    period = {} if broken else {"rotationPeriod": "7776000s", "nextRotationTime": "2026-12-01T00:00:00Z"}
    for name, versions in (
        ("storage", ("ENABLED", "DISABLED")),
        ("old", ("ENABLED", "DESTROY_SCHEDULED" if broken else "DESTROYED")),
    ):
        states = dict(enumerate(versions, 1))
        key = {
            "name": f"{ring}/cryptoKeys/{name}"[len(KMS) :], "purpose": "ENCRYPT_DECRYPT", "createTime": THEN, **period,
            "primary": {"state": states[1], "protectionLevel": level, "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"},
            "versionTemplate": {"protectionLevel": level, "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"},
            "destroyScheduledDuration": "86400s" if broken else "2592000s", **marked(broken=broken),
        }  # fmt: skip
        who = {
            "roles/cloudkms.cryptoKeyEncrypterDecrypter": [
                "allUsers" if broken else f"serviceAccount:app@{project}.iam.gserviceaccount.com"
            ]
        }
        estate.add(
            "cloudkms.googleapis.com/CryptoKey",
            f"{ring}/cryptoKeys/{name}",
            project,
            key,
            location="europe-west1",
            members=who,
        )
        for number, state in states.items():
            version = f"{ring}/cryptoKeys/{name}/cryptoKeyVersions/{number}"
            estate.add(
                "cloudkms.googleapis.com/CryptoKeyVersion", version, project, {"state": state}, location="europe-west1"
            )


def people(estate: Estate, project: str, *, broken: bool) -> None:
    """Who may do what, and service accounts."""
    app = f"serviceAccount:app@{project}.iam.gserviceaccount.com"
    auditor = f"projects/{project}/roles/auditor"
    permissions = (
        ["storage.buckets.delete", "cloudkms.cryptoKeys.update"]
        if broken
        else ["storage.buckets.get", "storage.objects.create"]
    )
    estate.add(
        "iam.googleapis.com/Role",
        f"//iam.googleapis.com/{auditor}",
        project,
        {"name": auditor, "includedPermissions": permissions},
    )
    asset = estate.named(NUMBERS[project])
    said = {
        "roles/storage.admin": ["group:storage@corp.example"], "roles/logging.viewer": [app], auditor: ["group:auditors@corp.example"],
        "roles/editor": [f"serviceAccount:{NUMBERS[project].split('/')[1]}@cloudservices.gserviceaccount.com"],
    }  # fmt: skip
    if broken:
        said |= {
            "roles/viewer": ["user:eve@vendor.example"],
            "roles/owner": ["user:ada@corp.example"],
            "roles/storage.admin": ["group:storage@corp.example", app],
            "roles/cloudkms.admin": ["group:storage@corp.example"],
        }
    audited = {"audited": ("ADMIN_READ",), "exempt": ("user:ada@corp.example",)} if broken else {}
    asset["iamPolicy"] = policy(said, **audited)
    name = f"//iam.googleapis.com/projects/{project}/serviceAccounts/{NUMBERS[project][-12:]}"
    trusted = "user:eve@vendor.example" if broken else "group:deployers@corp.example"
    data = {"email": app.partition(":")[2], "uniqueId": name.rsplit("/", 1)[1], "projectId": project}
    estate.add(
        "iam.googleapis.com/ServiceAccount",
        name,
        project,
        data,
        members={"roles/iam.serviceAccountTokenCreator": [trusted]},
    )
    for number, (made, kind) in enumerate(
        ((LONG_AGO if broken else LATELY, "USER_MANAGED"), (LONG_AGO, "SYSTEM_MANAGED")), 1
    ):
        key = {"keyType": kind, "validAfterTime": made, "validBeforeTime": "9999-12-31T23:59:59Z"}
        estate.add("iam.googleapis.com/ServiceAccountKey", f"{name}/keys/{number}", project, key)


def records(estate: Estate) -> None:
    """Sinks of projects and of the organisation, and where they write."""
    vault = "projects/acme-logs/locations/global/buckets/vault"
    bucket = {"name": vault, "locked": True, "retentionDays": 400, "cmekSettings": {"kmsKeyName": CMEK}}
    estate.add("logging.googleapis.com/LogBucket", f"//logging.googleapis.com/{vault}", "acme-logs", bucket)
    loose = {"name": "acme-logs-loose", "location": "EU", "versioning": {"enabled": True},
             "retentionPolicy": {"retentionPeriod": "86400", "isLocked": True},
             "iamConfiguration": {"publicAccessPrevention": "inherited"}, "labels": OWNED, "encryption": {"defaultKmsKeyName": CMEK},
             "lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 900}}]}}  # fmt: skip
    estate.add(
        "storage.googleapis.com/Bucket",
        "//storage.googleapis.com/acme-logs-loose",
        "acme-logs",
        loose,
        location="eu",
        members={},
    )
    for project, place in (
        ("acme-prod", f"logging.googleapis.com/{vault}"),
        ("acme-data", "storage.googleapis.com/acme-data-objects"),
    ):
        for name, destination in (
            ("audit", place),
            ("_Default", f"logging.googleapis.com/projects/{project}/locations/global/buckets/_Default"),
        ):
            sink = {"name": name, "destination": destination, "createTime": THEN, "disabled": project == "acme-data"}
            estate.add(
                "logging.googleapis.com/LogSink",
                f"//logging.googleapis.com/projects/{project}/sinks/{name}",
                project,
                sink,
            )
    to_vault = {"destination": f"logging.googleapis.com/{vault}", "includeChildren": True}
    signing_in = 'protoPayload.serviceName=("login.googleapis.com" OR "admin.googleapis.com")'
    for level, above_, sink in (
        (PRODUCTION, [PRODUCTION, ORGANIZATION], {"name": "everything", **to_vault}),
        (ORGANIZATION, [ORGANIZATION], {"name": "people", "filter": signing_in, **to_vault}),
        (ORGANIZATION, [ORGANIZATION], {"name": "archive", "destination": "storage.googleapis.com/acme-logs-loose"}),
    ):
        estate.assets.append({
            "name": f"//logging.googleapis.com/{level}/sinks/{sink['name']}", "assetType": "logging.googleapis.com/LogSink",
            "ancestors": above_, "resource": {"version": "v1", "data": sink},
        })  # fmt: skip

    kept = {"name": f"{ORGANIZATION}/locations/global/buckets/_Default", "retentionDays": 400, "locked": True}
    estate.assets.append({
        "name": f"//logging.googleapis.com/{kept['name']}", "assetType": "logging.googleapis.com/LogBucket",
        "ancestors": [ORGANIZATION], "resource": {"version": "v1", "data": kept},
    })  # fmt: skip


def perimeters(estate: Estate) -> None:
    """A perimeter around production and levels of access to it, and their policy, which no collector reads."""
    inside = {"resources": [NUMBERS["acme-prod"]], "restrictedServices": ["spanner.googleapis.com", "firestore.googleapis.com",
                                                                         "bigtable.googleapis.com"]}  # fmt: skip
    (above_all,) = [asset for asset in estate.assets if asset["name"] == f"{CRM}{ORGANIZATION}"]
    above_all["servicePerimeter"] = {"name": "accessPolicies/1/servicePerimeters/production", "status": inside}
    strict = {"requireScreenlock": True, "allowedEncryptionStatuses": ["ENCRYPTED"]}
    loose = {"requireAdminApproval": True, "allowedEncryptionStatuses": ["ENCRYPTED", "UNENCRYPTED"]}
    for name, condition in (
        ("staff", {"devicePolicy": strict, "regions": ["DE"]}), ("guests", {"devicePolicy": loose}),
        ("office", {"ipSubnetworks": ["192.0.2.0/24"]}),
    ):  # fmt: skip
        level = {"name": f"accessPolicies/1/accessLevels/{name}", "title": name, "basic": {"conditions": [condition]}}
        estate.assets.append(
            {key: above_all[key] for key in ("name", "assetType", "ancestors")} | {"accessLevel": level}
        )
    estate.assets.append({
        "name": "//accesscontextmanager.googleapis.com/accessPolicies/1", "assetType": "accesscontextmanager.googleapis.com/AccessPolicy",
        "ancestors": [ORGANIZATION], "resource": {"version": "v1", "data": {"title": "perimeters"}},
    })  # fmt: skip


def identified(name: str) -> Iterator[str]:
    """Ends of the ids that a line of the table means; `*` for both keys."""
    yield from (name.replace("*", key) for key in ("storage", "old")) if "*" in name else (name,)


DATA = "projects/acme-data"
STORES = (
    "acme-data-objects", f"{DATA}/instances/main", f"{DATA}/zones/europe-west1-b/disks/root", f"{DATA}/datasets/facts",
)  # fmt: skip
COPIES = (f"{DATA}/instances/main/backupRuns/1", f"{DATA}/global/images/base", f"{DATA}/global/snapshots/nightly")
SPANNER, FIRESTORE, BIGTABLE = (
    f"{DATA}/instances/main/databases/orders",
    f"{DATA}/databases/(default)",
    f"{DATA}/instances/events",
)
ALLOY = "acme-data/locations/europe-west1/clusters/orders"
SERVED = (SPANNER, FIRESTORE, BIGTABLE, ALLOY)
PASSING = (
    f"{DATA}/topics/news",
    "acme-data/locations/europe-west1/instances/cache",
    "acme-data/locations/europe-west1/clusters/shards",
    "acme-data/locations/europe-west1/instances/sessions",
    "acme-data/locations/europe-west1-b/instances/share",
)
GUARDRAIL = "projects/900000000002/guardrail"
DEFECTS: tuple[tuple[str, str], ...] = (
    *gcp_workloads.DEFECTS, *gcp_surroundings.DEFECTS,
    ("object_stores_keep_versions", "acme-data-objects"), ("object_stores_require_tls", "acme-data-objects"),
    ("data_stores_are_not_public", "acme-data-objects"), ("data_access_is_logged", "acme-data-objects"),
    ("databases_are_backed_up", f"{DATA}/instances/main"), ("databases_survive_a_zone", f"{DATA}/instances/main"),
    ("databases_refuse_plain_text", f"{DATA}/instances/main"), ("data_stores_are_not_public", f"{DATA}/instances/main"),
    ("data_stores_are_not_public", f"{DATA}/datasets/facts"),
    ("data_stores_are_not_public", f"{DATA}/global/images/base"),
    ("network_flows_are_logged", f"{DATA}/regions/europe-west1/subnetworks/main"),
    ("administration_ports_are_closed", f"{DATA}/global/firewalls/default-allow-ssh"),
    ("administration_ports_are_closed", "firewallPolicies/7002"),
    ("default_firewalls_are_empty", f"{DATA}/global/firewalls/default-allow-ssh"),
    ("keys_rotate", f"{DATA}/locations/europe-west1/keyRings/main/cryptoKeys/storage"),
    ("keys_are_not_about_to_be_lost", f"{DATA}/locations/europe-west1/keyRings/main/cryptoKeys/old"),
    ("key_policies_name_their_users", f"{DATA}/locations/europe-west1/keyRings/main/cryptoKeys/*"),
    ("no_full_administrators", "projects/900000000002#user:ada"), ("privileged_planes_are_separated", "projects/900000000002#user:ada"),
    ("privileged_planes_are_separated", "projects/900000000002#group:storage"),
    *(("rights_stay_within_services", f"projects/{one}") for one in (
        "900000000001#group:storage", "900000000002#group:storage", "900000000002#user:ada", "acme-data/serviceAccounts/900000000002",
    )),
    *(("logs_are_under_our_keys", f"{one}/locations/global/buckets/_Default") for one in (
        "organizations/123456789012", DATA, "projects/acme-logs", "projects/acme-prod",
    )),
    *((check, "projects/900000000002/secrets/db") for check in ("secrets_are_under_our_keys", "secrets_do_not_live_for_ever")),
    ("privileged_planes_are_separated", "projects/900000000002#group:auditors"),
    ("foreign_trust_is_guarded", "projects/900000000002#user:eve"),
    ("foreign_trust_is_guarded", f"{DATA}/serviceAccounts/900000000002"), ("access_keys_are_young", f"{DATA}/serviceAccounts/900000000002"),
    ("account_blocks_public_data", "projects/900000000002"), ("security_contact_is_registered", "projects/900000000002"),
    ("activity_is_logged_everywhere", "projects/900000000002/locations/global"),
    ("audit_trails_are_validated", f"{DATA}/sinks/audit"), ("audit_trails_use_our_keys", f"{DATA}/sinks/audit"),
    ("audit_logs_arrive", f"{DATA}/sinks/audit"), ("audit_stores_are_locked", f"{DATA}/sinks/audit"),
    ("audit_stores_are_not_public", f"{DATA}/sinks/audit"), ("audit_readers_are_recorded", f"{DATA}/sinks/audit"),
    ("audit_trails_are_watched", f"{DATA}/sinks/audit"), ("audit_trails_are_watched", "sinks/archive"),
    ("data_is_deleted_in_time", "acme-data-objects"),
    ("data_is_not_shared_with_strangers", "acme-data-objects"),
    *(("data_is_under_our_keys", store) for store in (*STORES, *SERVED)),
    *(("stores_refuse_plain_text", store) for store in PASSING[1:]), ("data_is_under_our_keys", PASSING[-1]),
    ("files_are_backed_up", PASSING[-1]),
    ("data_stores_are_not_public", PASSING[0]), ("data_stores_are_not_public", SPANNER), ("databases_survive_a_zone", BIGTABLE),
    ("databases_survive_a_zone", ALLOY),
    ("data_stores_are_not_public", ALLOY), ("databases_are_protected_from_deletion", "acme-prod/locations/europe-west1/clusters/orders"),
    *((check, store) for store in SERVED for check in (
        "databases_are_private", "databases_are_protected_from_deletion", "databases_can_be_brought_back", "databases_are_backed_up",
    )),
    *((check, store) for store in (*STORES, *COPIES, *SERVED, *PASSING) for check in ("data_names_its_owner", "data_names_its_class")),
    *((check, f"{DATA}/instances/main") for check in (
        "databases_are_private", "databases_are_protected_from_deletion", "databases_can_be_brought_back",
    )),
    *((check, f"{DATA}/locations/europe-west1/keyRings/main/cryptoKeys/*") for check in (
        "keys_are_made_in_hardware", "keys_name_an_owner", "deleted_keys_can_be_recovered",
    )),
    ("subnets_give_no_public_addresses", f"{DATA}/regions/europe-west1/subnetworks/main"),
    ("data_stays_in_chosen_regions", GUARDRAIL), ("strangers_cannot_be_let_in", GUARDRAIL),
    ("accounts_cannot_leave", GUARDRAIL), ("audit_cannot_be_switched_off", GUARDRAIL),
    ("devices_lock_their_screens", "accessLevels/guests"), ("devices_are_encrypted", "accessLevels/guests"),
    ("rights_come_through_groups", "projects/900000000002#user:ada"), ("rights_come_through_groups", "projects/900000000002#user:eve"),
)  # fmt: skip
"""(check, end of the resource's id or its unredacted beginning) of everything that must fail."""
