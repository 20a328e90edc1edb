"""What holds data in passing in the simulated Azure, and what its machines are made of: a cache, messages, a gallery of images."""

from agent.demo import canaries
from agent.demo.microsoft.rows import MADE, Things, row

DISKS = {"id": "/x/diskEncryptionSets/ours"}


def pass_on(things: Things, subscription: str) -> None:
    """All of it."""
    row(things, subscription, "Microsoft.Cache/redis", "example-sessions", {
        "enableNonSslPort": False, "publicNetworkAccess": "Disabled", "sslPort": 6380, "accessKeys": None,
        "redisConfiguration": {"rdb-storage-connection-string": canaries.PASSWORD},
    })  # fmt: skip
    row(things, subscription, "Microsoft.ServiceBus/namespaces", "example-mail", {
        "publicNetworkAccess": "Disabled", "createdAt": MADE,
        "encryption": {"keySource": "Microsoft.KeyVault", "keyVaultProperties": [{"keyName": "messages"}]},
    })  # fmt: skip
    gallery = row(
        things, subscription, "Microsoft.Compute/galleries", "machines", {"sharingProfile": {"permissions": "Private"}}
    )
    encrypted = {"osDiskImage": {"diskEncryptionSetId": DISKS["id"]}}
    row(things, subscription, "Microsoft.Compute/galleries/images/versions", "machines/images/session/versions/1.0.0", {
        "publishingProfile": {"publishedDate": MADE, "targetRegions": [{"name": "West Europe", "encryption": encrypted}]},
    }, id=f"{gallery['id']}/images/session/versions/1.0.0")  # fmt: skip
