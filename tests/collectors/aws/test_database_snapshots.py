import pytest

from collectors.aws.database_snapshots import DatabaseSnapshots
from collectors.collector import Gone
from tests.fakes.told import Told

ARN = "arn:aws:rds:eu-west-1:111122223333"
ONE = {
    "DBSnapshotIdentifier": "s",
    "DBSnapshotArn": f"{ARN}:snapshot:s",
    "SnapshotType": "manual",
    "Encrypted": True,
    "TagList": [],
}
CLUSTER = {
    "DBClusterSnapshotIdentifier": "c", "DBClusterSnapshotArn": f"{ARN}:cluster-snapshot:c", "SnapshotType": "manual",
    "StorageEncrypted": False, "TagList": [],
}  # fmt: skip


def attributes(kind, *values):
    listed = [
        {"AttributeName": "other", "AttributeValues": ["all"]},
        {"AttributeName": "restore", "AttributeValues": list(values)},
    ]
    return {f"{kind}SnapshotAttributesResult": {f"{kind}SnapshotAttributes": listed}}


@pytest.mark.parametrize(
    ("values", "public", "foreign"),
    [
        ((), False, ()),
        (("all",), True, ()),
        (("999988887777", "222233334444"), False, ("222233334444", "999988887777")),
    ],
)
def test_sharing_is_read_alike_for_instances_and_clusters(values, public, foreign):
    told = Told({
        "rds.DescribeDBSnapshotAttributes": attributes("DB", *values),
        "rds.DescribeDBClusterSnapshotAttributes": attributes("DBCluster", *values),
    })  # fmt: skip
    one, cluster = DatabaseSnapshots.describe(told, ONE), DatabaseSnapshots.describe(told, CLUSTER)
    assert (one.id, one.encrypted, one.public, one.foreign_access) == (ONE["DBSnapshotArn"], True, public, foreign)
    assert (cluster.id, cluster.encrypted, cluster.public, cluster.foreign_access) == (
        CLUSTER["DBClusterSnapshotArn"],
        False,
        public,
        foreign,
    )


def test_automated_snapshots_cannot_be_shared_and_are_not_asked():
    told = Told()
    snapshot = DatabaseSnapshots.describe(told, {**ONE, "SnapshotType": "automated"})
    assert (snapshot.public, snapshot.foreign_access, told.asked) == (False, (), [])


@pytest.mark.parametrize("answer", [None, {}, {"DBSnapshotAttributesResult": {}}])
def test_what_is_refused_or_missing_is_not_learned(answer):
    snapshot = DatabaseSnapshots.describe(Told({"rds.DescribeDBSnapshotAttributes": answer}), ONE)
    assert (snapshot.public, snapshot.foreign_access) == (None, None)


def test_a_snapshot_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        DatabaseSnapshots.describe(Told({"rds.DescribeDBSnapshotAttributes": "DBSnapshotNotFound"}), ONE)


def test_both_listings_are_one():
    told = Told(
        {
            "rds.DescribeDBSnapshots": {"DBSnapshots": [ONE]},
            "rds.DescribeDBClusterSnapshots": {"DBClusterSnapshots": [CLUSTER]},
        }
    )
    assert list(DatabaseSnapshots.list(told)) == [ONE, CLUSTER]
