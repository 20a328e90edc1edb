"""The exact read-only permissions that discovery and the collectors use, as one IAM policy."""

from collections.abc import Iterable
from typing import Any

from collectors.collector import Collector

_SERVICES = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sso-admin": "sso",
}
"""IAM's prefix of a service where it is not boto3's name."""
_ACTIONS = {
    "accessanalyzer.ListFindingsV2": "access-analyzer:ListFindings",
    "apigateway.GetResources": "apigateway:GET",
    "apigateway.GetRestApis": "apigateway:GET",
    "apigateway.GetStages": "apigateway:GET",
    "apigatewayv2.GetApis": "apigateway:GET",
    "apigatewayv2.GetRoutes": "apigateway:GET",
    "apigatewayv2.GetStages": "apigateway:GET",
    "s3.GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3.GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3.GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3.GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3.GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3.HeadBucket": "s3:ListBucket",
    "s3.ListBuckets": "s3:ListAllMyBuckets",
    "s3control.GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
}
"""Where the action is not named after the operation. Source: the Service Authorization Reference."""

DISCOVERY_OPERATIONS = (
    "ec2.DescribeRegions",
    "organizations.DescribeOrganization",
    "organizations.DescribePolicy",
    "organizations.ListAccounts",
    "organizations.ListParents",
    "organizations.ListPolicies",
    "organizations.ListRoots",
    "organizations.ListTargetsForPolicy",
    "sts.AssumeRole",
    "sts.GetCallerIdentity",
)
"""What `collectors.aws.organization`, `collectors.aws.closing` and the identities ask."""
SPARING_OPERATIONS = (
    "config.DescribeConfigurationAggregatorSourcesStatus",
    "config.SelectAggregateResourceConfig",
    "inspector2.GetDelegatedAdminAccount",
    "inspector2.ListMembers",
)
"""What `collectors.aws.aggregate` and `collectors.aws.administered` ask so that others are asked less: without them all is seen too."""
AMBIENT_ONLY = ("organizations:DescribeOrganization", "organizations:ListAccounts", "sts:AssumeRole")
"""What the agent's own identity needs besides, and the role in each account does not."""


def action(operation: str) -> str:
    """The IAM action that allows `service.Operation`."""
    service, _, name = operation.partition(".")
    return _ACTIONS.get(operation, f"{_SERVICES.get(service, service)}:{name}")


DISCOVERY_GRANTS = tuple(sorted(action(operation) for operation in DISCOVERY_OPERATIONS))
"""IAM actions of discovery."""
SPARING_GRANTS = tuple(sorted(action(operation) for operation in SPARING_OPERATIONS))
"""IAM actions that spare others."""


def policy(collectors: Iterable[Collector]) -> dict[str, Any]:
    """The IAM policy of the role in each account: every granted action once, sorted, without wildcards in actions."""
    granted = {grant for collector in collectors for grant in collector.grants} | {*DISCOVERY_GRANTS, *SPARING_GRANTS}
    return _document("StarcadenceReads", sorted(granted - set(AMBIENT_ONLY)))


def ambient_policy() -> dict[str, Any]:
    """The IAM policy of the agent's own identity, in the management account: who is in the organisation, and our role in each."""
    return _document("StarcadenceDiscovers", sorted(AMBIENT_ONLY))


def _document(sid: str, actions: list[str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*"}],
    }
