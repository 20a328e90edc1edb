"""The estate's other stores: tables, a warehouse, search, files, caches, streams, queues, topics and images of machines.

moto plays some of these services, each for a second of its start; all are told (`agent.demo.told`), but for topics.
"""

from typing import Any

from agent.demo import canaries
from agent.demo.estate import OBJECT_STORE, Estate, arn, pairs
from agent.demo.names import ACCOUNTS
from agent.demo.told import AGO
from agent.demo.watching import line, over_tls, policy, tag

ALIAS, REGION = "production", "eu-west-1"
"""Where all of them are."""
NONE: dict[str, dict[str, Any]] = {
    "dynamodb.ListTables": {"TableNames": []}, "ec2.DescribeImages": {"Images": []}, "efs.DescribeFileSystems": {"FileSystems": []},
    "elasticache.DescribeCacheClusters": {"CacheClusters": []}, "elasticache.DescribeReplicationGroups": {"ReplicationGroups": []},
    "fsx.DescribeFileSystems": {"FileSystems": []}, "glue.GetDatabases": {"DatabaseList": []},
    "kafka.ListClustersV2": {"ClusterInfoList": []},
    "kinesis.ListStreams": {"StreamNames": [], "HasMoreStreams": False}, "opensearch.ListDomainNames": {"DomainNames": []},
    "redshift.DescribeClusters": {"Clusters": []},
    "redshift.DescribeClusterSnapshots": {"Snapshots": []}, "sqs.ListQueues": {"QueueUrls": []},
}  # fmt: skip
"""What listings say where there is nothing."""
OWNED = OBJECT_STORE | {"owner": canaries.OWNER}
NOW, LATELY = {AGO: 300}, {AGO: 20000}


def store(estate: Estate) -> None:
    """All of them, as a careful provider keeps them."""
    estate.endpoint.tell(*(line(operation, answer) for operation, answer in NONE.items()))
    estate.endpoint.tell(
        line("dynamodb.ListBackups", {"BackupSummaries": []}), line("fsx.DescribeBackups", {"Backups": []})
    )
    protected = {
        "ResourceArn": at("elasticfilesystem", "file-system/fs-manifests"),
        "ResourceType": "EFS",
        "LastBackupTime": LATELY,
    }
    told(estate, "backup.ListProtectedResources", {"Results": [protected]})
    make_table(estate, "metadata")
    make_dataset(estate, "usage")
    make_warehouse(estate, "billing")
    make_search_index(estate, "activity")
    make_file_share(estate, "manifests")
    make_file_server(estate, "scratch")
    make_cache(estate, "sessions")
    make_stream(estate, "changes")
    make_queue(estate, "thumbnails")
    make_image(estate, "golden", encrypted=True)


def key(estate: Estate) -> str:
    """Our key where these stores are."""
    return estate.ids[f"{ALIAS}/{REGION}/key"]


def at(service: str, rest: str) -> str:
    """The ARN of one of them."""
    return arn(service, ALIAS, rest, REGION)


def note(estate: Estate, kind: str, name: str, identifier: str) -> None:
    """Remember one of them as `production/eu-west-1/<kind>/<name>`."""
    estate.note(kind, f"{ALIAS}/{REGION}/{kind}/{name}", identifier)


def listed(estate: Estate, operation: str, element: Any) -> None:
    """Say one element more in a listing."""
    found = estate.listed.setdefault((ALIAS, REGION, operation), [])
    found.append(element)
    (name,) = (name for name, value in NONE[operation].items() if isinstance(value, list))
    estate.endpoint.tell(line(operation, NONE[operation] | {name: found}, ALIAS, REGION))


def told(estate: Estate, operation: str, answer: dict[str, Any], given: str = "") -> None:
    """Say what is answered where these stores are."""
    estate.endpoint.tell(line(operation, answer, ALIAS, REGION, given))


def allowing(who: str, action: str) -> dict[str, Any]:
    """A statement that lets somebody, or everybody, do something."""
    return {"Effect": "Allow", "Principal": {"AWS": who}, "Action": action, "Resource": "*"}


def make_table(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A table under our key that is protected and can be brought back, or one as it is made in a hurry."""
    own = at("dynamodb", f"table/{name}")
    how = {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key(estate)}} if guarded else {}
    table = {
        "TableName": name, "TableArn": own, "TableStatus": "ACTIVE", "CreationDateTime": "2026-09-01T08:00:00+00:00",
        "DeletionProtectionEnabled": guarded, "ItemCount": 48210, "TableSizeBytes": 9_100_000,
    }  # fmt: skip
    on = {"RecoveryPeriodInDays": 35, "EarliestRestorableDateTime": {AGO: 1_900_000}, "LatestRestorableDateTime": NOW}
    recovery = {"PointInTimeRecoveryStatus": "ENABLED", **on} if guarded else {"PointInTimeRecoveryStatus": "DISABLED"}
    described = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
    told(estate, "dynamodb.DescribeTable", {"Table": {**table, **how}}, f'"{name}"')
    told(estate, "dynamodb.DescribeContinuousBackups", {"ContinuousBackupsDescription": described}, f'"{name}"')
    own_account = allowing(f"arn:aws:iam::{ACCOUNTS[ALIAS]}:root", "dynamodb:GetItem")
    told(estate, "dynamodb.GetResourcePolicy", {"Policy": policy(own_account), "RevisionId": "1"}, own)
    listed(estate, "dynamodb.ListTables", name)
    tag(estate, ALIAS, REGION, own, OWNED)
    note(estate, "table", name, own)


def make_dataset(estate: Estate, name: str) -> None:
    """A database of the data catalogue, which is encrypted under our key."""
    settings = {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key(estate)}}
    told(estate, "glue.GetDataCatalogEncryptionSettings", {"DataCatalogEncryptionSettings": settings})
    told(estate, "glue.GetResourcePolicy", {"PolicyInJson": policy(over_tls("glue:*"))})
    told(
        estate, "glue.GetDatabase", {"Database": {"Name": name, "CreateTime": "2026-09-01T08:00:00+00:00"}}, f'"{name}"'
    )
    told(estate, "glue.GetTags", {"Tags": OWNED}, f"database/{name}")
    listed(estate, "glue.GetDatabases", {"Name": name})
    note(estate, "dataset", name, at("glue", f"database/{name}"))


def make_warehouse(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A warehouse under our key, private, in two zones, over TLS alone and with snapshots; or none of that."""
    cluster = {
        "ClusterIdentifier": name, "ClusterStatus": "available", "MasterUsername": "keeper", "NodeType": "ra3.large",
        "ClusterCreateTime": "2026-09-01T08:00:00+00:00", "AutomatedSnapshotRetentionPeriod": 14 if guarded else 1,
        "ClusterParameterGroups": [{"ParameterGroupName": name, "ParameterApplyStatus": "in-sync"}],
        "PubliclyAccessible": not guarded, "Encrypted": guarded, "MultiAZ": "enabled" if guarded else "disabled", "Tags": pairs(OWNED),
        **({"KmsKeyId": key(estate)} if guarded else {}),
    }  # fmt: skip
    tls = {"ParameterName": "require_ssl", "ParameterValue": "true" if guarded else "false"}
    told(estate, "redshift.DescribeClusterParameters", {"Parameters": [tls]}, f"ParameterGroupName={name}")
    told(estate, "redshift.DescribeLoggingStatus", {"LoggingEnabled": guarded}, f"ClusterIdentifier={name}")
    if guarded:
        snapshot = {
            "SnapshotIdentifier": f"rs:{name}", "ClusterIdentifier": name, "SnapshotCreateTime": LATELY, "SnapshotType": "automated",
            "Encrypted": True, "OwnerAccount": ACCOUNTS[ALIAS], "Tags": pairs(OWNED),
        }  # fmt: skip
        told(estate, "redshift.DescribeClusterSnapshots", {"Snapshots": [snapshot]})
    listed(estate, "redshift.DescribeClusters", cluster)
    note(estate, "warehouse", name, at("redshift", f"cluster:{name}"))


def make_search_index(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A search domain in our network, under our key; or one on the Internet that anybody may read."""
    own = at("es", f"domain/{name}")
    domain = {
        "DomainId": f"{ACCOUNTS[ALIAS]}/{name}", "DomainName": name, "ARN": own, "Created": True, "Deleted": False,
        "EngineVersion": "OpenSearch_2.19", "ClusterConfig": {"InstanceCount": 2, "ZoneAwarenessEnabled": guarded},
        "AccessPolicies": policy(allowing(f"arn:aws:iam::{ACCOUNTS[ALIAS]}:root" if guarded else "*", "es:*")),
        "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": key(estate)} if guarded else {"Enabled": False},
        "DomainEndpointOptions": {"EnforceHTTPS": guarded}, "LogPublishingOptions": {"AUDIT_LOGS": {"Enabled": guarded}},
        **({"VPCOptions": {"VPCId": "vpc-0a1b2c3d4e5f60718"}} if guarded else {}),
    }  # fmt: skip
    domains = estate.listed.setdefault((ALIAS, REGION, "opensearch.DescribeDomains"), [])
    domains.append(domain)
    told(estate, "opensearch.DescribeDomains", {"DomainStatusList": domains})
    listed(estate, "opensearch.ListDomainNames", {"DomainName": name, "EngineType": "OpenSearch"})
    tag(estate, ALIAS, REGION, own, OWNED)
    note(estate, "search index", name, own)


def make_file_share(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A file system of EFS under our key, mounted over TLS alone; or a bare one."""
    number = f"fs-{name}"
    share = {
        "FileSystemId": number, "OwnerId": ACCOUNTS[ALIAS], "CreationToken": name, "CreationTime": "2026-09-01T08:00:00+00:00",
        "LifeCycleState": "available", "Name": name, "NumberOfMountTargets": 2, "PerformanceMode": "generalPurpose",
        "SizeInBytes": {"Value": 6144}, "Encrypted": guarded, "Tags": pairs(OWNED), **({"KmsKeyId": key(estate)} if guarded else {}),
    }  # fmt: skip
    statements = (over_tls("*"),) if guarded else ()
    said = {"FileSystemId": number, "Policy": policy(*statements)}
    told(estate, "efs.DescribeFileSystemPolicy", said, number)
    listed(estate, "efs.DescribeFileSystems", share)
    note(estate, "file share", name, at("elasticfilesystem", f"file-system/{number}"))


def make_file_server(estate: Estate, name: str) -> None:
    """A file system of FSx under our key."""
    server = {
        "FileSystemId": f"fs-{name}", "OwnerId": ACCOUNTS[ALIAS], "FileSystemType": "LUSTRE", "Lifecycle": "AVAILABLE",
        "CreationTime": "2026-09-01T08:00:00+00:00", "KmsKeyId": key(estate), "Tags": pairs(OWNED),
    }  # fmt: skip
    backup = {"BackupId": f"backup-{name}", "Type": "AUTOMATIC", "Lifecycle": "AVAILABLE", "CreationTime": LATELY}
    told(estate, "fsx.DescribeBackups", {"Backups": [backup]}, f"fs-{name}")
    listed(estate, "fsx.DescribeFileSystems", server)
    note(estate, "file server", name, at("fsx", f"file-system/fs-{name}"))


def make_cache(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A cache that is encrypted at rest and speaks TLS alone; or neither."""
    own = at("elasticache", f"replicationgroup:{name}")
    cache = {
        "ReplicationGroupId": name, "ARN": own, "Description": name, "Status": "available", "Engine": "valkey", "MultiAZ": "enabled",
        "AtRestEncryptionEnabled": guarded, "TransitEncryptionEnabled": guarded, "ReplicationGroupCreateTime": "2026-09-01T08:00:00+00:00",
        **({"TransitEncryptionMode": "required"} if guarded else {}),
    }  # fmt: skip
    member = {
        "CacheClusterId": f"{name}-001",
        "ReplicationGroupId": name,
        "Engine": "valkey",
        "CacheClusterStatus": "available",
    }
    listed(estate, "elasticache.DescribeCacheClusters", member)
    listed(estate, "elasticache.DescribeReplicationGroups", cache)
    tag(estate, ALIAS, REGION, own, OWNED)
    note(estate, "cache", name, own)


def make_stream(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A stream under our key; or an open one that is not encrypted."""
    own = at("kinesis", f"stream/{name}")
    stream = {
        "StreamName": name, "StreamARN": own, "StreamStatus": "ACTIVE", "RetentionPeriodHours": 24, "EnhancedMonitoring": [],
        "StreamCreationTimestamp": "2026-09-01T08:00:00+00:00", "OpenShardCount": 2,
        **({"EncryptionType": "KMS", "KeyId": key(estate)} if guarded else {"EncryptionType": "NONE"}),
    }  # fmt: skip
    told(estate, "kinesis.DescribeStreamSummary", {"StreamDescriptionSummary": stream}, f'"{name}"')
    open_to_all = policy(allowing("*", "kinesis:GetRecords"))
    told(estate, "kinesis.GetResourcePolicy", {"Policy": "{}" if guarded else open_to_all}, own)
    listed(estate, "kinesis.ListStreams", name)
    tag(estate, ALIAS, REGION, own, OWNED)
    note(estate, "stream", name, own)


def make_queue(estate: Estate, name: str, *, guarded: bool = True) -> None:
    """A queue that is encrypted and takes calls over TLS alone; or one to which everybody may send."""
    own, address = at("sqs", name), f"https://sqs.{REGION}.amazonaws.com/{ACCOUNTS[ALIAS]}/{name}"
    statement = over_tls("sqs:*", own) if guarded else allowing("*", "sqs:SendMessage")
    known = {"QueueArn": own, "SqsManagedSseEnabled": "true" if guarded else "false", "Policy": policy(statement)}
    told(estate, "sqs.GetQueueAttributes", {"Attributes": known}, address)
    listed(estate, "sqs.ListQueues", address)
    tag(estate, ALIAS, REGION, own, OWNED)
    note(estate, "queue", name, own)


def make_image(estate: Estate, name: str, *, encrypted: bool, public: bool = False) -> None:
    """An image of a machine, for us alone or for everybody."""
    number = f"ami-0{name:a<16}"
    disk = {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-0a1b2c3d4e5f60718", "Encrypted": encrypted}}
    image = {
        "ImageId": number, "Name": name, "OwnerId": ACCOUNTS[ALIAS], "State": "available", "Public": public,
        "CreationDate": "2026-09-01T08:00:00.000Z", "BlockDeviceMappings": [disk], "Tags": pairs(OWNED | {"Name": name}),
    }  # fmt: skip
    starters = [{"Group": "all"}] if public else []
    told(estate, "ec2.DescribeImageAttribute", {"ImageId": number, "LaunchPermissions": starters}, number)
    listed(estate, "ec2.DescribeImages", image)
    note(estate, "image", name, f"arn:aws:ec2:{REGION}::image/{number}")
