"""What runs in the simulated Azure: machines, a web app, a cluster and its images, and the network between them."""

from agent.demo.microsoft.rows import MADE, PLACE, PRODUCTION, Things, export, here, identity, row

COMPUTE, NETWORK = "Microsoft.Compute", "Microsoft.Network"
PROTECTED = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems"


def serve(things: Things, subscription: str) -> None:
    """A machine, an app, the network; and how much of the quota they use."""
    machine(things, subscription, "sessions")
    group(things, subscription, "renderers")
    app(things, subscription, f"example-workspace-{subscription[0]}")
    network(things, subscription)
    things[here(subscription, f"Microsoft.Compute/locations/{PLACE}/usages")] = [
        {"limit": 100, "currentValue": 12, "name": {"value": "cores", "localizedValue": "Total Regional vCPUs"}}
    ]


def machine(things: Things, subscription: str, name: str) -> None:
    """A machine without a public address, backed up, patched and guarded."""
    subnet = {"id": f"{identity(subscription, f'{NETWORK}/virtualNetworks', 'workspaces')}/subnets/a"}
    interface = row(
        things,
        subscription,
        f"{NETWORK}/networkInterfaces",
        name,
        {"ipConfigurations": [{"properties": {"subnet": subnet}}]},
    )
    made = row(things, subscription, f"{COMPUTE}/virtualMachines", name, {
        "timeCreated": MADE, "networkProfile": {"networkInterfaces": [{"id": interface["id"]}]},
        "osProfile": {"computerName": name, "adminUsername": "operator"},
        "securityProfile": {"encryptionAtHost": True, "uefiSettings": {"secureBootEnabled": True}},
    })  # fmt: skip
    for kind in ("AADSSHLoginForLinux", "MDE.Linux", "ChangeTracking-Linux"):
        row(things, subscription, f"{COMPUTE}/virtualMachines/extensions", kind, {
            "type": kind, "provisioningState": "Succeeded",
        }, id=f"{made['id']}/extensions/{kind}")  # fmt: skip
    row(things, subscription, PROTECTED, name, {
        "sourceResourceId": made["id"], "lastRecoveryPoint": "now-6h", "lastBackupStatus": "Completed",
    })  # fmt: skip
    patched = {"status": "Succeeded", "criticalAndSecurityPatchCount": 0, "lastModifiedTime": "now-5h"}
    things[f"{made['id']}/instanceview".lower()] = {
        "computerName": name, "statuses": [{"code": "PowerState/running"}],
        "vmAgent": {"statuses": [{"code": "ProvisioningState/succeeded", "displayStatus": "Ready"}]},
        "patchStatus": {"availablePatchSummary": patched},
    }  # fmt: skip


def group(things: Things, subscription: str, name: str) -> None:
    """A group of machines in two zones, with room to grow, whose changes come in batches and go back where they fail."""
    batches = {"maxBatchInstancePercent": 20, "rollbackFailedInstancesOnPolicyBreach": True}
    made = row(
        things, subscription, f"{COMPUTE}/virtualMachineScaleSets", name,
        {"timeCreated": MADE, "upgradePolicy": {"mode": "Rolling", "rollingUpgradePolicy": batches}},
        sku={"name": "Standard_D2s_v5", "capacity": 2}, zones=["1", "2"],
    )  # fmt: skip
    row(things, subscription, "Microsoft.Insights/autoscaleSettings", name, {
        "enabled": True, "targetResourceUri": made["id"],
        "profiles": [{"name": "load", "capacity": {"minimum": "1", "maximum": "8", "default": "2"}}],
    })  # fmt: skip


def app(things: Things, subscription: str, name: str) -> None:
    """A web app that asks who comes."""
    site = row(
        things,
        subscription,
        "Microsoft.Web/sites",
        name,
        {"httpsOnly": True, "publicNetworkAccess": "Enabled"},
        kind="app,linux",
    )
    things[f"{site['id']}/config/web".lower()] = {"properties": {
        "linuxFxVersion": "NODE|24-lts", "ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Allow", "name": "Allow all"}],
    }}  # fmt: skip
    asks = {"requireAuthentication": True, "unauthenticatedClientAction": "RedirectToLoginPage"}
    things[f"{site['id']}/config/authsettingsv2".lower()] = {
        "properties": {"platform": {"enabled": True}, "globalValidation": asks}
    }
    export(things, site["id"], "AppServiceHTTPLogs")


def network(things: Things, subscription: str) -> None:
    """A network with a firewall for one office, whose flows are logged."""
    office = {
        "protocol": "Tcp", "direction": "Inbound", "access": "Allow", "priority": 100, "destinationAddressPrefix": "*",
        "sourceAddressPrefix": "203.0.113.0/24", "sourceAddressPrefixes": [], "destinationPortRange": "22", "destinationPortRanges": [],
    }  # fmt: skip
    group = row(things, subscription, f"{NETWORK}/networkSecurityGroups", "office", {
        "securityRules": [{"name": "ssh", "properties": office}],
    })  # fmt: skip
    row(things, subscription, f"{NETWORK}/virtualNetworks", "workspaces", {
        "subnets": [{"id": "x/subnets/a", "properties": {"networkSecurityGroup": {"id": group["id"]}}}],
    })  # fmt: skip
    row(things, subscription, f"{NETWORK}/networkWatchers/flowLogs", "watcher/flowLogs/all", {
        "enabled": True, "targetResourceId": group["id"],
    })  # fmt: skip


def publish(things: Things, subscription: str) -> None:
    """What only production has: a cluster, its registry, and a gateway with a firewall before them."""
    kept = {
        "apiServerAccessProfile": {"enablePrivateCluster": True}, "networkProfile": {"networkPolicy": "cilium"},
        "securityProfile": {
            "azureKeyVaultKms": {"enabled": True}, "workloadIdentity": {"enabled": True}, "imageIntegrity": {"enabled": True},
        },
        "addonProfiles": {"azurepolicy": {"enabled": True}}, "currentKubernetesVersion": "1.34.2",
        "enableRBAC": True, "disableLocalAccounts": True, "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"},
        "agentPoolProfiles": [{
            "name": "system", "mode": "System", "enableNodePublicIP": False, "availabilityZones": ["1", "2", "3"],
            "securityProfile": {"enableSecureBoot": True, "enableVTPM": True},
        }],
    }  # fmt: skip
    cluster = row(things, subscription, "Microsoft.ContainerService/managedClusters", "workspaces", kept)
    export(things, cluster["id"], "kube-audit-admin", "guard")
    row(things, subscription, "Microsoft.ContainerRegistry/registries", "exampleimages", {
        "creationDate": MADE, "anonymousPullEnabled": False, "policies": {"retentionPolicy": {"days": 7, "status": "enabled"}},
    })  # fmt: skip
    policy = row(things, subscription, f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies", "edge", {
        "policySettings": {"state": "Enabled", "mode": "Prevention"},
        "managedRules": {"managedRuleSets": [{"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1"}]},
        "applicationGateways": [{"id": identity(subscription, f"{NETWORK}/applicationGateways", "edge")}],
    })  # fmt: skip
    listener = f"/subscriptions/{PRODUCTION}/gateway/tls"
    gateway = row(things, subscription, f"{NETWORK}/applicationGateways", "edge", {
        "frontendIPConfigurations": [{"properties": {"publicIPAddress": {"id": "/x/ip"}}}],
        "httpListeners": [{"id": listener, "properties": {"protocol": "Https"}}],
        "requestRoutingRules": [{"properties": {"httpListener": {"id": listener}}}], "redirectConfigurations": [],
        "sslPolicy": {"policyType": "Predefined", "policyName": "AppGwSslPolicy20220101"}, "firewallPolicy": {"id": policy["id"]},
    }, zones=["1", "2"])  # fmt: skip
    export(things, gateway["id"], "ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog")
