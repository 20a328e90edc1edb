"""Caches of Redis: those that Azure runs by itself, and the clusters of Redis Enterprise and Managed Redis.

What a cache holds in memory, and what it writes beside it, lies on disks that are always encrypted. Which protocol an Enterprise cluster
speaks is said by its databases, which Resource Graph does not have.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.azure.elements import (
    admits_everybody,
    every,
    header,
    inner,
    instant,
    listed,
    properties,
    said,
    switched,
    text,
)
from collectors.azure.sql import OPEN
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

SECRETS = (
    "accessKeys", "primaryKey", "secondaryKey", "rdb-storage-connection-string", "aof-storage-connection-string-0",
    "aof-storage-connection-string-1",
)  # fmt: skip
"""Fields that hold a password where somebody asks for it; Azure leaves them empty for readers."""
PROTOCOLS = {"encrypted": True, "plaintext": False}


@collector(
    "azure.caches",
    sees=DataStore,
    kinds=("cache",),
    learns=("encrypted", "key_held_by", "public", "transport_encrypted"),
    moves=("linkedServers", "instances", "resourceState"),
    redacts=SECRETS,
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Cache/redis/read",
        "Microsoft.Cache/redis/firewallRules/read",
        "Microsoft.Cache/redisEnterprise/read",
        "Microsoft.Cache/redisEnterprise/databases/read",
    ),
    where="account",
)
class Caches:
    """Every cache of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        yield from session.pages("graph.Caches", "data")
        yield from session.pages("graph.CacheClusters", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all but the rules of an open cache and the databases of a cluster."""
        known = properties(item)
        cluster = str(item["type"]).lower() == "microsoft.cache/redisenterprise"
        return DataStore(
            **header(session, item), kind="cache", created=instant(inner(item, "systemData"), "createdAt"),
            encrypted=None if known is None else True, key_held_by=key_held_by(known),
            public=said(known, "publicNetworkAccess", OPEN) if cluster else public(session, item["id"], known),
            transport_encrypted=speaks_tls(session, item["id"]) if cluster else refuses_plain(known),
        )  # fmt: skip


def key_held_by(known: Mapping[str, Any] | None) -> Literal["provider", "customer"] | None:
    """Whose key encrypts it; only clusters can have one of ours."""
    if known is None:
        return None
    ours = inner(known, "encryption", "customerManagedKeyEncryption")
    return "customer" if text(ours, "keyEncryptionKeyUrl") else "provider"


def refuses_plain(known: Mapping[str, Any] | None) -> bool | None:
    """The port without TLS is off."""
    plain = switched(known, "enableNonSslPort")
    return None if plain is None else not plain


def speaks_tls(session: Session, cluster: str) -> bool | None:
    """Every database of a cluster speaks TLS; of a cluster without one, nothing is learned."""
    databases = listed(session.ask("arm.CacheDatabases", id=cluster), "value")
    return every(said(properties(one), "clientProtocol", PROTOCOLS) for one in databases or ())


def public(session: Session, cache: str, known: Mapping[str, Any] | None) -> bool | None:
    """It stands in no network of ours, answers on the Internet, and its rules, of which none means all, admit everybody.

    The switch is left out of caches that are older than it, and those are on the Internet.
    """
    if known is None:
        return None
    reachable = said({"publicNetworkAccess": "Enabled", **known}, "publicNetworkAccess", OPEN)
    if text(known, "subnetId") or not reachable:
        return False if text(known, "subnetId") else reachable
    rules = listed(session.ask("arm.CacheFirewall", id=cache), "value")
    ranges = [(text(properties(one), "startIP"), text(properties(one), "endIP")) for one in rules or ()]
    admitted = [(first, last) for first, last in ranges if first and last]
    if rules is None or len(admitted) < len(ranges):
        return None
    return admits_everybody(admitted) if admitted else True
