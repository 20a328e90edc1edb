"""The fake estate's log groups: in each account and region a sound one, a bare one and those of its workloads; where the organisation's
trail is, also its own."""

from typing import Any

from tests.fakes.aws import Request
from tests.fakes.pages import THEN, key_arn, paged


def _groups(estate: Any, request: Request) -> dict[str, Any]:
    sound = {"retentionInDays": 400, "kmsKeyId": key_arn(request, "key-1"), "dataProtectionStatus": "ACTIVATED"}
    short = {"retentionInDays": 30, "inheritedProperties": ["ACCOUNT_DATA_PROTECTION"]}
    listed = [("sound", sound), ("short", short), ("bare", {})]
    listed += [(name, short) for name in ("/aws/lambda/other", "/aws/lambda/sound", "/aws/vpc/flows")]
    if (request.account, request.region) == (estate.management, estate.regions[0]):
        listed.append(("trails", sound))
    entries = [
        {
            "logGroupName": name, "arn": f"arn:aws:logs:{request.region}:{request.account}:log-group:{name}:*",
            "creationTime": int(THEN.timestamp() * 1000), "metricFilterCount": 0, "storedBytes": 10, "logGroupClass": "STANDARD", **more,
        }
        for name, more in listed
        if name.startswith(request.parameters.get("logGroupNamePrefix") or "")
    ]  # fmt: skip
    return paged(request, "logGroups", entries, given="nextToken", asked="nextToken")


ANSWERS: dict[str, Any] = {"logs.DescribeLogGroups": _groups}
"""What each operation is answered with."""
