"""The fake estate behind an aggregator of AWS Config: every account and region records all of it as it changes.

Configuration items are made from what the listings answer, in the form that Config gives them (AWS's resource schema, and items that public
projects keep as samples): members begin in lower case, instants are texts, numbers have a fraction, what is not there is null, and IPv4
ranges of security groups stand twice.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from agent.programme import Aggregator
from tests.fakes.aws import Refusal, Request
from tests.fakes.buckets import bucket_region, buckets
from tests.fakes.estate import Estate
from tests.fakes.pages import THEN, paged

WHERE = Aggregator(name="organisation", account="111122223333", region="eu-west-1")
BUCKET = "AWS::S3::Bucket"
TELLS = {
    "AWS::EC2::SecurityGroup": ("ec2.DescribeSecurityGroups", "SecurityGroups", "GroupId"),
    "AWS::EC2::Subnet": ("ec2.DescribeSubnets", "Subnets", "SubnetId"),
    "AWS::EC2::VPC": ("ec2.DescribeVpcs", "Vpcs", "VpcId"),
    "AWS::EC2::Volume": ("ec2.DescribeVolumes", "Volumes", "VolumeId"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elbv2.DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn"),
}
"""Type -> its listing, the key of its elements, and what is its id."""
NAMES = {
    "AWS::DynamoDB::Table": ("dynamodb.ListTables", "TableNames", "tableName"),
    "AWS::EKS::Cluster": ("eks.ListClusters", "clusters", "Name"),
    "AWS::Kinesis::Stream": ("kinesis.ListStreams", "StreamNames", "Name"),
    "AWS::SNS::Topic": ("sns.ListTopics", "Topics", "TopicArn"),
    "AWS::SQS::Queue": ("sqs.ListQueues", "QueueUrls", "QueueUrl"),
}
"""Type whose listing tells names only -> it, the key of them, and where an item has the name."""
TOKENS = {"NextToken": "NextToken", "NextMarker": "Marker", "LastEvaluatedTableName": "ExclusiveStartTableName"}
"""How answers name the next page -> how requests do."""
EXPRESSION = re.compile(
    r"SELECT (?P<columns>[\w, ]+) WHERE accountId IN \((?P<accounts>[^)]+)\) AND awsRegion IN \((?P<regions>[^)]+)\) "
    r"AND resourceType IN \((?P<types>[^)]+)\)"
)


@dataclass(kw_only=True)
class Aggregated(Estate):
    """The estate, and what its aggregator knows of it."""

    states: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """(Account, region) -> what is otherwise about that source; `{}` for one that the aggregator does not have."""
    altered: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda item: item
    """What is done to each configuration item before it is told; `None` leaves it out."""
    also: tuple[dict[str, Any], ...] = ()
    """Items that the aggregator tells besides."""
    started: datetime = THEN
    """When every recorder was started."""
    in_texts: bool = False
    """The parts of an item stand in texts."""
    group: Mapping[str, Any] = field(default_factory=lambda: {"allSupported": True, "resourceTypes": []})
    """What recorders record."""

    def answer(self, request: Request) -> dict[str, Any]:
        """The estate's answer, or Config's."""
        told = CONFIG.get(request.operation)
        return told(self, request) if told else super().answer(request)

    def items(self, account: str, region: str, native: str) -> Iterator[dict[str, Any]]:
        """The configuration items of one type in one place."""
        if native == BUCKET:
            yield from self.buckets(account, region)
            return
        operation, key, name = {**TELLS, **NAMES}[native]
        asking = Request(
            account=account, region=region, access_key="", token="", operation=operation, parameters={}, user_agent=""
        )
        for element in everything(self, asking, key):
            if native in NAMES:
                yield self.named(account, region, native, str(element[name] if isinstance(element, dict) else element))
                continue
            identity = str(element[name])
            yield {
                "accountId": account, "awsRegion": region, "resourceType": native, "resourceId": identity, "arn": element.get("SubnetArn"),
                "configuration": recorded(native, element), "tags": tagged(element), "configurationItemStatus": "OK",
                "configurationItemCaptureTime": text(THEN),
            }  # fmt: skip

    def named(self, account: str, region: str, native: str, name: str) -> dict[str, Any]:
        """The configuration item of something of whose listing only the name is told."""
        return {
            "accountId": account, "awsRegion": region, "resourceType": native, "resourceId": name, "arn": None, "tags": [],
            "configuration": {NAMES[native][2]: name, "ItemCount": 7}, "configurationItemStatus": "OK",
            "configurationItemCaptureTime": text(THEN),
        }  # fmt: skip

    def buckets(self, account: str, region: str) -> Iterator[dict[str, Any]]:
        """The configuration items of buckets."""
        for name in buckets(account):
            if bucket_region(name) == region:
                told = partial(self._of_bucket, account, region, name)
                parts = {key: make(told) for key, make in PARTS.items()}
                yield {
                    "accountId": account, "awsRegion": region, "resourceType": BUCKET, "resourceId": name, "arn": f"arn:aws:s3:::{name}",
                    "configuration": {"name": name, "owner": {"displayName": None, "id": "owner"}}, "configurationItemStatus": "OK",
                    "tags": tagged({"Tags": told("GetBucketTagging").get("TagSet", [])}), "configurationItemCaptureTime": text(THEN),
                    "supplementaryConfiguration": {
                        key: json.dumps(part) if self.in_texts else part for key, part in parts.items() if part is not None
                    },
                }  # fmt: skip

    def _of_bucket(self, account: str, region: str, name: str, operation: str) -> dict[str, Any]:
        """What S3 says of it; nothing where it refuses because there is no such setting."""
        asking = Request(
            account=account, region=region, access_key="", token="", operation=f"s3.{operation}", parameters={"Bucket": name}, user_agent=""
        )  # fmt: skip
        try:
            return Estate.answer(self, asking)
        except Refusal:
            return {}


Told = Callable[[str], dict[str, Any]]


def _logged(told: Told) -> dict[str, Any]:
    target = told("GetBucketLogging").get("LoggingEnabled", {})
    return {"destinationBucketName": target.get("TargetBucket"), "logFilePrefix": target.get("TargetPrefix")}


def _ruled(told: Told) -> dict[str, Any] | None:
    rules = [
        {
            "id": one["ID"], "prefix": None, "status": one["Status"], "expirationInDays": float(one.get("Expiration", {}).get("Days", -1)),
            "expiredObjectDeleteMarker": False, "expirationDate": None, "noncurrentVersionExpirationInDays": -1,
        }
        for one in told("GetBucketLifecycleConfiguration").get("Rules", ())
    ]  # fmt: skip
    return {"rules": rules} if rules else None


PARTS: Mapping[str, Callable[[Told], Any]] = {
    "AccessControlList": lambda told: lowered(told("GetBucketAcl")),
    "BucketLifecycleConfiguration": _ruled,
    "BucketLoggingConfiguration": _logged,
    "BucketPolicy": lambda told: {"policyText": told("GetBucketPolicy").get("Policy")},
    "BucketVersioningConfiguration": lambda told: {
        "status": told("GetBucketVersioning").get("Status", "Off"),
        "isMfaDeleteEnabled": None,
    },
    "PublicAccessBlockConfiguration": lambda told: lowered(
        told("GetPublicAccessBlock").get("PublicAccessBlockConfiguration")
    ),
    "ServerSideEncryptionConfiguration": lambda told: lowered(
        told("GetBucketEncryption").get("ServerSideEncryptionConfiguration")
    ),
}
"""What an item of a bucket has besides, from what S3 says; `None` for what is not set."""


def everything(estate: Estate, request: Request, key: str) -> list[dict[str, Any]]:
    """All elements of a listing."""
    found: list[dict[str, Any]] = []
    while True:
        page = Estate.answer(estate, request)
        found += page[key]
        more = {asked: page[given] for given, asked in TOKENS.items() if page.get(given)}
        if not more:
            return found
        request = replace(request, parameters={**request.parameters, **more})


def recorded(native: str, element: Mapping[str, Any]) -> dict[str, Any]:
    """An element as Config records it."""
    item: dict[str, Any] = lowered(element)
    if native == "AWS::EC2::SecurityGroup":
        for permission in (*item["ipPermissions"], *item["ipPermissionsEgress"]):
            ranges = permission.get("ipRanges", [])
            permission |= {"ipv4Ranges": ranges, "ipRanges": [one["cidrIp"] for one in ranges]}
            for source in ("ipv6Ranges", "prefixListIds", "userIdGroupPairs"):
                permission.setdefault(source, [])
    if native == "AWS::EC2::Volume":
        item |= {"snapshotId": None, "state": {"value": item["state"]}}
    return item


def lowered(value: Any) -> Any:
    """Names as Config writes them, instants as texts."""
    match value:
        case datetime():
            return text(value)
        case int() if not isinstance(value, bool):
            return float(value)
        case dict():
            return {name[0].lower() + name[1:]: lowered(one) for name, one in value.items()}
        case list():
            return [lowered(one) for one in value]
        case _:
            return value


def tagged(element: Mapping[str, Any]) -> list[dict[str, str]]:
    """Tags as an item has them beside its configuration."""
    return [
        {"key": one["Key"], "value": one["Value"], "tag": f"{one['Key']}={one['Value']}"}
        for one in element.get("Tags", [])
    ]


def text(instant: datetime) -> str:
    """An instant in Config's words."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.000Z"


def _recorders(estate: Aggregated, request: Request) -> dict[str, Any]:
    return {"ConfigurationRecorders": [{"name": "default", "roleARN": "arn", "recordingGroup": dict(estate.group)}]}


def _states(estate: Aggregated, request: Request) -> dict[str, Any]:
    state = {"name": "default", "recording": True, "lastStatus": "SUCCESS", "lastStartTime": estate.started}
    return {"ConfigurationRecordersStatus": [state]}


def _counts(estate: Aggregated, request: Request) -> dict[str, Any]:
    counted = {
        native: sum(1 for _ in estate.items(request.account, request.region, native)) for native in (*TELLS, *NAMES)
    }
    listed = [{"resourceType": native, "count": count} for native, count in counted.items() if count]
    others = Estate.answer(estate, replace(request, parameters={"nextToken": "0"}))
    while True:
        listed += [one for one in others["resourceCounts"] if one["resourceType"] not in counted]
        if "nextToken" not in others:
            return {"resourceCounts": listed}
        others = Estate.answer(estate, replace(request, parameters={"nextToken": others["nextToken"]}))


def _at_home(request: Request, name: str) -> None:
    if (request.account, request.region, name) != (WHERE.account, WHERE.region, WHERE.name):
        raise Refusal("NoSuchConfigurationAggregatorException")


def _sources(estate: Aggregated, request: Request) -> dict[str, Any]:
    _at_home(request, request.parameters["ConfigurationAggregatorName"])
    updated = datetime.now(UTC) - timedelta(hours=1)
    listed = [
        {
            "SourceId": estate.organization,
            "SourceType": "ORGANIZATION",
            "LastUpdateStatus": "SUCCEEDED",
            "LastUpdateTime": updated,
        }
    ]
    for account in estate.accounts:
        for region in estate.regions:
            otherwise = estate.states.get((account, region), {"AwsRegion": region})
            state = {
                "SourceId": account,
                "SourceType": "ACCOUNT",
                "LastUpdateStatus": "SUCCEEDED",
                "LastUpdateTime": updated,
            }
            listed += [{**state, "AwsRegion": region, **otherwise}] if otherwise else []
    return paged(request, "AggregatedSourceStatusList", listed, most=100)


def _select(estate: Aggregated, request: Request) -> dict[str, Any]:
    _at_home(request, request.parameters["ConfigurationAggregatorName"])
    asked = EXPRESSION.fullmatch(request.parameters["Expression"])
    assert asked is not None, "a query that Config does not take"
    assert len(request.parameters["Expression"]) <= 4096
    assert request.parameters["Limit"] == 100
    accounts, columns = quoted(asked["accounts"]), asked["columns"].split(", ")
    found = [
        item
        for account in accounts
        for region in quoted(asked["regions"])
        for native in quoted(asked["types"])
        if estate.states.get((account, region)) != {}
        for item in map(estate.altered, estate.items(account, region, native))
        if item is not None
    ] + [one for one in estate.also if one["accountId"] in accounts]
    results = [json.dumps({name: item[name] for name in columns}) for item in found]
    return {
        **paged(request, "Results", results, most=100),
        "QueryInfo": {"SelectFields": [{"Name": name} for name in columns]},
    }


def quoted(listed: str) -> list[str]:
    """The texts of a list."""
    return re.findall(r"'([^']+)'", listed)


CONFIG: Mapping[str, Callable[[Aggregated, Request], dict[str, Any]]] = {
    "config.DescribeConfigurationAggregatorSourcesStatus": _sources,
    "config.DescribeConfigurationRecorderStatus": _states,
    "config.DescribeConfigurationRecorders": _recorders,
    "config.GetDiscoveredResourceCounts": _counts,
    "config.SelectAggregateResourceConfig": _select,
}
"""What Config answers here."""
