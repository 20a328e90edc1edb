"""What runs in the small organisation: machines, groups, functions, services, clusters, and the images that they run."""

from typing import Any

from tests.fakes.gcp_assets import CMEK, COMPUTE, LATELY, NUMBERS, THEN, VISION, Estate

WIDE = ["https://www.googleapis.com/auth/cloud-platform"]
PLACE = "europe-west1"
SECRET_SCRIPT = {"key": "startup-script", "value": "mysql -u root -phunter2"}


def workloads(estate: Estate, project: str, *, broken: bool) -> None:
    """All of it."""
    machine(estate, project, broken=broken)
    copies(estate, project, broken=broken)
    reports(estate, project, broken=broken)
    group(estate, project, broken=broken)
    functions(estate, project, broken=broken)
    services(estate, project, broken=broken)
    web_app(estate, project, broken=broken)
    cluster(estate, project, broken=broken)
    images(estate, project, broken=broken)


def robot(project: str) -> str:
    """The service account that everything runs as; in the broken project it administers all storage."""
    return f"app@{project}.iam.gserviceaccount.com"


def tags(*, broken: bool) -> dict[str, str]:
    """Labels of what is made from code and owned, or none."""
    return {} if broken else {"owner": "payments", "goog-terraform-provisioned": "true", "classification": "internal"}


def machine(estate: Estate, project: str, *, broken: bool) -> None:
    """A machine, and what holds for all machines of its project."""
    url = f"{VISION}projects/{project}"
    nat = {"accessConfigs": [{"type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "203.0.113.9"}]}
    network = "default" if broken else "main"
    data = {
        "name": "app", "id": f"77{NUMBERS[project][-1]}", "selfLink": f"{url}/zones/{PLACE}-b/instances/app", "creationTimestamp": THEN,
        "zone": f"{url}/zones/{PLACE}-b", "labels": tags(broken=broken), "status": "RUNNING",
        "networkInterfaces": [{"network": f"{url}/global/networks/{network}", "networkIP": "10.0.0.2", **(nat if broken else {})}],
        "disks": [{"type": "PERSISTENT", "boot": True, "source": f"{url}/zones/{PLACE}-b/disks/root"}, {"type": "SCRATCH"}],
        "shieldedInstanceConfig": {"enableSecureBoot": not broken, "enableVtpm": True}, "deletionProtection": not broken,
        "serviceAccounts": [{"email": robot(project), "scopes": WIDE}],
        "metadata": {"items": [SECRET_SCRIPT], "fingerprint": "x="},
    }  # fmt: skip
    path = f"{COMPUTE}projects/{project}"
    for name, stage in (("app", "prod"), *((("trial", "dev"),) if broken else ())):
        one = {**data, "name": name, "labels": {**data["labels"], "env": stage}}
        estate.add(
            "compute.googleapis.com/Instance",
            f"{path}/zones/{PLACE}-b/instances/{name}",
            project,
            one,
            location=f"{PLACE}-b",
        )
    said = [] if broken else [{"key": "enable-oslogin", "value": "TRUE"}]
    quota = {"metric": "CPUS_ALL_REGIONS", "limit": 100.0, "usage": 96.0 if broken else 12.0}
    rules = {
        "name": project, "commonInstanceMetadata": {"items": [*said, SECRET_SCRIPT]},
        "quotas": [quota, {"metric": "NETWORKS", "limit": -1, "usage": 3}],
    }  # fmt: skip
    estate.add("compute.googleapis.com/Project", path, project, rules)
    link = f"{url}/global/networks/{network}"
    estate.add(
        "compute.googleapis.com/Network",
        f"{path}/global/networks/{network}",
        project,
        {"name": network, "selfLink": link},
    )
    if not broken:
        heard = {"name": "heard", "enableLogging": True, "networks": [{"networkUrl": link}]}
        estate.add("dns.googleapis.com/Policy", f"//dns.googleapis.com/projects/{project}/policies/1", project, heard)


def copies(estate: Estate, project: str, *, broken: bool) -> None:
    """In the sound project the machine's disk is copied every night, and a plan backs the machine up to a vault."""
    vault = f"projects/{project}/locations/{'europe-west1' if broken else 'europe-west4'}/backupVaults/main"
    place = vault.split("/")[3]
    hold = (
        {}
        if broken
        else {"backupMinimumEnforcedRetentionDuration": "2592000s", "encryptionConfig": {"kmsKeyName": CMEK}}
    )
    estate.add(
        "backupdr.googleapis.com/BackupVault", f"//backupdr.googleapis.com/{vault}", project,
        {"name": vault, "createTime": THEN, **hold}, location=place,
    )  # fmt: skip
    source = {
        "name": f"{vault}/dataSources/1", "dataSourceGcpResource": {"location": PLACE, "type": "compute.googleapis.com/Instance"},
        "backupConfigInfo": {"lastBackupState": "FAILED" if broken else "SUCCEEDED"},
    }  # fmt: skip
    name = f"//backupdr.googleapis.com/{vault}/dataSources/1"
    estate.add("backupdr.googleapis.com/DataSource", name, project, source, location=place)
    if broken:
        return
    rule = {"ruleId": "daily", "lastSuccessfulBackupConsistencyTime": "2026-11-05T02:00:00Z"}
    plan = {"resource": f"projects/{project}/zones/{PLACE}-b/instances/app", "rulesConfigInfo": [rule]}
    where = f"projects/{project}/locations/{PLACE}/backupPlanAssociations/app"
    estate.add("backupdr.googleapis.com/BackupPlanAssociation", f"//backupdr.googleapis.com/{where}", project, plan)


def reports(estate: Estate, project: str, *, broken: bool) -> None:
    """What the agent on the machine says; on the broken one it fell silent, and two vulnerabilities stay open."""
    instance = estate.named(f"{project}/zones/{PLACE}-b/instances/app")
    number = instance["resource"]["data"]["id"]
    package = {
        "originType": "INVENTORY_REPORT",
        "installedPackage": {"aptPackage": {"packageName": "bash", "version": "5"}},
    }
    instance["osInventory"] = {
        "name": f"{NUMBERS[project]}/locations/{PLACE}-b/instances/{number}/inventory", "osInfo": {"shortName": "debian", "version": "12"},
        "items": {} if broken else {"bash": package}, "updateTime": LATELY if broken else "2026-11-06T20:00:00Z",
    }  # fmt: skip

    def found(cve: str, severity: str, since: str) -> dict[str, Any]:
        item = {"installedInventoryItemId": f"{cve}-1", "availableInventoryItemId": f"{cve}-2"}
        return {
            "details": {"cve": cve, "severity": severity},
            "createTime": since,
            "updateTime": since,
            "items": [item],
        }

    open_ = [found("CVE-2026-0001", "CRITICAL", THEN), found("CVE-2026-0002", "HIGH", THEN)] if broken else []
    fresh = {
        "details": {"cve": "CVE-2026-0003", "severity": "LOW"},
        "createTime": LATELY,
        "items": [{"upstreamFix": "2.0"}],
    }
    name = f"{NUMBERS[project]}/locations/{PLACE}-b/instances/{number}/vulnerabilityReport"
    report = {"name": name, "vulnerabilities": [*open_, fresh], "updateTime": "2026-11-05T08:00:00Z"}
    estate.add("osconfig.googleapis.com/VulnerabilityReport", f"//osconfig.googleapis.com/{name}", project, report)


def group(estate: Estate, project: str, *, broken: bool) -> None:
    """A group of machines: over a region and able to grow, or neither."""
    path, url = f"{COMPUTE}projects/{project}", f"{VISION}projects/{project}"
    place = f"zones/{PLACE}-b" if broken else f"regions/{PLACE}"
    template = {
        "labels": tags(broken=broken), "serviceAccounts": [{"email": robot(project), "scopes": WIDE}],
        "metadata": {"items": [SECRET_SCRIPT]},
    }  # fmt: skip
    estate.add(
        "compute.googleapis.com/InstanceTemplate", f"{path}/global/instanceTemplates/web", project,
        {"name": "web", "properties": template},
    )  # fmt: skip
    zones = [{"zone": f"{url}/zones/{PLACE}-{zone}"} for zone in "bcd"]
    data = {
        "name": "web", "targetSize": 2, "instanceTemplate": f"{url}/global/instanceTemplates/web", "creationTimestamp": THEN,
        **({} if broken else {"distributionPolicy": {"zones": zones}}),
    }  # fmt: skip
    estate.add(
        "compute.googleapis.com/InstanceGroupManager", f"{path}/{place}/instanceGroupManagers/web", project, data,
        location=PLACE,
    )  # fmt: skip
    most = 2 if broken else 6
    scaler = {
        "target": f"{url}/{place}/instanceGroupManagers/web",
        "autoscalingPolicy": {"mode": "ON", "maxNumReplicas": most},
    }
    estate.add("compute.googleapis.com/Autoscaler", f"{path}/{place}/autoscalers/web", project, scaler, location=PLACE)


def functions(estate: Estate, project: str, *, broken: bool) -> None:
    """One function: of the first generation and open, or of the second and closed. The inventory has the first one twice."""
    name = f"projects/{project}/locations/{PLACE}/functions/resize"
    later = {
        "name": name, "environment": "GEN_1" if broken else "GEN_2", "createTime": THEN, "labels": tags(broken=broken),
        "buildConfig": {"runtime": "python38" if broken else "nodejs22"},
        "serviceConfig": {
            "service": f"projects/{project}/locations/{PLACE}/services/resize", "serviceAccountEmail": robot(project),
            "ingressSettings": "ALLOW_ALL", "binaryAuthorizationPolicy": f"projects/{project}/policy",
            "environmentVariables": {"PASSWORD": "hunter2"},
        },
    }  # fmt: skip
    who = {"roles/cloudfunctions.invoker": ["allUsers"]} if broken else {}
    estate.add(
        "cloudfunctions.googleapis.com/Function",
        f"//cloudfunctions.googleapis.com/{name}",
        project,
        later,
        location=PLACE,
    )
    if broken:
        first = {
            "name": name, "runtime": "python38", "httpsTrigger": {"securityLevel": "SECURE_OPTIONAL"}, "ingressSettings": "ALLOW_ALL",
            "serviceAccountEmail": robot(project), "environmentVariables": {"PASSWORD": "hunter2"},
        }  # fmt: skip
        estate.add(
            "cloudfunctions.googleapis.com/CloudFunction", f"//cloudfunctions.googleapis.com/{name}", project, first,
            location=PLACE, members=who,
        )  # fmt: skip
        return
    under = {"metadata": {"name": "resize", "labels": {"goog-managed-by": "cloudfunctions"}}}
    estate.add(
        "run.googleapis.com/Service", f"//run.googleapis.com/projects/{project}/locations/{PLACE}/services/resize", project, under,
        location=PLACE, members={"roles/run.invoker": [f"serviceAccount:{robot(project)}"]},
    )  # fmt: skip


def services(estate: Estate, project: str, *, broken: bool) -> None:
    """A service of Cloud Run, in newer words where it is open, and the rule for images."""
    newer = {
        "name": f"projects/{project}/locations/{PLACE}/services/shop", "labels": tags(broken=broken), "createTime": THEN,
        "ingress": "INGRESS_TRAFFIC_ALL", "template": {"serviceAccount": robot(project), "containers": [{"image": "shop"}]},
    }  # fmt: skip
    marks = {
        "run.googleapis.com/ingress": "internal-and-cloud-load-balancing",
        "run.googleapis.com/binary-authorization": "default",
    }
    older = {
        "kind": "Service", "metadata": {"name": "shop", "labels": tags(broken=broken), "annotations": marks, "creationTimestamp": THEN},
        "spec": {"template": {"spec": {"serviceAccountName": robot(project), "containers": [{"env": [{"value": "hunter2"}]}]}}},
    }  # fmt: skip
    estate.add(
        "run.googleapis.com/Service", f"//run.googleapis.com/projects/{project}/locations/{PLACE}/services/shop", project,
        newer if broken else older, location=PLACE, members={"roles/run.invoker": ["allUsers" if broken else "group:all@corp.example"]},
    )  # fmt: skip
    mode = "ALWAYS_ALLOW" if broken else "REQUIRE_ATTESTATION"
    rule = {"name": f"projects/{project}/policy",
            "defaultAdmissionRule": {"evaluationMode": mode, "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG"}}  # fmt: skip
    estate.add(
        "binaryauthorization.googleapis.com/Policy",
        f"//binaryauthorization.googleapis.com/projects/{project}/policy",
        project,
        rule,
    )


def web_app(estate: Estate, project: str, *, broken: bool) -> None:
    """A version of App Engine that serves, and one that is stopped."""
    root = f"//appengine.googleapis.com/apps/{project}"
    estate.add("appengine.googleapis.com/Application", root, project, {"iap": {"enabled": not broken}})
    estate.add("appengine.googleapis.com/Service", f"{root}/services/default", project, {"labels": tags(broken=broken)})
    version = {
        "runtime": "php74" if broken else "python312", "createTime": THEN, "serviceAccount": robot(project), "servingStatus": "SERVING",
        "handlers": [{"urlRegex": ".*", "securityLevel": "SECURE_OPTIONAL" if broken else "SECURE_ALWAYS"}],
        "envVariables": {"PASSWORD": "hunter2"},
    }  # fmt: skip
    estate.add("appengine.googleapis.com/Version", f"{root}/services/default/versions/1", project, version)
    estate.add(
        "appengine.googleapis.com/Version",
        f"{root}/services/default/versions/0",
        project,
        {**version, "servingStatus": "STOPPED"},
    )


def cluster(estate: Estate, project: str, *, broken: bool) -> None:
    """A cluster with all of it, or with none."""
    key = {
        "state": "ENCRYPTED",
        "keyName": "projects/acme-prod/locations/europe-west1/keyRings/main/cryptoKeys/storage",
    }
    renewed = {"management": {"autoUpgrade": True}, "config": {"shieldedInstanceConfig": {"enableSecureBoot": True}}}
    sound = {
        "location": PLACE, "databaseEncryption": key, "releaseChannel": {"channel": "REGULAR"},
        "privateClusterConfig": {"enablePrivateNodes": True}, "networkConfig": {"datapathProvider": "ADVANCED_DATAPATH"},
        "masterAuthorizedNetworksConfig": {"enabled": True, "cidrBlocks": [{"cidrBlock": "10.0.0.0/8"}]},
        "workloadIdentityConfig": {"workloadPool": f"{project}.svc.id.goog"}, "loggingService": "logging.googleapis.com/kubernetes",
        "loggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "APISERVER"]}},
        "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"},
        "nodePools": [{"name": "one", "networkConfig": {"enablePrivateNodes": True}, **renewed}, {"name": "two", **renewed}],
        "shieldedNodes": {"enabled": True}, "masterAuth": {"clusterCaCertificate": "AB"}, "legacyAbac": {},
    }  # fmt: skip
    loose = {
        "location": f"{PLACE}-b", "databaseEncryption": {"state": "DECRYPTED"}, "loggingService": "none",
        "binaryAuthorization": {"evaluationMode": "DISABLED"}, "nodePools": [{"name": "one"}],
        "masterAuth": {"username": "admin", "password": "hunter2"}, "legacyAbac": {"enabled": True},
    }  # fmt: skip
    data = {
        "name": "main", "currentMasterVersion": "1.28.9-gke.1", "createTime": THEN, "resourceLabels": tags(broken=broken),
        **(loose if broken else sound),
    }  # fmt: skip
    place = str(data["location"])
    collection = "zones" if broken else "locations"
    name = f"//container.googleapis.com/projects/{project}/{collection}/{place}/clusters/main"
    estate.add("container.googleapis.com/Cluster", name, project, data, location=place)


def images(estate: Estate, project: str, *, broken: bool) -> None:
    """A registry of images; the broken one says nothing of scanning, and the project does not scan."""
    name = f"projects/{project}/locations/{PLACE}/repositories/images"
    sound = {
        "dockerConfig": {"immutableTags": True}, "vulnerabilityScanningConfig": {"enablementState": "SCANNING_ACTIVE"},
        "cleanupPolicies": {"old": {"action": "DELETE"}},
    }  # fmt: skip
    data = {"name": name, "format": "DOCKER", "createTime": THEN, **({} if broken else sound)}
    estate.add(
        "artifactregistry.googleapis.com/Repository", f"//artifactregistry.googleapis.com/{name}", project, data,
        location=PLACE, members={"roles/artifactregistry.reader": ["allUsers"]} if broken else {},
    )  # fmt: skip


DATA = "projects/acme-data"
APP, TRIAL = (f"{DATA}/zones/{PLACE}-b/instances/{name}" for name in ("app", "trial"))
WEB = f"{DATA}/zones/{PLACE}-b/instanceGroupManagers/web"
FUNCTION, SHOP = f"{DATA}/locations/{PLACE}/functions/resize", f"{DATA}/locations/{PLACE}/services/shop"
PAGES = "apps/acme-data/services/default/versions/1"
CLUSTER, IMAGES = f"{DATA}/zones/{PLACE}-b/clusters/main", f"{DATA}/locations/{PLACE}/repositories/images"
VAULT, REPORT = f"{DATA}/locations/europe-west1/backupVaults/main", "instances/772/vulnerabilityReport"
DEFECTS: tuple[tuple[str, str], ...] = (
    *((check, one) for one in (APP, TRIAL) for check in (
        "machines_have_no_public_address", "machines_verify_their_boot", "machines_log_in_centrally", "workloads_are_not_administrators",
        "machines_are_backed_up", "machines_are_patched", "machines_are_managed", "machines_are_inventoried", "machines_name_an_owner",
        "machines_come_from_code",
    )),
    *((check, WEB) for check in (
        "machine_groups_can_grow", "machine_groups_survive_a_zone", "machines_name_an_owner",
        "machines_come_from_code",
    )),
    *((check, FUNCTION) for check in (
        "functions_run_supported_runtimes", "callers_are_known", "only_signed_code_runs", "services_refuse_plain_text",
        "workloads_are_not_administrators", "workloads_are_logged", "machines_name_an_owner", "machines_come_from_code",
    )),
    *((check, PAGES) for check in (
        "functions_run_supported_runtimes", "callers_are_known", "services_refuse_plain_text", "workloads_are_not_administrators",
        "workloads_are_logged", "machines_name_an_owner",
    )),
    *((check, SHOP) for check in (
        "callers_are_known", "only_signed_code_runs", "workloads_are_not_administrators", "workloads_are_logged", "machines_name_an_owner",
        "machines_come_from_code",
    )),
    *((check, CLUSTER) for check in (
        "clusters_run_signed_images", "clusters_encrypt_secrets", "clusters_survive_a_zone", "clusters_give_workloads_identities",
        "cluster_apis_are_not_open", "cluster_nodes_are_private", "cluster_traffic_is_limited", "clusters_run_supported_versions",
        "cluster_apis_take_no_legacy_sign_ins", "cluster_nodes_are_upgraded", "cluster_nodes_verify_their_boot",
        "clusters_log_their_audit",
    )),
    *((check, IMAGES) for check in ("images_are_scanned", "image_tags_stay", "registries_are_not_public")),
    *((check, VAULT) for check in (
        "backups_are_locked", "backups_leave_their_region", "backups_succeed", "backups_are_under_our_keys",
    )),
    ("vulnerabilities_are_mended_in_time", f"{REPORT}#CVE-2026-0001"), ("vulnerabilities_are_mended_in_time", f"{REPORT}#CVE-2026-0002"),
    ("networks_are_designed", f"{DATA}/global/networks/default"), ("names_are_logged", f"{DATA}/global/networks/default"),
    ("networks_hold_one_environment", f"{DATA}/global/networks/default"),
    ("network_flows_are_logged", f"{DATA}/global/networks/default"), ("quotas_have_room", f"{DATA}/quotas/CPUS_ALL_REGIONS"),
)  # fmt: skip
"""(check, end of the resource's id) of what must fail of these."""
