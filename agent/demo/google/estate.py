"""The simulated Google Cloud: one organisation with a folder, in it two projects, and nothing wrong with any of it.

`agent.demo.google.defects` breaks it in known places.
"""

from agent.demo import canaries
from agent.demo.google import running, stores, surroundings
from agent.demo.google.assets import (
    ANALYTICS,
    CRM,
    DOMAIN,
    FOLDER,
    LAB,
    MADE,
    NUMBERS,
    ORGANIZATION,
    PLACE,
    Assets,
    above,
    add,
    cmek,
    enforced,
    policy,
    robot,
)  # fmt: skip

LEVEL = "accessPolicies/1/accessLevels/laptops"
LABELS_OF_KEYS = {"service": "analytics", "owner": "security"}
SETTINGS = (
    "eventThreatDetection",
    "virtualMachineThreatDetection",
    "containerThreatDetection",
    "securityHealthAnalytics",
)


def organization() -> Assets:
    """Every asset, by its key."""
    assets: Assets = {}
    found(assets)
    for project in NUMBERS:
        open_project(assets, project)
        admit(assets, project)
        cut_keys(assets, project)
        stores.shelve(assets, project)
        surroundings.watch(assets, project)
        running.serve(assets, project)
    stores.archive(assets, ANALYTICS)
    surroundings.publish(assets, ANALYTICS)
    running.compute(assets, ANALYTICS)
    record(assets)
    return assets


def found(assets: Assets) -> None:
    """The organisation and its folder, with what holds for all below."""
    served = ("spanner", "firestore", "bigtable")
    perimeter = {
        "name": "accessPolicies/1/servicePerimeters/data",
        "status": {"resources": [*NUMBERS.values()], "restrictedServices": [f"{one}.googleapis.com" for one in served]},
    }
    above(
        assets, "cloudresourcemanager.googleapis.com/Organization", f"{CRM}{ORGANIZATION}", ORGANIZATION,
        {"name": ORGANIZATION, "displayName": DOMAIN}, servicePerimeter=perimeter, orgPolicy=[enforced("storage.secureHttpTransport")],
        iamPolicy=policy({"roles/cloudasset.viewer": [f"group:auditors@{DOMAIN}"]}, "ADMIN_READ"),
    )  # fmt: skip
    strict = {"requireScreenlock": True, "allowedEncryptionStatuses": ["ENCRYPTED"]}
    assets[LEVEL] = {
        "name": f"{CRM}{ORGANIZATION}", "assetType": "cloudresourcemanager.googleapis.com/Organization", "ancestors": [ORGANIZATION],
        "accessLevel": {"name": LEVEL, "title": "laptops", "basic": {"conditions": [{"devicePolicy": strict}]}},
    }  # fmt: skip
    places = {"constraint": "constraints/gcp.resourceLocations", "listPolicy": {"allowedValues": ["in:eu-locations"]}}
    members = {
        "constraint": "constraints/iam.allowedPolicyMemberDomains",
        "listPolicy": {"allowedValues": ["C02exampl"]},
    }
    above(
        assets, "cloudresourcemanager.googleapis.com/Folder", f"{CRM}{FOLDER}", FOLDER, {"name": FOLDER, "displayName": "data"},
        orgPolicy=[enforced("storage.publicAccessPrevention"), places, members],
        iamPolicy=policy({"roles/viewer": [f"group:operators@{DOMAIN}"]}, "DATA_READ", "DATA_WRITE"),
    )  # fmt: skip
    contact = {
        "email": canaries.CONTACT,
        "notificationCategorySubscriptions": ["SECURITY"],
        "validationState": "VALID",
    }
    above(
        assets,
        "essentialcontacts.googleapis.com/Contact",
        f"//essentialcontacts.googleapis.com/{FOLDER}/contacts/1",
        FOLDER,
        contact,
    )
    for setting in SETTINGS:
        kind, name = (
            f"{setting[0].upper()}{setting[1:]}Settings",
            f"//securitycenter.googleapis.com/{ORGANIZATION}/{setting}Settings",
        )
        above(
            assets, f"securitycenter.googleapis.com/{kind}", name, ORGANIZATION, {"serviceEnablementState": "ENABLED"}
        )
    told = {"pubsubTopic": f"projects/{ANALYTICS}/topics/findings", "streamingConfig": {"filter": 'state="ACTIVE"'}}
    discovery = {"name": f"{FOLDER}/locations/eu/discoveryConfigs/1", "status": "RUNNING"}
    above(
        assets, "securitycenter.googleapis.com/NotificationConfig", f"//securitycenter.googleapis.com/{FOLDER}/notificationConfigs/1",
        FOLDER, told,
    )  # fmt: skip
    above(assets, "dlp.googleapis.com/DiscoveryConfig", f"//dlp.googleapis.com/{discovery['name']}", FOLDER, discovery)


def open_project(assets: Assets, project: str) -> None:
    """The project's own asset, and who may do what in it."""
    number = NUMBERS[project]
    data = {
        "projectId": project, "projectNumber": number.split("/")[1], "name": project.replace("-", " "), "lifecycleState": "ACTIVE",
        "createTime": MADE, "labels": {"service": "analytics"},
    }  # fmt: skip
    asset = add(
        assets, "cloudresourcemanager.googleapis.com/Project", f"{CRM}{number}", project, data, location="global"
    )
    asset["iamPolicy"] = policy({
        "roles/storage.objectAdmin": [f"group:storage@{DOMAIN}"], "roles/logging.viewer": [f"serviceAccount:{robot(project)}"],
        f"projects/{project}/roles/auditor": [f"group:auditors@{DOMAIN}"],
    })  # fmt: skip


def admit(assets: Assets, project: str) -> None:
    """A role of our own and two service accounts, one of which has a key."""
    role = f"projects/{project}/roles/auditor"
    may = {"name": role, "includedPermissions": ["storage.buckets.get", "storage.objects.create"]}
    add(assets, "iam.googleapis.com/Role", f"//iam.googleapis.com/{role}", project, may)
    for number, account in enumerate(("pipeline", "notebooks"), 1):
        name = f"//iam.googleapis.com/projects/{project}/serviceAccounts/{NUMBERS[project][-4:]}{number:08d}"
        data = {"email": robot(project, account), "uniqueId": name.rsplit("/", 1)[1], "projectId": project}
        users = {"roles/iam.serviceAccountTokenCreator": [f"group:deployers@{DOMAIN}"]}
        add(assets, "iam.googleapis.com/ServiceAccount", name, project, data, members=users)
        made = {
            "keyType": "USER_MANAGED",
            "validAfterTime": "2026-09-10T08:00:00Z",
            "validBeforeTime": "9999-12-31T23:59:59Z",
        }
        if account == "notebooks":
            add(assets, "iam.googleapis.com/ServiceAccountKey", f"{name}/keys/1", project, made)


def cut_keys(assets: Assets, project: str) -> None:
    """A ring of keys that rotate."""
    ring = f"//cloudkms.googleapis.com/projects/{project}/locations/{PLACE}/keyRings/main"
    add(assets, "cloudkms.googleapis.com/KeyRing", ring, project, {"name": ring}, members={})
    users = {"roles/cloudkms.cryptoKeyEncrypterDecrypter": [f"serviceAccount:{robot(project)}"]}
    made = {"protectionLevel": "HSM", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"}
    for name in ("storage", "warehouse", "exports") if project == ANALYTICS else ("storage",):
        data = {
            "name": cmek(project, name), "purpose": "ENCRYPT_DECRYPT", "createTime": MADE, "labels": LABELS_OF_KEYS,
            "rotationPeriod": "7776000s", "nextRotationTime": "2026-12-01T00:00:00Z", "primary": {"state": "ENABLED", **made},
            "versionTemplate": made, "destroyScheduledDuration": "2592000s",
        }  # fmt: skip
        add(assets, "cloudkms.googleapis.com/CryptoKey", f"{ring}/cryptoKeys/{name}", project, data, members=users)
        for number, state in ((1, "DISABLED"), (2, "ENABLED")):
            version = f"{ring}/cryptoKeys/{name}/cryptoKeyVersions/{number}"
            add(assets, "cloudkms.googleapis.com/CryptoKeyVersion", version, project, {"state": state})


def record(assets: Assets) -> None:
    """A locked log bucket that the folder and the organisation send everything to."""
    vault = f"projects/{ANALYTICS}/locations/global/buckets/vault"
    kept = {"name": vault, "locked": True, "retentionDays": 400, "cmekSettings": {"kmsKeyName": cmek(ANALYTICS)}}
    add(
        assets,
        "logging.googleapis.com/LogBucket",
        f"//logging.googleapis.com/{vault}",
        ANALYTICS,
        kept,
        location="global",
    )
    people = 'protoPayload.serviceName=("login.googleapis.com" OR "admin.googleapis.com")'
    for level, name, more in ((FOLDER, "everything", {}), (ORGANIZATION, "people", {"filter": people})):
        sink = {
            "name": name,
            "destination": f"logging.googleapis.com/{vault}",
            "includeChildren": True,
            "createTime": MADE,
            **more,
        }
        above(assets, "logging.googleapis.com/LogSink", f"//logging.googleapis.com/{level}/sinks/{name}", level, sink)
    for project in (ANALYTICS, LAB):
        for name, destination in (
            ("audit", vault),
            ("_Default", f"projects/{project}/locations/global/buckets/_Default"),
        ):
            sink = {"name": name, "destination": f"logging.googleapis.com/{destination}", "createTime": MADE}
            add(
                assets, "logging.googleapis.com/LogSink", f"//logging.googleapis.com/projects/{project}/sinks/{name}", project, sink,
                location="global",
            )  # fmt: skip
