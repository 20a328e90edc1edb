"""What holds data in the simulated Google Cloud."""

from typing import Any

from agent.demo import canaries
from agent.demo.google.assets import ANALYTICS, COMPUTE, DOMAIN, LABELS, LINK, MADE, PLACE, Assets, add, cmek

BUCKETS = {ANALYTICS: ("events", "exports", "models", "notebooks"), "": ("events", "scratch")}


def shelve(assets: Assets, project: str) -> None:
    """Buckets, a database with its backups, datasets, a topic, a cache, a disk with its snapshot."""
    for name in BUCKETS.get(project, BUCKETS[""]):
        bucket(assets, project, name)
    database(assets, project, "main")
    for name in ("facts", "marts") if project == ANALYTICS else ("facts",):
        dataset(assets, project, name)
    topic = {"labels": LABELS, "kmsKeyName": cmek(project)}
    add(
        assets,
        "pubsub.googleapis.com/Topic",
        f"//pubsub.googleapis.com/projects/{project}/topics/events",
        project,
        topic,
        members={},
    )
    cache = {"labels": LABELS, "transitEncryptionMode": "SERVER_AUTHENTICATION", "authString": canaries.PASSWORD}
    where = f"//redis.googleapis.com/projects/{project}/locations/{PLACE}/instances/sessions"
    add(assets, "redis.googleapis.com/Instance", where, project, cache)
    disk(assets, project, "notebook")


def bucket(assets: Assets, project: str, name: str) -> None:
    """A bucket that keeps versions for a year, under our key."""
    data = {
        "name": f"{project}-{name}", "location": "EU", "timeCreated": MADE, "labels": LABELS, "versioning": {"enabled": True},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "inherited"},
        "encryption": {"defaultKmsKeyName": cmek(project)},
        "lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 365}}]},
    }  # fmt: skip
    readers = {"roles/storage.objectViewer": [f"group:readers@{DOMAIN}"]}
    add(
        assets,
        "storage.googleapis.com/Bucket",
        f"//storage.googleapis.com/{project}-{name}",
        project,
        data,
        location="eu",
        members=readers,
    )


def database(assets: Assets, project: str, name: str) -> None:
    """A database of Cloud SQL in two zones, backed up every night."""
    settings = {
        "availabilityType": "REGIONAL", "backupConfiguration": {"enabled": True, "backupRetentionSettings": {"retainedBackups": 14}},
        "ipConfiguration": {"ipv4Enabled": False, "authorizedNetworks": [], "sslMode": "ENCRYPTED_ONLY"},
        "deletionProtectionEnabled": True, "userLabels": LABELS,
    }  # fmt: skip
    data = {
        "name": name, "instanceType": "CLOUD_SQL_INSTANCE", "settings": settings, "createTime": MADE, "rootPassword": canaries.PASSWORD,
        "diskEncryptionConfiguration": {"kmsKeyName": cmek(project)},
    }  # fmt: skip
    sql = f"//cloudsql.googleapis.com/projects/{project}/instances/{name}"
    add(assets, "sqladmin.googleapis.com/Instance", sql, project, data)
    run = {"id": "1", "instance": name, "startTime": "now-4h", "status": "SUCCESSFUL"}
    add(assets, "sqladmin.googleapis.com/BackupRun", f"{sql}/backupRuns/1", project, run)


def dataset(assets: Assets, project: str, name: str) -> None:
    """A dataset of BigQuery for readers of its project."""
    data = {
        "datasetReference": {"datasetId": name, "projectId": project}, "labels": LABELS,
        "access": [{"role": "READER", "specialGroup": "projectReaders"}],
        "defaultEncryptionConfiguration": {"kmsKeyName": cmek(project)},
    }  # fmt: skip
    where = f"//bigquery.googleapis.com/projects/{project}/datasets/{name}"
    add(assets, "bigquery.googleapis.com/Dataset", where, project, data, location="EU", members={})


def disk(assets: Assets, project: str, name: str) -> None:
    """A disk, copied every night."""
    path, zone = f"{COMPUTE}projects/{project}", f"{PLACE}-b"
    data = {
        "name": name, "zone": f"{LINK}projects/{project}/zones/{zone}", "creationTimestamp": MADE, "sizeGb": "100", "labels": LABELS,
        "diskEncryptionKey": {"kmsKeyName": cmek(project)},
    }  # fmt: skip
    add(assets, "compute.googleapis.com/Disk", f"{path}/zones/{zone}/disks/{name}", project, data, location=zone)
    copy = {
        "name": f"{name}-nightly", "creationTimestamp": "now-3h", "sourceDisk": f"{LINK}projects/{project}/zones/{zone}/disks/{name}",
        "labels": LABELS, "snapshotEncryptionKey": {"kmsKeyName": f"{cmek(project)}/cryptoKeyVersions/2"},
    }  # fmt: skip
    add(
        assets,
        "compute.googleapis.com/Snapshot",
        f"{path}/global/snapshots/{name}-nightly",
        project,
        copy,
        location="eu",
    )


def archive(assets: Assets, project: str) -> None:
    """What only the larger project has: a database of Spanner with its backup, a document database, an image."""
    database_, key = f"projects/{project}/instances/ledger/databases/usage", {"kmsKeyName": cmek(project, "warehouse")}
    kept: dict[str, Any] = {"state": "READY", "createTime": "now-5h", "expireTime": "now+720h"}
    documents = {
        "locationId": "eur3", "labels": LABELS, "deleteProtectionState": "DELETE_PROTECTION_ENABLED", "cmekConfig": key,
        "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED",
    }  # fmt: skip
    found = (
        ("spanner.googleapis.com/Database", database_, {
            "name": database_, "state": "READY", "enableDropProtection": True, "labels": LABELS, "encryptionConfig": key,
        }),
        ("spanner.googleapis.com/Backup", f"projects/{project}/instances/ledger/backups/1", {"database": database_, **kept}),
        ("firestore.googleapis.com/Database", f"projects/{project}/databases/(default)", documents),
    )  # fmt: skip
    for kind, name, data in found:
        add(assets, kind, f"//{kind.partition('/')[0]}/{name}", project, data, members={})
    image = {"name": "notebook-base", "labels": LABELS, "imageEncryptionKey": {"kmsKeyName": cmek(project)}}
    add(
        assets, "compute.googleapis.com/Image", f"{COMPUTE}projects/{project}/global/images/notebook-base", project, image,
        location="eu", members={},
    )  # fmt: skip
