"""The guard's own table of places, held against botocore's."""

import botocore.session
import pytest

from collectors.aws.places import GLOBAL_SERVICES, HOMES, REAL_HOSTS, home, is_endpoint, partition_of

LOADER = botocore.session.Session().get_component("data_loader")
PARTITIONS = {
    partition["partition"]: partition
    for partition in LOADER.load_data("endpoints")["partitions"]
    if partition["partition"] in HOMES
}


def test_every_partition_of_botocore_is_known() -> None:
    assert (
        {partition["partition"] for partition in LOADER.load_data("endpoints")["partitions"]}
        == set(HOMES)
        == set(REAL_HOSTS)
    )


@pytest.mark.parametrize("name", PARTITIONS)
def test_regions_and_suffixes_are_those_of_botocore(name: str) -> None:
    partition = PARTITIONS[name]
    assert {partition_of(region) for region in partition["regions"]} <= {name}
    assert HOMES[name] in partition["regions"] or not partition["regions"]
    assert partition["dnsSuffix"] in REAL_HOSTS[name]


@pytest.mark.parametrize("service", sorted(GLOBAL_SERVICES))
@pytest.mark.parametrize("name", ["aws", "aws-cn", "aws-us-gov"])
def test_services_without_regions_live_where_botocore_signs_for(service: str, name: str) -> None:
    data = PARTITIONS[name]["services"].get(service)
    if data is None:
        assert (service, name) in {("account", "aws-us-gov"), ("cloudfront", "aws-us-gov")}
        return
    endpoint = data["endpoints"][data["partitionEndpoint"]]
    assert endpoint["credentialScope"]["region"] == home(name, service)


def test_an_endpoint_names_its_region_or_knows_none() -> None:
    assert is_endpoint("ec2.eu-west-1.amazonaws.com", region="eu-west-1", service="ec2")
    assert is_endpoint("s3.dualstack.eu-west-1.amazonaws.com", region="eu-west-1", service="s3")
    assert is_endpoint("iam.amazonaws.com", region="us-east-1", service="iam")
    assert not is_endpoint("iam.amazonaws.com", region="eu-west-1", service="iam")
    assert not is_endpoint("ec2.amazonaws.com", region="us-east-1", service="ec2")
    assert not is_endpoint("ec2.eu-west-1.amazonaws.com.cn", region="eu-west-1", service="ec2")
