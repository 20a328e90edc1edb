import pytest

from collectors.aws.regions import Regions
from collectors.resource import Trail
from tests.fakes.told import ACCOUNT, REGION, Told

MANAGEMENT, STRANGER = "222233334444", "999988887777"
ORGANIZATION = frozenset({ACCOUNT, MANAGEMENT})


def trail(account=ACCOUNT, region=REGION, **facts):
    said = {"logging": True, "management_events": True, "multi_region": False, "organization": False, **facts}
    return Trail(
        id=f"arn:aws:cloudtrail:{region}:{account}:trail/t",
        provider="aws",
        account=account,
        region=region,
        kind="trail",
        **said,
    )


def described(*trails, default=None, organization=ORGANIZATION, seen=True):
    told = Told(
        {"ec2.GetEbsEncryptionByDefault": default},
        organization_accounts=organization,
        seen={"aws.trails": trails} if seen else None,
    )
    (item,) = Regions.list(told)
    return Regions.describe(told, item), told.cited


@pytest.mark.parametrize(
    ("found", "logged"),
    [
        (trail(), True),
        (trail(region="us-east-1"), False),
        (trail(region="us-east-1", multi_region=True), True),
        (trail(region="us-east-1", multi_region=None), None),
        (trail(logging=False), False),
        (trail(logging=None), None),
        (trail(logging=None, management_events=False), False),
        (trail(management_events=False), False),
        (trail(management_events=None), None),
        (trail(account=MANAGEMENT), False),
        (trail(account=MANAGEMENT, organization=True), True),
        (trail(account=MANAGEMENT, organization=None), None),
        (trail(account=MANAGEMENT, organization=True, region="us-east-1"), False),
        (trail(account=MANAGEMENT, organization=True, region="us-east-1", multi_region=True), True),
        (trail(account=STRANGER, organization=True, multi_region=True), False),
    ],
)
def test_activity_is_logged_by_a_trail_that_covers_account_and_region(found, logged):
    region, cited = described(found)
    assert region.activity_logged is logged
    assert cited == ([found.id] if logged else [])


def test_no_trail_at_all_is_no_logging():
    assert described()[0].activity_logged is False


def test_one_sound_trail_is_enough_beside_doubtful_ones():
    sound = trail(account=MANAGEMENT, organization=True)
    region, cited = described(trail(logging=None), trail(logging=False), sound)
    assert (region.activity_logged, cited) == (True, [sound.id])


def test_trails_that_were_not_seen_leave_it_unlearned():
    assert described(seen=False)[0].activity_logged is None


def test_without_a_known_organisation_only_own_trails_count():
    assert described(trail(account=MANAGEMENT, organization=True), organization=None)[0].activity_logged is False
    assert described(trail(), organization=None)[0].activity_logged is True


@pytest.mark.parametrize(
    ("answer", "encrypted"),
    [({"EbsEncryptionByDefault": True}, True), ({"EbsEncryptionByDefault": False}, False), ({}, None), (None, None)],
)
def test_the_default_of_volumes(answer, encrypted):
    region, _ = described(default=answer)
    assert (region.volumes_encrypted_by_default, region.id) == (
        encrypted,
        f"arn:aws:account::{ACCOUNT}:region/{REGION}",
    )
