import pytest

from collectors.aws.databases import Databases
from collectors.collector import Unseen
from tests.fakes.told import Told

ARN = "arn:aws:rds:eu-west-1:111122223333"
SAID = {
    "StorageEncrypted": True,
    "BackupRetentionPeriod": 14,
    "DeletionProtection": True,
    "MultiAZ": True,
    "TagList": [],
}
INSTANCE = {"DBInstanceIdentifier": "one", "DBInstanceArn": f"{ARN}:db:one", "PubliclyAccessible": False, **SAID}
MEMBER = {
    **INSTANCE,
    "DBInstanceIdentifier": "m",
    "DBInstanceArn": f"{ARN}:db:m",
    "DBClusterIdentifier": "c",
    "MultiAZ": False,
}
CLUSTER = {"DBClusterIdentifier": "c", "DBClusterArn": f"{ARN}:cluster:c", **SAID}
FACTS = ("encrypted", "public", "backup_days", "deletion_protected", "multi_zone")


def seen(instances, clusters):
    told = Told(
        {"rds.DescribeDBInstances": {"DBInstances": instances}, "rds.DescribeDBClusters": {"DBClusters": clusters}}
    )
    return [Databases.describe(told, item) for item in Databases.list(told)]


def facts(database):
    return tuple(getattr(database, fact) for fact in FACTS)


def test_an_instance_and_a_cluster_with_its_members_are_two_databases():
    one, cluster = seen([INSTANCE, MEMBER], [CLUSTER])
    assert (one.id, one.name, facts(one)) == (f"{ARN}:db:one", "one", (True, False, 14, True, True))
    assert (cluster.id, cluster.name, facts(cluster)) == (f"{ARN}:cluster:c", "c", (True, False, 14, True, True))


@pytest.mark.parametrize(
    ("members", "cluster", "public"),
    [
        ([MEMBER, {**MEMBER, "PubliclyAccessible": True}], CLUSTER, True),
        ([{key: MEMBER[key] for key in MEMBER if key != "PubliclyAccessible"}], CLUSTER, None),
        ([MEMBER], {**CLUSTER, "PubliclyAccessible": True}, True),
        ([], {**CLUSTER, "PubliclyAccessible": False}, False),
        ([], CLUSTER, None),
    ],
)
def test_a_cluster_is_public_if_any_of_its_instances_is(members, cluster, public):
    (found,) = seen(members, [cluster])
    assert found.public is public


def test_a_member_whose_cluster_is_not_listed_is_seen_by_itself():
    (found,) = seen([MEMBER], [])
    assert found.id == MEMBER["DBInstanceArn"]


def test_what_an_answer_leaves_out_is_not_learned():
    (found,) = seen([{"DBInstanceIdentifier": "one", "DBInstanceArn": f"{ARN}:db:one"}], [])
    assert (facts(found), found.key_held_by, found.tags) == ((None,) * 5, None, None)


def test_no_backups_and_no_encryption_are_said():
    (found,) = seen([{**INSTANCE, "BackupRetentionPeriod": 0, "StorageEncrypted": False}], [])
    assert (found.backup_days, found.encrypted, found.key_held_by) == (0, False, "none")


def test_instances_stay_seen_where_clusters_are_refused():
    told = Told({"rds.DescribeDBInstances": {"DBInstances": [INSTANCE]}, "rds.DescribeDBClusters": None})
    listing = Databases.list(told)
    assert next(listing) == INSTANCE
    with pytest.raises(Unseen):
        next(listing)
