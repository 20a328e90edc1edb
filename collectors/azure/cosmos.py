"""Cosmos DB accounts."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import flag, header, inner, instant, listed, number, properties, said, text
from collectors.azure.locks import GRANT, locked
from collectors.azure.sql import CLOSED, OPEN
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

CONTINUOUS = {"continuous7days": 7, "continuous30days": 30}
AZURE_ITSELF = "0.0.0.0"  # noqa: S104 - Azure's own sign for the addresses of all of its customers


@collector(
    "azure.cosmos",
    sees=DataStore,
    kinds=("database",),
    learns=(
        "encrypted",
        "key_held_by",
        "public",
        "backup_days",
        "multi_zone",
        "private_only",
        "deletion_protected",
        "transport_encrypted",
    ),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.DocumentDB/databaseAccounts/read", GRANT),
    where="account",
)
class CosmosAccounts:
    """Every Cosmos DB account, which is one database here."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.CosmosAccounts", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all but its locks. Data is always encrypted: Azure offers no way to switch that off."""
        known = properties(item)
        return DataStore(
            **header(session, item), kind="database", created=instant(inner(item, "systemData"), "createdAt"),
            encrypted=None if known is None else True,
            key_held_by=None if known is None else "customer" if text(known, "keyVaultKeyUri") else "provider",
            public=public(known), backup_days=backup_days(inner(known, "backupPolicy")), multi_zone=multi_zone(known),
            private_only=said(known, "publicNetworkAccess", CLOSED), deletion_protected=locked(session, item["id"]),
            transport_encrypted=None if known is None else True,
        )  # fmt: skip


def public(known: Mapping[str, Any] | None) -> bool | None:
    """The account answers on the Internet, and no filter of networks or addresses stands before it."""
    reachable = said(known, "publicNetworkAccess", OPEN)
    if not reachable:
        return reachable
    filtered, rules = flag(known, "isVirtualNetworkFilterEnabled"), listed(known, "ipRules")
    if rules is None or filtered is None:
        return None
    addresses = {text(one, "ipAddressOrRange") for one in rules}
    return AZURE_ITSELF in addresses or (not addresses and not filtered)


def backup_days(policy: Mapping[str, Any] | None) -> int | None:
    """Days for which backups are kept, under either policy."""
    kind = text(policy, "type")
    if kind == "Continuous":
        tier = text(inner(policy, "continuousModeProperties"), "tier")
        return CONTINUOUS.get(tier.lower()) if tier else None
    hours = number(inner(policy, "periodicModeProperties"), "backupRetentionIntervalInHours")
    return None if hours is None else hours // 24


def multi_zone(known: Mapping[str, Any] | None) -> bool | None:
    """Replicas stand in several zones, or in several regions."""
    locations = listed(known, "locations")
    if not locations:
        return None
    zones = [flag(one, "isZoneRedundant") for one in locations]
    return True if len(locations) > 1 or True in zones else None if None in zones else False
