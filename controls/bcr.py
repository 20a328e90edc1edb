"""Business continuity and operational resilience (BCR): what can be brought back, and what survives a failure."""

from datetime import datetime, timedelta

from collectors.resource import DataStore
from collectors.serving import Cluster, Endpoint, Workload
from collectors.watching import Vault
from controls.ages import lately
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown

ONE_REGION = "distance beyond the zones of one region, and what is critical to the business"


@check(
    part(
        "CCM:4.1:BCR-08",
        "stores other than databases, whether backups can be restored, and who can reach or delete them",
    ),
    judges=DataStore,
    kinds=("database", "table", "warehouse"),
    severity="high",
    remediation=(
        "AWS: set the backup retention period of the instance or cluster to at least a week (rds:ModifyDBInstance, "
        "redshift:ModifyCluster); switch on point-in-time recovery of the table. "
        "Google Cloud: enable automated backups of the Cloud SQL instance and keep at least seven. "
        "Azure: set the short-term retention of the database, or the backup retention of the flexible server or Cosmos DB account, to at "
        "least a week."
    ),
    metric="BCR-08-M1",
)
def databases_are_backed_up(database: DataStore, *, min_days: int = 7) -> Verdict:
    """Databases keep at least a week of automatic backups.

    A fault that is found on Monday must be undone with Friday's data. The check compares the days for which the provider keeps
    automatic backups of each database, table and warehouse with `min_days`. It does not see whether a backup can be restored, backups made
    by other tools, or copies in another account or region.
    """
    if database.backup_days is None:
        return unknown("backup retention not learned")
    if database.backup_days == 0:
        return failed("no automatic backups")
    if database.backup_days < min_days:
        return failed(f"backups are kept {database.backup_days} days; at least {min_days}")
    return passed()


@check(
    part(
        "CCM:4.1:BCR-08",
        "versions lie in the store that they protect and are lost with it; copies elsewhere, how long versions are kept, and whether they "
        "can be restored",
    ),
    judges=DataStore,
    kinds=("object store",),
    severity="medium",
    remediation=(
        "AWS: switch on versioning of the bucket (s3:PutBucketVersioning), with a lifecycle rule for old versions. "
        "Google Cloud: switch on object versioning of the bucket, with a lifecycle rule for old versions. "
        "Azure: switch on blob versioning of the storage account, with a lifecycle rule for old versions."
    ),
)
def object_stores_keep_versions(store: DataStore) -> Verdict:
    """Object stores keep what is overwritten or deleted.

    With versions a mistaken or malicious overwrite is undone from the store itself. The check reads whether versioning is on. A
    version is no second copy: it does not help against the loss of the bucket or the account, and the check does not see
    lifecycle rules that remove versions early.
    """
    return holds(store.versioned, "overwritten and deleted objects are not kept")


@check(
    part(
        "CCM:4.1:BCR-11",
        "equipment other than databases, distance beyond the zones of one region, and what is critical to the business",
    ),
    judges=DataStore,
    kinds=("database", "warehouse", "search index"),
    severity="medium",
    remediation=(
        "AWS: make the database or warehouse Multi-AZ (rds:ModifyDBInstance), or give the cluster an instance in a second zone; spread the "
        "search domain over zones. "
        "Google Cloud: set the Cloud SQL instance's availability type to REGIONAL. "
        "Azure: make the database zone-redundant, or give the flexible server a standby in another zone."
    ),
)
def databases_survive_a_zone(database: DataStore) -> Verdict:
    """Databases stand by in a second zone.

    One zone is one set of buildings, power and cooling. The check reads whether the provider keeps a standby or a second member of each
    database, warehouse and search index in another zone. It does not see whether the fail-over works or how long it takes, nor resilience
    against the loss of a region.
    """
    return holds(database.multi_zone, "lives in one zone")


@check(
    part(
        "CCM:4.1:BCR-08",
        "stores other than databases, whether a backup is complete and can be restored, and who can reach or delete it",
    ),
    judges=DataStore,
    kinds=("database", "table", "warehouse"),
    severity="high",
    remediation=(
        "AWS: switch on automatic backups or point-in-time recovery of the database, and see why the latest one did not run. "
        "Google Cloud: enable automated backups and point-in-time recovery of the instance, and see why the latest one did not run. "
        "Azure: see that the database's automatic backups run, or protect it by a backup vault."
    ),
    metric="BCR-08-M1",
    observes="effect",
)
def databases_can_be_brought_back(database: DataStore, *, now: datetime, max_age_hours: int = 48) -> Verdict:
    """Databases can be brought back to where they were two days ago, or later.

    A backup that is configured and does not run is noticed on the day when it is needed. The check compares the latest instant to which
    the provider can bring each database, table and warehouse back with `max_age_hours`. It does not see whether what comes back is whole.
    """
    return lately(
        database.last_backup,
        never=database.never_backed_up,
        within=timedelta(hours=max_age_hours),
        now=now,
        done="backed up",
    )


@check(
    part(
        "CCM:4.1:BCR-08",
        "stores other than file shares and servers, whether a backup is complete and can be restored, and who can reach it",
    ),
    judges=DataStore,
    kinds=("file share", "file server"),
    severity="medium",
    remediation=(
        "AWS: switch on automatic backups of the file system, or add it to a plan of AWS Backup. "
        "Google Cloud: make backups of the Filestore instance by a schedule. "
        "Azure: protect the file share by a policy of a Recovery Services vault."
    ),
    observes="effect",
)
def files_are_backed_up(store: DataStore, *, now: datetime, max_age_days: int = 7) -> Verdict:
    """File shares and file servers can be brought back to where they were a week ago, or later.

    What people keep in files is seldom anywhere else. The check compares the latest backup of each file share and file server with
    `max_age_days`. It does not see whether every file is in it, or copies that other tools make.
    """
    return lately(
        store.last_backup,
        never=store.never_backed_up,
        within=timedelta(days=max_age_days),
        now=now,
        done="backed up",
    )


@check(
    part(
        "CCM:4.1:BCR-08",
        "stores other than disks of machines, whether a backup is complete and can be restored, and who can reach it",
    ),
    judges=Workload,
    kinds=("machine",),
    severity="medium",
    remediation=(
        "AWS: add the machine to a plan of AWS Backup, or its volumes to a lifecycle policy of snapshots. "
        "Google Cloud: add a snapshot schedule to the machine's disks, or a plan of Backup and DR. "
        "Azure: protect the machine by a policy of a Recovery Services vault."
    ),
    observes="effect",
)
def machines_are_backed_up(workload: Workload, *, now: datetime, max_age_days: int = 7) -> Verdict:
    """Machines can be brought back to where they were a week ago, or later.

    What lies only on a machine is lost with it. The check compares the latest backup of each machine with `max_age_days`. It does not see
    whether the machine holds anything that cannot be made anew; one that does not is an approved exception.
    """
    return lately(
        workload.last_backup,
        never=workload.never_backed_up,
        within=timedelta(days=max_age_days),
        now=now,
        done="backed up",
    )


@check(
    part("CCM:4.1:BCR-11", f"what stands behind the load balancer; {ONE_REGION}"),
    judges=Endpoint,
    kinds=("load balancer",),
    severity="medium",
    remediation=(
        "AWS: enable subnets of a second zone for the load balancer. "
        "Google Cloud: load balancers are regional or global: give the backend service groups in a second zone. "
        "Azure: use the standard tier with a zone-redundant frontend, or an application gateway in several zones."
    ),
)
def endpoints_survive_a_zone(endpoint: Endpoint) -> Verdict:
    """Load balancers stand in a second zone.

    One zone is one set of buildings, power and cooling. The check reads whether each load balancer stands in more than one. It does not
    see whether what stands behind it does.
    """
    return holds(endpoint.multi_zone, "stands in one zone")


@check(
    part("CCM:4.1:BCR-11", f"machines outside of groups; {ONE_REGION}"),
    judges=Workload,
    kinds=("machine group",),
    severity="medium",
    remediation=(
        "AWS: give the group subnets in a second zone. "
        "Google Cloud: make the managed instance group a regional one. "
        "Azure: spread the scale set over zones."
    ),
)
def machine_groups_survive_a_zone(workload: Workload) -> Verdict:
    """Groups of machines are spread over zones.

    A group in one zone is gone with it, however many machines it has. The check reads whether each group of machines may stand in more
    than one zone. It does not see how many stand where, or whether one zone's share is enough.
    """
    return holds(workload.multi_zone, "stands in one zone")


@check(
    part("CCM:4.1:BCR-11", f"nodes and workloads of the cluster; {ONE_REGION}"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: the control plane always stands in several zones; give the cluster subnets in at least two. "
        "Google Cloud: make the cluster a regional one. "
        "Azure: give the cluster's node pools availability zones."
    ),
)
def clusters_survive_a_zone(cluster: Cluster) -> Verdict:
    """Clusters stand in a second zone.

    What runs in a cluster is as available as its API. The check reads whether each cluster stands in more than one zone. It does not see
    where its workloads are placed.
    """
    return holds(cluster.multi_zone, "stands in one zone")


@check(
    part("CCM:4.1:BCR-08", "backups outside of vaults, how long a backup is kept, and whether it can be restored"),
    part("CCM:4.1:CCC-04", "unauthorised changes of everything but backups in vaults"),
    judges=Vault,
    severity="high",
    remediation=(
        "AWS: lock the vault (backup:PutBackupVaultLockConfiguration), in compliance mode where nobody shall undo it. "
        "Google Cloud: set the backup vault's enforced minimum retention, and lock it. "
        "Azure: make the vault's immutability locked, with soft delete always on."
    ),
)
def backups_are_locked(vault: Vault) -> Verdict:
    """Nobody can delete backups before their time.

    Who asks for ransom deletes the backups first. The check reads whether each vault keeps administrators too from deleting backups early.
    It does not see backups outside of vaults, or how long that time is.
    """
    return holds(vault.locked, "its backups can be deleted before their time")


@check(
    part("CCM:4.1:BCR-08", "backups outside of vaults, and whether a copy can be restored"),
    part(
        "CCM:4.1:BCR-09", "the plan itself, its approval and its other parts: a copy elsewhere is only what it rests on"
    ),
    judges=Vault,
    severity="medium",
    remediation=(
        "AWS: add a copy action to another region, best of another account, to the backup plan. "
        "Google Cloud: keep the vault in a multi-region, or copy its backups to another region. "
        "Azure: use a geo-redundant vault, with cross region restore."
    ),
)
def backups_leave_their_region(vault: Vault) -> Verdict:
    """Backups are also kept in another region.

    A copy beside the original is lost with it. The check reads whether the backups of each vault are also kept in another region. It does
    not see whether they could be used there.
    """
    return holds(vault.copied_elsewhere, "its backups stay in one region")
