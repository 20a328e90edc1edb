"""Volumes of Azure NetApp Files: shares of files in a network of ours, encrypted always, by Azure's key or one of ours."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import every, flag, header, inner, instant, listed, properties, switched, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

HOLDERS = {"microsoft.netapp": "provider", "microsoft.keyvault": "customer"}
WEAKER = (
    "unixReadOnly",
    "unixReadWrite",
    "kerberos5ReadOnly",
    "kerberos5ReadWrite",
    "kerberos5iReadOnly",
    "kerberos5iReadWrite",
)
"""What a rule may let in beside Kerberos with privacy, the one way in which NFS is encrypted."""


@collector(
    "azure.volumes",
    sees=DataStore,
    kinds=("file share",),
    learns=("encrypted", "key_held_by", "public", "transport_encrypted"),
    moves=("actualThroughputMibps", "provisionedAvailabilityZone"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.NetApp/netAppAccounts/capacityPools/volumes/read",
    ),
    where="account",
)
class Volumes:
    """Every volume of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.FileVolumes", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all. A volume has no address but in its network."""
        known = properties(item)
        source = text(known, "encryptionKeySource")
        holder: Any = HOLDERS.get(source.lower()) if source else None
        return DataStore(
            **header(session, item), kind="file share", created=instant(inner(item, "systemData"), "createdAt"),
            encrypted=None if known is None else True, key_held_by=holder, public=None if known is None else False,
            transport_encrypted=transport_encrypted(known),
        )  # fmt: skip


def transport_encrypted(known: Mapping[str, Any] | None) -> bool | None:
    """Each protocol that the volume speaks takes encrypted connections alone; NFS of the third version knows none."""
    protocols = (known or {}).get("protocolTypes")
    if not isinstance(protocols, list) or not protocols:
        return None
    return every(_encrypted(known, str(one).lower()) for one in protocols)


def _encrypted(known: Mapping[str, Any] | None, protocol: str) -> bool | None:
    if protocol == "cifs":
        return switched(known, "smbEncryption")
    if protocol == "nfsv4.1":
        return private_alone(known)
    return False if protocol == "nfsv3" else None


def private_alone(known: Mapping[str, Any] | None) -> bool | None:
    """Kerberos is on, and every rule of export asks for its privacy."""
    kerberos, rules = switched(known, "kerberosEnabled"), listed(inner(known, "exportPolicy"), "rules")
    if not kerberos or rules is None:
        return kerberos if not kerberos else None
    said = [flag(rule, name) for rule in rules for name in WEAKER]
    return False if True in said else None if not rules or None in said else True
