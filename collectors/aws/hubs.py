"""AWS Security Hub in one account and region: whether some standard of secure configuration is held against it."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import text
from collectors.aws.watches import places, watch
from collectors.collector import Item, Session, collector
from collectors.watching import Watch

KIND = "posture assessment"
OFF = ("InvalidAccessException", "ResourceNotFoundException")
"""How Security Hub says that the account is not subscribed to it. Its first word may also mean a refusal: a false alarm at worst."""
AT_WORK = frozenset({"READY", "INCOMPLETE"})
"""States of a standard in which its controls are assessed; `INCOMPLETE`: some of them are not available in the region."""


@collector(
    "aws.hubs",
    sees=Watch,
    kinds=(KIND,),
    learns=("enabled",),
    grants=("securityhub:GetEnabledStandards",),
    where="region",
)
class Hubs:
    """The assessment of the cell, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item."""
        return places(session, KIND)

    def describe(self, session: Session, item: Item) -> Watch:  # noqa: ARG002 - the item is the cell
        """One call, whether it is on or off: an account without the hub has no standards either."""
        answer = session.ask("securityhub.GetEnabledStandards", absent=OFF)
        return watch(session, "securityhub", KIND, enabled=None if answer is None else assessed(answer))


def assessed(answer: Mapping[str, Any]) -> bool | None:
    """Some standard is at work; `{}` says that the hub is off. With more pages to come, only a yes is certain."""
    if not answer:
        return False
    standards = answer.get("StandardsSubscriptions")
    if not isinstance(standards, list):
        return None
    if any(text(one, "StandardsStatus") in AT_WORK for one in standards):
        return True
    return None if answer.get("NextToken") else False
