"""The calls that one sweep of the simulated estate cannot do without, listed by hand, and those that it makes.

Each row says how often somebody who knows AWS and the estate would call the operation to learn the facts that the checks read: once per
organisation, account, account and region, or resource. Nothing is taken from the collectors' own code.
"""

from agent.demo.estate import Estate
from agent.demo.names import IN_SCOPE, REGIONS

ACCOUNTS = len(IN_SCOPE)
PLACES = ACCOUNTS * len(REGIONS)


def by_hand(estate: Estate) -> dict[str, int]:
    """Operation -> how often it is needed."""
    buckets, keys = estate.made["object store"], estate.made["key"]
    return {
        # who we are, which accounts there are, a role in each, their regions
        "organizations.DescribeOrganization": 1,
        "organizations.ListAccounts": 1,
        "sts.AssumeRole": ACCOUNTS,
        "ec2.DescribeRegions": ACCOUNTS,
        # settings of the account; users; what everybody may do
        "iam.GetAccountSummary": ACCOUNTS,
        "iam.GetAccountPasswordPolicy": ACCOUNTS,
        "s3control.GetPublicAccessBlock": ACCOUNTS,
        "account.GetAlternateContact": ACCOUNTS,
        "iam.GenerateCredentialReport": ACCOUNTS,
        "iam.GetCredentialReport": ACCOUNTS,
        "iam.GetAccountAuthorizationDetails": ACCOUNTS,
        # buckets: encryption, who reaches them and how, versions, access log, whose they are
        "s3.ListBuckets": ACCOUNTS,
        **dict.fromkeys(
            (
                "s3.GetBucketEncryption", "s3.GetBucketPolicy", "s3.GetBucketAcl", "s3.GetBucketVersioning", "s3.GetBucketLogging",
                "s3.GetBucketTagging",
            ),
            buckets,
        ),
        # keys: what each is, its rotation, policy and tags
        "kms.ListKeys": PLACES,
        **dict.fromkeys(("kms.DescribeKey", "kms.GetKeyRotationStatus", "kms.GetKeyPolicy", "kms.ListResourceTags"), keys),
        # trails, networks, volumes and databases of each region
        **dict.fromkeys(
            (
                "cloudtrail.DescribeTrails", "ec2.DescribeVpcs", "ec2.DescribeSecurityGroups", "ec2.DescribeVolumes",
                "ec2.DescribeSnapshots", "ec2.GetEbsEncryptionByDefault", "rds.DescribeDBInstances", "rds.DescribeDBClusters",
                "rds.DescribeDBSnapshots", "rds.DescribeDBClusterSnapshots",
            ),
            PLACES,
        ),
        "cloudtrail.GetTrailStatus": estate.made["trail"],
        "ec2.DescribeFlowLogs": len({name.rsplit("/", 2)[0] for name in estate.ids if "/network/" in name}),
        "ec2.DescribeSnapshotAttribute": estate.made["snapshot"],
        "rds.DescribeDBSnapshotAttributes": estate.made["database snapshot"],
    }  # fmt: skip


def compared(needed: dict[str, int], made: dict[str, int]) -> tuple[int, int, tuple[str, ...]]:
    """Calls needed, calls made, and a line for each operation that was called otherwise than listed."""
    lines = tuple(
        f"  {name}: {needed.get(name, 0)} needed, {made.get(name, 0)} made"
        for name in sorted({*needed, *made})
        if needed.get(name, 0) != made.get(name, 0)
    )
    return sum(needed.values()), sum(made.values()), lines
