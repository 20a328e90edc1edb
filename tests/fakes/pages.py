"""What the parts of the fake estate have in common: pages, tags, ARNs and the day on which all was made."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.fakes.aws import Request

PAGE = 2
"""Elements per page, whatever is asked for."""
THEN = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""When everything was made."""


def paged(
    request: Request, key: str, items: Iterable[Any], *, given: str = "NextToken", asked: str = "NextToken", most: int = 1000
) -> dict[str, Any]:  # fmt: skip
    """One page of a listing; `asked` names the token in requests, `given` in answers. AWS gives `most` on one."""
    listed = list(items)
    start = int(request.parameters.get(asked) or 0)
    end = start + min(PAGE, most)
    page: dict[str, Any] = {key: listed[start:end]}
    if end < len(listed):
        page[given] = str(end)
    return page


def named(name: str) -> list[dict[str, str]]:
    """A tag list with a name and a team."""
    return [{"Key": "Name", "Value": name}, {"Key": "team", "Value": "payments"}]


def key_arn(request: Request, name: str) -> str:
    """The ARN of a key where the request asks."""
    return f"arn:aws:kms:{request.region}:{request.account}:key/{name}"
