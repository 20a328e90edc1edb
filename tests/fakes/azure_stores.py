"""What holds data in passing in the fake tenant: caches, namespaces of messages, images."""

from typing import Any

from agent.demo.microsoft.azure import FakeAzure
from tests.fakes.azure_rows import row

CACHE, COMPUTE = "Microsoft.Cache", "Microsoft.Compute"
SET = {"id": "/x/diskEncryptionSets/ours"}


def stores(azure: FakeAzure, subscription: str, good: bool) -> None:
    """Everything of one subscription, in order or with a defect each."""
    for part in (_caches, _messages, _images, _volumes):
        part(azure, subscription, good)


def _caches(azure: FakeAzure, subscription: str, good: bool) -> None:
    cache = row(subscription, f"{CACHE}/redis", "cache", {
        "enableNonSslPort": not good, "publicNetworkAccess": "Enabled", "sku": {"name": "Premium", "family": "P", "capacity": 1},
        "redisConfiguration": {"rdb-storage-connection-string": "hush-hush"}, "accessKeys": None, "sslPort": 6380,
    })  # fmt: skip
    azure.answers[f"{cache['id']}/firewallrules".lower()] = (
        [{"name": "office", "properties": {"startIP": "192.0.2.1", "endIP": "192.0.2.9"}}] if good else []
    )
    ours = {
        "encryption": {"customerManagedKeyEncryption": {"keyEncryptionKeyUrl": "https://vault.example/keys/cache/1"}}
    }
    cluster = row(subscription, f"{CACHE}/redisEnterprise", "cluster", {
        "minimumTlsVersion": "1.2", "publicNetworkAccess": "Disabled" if good else "Enabled", **(ours if good else {}),
    })  # fmt: skip
    azure.answers[f"{cluster['id']}/databases".lower()] = [
        {"name": "default", "properties": {"clientProtocol": "Encrypted" if good else "Plaintext", "port": 10000}}
    ]
    azure.rows += [cache, cluster]


def _messages(azure: FakeAzure, subscription: str, good: bool) -> None:
    ours = {"encryption": {"keySource": "Microsoft.KeyVault", "keyVaultProperties": [{"keyName": "messages"}]}}
    for kind, name in (("Microsoft.ServiceBus", "orders"), ("Microsoft.EventHub", "clicks")):
        known: dict[str, Any] = {
            "minimumTlsVersion": "1.2",
            "publicNetworkAccess": "Enabled",
            "createdAt": "2026-01-01T00:00:00Z",
        }
        azure.rows.append(row(subscription, f"{kind}/namespaces", name, {**known, **(ours if good else {})}))


def _images(azure: FakeAzure, subscription: str, good: bool) -> None:
    disk = {"osType": "Linux", **({"diskEncryptionSet": SET} if good else {})}
    azure.rows.append(
        row(subscription, f"{COMPUTE}/images", "base", {"storageProfile": {"osDisk": disk, "dataDisks": []}})
    )
    gallery = row(
        subscription, f"{COMPUTE}/galleries", "shared", {} if good else {"sharingProfile": {"permissions": "Community"}}
    )
    ours = {"encryption": {"osDiskImage": {"diskEncryptionSetId": SET["id"]}}} if good else {}
    version = row(subscription, f"{COMPUTE}/galleries/images/versions", "1.0.0", {
        "publishingProfile": {"publishedDate": "2026-01-01T00:00:00Z", "targetRegions": [{"name": "West Europe", **ours}]},
    })  # fmt: skip
    azure.rows += [gallery, {**version, "id": f"{gallery['id']}/images/worker/versions/1.0.0"}]


def _volumes(azure: FakeAzure, subscription: str, good: bool) -> None:
    rule = {
        "ruleIndex": 1,
        "nfsv41": True,
        "kerberos5pReadWrite": good,
        "unixReadWrite": not good,
        "allowedClients": "10.0.0.0/8",
    }
    weaker = dict.fromkeys(
        ("unixReadOnly", "kerberos5ReadOnly", "kerberos5ReadWrite", "kerberos5iReadOnly", "kerberos5iReadWrite"), False
    )
    azure.rows.append(row(subscription, "Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "homes", {
        "encryptionKeySource": "Microsoft.KeyVault" if good else "Microsoft.NetApp", "protocolTypes": ["NFSv4.1"], "kerberosEnabled": True,
        "exportPolicy": {"rules": [{**weaker, **rule}]}, "smbEncryption": False,
    }))  # fmt: skip
