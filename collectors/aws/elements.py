"""Reading single fields of AWS answers, each strictly: what is not there, or of another type, is not learned."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from collectors.aws.statements import Malformed, Statement, account_of, statements
from collectors.collector import Session

Holder = Literal["none", "provider", "customer"]


def flag(element: Mapping[str, Any] | None, key: str) -> bool | None:
    """A boolean field."""
    value = element.get(key) if element is not None else None
    return value if isinstance(value, bool) else None


def number(element: Mapping[str, Any] | None, key: str) -> int | None:
    """A whole number."""
    value = element.get(key) if element is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(element: Mapping[str, Any] | None, key: str) -> str | None:
    """A string that is not empty."""
    value = element.get(key) if element is not None else None
    return value if isinstance(value, str) and value else None


def instant(element: Mapping[str, Any] | None, key: str) -> datetime | None:
    """A point in time, as the SDK parsed it or as ISO text; without a zone it is UTC."""
    value = element.get(key) if element is not None else None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if not isinstance(found, datetime):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def tags(listed: Any, *, key: str = "Key", value: str = "Value") -> dict[str, str] | None:
    """A tag list as a mapping, sorted by key; `None` where there is no list, or a tag without a key."""
    if not isinstance(listed, list) or not all(isinstance(tag, Mapping) and text(tag, key) for tag in listed):
        return None
    return {tag[key]: text(tag, value) or "" for tag in sorted(listed, key=lambda tag: str(tag[key]))}


def ec2_tags(element: Mapping[str, Any]) -> dict[str, str]:
    """The tags of an EC2 element; EC2 leaves the key out where there are none."""
    return tags(element.get("Tags", [])) or {}


def key_held_by(*, encrypted: bool | None, key: str | None, account: str) -> Holder | None:
    """Whose KMS key encrypts, as far as its id tells: an AWS-managed key's ARN looks like any other of the account."""
    if encrypted is None:
        return None
    if not encrypted:
        return "none"
    if key is None:
        return None
    if "alias/aws/" in key:
        return "provider"
    owner = account_of(key)
    return "customer" if owner is not None and owner != account else None


def policy(answer: Mapping[str, Any]) -> tuple[Statement, ...] | None:
    """The statements under an answer's `Policy`; `()` where the provider said that there is none."""
    return resource_policy(answer.get("Policy")) if answer else ()


def resource_policy(document: Any) -> tuple[Statement, ...] | None:
    """As `statements_of`, of a policy that stands on a resource: each statement says whom it speaks of."""
    found = statements_of(document)
    return None if found is None or any(not one.names_somebody for one in found) else found


def statements_of(document: Any) -> tuple[Statement, ...] | None:
    """The statements of a policy document in any of its forms; `None` where there is none, or none that can be read."""
    try:
        return statements(document)
    except Malformed:
        return None


def arn(session: Session, service: str, rest: str, *, region: str | None = None, account: str | None = None) -> str:
    """The ARN of a thing in the session's cell; `region` and `account` may be empty where the service leaves them out."""
    place = session.region if region is None else region
    owner = session.account if account is None else account
    return f"arn:{session.partition}:{service}:{place}:{owner}:{rest}"
