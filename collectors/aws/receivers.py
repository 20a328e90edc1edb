"""Who hears of an event by himself: rules of EventBridge with a target, alarms of CloudWatch with an action.

A topic of SNS counts if somebody has confirmed a subscription to it; any other target (a function, a queue, a ticket, another bus) was
named by the customer and counts as it is: what it does with the event is not seen. Only the default bus is read, to which AWS's services
send.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from collectors.aws.elements import text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.event_patterns import matches
from collectors.collector import Item

GRANTS = ("events:ListRules", "events:ListTargetsByRule", "sns:ListSubscriptionsByTopic")
"""What asking for receivers takes."""
GONE = ("ResourceNotFoundException", "NotFound", "NotFoundException")
"""How rules and topics say that they are no more."""
REDACTED = ("Endpoint",)
"""Keys of what is asked that name persons: the addresses of subscribers."""
LISTENING = frozenset({"ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"})

Place = tuple[str, str]
"""Account and region."""


def reported(
    session: OrganizationSession, event: Mapping[str, Any], administrator: Callable[[], tuple[str, ...] | None]
) -> bool | None:
    """A rule of the cell carries the event to somebody, or one in the region of those who administer the account; `None` if unlearned.

    They are asked for only where the cell has no such rule.
    """
    here = ruled(session, (session.account, session.region), (event,))
    if here:
        return True
    accounts = administrator()
    if accounts is None:
        return None
    found = [here, *(ruled(session, (account, session.region), (event,)) for account in accounts)]
    return True if True in found else None if None in found else False


def ruled(session: OrganizationSession, place: Place, events: Iterable[Mapping[str, Any]]) -> bool | None:
    """Each of the events, in that account and region, is carried to somebody by some rule of the default bus."""
    wanted = tuple(events)
    account, region = place
    only = listening(json.dumps(wanted))
    answer = session.elsewhere(account, "events.ListRules", "Rules", region=region, only=only)
    if answer is None:
        return None
    verdicts = [heard(session, place, answer["Rules"], event) for event in wanted]
    return False if False in verdicts else None if None in verdicts else bool(verdicts)


@cache
def listening(events: str) -> Callable[[Item], bool]:
    """Whether a rule listens for any of the events, given as JSON; the same function for the same events."""
    wanted = json.loads(events)
    return lambda rule: (
        rule.get("State") in LISTENING and any(matches(text(rule, "EventPattern"), event) for event in wanted)
    )


def heard(session: OrganizationSession, place: Place, rules: list[Item], event: Mapping[str, Any]) -> bool | None:
    """Some rule that the event fits has a target that hears it."""
    found = [carried(session, place, rule) for rule in rules if matches(text(rule, "EventPattern"), event)]
    return True if True in found else None if None in found else False


def carried(session: OrganizationSession, place: Place, rule: Item) -> bool | None:
    """Some target of a rule hears."""
    account, region = place
    answer = session.elsewhere(account, "events.ListTargetsByRule", absent=GONE, region=region, Rule=rule["Name"])
    if answer is None:
        return None
    hears = any_hears(session, place, [text(one, "Arn") for one in answer.get("Targets") or ()])
    return hears or (None if answer.get("NextToken") else hears)


def any_hears(session: OrganizationSession, place: Place, targets: Iterable[str | None]) -> bool | None:
    """Some of the targets hears; a topic is asked for its subscribers only where no other target does."""
    known = [target for target in targets if target]
    topics = [target for target in known if target.split(":")[2:3] == ["sns"]]
    if len(topics) < len(known):
        return True
    found = [subscribed(session, place, topic) for topic in topics]
    return True if True in found else None if None in found else False


def subscribed(session: OrganizationSession, place: Place, topic: str) -> bool | None:
    """Somebody has confirmed a subscription; one that waits for that has no ARN of its own."""
    region, account = [*topic.split(":"), "", ""][3:5]
    answer = session.elsewhere(
        account or place[0], "sns.ListSubscriptionsByTopic", absent=GONE, region=region or place[1], TopicArn=topic
    )
    if answer is None:
        return None
    listed = answer.get("Subscriptions") or ()
    if any(str(one.get("SubscriptionArn", "")).startswith("arn:") for one in listed):
        return True
    return None if answer.get("NextToken") else False
