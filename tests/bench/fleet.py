"""What the measured process and its server agree on; apart from both, so that the one does not load what the other needs."""

import os

LATENCY = 0.05
"""Seconds until each answer."""
CANONICAL, MEMBER = "111122223333", "111122223334"
"""The management account, and the member whose answers all members get, with their own ids."""
AGGREGATED = bool(os.environ.get("STARCADENCE_AGGREGATOR"))
"""The fleet is recorded by AWS Config, and its management account has an aggregator (`tests/fakes/aggregated.py`)."""
SERVICES = ("cloudtrail", "ec2", "iam", "kms", "rds", "s3", "secretsmanager")
"""What Prowler and Starcadence both read of one account, by Prowler's names."""
READ_BY_US = (
    "aws.accounts", "aws.buckets", "aws.database_snapshots", "aws.databases", "aws.entitlements", "aws.firewalls", "aws.keys",
    "aws.networks", "aws.regions", "aws.secrets", "aws.snapshots", "aws.trails", "aws.users", "aws.volumes",
)  # fmt: skip
"""The collectors that read these services."""
