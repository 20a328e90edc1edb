"""Logging and monitoring (LOG): whether what happens is recorded, arrives, and can be trusted afterwards."""

from datetime import datetime, timedelta

from collectors.resource import DataStore, Region, Trail
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown


@check(
    part("CCM:4.1:LOG-07", "the documented scope and its review; events of data planes, systems and applications"),
    part("CCM:4.1:LOG-09", "records of data planes, systems and applications, and what each record says"),
    part(
        "CCM:4.1:LOG-12", "keys outside of the key service, and whether anybody looks at the events or reports on them"
    ),
    judges=Region,
    severity="high",
    remediation=(
        "AWS: create an organisation trail for all regions that records read and write management events without leaving out those of the "
        "key service, and start it (cloudtrail:StartLogging). "
        "Google Cloud: add an audit configuration for allServices with ADMIN_READ and without exempted members to the organisation's IAM "
        "policy. "
        "Azure: give the subscription a diagnostic setting that exports the categories Administrative, Security and Policy of its "
        "activity log."
    ),
)
def activity_is_logged_everywhere(region: Region) -> Verdict:
    """Every account's administrative activity is recorded in every region.

    What nobody records cannot be investigated, and an intruder prefers the region that nobody uses. The check asks of each account
    in each enabled region whether a trail that is logging records its management events, the key service's among them. It does
    not see access to the data itself, what systems and applications log, or regions that the account has not enabled.
    """
    return holds(region.activity_logged, "no trail that is logging records the management events here")


@check(
    part(
        "CCM:4.1:LOG-09",
        "records of other services, systems and applications, and whether the records arrive and are complete",
    ),
    judges=DataStore,
    kinds=("object store",),
    severity="medium",
    remediation=(
        "AWS: switch on server access logging to a log bucket (s3:PutBucketLogging). "
        "Google Cloud: switch on data access audit logs (DATA_READ, DATA_WRITE) for Cloud Storage, or usage logs of the bucket. "
        "Azure: give the blob service a diagnostic setting with the categories StorageRead, StorageWrite and StorageDelete."
    ),
)
def data_access_is_logged(store: DataStore) -> Verdict:
    """Access to object stores is recorded.

    After a leak the first question is who read what. The check reads whether the store writes an access log. It does not see data
    events that a trail may record instead, whether the log is delivered, or who reads it. A bucket that only receives logs can be
    an approved exception.
    """
    return holds(store.access_logged, "no access log is written")


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
    part("CCM:4.1:LOG-09", "records of data planes, systems and applications, and what each record says"),
    part(
        "CCM:4.1:LOG-14", "failures of other monitoring, anomalies, and whether the accountable party is told at once"
    ),
    judges=Trail,
    severity="high",
    remediation=(
        "AWS: start the trail (cloudtrail:StartLogging); if delivery fails, mend the bucket or key policy that LatestDeliveryError names. "
        "Google Cloud: enable the sink, and give its writer identity access to the destination."
    ),
    metric="LOG-13-M2",
    observes="effect",
)
def audit_logs_arrive(trail: Trail, *, now: datetime, max_silence_hours: int = 24) -> Verdict:
    """Audit trails really deliver their records.

    A trail that is configured and silent looks like one that works. The check reads what happened: the trail is logging, the
    provider reports no delivery error, and the last delivery is younger than `max_silence_hours`. It does not see whether what was
    delivered is complete, or still there.
    """
    if trail.logging is False:
        return failed("not logging")
    if trail.delivery_failing:
        return failed("the latest delivery failed")
    silence = timedelta(hours=max_silence_hours)
    ends = None if trail.delivered is None else trail.delivered + silence
    if ends is not None and now >= ends:
        return failed(
            f"nothing delivered since {trail.delivered:%Y-%m-%d %H:%M} UTC; at most {max_silence_hours} hours"
        )
    if trail.logging is None or trail.delivery_failing is None or ends is None:
        return unknown("delivery not learned", holds_until=ends)
    return passed(holds_until=ends)
