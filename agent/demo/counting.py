"""What is there, counted in moto's own state and in what was told: the answers of AWS that are sums, and that moto does not give.

AWS Config counts what it records; RDS and Auto Scaling tell what is used of their quotas.
"""

import sys
from collections.abc import Callable, Mapping, Sized
from typing import Any

from agent.demo.speech import module
from agent.demo.told import Told

Count = Callable[[Any], int]
"""Of a backend of moto's, how many."""


def sized(attribute: str) -> Count:
    """The length of a collection."""

    def count(backend: Any) -> int:
        found: Sized = getattr(backend, attribute)
        return len(found)

    return count


def nested(attribute: str) -> Count:
    """The lengths of the collections in a collection, together."""
    return lambda backend: sum(map(len, getattr(backend, attribute).values()))


def standing(backend: Any) -> int:
    """Instances that are not terminated."""
    return sum(
        instance.state != "terminated"
        for reservation in backend.reservations.values()
        for instance in reservation.instances
    )


OF_CONFIG: Mapping[str, tuple[str, Count]] = {
    "AWS::ACM::Certificate": ("acm", sized("_certificates")),
    "AWS::ApiGateway::RestApi": ("apigateway", sized("apis")),
    "AWS::ApiGatewayV2::Api": ("apigatewayv2", sized("apis")),
    "AWS::AutoScaling::AutoScalingGroup": ("autoscaling", sized("autoscaling_groups")),
    "AWS::Backup::BackupVault": ("backup", sized("vaults")),
    "AWS::CloudWatch::Alarm": ("cloudwatch", sized("alarms")),
    "AWS::EC2::EIP": ("ec2", sized("addresses")),
    "AWS::EC2::FlowLog": ("ec2", sized("flow_logs")),
    "AWS::EC2::Instance": ("ec2", standing),
    "AWS::EC2::InternetGateway": ("ec2", sized("internet_gateways")),
    "AWS::EC2::LaunchTemplate": ("ec2", sized("launch_templates")),
    "AWS::EC2::NetworkAcl": ("ec2", sized("network_acls")),
    "AWS::EC2::NetworkInterface": ("ec2", sized("enis")),
    "AWS::EC2::RouteTable": ("ec2", sized("route_tables")),
    "AWS::EC2::SecurityGroup": ("ec2", nested("groups")),
    "AWS::EC2::Subnet": ("ec2", nested("subnets")),
    "AWS::EC2::VPC": ("ec2", sized("vpcs")),
    "AWS::EC2::Volume": ("ec2", sized("volumes")),
    "AWS::ECR::Repository": ("ecr", sized("repositories")),
    "AWS::EKS::Cluster": ("eks", sized("clusters")),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("elb", sized("load_balancers")),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elbv2", sized("load_balancers")),
    "AWS::Lambda::Function": ("lambda", lambda backend: len(list(backend.list_functions()))),
    "AWS::RDS::DBCluster": ("rds", sized("clusters")),
    "AWS::RDS::DBInstance": ("rds", sized("databases")),
    "AWS::SNS::Topic": ("sns", sized("topics")),
    "AWS::SecretsManager::Secret": ("secretsmanager", sized("secrets")),
    "AWS::WAFv2::WebACL": ("wafv2", sized("wacls")),
}
"""Types that AWS Config records and that moto keeps -> whose they are, and how they are counted there."""
OF_TOLD = {
    "AWS::CloudFormation::Stack": ("cloudformation.DescribeStacks", "Stacks"),
    "AWS::DynamoDB::Table": ("dynamodb.ListTables", "TableNames"),
    "AWS::ECS::Service": ("ecs.ListServices", "serviceArns"),
    "AWS::EFS::FileSystem": ("efs.DescribeFileSystems", "FileSystems"),
    "AWS::Glue::Database": ("glue.GetDatabases", "DatabaseList"),
    "AWS::Kinesis::Stream": ("kinesis.ListStreams", "StreamNames"),
    "AWS::OpenSearch::Domain": ("opensearch.ListDomainNames", "DomainNames"),
    "AWS::Redshift::ClusterSnapshot": ("redshift.DescribeClusterSnapshots", "Snapshots"),
    "AWS::Redshift::Cluster": ("redshift.DescribeClusters", "Clusters"),
    "AWS::SQS::Queue": ("sqs.ListQueues", "QueueUrls"),
}
"""Types that AWS Config records and of which the listing is told -> that listing, and the key of its elements."""


MODULES = {"lambda": "awslambda"}
"""Services whose module in moto is not called like them."""


def backend(service: str, account: str, region: str) -> Any:
    """moto's state of a service in one account and region."""
    return module("backends").get_backend(service)[account][region]


def discovered(account: str, region: str, told: Told) -> dict[str, Any]:
    """`config.GetDiscoveredResourceCounts` where everything is recorded: a type of which there is none is left out.

    Of a service that moto has not loaded there is nothing.
    """
    found = {
        native: count(backend(service, account, region))
        for native, (service, count) in OF_CONFIG.items()
        if f"moto.{MODULES.get(service, service)}.models" in sys.modules
    }
    for native, (operation, key) in OF_TOLD.items():
        found[native] = len((told.answer(account, region, operation, "") or {}).get(key, ()))
    counts = [{"resourceType": native, "count": many} for native, many in found.items() if many]
    return {"totalDiscoveredResources": sum(found.values()), "resourceCounts": counts}


def of_databases(account: str, region: str, told: Told) -> dict[str, Any]:  # noqa: ARG001 - told of by moto alone
    """`rds.DescribeAccountAttributes`: some of the quotas of RDS, with their defaults (RDS user guide, "Quotas")."""
    rds = backend("rds", account, region)
    used = {
        "DBInstances": (len(rds.databases), 40), "DBClusters": (len(rds.clusters), 40),
        "ManualSnapshots": (len(rds.database_snapshots), 100),
    }  # fmt: skip
    return {
        "AccountQuotas": [{"AccountQuotaName": name, "Used": many, "Max": most} for name, (many, most) in used.items()]
    }


def of_scaling(account: str, region: str, told: Told) -> dict[str, Any]:  # noqa: ARG001 - as above
    """`autoscaling.DescribeAccountLimits`, with the default quotas."""
    scaling = backend("autoscaling", account, region)
    return {
        "MaxNumberOfAutoScalingGroups": 500, "NumberOfAutoScalingGroups": len(scaling.autoscaling_groups),
        "MaxNumberOfLaunchConfigurations": 200, "NumberOfLaunchConfigurations": len(scaling.launch_configurations),
    }  # fmt: skip


COUNTED: Mapping[str, Callable[[str, str, Told], dict[str, Any]]] = {
    "autoscaling.DescribeAccountLimits": of_scaling,
    "config.GetDiscoveredResourceCounts": discovered,
    "rds.DescribeAccountAttributes": of_databases,
}
"""Operations -> what answers them, given account, region and what the cloud was told."""
