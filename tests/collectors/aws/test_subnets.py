import pytest

from collectors.aws.subnets import Subnets
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:subnet/subnet-1"
ELEMENT = {
    "SubnetId": "subnet-1",
    "SubnetArn": ARN,
    "VpcId": "vpc-1",
    "MapPublicIpOnLaunch": False,
    "DefaultForAz": False,
    "OwnerId": ACCOUNT,
}


@pytest.mark.parametrize(("said", "gives"), [(True, True), (False, False), (None, None)])
def test_a_subnet_says_what_it_gives(said, gives):
    subnet = Subnets.describe(
        Told({"ec2.DescribeFlowLogs": {"FlowLogs": []}}), {**ELEMENT, "MapPublicIpOnLaunch": said}
    )
    assert (subnet.id, subnet.kind, subnet.gives_public_addresses) == (ARN, "subnet", gives)


def test_subnets_that_others_share_are_their_owners():
    told = Told({"ec2.DescribeSubnets": {"Subnets": [ELEMENT, {**ELEMENT, "OwnerId": "999988887777"}]}})
    assert list(Subnets.list(told)) == [ELEMENT]


@pytest.mark.parametrize(
    ("logs", "logged"),
    [
        ([{"ResourceId": "vpc-1", "FlowLogStatus": "ACTIVE"}], True),
        ([{"ResourceId": "subnet-1", "FlowLogStatus": "ACTIVE"}], True),
        ([{"ResourceId": "subnet-2", "FlowLogStatus": "ACTIVE"}], False),
        ([{"ResourceId": "subnet-1", "FlowLogStatus": "ACTIVE", "DeliverLogsStatus": "FAILED"}], False),
    ],
)
def test_traffic_is_recorded_by_a_log_of_the_subnet_or_of_its_network(logs, logged):
    assert Subnets.describe(Told({"ec2.DescribeFlowLogs": {"FlowLogs": logs}}), ELEMENT).flow_logged is logged


def test_traffic_stays_unknown_where_flow_logs_are_refused():
    assert Subnets.describe(Told({"ec2.DescribeFlowLogs": None}), ELEMENT).flow_logged is None
