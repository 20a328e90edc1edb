"""The fake estate's other stores: tables, warehouses, search indexes, file systems, caches, streams, queues, topics, images, and the data
catalogue.

Of each a sound one and others.
"""

import json
from datetime import timedelta
from typing import Any

from tests.fakes import pages
from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, key_arn, named, paged

STRANGER = "999988887777"


def arn(request: Request, service: str, rest: str) -> str:
    """An ARN where the request asks."""
    return f"arn:aws:{service}:{request.region}:{request.account}:{rest}"


def allowing(principal: Any) -> dict[str, Any]:
    """A statement that lets somebody do everything."""
    return {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}


def refusing(action: str) -> dict[str, Any]:
    """A statement that refuses calls without TLS."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", "Condition": insecure}


def document(*statements: dict[str, Any]) -> str:
    """A policy as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


TABLES = ("bare", "copied", "sound")


def _tables(estate: Any, request: Request) -> dict[str, Any]:
    """Names from the one after which is asked, as many as a page holds; the next page is asked for by the last name."""
    after = request.parameters.get("ExclusiveStartTableName")
    start = TABLES.index(after) + 1 if after else 0
    page: dict[str, Any] = {"TableNames": list(TABLES[start : start + pages.PAGE])}
    return (
        {**page, "LastEvaluatedTableName": TABLES[start + pages.PAGE - 1]} if start + pages.PAGE < len(TABLES) else page
    )


def _table(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["TableName"]
    sound = name == "sound"
    key = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key_arn(request, "key-1")}
    table = {
        "TableName": name, "TableArn": arn(request, "dynamodb", f"table/{name}"), "TableStatus": "ACTIVE", "CreationDateTime": THEN,
        "ItemCount": 7, "TableSizeBytes": 700, "DeletionProtectionEnabled": sound, **({"SSEDescription": key} if sound else {}),
    }  # fmt: skip
    return {"Table": table}


def _table_policy(estate: Any, request: Request) -> dict[str, Any]:
    if not request.parameters["ResourceArn"].endswith("/copied"):
        raise Refusal("PolicyNotFoundException")
    return {"Policy": document(allowing({"AWS": STRANGER})), "RevisionId": "1"}


def _recovery(estate: Any, request: Request) -> dict[str, Any]:
    sound = request.parameters["TableName"] == "sound"
    on = {"RecoveryPeriodInDays": 35, "EarliestRestorableDateTime": THEN, "LatestRestorableDateTime": THEN}
    recovery = {"PointInTimeRecoveryStatus": "ENABLED" if sound else "DISABLED", **(on if sound else {})}
    return {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": recovery,
        }
    }


def _backups(estate: Any, request: Request) -> dict[str, Any]:
    backup = {
        "TableName": "copied", "TableArn": arn(request, "dynamodb", "table/copied"), "BackupStatus": "AVAILABLE", "BackupType": "USER",
        "BackupArn": arn(request, "dynamodb", "table/copied/backup/1"), "BackupName": "one", "BackupCreationDateTime": THEN,
    }  # fmt: skip
    return {"BackupSummaries": [backup]}


def _protected(estate: Any, request: Request) -> dict[str, Any]:
    held = {
        "ResourceArn": arn(request, "dynamodb", "table/copied"), "ResourceType": "DynamoDB",
        "LastBackupTime": THEN - timedelta(days=1),
    }  # fmt: skip
    files = {
        "ResourceArn": arn(request, "elasticfilesystem", "file-system/fs-sound"), "ResourceType": "EFS", "LastBackupTime": THEN,
    }  # fmt: skip
    return {"Results": [held, files]}


def _datasets(estate: Any, request: Request) -> dict[str, Any]:
    link = {"Name": "link", "TargetDatabase": {"CatalogId": STRANGER, "DatabaseName": "theirs"}}
    return paged(request, "DatabaseList", [{"Name": "lake"}, link, {"Name": "raw"}])


def _dataset(estate: Any, request: Request) -> dict[str, Any]:
    return {"Database": {"Name": request.parameters["Name"], "CreateTime": THEN, "CatalogId": request.account}}


def _dataset_tags(estate: Any, request: Request) -> dict[str, Any]:
    return {"Tags": {"team": "payments"} if request.parameters["ResourceArn"].endswith("/lake") else {}}


def _catalogue(estate: Any, request: Request) -> dict[str, Any]:
    """Encrypted in the first region, open in the others."""
    on = {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key_arn(request, "key-1")}
    at_rest = on if request.region == estate.regions[0] else {"CatalogEncryptionMode": "DISABLED"}
    return {"DataCatalogEncryptionSettings": {"EncryptionAtRest": at_rest}}


def _catalogue_policy(estate: Any, request: Request) -> dict[str, Any]:
    if request.region == estate.regions[0]:
        raise Refusal("EntityNotFoundException")
    return {"PolicyInJson": document(allowing("*"))}


def _warehouses(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "ClusterIdentifier": name, "ClusterStatus": "available", "MasterUsername": "keeper", "ClusterCreateTime": THEN,
            "AutomatedSnapshotRetentionPeriod": 14 if sound else 0, "PubliclyAccessible": not sound, "Encrypted": sound,
            "ClusterParameterGroups": [{"ParameterGroupName": name, "ParameterApplyStatus": "in-sync"}],
            "MultiAZ": "enabled" if sound else "disabled", "Tags": named("warehouse"),
            **({"KmsKeyId": key_arn(request, "key-1")} if sound else {}),
        }
        for name, sound in (("sound", True), ("bare", False))
    ]  # fmt: skip
    return paged(request, "Clusters", entries, given="Marker", asked="Marker")


def _parameters(estate: Any, request: Request) -> dict[str, Any]:
    demanded = "true" if request.parameters["ParameterGroupName"] == "sound" else "false"
    found = [
        {"ParameterName": "search_path", "ParameterValue": "$user, public"},
        {"ParameterName": "require_ssl", "ParameterValue": demanded},
    ]
    return {"Parameters": found}


def _logging(estate: Any, request: Request) -> dict[str, Any]:
    on = request.parameters["ClusterIdentifier"] == "sound"
    return {"LoggingEnabled": on, **({"BucketName": "logs", "LastSuccessfulDeliveryTime": THEN} if on else {})}


def _snapshots(estate: Any, request: Request) -> dict[str, Any]:
    lent = {"SnapshotType": "manual", "Encrypted": False, "AccountsWithRestoreAccess": [{"AccountId": STRANGER}]}
    entries = [
        {"SnapshotIdentifier": f"rs-{number}", "ClusterIdentifier": "sound", "SnapshotType": "automated", "Status": "available",
         "SnapshotCreateTime": THEN - timedelta(hours=8 * number), "MasterUsername": "keeper", "OwnerAccount": request.account,
         "Encrypted": True, **(lent if number else {})}
        for number in range(2)
    ]  # fmt: skip
    return paged(request, "Snapshots", entries, given="Marker", asked="Marker")


DOMAINS = ("sound", "bare", "lent")


def _domains(estate: Any, request: Request) -> dict[str, Any]:
    asked = request.parameters.get("EngineType", "OpenSearch")
    return {"DomainNames": [{"DomainName": name, "EngineType": asked} for name in DOMAINS if asked == "OpenSearch"]}


def _domain(estate: Any, request: Request) -> dict[str, Any]:
    policies = {"bare": document(allowing("*")), "lent": document(allowing({"AWS": STRANGER}))}
    entries = [
        {
            "DomainId": f"{request.account}/{name}", "DomainName": name, "ARN": arn(request, "es", f"domain/{name}"), "Created": True,
            "Deleted": False, "EngineVersion": "OpenSearch_2.19", "ClusterConfig": {"ZoneAwarenessEnabled": name == "sound"},
            "AccessPolicies": policies.get(name, ""), "DomainEndpointOptions": {"EnforceHTTPS": name == "sound"},
            "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": key_arn(request, "key-1")} if name == "sound" else {"Enabled": False},
            "LogPublishingOptions": {"AUDIT_LOGS": {"CloudWatchLogsLogGroupArn": "arn", "Enabled": name == "sound"}},
            **({"VPCOptions": {"VPCId": "vpc-1", "SubnetIds": ["subnet-1"]}} if name == "sound" else {}),
        }
        for name in request.parameters["DomainNames"]
    ]  # fmt: skip
    return {"DomainStatusList": entries}


def _file_systems(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "OwnerId": request.account, "CreationToken": name, "FileSystemId": f"fs-{name}", "CreationTime": THEN,
            "LifeCycleState": "available", "Name": name, "NumberOfMountTargets": 2, "SizeInBytes": {"Value": 6144},
            "PerformanceMode": "generalPurpose", "Encrypted": name != "bare", "Tags": named(name),
            "FileSystemArn": arn(request, "elasticfilesystem", f"file-system/fs-{name}"),
            **({"KmsKeyId": key_arn(request, "key-1")} if name != "bare" else {}),
        }
        for name in ("sound", "bare", "open")
    ]  # fmt: skip
    return paged(request, "FileSystems", entries, given="NextMarker", asked="Marker")


def _file_system_policy(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["FileSystemId"]
    if name == "fs-bare":
        raise Refusal("PolicyNotFound", 404)
    mounted = (
        {"Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}} if name == "fs-sound" else {}
    )
    return {"FileSystemId": name, "Policy": document({**allowing("*"), **mounted}, refusing("*"))}


def _file_servers(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"FileSystemId": f"fs-{name}", "FileSystemType": kind, "CreationTime": THEN, "Lifecycle": "AVAILABLE", "OwnerId": request.account,
         "ResourceARN": arn(request, "fsx", f"file-system/fs-{name}"), "Tags": named(name), **key}
        for name, kind, key in (
            ("windows", "WINDOWS", {"KmsKeyId": key_arn(request, "key-1")}), ("scratch", "LUSTRE", {}),
            ("ontap", "ONTAP", {"KmsKeyId": key_arn(request, "key-aws")}),
        )
    ]  # fmt: skip
    return paged(request, "FileSystems", entries)


def _caches(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"ReplicationGroupId": name, "Description": name, "Status": "available", "MultiAZ": "enabled", "AtRestEncryptionEnabled": sound,
         "TransitEncryptionEnabled": sound, "ARN": arn(request, "elasticache", f"replicationgroup:{name}"), "Engine": "valkey",
         "ReplicationGroupCreateTime": THEN, **({"TransitEncryptionMode": "required"} if sound else {})}
        for name, sound in (("sound", True), ("bare", False))
    ]  # fmt: skip
    return paged(request, "ReplicationGroups", entries, given="Marker", asked="Marker")


def _file_backups(estate: Any, request: Request) -> dict[str, Any]:
    (asked,) = request.parameters["Filters"]
    backup = {"BackupId": "backup-1", "Type": "AUTOMATIC", "Lifecycle": "AVAILABLE", "CreationTime": THEN}
    return {"Backups": [backup] if asked["Values"] == ["fs-windows"] else []}


def _cache_clusters(estate: Any, request: Request) -> dict[str, Any]:
    cluster = {
        "CacheClusterId": "memory", "Engine": "memcached", "CacheClusterStatus": "available", "CacheClusterCreateTime": THEN,
        "TransitEncryptionEnabled": True, "AtRestEncryptionEnabled": False,
    }  # fmt: skip
    member = {**cluster, "CacheClusterId": "sound-001", "Engine": "valkey", "ReplicationGroupId": "sound"}
    return {"CacheClusters": [member, cluster]}


def _streams(estate: Any, request: Request) -> dict[str, Any]:
    names = ("sound", "bare", "lent")
    page = paged(request, "StreamNames", names)
    return {**page, "HasMoreStreams": "NextToken" in page}


def _stream(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["StreamName"]
    key = (
        {"EncryptionType": "KMS", "KeyId": key_arn(request, "key-1")} if name == "sound" else {"EncryptionType": "NONE"}
    )
    return {
        "StreamDescriptionSummary": {
            "StreamName": name, "StreamARN": arn(request, "kinesis", f"stream/{name}"), "StreamStatus": "ACTIVE",
            "RetentionPeriodHours": 24, "StreamCreationTimestamp": THEN, "EnhancedMonitoring": [], "OpenShardCount": 1, **key,
        }
    }  # fmt: skip


def _stream_policy(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters["ResourceARN"].endswith("/sound"):
        raise Refusal("ResourceNotFoundException")
    lent = request.parameters["ResourceARN"].endswith("/lent")
    return {"Policy": document(allowing({"AWS": f"arn:aws:iam::{STRANGER}:root"})) if lent else "{}"}


def _brokers(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "ClusterArn": arn(request, "kafka", f"cluster/{name}/1f3a"), "ClusterName": name, "ClusterType": "PROVISIONED",
            "CreationTime": THEN, "State": "ACTIVE", "CurrentVersion": "K1", "Tags": {"team": "payments"}, "Provisioned": {
                "BrokerNodeGroupInfo": {
                    "ClientSubnets": ["subnet-1"], "InstanceType": "kafka.m7g.large",
                    "ConnectivityInfo": {"PublicAccess": {"Type": "DISABLED" if sound else "SERVICE_PROVIDED_EIPS"}},
                },
                "EncryptionInfo": {
                    "EncryptionAtRest": {"DataVolumeKMSKeyId": key_arn(request, "key-1" if sound else "key-aws")},
                    "EncryptionInTransit": {"ClientBroker": "TLS" if sound else "TLS_PLAINTEXT", "InCluster": True},
                },
                "NumberOfBrokerNodes": 3,
            },
        }
        for name, sound in (("sound", True), ("bare", False))
    ]  # fmt: skip
    serverless = {
        "ClusterArn": arn(request, "kafka", "cluster/light/2e4b"), "ClusterName": "light", "ClusterType": "SERVERLESS",
        "CreationTime": THEN, "State": "ACTIVE", "Tags": {}, "Serverless": {"VpcConfigs": [{"SubnetIds": ["subnet-1"]}]},
    }  # fmt: skip
    wanted = request.parameters.get("ClusterTypeFilter")
    found = [one for one in [*entries, serverless] if wanted in {None, one["ClusterType"]}]
    return paged(request, "ClusterInfoList", found)


def _broker_policy(estate: Any, request: Request) -> dict[str, Any]:
    if "/bare/" not in request.parameters["ClusterArn"]:
        raise Refusal("NotFoundException", 404)
    return {"CurrentVersion": "K1", "Policy": document(allowing({"AWS": STRANGER}))}


QUEUES = {
    "sound": ({"SqsManagedSseEnabled": "true"}, (refusing("sqs:*"),)),
    "bare": ({"SqsManagedSseEnabled": "false"}, (allowing("*"),)),
    "lent": ({"KmsMasterKeyId": "alias/aws/sqs"}, (allowing({"AWS": STRANGER}),)),
}


def _queues(estate: Any, request: Request) -> dict[str, Any]:
    address = f"https://sqs.{request.region}.amazonaws.com/{request.account}"
    return paged(request, "QueueUrls", [f"{address}/{name}" for name in QUEUES])


def _queue(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["AttributeNames"] == ["All"], "without names nothing is told"
    name = request.parameters["QueueUrl"].rpartition("/")[2]
    how, statements = QUEUES[name]
    told = {"QueueArn": arn(request, "sqs", name), "ApproximateNumberOfMessages": "3", "Policy": document(*statements)}
    return {"Attributes": {**told, **how}}


TOPICS = {
    "sound": ("alias/aws/sns", (refusing("sns:Publish"),)),
    "bare": (None, (allowing("*"),)),
    "lent": (None, (allowing({"AWS": STRANGER}),)),
}


def _topics(estate: Any, request: Request) -> dict[str, Any]:
    return paged(request, "Topics", [{"TopicArn": arn(request, "sns", name)} for name in TOPICS])


def _topic(estate: Any, request: Request) -> dict[str, Any]:
    own = request.parameters["TopicArn"]
    key, statements = TOPICS[own.rpartition(":")[2]]
    told = {"TopicArn": own, "Owner": request.account, "SubscriptionsConfirmed": "1", "Policy": document(*statements)}
    return {"Attributes": {**told, **({"KmsMasterKeyId": key} if key else {})}}


def _images(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters.get("Owners") == ["self"], "without an owner, the world's public images are listed"
    entries = [
        {
            "ImageId": f"ami-{number}", "Name": f"image {number}", "OwnerId": request.account, "State": "available", "Public": number == 2,
            "CreationDate": "2026-01-05T12:00:00.000Z", "RootDeviceType": "ebs", "Tags": named(f"image-{number}"),
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": f"snap-{number}", "Encrypted": number == 1}},
                {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
            ],
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Images", entries)


def _image_shares(estate: Any, request: Request) -> dict[str, Any]:
    shares: dict[str, list[dict[str, str]]] = {"ami-2": [{"Group": "all"}], "ami-3": [{"UserId": STRANGER}]}
    image = request.parameters["ImageId"]
    return {"ImageId": image, "LaunchPermissions": shares.get(image, [])}


def tagged(request: Request) -> dict[str, list[str]]:
    """What of these has tags of which only the tagging service tells, by the filter that finds it."""
    return {
        "dynamodb:table": [arn(request, "dynamodb", "table/sound")],
        "sqs": [arn(request, "sqs", "sound")],
    }


ANSWERS: dict[str, Any] = {
    "backup.ListProtectedResources": _protected,
    "dynamodb.DescribeContinuousBackups": _recovery,
    "dynamodb.DescribeTable": _table,
    "dynamodb.GetResourcePolicy": _table_policy,
    "dynamodb.ListBackups": _backups,
    "dynamodb.ListTables": _tables,
    "ec2.DescribeImageAttribute": _image_shares,
    "ec2.DescribeImages": _images,
    "efs.DescribeFileSystemPolicy": _file_system_policy,
    "efs.DescribeFileSystems": _file_systems,
    "elasticache.DescribeCacheClusters": _cache_clusters,
    "elasticache.DescribeReplicationGroups": _caches,
    "fsx.DescribeBackups": _file_backups,
    "fsx.DescribeFileSystems": _file_servers,
    "glue.GetDataCatalogEncryptionSettings": _catalogue,
    "glue.GetDatabase": _dataset,
    "glue.GetDatabases": _datasets,
    "glue.GetResourcePolicy": _catalogue_policy,
    "glue.GetTags": _dataset_tags,
    "kafka.GetClusterPolicy": _broker_policy,
    "kafka.ListClustersV2": _brokers,
    "kinesis.DescribeStreamSummary": _stream,
    "kinesis.GetResourcePolicy": _stream_policy,
    "kinesis.ListStreams": _streams,
    "opensearch.DescribeDomains": _domain,
    "opensearch.ListDomainNames": _domains,
    "redshift.DescribeClusterParameters": _parameters,
    "redshift.DescribeClusterSnapshots": _snapshots,
    "redshift.DescribeClusters": _warehouses,
    "redshift.DescribeLoggingStatus": _logging,
    "sns.GetTopicAttributes": _topic,
    "sns.ListTopics": _topics,
    "sqs.GetQueueAttributes": _queue,
    "sqs.ListQueues": _queues,
}
"""What each operation is answered with."""
