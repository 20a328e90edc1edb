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
GROUP = [{"DBParameterGroupName": "own", "ParameterApplyStatus": "in-sync"}]
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


def demanded(name, value):
    return {
        "Parameters": [
            {"ParameterName": "autovacuum", "ParameterValue": "1"},
            {"ParameterName": name, "ParameterValue": value},
        ]
    }


@pytest.mark.parametrize(
    ("engine", "name", "value", "expected"),
    [
        ("postgres", "rds.force_ssl", "1", True),
        ("postgres", "rds.force_ssl", "0", False),
        ("sqlserver-ee", "rds.force_ssl", "1", True),
        ("mysql", "require_secure_transport", "ON", True),
        ("mysql", "require_secure_transport", "0", False),
        ("mysql", "require_secure_transport", None, False),
        ("mysql", "rds.force_ssl", "1", None),
        ("mariadb", "require_secure_transport", "1", True),
        ("oracle-se2", "rds.force_ssl", "1", None),
        (None, "rds.force_ssl", "1", None),
    ],
)
def test_an_instance_demands_tls_by_a_parameter_of_its_engine(engine, name, value, expected):
    instance = {**INSTANCE, "Engine": engine, "DBParameterGroups": GROUP}
    (found,) = seen([instance], [], rds__DescribeDBParameters=demanded(name, value))
    assert found.transport_encrypted is expected


@pytest.mark.parametrize(
    ("engine", "name", "value", "expected"),
    [
        ("aurora-postgresql", "rds.force_ssl", "1", True),
        ("aurora-mysql", "require_secure_transport", "OFF", False),
        ("docdb", "tls", "enabled", True),
        ("docdb", "tls", "tls1.3+", True),
        ("docdb", "tls", "disabled", False),
        ("neptune", "tls", "disabled", True),
    ],
)
def test_a_cluster_demands_tls_by_a_parameter_of_its_own_group(engine, name, value, expected):
    cluster = {**CLUSTER, "Engine": engine, "DBClusterParameterGroup": "own"}
    (found,) = seen([], [cluster], rds__DescribeDBClusterParameters=demanded(name, value))
    assert found.transport_encrypted is expected


@pytest.mark.parametrize("groups", [None, [], [{}], [*GROUP, *GROUP], "own"])
def test_without_one_group_nothing_is_learned_of_tls(groups):
    (found,) = seen([{**INSTANCE, "Engine": "postgres", "DBParameterGroups": groups}], [])
    assert found.transport_encrypted is None


def test_parameters_that_are_refused_are_not_learned():
    (found,) = seen(
        [{**INSTANCE, "Engine": "postgres", "DBParameterGroups": GROUP}], [], rds__DescribeDBParameters=None
    )
    assert found.transport_encrypted is None
