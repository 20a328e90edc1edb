"""How AWS's listings are paged, beside what botocore knows of it, and what one page holds."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item

PAGE_SIZES = {
    "cloudwatch.DescribeAlarms": 100,
    "config.SelectAggregateResourceConfig": 100,
    "ec2.DescribeFlowLogs": 1000,
    "ec2.DescribeImages": 1000,
    "ec2.DescribeSecurityGroups": 1000,
    "ec2.DescribeInstances": 1000,
    "ec2.DescribeSnapshots": 1000,
    "ec2.DescribeSubnets": 1000,
    "ec2.DescribeVolumes": 1000,
    "ec2.DescribeVpcs": 1000,
    "iam.GetAccountAuthorizationDetails": 1000,
    "inspector2.ListFindings": 100,
    "iam.ListInstanceProfiles": 1000,
    "kinesis.ListStreams": 1000,
    "kms.ListKeys": 1000,
    "s3.ListBuckets": 1000,
    "securityhub.GetFindings": 100,
    "sqs.ListQueues": 1000,
}
"""The largest pages that AWS gives where its default is smaller, or where only a page size makes it page (EC2, S3, SQS)."""
SILENT_IF_EMPTY = frozenset({"sqs.ListQueues"})
"""Listings that leave their key out where there is nothing."""
UNLISTED_PAGING = {
    "config.GetDiscoveredResourceCounts": {"input_token": "nextToken", "output_token": "nextToken"},
}  # fmt: skip
"""How an operation pages that botocore's paginators.json does not know (Config API reference)."""
TOKENS = ("NextToken", "nextToken", "Marker", "NextMarker", "next_token")
"""By which an answer says that there is more."""


class Broken(Exception):
    """A page that has not the documented shape; the message says how."""


def elements(operation: str, key: str, page: Mapping[str, Any]) -> Iterator[Item]:
    """The elements of one page under one key; a bare name is given as `{key: name}`. Raises `Broken`."""
    if operation in SILENT_IF_EMPTY and key not in page:
        return
    if not isinstance(page.get(key), list):
        raise Broken(f"an answer without {key}")
    for listed in page[key]:
        element = {key: listed} if isinstance(listed, str) else listed
        if not isinstance(element, Mapping):
            raise Broken(f"an element of {key} that is no object")
        yield element


def following(paging: Mapping[str, Any], page: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that ask for the next page, by botocore's rules of the operation; none after the last. Raises `Broken`."""
    names, outputs = _names(paging.get("input_token")), _names(paging.get("output_token"))
    tokens = {name: page[output] for name, output in zip(names, outputs, strict=True) if page.get(output)}
    if not names and any(page.get(token) for token in TOKENS):
        raise Broken("more pages, and no way to them")
    if paging.get("more_results") is None:
        return tokens
    more = bool(page.get(paging["more_results"]))
    if more and not tokens:
        raise Broken("more pages, and no way to them")
    return tokens if more else {}


def _names(token: str | list[str] | None) -> list[str]:
    return [token] if isinstance(token, str) else token or []
