"""What AWS Config holds of a resource, told in the form in which its own service would tell it.

A configuration item's `configuration` is the service's answer of the time when it was recorded, in the names of another SDK: members begin
in lower case, some strings stand in an object of their own (`{"value": ...}`), numbers have a fraction, instants are texts, and what is not
there is null. Which members an item has is in AWS's schema of each type (github.com/awslabs/aws-config-resource-schema). Only types are
listed here whose facts Config holds wholly, as they are set, and records as they change: databases move (their latest restorable time),
keys and functions lack settings that facts are read from (rotation period and expiry, log group), groups of machines scale by themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp

from collectors.collector import Item

Row = Mapping[str, Any]
"""A configuration item as an advanced query answers it, decoded."""
MILLISECONDS = 100_000_000_000
"""From here on a number of an instant counts thousandths: as seconds it would be the year 5138."""

DIRECTIONS = ("ipPermissions", "ipPermissionsEgress")
SOURCES = ("ipv4Ranges", "ipv6Ranges", "prefixListIds", "userIdGroupPairs")


class Unfit(Exception):
    """An item that has not the form, or not all, of what the service would tell."""


def _as_it_is(row: Row) -> Mapping[str, Any]:
    return _object(row.get("configuration"))


def _always(item: Item) -> bool:  # noqa: ARG001 - of the same form as those that look
    return True


@dataclass(frozen=True, kw_only=True)
class Held:
    """One listing that Config's items can stand for."""

    native: str
    """The type's name in AWS Config."""
    key: str
    """Under which the listing's answer has its elements."""
    needed: tuple[str, ...] = ()
    """Members that the service always tells, and facts are read from: an item without one of them is not whole."""
    settings: Callable[[Row], Mapping[str, Any]] = _as_it_is
    """The item's configuration, where its form is not the service's in more than names."""
    whole: Callable[[Item], bool] = _always
    """What `needed` cannot say."""
    name: str = ""
    """Of a listing that tells names only: the member of the item's configuration that is one. All else is asked of the service."""

    def kept(self, row: Row) -> Row:
        """Of an item what is evidence."""
        return {**row, "configuration": {self.name: row["configuration"][self.name]}} if self.name else row


def _permissions(row: Row) -> Mapping[str, Any]:
    """A security group's ranges of IPv4 stand under `ipv4Ranges`, and once more as bare strings where the service has objects."""
    group = dict(_as_it_is(row))
    for direction in DIRECTIONS:
        if isinstance(group.get(direction), list):
            group[direction] = [_ranged(_object(one)) for one in group[direction]]
    return group


def _ranged(permission: Mapping[str, Any]) -> Mapping[str, Any]:
    """Old items do not tell all kinds of sources, and are nobody's answer today."""
    if not all(isinstance(permission.get(source), list) for source in SOURCES):
        raise Unfit("sources")
    ranges, bare = permission["ipv4Ranges"], permission.get("ipRanges")
    if bare is not None and bare != [_object(one).get("cidrIp") for one in ranges]:
        raise Unfit("ranges")
    return {**permission, "ipRanges": ranges}


HELD: Mapping[str, Held] = {
    "ec2.DescribeVolumes": Held(
        native="AWS::EC2::Volume", key="Volumes", needed=("VolumeId", "Encrypted", "CreateTime"),
        whole=lambda item: not item["Encrypted"] or "KmsKeyId" in item,
    ),
    "ec2.DescribeSecurityGroups": Held(
        native="AWS::EC2::SecurityGroup", key="SecurityGroups", settings=_permissions,
        needed=("GroupId", "GroupName", "OwnerId", "IpPermissions", "IpPermissionsEgress"),
    ),
    "ec2.DescribeVpcs": Held(native="AWS::EC2::VPC", key="Vpcs", needed=("VpcId", "OwnerId", "IsDefault")),
    "ec2.DescribeSubnets": Held(
        native="AWS::EC2::Subnet", key="Subnets", needed=("SubnetId", "VpcId", "OwnerId", "MapPublicIpOnLaunch"),
    ),
    "elbv2.DescribeLoadBalancers": Held(
        native="AWS::ElasticLoadBalancingV2::LoadBalancer", key="LoadBalancers",
        needed=("LoadBalancerArn", "LoadBalancerName", "Scheme", "Type", "CreatedTime", "AvailabilityZones"),
    ),
    "dynamodb.ListTables": Held(native="AWS::DynamoDB::Table", key="TableNames", name="tableName"),
    "eks.ListClusters": Held(native="AWS::EKS::Cluster", key="clusters", name="Name"),
    "kinesis.ListStreams": Held(native="AWS::Kinesis::Stream", key="StreamNames", name="Name"),
    "sns.ListTopics": Held(native="AWS::SNS::Topic", key="Topics", name="TopicArn"),
    "sqs.ListQueues": Held(native="AWS::SQS::Queue", key="QueueUrls", name="QueueUrl"),
}  # fmt: skip
"""By the listing, as `service.Operation`."""


def element(held: Held, shape: Any, row: Row) -> Item:
    """The listing's element that an item stands for; `shape` is botocore's of such an element. Raises `Unfit`."""
    if held.name:
        return _name(held, shape, row)
    item: dict[str, Any] = translated(shape, held.settings(row))
    if "Tags" in shape.members and "Tags" not in item:
        item["Tags"] = translated(shape.members["Tags"], row.get("tags") or [])
    if any(name not in item for name in held.needed) or not held.whole(item):
        raise Unfit(held.native)
    return item


def _name(held: Held, shape: Any, row: Row) -> Item:
    """An element that is a name, bare or in an object of its own."""
    name = _object(row.get("configuration")).get(held.name)
    if not isinstance(name, str) or not name:
        raise Unfit(held.native)
    return {held.name if shape.type_name == "structure" else held.key: name}


def translated(shape: Any, value: Any) -> Any:
    """A value of Config's as botocore would have parsed the service's own. Raises `Unfit` where it has another form."""
    match shape.type_name:
        case "structure":
            known = {name.lower(): one for name, one in _object(value).items() if one is not None}
            return {
                name: translated(member, known[name.lower()])
                for name, member in shape.members.items()
                if name.lower() in known
            }
        case "list":
            if not isinstance(value, list):
                raise Unfit("no list")
            return [translated(shape.member, one) for one in value]
        case "map":
            return {name: translated(shape.value, one) for name, one in _object(value).items()}
        case "timestamp":
            return _instant(value)
        case plain:
            return _plain(plain, value)


KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "integer": (int,), "long": (int,), "float": (int, float), "double": (int, float),
}  # fmt: skip
"""What a value of a plain shape may be."""


def _plain(kind: str, value: Any) -> Any:
    if isinstance(value, Mapping) and set(value) == {"value"}:
        value = value["value"]
    if kind in {"integer", "long"}:
        value = whole_number(value)
    if not isinstance(value, KINDS.get(kind, ())) or (kind != "boolean" and isinstance(value, bool)):
        raise Unfit(kind)
    return value


def whole_number(value: Any) -> Any:
    """A number of Config's, who writes every one with a fraction (`22.0`); anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _instant(value: Any) -> datetime:
    """An instant, in a text or as seconds or thousandths since 1970."""
    try:
        if isinstance(value, str):
            parsed: datetime = parse_timestamp(value)
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value >= MILLISECONDS else value, UTC)
    except (ValueError, OverflowError, OSError, RuntimeError) as error:
        raise Unfit("timestamp") from error
    raise Unfit("timestamp")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unfit("no object")
    return value
