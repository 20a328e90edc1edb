"""Logging and monitoring (LOG), keeping: whether records can be trusted afterwards, stay long enough, and say no more than they should."""

from collectors.resource import Trail
from collectors.watching import LogStore
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown

OTHER_LOGS = "logs that are not kept in this store"


@check(
    part("CCM:4.1:LOG-02", "other logs than trails, how long logs are kept, and whether anybody checks the digests"),
    part("CCM:4.1:LOG-10", "who can reach or delete the records: digests reveal a change, they do not prevent it"),
    judges=Trail,
    severity="medium",
    remediation=(
        "AWS: switch on log file validation of the trail (cloudtrail:UpdateTrail, EnableLogFileValidation). "
        "Google Cloud: send the sink to a log bucket that is locked, or to a storage bucket whose retention policy is."
    ),
)
def audit_trails_are_validated(trail: Trail) -> Verdict:
    """Audit trails carry digests that show a later change.

    Who breaks in edits the log next. The check reads whether the provider signs digests of the trail's files. It does not see
    whether anybody validates them, nor protection of the store in which they lie.
    """
    return holds(trail.validated, "a later change of its files would not be noticed")


@check(
    part("CCM:4.1:LOG-02", "other logs than trails, how long logs are kept, and who may use the key"),
    part(
        "CCM:4.1:LOG-10",
        "other records than trails, who may use the key, and protection against modification and deletion",
    ),
    judges=Trail,
    severity="low",
    remediation=(
        "AWS: encrypt the trail under a key of your own (cloudtrail:UpdateTrail, KmsKeyId) whose policy names its readers. "
        "Google Cloud: set a key of your own (CMEK) on the log bucket, bucket or dataset that the sink writes to. "
        "Azure: export the activity log to a storage account that is encrypted under a key of your own."
    ),
)
def audit_trails_use_our_keys(trail: Trail) -> Verdict:
    """Audit trails are encrypted under a key that we control.

    With a key of our own, reading the records takes a second permission, which can be refused and whose use is itself recorded.
    The check reads whose key encrypts the trail. It does not see the key's policy.
    """
    if trail.key_held_by is None:
        return unknown("not learned whose key encrypts it")
    words = {"none": "not encrypted under any key of its own", "provider": "encrypted under the provider's key"}
    return passed() if trail.key_held_by == "customer" else failed(words[trail.key_held_by])


@check(
    part(
        "CCM:4.1:LOG-02",
        f"who may read or delete them, and the retention that the law and the policy ask for; {OTHER_LOGS}",
    ),
    judges=LogStore,
    severity="medium",
    remediation=(
        "AWS: set the log group's retention to 365 days or more (logs:PutRetentionPolicy). "
        "Google Cloud: set the log bucket's retention to 365 days or more. "
        "Azure: set the workspace's, or the table's total, retention to 365 days or more."
    ),
)
def logs_are_kept(store: LogStore, *, min_days: int = 365) -> Verdict:
    """Logs are kept for at least a year.

    Break-ins are found months later; what was deleted before tells nothing. The check compares the days after which the provider deletes
    records of each log store with `min_days`; without an end they are kept. It does not see copies elsewhere, or which logs lie in it.
    """
    if store.retention_days is None:
        return unknown("retention not learned")
    if store.retention_days == 0:
        return passed("kept without end")
    return holds(store.retention_days >= min_days, f"kept {store.retention_days} days; at least {min_days}")


@check(
    part("CCM:4.1:LOG-10", f"who may read the records, their encryption, and changes before they arrive; {OTHER_LOGS}"),
    judges=LogStore,
    severity="medium",
    remediation=(
        "AWS: a log group cannot be locked: deny its deletion by a policy of the organisation, or keep the records in a locked bucket. "
        "Google Cloud: lock the log bucket, or the retention policy of the storage bucket. "
        "Azure: export the workspace to a storage account whose container has a locked immutability policy."
    ),
)
def log_stores_are_locked(store: LogStore) -> Verdict:
    """Nobody can shorten how long logs are kept.

    Who breaks in and becomes administrator deletes the logs next. The check reads whether the retention of each log store is locked for
    everybody. It does not see who may read it, or copies that lie elsewhere.
    """
    return holds(store.locked, "its retention can be shortened")


@check(
    part("CCM:4.1:LOG-08", f"what no rule recognises, and what is masked before it is written; {OTHER_LOGS}"),
    judges=LogStore,
    severity="low",
    remediation="AWS: give the log group, or the account, a data protection policy that masks (logs:PutDataProtectionPolicy).",
)
def secrets_in_logs_are_masked(store: LogStore) -> Verdict:
    """Log stores mask what looks like a secret or personal data.

    What an application writes by mistake is read by everybody who may read logs. The check reads whether each log store masks what looks
    like a credential or personal data for its readers. It does not see which kinds are masked, or what was written unlike any pattern.
    """
    return holds(store.masked, "nothing in it is masked")


@check(
    part("CCM:4.1:LOG-04", "readers that are named by its policy, and whether each of them should be there"),
    part("CCM:4.1:LOG-02", "other logs than trails, how long they are kept, and protection against deletion"),
    judges=Trail,
    severity="critical",
    remediation=(
        "AWS: block public access on the trail's bucket and remove the policy or access list that grants everybody. "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the sink's destination. "
        "Azure: disallow blob public access on the storage account of the export."
    ),
)
def audit_stores_are_not_public(trail: Trail) -> Verdict:
    """Nobody outside can read the audit trail's store.

    An audit trail tells an attacker who administers what, and from where. The check reads whether the store to which each trail delivers
    is open to everybody. It does not see who else may read it.
    """
    if trail.store_public is None:
        return unknown("not learned whether its store is public")
    return holds(not trail.store_public, "its store is open to everybody")


@check(
    part("CCM:4.1:LOG-04", "who may read it, and whether anybody looks at these records"),
    judges=Trail,
    severity="medium",
    remediation=(
        "AWS: switch on access logging of the trail's bucket, or record its data events in another trail. "
        "Google Cloud: switch on data access audit logs (DATA_READ) for the service of the sink's destination. "
        "Azure: give the blob service of the export's storage account a diagnostic setting with StorageRead."
    ),
)
def audit_readers_are_recorded(trail: Trail) -> Verdict:
    """Whoever reads the audit trail leaves a record.

    Who reads the audit trail learns what is watched, and that should be seen. The check reads whether reads of each trail's store are
    themselves recorded. It does not see readers of copies.
    """
    return holds(trail.store_access_logged, "reads of its store are not recorded")


@check(
    part("CCM:4.1:LOG-02", "other logs than trails, and whether the time is long enough for the law and the policy"),
    part("CCM:4.1:LOG-10", "other records than trails, who may read them, and changes before they are delivered"),
    part("CCM:4.0:IAM-12", "other logs than trails, and the procedure for those who may stop them"),
    judges=Trail,
    severity="medium",
    remediation=(
        "AWS: deliver the trail to a bucket with object lock in compliance mode. "
        "Google Cloud: deliver the sink to a locked log bucket, or to a storage bucket whose retention policy is locked. "
        "Azure: give the export's container a locked time-based immutability policy."
    ),
)
def audit_stores_are_locked(trail: Trail) -> Verdict:
    """Nobody can change or delete the audit trail before its time.

    A record that an administrator can delete speaks for nobody who has become one. The check reads whether the store of each trail keeps
    everybody, administrators too, from changing or deleting there before a time. It does not see how long that time is.
    """
    return holds(trail.store_locked, "its records can be deleted before their time")
