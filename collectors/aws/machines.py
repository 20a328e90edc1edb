"""EC2 instances: what each is open to, what it runs as, and whether anybody looks after it.

Systems Manager tells whether a machine is looked after; a stopped machine counts as managed while it is registered. A machine is brought
back as a whole: its last backup is that of the disk whose newest snapshot is the oldest (AWS Backup and lifecycle policies make such
snapshots too). Temporary disks are not listed by EC2 and not seen, nor are addresses of IPv6, which need a route to be public.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from collectors.aws.elements import arn, ec2_tags, instant, number, text
from collectors.aws.gathered import CellSession
from collectors.aws.malware import DETECTORS, guarded
from collectors.aws.roles import ROLES, privileged
from collectors.collector import Item, collector, learned
from collectors.resource import DataStore
from collectors.serving import Workload

VOLUMES = "aws.volumes"
BATCH = 50
"""Instances of which `DescribeInstancePatchStates` tells at once."""
ENDED = frozenset({"shutting-down", "terminated"})
WHOLE = [{"Name": "status", "Values": ["completed"]}]
"""Snapshots from which a volume can be made."""
AT_REST = frozenset({"stopping", "stopped"})


class Machine(dict[str, Any]):
    """An instance as it came; the ids of those that it is asked about with stand beside it and are no part of the answer."""

    def __init__(self, element: Item, batch: tuple[str, ...]) -> None:
        super().__init__(element)
        self.batch = batch

    @property
    def state(self) -> str:
        """`running`, `stopped`..."""
        return text(self.get("State"), "Name") or ""

    @property
    def volumes(self) -> tuple[str, ...] | None:
        """Ids of its EBS volumes; `None` where the answer does not tell."""
        mapped = self.get("BlockDeviceMappings")
        if not isinstance(mapped, list):
            return None
        volumes = [text(one.get("Ebs"), "VolumeId") for one in mapped if "VirtualName" not in one]  # temporary disks
        return None if None in volumes else tuple(one for one in volumes if one)


@collector(
    "aws.machines",
    sees=Workload,
    kinds=("machine",),
    learns=(
        "networks", "public_address", "metadata_guarded", "disks_encrypted", "central_login", "privileged", "managed", "inventoried",
        "missing_patches", "patches_assessed", "malware_guarded", "last_backup", "never_backed_up",
    ),
    readings=(
        "managed", "inventoried", "missing_patches", "patches_assessed", "malware_guarded", "last_backup", "never_backed_up",
    ),
    moves=(
        "PingStatus", "LastPingDateTime", "AgentVersion", "IsLatestVersion", "AssociationStatus", "AssociationOverview",
        "LastAssociationExecutionDate", "LastSuccessfulAssociationExecutionDate", "InstancePatchStates", "Entries", "CaptureTime",
        "Snapshots", "Resources",
    ),
    redacts=("ComputerName",),  # people name machines after themselves
    grants=(
        "ec2:DescribeInstances", "ec2:DescribeSnapshots", "guardduty:ListCoverage", "guardduty:ListDetectors",
        "iam:ListInstanceProfiles", "ssm:DescribeInstanceInformation",
        "ssm:DescribeInstancePatchStates", "ssm:ListInventoryEntries",
    ),
    beside=(ROLES, VOLUMES, DETECTORS),
    counted=("AWS::EC2::Instance",),
    where="region",
)  # fmt: skip
class Machines:
    """Every instance of the account in the region that is not terminated."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of the reservations of `DescribeInstances`, so many at a time as are asked about together."""
        reservations = session.pages("ec2.DescribeInstances", "Reservations")
        machines = (one for reservation in reservations for one in reservation["Instances"])
        standing = (one for one in machines if text(one.get("State"), "Name") not in ENDED)
        while batch := tuple(islice(standing, BATCH)):
            ids = tuple(one["InstanceId"] for one in batch)
            yield from (Machine(one, ids) for one in batch)

    def describe(self, session: CellSession, item: Item) -> Workload:
        """Settings from the element; the rest is read once for the cell, save the inventory, which is asked for one by one."""
        assert isinstance(item, Machine)
        tags = ec2_tags(item)
        care = Care(session, item)
        last, never = brought_back(session, item.volumes)
        return Workload(
            id=arn(session, "ec2", f"instance/{item['InstanceId']}"), provider="aws", account=session.account, region=session.region,
            kind="machine", name=tags.get("Name") or item["InstanceId"], tags=tags, managed_by="customer",
            created=instant(item, "LaunchTime"), networks=networks(session, item),
            public_address=public_address(item), metadata_guarded=metadata_guarded(item),
            disks_encrypted=disks_encrypted(session, item.volumes), central_login=central_login(item, care),
            privileged=runs_privileged(session, item), managed=care.managed, inventoried=care.inventoried,
            missing_patches=learned(care.patches, missing), patches_assessed=instant(care.patches, "OperationEndTime"),
            malware_guarded=guarded(session, item["InstanceId"], tags), last_backup=last, never_backed_up=never,
        )  # fmt: skip


def networks(session: CellSession, item: Item) -> tuple[str, ...] | None:
    """The VPC that it lives in; an ended machine is in none, and is not listed."""
    vpc = text(item, "VpcId")
    return None if vpc is None else (arn(session, "ec2", f"vpc/{vpc}"),)


class Care:
    """What Systems Manager knows of one machine. Whatever is not registered there is neither managed nor inventoried."""

    def __init__(self, session: CellSession, machine: Machine) -> None:
        name = machine["InstanceId"]
        found = session.among("ssm.DescribeInstanceInformation", "InstanceInformationList", by="InstanceId", of=name)
        self.registered = None if found is None else bool(found)
        self.managed = in_contact(machine, found)
        self.inventoried = self.registered and inventoried(session, name)
        self.patches: Mapping[str, Any] | None = None
        if self.registered:
            states = session.among(
                "ssm.DescribeInstancePatchStates",
                "InstancePatchStates",
                by="InstanceId",
                of=name,
                InstanceIds=list(machine.batch),
            )
            self.patches = states[0] if states else None


def in_contact(machine: Machine, found: tuple[Item, ...] | None) -> bool | None:
    """The agent on it answers; on a machine that is stopped it is enough that it is registered."""
    if found is None:
        return None
    return any(text(one, "PingStatus") == "Online" or machine.state in AT_REST for one in found)


def inventoried(session: CellSession, name: str) -> bool | None:
    """The inventory names some application of it; one entry is asked for."""
    answer = session.ask(
        "ssm.ListInventoryEntries",
        absent=("InvalidInstanceId",),
        InstanceId=name,
        TypeName="AWS:Application",
        MaxResults=1,
    )
    listed = (answer or {}).get("Entries", [] if answer == {} else None)
    return bool(listed) if isinstance(listed, list) else None


def central_login(machine: Machine, care: Care) -> bool | None:
    """No key pair was put on it, and people can come in by the session manager; without either nobody knows how they do."""
    if text(machine, "KeyName"):
        return False
    return True if care.registered else None


def public_address(machine: Item) -> bool | None:
    """Some interface of it has a public address of IPv4."""
    interfaces = machine.get("NetworkInterfaces")
    if text(machine, "PublicIpAddress"):
        return True
    if not isinstance(interfaces, list):
        return None
    said = [associated(one.get("Association")) for one in interfaces]
    return True if True in said else None if None in said else False


def associated(association: Mapping[str, Any] | None) -> bool | None:
    """An interface's address on the Internet (or on a carrier's network, which is none); it has no association without one."""
    if association is None or text(association, "CarrierIp"):
        return False
    return True if text(association, "PublicIp") else None


def metadata_guarded(machine: Item) -> bool | None:
    """The metadata service asks for a token (IMDSv2), or is off."""
    options = machine.get("MetadataOptions")
    said = text(options, "HttpEndpoint"), text(options, "HttpTokens")
    return None if None in said else said[0] == "disabled" or said[1] == "required"


def disks_encrypted(session: CellSession, volumes: tuple[str, ...] | None) -> bool | None:
    """Every volume of it is encrypted, as its own collector saw; the volumes are cited. No volume, nothing learned."""
    known = session.joined(VOLUMES)
    if not volumes or known is None:
        return None
    found = [known.get(arn(session, "ec2", f"volume/{volume}")) for volume in volumes]
    stores = [one for one in found if isinstance(one, DataStore)]
    for one in stores:
        session.cite(one)
    said = [one.encrypted for one in stores]
    if False in said:
        return False
    return None if None in said or len(stores) < len(volumes) else True


def runs_privileged(session: CellSession, machine: Item) -> bool | None:
    """What its instance profile's role may do; one without a role may do nothing."""
    profile = machine.get("IamInstanceProfile")
    if profile is None:
        return False
    found = session.among("iam.ListInstanceProfiles", "InstanceProfiles", by="Arn", of=text(profile, "Arn"))
    roles = found[0].get("Roles") if found else None
    if not isinstance(roles, list):
        return None
    return privileged(session, roles[0]["Arn"]) if roles else False


def brought_back(session: CellSession, volumes: tuple[str, ...] | None) -> tuple[datetime | None, bool | None]:
    """To which instant all of it can be brought back, and whether some of it cannot be."""
    if volumes is None:
        return None, None
    found = [newest(session, volume) for volume in volumes]
    if None in found:
        return None, None
    starts = [at for one in found if (at := instant(one, "StartTime"))]
    whole = bool(found) and len(starts) == len(found)
    return (min(starts), False) if whole else (None, True)


def newest(session: CellSession, volume: str) -> Mapping[str, Any] | None:
    """The newest whole snapshot of a volume; `{}` where there is none."""
    found = session.among(
        "ec2.DescribeSnapshots",
        "Snapshots",
        by="VolumeId",
        of=volume,
        newest="StartTime",
        OwnerIds=["self"],
        Filters=WHOLE,
    )
    if found is None:
        return None
    return found[0] if found and instant(found[0], "StartTime") else {}


def missing(patches: Mapping[str, Any]) -> int | None:
    """Approved updates that are not installed, or whose installation failed."""
    counts = number(patches, "MissingCount"), number(patches, "FailedCount")
    return None if counts[0] is None else counts[0] + (counts[1] or 0)
