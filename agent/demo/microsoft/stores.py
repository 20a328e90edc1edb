"""What holds data in the simulated Azure, and its keys and secrets."""

from typing import Any

from agent.demo.microsoft.rows import MADE, TENANT, Things, export, here, row

ACCESS = ("StorageRead", "StorageWrite", "StorageDelete")
OLD = {
    "enabled": True,
    "name": "old",
    "definition": {"actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 400}}}},
}
MADE_AT, ENDS_AT = 1788220800, 1827360000
"""Of keys and secrets, in seconds since the epoch: 2026-09-01 and 2027-11-28."""


def shelve(things: Things, subscription: str) -> None:
    """Storage accounts, disks with a snapshot, a database, a vault."""
    number = subscription[0]
    for name in ("docs", "avatars"):
        storage(things, subscription, f"example{name}{number}")
    ours = {"encryption": {"type": "EncryptionAtRestWithCustomerKey"}}
    for name in ("sessions", "search"):
        row(things, subscription, "Microsoft.Compute/disks", name, {"timeCreated": MADE, **ours})
    row(things, subscription, "Microsoft.Compute/snapshots", "sessions-weekly", {
        **ours, "diskState": "Unattached", "networkAccessPolicy": "DenyAll", "publicNetworkAccess": "Disabled",
    })  # fmt: skip
    sql(things, subscription, f"example-orders-{number}")
    vault(things, subscription, f"example-vault-{number}")


def account(*, key: str = "Microsoft.Keyvault") -> dict[str, Any]:
    """A storage account's properties."""
    return {
        "creationTime": MADE, "supportsHttpsTrafficOnly": True, "allowBlobPublicAccess": False, "minimumTlsVersion": "TLS1_2",
        "networkAcls": {"defaultAction": "Deny", "ipRules": []},
        "encryption": {"keySource": key, "services": {"blob": {"enabled": True}, "file": {"enabled": True}}},
    }  # fmt: skip


def storage(things: Things, subscription: str, name: str) -> None:
    """A storage account that keeps versions, records access and deletes what is old."""
    made = row(things, subscription, "Microsoft.Storage/storageAccounts", name, account(), kind="StorageV2")
    service = f"{made['id']}/blobServices/default".lower()
    things[service] = {"id": service, "properties": {"isVersioningEnabled": True}}
    things[f"{made['id']}/managementpolicies/default".lower()] = {"properties": {"policy": {"rules": [OLD]}}}
    things[f"{service}/containers"] = [{"name": "main", "properties": {"publicAccess": "None"}}]
    export(things, service, *ACCESS)


def sql(things: Things, subscription: str, name: str) -> None:
    """A server of Azure SQL with one database."""
    server = row(things, subscription, "Microsoft.Sql/servers", name, {
        "publicNetworkAccess": "SecuredByPerimeter", "administratorLogin": "operator",
    })  # fmt: skip
    things[f"{server['id']}/encryptionprotector/current".lower()] = {"properties": {"serverKeyType": "AzureKeyVault"}}
    things[f"{server['id']}/firewallrules".lower()] = [between("10.0.0.1", "10.0.0.9")]
    orders = row(things, subscription, "Microsoft.Sql/servers/databases", f"{name}/databases/orders", {
        "zoneRedundant": True, "creationDate": MADE,
    }, id=f"{server['id']}/databases/orders")  # fmt: skip
    things[f"{orders['id']}/transparentdataencryption/current".lower()] = {"properties": {"state": "Enabled"}}
    things[f"{orders['id']}/backupshorttermretentionpolicies/default".lower()] = {"properties": {"retentionDays": 14}}


def between(first: str, last: str) -> dict[str, Any]:
    """A rule of a server's firewall."""
    return {"name": "rule", "properties": {"startIpAddress": first, "endIpAddress": last}}


def vault(things: Things, subscription: str, name: str) -> None:
    """A vault with a key that rotates and two secrets."""
    made = row(things, subscription, "Microsoft.KeyVault/vaults", name, {
        "enableRbacAuthorization": True, "tenantId": TENANT, "softDeleteRetentionInDays": 90, "enableSoftDelete": True,
        "enablePurgeProtection": True,
    })  # fmt: skip
    rotated = {
        "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}],
        "attributes": {},
    }
    known = {"kty": "RSA-HSM", "attributes": {"enabled": True, "created": MADE_AT, "exp": ENDS_AT}}
    key = {
        "id": f"{made['id']}/keys/storage", "name": "storage", "type": "Microsoft.KeyVault/vaults/keys", "location": made["location"],
        "tags": made["tags"], "properties": known,
    }  # fmt: skip
    uses = {"keyOps": ["encrypt", "decrypt", "wrapKey", "unwrapKey"], "keySize": 3072, "rotationPolicy": rotated}
    things[f"{made['id']}/keys".lower()] = [key]
    things[key["id"].lower()] = {**key, "properties": {**known, **uses}}
    things[here(subscription, "Microsoft.KeyVault/deletedVaults")] = []
    times = {"enabled": True, "created": MADE_AT, "updated": MADE_AT, "exp": MADE_AT + 90 * 86400}
    things[f"{made['id']}/secrets".lower()] = [
        {"id": f"{made['id']}/secrets/{one}", "name": one, "location": made["location"], "tags": made["tags"],
         "properties": {"attributes": times}}
        for one in ("smtp-token", "webhook")
    ]  # fmt: skip


def archive(things: Things, subscription: str) -> None:
    """What only production has: PostgreSQL, Cosmos DB."""
    server = row(things, subscription, "Microsoft.DBforPostgreSQL/flexibleServers", "example-profiles", {
        "administratorLogin": "operator", "network": {"publicNetworkAccess": "Disabled"}, "backup": {"backupRetentionDays": 14},
        "highAvailability": {"mode": "ZoneRedundant"}, "dataEncryption": {"type": "AzureKeyVault"},
    })  # fmt: skip
    things[f"{server['id']}/firewallrules".lower()] = []
    things[f"{server['id']}/configurations/require_secure_transport".lower()] = {"properties": {"value": "on"}}
    row(things, subscription, "Microsoft.DocumentDB/databaseAccounts", "example-presence", {
        "publicNetworkAccess": "Disabled", "isVirtualNetworkFilterEnabled": False, "ipRules": [],
        "keyVaultKeyUri": "https://vault.example/keys/presence", "locations": [{"locationName": "West Europe", "isZoneRedundant": True}],
        "backupPolicy": {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous30Days"}},
    })  # fmt: skip
