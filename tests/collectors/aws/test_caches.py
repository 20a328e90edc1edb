import pytest

from collectors.aws.caches import Caches
from tests.fakes.told import ACCOUNT, Told

TAGS = {"resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []}}
GROUP = {
    "ReplicationGroupId": "sessions", "AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": True,
    "TransitEncryptionMode": "required",
}  # fmt: skip


def seen(element):
    return Caches.describe(Told(TAGS), element)


def test_a_replication_group_is_a_cache():
    found = seen(GROUP)
    assert (found.id, found.kind) == (f"arn:aws:elasticache:eu-west-1:{ACCOUNT}:replicationgroup:sessions", "cache")
    assert (found.name, found.encrypted, found.public, found.transport_encrypted) == ("sessions", True, False, True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, True),
        ({"TransitEncryptionMode": None}, True),
        ({"TransitEncryptionMode": "preferred"}, False),
        ({"TransitEncryptionEnabled": False}, False),
        ({"TransitEncryptionEnabled": None}, None),
    ],
)
def test_a_cache_that_only_prefers_tls_also_answers_without(said, expected):
    assert seen({**GROUP, **said}).transport_encrypted is expected


@pytest.mark.parametrize(
    ("engine", "kind", "encrypted"), [("redis", "cache", False), ("valkey", "cache", False), ("memcached", "memory cache", None)]
)  # fmt: skip
def test_a_cluster_that_stands_alone_keeps_data_on_disks_unless_it_is_memcached(engine, kind, encrypted):
    found = seen({"CacheClusterId": "one", "Engine": engine, "AtRestEncryptionEnabled": False})
    assert (found.id, found.kind) == (f"arn:aws:elasticache:eu-west-1:{ACCOUNT}:cluster:one", kind)
    assert found.encrypted is encrypted


@pytest.mark.parametrize(
    ("clusters", "names"),
    [
        ([{"CacheClusterId": "one"}], ["one"]),
        ([{"CacheClusterId": "sessions-001", "ReplicationGroupId": "sessions"}, {"CacheClusterId": "one"}], ["one", "sessions"]),
        ([], []),
    ],
)  # fmt: skip
def test_groups_are_asked_for_where_a_cluster_is_the_member_of_one(clusters, names):
    told = Told({
        "elasticache.DescribeReplicationGroups": {"ReplicationGroups": [GROUP]},
        "elasticache.DescribeCacheClusters": {"CacheClusters": clusters},
    })  # fmt: skip
    found = [one.get("CacheClusterId") or one["ReplicationGroupId"] for one in Caches.list(told)]
    assert found == names
    assert ("elasticache.DescribeReplicationGroups" in told.asked) == ("sessions" in names)
