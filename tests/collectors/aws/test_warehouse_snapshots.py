from datetime import UTC, datetime

import pytest

from collectors.aws.warehouse_snapshots import WarehouseSnapshots
from tests.fakes.told import ACCOUNT, Told

THEN = datetime(2026, 1, 5, tzinfo=UTC)
SNAPSHOT = {
    "SnapshotIdentifier": "rs-1", "ClusterIdentifier": "bi", "OwnerAccount": ACCOUNT, "Encrypted": True, "SnapshotCreateTime": THEN,
    "Tags": [],
}  # fmt: skip


def seen(**said):
    return WarehouseSnapshots.describe(Told(), {**SNAPSHOT, **said})


def test_an_element_tells_all():
    found = seen()
    assert (found.id, found.kind) == (f"arn:aws:redshift:eu-west-1:{ACCOUNT}:snapshot:bi/rs-1", "database snapshot")
    assert (found.name, found.created, found.tags) == ("rs-1", THEN, {})
    assert (found.encrypted, found.public, found.foreign_access) == (True, False, ())


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([{"AccountId": "999988887777"}, {"AccountId": ACCOUNT}], ("999988887777",)),
        ([], ()),
        ([{"AccountAlias": "support"}], None),
        (None, None),
    ],
)
def test_accounts_that_may_restore_it_are_named(listed, expected):
    assert seen(AccountsWithRestoreAccess=listed).foreign_access == expected


def test_snapshots_of_others_are_not_ours():
    told = Told(
        {"redshift.DescribeClusterSnapshots": {"Snapshots": [SNAPSHOT, {**SNAPSHOT, "OwnerAccount": "999988887777"}]}}
    )
    assert list(WarehouseSnapshots.list(told)) == [SNAPSHOT]
