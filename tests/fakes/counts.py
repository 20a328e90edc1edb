"""What AWS Config counts in the fake estate: what its listings hold."""

from dataclasses import replace
from typing import Any

from tests.fakes.aws import Request
from tests.fakes.pages import paged

LISTED = {
    "AWS::EC2::Instance": ("ec2.DescribeInstances", "Reservations"),
    "AWS::EC2::LaunchTemplate": ("ec2.DescribeLaunchTemplateVersions", "LaunchTemplateVersions"),
    "AWS::EC2::SecurityGroup": ("ec2.DescribeSecurityGroups", "SecurityGroups"),
    "AWS::EC2::Subnet": ("ec2.DescribeSubnets", "Subnets"),
    "AWS::EC2::VPC": ("ec2.DescribeVpcs", "Vpcs"),
    "AWS::EC2::Volume": ("ec2.DescribeVolumes", "Volumes"),
    "AWS::RDS::DBInstance": ("rds.DescribeDBInstances", "DBInstances"),
    "AWS::RDS::DBCluster": ("rds.DescribeDBClusters", "DBClusters"),
    "AWS::Lambda::Function": ("lambda.ListFunctions", "Functions"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elbv2.DescribeLoadBalancers", "LoadBalancers"),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("elb.DescribeLoadBalancers", "LoadBalancerDescriptions"),
    "AWS::EKS::Cluster": ("eks.ListClusters", "clusters"),
    "AWS::ECR::Repository": ("ecr.DescribeRepositories", "repositories"),
    "AWS::ACM::Certificate": ("acm.ListCertificates", "CertificateSummaryList"),
    "AWS::SecretsManager::Secret": ("secretsmanager.ListSecrets", "SecretList"),
    "AWS::ApiGateway::RestApi": ("apigateway.GetRestApis", "items"),
    "AWS::ApiGatewayV2::Api": ("apigatewayv2.GetApis", "Items"),
    "AWS::AutoScaling::AutoScalingGroup": ("autoscaling.DescribeAutoScalingGroups", "AutoScalingGroups"),
    "AWS::CloudFormation::Stack": ("cloudformation.DescribeStacks", "Stacks"),
    "AWS::ECS::Service": ("ecs.ListServices", "serviceArns"),
    "AWS::WAFv2::WebACL": ("wafv2.ListWebACLs", "WebACLs"),
    "AWS::Backup::BackupVault": ("backup.ListBackupVaults", "BackupVaultList"),
    "AWS::DynamoDB::Table": ("dynamodb.ListTables", "TableNames"),
    "AWS::Elasticsearch::Domain": ("opensearch.ListDomainNames", "DomainNames"),
    "AWS::EFS::FileSystem": ("efs.DescribeFileSystems", "FileSystems"),
    "AWS::Glue::Database": ("glue.GetDatabases", "DatabaseList"),
    "AWS::Kinesis::Stream": ("kinesis.ListStreams", "StreamNames"),
    "AWS::MSK::Cluster": ("kafka.ListClustersV2", "ClusterInfoList"),
    "AWS::MSK::ServerlessCluster": ("kafka.ListClustersV2", "ClusterInfoList"),
    "AWS::OpenSearch::Domain": ("opensearch.ListDomainNames", "DomainNames"),
    "AWS::Redshift::Cluster": ("redshift.DescribeClusters", "Clusters"),
    "AWS::Redshift::ClusterSnapshot": ("redshift.DescribeClusterSnapshots", "Snapshots"),
    "AWS::SNS::Topic": ("sns.ListTopics", "Topics"),
    "AWS::SQS::Queue": ("sqs.ListQueues", "QueueUrls"),
}
"""Native type -> the listing of it, and the key of its elements."""
ASKED: dict[str, dict[str, Any]] = {
    "AWS::ACM::Certificate": {"Includes": {"keyTypes": ["RSA_1024", "RSA_2048", "EC_prime256v1"]}},
    "AWS::EC2::LaunchTemplate": {"Versions": ["$Default"]},
    "AWS::ECS::Service": {"cluster": "cluster/main"},
    "AWS::Elasticsearch::Domain": {"EngineType": "Elasticsearch"},
    "AWS::MSK::Cluster": {"ClusterTypeFilter": "PROVISIONED"},
    "AWS::MSK::ServerlessCluster": {"ClusterTypeFilter": "SERVERLESS"},
    "AWS::OpenSearch::Domain": {"EngineType": "OpenSearch"},
}
"""Parameters without which a listing is none, or is also one of another type."""
UNDESCRIBED = {"AWS::Glue::Job": 3, "AWS::StepFunctions::StateMachine": 2}
"""What the estate has besides, and nobody lists."""


def _counts(estate: Any, request: Request) -> dict[str, Any]:
    counted = {
        native: len(estate.answer(replace(request, operation=operation, parameters=ASKED.get(native, {})))[key])
        for native, (operation, key) in LISTED.items()
    }
    listed = [{"resourceType": native, "count": count} for native, count in {**counted, **UNDESCRIBED}.items() if count]
    page = paged(request, "resourceCounts", listed, given="nextToken", asked="nextToken")
    return {"totalDiscoveredResources": sum(one["count"] for one in listed), **page}


ANSWERS = {"config.GetDiscoveredResourceCounts": _counts}
