from datetime import UTC, datetime

import pytest

from collectors.aws.machines import Machine, Machines
from collectors.resource import DataStore, Entitlement
from collectors.watching import Watch
from tests.fakes.told import ACCOUNT, Told

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
PROFILE = f"arn:aws:iam::{ACCOUNT}:instance-profile/app"
FACTS = (
    "public_address", "metadata_guarded", "disks_encrypted", "central_login", "privileged", "managed", "inventoried", "missing_patches",
    "patches_assessed", "malware_guarded", "last_backup", "never_backed_up",
)  # fmt: skip


def element(**more):
    return {
        "InstanceId": "i-1", "State": {"Name": "running"}, "Tags": [], "NetworkInterfaces": [{}], "IamInstanceProfile": {"Arn": PROFILE},
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "BlockDeviceMappings": [{"Ebs": {"VolumeId": "vol-1"}}, {"Ebs": {"VolumeId": "vol-2"}}, {"VirtualName": "ephemeral0"}], **more,
    }  # fmt: skip


def snapshot(volume, start):
    return {"SnapshotId": "snap", "VolumeId": volume, "StartTime": start}


ANSWERS = {
    "iam.ListInstanceProfiles": {"InstanceProfiles": [{"Arn": PROFILE, "Roles": [{"Arn": ROLE}]}]},
    "ssm.DescribeInstanceInformation": {"InstanceInformationList": [{"InstanceId": "i-1", "PingStatus": "Online"}]},
    "ssm.DescribeInstancePatchStates": {
        "InstancePatchStates": [{"InstanceId": "i-1", "MissingCount": 2, "FailedCount": 1, "OperationEndTime": LATE}]
    },
    "guardduty.ListDetectors": {"DetectorIds": ["d"]},
    "guardduty.ListCoverage": {"Resources": []},
    "ssm.ListInventoryEntries": {"Entries": [{"Name": "openssl"}]},
    "ec2.DescribeSnapshots": {
        "Snapshots": [
            snapshot("vol-1", EARLY),
            snapshot("vol-1", LATE),
            snapshot("vol-2", EARLY),
        ]
    },
}
OF_SOUND = dict(zip(FACTS, (False, True, True, True, False, True, True, 3, LATE, True, EARLY, False), strict=True))


def volume(name, encrypted=True):
    return DataStore(
        id=f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/{name}", provider="aws", account=ACCOUNT, region="eu-west-1", kind="volume",
        encrypted=encrypted,
    )  # fmt: skip


def role(administrator=False, wildcards=()):
    return Entitlement(
        id=ROLE,
        provider="aws",
        account=ACCOUNT,
        region="global",
        kind="role",
        administrator=administrator,
        wildcards=wildcards,
    )


def watch(enabled=True, region="eu-west-1"):
    return Watch(
        id=f"malware-{region}",
        provider="aws",
        account=ACCOUNT,
        region=region,
        kind="malware protection",
        enabled=enabled,
    )


def coverage(machine, status):
    details = {"Ec2InstanceDetails": {"InstanceId": machine}}
    return {
        "guardduty__ListCoverage": {
            "Resources": [{"DetectorId": "d", "CoverageStatus": status, "ResourceDetails": details}]
        }
    }


WATCHES = (watch(), watch(False, "us-east-1"))
VOLUMES, ROLES = (volume("vol-1"), volume("vol-2")), (role(),)


def facts(one=None, volumes=VOLUMES, roles=ROLES, watches=WATCHES, **answers):
    told = Told(
        {**ANSWERS, **{name.replace("__", "."): answer for name, answer in answers.items()}},
        seen={"aws.volumes": volumes, "aws.entitlements": roles, "aws.detectors": watches},
    )
    machine = Machines.describe(told, Machine(one or element(), ("i-1",)))
    return {fact: getattr(machine, fact) for fact in FACTS}


UNMANAGED = {"managed": False, "inventoried": False, "missing_patches": None, "patches_assessed": None}


@pytest.mark.parametrize(
    ("one", "joined", "expected"),
    [
        (element(), {}, {}),
        (element(NetworkInterfaces=[{"Association": {"PublicIp": "203.0.113.7"}}]), {}, {"public_address": True}),
        (element(NetworkInterfaces=None), {}, {"public_address": None}),
        (element(NetworkInterfaces=None, PublicIpAddress="203.0.113.7"), {}, {"public_address": True}),
        (element(MetadataOptions={"HttpTokens": "optional", "HttpEndpoint": "enabled"}), {}, {"metadata_guarded": False}),
        (element(MetadataOptions={"HttpTokens": "optional", "HttpEndpoint": "disabled"}), {}, {"metadata_guarded": True}),
        (element(MetadataOptions=None), {}, {"metadata_guarded": None}),
        (element(), {"volumes": (volume("vol-1"), volume("vol-2", False))}, {"disks_encrypted": False}),
        (element(), {"volumes": (volume("vol-1"),)}, {"disks_encrypted": None}),
        (element(), {"volumes": (volume("vol-1"), volume("vol-2", None))}, {"disks_encrypted": None}),
        (element(), {"volumes": None}, {"disks_encrypted": None}),
        (element(BlockDeviceMappings=[]), {}, {"disks_encrypted": None, "last_backup": None, "never_backed_up": True}),
        (element(BlockDeviceMappings=None), {}, {"disks_encrypted": None, "last_backup": None, "never_backed_up": None}),
        (element(KeyName="ops"), {}, {"central_login": False}),
        (element(IamInstanceProfile=None), {}, {"privileged": False}),
        (element(), {"roles": (role(administrator=True),)}, {"privileged": True}),
        (element(), {"roles": (role(wildcards=("s3", "sqs")),)}, {"privileged": True}),
        (element(), {"roles": (role(wildcards=("sqs",)),)}, {}),
        (element(), {"roles": (role(administrator=None),)}, {"privileged": None}),
        (element(), {"roles": (role(wildcards=None),)}, {"privileged": None}),
        (element(), {"roles": ()}, {"privileged": None}),
        (element(), {"roles": None}, {"privileged": None}),
    ],
)  # fmt: skip
def test_an_instance_says_its_settings(one, joined, expected):
    assert facts(one, **joined) == {**OF_SOUND, **expected}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"iam__ListInstanceProfiles": {"InstanceProfiles": [{"Arn": PROFILE, "Roles": []}]}}, {"privileged": False}),
        ({"iam__ListInstanceProfiles": {"InstanceProfiles": []}}, {"privileged": None}),
        ({"iam__ListInstanceProfiles": None}, {"privileged": None}),
        ({"ssm__DescribeInstanceInformation": {"InstanceInformationList": []}}, {**UNMANAGED, "central_login": None}),
        ({"ssm__DescribeInstanceInformation": None},
         {**UNMANAGED, "managed": None, "inventoried": None, "central_login": None}),
        ({"ssm__DescribeInstanceInformation": {"InstanceInformationList": [{"InstanceId": "i-1", "PingStatus": "ConnectionLost"}]}},
         {"managed": False}),
        ({"ssm__DescribeInstancePatchStates": {"InstancePatchStates": []}}, {"missing_patches": None, "patches_assessed": None}),
        ({"ssm__DescribeInstancePatchStates": None}, {"missing_patches": None, "patches_assessed": None}),
        ({"ssm__ListInventoryEntries": {"Entries": []}}, {"inventoried": False}),
        ({"ssm__ListInventoryEntries": "InvalidInstanceId"}, {"inventoried": False}),
        ({"ssm__ListInventoryEntries": None}, {"inventoried": None}),
        ({"ec2__DescribeSnapshots": {"Snapshots": [snapshot("vol-1", LATE)]}}, {"last_backup": None, "never_backed_up": True}),
        ({"ec2__DescribeSnapshots": None}, {"last_backup": None, "never_backed_up": None}),
    ],
)  # fmt: skip
def test_what_is_read_for_the_cell_changes_only_its_own_facts(answers, expected):
    assert facts(**answers) == {**OF_SOUND, **expected}


def test_a_stopped_machine_is_managed_while_it_is_registered():
    lost = {"InstanceInformationList": [{"InstanceId": "i-1", "PingStatus": "ConnectionLost"}]}
    assert facts(element(State={"Name": "stopped"}), ssm__DescribeInstanceInformation=lost)["managed"] is True


def test_terminated_machines_are_none_and_the_others_are_asked_about_in_batches():
    machines = [element(InstanceId=f"i-{number}") for number in range(60)]
    gone = element(InstanceId="i-gone", State={"Name": "terminated"})
    told = Told({"ec2.DescribeInstances": {"Reservations": [{"Instances": [gone]}, {"Instances": machines}]}})
    assert [len(one.batch) for one in Machines.list(told)] == [50] * 50 + [10] * 10


def test_volumes_and_the_role_are_cited():
    told = Told(ANSWERS, seen={"aws.volumes": VOLUMES, "aws.entitlements": ROLES, "aws.detectors": WATCHES})
    Machines.describe(told, Machine(element(), ("i-1",)))
    assert told.cited == [volume("vol-1").id, volume("vol-2").id, ROLE, "malware-eu-west-1"]


EXCLUDED = element(Tags=[{"Key": "GuardDutyExcluded", "Value": "true"}])
OFF = (watch(False),)


@pytest.mark.parametrize(
    ("one", "given", "guarded"),
    [
        (element(), {}, True),
        (EXCLUDED, {}, False),
        (EXCLUDED, coverage("i-1", "HEALTHY"), True),
        (element(), {"watches": OFF}, False),
        (element(), {"watches": OFF, "guardduty__ListDetectors": {"DetectorIds": []}}, False),
        (element(), {"watches": OFF, "guardduty__ListDetectors": None}, None),
        (element(), {"watches": OFF, "guardduty__ListCoverage": None}, None),
        (element(), {"watches": OFF, **coverage("i-1", "HEALTHY")}, True),
        (element(), {"watches": OFF, **coverage("i-1", "UNHEALTHY")}, False),
        (element(), {"watches": OFF, **coverage("i-2", "HEALTHY")}, False),
        (element(), {"watches": (watch(None),)}, None),
        (element(), {"watches": None, **coverage("i-1", "HEALTHY")}, True),
        (element(), {"watches": None}, None),
        (element(), {"watches": (watch(True, "us-east-1"),)}, None),
    ],
)
def test_a_machine_is_guarded_by_scans_of_its_volumes_or_by_an_agent(one, given, guarded):
    assert facts(one, **given)["malware_guarded"] is guarded


def test_only_snapshots_that_are_whole_are_asked_for():
    asked = []
    told = Told(
        {**ANSWERS, "ec2.DescribeSnapshots": lambda given: asked.append(given) or {"Snapshots": []}},
        seen={"aws.volumes": VOLUMES, "aws.entitlements": ROLES, "aws.detectors": WATCHES},
    )
    Machines.describe(told, Machine(element(), ("i-1",)))
    assert asked[0] == {"OwnerIds": ["self"], "Filters": [{"Name": "status", "Values": ["completed"]}]}
