"""The fake estate, what runs: in each account and region machines, groups of them and functions, sound ones and others."""

from typing import Any

from tests.fakes.aws import Request
from tests.fakes.pages import THEN, named, paged


def _instances(estate: Any, request: Request) -> dict[str, Any]:
    profile = {"Arn": f"arn:aws:iam::{request.account}:instance-profile/{{}}", "Id": "AIPAFAKE"}
    entries = [
        machine("i-1", ("vol-1", "vol-2"), tokens="required", profile={**profile, "Arn": profile["Arn"].format("app")}),
        machine("i-2", ("vol-3",), tokens="optional", profile={**profile, "Arn": profile["Arn"].format("vendor")}, key="ops",
                address="203.0.113.7"),
        machine("i-3", ("vol-1",), tokens="required"),
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
) -> dict[str, Any]:
    """An instance as EC2 describes it."""
    public = {"Association": {"PublicIp": address, "IpOwnerId": "amazon"}} if address else {}
    return {
        "InstanceId": name, "State": {"Code": 16, "Name": "running"}, "LaunchTime": THEN, "Tags": named(name),
        "MetadataOptions": {"State": "applied", "HttpTokens": tokens, "HttpEndpoint": "enabled"},
        "NetworkInterfaces": [{"NetworkInterfaceId": f"eni-{name}", **public}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": one, "AttachTime": THEN}} for one in volumes],
        **({"IamInstanceProfile": profile} if profile else {}), **({"KeyName": key} if key else {}),
    }  # fmt: skip


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


ANSWERS: dict[str, Any] = {
    "ec2.DescribeInstances": _instances,
    "iam.ListInstanceProfiles": _profiles,
    "ssm.DescribeInstanceInformation": _managed,
    "ssm.DescribeInstancePatchStates": _patches,
    "ssm.ListInventoryEntries": _inventory,
}
"""What each operation is answered with."""
