"""The fake estate, what runs: in each account and region machines, groups of them and functions, sound ones and others."""

import json
from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, named, paged


def _nodes() -> list[dict[str, Any]]:
    """The nodes of all clusters: of the sound one private and in two zones."""
    return [node("sound", "a"), node("sound", "b"), node("bare", "a", "203.0.113.9")]


def node(cluster: str, zone: str, address: str = "") -> dict[str, Any]:
    """An instance that a cluster's node group started."""
    one = machine(f"i-{cluster}-{zone}", (), address=address)
    owned = {"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}
    return {**one, "Placement": {"AvailabilityZone": zone}, "Tags": [*one["Tags"], owned]}


def _instances(estate: Any, request: Request) -> dict[str, Any]:
    for one in request.parameters.get("Filters") or request.parameters.get("Filter") or ():
        if one["Name"] == "tag-key":
            assert one["Values"] == ["kubernetes.io/cluster/*"]
            return {"Reservations": [{"ReservationId": "r", "Instances": [each]} for each in _nodes()]}
    profile = {"Arn": f"arn:aws:iam::{request.account}:instance-profile/{{}}", "Id": "AIPAFAKE"}
    entries = [
        machine("i-1", ("vol-1", "vol-2"), tokens="required", profile={**profile, "Arn": profile["Arn"].format("app")}),
        machine("i-2", ("vol-3",), tokens="optional", profile={**profile, "Arn": profile["Arn"].format("vendor")}, key="ops",
                address="203.0.113.7", network="vpc-2"),
        machine("i-3", ("vol-1",), tokens="required", network="vpc-2", environment="Dev"),
        {**machine("i-4", ()), "State": {"Code": 48, "Name": "terminated"}},
    ]  # fmt: skip
    reservations = [
        {"ReservationId": f"r-{one['InstanceId']}", "OwnerId": request.account, "Instances": [one]} for one in entries
    ]
    return paged(request, "Reservations", reservations)


def machine(
    name: str,
    volumes: tuple[str, ...],
    *,
    tokens: str = "required",
    profile: dict[str, str] | None = None,
    key: str = "",
    address: str = "",
    network: str = "vpc-1",
    environment: str = "prod",
) -> dict[str, Any]:
    """An instance as EC2 describes it."""
    public = {"Association": {"PublicIp": address, "IpOwnerId": "amazon"}} if address else {}
    return {
        "InstanceId": name, "State": {"Code": 16, "Name": "running"}, "LaunchTime": THEN, "VpcId": network,
        "Tags": [*named(name), {"Key": "acme:Environment", "Value": environment}],
        "MetadataOptions": {"State": "applied", "HttpTokens": tokens, "HttpEndpoint": "enabled"},
        "NetworkInterfaces": [{"NetworkInterfaceId": f"eni-{name}", **public}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": one, "AttachTime": THEN}} for one in volumes],
        **({"IamInstanceProfile": profile} if profile else {}), **({"KeyName": key} if key else {}),
    }  # fmt: skip


def _templates(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters.get("Versions") == ["$Default"], "without a template, only these are described"
    options = {
        "sound": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "bare": {"HttpTokens": "optional"},
        "silent": None,
    }
    entries = [
        {
            "LaunchTemplateId": f"lt-{name}", "LaunchTemplateName": name, "VersionNumber": 1, "DefaultVersion": True, "CreateTime": THEN,
            "LaunchTemplateData": {
                "UserData": "Y29ycmVjdC1ob3JzZQ==", **({"MetadataOptions": said} if said else {}),
                "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": name == "bare"}],
            },
        }
        for name, said in options.items()
    ]  # fmt: skip
    return paged(request, "LaunchTemplateVersions", entries)


def _tagged_templates(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"LaunchTemplateId": f"lt-{name}", "LaunchTemplateName": name, "Tags": named(name)}
        for name in ("sound", "bare", "silent")
    ]
    return paged(request, "LaunchTemplates", entries)


def _metadata_defaults(estate: Any, request: Request) -> dict[str, Any]:
    return {"AccountLevel": {"HttpTokens": "required", "ManagedBy": "account"}}


def _profiles(estate: Any, request: Request) -> dict[str, Any]:
    root = f"arn:aws:iam::{request.account}"
    profiles = [
        {
            "Path": "/", "InstanceProfileName": name, "InstanceProfileId": "AIPAFAKE", "Arn": f"{root}:instance-profile/{name}",
            "CreateDate": THEN,
            "Roles": [{"Path": "/", "RoleName": name, "RoleId": "AROAFAKE", "Arn": f"{root}:role/{name}", "CreateDate": THEN}],
        }
        for name in ("app", "vendor")
    ]  # fmt: skip
    return {"InstanceProfiles": profiles, "IsTruncated": False}


def _managed(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"InstanceId": name, "PingStatus": "Online", "LastPingDateTime": THEN, "AgentVersion": "3.3", "PlatformType": "Linux",
         "ResourceType": "EC2Instance", "ComputerName": "jo-laptop.corp.example"}
        for name in ("i-1", "i-3")
    ]  # fmt: skip
    return paged(request, "InstanceInformationList", entries)


def _patches(estate: Any, request: Request) -> dict[str, Any]:
    states = [
        {"InstanceId": name, "PatchGroup": "", "BaselineId": "pb-1", "MissingCount": 0 if name == "i-1" else 4, "FailedCount": 0,
         "OperationStartTime": THEN, "OperationEndTime": THEN, "Operation": "Scan"}
        for name in request.parameters["InstanceIds"] if name in {"i-1", "i-3"}
    ]  # fmt: skip
    return {"InstancePatchStates": states}


def _inventory(estate: Any, request: Request) -> dict[str, Any]:
    entries = [{"Name": "openssl", "Version": "3.2"}] if request.parameters["InstanceId"] == "i-1" else []
    return {"TypeName": "AWS:Application", "InstanceId": request.parameters["InstanceId"], "Entries": entries}


def _covered(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"ResourceId": name, "DetectorId": request.parameters["DetectorId"], "AccountId": request.account, "CoverageStatus": status,
         "ResourceDetails": {"ResourceType": "EC2", "Ec2InstanceDetails": {"InstanceId": name}}, "UpdatedAt": THEN}
        for name, status in (("i-1", "HEALTHY"), ("i-2", "UNHEALTHY"))
    ]  # fmt: skip
    return paged(request, "Resources", entries)


def _groups(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "AutoScalingGroupName": name, "MinSize": 1, "MaxSize": most, "DesiredCapacity": 2, "DefaultCooldown": 300, "CreatedTime": THEN,
            "AutoScalingGroupARN": f"arn:aws:autoscaling:{request.region}:{request.account}:autoScalingGroup:u:autoScalingGroupName/{name}",
            "AvailabilityZones": [f"{request.region}{zone}" for zone in zones], "HealthCheckType": "EC2",
            "Tags": [{"Key": key, "Value": "web", "ResourceId": name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": True}
                     for key in tags],
        }
        for name, most, zones, tags in (("sound", 6, "ab", ("team", "aws:cloudformation:stack-name")), ("bare", 2, "a", ()))
    ]  # fmt: skip
    return paged(request, "AutoScalingGroups", entries)


def function_arn(request: Request, name: str) -> str:
    """The ARN of a function where the request asks."""
    return f"arn:aws:lambda:{request.region}:{request.account}:function:{name}"


def _functions(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"FunctionName": name, "FunctionArn": function_arn(request, name), "Role": f"arn:aws:iam::{request.account}:role/{role}",
         "Runtime": runtime, "PackageType": "Zip", "Environment": {"Variables": {"DATABASE_PASSWORD": "correct-horse-battery"}},
         "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}}
        for name, role, runtime in (("sound", "app", "python3.14"), ("bare", "vendor", "python3.8"))
    ]  # fmt: skip
    return paged(request, "Functions", entries, given="NextMarker", asked="Marker")


def _function_policy(estate: Any, request: Request) -> dict[str, Any]:
    if not request.parameters["FunctionName"].endswith(":bare"):
        raise Refusal("ResourceNotFoundException", 404)
    statement = {
        "Sid": "url", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl",
        "Resource": request.parameters["FunctionName"], "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
    }  # fmt: skip
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "RevisionId": "r"}


def signing(request: Request) -> str:
    """The ARN of the region's code signing configuration."""
    return f"arn:aws:lambda:{request.region}:{request.account}:code-signing-config:csc-1"


def _signings(estate: Any, request: Request) -> dict[str, Any]:
    configuration = {
        "CodeSigningConfigId": "csc-1", "CodeSigningConfigArn": signing(request), "LastModified": "2026-01-05T12:00:00Z",
        "AllowedPublishers": {"SigningProfileVersionArns": []}, "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"},
    }  # fmt: skip
    return {"CodeSigningConfigs": [configuration]}


def _signed(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["FunctionName"]
    used = {"CodeSigningConfigArn": signing(request)} if name.endswith(":sound") else {}
    return {"FunctionName": name.rpartition(":")[2], **used}


ANSWERS: dict[str, Any] = {
    "autoscaling.DescribeAutoScalingGroups": _groups,
    "ec2.DescribeInstances": _instances,
    "ec2.DescribeLaunchTemplateVersions": _templates,
    "ec2.DescribeLaunchTemplates": _tagged_templates,
    "ec2.GetInstanceMetadataDefaults": _metadata_defaults,
    "guardduty.ListCoverage": _covered,
    "iam.ListInstanceProfiles": _profiles,
    "lambda.GetFunctionCodeSigningConfig": _signed,
    "lambda.GetPolicy": _function_policy,
    "lambda.ListCodeSigningConfigs": _signings,
    "lambda.ListFunctions": _functions,
    "ssm.DescribeInstanceInformation": _managed,
    "ssm.DescribeInstancePatchStates": _patches,
    "ssm.ListInventoryEntries": _inventory,
}
"""What each operation is answered with."""
