from datetime import UTC, datetime, timedelta

import pytest

from collectors.aws.databases import Databases
from collectors.collector import Unseen
from tests.fakes.told import Told

ARN = "arn:aws:rds:eu-west-1:111122223333"
THEN = datetime(2026, 1, 5, tzinfo=UTC)
SNAPSHOTS = {
    "rds.DescribeDBSnapshots": {"DBSnapshots": []},
    "rds.DescribeDBClusterSnapshots": {"DBClusterSnapshots": []},
}
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
FACTS = ("encrypted", "public", "private_only", "backup_days", "deletion_protected", "multi_zone")


def seen(instances, clusters, **answers):
    told = Told({
        **SNAPSHOTS, "rds.DescribeDBInstances": {"DBInstances": instances}, "rds.DescribeDBClusters": {"DBClusters": clusters},
        **{name.replace("__", "."): answer for name, answer in answers.items()},
    })  # fmt: skip
    return [Databases.describe(told, item) for item in Databases.list(told)]


def facts(database):
    return tuple(getattr(database, fact) for fact in FACTS)


def test_an_instance_and_a_cluster_with_its_members_are_two_databases():
    one, cluster = seen([INSTANCE, MEMBER], [CLUSTER])
    assert (one.id, one.name, facts(one)) == (f"{ARN}:db:one", "one", (True, False, True, 14, True, True))
    assert (cluster.id, cluster.name, facts(cluster)) == (f"{ARN}:cluster:c", "c", (True, False, True, 14, True, True))


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
    assert (facts(found), found.key_held_by, found.tags) == ((None,) * 6, None, None)


def test_no_backups_and_no_encryption_are_said():
    (found,) = seen([{**INSTANCE, "BackupRetentionPeriod": 0, "StorageEncrypted": False}], [])
    assert (found.backup_days, found.encrypted, found.key_held_by) == (0, False, "none")


def test_instances_stay_seen_where_clusters_are_refused():
    told = Told({"rds.DescribeDBInstances": {"DBInstances": [INSTANCE]}, "rds.DescribeDBClusters": None})
    listing = Databases.list(told)
    assert next(listing) == INSTANCE
    with pytest.raises(Unseen):
        next(listing)


@pytest.mark.parametrize(
    ("restorable", "snapshots", "expected"),
    [
        (THEN, None, (THEN, False)),
        (None, {"DBSnapshots": []}, (None, True)),
        (None, {"DBSnapshots": [{"DBInstanceIdentifier": "other", "SnapshotCreateTime": THEN}]}, (None, True)),
        (None, {"DBSnapshots": [{"DBInstanceIdentifier": "one"}]}, (None, True)),
        (
            None,
            {
                "DBSnapshots": [
                    {"DBInstanceIdentifier": "one", "SnapshotCreateTime": THEN - timedelta(days=day)} for day in (2, 1)
                ]
            },
            (THEN - timedelta(days=1), False),
        ),
        (None, None, (None, None)),
    ],
)
def test_what_cannot_be_restored_to_an_instant_is_brought_back_from_its_newest_snapshot(
    restorable, snapshots, expected
):
    (found,) = seen([{**INSTANCE, "LatestRestorableTime": restorable}], [], rds__DescribeDBSnapshots=snapshots)
    assert (found.last_backup, found.never_backed_up) == expected


def test_a_cluster_is_brought_back_from_snapshots_of_clusters():
    listed = {"DBClusterSnapshots": [{"DBClusterIdentifier": "c", "SnapshotCreateTime": THEN}]}
    (found,) = seen([MEMBER], [CLUSTER], rds__DescribeDBClusterSnapshots=listed)
    assert (found.last_backup, found.never_backed_up) == (THEN, False)
