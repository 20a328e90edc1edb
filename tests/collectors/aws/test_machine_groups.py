import pytest

from collectors.aws.machine_groups import MachineGroups
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:autoscaling:eu-west-1:{ACCOUNT}:autoScalingGroup:u:autoScalingGroupName/web"
ELEMENT = {
    "AutoScalingGroupARN": ARN, "AutoScalingGroupName": "web", "MaxSize": 4, "DesiredCapacity": 2, "AvailabilityZones": ["a", "b"],
    "Tags": [{"Key": "team", "Value": "web", "PropagateAtLaunch": True}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (True, True)),
        ({"MaxSize": 2}, (False, True)),
        ({"DesiredCapacity": None}, (None, True)),
        ({"AvailabilityZones": ["a"]}, (True, False)),
        ({"AvailabilityZones": None}, (True, None)),
    ],
)
def test_a_group_says_whether_it_may_grow_and_where_it_stands(said, expected):
    group = MachineGroups.describe(Told(), {**ELEMENT, **said})
    assert (group.id, group.name, group.tags) == (ARN, "web", {"team": "web"})
    assert (group.grows, group.multi_zone) == expected
