"""A small AWS organisation for the fake: in each account and region a couple of each resource type, sound ones and others.

Facts depend only on account, region and position, so that what a sweep must see can be said beforehand. Pages hold two elements,
whatever page size is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import (
    accounts,
    alarms,
    buckets,
    centre,
    containers,
    counts,
    endpoints,
    filters,
    findings,
    governing,
    guardrails,
    held,
    logs,
    quotas,
    receivers,
    regional,
    stores,
    vaults,
    watches,
    workloads,
)
from tests.fakes.aws import Refusal, Request, access_key
from tests.fakes.pages import THEN, paged


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
    alone: tuple[str, ...] = ()
    """Accounts for which Inspector's administrator does not tell."""
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


def trail(estate: Estate) -> str:
    """ARN of the organisation's trail."""
    return f"arn:aws:cloudtrail:{estate.regions[0]}:{estate.management}:trail/org"


def _trails(estate: Estate, request: Request) -> dict[str, Any]:
    """The organisation's trail, at home in the first region of the management account; shadows elsewhere unless refused. In the last
    region of that account there is one that nobody cares for."""
    if (request.account, request.region) == (estate.management, estate.regions[-1]) and len(estate.regions) > 1:
        return {"trailList": [spare(estate)]}
    at_home = (request.account, request.region) == (estate.management, estate.regions[0])
    if not at_home and request.parameters.get("includeShadowTrails") is False:
        return {"trailList": []}
    organization = {
        "Name": "org", "TrailARN": trail(estate), "HomeRegion": estate.regions[0], "S3BucketName": f"sound-{estate.management}",
        "IsMultiRegionTrail": True, "IsOrganizationTrail": True, "IncludeGlobalServiceEvents": True, "LogFileValidationEnabled": True,
        "HasCustomEventSelectors": False, "HasInsightSelectors": False,
        "KmsKeyId": f"arn:aws:kms:{estate.regions[0]}:{estate.management}:key/key-1",
        "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{estate.regions[0]}:{estate.management}:log-group:trails:*",
    }  # fmt: skip
    return {"trailList": [organization]}


def spare(estate: Estate) -> dict[str, Any]:
    """A trail that does not log, into a bucket of another account that lies open."""
    region = estate.regions[-1]
    return {
        "Name": "spare", "TrailARN": f"arn:aws:cloudtrail:{region}:{estate.management}:trail/spare", "HomeRegion": region,
        "S3BucketName": f"bare-{estate.accounts[-1]}", "IsMultiRegionTrail": False, "IsOrganizationTrail": False,
        "IncludeGlobalServiceEvents": False, "LogFileValidationEnabled": False, "HasCustomEventSelectors": False,
        "HasInsightSelectors": False,
    }  # fmt: skip


def _trail_status(estate: Estate, request: Request) -> dict[str, Any]:
    if request.parameters["Name"].endswith("/spare"):
        return {"IsLogging": False}
    return {"IsLogging": True, "LatestDeliveryTime": THEN, "StartLoggingTime": THEN}


def _event_selectors(estate: Estate, request: Request) -> dict[str, Any]:
    selector = {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
    return {"TrailARN": trail(estate), "EventSelectors": [selector]}


ANSWERS: dict[str, Callable[["Estate", Request], dict[str, Any]]] = {
    **accounts.ANSWERS,
    **counts.ANSWERS,
    **alarms.ANSWERS,
    **buckets.ANSWERS,
    **centre.ANSWERS,
    **findings.ANSWERS,
    **guardrails.ANSWERS,
    **logs.ANSWERS,
    **quotas.ANSWERS,
    **receivers.ANSWERS,
    **regional.ANSWERS,
    **held.ANSWERS,
    **stores.ANSWERS,
    **vaults.ANSWERS,
    **watches.ANSWERS,
    **endpoints.ANSWERS,
    **filters.ANSWERS,
    **containers.ANSWERS,
    **governing.ANSWERS,
    **workloads.ANSWERS,
    "cloudtrail.DescribeTrails": _trails,
    "cloudtrail.GetEventSelectors": _event_selectors,
    "cloudtrail.GetTrailStatus": _trail_status,
    "ec2.DescribeRegions": _regions,
    "organizations.DescribeOrganization": _organization,
    "organizations.ListAccounts": _accounts,
    "sts.AssumeRole": _assume,
    "sts.GetCallerIdentity": _caller,
}
"""What each operation is answered with."""
