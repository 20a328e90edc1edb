"""The fake estate, stacks that code has made and what is lent to others; sound ones and others."""

from datetime import timedelta
from typing import Any

from tests.fakes.aws import Request
from tests.fakes.pages import THEN, named, paged


def stack(request: Request, name: str) -> str:
    """The id of a stack where the request asks."""
    return (
        f"arn:aws:cloudformation:{request.region}:{request.account}:stack/{name}/51af3dc0-da77-11e4-872e-1234567db123"
    )


def _stacks(estate: Any, request: Request) -> dict[str, Any]:
    compared = {"LastCheckTimestamp": THEN - timedelta(days=2)}
    drift: dict[str, dict[str, Any]] = {
        "sound": {"StackDriftStatus": "IN_SYNC", **compared}, "bare": {"StackDriftStatus": "DRIFTED", **compared},
        "sound-inner": {"StackDriftStatus": "IN_SYNC", **compared}, "planned": {"StackDriftStatus": "NOT_CHECKED"},
        "younger": {"StackDriftStatus": "NOT_CHECKED"},
    }  # fmt: skip
    entries = [
        {
            "StackId": stack(request, name), "StackName": name, "CreationTime": THEN, "DriftInformation": drifted,
            "StackStatus": "REVIEW_IN_PROGRESS" if name == "planned" else "UPDATE_COMPLETE", "DisableRollback": name == "bare",
            "EnableTerminationProtection": name == "sound", "Tags": named(name),
            "Parameters": [{"ParameterKey": "DatabasePassword", "ParameterValue": "correct-horse-battery"}],
            **({"ParentId": stack(request, "sound"), "RootId": stack(request, "sound")} if name == "sound-inner" else {}),
        }
        for name, drifted in drift.items()
    ]  # fmt: skip
    return paged(request, "Stacks", entries)


def share(request: Request, name: str) -> str:
    """The ARN of a resource share."""
    return f"arn:aws:ram:{request.region}:{request.account}:resource-share/{name}"


def _shares(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters["resourceOwner"] == "SELF", "what others lend is theirs to judge"
    entries = [
        {"resourceShareArn": share(request, name), "name": name, "owningAccountId": request.account, "status": status,
         "allowExternalPrincipals": name != "sound", "creationTime": THEN, "tags": [{"key": "team", "value": "web"}]}
        for name, status in (("sound", "ACTIVE"), ("bare", "ACTIVE"), ("ended", "DELETED"))
    ]  # fmt: skip
    return paged(request, "resourceShares", entries, given="nextToken", asked="nextToken")


def _lent(estate: Any, request: Request) -> dict[str, Any]:
    ours = f"arn:aws:organizations::{estate.management}:organization/{estate.organization}"
    entries = [
        {"resourceShareArn": share(request, name), "associatedEntity": entity, "associationType": "PRINCIPAL", "status": status,
         "external": entity != ours}
        for name, entity, status in (
            ("sound", ours, "ASSOCIATED"), ("sound", "999988887777", "DISASSOCIATED"), ("bare", "999988887777", "ASSOCIATED"),
        )
    ]  # fmt: skip
    return paged(request, "resourceShareAssociations", entries, given="nextToken", asked="nextToken")


ANSWERS: dict[str, Any] = {
    "cloudformation.DescribeStacks": _stacks,
    "ram.GetResourceShareAssociations": _lent,
    "ram.GetResourceShares": _shares,
}
"""What each operation is answered with."""
