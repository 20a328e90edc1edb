"""What runs in the simulated Google Cloud: services of Cloud Run, a machine, a cluster, a registry of images, and their copies."""

from agent.demo import canaries
from agent.demo.google.assets import (
    CODED,
    COMPUTE,
    DOMAIN,
    ELSEWHERE,
    LINK,
    MADE,
    NUMBERS,
    PLACE,
    Assets,
    add,
    cmek,
    robot,
)  # fmt: skip

MACHINE = "7700000000000000001"


def serve(assets: Assets, project: str) -> None:
    """A service of Cloud Run behind a load balancer, the rule for images, and the network with its quota."""
    marks = {
        "run.googleapis.com/ingress": "internal-and-cloud-load-balancing",
        "run.googleapis.com/binary-authorization": "default",
    }
    data = {
        "kind": "Service", "metadata": {"name": "queries", "labels": CODED, "annotations": marks, "creationTimestamp": MADE},
        "spec": {"template": {"spec": {"serviceAccountName": robot(project), "containers": [{"image": "queries"}]}}},
    }  # fmt: skip
    where = f"//run.googleapis.com/projects/{project}/locations/{PLACE}/services/queries"
    add(
        assets,
        "run.googleapis.com/Service",
        where,
        project,
        data,
        members={"roles/run.invoker": [f"group:all@{DOMAIN}"]},
    )
    rule = {"evaluationMode": "REQUIRE_ATTESTATION", "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG"}
    name = f"projects/{project}/policy"
    add(
        assets, "binaryauthorization.googleapis.com/Policy", f"//binaryauthorization.googleapis.com/{name}", project,
        {"name": name, "defaultAdmissionRule": rule}, location="global",
    )  # fmt: skip
    network(assets, project)


def network(assets: Assets, project: str) -> None:
    """A network that logs flows and names, a subnet, a firewall for one office, quotas, OS Login."""
    path, link = f"{COMPUTE}projects/{project}", f"{LINK}projects/{project}/global/networks/data"
    add(
        assets,
        "compute.googleapis.com/Network",
        f"{path}/global/networks/data",
        project,
        {"name": "data", "selfLink": link},
    )
    subnet = {"name": "data", "network": link, "enableFlowLogs": True, "logConfig": {"enable": True}}
    add(assets, "compute.googleapis.com/Subnetwork", f"{path}/regions/{PLACE}/subnetworks/data", project, subnet)
    heard = {"name": "names", "enableLogging": True, "networks": [{"networkUrl": link}]}
    add(assets, "dns.googleapis.com/Policy", f"//dns.googleapis.com/projects/{project}/policies/1", project, heard)
    office = {
        "name": "office-ssh", "network": link, "direction": "INGRESS", "disabled": False, "sourceRanges": ["203.0.113.0/24"],
        "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}],
    }  # fmt: skip
    add(
        assets,
        "compute.googleapis.com/Firewall",
        f"{path}/global/firewalls/office-ssh",
        project,
        office,
        location="global",
    )
    whole = {
        "name": project, "commonInstanceMetadata": {"items": [{"key": "enable-oslogin", "value": "TRUE"}]},
        "quotas": [{"metric": "CPUS_ALL_REGIONS", "limit": 100.0, "usage": 12.0}],
    }  # fmt: skip
    add(assets, "compute.googleapis.com/Project", path, project, whole, location="global")


def compute(assets: Assets, project: str) -> None:
    """What only the larger project has: a machine that is backed up and patched, a cluster, its images."""
    url, path, zone = f"{LINK}projects/{project}", f"{COMPUTE}projects/{project}", f"{PLACE}-b"
    machine = {
        "name": "notebook", "id": MACHINE, "selfLink": f"{url}/zones/{zone}/instances/notebook", "creationTimestamp": MADE,
        "zone": f"{url}/zones/{zone}", "labels": CODED, "status": "RUNNING", "deletionProtection": True,
        "networkInterfaces": [{"network": f"{url}/global/networks/data", "networkIP": "10.0.0.2"}],
        "disks": [{"type": "PERSISTENT", "boot": True, "source": f"{url}/zones/{zone}/disks/notebook"}],
        "shieldedInstanceConfig": {"enableSecureBoot": True, "enableVtpm": True},
        "serviceAccounts": [{"email": robot(project, "notebooks"), "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}],
        "metadata": {"items": [{"key": "startup-script", "value": f"export AWS_SECRET_ACCESS_KEY={canaries.SECRET_KEY}"}]},
    }  # fmt: skip
    found = add(
        assets,
        "compute.googleapis.com/Instance",
        f"{path}/zones/{zone}/instances/notebook",
        project,
        machine,
        location=zone,
    )
    agent = f"{NUMBERS[project]}/locations/{zone}/instances/{MACHINE}"
    installed = {
        "originType": "INVENTORY_REPORT",
        "installedPackage": {"aptPackage": {"packageName": "bash", "version": "5"}},
    }
    found["osInventory"] = {
        "name": f"{agent}/inventory", "osInfo": {"shortName": "debian", "version": "12"}, "items": {"bash": installed},
        "updateTime": "now-2h",
    }  # fmt: skip
    report = {"name": f"{agent}/vulnerabilityReport", "vulnerabilities": [], "updateTime": "now-2h"}
    add(
        assets, "osconfig.googleapis.com/VulnerabilityReport", f"//osconfig.googleapis.com/{agent}/vulnerabilityReport", project,
        report, location=zone,
    )  # fmt: skip
    cluster(assets, project)
    name = f"projects/{project}/locations/{PLACE}/repositories/images"
    images = {
        "name": name, "format": "DOCKER", "createTime": MADE, "dockerConfig": {"immutableTags": True},
        "vulnerabilityScanningConfig": {"enablementState": "SCANNING_ACTIVE"}, "cleanupPolicies": {"old": {"action": "DELETE"}},
    }  # fmt: skip
    add(
        assets,
        "artifactregistry.googleapis.com/Repository",
        f"//artifactregistry.googleapis.com/{name}",
        project,
        images,
        members={},
    )
    vault(assets, project)


def cluster(assets: Assets, project: str) -> None:
    """A cluster over three zones with all that keeps it to itself."""
    data = {
        "name": "batch", "currentMasterVersion": "1.33.4-gke.1", "createTime": MADE, "resourceLabels": CODED, "location": PLACE,
        "databaseEncryption": {"state": "ENCRYPTED", "keyName": f"projects/{project}/locations/{PLACE}/keyRings/main/cryptoKeys/storage"},
        "releaseChannel": {"channel": "REGULAR"}, "privateClusterConfig": {"enablePrivateNodes": True},
        "networkConfig": {"datapathProvider": "ADVANCED_DATAPATH"},
        "masterAuthorizedNetworksConfig": {"enabled": True, "cidrBlocks": [{"cidrBlock": "10.0.0.0/8"}]},
        "workloadIdentityConfig": {"workloadPool": f"{project}.svc.id.goog"}, "loggingService": "logging.googleapis.com/kubernetes",
        "loggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "APISERVER"]}},
        "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"},
        "nodePools": [{
            "name": "workers", "networkConfig": {"enablePrivateNodes": True}, "management": {"autoUpgrade": True},
            "config": {"shieldedInstanceConfig": {"enableSecureBoot": True}},
        }],
        "shieldedNodes": {"enabled": True}, "masterAuth": {"clusterCaCertificate": "AB"}, "legacyAbac": {},
    }  # fmt: skip
    name = f"//container.googleapis.com/projects/{project}/locations/{PLACE}/clusters/batch"
    add(assets, "container.googleapis.com/Cluster", name, project, data)


def vault(assets: Assets, project: str) -> None:
    """A backup vault in another region, and the machine's plan."""
    name = f"projects/{project}/locations/{ELSEWHERE}/backupVaults/main"
    held = {
        "name": name, "createTime": MADE, "backupMinimumEnforcedRetentionDuration": "2592000s",
        "encryptionConfig": {"kmsKeyName": cmek(project)},
    }  # fmt: skip
    add(
        assets,
        "backupdr.googleapis.com/BackupVault",
        f"//backupdr.googleapis.com/{name}",
        project,
        held,
        location=ELSEWHERE,
    )
    source = {
        "name": f"{name}/dataSources/1", "dataSourceGcpResource": {"location": PLACE, "type": "compute.googleapis.com/Instance"},
        "backupConfigInfo": {"lastBackupState": "SUCCEEDED"},
    }  # fmt: skip
    add(
        assets,
        "backupdr.googleapis.com/DataSource",
        f"//backupdr.googleapis.com/{name}/dataSources/1",
        project,
        source,
        location=ELSEWHERE,
    )
    plan = {
        "resource": f"projects/{project}/zones/{PLACE}-b/instances/notebook",
        "rulesConfigInfo": [{"ruleId": "daily", "lastSuccessfulBackupConsistencyTime": "now-4h"}],
    }
    where = f"projects/{project}/locations/{PLACE}/backupPlanAssociations/notebook"
    add(assets, "backupdr.googleapis.com/BackupPlanAssociation", f"//backupdr.googleapis.com/{where}", project, plan)
