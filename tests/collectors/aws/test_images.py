from datetime import UTC, datetime

import pytest

from collectors.aws.images import Images
from tests.fakes.told import ACCOUNT, Told

ENCRYPTED = {"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": "snap-1", "Encrypted": True}}
OPEN = {"DeviceName": "/dev/sdb", "Ebs": {"SnapshotId": "snap-2", "Encrypted": False}}
PASSING = {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"}
IMAGE = {
    "ImageId": "ami-1",
    "Name": "golden",
    "CreationDate": "2026-01-05T12:00:00.000Z",
    "BlockDeviceMappings": [ENCRYPTED],
}
NOBODY = {"ImageId": "ami-1", "LaunchPermissions": []}


def seen(answer=NOBODY, **said):
    return Images.describe(Told({"ec2.DescribeImageAttribute": answer}), {**IMAGE, **said})


def test_an_image_that_is_nobodys_else():
    found = seen()
    assert (found.id, found.kind, found.name) == ("arn:aws:ec2:eu-west-1::image/ami-1", "image", "golden")
    assert (found.encrypted, found.public, found.foreign_access) == (True, False, ())
    assert (found.created, found.tags) == (datetime(2026, 1, 5, 12, tzinfo=UTC), {})


@pytest.mark.parametrize(
    ("mapped", "expected"),
    [
        ([ENCRYPTED, PASSING], True),
        ([ENCRYPTED, OPEN], False),
        ([ENCRYPTED, {"DeviceName": "/dev/sdd", "Ebs": {}}], None),
        ([ENCRYPTED, {"DeviceName": "/dev/sdd", "Ebs": None}], None),
        ([ENCRYPTED, {"DeviceName": "/dev/sdd", "NoDevice": ""}], True),
        ([PASSING], None),
        ([], None),
        (None, None),
    ],
)
def test_an_image_is_encrypted_if_all_its_snapshots_are(mapped, expected):
    assert seen(BlockDeviceMappings=mapped).encrypted is expected


@pytest.mark.parametrize(
    ("permissions", "public", "foreign"),
    [
        ([{"Group": "all"}], True, ()),
        ([{"UserId": ACCOUNT}], False, ()),
        ([{"UserId": "999988887777"}, {"Group": "all"}], True, ("999988887777",)),
        ([{"OrganizationArn": "arn:aws:organizations::1:organization/o-1"}], False, ("arn:aws:organizations::1:organization/o-1",)),
        ([{"Somebody": "new"}], None, None),
        ([{"Group": "some"}], None, None),
        (None, None, None),
    ],
)  # fmt: skip
def test_launch_permissions_say_who_starts_machines_from_it(permissions, public, foreign):
    found = seen({"ImageId": "ami-1", "LaunchPermissions": permissions})
    assert (found.public, found.foreign_access) == (public, foreign)


def test_permissions_that_are_refused_are_not_learned():
    assert (seen(None).public, seen(None).foreign_access) == (None, None)
