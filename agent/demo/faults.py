"""How single things in the estate are broken and mended: ordinary boto3 calls, one function per kind of fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from agent.demo import accounts, data, networks
from agent.demo.estate import SEEDED, Estate, arn
from agent.demo.names import ACCOUNTS, HOME


@contextmanager
def dated(estate: Estate, at: datetime) -> Iterator[None]:
    """What is made inside was made then."""
    estate.endpoint.clock(at)
    yield
    estate.endpoint.clock(SEEDED)


def plain(estate: Estate, name: str) -> str:
    """The plain id at the end of a remembered ARN."""
    return estate.ids[name].replace(":", "/").rpartition("/")[2]


def unencrypted_volume(estate: Estate) -> None:
    """A volume from before encryption was the default, with its snapshot."""
    volume = data.make_volume(estate, "production", "eu-west-1", "scratch", encrypted=False)
    data.make_snapshot(estate, "production", "eu-west-1", "scratch", volume)


def public_snapshot(estate: Estate) -> None:
    """Let everybody restore the unencrypted snapshot."""
    estate.client("ec2", "production", "eu-west-1").modify_snapshot_attribute(
        SnapshotId=plain(estate, "production/eu-west-1/snapshot/scratch"), Attribute="createVolumePermission",
        OperationType="add", GroupNames=["all"],
    )  # fmt: skip


def legacy_database(estate: Estate) -> None:
    """An unencrypted database that takes plain connections, and whose snapshot everybody may restore."""
    lax = data.parameters(estate, "staging", "eu-west-1", strict=False)
    data.make_database(estate, "staging", "eu-west-1", "legacy", StorageEncrypted=False, DBParameterGroupName=lax)
    data.make_database_snapshot(estate, "staging", "eu-west-1", "legacy")
    automated = (
        f"snapshot:rds:legacy-{SEEDED:%Y-%m-%d-%H-%M}"  # the provider makes one with every database that has backups
    )
    estate.ids["staging/eu-west-1/automated snapshot/legacy"] = arn("rds", "staging", automated, "eu-west-1")
    estate.client("rds", "staging", "eu-west-1").modify_db_snapshot_attribute(
        DBSnapshotIdentifier="legacy-upgrade", AttributeName="restore", ValuesToAdd=["all"]
    )


def single_database(estate: Estate) -> None:
    """A database in one zone."""
    data.make_database(estate, "production", "eu-west-1", "reports", MultiAZ=False)


def brief_backups(estate: Estate) -> None:
    """A database whose backups are kept a day."""
    data.make_database(estate, "staging", HOME, "fixtures", BackupRetentionPeriod=1)


def public_bucket(estate: Estate) -> None:
    """A bucket that anybody may read, in an account that does not forbid it."""
    bucket = data.bucket_name("staging", "downloads")
    estate.client("s3control", "staging").delete_public_access_block(AccountId=ACCOUNTS["staging"])
    estate.client("s3", "staging").delete_public_access_block(Bucket=bucket)
    read = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    data.put_policy(estate, "staging", "downloads", [read, data.tls_only(bucket)])


def close_bucket(estate: Estate) -> None:
    """Block public access to that bucket."""
    estate.client("s3", "staging").put_public_access_block(
        Bucket=data.bucket_name("staging", "downloads"), PublicAccessBlockConfiguration=accounts.ALL_BLOCKED
    )


def plain_bucket(estate: Estate) -> None:
    """A bucket that takes connections without TLS."""
    estate.client("s3", "production").delete_bucket_policy(Bucket=data.bucket_name("production", "thumbnails"))


def unversioned_bucket(estate: Estate) -> None:
    """A bucket that keeps no versions any more."""
    estate.client("s3", "staging").put_bucket_versioning(
        Bucket=data.bucket_name("staging", "fixtures"), VersioningConfiguration={"Status": "Suspended"}
    )


def unlogged_logs(estate: Estate) -> None:
    """Buckets for access logs that do not log access to themselves."""
    for alias in data.BUCKETS:
        estate.client("s3", alias).put_bucket_logging(
            Bucket=data.bucket_name(alias, "access-logs"), BucketLoggingStatus={}
        )


def still_key(estate: Estate) -> None:
    """A key that does not rotate."""
    data.make_key(estate, "production", "us-east-1", "still-key", rotated=False)


def open_key(estate: Estate) -> None:
    """A key that anybody may use."""
    data.make_key(estate, "security", HOME, "open-key", policy=data.naming("*"))


def leaving_key(estate: Estate) -> None:
    """A key that is scheduled for its destruction."""
    data.make_key(estate, "staging", "eu-west-1", "leaving-key")
    key = plain(estate, "staging/eu-west-1/leaving-key")
    estate.client("kms", "staging", "eu-west-1").schedule_key_deletion(KeyId=key, PendingWindowInDays=30)


def keep_key(estate: Estate) -> None:
    """Call that key back."""
    kms, key = estate.client("kms", "staging", "eu-west-1"), plain(estate, "staging/eu-west-1/leaving-key")
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)


def root_without_mfa(estate: Estate) -> None:
    """A root user with a password alone."""
    estate.endpoint.root(ACCOUNTS["staging"], mfa=False, keys=False)


def root_with_keys(estate: Estate) -> None:
    """A root user with access keys."""
    estate.endpoint.root(ACCOUNTS["log-archive"], mfa=True, keys=True)


def short_passwords(estate: Estate) -> None:
    """An account where eight characters will do."""
    estate.client("iam", "staging").update_account_password_policy(MinimumPasswordLength=8, PasswordReusePrevention=24)


def long_passwords(estate: Estate) -> None:
    """The same account with the policy of all others."""
    estate.client("iam", "staging").update_account_password_policy(MinimumPasswordLength=16, PasswordReusePrevention=24)


def no_contact(estate: Estate) -> None:
    """An account that AWS would not know whom to tell about."""
    estate.client("account", "log-archive").delete_alternate_contact(AlternateContactType="SECURITY")


def user_without_mfa(estate: Estate) -> None:
    """Somebody who signs in with a password alone."""
    accounts.make_person(estate, "production", "oncall-shared", mfa=False)


def old_key(estate: Estate) -> None:
    """A machine whose access key is from last year."""
    with dated(estate, datetime.fromisoformat("2025-11-03T09:00:00+00:00")):
        accounts.make_machine(estate, "staging", "nightly-robot")


def ageing_key(estate: Estate) -> None:
    """A machine whose access key becomes 90 days old during the story."""
    with dated(estate, datetime.fromisoformat("2026-07-14T00:00:00+00:00")):
        accounts.make_machine(estate, "production", "replication-robot")


def idle_user(estate: Estate) -> None:
    """Somebody who left in May and can still sign in."""
    with dated(estate, datetime.fromisoformat("2026-01-12T09:00:00+00:00")):
        accounts.make_person(estate, "production", "contractor-2026")
    estate.endpoint.used(ACCOUNTS["production"], "contractor-2026", datetime.fromisoformat("2026-05-20T16:40:00+00:00"))


def break_glass(estate: Estate) -> None:
    """A role that may do everything."""
    accounts.make_role(estate, "staging", "break-glass", trust=accounts.trusting(ACCOUNTS["management"]))
    accounts.grant(estate, "staging", "break-glass", accounts.allow("*"))


def two_planes(estate: Estate) -> None:
    """A role that administers both data and its keys."""
    accounts.make_role(estate, "production", "platform-operator", trust=accounts.trusting(ACCOUNTS["management"]))
    accounts.grant(estate, "production", "platform-operator", accounts.allow("s3:*", "kms:*"))


def vendor(estate: Estate) -> None:
    """A role that a stranger's account may take without more ado."""
    accounts.make_role(estate, "production", "vendor-monitoring", trust=accounts.trusting("999988887777"))


def narrow_trail(estate: Estate) -> None:
    """Let the organisation's trail cover its home region only; staging has no trail of its own."""
    estate.client("cloudtrail").update_trail(Name="organization", IsMultiRegionTrail=False)


def widen_trail(estate: Estate) -> None:
    """Let the organisation's trail cover every region."""
    estate.client("cloudtrail").update_trail(Name="organization", IsMultiRegionTrail=True)


def unvalidated_trail(estate: Estate) -> None:
    """A trail whose files may be changed unnoticed."""
    estate.client("cloudtrail", "production").update_trail(Name="production-activity", EnableLogFileValidation=False)


def plain_trail(estate: Estate) -> None:
    """A trail under the provider's key."""
    estate.client("cloudtrail", "security").update_trail(Name="security-activity", KmsKeyId="")


def silent_trail(estate: Estate) -> None:
    """A trail that has delivered nothing for days."""
    trail = estate.ids["management/trail/management-activity"]
    estate.endpoint.delivered(trail, datetime.fromisoformat("2026-09-20T03:12:00+00:00"))


def no_default_encryption(estate: Estate) -> None:
    """A region where new volumes are not encrypted."""
    estate.client("ec2", "security", "us-east-1").disable_ebs_encryption_by_default()


def open_ssh(estate: Estate) -> None:
    """A firewall that lets everybody try SSH."""
    vpc = networks.vpc_of(estate, "staging", "eu-west-1")
    group = networks.make_firewall(estate, "staging", "eu-west-1", "bastion", vpc)
    networks.allow_from(estate, "staging", "eu-west-1", group, port=22, source="0.0.0.0/0")


def open_desktop(estate: Estate) -> None:
    """Open the web firewall to everybody's remote desktop, over IPv6 alone."""
    group = plain(estate, "production/eu-central-1/firewall/web")
    networks.allow_from(estate, "production", HOME, group, port=3389, source="::/0")


def full_default_firewall(estate: Estate) -> None:
    """A network whose default firewall was left as it came."""
    networks.make_network(estate, "staging", "us-east-1", "experiment", "10.8.0.0/16", bare=True)


def unlogged_network(estate: Estate) -> None:
    """A network without flow logs."""
    networks.make_network(estate, "production", "us-east-1", "migration", "10.9.0.0/16", logged=False)


def hide_encryption(estate: Estate) -> None:
    """A bucket whose own policy keeps us from reading its encryption."""
    estate.endpoint.deny(ACCOUNTS["production"], "s3.GetBucketEncryption", data.bucket_name("production", "ledger"))


def hide_rotation(estate: Estate) -> None:
    """A key whose own policy keeps us from reading its rotation."""
    estate.endpoint.deny(ACCOUNTS["staging"], "kms.GetKeyRotationStatus", plain(estate, "staging/us-east-1/key"))


def show_rotation(estate: Estate) -> None:
    """Let us read it."""
    estate.endpoint.allow(ACCOUNTS["staging"], "kms.GetKeyRotationStatus", plain(estate, "staging/us-east-1/key"))
