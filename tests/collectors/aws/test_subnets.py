import pytest

from collectors.aws.subnets import Subnets
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:subnet/subnet-1"
ELEMENT = {
    "SubnetId": "subnet-1",
    "SubnetArn": ARN,
    "MapPublicIpOnLaunch": False,
    "DefaultForAz": False,
    "OwnerId": ACCOUNT,
}


@pytest.mark.parametrize(("said", "gives"), [(True, True), (False, False), (None, None)])
def test_a_subnet_says_what_it_gives(said, gives):
    subnet = Subnets.describe(Told(), {**ELEMENT, "MapPublicIpOnLaunch": said})
    assert (subnet.id, subnet.kind, subnet.gives_public_addresses) == (ARN, "subnet", gives)


def test_subnets_that_others_share_are_their_owners():
    told = Told({"ec2.DescribeSubnets": {"Subnets": [ELEMENT, {**ELEMENT, "OwnerId": "999988887777"}]}})
    assert list(Subnets.list(told)) == [ELEMENT]
