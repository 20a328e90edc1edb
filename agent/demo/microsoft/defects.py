"""What is wrong with the simulated Azure: its rows of the table of defects."""

from typing import Any

from agent.demo.beside import Scenery, Withdrawn
from agent.demo.defect import UNKNOWN, Defect
from agent.demo.estate import day
from agent.demo.microsoft import rows
from agent.demo.microsoft.estate import application, person, registered, tenant
from agent.demo.microsoft.rows import PRODUCTION, STAGING, TAGS, TENANT, Things, export, here
from collectors.azure.places import ENDPOINT_VARIABLE

RETENTION = "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read"


def identity(subscription: str, kind: str, name: str) -> str:
    """An ARM id as the agent keeps it."""
    return rows.identity(subscription, kind, name).lower()


def account(subscription: str, name: str) -> str:
    """The id of a storage account."""
    return identity(subscription, "Microsoft.Storage/storageAccounts", f"example{name}{subscription[0]}")


def orders(subscription: str) -> str:
    """The id of the database."""
    server = identity(subscription, "Microsoft.Sql/servers", f"example-orders-{subscription[0]}")
    return f"{server}/databases/orders"


def member(kind: str, name: str) -> str:
    """The id of a user or an application of the tenant."""
    return f"/tenants/{TENANT}/{kind}/{name}"


AVATARS, DOCS, PICTURES = account(STAGING, "avatars"), account(STAGING, "docs"), account(PRODUCTION, "avatars")
PROFILES = identity(PRODUCTION, "Microsoft.DBforPostgreSQL/flexibleServers", "example-profiles")
VAULT = identity(STAGING, "Microsoft.KeyVault/vaults", "example-vault-2")
DELETED = f"/subscriptions/{STAGING}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/example-old-vault".lower()
OFFICE = identity(STAGING, "Microsoft.Network/networkSecurityGroups", "office")
NETWORK = identity(STAGING, "Microsoft.Network/virtualNetworks", "workspaces")
FLOWS = identity(STAGING, "Microsoft.Network/networkWatchers/flowLogs", "watcher/flowLogs/all")
MACHINE = identity(STAGING, "Microsoft.Compute/virtualMachines", "sessions")
RENDERERS = identity(STAGING, "Microsoft.Compute/virtualMachineScaleSets", "renderers")
INTERFACE = identity(STAGING, "Microsoft.Network/networkInterfaces", "sessions")
GATEWAY = identity(PRODUCTION, "Microsoft.Network/applicationGateways", "edge")
CLUSTER = identity(PRODUCTION, "Microsoft.ContainerService/managedClusters", "workspaces")
SHIELD = identity(PRODUCTION, "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", "edge")
MACS = f"/tenants/{TENANT}/devicerules/macos"
EXEMPTIONS = here(STAGING, "Microsoft.Authorization/policyExemptions")
GALLERY = identity(PRODUCTION, "Microsoft.Compute/galleries", "machines")
IMAGE = f"{GALLERY}/images/session/versions/1.0.0"
APP = identity(PRODUCTION, "Microsoft.Web/sites", "example-workspace-1")


def known(things: Things, resource: str) -> dict[str, Any]:
    """The properties of a row."""
    found: dict[str, Any] = things[f"row {resource}"]["properties"]
    return found


def told(things: Things, path: str) -> dict[str, Any]:
    """The properties of an answer."""
    found: dict[str, Any] = things[path.lower()]["properties"]
    return found


def plain_account(things: Things) -> None:
    """A storage account that takes connections without TLS."""
    known(things, AVATARS)["supportsHttpsTrafficOnly"] = False


def unversioned_account(things: Things) -> None:
    """A storage account that keeps no versions."""
    told(things, f"{AVATARS}/blobServices/default")["isVersioningEnabled"] = False


def public_account(things: Things) -> None:
    """A storage account of which anybody may read a container."""
    known(things, PICTURES).update(allowBlobPublicAccess=True, networkAcls={"defaultAction": "Allow", "ipRules": []})
    things[f"{PICTURES}/blobServices/default/containers".lower()] = [
        {"name": "main", "properties": {"publicAccess": "Container"}}
    ]


def unlogged_account(things: Things) -> None:
    """A storage account that records nobody."""
    export(things, f"{DOCS}/blobServices/default")


def unencrypted_database(things: Things) -> None:
    """A database without encryption of its own, with backups of one day."""
    told(things, f"{orders(STAGING)}/transparentDataEncryption/current")["state"] = "Disabled"
    told(things, f"{orders(STAGING)}/backupShortTermRetentionPolicies/default")["retentionDays"] = 1


def single_server(things: Things) -> None:
    """A server in one zone."""
    known(things, PROFILES)["highAvailability"] = {"mode": "Disabled"}


def plain_server(things: Things) -> None:
    """A server that takes plain connections too."""
    told(things, f"{PROFILES}/configurations/require_secure_transport")["value"] = "off"


def still_key(things: Things) -> None:
    """A key that does not rotate."""
    del told(things, f"{VAULT}/keys/storage")["rotationPolicy"]


def deleted_vault(things: Things) -> None:
    """A vault that was deleted and waits for its purge."""
    gone = {"location": "westeurope", "scheduledPurgeDate": "2027-01-18T00:00:00Z", "tags": TAGS}
    things[here(STAGING, "Microsoft.KeyVault/deletedVaults")] = [
        {"id": DELETED, "name": "example-old-vault", "properties": gone}
    ]


def one_factor(things: Things) -> None:
    """Somebody who signs in with a password alone."""
    listing = things["/v1.0/reports/authenticationmethods/userregistrationdetails"]
    listing[:] = [registered("jonas", mfa=False) if one["id"] == "user-jonas" else one for one in listing]


def idle_user(things: Things) -> None:
    """Somebody who was last seen in July."""
    listing = things["/v1.0/users"]
    listing[:] = [person("noah", "2026-07-20T00:00:00Z") if one["id"] == "user-noah" else one for one in listing]


def ageing_secret(things: Things) -> None:
    """An application's secret that becomes 90 days old during the story."""
    listing = things["/v1.0/applications"]
    listing[:] = [application("sync", "2026-07-14T00:00:00Z") if one["id"] == "app-sync" else one for one in listing]


def open_ssh(things: Things) -> None:
    """A firewall that lets everybody try SSH."""
    known(things, OFFICE)["securityRules"][0]["properties"]["sourceAddressPrefix"] = "*"


def unlogged_network(things: Things) -> None:
    """Flow logs that somebody switched off."""
    known(things, FLOWS)["enabled"] = False


def public_machine(things: Things) -> None:
    """A machine with an address of its own."""
    (configuration,) = known(things, INTERFACE)["ipConfigurations"]
    configuration["properties"]["publicIPAddress"] = {"id": "/x/publicIPAddresses/ip"}


def unpatched_machine(things: Things) -> None:
    """A machine that waits for its patches."""
    things[f"{MACHINE}/instanceView".lower()]["patchStatus"]["availablePatchSummary"][
        "criticalAndSecurityPatchCount"
    ] = 7


def manual_group(things: Things) -> None:
    """A group of machines that somebody changes by hand."""
    known(things, RENDERERS)["upgradePolicy"] = {"mode": "Manual"}


def old_tls(things: Things) -> None:
    """A gateway that still speaks TLS 1.0."""
    known(things, GATEWAY)["sslPolicy"]["policyName"] = "AppGwSslPolicy20150501"


def open_cluster(things: Things) -> None:
    """A cluster whose API anybody may try."""
    known(things, CLUSTER)["apiServerAccessProfile"] = {"enablePrivateCluster": False}


def still_nodes(things: Things) -> None:
    """A cluster whose nodes stay as they were made."""
    known(things, CLUSTER)["autoUpgradeProfile"] = {"nodeOSUpgradeChannel": "None"}


def weak_nodes(things: Things) -> None:
    """A cluster whose nodes start whatever is on their disks."""
    known(things, CLUSTER)["agentPoolProfiles"][0]["securityProfile"] = {"enableSecureBoot": False}


def open_app(things: Things) -> None:
    """A web app that asks nobody who comes."""
    told(things, f"{APP}/config/authSettingsV2")["platform"]["enabled"] = False


def shared_images(things: Things) -> None:
    """A gallery whose images everybody may make machines of."""
    known(things, GALLERY)["sharingProfile"] = {"permissions": "Community"}


def old_rules(things: Things) -> None:
    """A firewall whose rules are of 2019."""
    known(things, SHIELD)["managedRules"] = {"managedRuleSets": [{"ruleSetType": "OWASP", "ruleSetVersion": "3.1"}]}


def older_clients(things: Things) -> None:
    """A policy against older clients that only reports."""
    things["/v1.0/identity/conditionalaccess/policies"][1]["state"] = "enabledForReportingButNotEnforced"


def plain_laptops(things: Things) -> None:
    """A policy for laptops that does not ask for encrypted disks."""
    things["/v1.0/devicemanagement/devicecompliancepolicies"][1]["storageRequireEncryption"] = False


def endless_exemption(things: Things) -> None:
    """An exemption from policy that ends never."""
    del things[EXEMPTIONS][0]["properties"]["expiresOn"]


def no_contact(things: Things) -> None:
    """A subscription that Microsoft would not know whom to tell about."""
    things[here(STAGING, "Microsoft.Security/securityContacts")][0]["properties"]["emails"] = ""


DEFECTS: tuple[Defect[Things], ...] = (
    Defect(check="object_stores_require_tls", resource=AVATARS, seed=plain_account),
    Defect(check="object_stores_keep_versions", resource=AVATARS, seed=unversioned_account, ends=day("2026-10-09")),
    Defect(check="data_stores_are_not_public", resource=PICTURES, seed=public_account, begins=day("2026-10-06"), ends=day("2026-10-11")),
    Defect(check="data_stores_are_not_public", resource=IMAGE, seed=shared_images, begins=day("2026-10-14")),
    Defect(check="data_access_is_logged", resource=DOCS, seed=unlogged_account),
    Defect(check="data_is_encrypted_at_rest", resource=orders(STAGING), seed=unencrypted_database),
    Defect(check="databases_are_backed_up", resource=orders(STAGING), seed=None),
    Defect(check="databases_are_backed_up", resource=orders(PRODUCTION), seed=None, outcome=UNKNOWN, begins=day("2026-10-13"),
           ends=day("2026-10-16")),
    Defect(check="databases_survive_a_zone", resource=PROFILES, seed=single_server),
    Defect(check="databases_refuse_plain_text", resource=PROFILES, seed=plain_server, begins=day("2026-10-09")),
    Defect(check="keys_rotate", resource=f"{VAULT}/keys/storage", seed=still_key),
    Defect(check="keys_are_not_about_to_be_lost", resource=DELETED, seed=deleted_vault, begins=day("2026-10-20")),
    *(
        Defect(check=check, resource=DELETED, seed=None, outcome=UNKNOWN, begins=day("2026-10-20"))
        for check in ("deleted_keys_can_be_recovered", "keys_are_made_in_hardware", "keys_serve_one_purpose", "keys_use_strong_algorithms")
    ),
    Defect(check="users_need_mfa", resource=member("users", "user-jonas"), seed=one_factor, ends=day("2026-10-07")),
    Defect(check="dormant_identities_are_disabled", resource=member("users", "user-noah"), seed=idle_user, begins=day("2026-10-18"),
           by_itself=True),
    Defect(check="dormant_identities_are_disabled", resource=member("applications", "app-deploy"), seed=None, outcome=UNKNOWN),
    Defect(check="dormant_identities_are_disabled", resource=member("applications", "app-sync"), seed=None, outcome=UNKNOWN),
    Defect(check="access_keys_are_young", resource=member("applications", "app-sync"), seed=ageing_secret, begins=day("2026-10-12"),
           by_itself=True),
    Defect(check="administration_ports_are_closed", resource=OFFICE, seed=open_ssh, begins=day("2026-10-17")),
    Defect(check="network_flows_are_logged", resource=NETWORK, seed=unlogged_network),
    Defect(check="machines_have_no_public_address", resource=MACHINE, seed=public_machine),
    Defect(check="machine_groups_roll_back", resource=RENDERERS, seed=manual_group),
    Defect(check="machines_are_patched", resource=MACHINE, seed=unpatched_machine, begins=day("2026-10-08"), ends=day("2026-10-22")),
    Defect(check="endpoints_require_modern_tls", resource=GATEWAY, seed=old_tls, ends=day("2026-10-02")),
    Defect(check="cluster_apis_are_not_open", resource=CLUSTER, seed=open_cluster),
    Defect(check="cluster_nodes_are_upgraded", resource=CLUSTER, seed=still_nodes, begins=day("2026-10-04"), ends=day("2026-10-24")),
    Defect(check="cluster_nodes_verify_their_boot", resource=CLUSTER, seed=weak_nodes),
    Defect(check="callers_are_known", resource=APP, seed=open_app, ends=day("2026-10-27")),
    Defect(check="filter_rules_are_current", resource=SHIELD, seed=old_rules, ends=day("2026-10-15")),
    Defect(check="legacy_sign_ins_are_refused", resource=f"/tenants/{TENANT}/directory", seed=older_clients, ends=day("2026-10-13")),
    Defect(check="devices_are_encrypted", resource=MACS, seed=plain_laptops, begins=day("2026-10-03")),
    Defect(check="exemptions_end", resource=f"{EXEMPTIONS}/while-moving", seed=endless_exemption, begins=day("2026-10-11")),
    Defect(check="security_contact_is_registered", resource=f"/subscriptions/{STAGING}", seed=no_contact),
    Defect(check="threats_are_reported", resource=f"/subscriptions/{STAGING}/watches/threat-detection", seed=None),
)  # fmt: skip
MICROSOFT = Scenery(
    provider="azure", server="agent.demo.microsoft.server", sound=tenant, defects=DEFECTS,
    withdrawn=(Withdrawn(permission=RETENTION, where=PRODUCTION, begins=day("2026-10-13"), ends=day("2026-10-16")),),
    environment=lambda url: {ENDPOINT_VARIABLE: url, "IDENTITY_ENDPOINT": f"{url}/msi/token", "IDENTITY_HEADER": "secret"},
)  # fmt: skip
