from datetime import UTC, datetime

import pytest

from collectors.aws.volumes import Volumes
from tests.fakes.told import Told

THEN = datetime(2026, 1, 5, tzinfo=UTC)
ELEMENT = {
    "VolumeId": "vol-1",
    "Encrypted": True,
    "CreateTime": THEN,
    "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/k",
}


ALIASES = {
    "kms.ListAliases": {
        "Aliases": [
            {"AliasName": "alias/aws/ebs", "TargetKeyId": "theirs"},
            {"AliasName": "alias/ours", "TargetKeyId": "k"},
        ]
    }
}


def told():
    return Told(ALIASES)


def test_a_volume_is_read_from_its_element():
    volume = Volumes.describe(
        told(), {**ELEMENT, "Tags": [{"Key": "team", "Value": "payments"}, {"Key": "Name", "Value": "disk"}]}
    )
    assert (volume.id, volume.kind, volume.region) == (
        "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
        "volume",
        "eu-west-1",
    )
    assert (volume.name, volume.tags, volume.created) == ("disk", {"Name": "disk", "team": "payments"}, THEN)


@pytest.mark.parametrize(
    ("element", "encrypted", "holder"),
    [
        (ELEMENT, True, "customer"),
        ({**ELEMENT, "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/theirs"}, True, "provider"),
        ({**ELEMENT, "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/without-alias"}, True, "customer"),
        ({**ELEMENT, "KmsKeyId": "alias/ours"}, True, "customer"),
        ({**ELEMENT, "KmsKeyId": "arn:aws:kms:eu-west-1:222233334444:key/k"}, True, "customer"),
        ({**ELEMENT, "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs"}, True, "provider"),
        ({"VolumeId": "vol-1", "Encrypted": True}, True, None),
        ({"VolumeId": "vol-1", "Encrypted": False}, False, "none"),
        ({"VolumeId": "vol-1"}, None, None),
        ({"VolumeId": "vol-1", "Encrypted": "true"}, None, None),
    ],
)
def test_encryption_is_learned_only_where_it_is_said(element, encrypted, holder):
    volume = Volumes.describe(told(), element)
    assert (volume.encrypted, volume.key_held_by) == (encrypted, holder)


def test_a_volume_without_tags_says_so():
    assert Volumes.describe(told(), ELEMENT).tags == {}


def test_whose_key_it_is_stays_unknown_where_aliases_are_refused():
    assert Volumes.describe(Told({"kms.ListAliases": None}), ELEMENT).key_held_by is None


def test_aliases_are_asked_for_only_where_the_key_is_one_of_the_account():
    session = Told({})
    Volumes.describe(session, {"VolumeId": "vol-1", "Encrypted": False})
    assert session.asked == []
