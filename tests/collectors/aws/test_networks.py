import pytest

from collectors.aws.networks import Networks
from collectors.serving import Workload
from tests.fakes.told import Told

VPC = {"VpcId": "vpc-1", "IsDefault": True, "OwnerId": "111122223333"}


SOUND = {
    "ec2.DescribeFlowLogs": {"FlowLogs": []},
    "ec2.DescribeNetworkInterfaces": {"NetworkInterfaces": []},
    "route53resolver.ListResolverQueryLogConfigAssociations": {"ResolverQueryLogConfigAssociations": []},
}


def described(element=VPC, **answers):
    return Networks.describe(
        Told({**SOUND, **{name.replace("__", "."): one for name, one in answers.items()}}), element
    )


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
        (None, None),
    ],
)
def test_a_network_is_recorded_by_an_active_log_of_its_own(answer, logged):
    network = described(ec2__DescribeFlowLogs=answer)
    assert (network.flow_logged, network.default, network.id) == (
        logged,
        True,
        "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1",
    )


def test_networks_that_others_share_are_their_owners():
    told = Told({"ec2.DescribeVpcs": {"Vpcs": [VPC, {**VPC, "VpcId": "vpc-2", "OwnerId": "999988887777"}]}})
    assert list(Networks.list(told)) == [VPC]


@pytest.mark.parametrize(
    ("answer", "used"),
    [
        ({"NetworkInterfaces": [{}]}, True),
        ({"NetworkInterfaces": []}, False),
        ({"NetworkInterfaces": [], "NextToken": "more"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_default_network_is_in_use_where_an_interface_is_in_it(answer, used):
    assert described(ec2__DescribeNetworkInterfaces=answer).in_use is used


def test_the_use_of_other_networks_is_not_asked():
    told = Told(SOUND)
    assert Networks.describe(told, {**VPC, "IsDefault": False}).in_use is None
    assert "ec2.DescribeNetworkInterfaces" not in told.asked


@pytest.mark.parametrize(
    ("listed", "logged"),
    [
        ([{"ResourceId": "vpc-1", "Status": "ACTIVE"}], True),
        ([{"ResourceId": "vpc-1", "Status": "FAILED"}], False),
        ([{"ResourceId": "vpc-2", "Status": "ACTIVE"}], False),
        ([], False),
    ],
)
def test_names_are_logged_by_an_association_at_work(listed, logged):
    answer = {"ResolverQueryLogConfigAssociations": listed}
    assert described(route53resolver__ListResolverQueryLogConfigAssociations=answer).names_logged is logged


def test_names_stay_unknown_where_associations_are_refused():
    assert described(route53resolver__ListResolverQueryLogConfigAssociations=None).names_logged is None


def machine(name, networks, tags):
    return Workload(
        id=name,
        provider="aws",
        account="111122223333",
        region="eu-west-1",
        kind="machine",
        networks=networks,
        tags=tags,
    )


HERE = "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"
PROD, DEV = machine("m-1", (HERE,), {"Environment": "Prod"}), machine("m-2", (HERE,), {"acme:env": "dev"})
ELSEWHERE = machine("m-3", ("arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-2",), {"env": "test"})


@pytest.mark.parametrize(
    ("machines", "expected", "cited"),
    [
        ((PROD, DEV, ELSEWHERE), ("development", "production"), ["m-1", "m-2"]),
        ((PROD, PROD), ("production",), ["m-1"]),
        ((ELSEWHERE,), (), []),
        ((PROD, machine("m-4", (HERE,), {"name": "x"})), ("production",), ["m-1"]),
        ((PROD, machine("m-5", (HERE,), None)), None, None),
        ((PROD, machine("m-6", None, {})), None, []),
        ((), (), []),
        (None, None, []),
    ],
)
def test_a_network_has_the_environments_of_the_machines_in_it(machines, expected, cited):
    told = Told(SOUND, seen={} if machines is None else {"aws.machines": machines})
    assert Networks.describe(told, VPC).environments == expected
    assert cited is None or told.cited == cited
