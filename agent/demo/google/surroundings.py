"""What watches the simulated Google Cloud, and what it is reached through."""

from agent.demo import canaries
from agent.demo.google.assets import COMPUTE, DOMAIN, LABELS, LINK, MADE, NUMBERS, Assets, add, cmek, robot

SERVICES = ("cloudasset", "osconfig", "containerscanning", "recommender", "compute")
DETECTORS = ("event-threat-detection", "vm-threat-detection", "container-threat-detection", "security-health-analytics")
FILTERS = {
    "trails": 'protoPayload.methodName="SetIamPolicy" AND protoPayload.serviceData.policyDelta.auditConfigDeltas:*',
    "owners": 'protoPayload.serviceData.policyDelta.bindingDeltas.role="roles/owner"',
    "keys": 'protoPayload.methodName="DestroyCryptoKeyVersion"',
    "people": 'protoPayload.serviceName="admin.googleapis.com" AND protoPayload.metadata.event.parameter.value="SUPER_ADMIN"',
    "logins": 'protoPayload.serviceName="login.googleapis.com" AND protoPayload.methodName:"login_failure"',
    "networks": 'resource.type="gce_firewall_rule" AND protoPayload.methodName:"compute.firewalls.patch"',
}
"""Metric -> what it counts."""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBJDCBy6ADAgECAgEBMAoGCCqGSM49BAMCMBwxGjAYBgNVBAMMEXNob3AuY29y
cC5leGFtcGxlMB4XDTI2MDEwMTAwMDAwMFoXDTI3MDMwMTAwMDAwMFowHDEaMBgG
A1UEAwwRc2hvcC5jb3JwLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARkDm2VVDlBC76LEHGSuNyo2DKqYPCXMbrm2QH5DOJI+0B3y3cK7EqizEByNqCK
LPmSMb8BRP9BgXF7fyW6BlNwMAoGCCqGSM49BAMCA0gAMEUCIQCHVWMDsu2TfPEH
VTvBXCYA/Eq4IDSGLQhQvZHMKyb1CAIgNuNB31Vug3YvWAfJNH0nWzez5SbntRoH
HS9wM8rfN4M=
-----END CERTIFICATE-----"""
"""A certificate that nobody trusts; of its key only the public half was kept."""


def watch(assets: Assets, project: str) -> None:
    """Logs and alarms, detectors and services, a secret."""
    root = f"projects/{project}/locations/global/buckets"
    for name in ("_Required", "_Default"):
        kept = {"name": f"{root}/{name}", "retentionDays": 400, "locked": True, "lifecycleState": "ACTIVE"}
        kept["cmekSettings"] = {"kmsKeyName": cmek(project)}
        add(
            assets,
            "logging.googleapis.com/LogBucket",
            f"//logging.googleapis.com/{root}/{name}",
            project,
            kept,
            location="global",
        )
    alarm(assets, project)
    for service in SERVICES:
        name = f"{NUMBERS[project]}/services/{service}.googleapis.com"
        add(
            assets, "serviceusage.googleapis.com/Service", f"//serviceusage.googleapis.com/{name}", project,
            {"name": name, "state": "ENABLED"}, location="global",
        )  # fmt: skip
    for detector in DETECTORS:
        name = f"{NUMBERS[project]}/locations/global/securityCenterServices/{detector}"
        add(
            assets, "securitycentermanagement.googleapis.com/SecurityCenterService", f"//securitycentermanagement.googleapis.com/{name}",
            project, {"name": name, "intendedEnablementState": "INHERITED"}, location="global",
        )  # fmt: skip
    secret(assets, project, "warehouse-password")


def alarm(assets: Assets, project: str) -> None:
    """Metrics of logs, and policies that tell somebody of them."""
    channel = f"projects/{project}/notificationChannels/1"
    told = {"name": channel, "type": "email", "enabled": True, "labels": {"email_address": canaries.CONTACT}}
    add(
        assets,
        "monitoring.googleapis.com/NotificationChannel",
        f"//monitoring.googleapis.com/{channel}",
        project,
        told,
        location="global",
    )
    for number, (name, words) in enumerate(FILTERS.items()):
        where = f"//logging.googleapis.com/projects/{project}/metrics/{name}"
        add(
            assets,
            "logging.googleapis.com/LogMetric",
            where,
            project,
            {"name": name, "filter": words},
            location="global",
        )
        counted = {"filter": f'metric.type="logging.googleapis.com/user/{name}" AND resource.type="global"'}
        policy = {
            "name": f"projects/{project}/alertPolicies/{number}", "enabled": True, "conditions": [{"conditionThreshold": counted}],
            "notificationChannels": [channel],
        }  # fmt: skip
        add(
            assets, "monitoring.googleapis.com/AlertPolicy", f"//monitoring.googleapis.com/{policy['name']}", project, policy,
            location="global",
        )  # fmt: skip


def secret(assets: Assets, project: str, called: str) -> None:
    """A secret under our key that is changed every month."""
    name = f"//secretmanager.googleapis.com/{NUMBERS[project]}/secrets/{called}"
    data = {
        "name": name.partition("googleapis.com/")[2], "createTime": MADE, "labels": {},
        "replication": {"automatic": {"customerManagedEncryption": {"kmsKeyName": cmek(project)}}},
        "rotation": {"rotationPeriod": "2592000s", "nextRotationTime": "2026-12-01T00:00:00Z"},
    }  # fmt: skip
    users = {"roles/secretmanager.secretAccessor": [f"serviceAccount:{robot(project)}"]}
    add(assets, "secretmanager.googleapis.com/Secret", name, project, data, location="global", members=users)
    for number, made in ((1, MADE), (2, "2026-09-15T08:00:00Z")):
        version = {"createTime": made, "state": "ENABLED"}
        add(
            assets,
            "secretmanager.googleapis.com/SecretVersion",
            f"{name}/versions/{number}",
            project,
            version,
            location="global",
        )


def publish(assets: Assets, project: str) -> None:
    """A load balancer for TLS, and its certificate."""
    root = f"{LINK}projects/{project}/global"
    groups = [{"group": f"{LINK}projects/{project}/zones/europe-west1-{zone}/instanceGroups/web"} for zone in "bc"]
    things = (
        ("BackendService", "backendServices/queries", {
            "backends": groups, "securityPolicy": f"{root}/securityPolicies/edge", "logConfig": {"enable": True},
        }),
        ("SecurityPolicy", "securityPolicies/edge", {"type": "CLOUD_ARMOR", "labels": LABELS, "rules": [
            {"priority": 1000, "action": "deny(403)", "match": {"expr": {"expression": "evaluatePreconfiguredWaf('sqli-v33-stable')"}}},
            {"priority": 2147483647, "action": "allow", "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}},
        ]}),
        ("UrlMap", "urlMaps/queries", {"defaultService": f"{root}/backendServices/queries"}),
        ("SslPolicy", "sslPolicies/strict", {"minTlsVersion": "TLS_1_2"}),
        ("TargetHttpsProxy", "targetHttpsProxies/queries", {
            "urlMap": f"{root}/urlMaps/queries", "sslPolicy": f"{root}/sslPolicies/strict",
        }),
        ("GlobalForwardingRule", "forwardingRules/queries", {"target": f"{root}/targetHttpsProxies/queries"}),
    )  # fmt: skip
    for kind, end, data in things:
        more = {"loadBalancingScheme": "EXTERNAL_MANAGED", "creationTimestamp": MADE} if kind.endswith("Rule") else {}
        whole = {"selfLink": f"{root}/{end}", "name": end.partition("/")[2], **data, **more}
        add(
            assets,
            f"compute.googleapis.com/{kind}",
            f"{COMPUTE}projects/{project}/global/{end}",
            project,
            whole,
            location="global",
        )
    name = f"projects/{project}/locations/global/certificates/queries"
    managed = {
        "name": name, "managed": {"state": "ACTIVE", "domains": [f"queries.{DOMAIN}"]}, "pemCertificate": CERTIFICATE,
        "createTime": MADE, "expireTime": "2026-12-20T00:00:00Z",
    }  # fmt: skip
    add(
        assets, "certificatemanager.googleapis.com/Certificate", f"//certificatemanager.googleapis.com/{name}", project, managed,
        location="global",
    )  # fmt: skip
