"""The calls that one sweep of the simulated estate cannot do without, listed by hand, and those that it makes.

Each row says how often somebody who knows AWS and the estate would call the operation to learn the facts that the checks read: once per
organisation, account, account and region, or resource. Nothing is taken from the collectors' own code.
"""

from agent.demo.estate import Estate
from agent.demo.names import IN_SCOPE, REGIONS

ACCOUNTS = len(IN_SCOPE)
PLACES = ACCOUNTS * len(REGIONS)
UNRECORDED = "staging/us-east-1"
"""Where AWS Config does not say that there is none of a type, and each service has to be asked."""
UNDETECTED = 1
"""Places without a detector of GuardDuty."""
ABROAD = PLACES - len(REGIONS)
"""Places outside of the security account, which administers GuardDuty and Inspector."""


def with_any(estate: Estate, *kinds: str) -> int:
    """Account and region pairs in which a type has to be asked for: where there is some of it, and where nobody counts it."""
    found = {name.split(f"/{kind}/")[0] for kind in kinds for name in estate.ids if f"/{kind}/" in name}
    return len({place for place in found if place.count("/") == 1} | {UNRECORDED})


def by_hand(estate: Estate) -> dict[str, int]:
    """Operation -> how often it is needed."""
    return {
        **accounts(),
        **stores(estate),
        **other_stores(estate),
        **serving(estate),
        **deployed(estate),
        **watching(estate),
    }


def accounts() -> dict[str, int]:
    """Who we are, which accounts there are, a role in each; what holds for a whole account or for the organisation."""
    once = (
        "organizations.DescribeOrganization", "organizations.ListAccounts", "organizations.ListRoots",
        "organizations.ListDelegatedAdministrators", "sts.GetCallerIdentity",
    )  # fmt: skip
    each = (
        "sts.AssumeRole", "ec2.DescribeRegions", "iam.GetAccountSummary", "iam.GetAccountPasswordPolicy", "s3control.GetPublicAccessBlock",
        "account.GetAlternateContact", "iam.GenerateCredentialReport", "iam.GetCredentialReport", "iam.GetAccountAuthorizationDetails",
        "cloudfront.ListDistributions",
    )  # fmt: skip
    policies = dict.fromkeys(("organizations.ListTargetsForPolicy", "organizations.DescribePolicy"), 3)
    return {
        **dict.fromkeys(once, 1),
        **dict.fromkeys(each, ACCOUNTS),
        **policies,
        "organizations.ListPolicies": 2,
        "organizations.ListParents": ACCOUNTS - 1,
    }


def stores(estate: Estate) -> dict[str, int]:
    """Buckets one by one, keys one by one; volumes, databases and their snapshots by region; who holds the keys that are named."""
    of_buckets = (
        "s3.GetBucketEncryption", "s3.GetBucketPolicy", "s3.GetBucketAcl", "s3.GetBucketVersioning", "s3.GetBucketLogging",
        "s3.GetBucketTagging", "s3.GetBucketLifecycleConfiguration",
    )  # fmt: skip
    of_keys = ("kms.DescribeKey", "kms.GetKeyRotationStatus", "kms.GetKeyPolicy", "kms.ListResourceTags")
    by_place = (
        "kms.ListKeys", "ec2.DescribeSnapshots", "ec2.GetEbsEncryptionByDefault", "rds.DescribeDBSnapshots",
        "rds.DescribeDBClusterSnapshots",
    )  # fmt: skip
    databases = with_any(estate, "database")
    return {
        "s3.ListBuckets": ACCOUNTS, **dict.fromkeys(of_buckets, estate.made["object store"]), **dict.fromkeys(of_keys, estate.made["key"]),
        **dict.fromkeys(by_place, PLACES), "s3.GetObjectLockConfiguration": 1, "s3.GetPublicAccessBlock": 1,
        "ec2.DescribeVolumes": with_any(estate, "volume"),
        "rds.DescribeDBInstances": databases, "rds.DescribeDBClusters": databases, "rds.DescribeDBParameters": databases,
        "ec2.DescribeSnapshotAttribute": estate.made["snapshot"] + estate.made["machine"],
        "rds.DescribeDBSnapshotAttributes": estate.made["database snapshot"], "kms.ListAliases": with_any(estate, "volume", "database"),
    }  # fmt: skip


def other_stores(estate: Estate) -> dict[str, int]:
    """Tables, warehouses and the like: listed where there is some, asked one by one for what no listing tells.

    AWS Config counts no images, file servers or caches: of these every place is asked.
    """
    listed = {
        "dynamodb.ListTables": "table", "glue.GetDatabases": "dataset",
        "redshift.DescribeClusters": "warehouse", "opensearch.ListDomainNames": "search index",
        "efs.DescribeFileSystems": "file share", "kinesis.ListStreams": "stream", "kafka.ListClustersV2": "broker",
        "sqs.ListQueues": "queue", "sns.ListTopics": "topic",
    }  # fmt: skip
    each = {
        "dynamodb.GetResourcePolicy": "table",
        "dynamodb.DescribeTable": "table", "dynamodb.DescribeContinuousBackups": "table", "redshift.DescribeClusterParameters": "warehouse",
        "redshift.DescribeLoggingStatus": "warehouse", "glue.GetDatabase": "dataset", "glue.GetTags": "dataset",
        "efs.DescribeFileSystemPolicy": "file share", "kinesis.DescribeStreamSummary": "stream", "kinesis.GetResourcePolicy": "stream",
        "sqs.GetQueueAttributes": "queue", "sns.GetTopicAttributes": "topic", "ec2.DescribeImageAttribute": "image",
        "fsx.DescribeBackups": "file server",
    }  # fmt: skip
    uncounted = ("ec2.DescribeImages", "fsx.DescribeFileSystems", "elasticache.DescribeCacheClusters")
    # what a table without recovery is brought back from; all search domains, and all groups of caches, of a place
    once = (
        "dynamodb.ListBackups", "backup.ListProtectedResources", "opensearch.DescribeDomains", "elasticache.DescribeReplicationGroups",
    )  # fmt: skip
    catalogues = dict.fromkeys(
        ("glue.GetDataCatalogEncryptionSettings", "glue.GetResourcePolicy"), with_any(estate, "dataset") - 1
    )
    return {
        **catalogues, "redshift.DescribeClusterSnapshots": 1 + with_any(estate, "warehouse"),
        **{operation: with_any(estate, kind) for operation, kind in listed.items()},
        **{operation: estate.made[kind] for operation, kind in each.items()}, **dict.fromkeys(uncounted, PLACES), **dict.fromkeys(once, 1),
    }  # fmt: skip


def serving(estate: Estate) -> dict[str, int]:
    """Networks and what stands in them: listed where there is some, asked about one by one where a listing does not tell."""
    networks, machines = with_any(estate, "network"), with_any(estate, "machine")
    listed = {
        "ec2.DescribeVpcs": networks, "ec2.DescribeSecurityGroups": networks, "ec2.DescribeFlowLogs": networks,
        "route53resolver.ListResolverQueryLogConfigAssociations": networks, "ec2.DescribeSubnets": with_any(estate, "subnet"),
        "ec2.DescribeInstances": machines, "autoscaling.DescribeAutoScalingGroups": with_any(estate, "group"),
        "elbv2.DescribeLoadBalancers": with_any(estate, "load balancer"), "lambda.ListFunctions": with_any(estate, "function"),
        "ecr.DescribeRepositories": with_any(estate, "image registry"), "acm.ListCertificates": with_any(estate, "certificate"),
        "secretsmanager.ListSecrets": with_any(estate, "secret"), "backup.ListBackupVaults": with_any(estate, "vault"),
    }  # fmt: skip
    unrecorded = ("elb.DescribeLoadBalancers", "eks.ListClusters", "apigatewayv2.GetApis", "apigateway.GetRestApis")
    of_machines = ("ssm.DescribeInstanceInformation", "ssm.DescribeInstancePatchStates")
    of_balancers = ("elbv2.DescribeListeners", "elbv2.DescribeLoadBalancerAttributes")
    of_functions = ("lambda.GetPolicy", "lambda.GetFunctionCodeSigningConfig")
    return {
        **listed, **dict.fromkeys(unrecorded, 1), **dict.fromkeys(of_machines, machines - 1),
        "ssm.ListInventoryEntries": estate.made["machine"], "iam.ListInstanceProfiles": 2, "ec2.DescribeNetworkInterfaces": 1,
        **dict.fromkeys(of_balancers, estate.made["load balancer"]), "secretsmanager.GetResourcePolicy": estate.made["secret"],
        "secretsmanager.ListSecretVersionIds": 1,  # of the one that nothing changes by itself
        **dict.fromkeys(of_functions, estate.made["function"]), "lambda.ListCodeSigningConfigs": 1,
        "ecr.GetRegistryScanningConfiguration": 1, "ecr.GetRepositoryPolicy": estate.made["image registry"], "elbv2.DescribeSSLPolicies": 2,
        # tags of certificates, load balancers, functions and repositories: two places; of tables and queues: one; of topics: four
        "resourcegroupstaggingapi.GetResources": 7,
    }  # fmt: skip


def deployed(estate: Estate) -> dict[str, int]:
    """Services of ECS, stacks, shares, templates and permission sets, and the firewalls before what serves: of places, and of the edge."""
    services, firewalls = with_any(estate, "container service"), with_any(estate, "web application firewall")
    templates = with_any(estate, "machine template")
    of_sets = (
        "sso-admin.GetInlinePolicyForPermissionSet", "sso-admin.ListManagedPoliciesInPermissionSet",
        "sso-admin.ListCustomerManagedPolicyReferencesInPermissionSet", "sso-admin.GetPermissionsBoundaryForPermissionSet",
    )  # fmt: skip
    return {
        "sso-admin.ListInstances": len(REGIONS), "sso-admin.ListPermissionSets": 1,
        **dict.fromkeys(of_sets, estate.made["permission set"]),
        "ec2.DescribeLaunchTemplateVersions": templates, "ec2.DescribeLaunchTemplates": templates - 1,
        "ecs.ListClusters": services, **dict.fromkeys(("ecs.ListServices", "ecs.DescribeServices"), services - 1),
        "ecs.DescribeTaskDefinition": estate.made["container service"], "lambda.GetFunctionConfiguration": 1,
        "cloudformation.DescribeStacks": with_any(estate, "stack"), "ram.GetResourceShares": PLACES,
        "ram.GetResourceShareAssociations": with_any(estate, "resource share") - 1, "wafv2.ListWebACLs": firewalls + 1,
        "wafv2.GetWebACL": estate.made["web application firewall"], "wafv2.ListAvailableManagedRuleGroupVersions": 1,
        # what each guards, in both places; who logs, of three who may where the first does not
        "wafv2.ListResourcesForWebACL": 2, "wafv2.ListLoggingConfigurations": 1 + 3,
    }  # fmt: skip


def watching(estate: Estate) -> dict[str, int]:
    """Trails, detectors, scanners, recorders, standards, analyzers, alarms, logs, vaults, quotas; who hears of what they find."""
    places = (
        "cloudtrail.DescribeTrails", "guardduty.ListDetectors", "inspector2.BatchGetAccountStatus", "inspector2.ListFindings",
        "config.DescribeConfigurationRecorders", "securityhub.GetEnabledStandards", "macie2.GetMacieSession",
        "accessanalyzer.ListAnalyzers", "logs.DescribeLogGroups", "rds.DescribeAccountAttributes", "autoscaling.DescribeAccountLimits",
    )  # fmt: skip
    detected, recorded = PLACES - UNDETECTED, PLACES - 1
    return {
        **dict.fromkeys(places, PLACES), "cloudtrail.GetTrailStatus": estate.made["trail"], "cloudtrail.GetTrail": 3,
        "logs.DescribeMetricFilters": 3, "cloudwatch.DescribeAlarms": 3, "guardduty.GetDetector": detected,
        "guardduty.ListFindings": detected, "guardduty.GetAdministratorAccount": ABROAD, "inspector2.GetDelegatedAdminAccount": ABROAD,
        "inspector2.ListCoverageStatistics": 2 * PLACES, "config.DescribeConfigurationRecorderStatus": recorded,
        "config.DescribeDeliveryChannelStatus": recorded, "config.GetDiscoveredResourceCounts": recorded,
        "accessanalyzer.ListFindingsV2": len(REGIONS) + 1,
        # rules of each place; targets of two rules and one topic in each region of the security account, and the topic of alarms
        "events.ListRules": PLACES, "events.ListTargetsByRule": 2 * len(REGIONS), "sns.ListSubscriptionsByTopic": len(REGIONS) + 1,
        **dict.fromkeys(("backup.ListCopyJobs", "backup.ListRestoreJobs"), with_any(estate, "vault") - 1),
        "backup.ListBackupJobs": 2 * (with_any(estate, "vault") - 1),
    }  # fmt: skip


def compared(needed: dict[str, int], made: dict[str, int]) -> tuple[int, int, tuple[str, ...]]:
    """Calls needed, calls made, and a line for each operation that was called otherwise than listed."""
    lines = tuple(
        f"  {name}: {needed.get(name, 0)} needed, {made.get(name, 0)} made"
        for name in sorted({*needed, *made})
        if needed.get(name, 0) != made.get(name, 0)
    )
    return sum(needed.values()), sum(made.values()), lines
