"""What the small organisation is reached through and watched by: load balancers, certificates, secrets, logs, alarms, detectors."""

from tests.fakes.gcp_assets import CMEK, COMPUTE, LATELY, NUMBERS, ORGANIZATION, PRODUCTION, THEN, VISION, Estate

RSA_1024 = """-----BEGIN CERTIFICATE-----
MIIBrDCCARWgAwIBAgIBATANBgkqhkiG9w0BAQsFADAcMRowGAYDVQQDDBFzaG9w
LmNvcnAuZXhhbXBsZTAeFw0yNjAxMDEwMDAwMDBaFw0yNzAzMDEwMDAwMDBaMBwx
GjAYBgNVBAMMEXNob3AuY29ycC5leGFtcGxlMIGfMA0GCSqGSIb3DQEBAQUAA4GN
ADCBiQKBgQCiAtksTaN7qyQTlQ2u9Wao8+R1aXSdzceM77nJTMuwtFw7ZCeNhf+1
C/8XR43V6+WGFDGP0EhhakaGSKu8hespmhIsclF6Z1GgFS1mRvbFHjh/TSEwIMkx
jL85Vm2MgaeQaphCweyWSWXIyHvvY+Squ1/Czh2nJ5RgQOx70XetLQIDAQABMA0G
CSqGSIb3DQEBCwUAA4GBAEgVjbTrDtKzoHT6whoIhOEzFLg6tXsSkV1g5M0C62Vf
GBISY1cKsnBFmuyCHkquyh8bRTDTRs6eZxF1m6LHfhu4JZcjB4QGqhyGdF12C3QC
qQl3wjQ3+IknLQ8GFDl8Cz2xZybpTfXVScFPQVW1mU+2kYeJJ8M6D2l6afvicWGQ
-----END CERTIFICATE-----"""
EC_P256 = """-----BEGIN CERTIFICATE-----
MIIBJDCBy6ADAgECAgEBMAoGCCqGSM49BAMCMBwxGjAYBgNVBAMMEXNob3AuY29y
cC5leGFtcGxlMB4XDTI2MDEwMTAwMDAwMFoXDTI3MDMwMTAwMDAwMFowHDEaMBgG
A1UEAwwRc2hvcC5jb3JwLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARkDm2VVDlBC76LEHGSuNyo2DKqYPCXMbrm2QH5DOJI+0B3y3cK7EqizEByNqCK
LPmSMb8BRP9BgXF7fyW6BlNwMAoGCCqGSM49BAMCA0gAMEUCIQCHVWMDsu2TfPEH
VTvBXCYA/Eq4IDSGLQhQvZHMKyb1CAIgNuNB31Vug3YvWAfJNH0nWzez5SbntRoH
HS9wM8rfN4M=
-----END CERTIFICATE-----"""

"""Two certificates that nobody trusts, made for these tests; of their keys only the public halves were kept."""


def surroundings(estate: Estate, project: str, *, broken: bool) -> None:
    """All of it for one project."""
    balancers(estate, project, broken=broken)
    certificates(estate, project, broken=broken)
    secrets(estate, project, broken=broken)
    logs(estate, project, broken=broken)
    enabled(estate, project, broken=broken)
    settings(
        estate, NUMBERS[project], [NUMBERS[project], *estate.named(NUMBERS[project])["ancestors"][1:]], on=not broken
    )


def put(estate: Estate, kind: str, project: str, data: dict[str, object]) -> None:
    """Something of Compute Engine, by its own link."""
    link = str(data["selfLink"])
    estate.add(f"compute.googleapis.com/{kind}", COMPUTE + link.removeprefix(VISION), project, data)


def balancers(estate: Estate, project: str, *, broken: bool) -> None:
    """A load balancer for TLS with one beside it that redirects; or one that takes old TLS and one that takes plain HTTP."""
    root = f"{VISION}projects/{project}/global"
    zones = ("b",) if broken else ("b", "c")
    groups = [{"group": f"{VISION}projects/{project}/zones/europe-west1-{zone}/instanceGroups/web"} for zone in zones]
    guard = {} if broken else {"securityPolicy": f"{root}/securityPolicies/edge", "logConfig": {"enable": True}}
    put(
        estate,
        "BackendService",
        project,
        {"selfLink": f"{root}/backendServices/web", "name": "web", "backends": groups, **guard},
    )
    put(
        estate,
        "UrlMap",
        project,
        {"selfLink": f"{root}/urlMaps/web", "name": "web", "defaultService": f"{root}/backendServices/web"},
    )
    armour(estate, project, broken=broken)
    again = {"defaultUrlRedirect": {"httpsRedirect": True}}
    plain = {"defaultService": f"{root}/backendServices/web"} if broken else again
    put(estate, "UrlMap", project, {"selfLink": f"{root}/urlMaps/plain", "name": "plain", **plain})
    strict = {} if broken else {"sslPolicy": f"{root}/sslPolicies/strict"}
    put(
        estate,
        "SslPolicy",
        project,
        {"selfLink": f"{root}/sslPolicies/strict", "name": "strict", "minTlsVersion": "TLS_1_2"},
    )
    for kind, collection, name, more in (
        ("TargetHttpsProxy", "targetHttpsProxies", "web", strict), ("TargetHttpProxy", "targetHttpProxies", "plain", {}),
    ):  # fmt: skip
        proxy = {"selfLink": f"{root}/{collection}/{name}", "name": name, "urlMap": f"{root}/urlMaps/{name}", **more}
        put(estate, kind, project, proxy)
        rule = {
            "selfLink": f"{root}/forwardingRules/{name}", "name": name, "target": f"{root}/{collection}/{name}",
            "loadBalancingScheme": "EXTERNAL_MANAGED", "creationTimestamp": THEN,
        }  # fmt: skip
        put(estate, "GlobalForwardingRule", project, dict(rule))
    vpn = f"{VISION}projects/{project}/regions/europe-west1"
    put(
        estate,
        "ForwardingRule",
        project,
        {"selfLink": f"{vpn}/forwardingRules/vpn", "target": f"{vpn}/targetVpnGateways/vpn"},
    )


def armour(estate: Estate, project: str, *, broken: bool) -> None:
    """A policy of Cloud Armor: with rules of today that deny, or with old ones in preview before a service that keeps no log."""
    root = f"{VISION}projects/{project}/global"
    words = (
        "evaluatePreconfiguredExpr('xss-stable')"
        if broken
        else "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})"
    )
    rules = [
        {"priority": 1000, "action": "deny(403)", "preview": False, "match": {"expr": {"expression": words}}},
        {
            "priority": 2147483647,
            "action": "allow",
            "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}},
        },
    ]
    if broken:
        rules = [{**rules[0], "action": "allow"}, {**rules[0], "preview": True}, rules[1]]
        old = {
            "selfLink": f"{root}/backendServices/old",
            "name": "old",
            "securityPolicy": f"{root}/securityPolicies/edge",
        }
        put(estate, "BackendService", project, old)
    for name, kind in (("edge", "CLOUD_ARMOR"), ("unused", "CLOUD_ARMOR"), ("wires", "CLOUD_ARMOR_NETWORK")):
        policy = {
            "selfLink": f"{root}/securityPolicies/{name}",
            "name": name,
            "type": kind,
            "rules": rules,
            "creationTimestamp": THEN,
        }
        put(estate, "SecurityPolicy", project, policy)


def certificates(estate: Estate, project: str, *, broken: bool) -> None:
    """One that Google renews, and one that nobody does."""
    root = f"{VISION}projects/{project}/global/sslCertificates"
    if broken:
        old = {"selfLink": f"{root}/shop", "name": "shop", "type": "SELF_MANAGED", "certificate": RSA_1024,
               "creationTimestamp": THEN, "expireTime": "2026-11-15T00:00:00.000-07:00"}  # fmt: skip
        put(estate, "SslCertificate", project, dict(old))
        return
    name = f"projects/{project}/locations/global/certificates/shop"
    new = {"name": name, "managed": {"state": "ACTIVE", "domains": ["shop.corp.example"]}, "pemCertificate": EC_P256,
           "createTime": THEN, "expireTime": "2026-11-20T00:00:00Z"}  # fmt: skip
    estate.add(
        "certificatemanager.googleapis.com/Certificate", f"//certificatemanager.googleapis.com/{name}", project, new
    )


def secrets(estate: Estate, project: str, *, broken: bool) -> None:
    """A secret that is changed on time, or one that anybody may read and nobody changes."""
    name = f"//secretmanager.googleapis.com/projects/{NUMBERS[project].split('/')[1]}/secrets/db"
    data = {
        "name": name[31:], "createTime": THEN, "labels": {},
        "replication": {"automatic": {} if broken else {"customerManagedEncryption": {"kmsKeyName": CMEK}}},
        **({} if broken else {"rotation": {"rotationPeriod": "2592000s", "nextRotationTime": "2026-12-01T00:00:00Z"}}),
    }  # fmt: skip
    who = {
        "roles/secretmanager.secretAccessor": [
            "allUsers" if broken else f"serviceAccount:app@{project}.iam.gserviceaccount.com"
        ]
    }
    estate.add("secretmanager.googleapis.com/Secret", name, project, data, members=who)
    for number, made in ((1, "2025-01-20T08:00:00Z"), (2, "2025-01-20T08:00:00Z" if broken else LATELY)):
        estate.add(
            "secretmanager.googleapis.com/SecretVersion",
            f"{name}/versions/{number}",
            project,
            {"createTime": made, "state": "ENABLED"},
        )


FILTERS = {
    "trails": 'protoPayload.methodName="SetIamPolicy" AND protoPayload.serviceData.policyDelta.auditConfigDeltas:*',
    "owners": 'protoPayload.serviceData.policyDelta.bindingDeltas.role="roles/owner"',
    "keys": 'protoPayload.methodName="DestroyCryptoKeyVersion"',
    "people": 'protoPayload.serviceName="admin.googleapis.com" AND protoPayload.metadata.event.parameter.value="SUPER_ADMIN"',
    "logins": 'protoPayload.serviceName="login.googleapis.com" AND protoPayload.methodName:"login_failure"',
    "networks": 'resource.type="gce_firewall_rule" AND protoPayload.methodName:"compute.firewalls.patch"',
}
"""Metric -> what it counts."""


def logs(estate: Estate, project: str, *, broken: bool) -> None:
    """Log buckets, metrics of logs and alarms; in the broken project they tell nobody."""
    root = f"projects/{project}/locations/global/buckets"
    for name, days, locked in (("_Required", 400, True), ("_Default", 30 if broken else 400, not broken)):
        bucket = {"name": f"{root}/{name}", "retentionDays": days, "locked": locked, "lifecycleState": "ACTIVE"}
        estate.add("logging.googleapis.com/LogBucket", f"//logging.googleapis.com/{root}/{name}", project, bucket)
    channel = f"projects/{project}/notificationChannels/1"
    told = {"name": channel, "type": "email", "enabled": not broken, "labels": {"email_address": "ada@corp.example"}}
    estate.add("monitoring.googleapis.com/NotificationChannel", f"//monitoring.googleapis.com/{channel}", project, told)
    for number, (name, words) in enumerate(FILTERS.items()):
        metric = {"name": name, "filter": words}
        estate.add(
            "logging.googleapis.com/LogMetric",
            f"//logging.googleapis.com/projects/{project}/metrics/{name}",
            project,
            metric,
        )
        condition = {
            "conditionThreshold": {
                "filter": f'metric.type="logging.googleapis.com/user/{name}" AND resource.type="global"'
            }
        }
        policy = {"name": f"projects/{project}/alertPolicies/{number}", "enabled": True, "conditions": [condition],
                  "notificationChannels": [channel]}  # fmt: skip
        estate.add(
            "monitoring.googleapis.com/AlertPolicy", f"//monitoring.googleapis.com/{policy['name']}", project, policy
        )


SERVICES = ("cloudasset", "osconfig", "containerscanning", "recommender", "compute")


def enabled(estate: Estate, project: str, *, broken: bool) -> None:
    """Services that watch; in the broken project none of them."""
    for service in SERVICES[-1:] if broken else SERVICES:
        name = f"{NUMBERS[project]}/services/{service}.googleapis.com"
        estate.add(
            "serviceusage.googleapis.com/Service",
            f"//serviceusage.googleapis.com/{name}",
            project,
            {"name": name, "state": "ENABLED"},
        )


DETECTORS = ("event-threat-detection", "vm-threat-detection", "container-threat-detection", "security-health-analytics")


def settings(estate: Estate, owner: str, ancestors: list[str], *, on: bool) -> None:
    """Settings of Security Command Center: inherited where they are on, and off where somebody said so."""
    for detector in DETECTORS:
        name = f"{owner}/locations/global/securityCenterServices/{detector}"
        data = {"name": name, "intendedEnablementState": "INHERITED" if on else "DISABLED"}
        estate.assets.append({
            "name": f"//securitycentermanagement.googleapis.com/{name}", "ancestors": ancestors,
            "assetType": "securitycentermanagement.googleapis.com/SecurityCenterService", "resource": {"version": "v1", "data": data},
        })  # fmt: skip


def overseen(estate: Estate) -> None:
    """What is set on the organisation and on the folder of production."""
    for detector in (
        "eventThreatDetection",
        "virtualMachineThreatDetection",
        "containerThreatDetection",
        "securityHealthAnalytics",
    ):
        kind = f"{detector[0].upper()}{detector[1:]}Settings"
        estate.assets.append({
            "name": f"//securitycenter.googleapis.com/{ORGANIZATION}/{detector}Settings", "ancestors": [ORGANIZATION],
            "assetType": f"securitycenter.googleapis.com/{kind}",
            "resource": {"version": "v1beta2", "data": {"serviceEnablementState": "ENABLED"}},
        })  # fmt: skip
    topic = {"pubsubTopic": "projects/acme-logs/topics/findings", "streamingConfig": {"filter": 'state="ACTIVE"'}}
    discovery = {"name": f"{PRODUCTION}/locations/eu/discoveryConfigs/1", "status": "RUNNING"}
    for name, kind, data in (
        (f"//securitycenter.googleapis.com/{PRODUCTION}/notificationConfigs/1", "securitycenter.googleapis.com/NotificationConfig", topic),
        (f"//dlp.googleapis.com/{discovery['name']}", "dlp.googleapis.com/DiscoveryConfig", discovery),
    ):  # fmt: skip
        estate.assets.append({
            "name": name, "ancestors": [PRODUCTION, ORGANIZATION], "assetType": kind, "resource": {"version": "v1", "data": data}
        })  # fmt: skip


DATA = "projects/acme-data"
PROJECT = "projects/900000000002"
PLAIN, WEB = f"{DATA}/global/forwardingRules/plain", f"{DATA}/global/forwardingRules/web"
SHOP, SECRET = f"{DATA}/global/sslCertificates/shop", f"{PROJECT}/secrets/db"
ARMOUR = f"{DATA}/global/securityPolicies/edge"
BUCKETS = f"{DATA}/locations/global/buckets/_Default"
DEFECTS: tuple[tuple[str, str], ...] = (
    *((check, end) for end in (PLAIN, WEB) for check in (
        "public_endpoints_are_filtered", "endpoints_log_access", "endpoints_survive_a_zone",
    )),
    *((check, ARMOUR) for check in ("filter_rules_are_current", "filters_turn_attacks_away", "filters_are_logged")),
    ("endpoints_refuse_plain_text", PLAIN), ("endpoints_require_modern_tls", WEB),
    ("certificates_do_not_run_out", SHOP), ("certificates_use_strong_keys", SHOP),
    ("secrets_rotate", SECRET), ("secrets_are_not_open", SECRET),
    ("logs_are_kept", BUCKETS), ("log_stores_are_locked", BUCKETS),
    *((check, f"{PROJECT}/alarms") for check in (
        "trail_changes_raise_an_alarm", "identity_changes_raise_an_alarm", "key_changes_raise_an_alarm", "network_changes_raise_an_alarm",
    )),
    *((check, f"{PROJECT}/threat-detection") for check in ("threats_are_detected_everywhere", "threats_are_reported")),
    ("malware_is_looked_for", f"{PROJECT}/malware-protection"), ("posture_is_assessed", f"{PROJECT}/posture-assessment"),
    *((check, f"{PROJECT}/vulnerability-scanning") for check in (
        "vulnerabilities_are_looked_for", "vulnerability_scans_cover_all", "vulnerabilities_are_reported",
    )),
    *((check, f"{PROJECT}/configuration-recording") for check in (
        "configuration_changes_are_recorded", "configuration_recording_works",
    )),
    ("sensitive_data_is_looked_for", f"{PROJECT}/data-discovery"), ("access_from_outside_is_analyzed", f"{PROJECT}/access-analysis"),
)  # fmt: skip
"""(check, end of the resource's id) of what must fail of these."""
