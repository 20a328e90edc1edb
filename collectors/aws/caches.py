"""Caches of ElastiCache that the account has sized itself: replication groups, and clusters that stand alone.

All of them stand in a network of ours. Memcached keeps nothing but in memory, so that nothing is at rest; it is of a kind of its own.
Serverless caches are always encrypted and speak TLS alone, and are not asked for. AWS Config counts none of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "aws.caches",
    sees=DataStore,
    kinds=("cache", "memory cache"),
    learns=("encrypted", "public", "transport_encrypted"),
    grants=("elasticache:DescribeReplicationGroups", "elasticache:DescribeCacheClusters", "tag:GetResources"),
    where="region",
)
class Caches:
    """Every replication group, and every cluster that belongs to none."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeCacheClusters` and, where some of these are members, of `DescribeReplicationGroups`."""
        members = False
        for cluster in session.pages("elasticache.DescribeCacheClusters", "CacheClusters"):
            if text(cluster, "ReplicationGroupId") is None:
                yield cluster
            else:
                members = True
        if members:
            yield from session.pages("elasticache.DescribeReplicationGroups", "ReplicationGroups")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The element; tags are read for the region."""
        alone = "CacheClusterId" in item
        name = item["CacheClusterId" if alone else "ReplicationGroupId"]
        own = arn(session, "elasticache", f"{'cluster' if alone else 'replicationgroup'}:{name}")
        in_memory = text(item, "Engine") == "memcached"
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="memory cache" if in_memory else "cache",
            name=name, tags=tags_of(session, own, "elasticache"), managed_by="customer",
            created=instant(item, "CacheClusterCreateTime" if alone else "ReplicationGroupCreateTime"),
            encrypted=None if in_memory else flag(item, "AtRestEncryptionEnabled"), public=False,
            transport_encrypted=speaks_tls(item),
        )  # fmt: skip


def speaks_tls(cache: Mapping[str, Any]) -> bool | None:
    """It speaks TLS, and nothing but TLS; one that only prefers it also answers without."""
    on = flag(cache, "TransitEncryptionEnabled")
    return on and text(cache, "TransitEncryptionMode") in {None, "required"}
