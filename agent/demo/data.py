"""The estate's data: keys, buckets, volumes and databases with their snapshots."""

import base64
import json
from typing import Any

from agent.demo import canaries
from agent.demo.accounts import ALL_BLOCKED
from agent.demo.estate import OBJECT_STORE, PLATFORM, Estate, arn, pairs
from agent.demo.names import ACCOUNTS, HOME, REGIONS

BUCKETS = {
    "log-archive": ("trails", "flows"),
    "production": ("objects-a", "objects-b", "index", "ledger", "multipart", "thumbnails"),
    "staging": ("objects", "downloads", "fixtures"),
}
"""Buckets by account; each of these accounts also has one for access logs."""
EXPIRING = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 730}}
"""The rule by which a bucket's objects are deleted after two years."""
VOLUMES = {"production": 12, "staging": 6, "security": 1}
"""Volumes per region; every fourth one has a snapshot."""
DATABASES = {"production": ("catalog", "billing"), "staging": ("catalog",)}
"""Databases of each region; in the home region each has a snapshot."""
KEYED = {
    "management": REGIONS[:1],
    "log-archive": REGIONS[:1],
    "security": REGIONS[:1],
    "production": REGIONS,
    "staging": REGIONS,
}


def shelve(estate: Estate) -> None:
    """Keys of our own, and buckets under them."""
    for alias, regions in KEYED.items():
        for region in regions:
            make_key(estate, alias, region, "key")
    for alias, names in BUCKETS.items():
        for name in ("access-logs", *names):
            make_bucket(estate, alias, name)


def fill(estate: Estate) -> None:
    """Volumes and databases in the networks that there are, with snapshots."""
    for alias, count in VOLUMES.items():
        for region in KEYED[alias]:
            for number in range(count):
                volume = make_volume(estate, alias, region, f"data-{number:02}")
                if number % 4 == 3:
                    make_snapshot(estate, alias, region, f"data-{number:02}", volume)
            for name in DATABASES.get(alias, ()):
                make_database(estate, alias, region, name)
    for alias, databases in DATABASES.items():
        for name in databases:
            make_database_snapshot(estate, alias, HOME, name)


def plant(estate: Estate) -> None:
    """A launch template with a password where no password should be."""
    password = f"DB_PASSWORD={canaries.PASSWORD}"
    start = {
        "UserData": base64.b64encode(password.encode()).decode(), "InstanceType": "m6g.large",
        "MetadataOptions": {"HttpTokens": "required"},
    }  # fmt: skip
    tags = [{"ResourceType": "launch-template", "Tags": pairs(OBJECT_STORE | {"owner": canaries.OWNER})}]
    estate.client("ec2", "production").create_launch_template(
        LaunchTemplateName="frontend", LaunchTemplateData=start, TagSpecifications=tags
    )


def make_key(
    estate: Estate, alias: str, region: str, name: str, *, policy: dict[str, Any] | None = None, rotated: bool = True
) -> str:
    """A key of ours that rotates every year; its ARN."""
    own = policy or naming(f"arn:aws:iam::{ACCOUNTS[alias]}:root")
    kms = estate.client("kms", alias, region)
    tags = [{"TagKey": key, "TagValue": value} for key, value in OBJECT_STORE.items()]
    key: str = kms.create_key(
        Description=f"{name} of {alias}",
        Policy=json.dumps(own),
        Tags=tags,
        KeyUsage="ENCRYPT_DECRYPT",
        KeySpec="SYMMETRIC_DEFAULT",
    )["KeyMetadata"]["Arn"]
    if rotated:
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=365)
    return estate.note("key", f"{alias}/{region}/{name}", key)


def naming(principal: str) -> dict[str, Any]:
    """A key policy for one principal."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def bucket_name(alias: str, name: str) -> str:
    """What a bucket is called in AWS."""
    return f"example-{alias}-{name}"


def make_bucket(estate: Estate, alias: str, name: str) -> None:
    """A bucket that is encrypted, private, versioned, logged, and takes TLS only."""
    s3, bucket = estate.client("s3", alias), bucket_name(alias, name)
    locked = {"ObjectLockEnabledForBucket": True} if name == "trails" else {}
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME}, **locked)
    estate.note("object store", f"{alias}/bucket/{name}", f"arn:aws:s3:::{bucket}")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": estate.ids[f"{alias}/{HOME}/key"]}
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=ALL_BLOCKED)
    put_policy(estate, alias, name, [tls_only(bucket)])
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs(tags_of(alias, name))})
    if locked:
        retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}
        s3.put_object_lock_configuration(
            Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention}
        )
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [EXPIRING]})
    target = {"TargetBucket": bucket_name(alias, "access-logs"), "TargetPrefix": f"{bucket}/"}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": target})


def tags_of(alias: str, name: str) -> dict[str, str]:
    """Tags as people write them: an address here, a key where no key should be."""
    tags = (PLATFORM if alias == "log-archive" else OBJECT_STORE) | {"owner": canaries.OWNER}
    if (alias, name) == ("staging", "fixtures"):
        tags |= {"sync-token": canaries.TOKEN, "sync-key": f"{canaries.ACCESS_KEY}:{canaries.SECRET_KEY}"}
    return tags


def put_policy(estate: Estate, alias: str, name: str, statements: list[dict[str, Any]]) -> None:
    """Set a bucket's policy; a bucket for access logs lets the log service write."""
    bucket = bucket_name(alias, name)
    if name == "access-logs":
        service = {"Service": "logging.s3.amazonaws.com"}
        write = {
            "Effect": "Allow",
            "Principal": service,
            "Action": ["s3:PutObject"],
            "Resource": f"arn:aws:s3:::{bucket}/*",
        }
        statements = [write, *statements]
    policy = {"Version": "2012-10-17", "Statement": statements}
    estate.client("s3", alias).put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def tls_only(bucket: str) -> dict[str, Any]:
    """The statement that refuses connections without TLS."""
    return {
        "Sid": "TlsOnly", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip


def make_volume(estate: Estate, alias: str, region: str, name: str, *, encrypted: bool = True) -> str:
    """A volume under our key, or an unencrypted one; its plain id."""
    how = {"Encrypted": True, "KmsKeyId": estate.ids[f"{alias}/{region}/key"]} if encrypted else {"Encrypted": False}
    specification = [{"ResourceType": "volume", "Tags": pairs(OBJECT_STORE | {"Name": name})}]
    ec2 = estate.client("ec2", alias, region)
    wanted = {"AvailabilityZone": f"{region}a", "Size": 100, "VolumeType": "gp3"} | how
    made: str = ec2.create_volume(TagSpecifications=specification, **wanted)["VolumeId"]
    estate.note("volume", f"{alias}/{region}/volume/{name}", arn("ec2", alias, f"volume/{made}", region))
    return made


def make_snapshot(estate: Estate, alias: str, region: str, name: str, volume: str) -> str:
    """A snapshot of a volume; its plain id."""
    specification = [{"ResourceType": "snapshot", "Tags": pairs(OBJECT_STORE | {"Name": name})}]
    ec2 = estate.client("ec2", alias, region)
    why = f"before maintenance of {name}"
    made: str = ec2.create_snapshot(VolumeId=volume, Description=why, TagSpecifications=specification)["SnapshotId"]
    estate.note("snapshot", f"{alias}/{region}/snapshot/{name}", f"arn:aws:ec2:{region}::snapshot/{made}")
    return made


def make_database(estate: Estate, alias: str, region: str, name: str, **settings: Any) -> None:
    """A database that is encrypted, private, in two zones, and backed up for two weeks; `settings` override."""
    wanted = {
        "Engine": "postgres", "DBInstanceClass": "db.m6g.large", "AllocatedStorage": 100, "MasterUsername": "keeper",
        "MasterUserPassword": canaries.PASSWORD, "StorageEncrypted": True, "KmsKeyId": estate.ids[f"{alias}/{region}/key"],
        "MultiAZ": True, "BackupRetentionPeriod": 14, "PubliclyAccessible": False, "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "VpcSecurityGroupIds": [estate.ids[f"{alias}/{region}/firewall/database"].rpartition("/")[2]],
        "DBParameterGroupName": parameters(estate, alias, region),
        "Tags": pairs(OBJECT_STORE | {"owner": canaries.OWNER}),
    }  # fmt: skip
    chosen = wanted | settings
    if not chosen["StorageEncrypted"]:
        del chosen["KmsKeyId"]
    estate.client("rds", alias, region).create_db_instance(DBInstanceIdentifier=name, **chosen)
    estate.note("database", f"{alias}/{region}/database/{name}", arn("rds", alias, f"db:{name}", region))


def parameters(estate: Estate, alias: str, region: str, *, strict: bool = True) -> str:
    """A group of parameters that demands TLS of callers, or does not; made for the first database that needs it."""
    name, place = "strict" if strict else "lax", f"{alias}/{region}/parameters"
    if f"{place}/{name}" not in estate.ids:
        rds = estate.client("rds", alias, region)
        rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name)
        demanded = {
            "ParameterName": "rds.force_ssl",
            "ParameterValue": "1" if strict else "0",
            "ApplyMethod": "immediate",
        }
        rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[demanded])
        estate.ids[f"{place}/{name}"] = name
    return name


def make_database_snapshot(estate: Estate, alias: str, region: str, name: str) -> None:
    """A manual snapshot of a database."""
    estate.client("rds", alias, region).create_db_snapshot(
        DBSnapshotIdentifier=f"{name}-upgrade", DBInstanceIdentifier=name, Tags=pairs(OBJECT_STORE)
    )
    estate.note(
        "database snapshot",
        f"{alias}/{region}/database snapshot/{name}",
        arn("rds", alias, f"snapshot:{name}-upgrade", region),
    )
