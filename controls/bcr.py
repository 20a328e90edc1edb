"""Business continuity and operational resilience (BCR): what can be brought back, and what survives a failure."""

from collectors.resource import DataStore
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown


@check(
    part(
        "CCM:4.1:BCR-08",
        "stores other than databases, whether backups can be restored, and who can reach or delete them",
    ),
    judges=DataStore,
    kinds=("database",),
    severity="high",
    remediation=(
        "AWS: set the backup retention period of the instance or cluster to at least a week (rds:ModifyDBInstance). "
        "Google Cloud: enable automated backups of the Cloud SQL instance and keep at least seven. "
        "Azure: set the short-term retention of the database, or the backup retention of the flexible server or Cosmos DB account, to at "
        "least a week."
    ),
    metric="BCR-08-M1",
)
def databases_are_backed_up(database: DataStore, *, min_days: int = 7) -> Verdict:
    """Databases keep at least a week of automatic backups.

    A fault that is found on Monday must be undone with Friday's data. The check compares the days for which the provider keeps
    automatic backups with `min_days`. It does not see whether a backup can be restored, backups made by other tools, or copies
    in another account or region.
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
    kinds=("database",),
    severity="medium",
    remediation=(
        "AWS: make the database Multi-AZ (rds:ModifyDBInstance), or give the cluster an instance in a second zone. "
        "Google Cloud: set the Cloud SQL instance's availability type to REGIONAL. "
        "Azure: make the database zone-redundant, or give the flexible server a standby in another zone."
    ),
)
def databases_survive_a_zone(database: DataStore) -> Verdict:
    """Databases stand by in a second zone.

    One zone is one set of buildings, power and cooling. The check reads whether the provider keeps a standby or a second member in
    another zone. It does not see whether the fail-over works or how long it takes, nor resilience against the loss of a region.
    """
    return holds(database.multi_zone, "lives in one zone")
