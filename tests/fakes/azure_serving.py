"""What runs and serves in the fake tenant: machines, apps, clusters, registries, and what they are reached through."""

from typing import Any

from agent.demo.microsoft.azure import FakeAzure
from tests.fakes.azure_rows import answer, exported, identity, row

COMPUTE, NETWORK = "Microsoft.Compute", "Microsoft.Network"
APIM = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols."


def serve(azure: FakeAzure, subscription: str, good: bool) -> None:
    """Everything of one subscription, in order or with a defect each."""
    for part in (_machine, _quotas, _group, _site, _function, _container, _cluster, _registry, _gateway, _door, _api):
        part(azure, subscription, good)


def robot(good: bool) -> dict[str, Any] | None:
    """The identity of a workload: none, or one that owns the subscription."""
    return None if good else {"type": "SystemAssigned", "principalId": "robot-owner", "tenantId": "t"}


def _machine(azure: FakeAzure, subscription: str, good: bool) -> None:
    here = {"subnet": {"id": f"{identity(subscription, f'{NETWORK}/virtualNetworks', 'net')}/subnets/a"}}
    interface = row(subscription, f"{NETWORK}/networkInterfaces", "nic", {
        "ipConfigurations": [{"properties": here if good else {**here, "publicIPAddress": {"id": "/x/publicIPAddresses/ip"}}}],
    })  # fmt: skip
    machine = row(subscription, f"{COMPUTE}/virtualMachines", "one", {
        "timeCreated": "2026-01-01T00:00:00Z", "networkProfile": {"networkInterfaces": [{"id": interface["id"].upper()}]},
        "osProfile": {"computerName": "one", "adminUsername": "boss"},
        **({"securityProfile": {"encryptionAtHost": True, "uefiSettings": {"secureBootEnabled": True}}} if good else {}),
    }, identity=robot(good))  # fmt: skip
    machine["tags"] = {**machine["tags"], "Environment": "Production"}
    trial = {**machine, "id": f"{machine['id']}-trial", "name": "one-trial", "tags": {"environment": "QA"}}
    azure.rows += [interface, machine] if good else [interface, machine, trial]
    if good:
        for kind in ("AADSSHLoginForLinux", "MDE.Linux", "ChangeTracking-Linux"):
            extension = row(
                subscription,
                f"{COMPUTE}/virtualMachines/extensions",
                kind,
                {"type": kind, "provisioningState": "Succeeded"},
            )
            azure.rows.append({**extension, "id": f"{machine['id']}/extensions/{kind}"})
        azure.rows.append(row(subscription, "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems", "one", {
            "sourceResourceId": machine["id"], "lastRecoveryPoint": "2026-11-21T22:00:00Z", "lastBackupStatus": "Completed",
        }))  # fmt: skip
    azure.answers[f"{machine['id']}/instanceview".lower()] = azure.answers[f"{trial['id']}/instanceview".lower()] = {
        "computerName": "one", "statuses": [{"code": "PowerState/running"}],
        "vmAgent": {"statuses": [{"code": "ProvisioningState/succeeded", "displayStatus": "Ready" if good else "Not Ready"}]},
        "patchStatus": {"availablePatchSummary": {
            "status": "Succeeded", "criticalAndSecurityPatchCount": 0 if good else 7, "lastModifiedTime": "2026-11-21T02:00:00Z",
        }},
    }  # fmt: skip


def _quotas(azure: FakeAzure, subscription: str, good: bool) -> None:
    azure.answers[answer(subscription, "Microsoft.Compute/locations/westeurope/usages")] = [
        {"limit": 100, "currentValue": 12 if good else 95, "name": {"value": "cores", "localizedValue": "Total Regional vCPUs"}},
        {"limit": 10, "currentValue": 0, "unit": "Count", "name": {"value": "virtualMachines"}},
    ]  # fmt: skip


def rolling(good: bool) -> dict[str, Any]:
    """How changes of a scale set come to its machines."""
    rules = {"maxBatchInstancePercent": 20, "rollbackFailedInstancesOnPolicyBreach": True}
    return {"mode": "Rolling", "rollingUpgradePolicy": rules} if good else {"mode": "Manual"}


def _group(azure: FakeAzure, subscription: str, good: bool) -> None:
    group = row(
        subscription, f"{COMPUTE}/virtualMachineScaleSets", "fleet",
        {"timeCreated": "2026-01-01T00:00:00Z", "upgradePolicy": rolling(good)},
        sku={"name": "Standard_D2s_v5", "capacity": 3}, zones=["1", "2"] if good else ["1"], identity=robot(good),
    )  # fmt: skip
    rule = row(subscription, "Microsoft.Insights/autoscaleSettings", "rule", {
        "enabled": True, "targetResourceUri": group["id"],
        "profiles": [{"capacity": {"minimum": "2", "maximum": "10" if good else "3", "default": "2"}}],
    })  # fmt: skip
    azure.rows += [group, rule]


def _app(azure: FakeAzure, subscription: str, name: str, kind: str, stack: str, good: bool) -> dict[str, Any]:
    site = row(
        subscription,
        "Microsoft.Web/sites",
        name,
        {"httpsOnly": good, "publicNetworkAccess": "Enabled"},
        kind=kind,
        identity=robot(good),
    )
    azure.rows.append(site)
    azure.answers[f"{site['id']}/config/web".lower()] = {"properties": {
        "linuxFxVersion": stack, "netFrameworkVersion": "v4.0", "publishingUsername": "$boss",
        "ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Allow", "name": "Allow all"}],
    }}  # fmt: skip
    return site


def _site(azure: FakeAzure, subscription: str, good: bool) -> None:
    site = _app(
        azure, subscription, f"shop{subscription[0]}", "app,linux", "NODE|24-lts" if good else "NODE|16-lts", good
    )
    azure.answers[f"{site['id']}/config/authsettingsv2".lower()] = {"properties": {
        "platform": {"enabled": good},
        "globalValidation": {"requireAuthentication": True, "unauthenticatedClientAction": "RedirectToLoginPage"},
    }}  # fmt: skip
    path, settings = exported(site["id"], *(["AppServiceHTTPLogs"] if good else ["AppServiceConsoleLogs"]))
    azure.answers[path] = settings


def _function(azure: FakeAzure, subscription: str, good: bool) -> None:
    stack = "PYTHON|3.12" if good else "PYTHON|3.8"
    site = _app(azure, subscription, f"jobs{subscription[0]}", "functionapp,linux", stack, good)
    azure.answers[f"{site['id']}/config/authsettingsv2".lower()] = {"properties": {"platform": {"enabled": False}}}
    binding = {"type": "httpTrigger", "direction": "in", "authLevel": "function" if good else "anonymous"}
    azure.answers[f"{site['id']}/functions".lower()] = [
        {
            "name": "f",
            "properties": {
                "isDisabled": False,
                "config": {"bindings": [binding, {"type": "http", "direction": "out"}]},
            },
        }
    ]
    path, settings = exported(site["id"], *(["FunctionAppLogs"] if good else []))
    azure.answers[path] = settings


def _container(azure: FakeAzure, subscription: str, good: bool) -> None:
    place = row(
        subscription,
        "Microsoft.App/managedEnvironments",
        "apps",
        {"appLogsConfiguration": {"destination": "azure-monitor"}},
    )
    app = row(subscription, "Microsoft.App/containerApps", "front", {
        "managedEnvironmentId": place["id"],
        "configuration": {"ingress": {"external": True, "allowInsecure": not good, "transport": "Auto"}},
        "template": {"containers": [{"image": "registry.example/front:1", "env": [{"name": "TOKEN", "value": "hush-hush"}]}]},
    }, identity=robot(good))  # fmt: skip
    azure.rows += [place, app]
    azure.answers[f"{app['id']}/authconfigs".lower()] = [
        {"name": "current", "properties": {"platform": {"enabled": True}, "globalValidation": {"unauthenticatedClientAction": "Return401"}}}
    ] if good else []  # fmt: skip
    path, settings = exported(place["id"], *(["ContainerAppConsoleLogs"] if good else []))
    azure.answers[path] = settings


def _cluster(azure: FakeAzure, subscription: str, good: bool) -> None:
    better = {
        "apiServerAccessProfile": {"enablePrivateCluster": True}, "networkProfile": {"networkPolicy": "cilium"},
        "securityProfile": {"azureKeyVaultKms": {"enabled": True}, "workloadIdentity": {"enabled": True},
                            "imageIntegrity": {"enabled": True}},
        "addonProfiles": {"azurepolicy": {"enabled": True}}, "currentKubernetesVersion": "1.34.2",
        "enableRBAC": True, "disableLocalAccounts": True, "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"},
    }  # fmt: skip
    worse = {
        "networkProfile": {"networkPlugin": "azure"},
        "addonProfiles": {"azurepolicy": {"enabled": True}},
        "currentKubernetesVersion": "1.29.4",
        "enableRBAC": True,
        "autoUpgradeProfile": {"nodeOSUpgradeChannel": "None"},
    }
    pool = {
        "name": "system",
        "mode": "System",
        "enableNodePublicIP": not good,
        "securityProfile": {"enableSecureBoot": good, "enableVTPM": good},
        "availabilityZones": ["1", "2", "3"] if good else None,
    }
    cluster = row(
        subscription,
        "Microsoft.ContainerService/managedClusters",
        "aks",
        {**(better if good else worse), "agentPoolProfiles": [pool]},
    )
    azure.rows.append(cluster)
    path, settings = exported(cluster["id"], *(["kube-audit-admin", "guard"] if good else ["kube-scheduler"]))
    azure.answers[path] = settings


def _registry(azure: FakeAzure, subscription: str, good: bool) -> None:
    retention = {"policies": {"retentionPolicy": {"days": 7, "status": "enabled" if good else "disabled"}}}
    azure.rows.append(row(subscription, "Microsoft.ContainerRegistry/registries", "images", {
        "creationDate": "2026-01-01T00:00:00Z", "anonymousPullEnabled": not good, **retention,
    }))  # fmt: skip


def ruled(good: bool) -> dict[str, Any]:
    """Rule sets of Microsoft: of today, or of years ago."""
    sets = [("Microsoft_DefaultRuleSet", "2.1"), ("Microsoft_BotManagerRuleSet", "1.1")] if good else [("OWASP", "3.0")]
    return {
        "managedRules": {
            "managedRuleSets": [{"ruleSetType": kind, "ruleSetVersion": version} for kind, version in sets]
        }
    }


def _gateway(azure: FakeAzure, subscription: str, good: bool) -> None:
    policy = row(subscription, f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies", "waf", {
        "policySettings": {"state": "Enabled" if good else "Disabled", "mode": "Prevention"}, **ruled(good),
        "applicationGateways": [{"id": identity(subscription, f"{NETWORK}/applicationGateways", "gate").upper()}],
    })  # fmt: skip
    unused = row(
        subscription, f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies", "unused", {"policySettings": {}}
    )
    here = f"/subscriptions/{subscription}/gw"
    rule = {
        "httpListener": {"id": f"{here}/plain"},
        **({"redirectConfiguration": {"id": f"{here}/up"}} if good else {}),
    }
    gateway = row(subscription, f"{NETWORK}/applicationGateways", "gate", {
        "frontendIPConfigurations": [{"properties": {"publicIPAddress": {"id": "/x/ip"}}}],
        "httpListeners": [
            {"id": f"{here}/plain", "properties": {"protocol": "Http"}}, {"id": f"{here}/tls", "properties": {"protocol": "Https"}},
        ],
        "requestRoutingRules": [{"properties": rule}],
        "redirectConfigurations": [{"id": f"{here}/up", "properties": {"targetListener": {"id": f"{here}/TLS"}}}],
        "sslPolicy": {"policyType": "Predefined", "policyName": "AppGwSslPolicy20220101" if good else "AppGwSslPolicy20150501"},
        "firewallPolicy": {"id": policy["id"]},
    }, zones=["1", "2"] if good else None)  # fmt: skip
    azure.rows += [policy, unused, gateway]
    path, settings = exported(
        gateway["id"], *(["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"] if good else [])
    )
    azure.answers[path] = settings


def _door(azure: FakeAzure, subscription: str, good: bool) -> None:
    door = row(
        subscription, "Microsoft.Cdn/profiles", "door", {}, sku={"name": "Premium_AzureFrontDoor"}, location="Global"
    )
    links = [{"id": f"{door['id']}/securityPolicies/all"}]
    shield = row(subscription, f"{NETWORK}/frontDoorWebApplicationFirewallPolicies", "edge", {
        "policySettings": {"enabledState": "Enabled", "mode": "Prevention" if good else "Detection"}, **ruled(good),
        "securityPolicyLinks": links, "frontendEndpointLinks": [],
    })  # fmt: skip
    azure.rows += [door, shield]
    entry, domain = f"{door['id']}/afdEndpoints/web", f"{door['id']}/customDomains/www"
    azure.answers[f"{door['id']}/afdendpoints".lower()] = [{"id": entry, "properties": {}}]
    azure.answers[f"{door['id']}/customdomains".lower()] = [
        {"id": domain, "properties": {"tlsSettings": {"minimumTlsVersion": "TLS12" if good else "TLS10"}}}
    ]
    azure.answers[f"{entry}/routes".lower()] = [
        {"properties": {"supportedProtocols": ["Http", "Https"], "httpsRedirect": "Enabled" if good else "Disabled"}}
    ]
    guarded = {"associations": [{"domains": [{"id": entry.lower()}, {"id": domain}]}]}
    azure.answers[f"{door['id']}/securitypolicies".lower()] = [{"properties": {"parameters": guarded}}] if good else []
    path, settings = exported(
        door["id"], *(["FrontDoorAccessLog", "FrontDoorWebApplicationFirewallLog"] if good else [])
    )
    azure.answers[path] = settings


def _api(azure: FakeAzure, subscription: str, good: bool) -> None:
    service = row(subscription, "Microsoft.ApiManagement/service", "apis", {
        "publisherEmail": "sam@corp.example", "virtualNetworkType": "Internal" if good else "None",
        "customProperties": {f"{APIM}{name}": "False" if good else "True" for name in ("Ssl30", "Tls10", "Tls11")},
    })  # fmt: skip
    azure.rows.append(service)
    api = f"{service['id']}/apis/orders"
    azure.answers[f"{service['id']}/apis".lower()] = [
        {
            "id": api,
            "name": "orders",
            "properties": {"protocols": ["https"] if good else ["http", "https"], "subscriptionRequired": False},
        }
    ]
    policy = (
        "<policies><inbound><validate-jwt header-name='Authorization' /><value>hush-hush</value></inbound></policies>"
        if good
        else "<policies />"
    )
    azure.answers[f"{api}/policies/policy".lower()] = {"properties": {"format": "xml", "value": policy}}
    path, settings = exported(service["id"], *(["GatewayLogs"] if good else []))
    azure.answers[path] = settings
