"""The fake estate, region by region: volumes, snapshots, networks, databases and keys."""

import json
from datetime import timedelta
from typing import Any

from tests.fakes.aws import Request
from tests.fakes.pages import THEN, key_arn, named, paged

CLASS = {"Key": "classification", "Value": "internal"}


def _volumes(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "VolumeId": f"vol-{number}", "Encrypted": number != 3, "Size": 8, "State": "in-use", "CreateTime": THEN, "Tags": named("disk"),
            **({"KmsKeyId": key_arn(request, "key-1")} if number != 3 else {}),
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Volumes", entries)


def _snapshots(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters.get("OwnerIds") == ["self"], "without an owner, the world's public snapshots are listed"
    entries = [
        {"SnapshotId": f"snap-{number}", "Encrypted": number == 1, "OwnerId": request.account, "State": "completed", "Progress": "100%",
         "StartTime": THEN, "VolumeId": "vol-1", "VolumeSize": 8}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Snapshots", entries)


def _snapshot_shares(estate: Any, request: Request) -> dict[str, Any]:
    shares: dict[str, list[dict[str, str]]] = {"snap-2": [{"Group": "all"}], "snap-3": [{"UserId": "999988887777"}]}
    snapshot = request.parameters["SnapshotId"]
    return {"SnapshotId": snapshot, "CreateVolumePermissions": shares.get(snapshot, [])}


def _groups(estate: Any, request: Request) -> dict[str, Any]:
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": []}
    https = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
        "Ipv6Ranges": [],
    }
    entries = [
        {"GroupId": f"sg-{name}", "GroupName": name, "Description": name, "OwnerId": request.account, "VpcId": "vpc-1",
         "IpPermissions": rules, "IpPermissionsEgress": []}
        for name, rules in (("default", [] if request.region == "eu-west-1" else [https]), ("web", [https]), ("bastion", [ssh, https]))
    ]  # fmt: skip
    return paged(request, "SecurityGroups", entries)


def _vpcs(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"VpcId": f"vpc-{number}", "CidrBlock": "10.0.0.0/16", "IsDefault": number == 2, "OwnerId": request.account, "State": "available"}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Vpcs", entries)


def _flow_logs(estate: Any, request: Request) -> dict[str, Any]:
    logs = [
        {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "FlowLogStatus": "ACTIVE", "DeliverLogsStatus": "SUCCESS", "TrafficType": "ALL",
         "LogDestinationType": "s3", "CreationTime": THEN}
    ]  # fmt: skip
    asked = request.parameters.get("Filters") or request.parameters.get("Filter") or []
    wanted = {value for one in asked if one["Name"] == "resource-id" for value in one["Values"]}
    return {"FlowLogs": [log for log in logs if not wanted or log["ResourceId"] in wanted]}


def _interfaces(estate: Any, request: Request) -> dict[str, Any]:
    (asked,) = request.parameters["Filters"]
    return {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-i-2", "VpcId": asked["Values"][0]}]}


def _subnets(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"SubnetId": f"subnet-{number}", "SubnetArn": f"arn:aws:ec2:{request.region}:{request.account}:subnet/subnet-{number}",
         "VpcId": "vpc-1", "OwnerId": request.account, "MapPublicIpOnLaunch": number == 2, "DefaultForAz": number == 2,
         "AvailableIpAddressCount": 200 + number}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Subnets", entries)


def _query_logs(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"Id": f"rqlca-{number}", "ResolverQueryLogConfigId": "rqlc-1", "ResourceId": f"vpc-{number}", "Status": status, "Error": error,
         "CreationTime": "2026-01-05T12:00:00Z"}
        for number, status, error in ((1, "ACTIVE", "NONE"), (3, "FAILED", "ACCESS_DENIED"))
    ]  # fmt: skip
    return paged(request, "ResolverQueryLogConfigAssociations", entries)


def _volume_default(estate: Any, request: Request) -> dict[str, Any]:
    return {"EbsEncryptionByDefault": request.region == "eu-west-1"}


def _databases(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "DBInstanceIdentifier": f"db-{number}", "DBInstanceArn": f"arn:aws:rds:{request.region}:{request.account}:db:db-{number}",
            "StorageEncrypted": number == 1, "PubliclyAccessible": number == 2, "BackupRetentionPeriod": 14 if number == 1 else 0,
            "DeletionProtection": number == 1, "MultiAZ": number == 1, "Engine": "postgres",
            "DBParameterGroups": [{"DBParameterGroupName": "strict" if number == 1 else "lax", "ParameterApplyStatus": "in-sync"}],
            "MasterUsername": "postgres",
            "InstanceCreateTime": THEN,
            "TagList": [*named("database"), *([CLASS] if number == 1 else [])], **({"LatestRestorableTime": THEN} if number != 3 else {}),
            **({"KmsKeyId": key_arn(request, "key-1")} if number == 1 else {}),
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "DBInstances", entries, given="Marker", asked="Marker")


def _clusters(estate: Any, request: Request) -> dict[str, Any]:
    cluster = {
        "DBClusterIdentifier": "cluster-1", "DBClusterArn": f"arn:aws:rds:{request.region}:{request.account}:cluster:cluster-1",
        "StorageEncrypted": True, "BackupRetentionPeriod": 7, "DeletionProtection": True, "MultiAZ": True, "Engine": "aurora-postgresql",
        "MasterUsername": "postgres", "ClusterCreateTime": THEN, "TagList": [], "DBClusterParameterGroup": "strict",
    }  # fmt: skip
    return {"DBClusters": [cluster]}


def _parameters(estate: Any, request: Request) -> dict[str, Any]:
    asked = request.parameters
    strict = "strict" in {asked.get("DBParameterGroupName"), asked.get("DBClusterParameterGroupName")}
    found = {"autovacuum": "1", "rds.force_ssl": "1" if strict else "0"}
    return {"Parameters": [{"ParameterName": name, "ParameterValue": value} for name, value in found.items()]}


def _database_snapshots(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "DBSnapshotIdentifier": f"dbs-{number}",
            "DBSnapshotArn": f"arn:aws:rds:{request.region}:{request.account}:snapshot:dbs-{number}",
            "DBInstanceIdentifier": "db-1", "Encrypted": number == 1, "SnapshotType": "manual", "PercentProgress": 100,
            "SnapshotCreateTime": THEN, "MasterUsername": "postgres", "TagList": [],
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "DBSnapshots", entries, given="Marker", asked="Marker")


def _database_snapshot_shares(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["DBSnapshotIdentifier"]
    attribute = {
        "AttributeName": "restore",
        "AttributeValues": {"dbs-2": ["all"], "dbs-3": ["999988887777"]}.get(name, []),
    }
    return {"DBSnapshotAttributesResult": {"DBSnapshotIdentifier": name, "DBSnapshotAttributes": [attribute]}}


def _cluster_snapshots(estate: Any, request: Request) -> dict[str, Any]:
    snapshot = {
        "DBClusterSnapshotIdentifier": "dcs-1", "DBClusterIdentifier": "cluster-1", "SnapshotType": "manual", "StorageEncrypted": True,
        "DBClusterSnapshotArn": f"arn:aws:rds:{request.region}:{request.account}:cluster-snapshot:dcs-1", "SnapshotCreateTime": THEN,
        "TagList": [],
    }  # fmt: skip
    return {"DBClusterSnapshots": [snapshot]}


def _cluster_snapshot_shares(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["DBClusterSnapshotIdentifier"]
    attribute = {"AttributeName": "restore", "AttributeValues": []}
    return {
        "DBClusterSnapshotAttributesResult": {
            "DBClusterSnapshotIdentifier": name,
            "DBClusterSnapshotAttributes": [attribute],
        }
    }


def _keys(estate: Any, request: Request) -> dict[str, Any]:
    names = ("key-1", "key-2", "key-aws", "key-dying", "key-imported", "key-lent")
    page = paged(
        request,
        "Keys",
        [{"KeyId": name, "KeyArn": key_arn(request, name)} for name in names],
        given="NextMarker",
        asked="Marker",
    )
    return {**page, "Truncated": "NextMarker" in page}


def _described_key(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["KeyId"].rpartition("/")[2]
    metadata = {
        "KeyId": name, "Arn": key_arn(request, name), "AWSAccountId": request.account, "CreationDate": THEN, "Enabled": True,
        "KeyState": "Enabled", "KeyManager": "AWS" if name == "key-aws" else "CUSTOMER", "Origin": "AWS_KMS",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False, "Description": "",
        **{
            "key-dying": {"KeyState": "PendingDeletion", "Enabled": False, "DeletionDate": THEN},
            "key-imported": {"Origin": "EXTERNAL", "ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": THEN},
            "key-lent": {"Origin": "EXTERNAL", "ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": THEN + timedelta(days=300)},
        }.get(name, {}),
    }  # fmt: skip
    return {"KeyMetadata": metadata}


def _rotation(estate: Any, request: Request) -> dict[str, Any]:
    on = request.parameters["KeyId"].endswith("key-1")
    return {
        "KeyRotationEnabled": on,
        "KeyId": request.parameters["KeyId"],
        **({"RotationPeriodInDays": 365, "NextRotationDate": THEN} if on else {}),
    }


def _key_policy(estate: Any, request: Request) -> dict[str, Any]:
    principal = (
        {"AWS": f"arn:aws:iam::{request.account}:root"} if request.parameters["KeyId"].endswith("key-1") else "*"
    )
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return {"PolicyName": "default", "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def _key_tags(estate: Any, request: Request) -> dict[str, Any]:
    owned = not request.parameters["KeyId"].endswith("imported")
    return {"Tags": [{"TagKey": "team", "TagValue": "payments"}] if owned else [], "Truncated": False}


def _aliases(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"AliasName": f"alias/{name}", "AliasArn": f"arn:aws:kms:{request.region}:{request.account}:alias/{name}", "TargetKeyId": key}
        for name, key in (("aws/ebs", "key-aws"), ("ours", "key-1"))
    ]  # fmt: skip
    page = paged(request, "Aliases", entries, given="NextMarker", asked="Marker")
    return {**page, "Truncated": "NextMarker" in page}


ANSWERS: dict[str, Any] = {
    "ec2.DescribeFlowLogs": _flow_logs,
    "ec2.DescribeNetworkInterfaces": _interfaces,
    "ec2.DescribeSecurityGroups": _groups,
    "ec2.DescribeSnapshotAttribute": _snapshot_shares,
    "ec2.DescribeSnapshots": _snapshots,
    "ec2.DescribeSubnets": _subnets,
    "ec2.DescribeVolumes": _volumes,
    "ec2.DescribeVpcs": _vpcs,
    "ec2.GetEbsEncryptionByDefault": _volume_default,
    "kms.DescribeKey": _described_key,
    "kms.GetKeyPolicy": _key_policy,
    "kms.GetKeyRotationStatus": _rotation,
    "kms.ListAliases": _aliases,
    "kms.ListKeys": _keys,
    "kms.ListResourceTags": _key_tags,
    "rds.DescribeDBClusterSnapshotAttributes": _cluster_snapshot_shares,
    "rds.DescribeDBClusterSnapshots": _cluster_snapshots,
    "rds.DescribeDBClusterParameters": _parameters,
    "rds.DescribeDBClusters": _clusters,
    "rds.DescribeDBInstances": _databases,
    "rds.DescribeDBParameters": _parameters,
    "rds.DescribeDBSnapshotAttributes": _database_snapshot_shares,
    "rds.DescribeDBSnapshots": _database_snapshots,
    "route53resolver.ListResolverQueryLogConfigAssociations": _query_logs,
}
"""What each operation is answered with."""
