"""The calls that a sweep of the fleet of `tests.bench.aws` cannot do without, listed by hand as in `tests.bench.necessary`."""


def of_members(accounts: int) -> int:
    """Calls that so many member accounts of the fleet of `tests.bench.aws` need, each like the fake estate (`tests.fakes.estate`).

    The management account, which has the organisation's trail, its alarms, detectors and findings besides, is counted as one more of them.
    """
    once = (
        # a role and its regions; users, what everybody may do, instance profiles and identity providers
        "sts.AssumeRole", "ec2.DescribeRegions", "iam.GetAccountSummary", "iam.GetAccountPasswordPolicy", "iam.GenerateCredentialReport",
        "iam.GetCredentialReport", "iam.GetAccountAuthorizationDetails", "iam.ListInstanceProfiles", "iam.ListOpenIDConnectProviders",
        "s3control.GetPublicAccessBlock", "account.GetAlternateContact", "s3.ListBuckets",
        # the edge: its tags and access logs; copies and restores of backups; who looks after detection
        "resourcegroupstaggingapi.GetResources", "logs.DescribeDeliverySources", "logs.DescribeDeliveries", "backup.ListCopyJobs",
        "backup.ListRestoreJobs", "guardduty.GetAdministratorAccount", "inspector2.GetDelegatedAdminAccount", "s3.GetPublicAccessBlock",
        # the firewall of the edge, and who of three logs what it finds
        "wafv2.ListWebACLs of the edge", "wafv2.ListWebACLs of the edge after it", "wafv2.GetWebACL of the edge",
        "wafv2.ListAvailableManagedRuleGroupVersions of the edge", "wafv2.ListLoggingConfigurations of the edge, by the account",
        "wafv2.ListLoggingConfigurations of the edge, by Security Lake", "wafv2.ListLoggingConfigurations of the edge, by CloudWatch",
        # what watches one of its regions, and what it found
        "config.DescribeDeliveryChannelStatus", "config.GetDiscoveredResourceCounts", "guardduty.GetDetector", "guardduty.ListFindings",
        "guardduty.GetFindings", "guardduty.ListCoverage", "inspector2.ListFindings", "securityhub.GetFindings",
        "accessanalyzer.ListAnalyzers of the whole organisation", "events.ListRules of the trail's region",
    )  # fmt: skip
    a_region = (
        "acm.ListCertificates", "apigateway.GetRestApis", "apigatewayv2.GetApis", "autoscaling.DescribeAccountLimits",
        "autoscaling.DescribeAutoScalingGroups", "backup.ListBackupJobs", "backup.ListBackupVaults", "cloudtrail.DescribeTrails",
        "config.DescribeConfigurationRecorders", "config.DescribeConfigurationRecorderStatus", "ec2.DescribeFlowLogs",
        "ec2.DescribeInstances", "ec2.DescribeNetworkInterfaces", "ec2.DescribeSecurityGroups", "ec2.DescribeSnapshots",
        "ec2.DescribeSubnets", "ec2.DescribeVolumes", "ec2.DescribeVpcs", "ec2.GetEbsEncryptionByDefault", "ecr.DescribeRepositories",
        "ecr.GetRegistryScanningConfiguration", "eks.ListClusters", "elb.DescribeLoadBalancers", "elbv2.DescribeLoadBalancers",
        "guardduty.ListDetectors", "inspector2.BatchGetAccountStatus", "inspector2.ListCoverageStatistics", "kms.ListAliases",
        "kms.ListKeys", "lambda.ListCodeSigningConfigs", "lambda.ListFunctions", "logs.DescribeLogGroups", "macie2.GetMacieSession",
        "rds.DescribeAccountAttributes", "rds.DescribeDBClusterSnapshots", "rds.DescribeDBClusters", "rds.DescribeDBInstances",
        "rds.DescribeDBSnapshots", "resourcegroupstaggingapi.GetResources", "route53resolver.ListResolverQueryLogConfigAssociations",
        "secretsmanager.ListSecrets", "securityhub.GetEnabledStandards", "ssm.DescribeInstanceInformation",
        "ssm.DescribeInstancePatchStates", "wafv2.ListWebACLs", "wafv2.ListWebACLs after it", "wafv2.ListResourcesForWebACL",
        "accessanalyzer.ListAnalyzers", "events.ListRules", "eks.DescribeClusterVersions", "elbv2.DescribeSSLPolicies",
        "ec2.DescribeLaunchTemplateVersions", "ec2.DescribeLaunchTemplates", "ec2.GetInstanceMetadataDefaults",
        "cloudformation.DescribeStacks", "ecs.ListClusters", "ecs.DescribeServices", "elbv2.DescribeTargetGroups",
        "lambda.GetFunctionConfiguration", "ram.GetResourceShares", "ram.GetResourceShareAssociations", "wafv2.GetWebACL",
        "wafv2.ListAvailableManagedRuleGroupVersions", "wafv2.ListLoggingConfigurations",
        # the other stores, and what tables and warehouses are brought back from
        "glue.GetDatabases", "glue.GetDataCatalogEncryptionSettings", "glue.GetResourcePolicy",
        "dynamodb.ListTables", "dynamodb.ListBackups", "backup.ListProtectedResources", "redshift.DescribeClusters",
        "redshift.DescribeClusterSnapshots", "redshift.DescribeClusterSnapshots by themselves", "opensearch.ListDomainNames",
        "opensearch.DescribeDomains", "efs.DescribeFileSystems",
        "fsx.DescribeFileSystems", "elasticache.DescribeReplicationGroups", "elasticache.DescribeCacheClusters", "kinesis.ListStreams",
        "kafka.ListClustersV2", "sqs.ListQueues", "sns.ListTopics", "ec2.DescribeImages",
    )  # fmt: skip
    resources = {
        # how many there are in an account, and what has to be asked of each
        3: ("s3.GetBucketEncryption", "s3.GetBucketPolicy", "s3.GetBucketAcl", "s3.GetBucketVersioning", "s3.GetBucketLogging",
            "s3.GetBucketTagging", "s3.GetBucketLifecycleConfiguration", "cloudfront.GetDistributionConfig"),
        12: ("kms.DescribeKey",),
        10: ("kms.GetKeyPolicy", "kms.ListResourceTags"),
        8: ("elbv2.DescribeRules",),
        6: ("apigateway.GetStages", "apigatewayv2.GetStages", "apigatewayv2.GetRoutes", "ec2.DescribeSnapshotAttribute",
            "ecr.GetRepositoryPolicy", "elb.DescribeLoadBalancerAttributes", "elbv2.DescribeListeners",
            "elbv2.DescribeLoadBalancerAttributes",
            "kms.GetKeyRotationStatus", "rds.DescribeDBSnapshotAttributes", "dynamodb.DescribeTable", "dynamodb.GetResourcePolicy",
            "dynamodb.DescribeContinuousBackups", "efs.DescribeFileSystemPolicy", "kafka.GetClusterPolicy", "kinesis.DescribeStreamSummary",
            "kinesis.GetResourcePolicy", "sns.GetTopicAttributes", "sqs.GetQueueAttributes", "ec2.DescribeImageAttribute",
            "fsx.DescribeBackups"),
        4: ("apigateway.GetResources", "eks.DescribeAddon", "eks.DescribeCluster", "eks.ListPodIdentityAssociations",
            "elb.DescribeLoadBalancerPolicies", "lambda.GetFunctionCodeSigningConfig", "lambda.GetPolicy",
            "secretsmanager.GetResourcePolicy", "ssm.ListInventoryEntries", "ecs.DescribeTaskDefinition", "ecs.ListServices",
            "glue.GetDatabase", "glue.GetTags", "redshift.DescribeClusterParameters", "redshift.DescribeLoggingStatus"),
        2: ("backup.DescribeProtectedResource", "rds.DescribeDBClusterSnapshotAttributes", "secretsmanager.ListSecretVersionIds",
            "cloudfront.ListDistributions, pages of two"),
    }  # fmt: skip
    each = len(once) + 2 * len(a_region) + sum(count * len(asked) for count, asked in resources.items())
    return each * accounts
