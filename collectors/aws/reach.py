"""What the resource policy of a queue, a topic, a stream or the like says of the outside: who gets in, and whether without TLS."""

from typing import Any, NamedTuple

from collectors.aws.elements import resource_policy
from collectors.aws.exposure import public, refuses_plain_text, shared_with
from collectors.aws.statements import Statement


class Reach(NamedTuple):
    """Three facts of one policy; all `None` where the policy was not learned."""

    public: bool | None
    foreign_access: tuple[str, ...] | None
    transport_encrypted: bool | None


def reach(rules: tuple[Statement, ...] | None, *, account: str, arn: str, actions: tuple[str, ...]) -> Reach:
    """What the rules of a thing say. Without TLS nobody may do any of `actions`, which are those that move data.

    An ARN without an account that a condition names as the source (a bucket that tells a queue of its objects) names no account.
    """
    if rules is None:
        return Reach(None, None, None)
    foreign = sorted(name for name in shared_with(rules, account) if not name.startswith("arn:"))
    return Reach(public(rules), tuple(foreign), refuses_plain_text(rules, tuple((one, arn) for one in actions)))


def rules_of(document: Any) -> tuple[Statement, ...] | None:
    """The statements of a resource's policy, where a document without any says that there is none; `None` where that was not learned."""
    if isinstance(document, str) and not document.strip("{ }"):
        return ()
    return None if document is None else resource_policy(document)
