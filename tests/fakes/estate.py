"""A small AWS organisation for the fake: in each account and region a couple of each resource type, sound ones and others.

Facts depend only on account, region and position, so that what a sweep must see can be said beforehand. Pages hold two elements,
whatever page size is asked for.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.aws import Refusal, Request, access_key

PAGE = 2
THEN = datetime(2026, 1, 5, 12, tzinfo=UTC)
REPORT_HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


@dataclass(kw_only=True)
class Estate:
    """Accounts, regions and what each request is answered with."""

    organization: str = "o-exampleorg1"
    management: str = "111122223333"
    accounts: tuple[str, ...] = ("111122223333", "222233334444", "333344445555")
    suspended: tuple[str, ...] = ()
    regions: tuple[str, ...] = ("eu-west-1", "us-east-1")
    roles: tuple[str, ...] | None = None
    """Accounts in which our role exists; all of them if not said."""
    external_id: str | None = None
    expired: set[str] = field(default_factory=set)
    """Access keys that have ended."""
    generation: int = 0
    """How many times a role was assumed."""

    def answer(self, request: Request) -> dict[str, Any]:
        """The result of a request. Raises `Refusal` for what real AWS would refuse."""
        if request.access_key in self.expired:
            raise Refusal("ExpiredToken", 400)
        if request.access_key.startswith("ASIA") and request.token != token(request.access_key):
            raise Refusal("InvalidClientTokenId", 403)
        return ANSWERS[request.operation](self, request)


def token(key: str) -> str:
    """The session token that belongs to an assumed role's access key."""
    return f"token-of-{key}"


def paged(
    request: Request, key: str, items: Iterable[Any], *, given: str = "NextToken", asked: str = "NextToken"
) -> dict[str, Any]:
    """One page of a listing; `asked` names the token in requests, `given` in answers."""
    listed = list(items)
    start = int(request.parameters.get(asked) or 0)
    page: dict[str, Any] = {key: listed[start : start + PAGE]}
    if start + PAGE < len(listed):
        page[given] = str(start + PAGE)
    return page


def _tags(name: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": name}, {"Key": "team", "Value": "payments"}]


def _key(request: Request, name: str) -> str:
    return f"arn:aws:kms:{request.region}:{request.account}:key/{name}"


# Identity and organisation


def _caller(estate: Estate, request: Request) -> dict[str, Any]:
    return {"Account": request.account, "Arn": f"arn:aws:iam::{request.account}:user/agent", "UserId": "AIDAFAKE"}


def _assume(estate: Estate, request: Request) -> dict[str, Any]:
    account = request.parameters["RoleArn"].split(":")[4]
    known = estate.accounts if estate.roles is None else estate.roles
    if account not in known or request.parameters.get("ExternalId") != estate.external_id:
        raise Refusal("AccessDenied", 403)
    estate.generation += 1
    key = access_key(account, estate.generation)
    role = request.parameters["RoleArn"].rpartition("/")[2]
    return {
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": "secret",
            "SessionToken": token(key),
            "Expiration": THEN,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": "AROAFAKE:x",
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{request.parameters['RoleSessionName']}",
        },
    }


def _organization(estate: Estate, request: Request) -> dict[str, Any]:
    return {"Organization": {"Id": estate.organization, "MasterAccountId": estate.management}}


def _accounts(estate: Estate, request: Request) -> dict[str, Any]:
    entries = [
        {
            "Id": account, "Name": f"account {account[:4]}", "Email": f"root-{account}@corp.example",
            "Status": "SUSPENDED" if account in estate.suspended else "ACTIVE",
        }
        for account in (*estate.accounts, *estate.suspended)
    ]  # fmt: skip
    return paged(request, "Accounts", entries)


def _regions(estate: Estate, request: Request) -> dict[str, Any]:
    return {"Regions": [{"RegionName": region, "OptInStatus": "opt-in-not-required"} for region in estate.regions]}


# Account


def _alternate_contact(estate: Estate, request: Request) -> dict[str, Any]:
    if request.account != estate.management:
        raise Refusal("ResourceNotFoundException", 404)
    contact = {
        "AlternateContactType": "SECURITY",
        "EmailAddress": "security@corp.example",
        "Name": "Sam Doe",
        "PhoneNumber": "+1 555 0100",
    }
    return {"AlternateContact": contact}


def _account_block(estate: Estate, request: Request) -> dict[str, Any]:
    if request.account != estate.management:
        raise Refusal("NoSuchPublicAccessBlockConfiguration", 404)
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": dict.fromkeys(blocks, True)}


def _summary(estate: Estate, request: Request) -> dict[str, Any]:
    sound = request.account == estate.management
    return {"SummaryMap": {"AccountMFAEnabled": int(sound), "AccountAccessKeysPresent": int(not sound), "Users": 2}}


def _password_policy(estate: Estate, request: Request) -> dict[str, Any]:
    if request.account != estate.management:
        raise Refusal("NoSuchEntity", 404)
    return {
        "PasswordPolicy": {
            "MinimumPasswordLength": 16,
            "PasswordReusePrevention": 24,
            "RequireSymbols": True,
            "ExpirePasswords": False,
        }
    }


# Identities


def _report(estate: Estate, request: Request) -> dict[str, Any]:
    user = f"arn:aws:iam::{request.account}:user"
    rows = [
        REPORT_HEADER,
        f"<root_account>,arn:aws:iam::{request.account}:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,not_supported,"
        "not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
        f"jo@corp.example,{user}/jo@corp.example,2024-01-01T00:00:00+00:00,true,2026-01-04T08:00:00+00:00,2025-12-01T00:00:00+00:00,"
        "N/A,true,true,2025-12-20T00:00:00+00:00,2026-01-04T09:00:00+00:00,eu-west-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
        f"ci,{user}/ci,2023-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,2023-01-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,"
        "N/A,false,N/A,false,N/A",
    ]
    return {"Content": "\n".join(rows).encode(), "ReportFormat": "text/csv", "GeneratedTime": THEN}


def _authorization(estate: Estate, request: Request) -> dict[str, Any]:
    """All four lists as one paged whole, as IAM does it: each page holds some of some."""
    start = int(request.parameters.get("Marker") or 0)
    wanted = request.parameters.get("Filter") or list(_FILTERS)
    entries = [(key, entry) for key, entry in _entitlements(request) if any(key == _FILTERS[kind] for kind in wanted)]
    page: dict[str, Any] = {key: [] for key in dict.fromkeys(_FILTERS.values())}
    for key, entry in entries[start : start + PAGE]:
        page[key].append(entry)
    more = start + PAGE < len(entries)
    return {**page, "IsTruncated": more, **({"Marker": str(start + PAGE)} if more else {})}


_FILTERS = {
    "User": "UserDetailList", "Role": "RoleDetailList", "Group": "GroupDetailList", "LocalManagedPolicy": "Policies",
    "AWSManagedPolicy": "Policies",
}  # fmt: skip


def _entitlements(request: Request) -> list[tuple[str, dict[str, Any]]]:
    root = f"arn:aws:iam::{request.account}"
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    some = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    )
    admin = {"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    plain = {"Path": "/", "CreateDate": THEN, "AttachedManagedPolicies": []}
    return [
        ("UserDetailList", {**plain, "UserName": "jo@corp.example", "UserId": "AIDAJO", "Arn": f"{root}:user/jo@corp.example",
                            "GroupList": ["admins"], "UserPolicyList": []}),
        ("UserDetailList", {**plain, "UserName": "ci", "UserId": "AIDACI", "Arn": f"{root}:user/ci", "GroupList": [],
                            "UserPolicyList": [{"PolicyName": "read", "PolicyDocument": some}]}),
        ("GroupDetailList", {**plain, "GroupName": "admins", "GroupId": "AGPA", "Arn": f"{root}:group/admins", "GroupPolicyList": [],
                             "AttachedManagedPolicies": [admin]}),
        ("RoleDetailList", {**plain, "RoleName": "app", "RoleId": "AROAAPP", "Arn": f"{root}:role/app", "InstanceProfileList": [],
                            "RolePolicyList": [], "AssumeRolePolicyDocument": _trust({"Service": "ec2.amazonaws.com"})}),
        ("RoleDetailList", {**plain, "RoleName": "vendor", "RoleId": "AROAVENDOR", "Arn": f"{root}:role/vendor", "InstanceProfileList": [],
                            "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": everything}],
                            "AssumeRolePolicyDocument": _trust({"AWS": "arn:aws:iam::999988887777:root"})}),
        ("Policies", _managed(f"{root}:policy/read", some)),
        ("Policies", _managed(admin["PolicyArn"], everything)),
    ]  # fmt: skip


def _trust(principal: dict[str, str]) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


def _managed(arn: str, document: str) -> dict[str, Any]:
    version = {"Document": document, "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": THEN}
    return {
        "PolicyName": arn.rpartition("/")[2], "PolicyId": "ANPAFAKE", "Arn": arn, "Path": "/", "DefaultVersionId": "v1",
        "AttachmentCount": 1, "IsAttachable": True, "CreateDate": THEN, "UpdateDate": THEN, "PolicyVersionList": [version],
    }  # fmt: skip


# Buckets


def buckets(account: str) -> tuple[str, ...]:
    """Names of an account's buckets: the first is sound, the second bare, the third in another region."""
    return tuple(f"{kind}-{account}" for kind in ("sound", "bare", "far"))


def _buckets(estate: Estate, request: Request) -> dict[str, Any]:
    entries = [
        {"Name": name, "CreationDate": THEN, "BucketRegion": bucket_region(name), "BucketArn": f"arn:aws:s3:::{name}"}
        for name in buckets(request.account)
    ]
    return paged(request, "Buckets", entries, given="ContinuationToken", asked="ContinuationToken")


def bucket_region(name: str) -> str:
    """Where a bucket lives."""
    return "us-east-1" if name.startswith("far") else "eu-west-1"


def _of_bucket(
    code: str | None, result: Callable[[Request], dict[str, Any]]
) -> Callable[[Estate, Request], dict[str, Any]]:
    """An answer about one bucket, which must be asked at home: `result`, or for the bare one the refusal that there is none."""

    def answer(estate: Estate, request: Request) -> dict[str, Any]:
        name = request.parameters["Bucket"]
        if name not in buckets(request.account):
            raise Refusal("NoSuchBucket", 404)
        if request.region != bucket_region(name):
            raise Refusal("PermanentRedirect", 301)
        if name.startswith("bare"):
            if code is not None:
                raise Refusal(code, 404)
            return {}
        return result(request)

    return answer


def _encryption(request: Request) -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _key(request, "key-1")}
    return {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
        }
    }


def _block(request: Request) -> dict[str, Any]:
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": dict.fromkeys(blocks, True)}


def _bucket_policy(request: Request) -> dict[str, Any]:
    name = request.parameters["Bucket"]
    tls_only = {
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [tls_only]})}


def _acl(estate: Estate, request: Request) -> dict[str, Any]:
    grants = [{"Grantee": {"Type": "CanonicalUser", "ID": "owner"}, "Permission": "FULL_CONTROL"}]
    if request.parameters["Bucket"].startswith("bare"):
        grants.append(
            {
                "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
                "Permission": "READ",
            }
        )
    return {"Owner": {"ID": "owner"}, "Grants": grants}


def _location(estate: Estate, request: Request) -> dict[str, Any]:
    region = bucket_region(request.parameters["Bucket"])
    return {} if region == "us-east-1" else {"LocationConstraint": region}


# EC2


def _volumes(estate: Estate, request: Request) -> dict[str, Any]:
    entries = [
        {
            "VolumeId": f"vol-{number}", "Encrypted": number != 3, "Size": 8, "State": "in-use", "CreateTime": THEN, "Tags": _tags("disk"),
            **({"KmsKeyId": _key(request, "key-1")} if number != 3 else {}),
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Volumes", entries)


def _snapshots(estate: Estate, request: Request) -> dict[str, Any]:
    assert request.parameters.get("OwnerIds") == ["self"], "without an owner, the world's public snapshots are listed"
    entries = [
        {"SnapshotId": f"snap-{number}", "Encrypted": number == 1, "OwnerId": request.account, "State": "completed", "Progress": "100%",
         "StartTime": THEN, "VolumeId": "vol-1", "VolumeSize": 8}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Snapshots", entries)


def _snapshot_shares(estate: Estate, request: Request) -> dict[str, Any]:
    shares: dict[str, list[dict[str, str]]] = {"snap-2": [{"Group": "all"}], "snap-3": [{"UserId": "999988887777"}]}
    snapshot = request.parameters["SnapshotId"]
    return {"SnapshotId": snapshot, "CreateVolumePermissions": shares.get(snapshot, [])}


def _groups(estate: Estate, request: Request) -> dict[str, Any]:
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
        for name, rules in (("default", []), ("web", [https]), ("bastion", [ssh, https]))
    ]  # fmt: skip
    return paged(request, "SecurityGroups", entries)


def _vpcs(estate: Estate, request: Request) -> dict[str, Any]:
    entries = [
        {"VpcId": f"vpc-{number}", "CidrBlock": "10.0.0.0/16", "IsDefault": number == 2, "OwnerId": request.account, "State": "available"}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "Vpcs", entries)


def _flow_logs(estate: Estate, request: Request) -> dict[str, Any]:
    logs = [
        {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "FlowLogStatus": "ACTIVE", "DeliverLogsStatus": "SUCCESS", "TrafficType": "ALL",
         "LogDestinationType": "s3", "CreationTime": THEN}
    ]  # fmt: skip
    asked = request.parameters.get("Filters") or request.parameters.get("Filter") or []
    wanted = {value for one in asked if one["Name"] == "resource-id" for value in one["Values"]}
    return {"FlowLogs": [log for log in logs if not wanted or log["ResourceId"] in wanted]}


def _volume_default(estate: Estate, request: Request) -> dict[str, Any]:
    return {"EbsEncryptionByDefault": request.region == "eu-west-1"}


# Databases


def _databases(estate: Estate, request: Request) -> dict[str, Any]:
    entries = [
        {
            "DBInstanceIdentifier": f"db-{number}", "DBInstanceArn": f"arn:aws:rds:{request.region}:{request.account}:db:db-{number}",
            "StorageEncrypted": number == 1, "PubliclyAccessible": number == 2, "BackupRetentionPeriod": 14 if number == 1 else 0,
            "DeletionProtection": number == 1, "MultiAZ": number == 1, "Engine": "postgres", "MasterUsername": "postgres",
            "InstanceCreateTime": THEN, "LatestRestorableTime": THEN, "TagList": _tags("database"),
            **({"KmsKeyId": _key(request, "key-1")} if number == 1 else {}),
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "DBInstances", entries, given="Marker", asked="Marker")


def _clusters(estate: Estate, request: Request) -> dict[str, Any]:
    cluster = {
        "DBClusterIdentifier": "cluster-1", "DBClusterArn": f"arn:aws:rds:{request.region}:{request.account}:cluster:cluster-1",
        "StorageEncrypted": True, "BackupRetentionPeriod": 7, "DeletionProtection": True, "MultiAZ": True, "Engine": "aurora-postgresql",
        "MasterUsername": "postgres", "ClusterCreateTime": THEN, "TagList": [],
    }  # fmt: skip
    return {"DBClusters": [cluster]}


def _database_snapshots(estate: Estate, request: Request) -> dict[str, Any]:
    entries = [
        {
            "DBSnapshotIdentifier": f"dbs-{number}", "DBSnapshotArn": f"arn:aws:rds:{request.region}:{request.account}:snapshot:dbs-{number}",
            "DBInstanceIdentifier": "db-1", "Encrypted": number == 1, "SnapshotType": "manual", "PercentProgress": 100,
            "SnapshotCreateTime": THEN, "MasterUsername": "postgres", "TagList": [],
        }
        for number in (1, 2, 3)
    ]  # fmt: skip
    return paged(request, "DBSnapshots", entries, given="Marker", asked="Marker")


def _database_snapshot_shares(estate: Estate, request: Request) -> dict[str, Any]:
    name = request.parameters["DBSnapshotIdentifier"]
    attribute = {
        "AttributeName": "restore",
        "AttributeValues": {"dbs-2": ["all"], "dbs-3": ["999988887777"]}.get(name, []),
    }
    return {"DBSnapshotAttributesResult": {"DBSnapshotIdentifier": name, "DBSnapshotAttributes": [attribute]}}


def _cluster_snapshots(estate: Estate, request: Request) -> dict[str, Any]:
    snapshot = {
        "DBClusterSnapshotIdentifier": "dcs-1", "DBClusterIdentifier": "cluster-1", "SnapshotType": "manual", "StorageEncrypted": True,
        "DBClusterSnapshotArn": f"arn:aws:rds:{request.region}:{request.account}:cluster-snapshot:dcs-1", "SnapshotCreateTime": THEN,
        "TagList": [],
    }  # fmt: skip
    return {"DBClusterSnapshots": [snapshot]}


def _cluster_snapshot_shares(estate: Estate, request: Request) -> dict[str, Any]:
    name = request.parameters["DBClusterSnapshotIdentifier"]
    attribute = {"AttributeName": "restore", "AttributeValues": []}
    return {
        "DBClusterSnapshotAttributesResult": {
            "DBClusterSnapshotIdentifier": name,
            "DBClusterSnapshotAttributes": [attribute],
        }
    }


# Keys


def _keys(estate: Estate, request: Request) -> dict[str, Any]:
    names = ("key-1", "key-2", "key-aws")
    page = paged(
        request,
        "Keys",
        [{"KeyId": name, "KeyArn": _key(request, name)} for name in names],
        given="NextMarker",
        asked="Marker",
    )
    return {**page, "Truncated": "NextMarker" in page}


def _described_key(estate: Estate, request: Request) -> dict[str, Any]:
    name = request.parameters["KeyId"].rpartition("/")[2]
    metadata = {
        "KeyId": name, "Arn": _key(request, name), "AWSAccountId": request.account, "CreationDate": THEN, "Enabled": True,
        "KeyState": "Enabled", "KeyManager": "AWS" if name == "key-aws" else "CUSTOMER", "Origin": "AWS_KMS",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False, "Description": "",
    }  # fmt: skip
    return {"KeyMetadata": metadata}


def _rotation(estate: Estate, request: Request) -> dict[str, Any]:
    on = request.parameters["KeyId"].endswith("key-1")
    return {
        "KeyRotationEnabled": on,
        "KeyId": request.parameters["KeyId"],
        **({"RotationPeriodInDays": 365, "NextRotationDate": THEN} if on else {}),
    }


def _key_policy(estate: Estate, request: Request) -> dict[str, Any]:
    principal = (
        {"AWS": f"arn:aws:iam::{request.account}:root"} if request.parameters["KeyId"].endswith("key-1") else "*"
    )
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return {"PolicyName": "default", "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def _key_tags(estate: Estate, request: Request) -> dict[str, Any]:
    return {"Tags": [{"TagKey": "team", "TagValue": "payments"}], "Truncated": False}


# Trails


def trail(estate: Estate) -> str:
    """ARN of the organisation's trail."""
    return f"arn:aws:cloudtrail:{estate.regions[0]}:{estate.management}:trail/org"


def _trails(estate: Estate, request: Request) -> dict[str, Any]:
    """The organisation's trail, at home in the first region of the management account; shadows elsewhere unless refused."""
    at_home = (request.account, request.region) == (estate.management, estate.regions[0])
    if not at_home and request.parameters.get("includeShadowTrails") is False:
        return {"trailList": []}
    organization = {
        "Name": "org", "TrailARN": trail(estate), "HomeRegion": estate.regions[0], "S3BucketName": f"sound-{estate.management}",
        "IsMultiRegionTrail": True, "IsOrganizationTrail": True, "IncludeGlobalServiceEvents": True, "LogFileValidationEnabled": True,
        "HasCustomEventSelectors": False, "HasInsightSelectors": False,
        "KmsKeyId": f"arn:aws:kms:{estate.regions[0]}:{estate.management}:key/key-1",
    }  # fmt: skip
    return {"trailList": [organization]}


def _trail_status(estate: Estate, request: Request) -> dict[str, Any]:
    return {"IsLogging": True, "LatestDeliveryTime": THEN, "StartLoggingTime": THEN}


def _event_selectors(estate: Estate, request: Request) -> dict[str, Any]:
    selector = {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
    return {"TrailARN": trail(estate), "EventSelectors": [selector]}


ANSWERS: dict[str, Callable[[Estate, Request], dict[str, Any]]] = {
    "account.GetAlternateContact": _alternate_contact,
    "cloudtrail.DescribeTrails": _trails,
    "cloudtrail.GetEventSelectors": _event_selectors,
    "cloudtrail.GetTrailStatus": _trail_status,
    "ec2.DescribeFlowLogs": _flow_logs,
    "ec2.DescribeRegions": _regions,
    "ec2.DescribeSecurityGroups": _groups,
    "ec2.DescribeSnapshotAttribute": _snapshot_shares,
    "ec2.DescribeSnapshots": _snapshots,
    "ec2.DescribeVolumes": _volumes,
    "ec2.DescribeVpcs": _vpcs,
    "ec2.GetEbsEncryptionByDefault": _volume_default,
    "iam.GenerateCredentialReport": lambda estate, request: {"State": "COMPLETE"},
    "iam.GetAccountAuthorizationDetails": _authorization,
    "iam.GetAccountPasswordPolicy": _password_policy,
    "iam.GetAccountSummary": _summary,
    "iam.GetCredentialReport": _report,
    "kms.DescribeKey": _described_key,
    "kms.GetKeyPolicy": _key_policy,
    "kms.GetKeyRotationStatus": _rotation,
    "kms.ListKeys": _keys,
    "kms.ListResourceTags": _key_tags,
    "organizations.DescribeOrganization": _organization,
    "organizations.ListAccounts": _accounts,
    "rds.DescribeDBClusterSnapshotAttributes": _cluster_snapshot_shares,
    "rds.DescribeDBClusterSnapshots": _cluster_snapshots,
    "rds.DescribeDBClusters": _clusters,
    "rds.DescribeDBInstances": _databases,
    "rds.DescribeDBSnapshotAttributes": _database_snapshot_shares,
    "rds.DescribeDBSnapshots": _database_snapshots,
    "s3.GetBucketAcl": _acl,
    "s3.GetBucketEncryption": _of_bucket("ServerSideEncryptionConfigurationNotFoundError", _encryption),
    "s3.GetBucketLocation": _location,
    "s3.GetBucketLogging": _of_bucket(
        None, lambda request: {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "s3/"}}
    ),
    "s3.GetBucketOwnershipControls": _of_bucket(
        "OwnershipControlsNotFoundError",
        lambda request: {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    ),
    "s3.GetBucketPolicy": _of_bucket("NoSuchBucketPolicy", _bucket_policy),
    "s3.GetBucketPolicyStatus": _of_bucket("NoSuchBucketPolicy", lambda request: {"PolicyStatus": {"IsPublic": False}}),
    "s3.GetBucketTagging": _of_bucket("NoSuchTagSet", lambda request: {"TagSet": _tags("bucket")}),
    "s3.GetBucketVersioning": _of_bucket(None, lambda request: {"Status": "Enabled"}),
    "s3.GetPublicAccessBlock": _of_bucket("NoSuchPublicAccessBlockConfiguration", _block),
    "s3.ListBuckets": _buckets,
    "s3control.GetPublicAccessBlock": _account_block,
    "sts.AssumeRole": _assume,
    "sts.GetCallerIdentity": _caller,
}
"""What each operation is answered with."""
