"""Logging and monitoring (LOG), records: whether what happens is recorded, and arrives."""

from datetime import datetime, timedelta

from collectors.resource import DataStore, Region, Trail
from collectors.serving import Cluster, Endpoint, Workload
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
    kinds=("object store", "warehouse", "search index"),
    severity="medium",
    remediation=(
        "AWS: switch on server access logging to a log bucket (s3:PutBucketLogging), audit logging of the warehouse, audit logs of the "
        "search domain. "
        "Google Cloud: switch on data access audit logs (DATA_READ, DATA_WRITE) for Cloud Storage, or usage logs of the bucket. "
        "Azure: give the blob service a diagnostic setting with the categories StorageRead, StorageWrite and StorageDelete."
    ),
)
def data_access_is_logged(store: DataStore) -> Verdict:
    """Access to object stores, warehouses and search indexes is recorded.

    After a leak the first question is who read what. The check reads whether the store writes an access log. It does not see data
    events that a trail may record instead, whether the log is delivered, or who reads it. A bucket that only receives logs can be
    an approved exception.
    """
    return holds(store.access_logged, "no access log is written")


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


@check(
    part("CCM:4.1:LOG-09", "what each record says, records of systems and applications, and whether they arrive"),
    part("CCM:4.1:LOG-07", "the documented scope and its review; everything that is no endpoint"),
    judges=Endpoint,
    severity="medium",
    remediation=(
        "AWS: switch on access logs of the load balancer, logging of the distribution, access logging of the API stage. "
        "Google Cloud: switch on logging of the backend service (logConfig.enable) with a sample rate of 1. "
        "Azure: give the application gateway, Front Door or API Management a diagnostic setting with its access log."
    ),
)
def endpoints_log_access(endpoint: Endpoint) -> Verdict:
    """Endpoints record who calls them.

    Where callers come in is where an attack is first seen, and last understood. The check reads whether each load balancer, content
    delivery and API writes an access log. It does not see how long it is kept, or whether anybody reads it.
    """
    return holds(endpoint.access_logged, "no access log is written")


@check(
    part("CCM:4.1:LOG-09", "what each record says; records of machines and of what runs in clusters"),
    part("CCM:4.1:LOG-07", "the documented scope and its review; everything that is no function, service or app"),
    judges=Workload,
    kinds=("function", "container service", "web app"),
    severity="medium",
    remediation=(
        "AWS: let the function's role write to its log group; give the containers of the task a log driver. "
        "Google Cloud: functions and services write to Cloud Logging by themselves: remove the exclusion that drops their entries. "
        "Azure: give the app a diagnostic setting that keeps its console and access logs, or connect Application Insights."
    ),
)
def workloads_are_logged(workload: Workload) -> Verdict:
    """Functions, container services and web apps keep what they write and who calls them in a log.

    A service without a log answers no question after the fact. The check reads whether what each of them writes, and who calls it, is
    kept in a log. It does not see whether the code writes what an investigator needs.
    """
    return holds(workload.logged, "nothing that it writes is kept")


@check(
    part("CCM:4.1:LOG-09", "records of nodes and of what runs in the cluster, and what each record says"),
    part("CCM:4.1:LOG-12", "keys outside of the cluster, and whether anybody looks at the events or reports on them"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: switch on the log types audit and authenticator of the cluster (eks:UpdateClusterConfig, logging). "
        "Google Cloud: admin activity is always kept; switch on data access audit logs for the Kubernetes Engine API. "
        "Azure: give the cluster a diagnostic setting with the category kube-audit or kube-audit-admin."
    ),
)
def clusters_log_their_audit(cluster: Cluster) -> Verdict:
    """Clusters keep the audit log of their API.

    Inside a cluster its own API decides who may do what, and the cloud's audit log does not hear of it. The check reads whether the audit
    log of each cluster's API is kept. It does not see its policy, or how long it is kept.
    """
    return holds(cluster.audit_logged, "the audit log of its API is not kept")
