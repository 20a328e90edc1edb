import pytest

from collectors.aws.networks import Networks
from tests.fakes.told import Told

VPC = {"VpcId": "vpc-1", "IsDefault": True, "OwnerId": "111122223333"}


def log(**more):
    return {"ResourceId": "vpc-1", "FlowLogStatus": "ACTIVE", "DeliverLogsStatus": "SUCCESS", **more}


@pytest.mark.parametrize(
    ("answer", "logged"),
    [
        ({"FlowLogs": [log()]}, True),
        ({"FlowLogs": [{"ResourceId": "vpc-1", "FlowLogStatus": "ACTIVE"}]}, True),
        ({"FlowLogs": []}, False),
        ({"FlowLogs": [log(ResourceId="subnet-1")]}, False),
        ({"FlowLogs": [log(FlowLogStatus="FAILED")]}, False),
        ({"FlowLogs": [log(DeliverLogsStatus="FAILED")]}, False),
        ({"FlowLogs": [log(DeliverLogsStatus="FAILED"), log()]}, True),
        ({"FlowLogs": [], "NextToken": "more"}, None),
        ({"FlowLogs": [log()], "NextToken": "more"}, True),
        ({}, None),
        (None, None),
    ],
)
def test_a_network_is_recorded_by_an_active_log_of_its_own(answer, logged):
    network = Networks.describe(Told({"ec2.DescribeFlowLogs": answer}), VPC)
    assert (network.flow_logged, network.default, network.id) == (
        logged,
        True,
        "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1",
    )


def test_networks_that_others_share_are_their_owners():
    told = Told({"ec2.DescribeVpcs": {"Vpcs": [VPC, {**VPC, "VpcId": "vpc-2", "OwnerId": "999988887777"}]}})
    assert list(Networks.list(told)) == [VPC]
