import pytest

from collectors.aws.snapshots import Snapshots
from collectors.collector import Gone
from tests.fakes.told import Told

ELEMENT = {"SnapshotId": "snap-1", "Encrypted": False, "OwnerId": "111122223333"}


def described(answer, element=ELEMENT):
    return Snapshots.describe(Told({"ec2.DescribeSnapshotAttribute": answer}), element)


@pytest.mark.parametrize(
    ("answer", "public", "foreign"),
    [
        ({"CreateVolumePermissions": []}, False, ()),
        ({"CreateVolumePermissions": [{"Group": "all"}]}, True, ()),
        (
            {"CreateVolumePermissions": [{"UserId": "999988887777"}, {"UserId": "222233334444"}]},
            False,
            ("222233334444", "999988887777"),
        ),
        ({"CreateVolumePermissions": [{"UserId": "111122223333"}, {"Group": "all"}]}, True, ()),
        ({"SnapshotId": "snap-1"}, None, None),
        (None, None, None),
    ],
)
def test_sharing_is_read_from_the_attribute(answer, public, foreign):
    snapshot = described(answer)
    assert (snapshot.public, snapshot.foreign_access, snapshot.encrypted) == (public, foreign, False)
    assert snapshot.id == "arn:aws:ec2:eu-west-1::snapshot/snap-1"


def test_only_snapshots_of_the_account_itself_are_listed():
    told = Told(
        {"ec2.DescribeSnapshots": lambda asked: {"Snapshots": [ELEMENT] if asked["OwnerIds"] == ["self"] else []}}
    )
    assert list(Snapshots.list(told)) == [ELEMENT]


def test_a_snapshot_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        described("InvalidSnapshot.NotFound")
