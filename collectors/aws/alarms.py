"""Of which administrative acts in an account somebody hears by himself.

Two roads are read. One leads from a trail that records the account (its own, or the organisation's) over its log group, a metric filter
and an alarm of CloudWatch to an action; the other, for services that know no regions, from EventBridge in the partition's own region over
a rule to a target. Rules for other services would be needed in every region and are not read, nor are alarms composed of others.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from collectors.aws import receivers
from collectors.aws.elements import arn, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.filter_patterns import matches
from collectors.aws.happenings import AT_HOME, TOPICS, event
from collectors.aws.places import home
from collectors.collector import Item, collector
from collectors.resource import Trail
from collectors.watching import Alerting

TRAILS = "aws.trails"
ABOVE = {"GreaterThanOrEqualToThreshold": 1.0, "GreaterThanThreshold": 0.0}
"""How an alarm that a single event raises compares, and the highest threshold with which it does."""


@collector(
    "aws.alarms",
    sees=Alerting,
    kinds=("alarms",),
    learns=("topics",),
    moves=(
        "StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateValue", "StateTransitionedTimestamp", "EvaluationState",
    ),
    redacts=receivers.REDACTED,
    grants=(
        "cloudtrail:GetTrail", "logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms", *receivers.GRANTS,
    ),
    needs=(TRAILS,),
    where="account",
)  # fmt: skip
class Alarms:
    """The alarms of the account, once."""

    def list(self, session: OrganizationSession) -> Iterator[Item]:
        """One item, made from the cell."""
        yield {"AccountId": session.account}

    def describe(self, session: OrganizationSession, item: Item) -> Alerting:  # noqa: ARG002 - the item is the cell
        """Each topic by whichever road covers it; where one was not learned, and no other road covers it, none is told."""
        trails = session.seen(TRAILS)
        known = [one for one in trails or () if isinstance(one, Trail)]
        recording = [one for one in known if records(one, session)]
        roads = [road(session, one) for one in recording if one.watched]
        doubt = trails is None or any(records(one, session) is None and one.watched is not False for one in known)
        covered = {topic: by_any(session, topic, roads, recorded=bool(recording)) for topic in sorted(TOPICS)}
        unlearned = None in covered.values() or (doubt and False in covered.values())
        return Alerting(
            id=arn(session, "cloudwatch", "alarms", region=""), provider="aws", account=session.account, region="global",
            kind="alarms", name=session.account, managed_by="customer",
            topics=None if unlearned else tuple(topic for topic, hears in covered.items() if hears),
        )  # fmt: skip


Road = tuple[receivers.Place, list[Item] | None, list[Item] | None]
"""Where a trail's log group is, its metric filters, and the alarms there; `None` for what was not learned."""


def records(trail: Trail, session: OrganizationSession) -> bool | None:
    """It records all management events of this account in every region, being its own or one of the organisation's."""
    own = trail.account == session.account
    inside = session.organization_accounts is not None and trail.account in session.organization_accounts
    said = (trail.logging, trail.management_events, trail.multi_region, own or (inside and trail.organization))
    return False if False in said else None if None in said else True


def road(session: OrganizationSession, trail: Trail) -> Road:
    """What stands behind a trail's log group; the trail is cited."""
    session.cite(trail)
    found = session.elsewhere(trail.account, "cloudtrail.GetTrail", region=trail.region, Name=trail.id)
    group = text((found or {}).get("Trail"), "CloudWatchLogsLogGroupArn")
    if group is None:
        return (trail.account, trail.region), None, None
    region, account, _, name = group.split(":")[3:7]
    filters = session.elsewhere(
        account, "logs.DescribeMetricFilters", "metricFilters", region=region, logGroupName=name
    )
    alarms = session.elsewhere(
        account,
        "cloudwatch.DescribeAlarms",
        "MetricAlarms",
        region=region,
        only=raised_by_one,
        AlarmTypes=["MetricAlarm"],
    )
    return (
        (account, region), None if filters is None else filters["metricFilters"], None if alarms is None else alarms["MetricAlarms"],
    )  # fmt: skip


def raised_by_one(alarm: Mapping[str, Any]) -> bool:
    """A single event raises it, of the metric itself, and it then does something."""
    periods = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods")
    highest = ABOVE.get(text(alarm, "ComparisonOperator") or "")
    threshold = alarm.get("Threshold")
    return (
        alarm.get("ActionsEnabled") is True
        and bool(alarm.get("AlarmActions"))
        and not alarm.get("Dimensions")
        and periods == 1
        and highest is not None
        and isinstance(threshold, int | float)
        and threshold <= highest
    )


def by_any(session: OrganizationSession, topic: str, roads: Iterable[Road], *, recorded: bool) -> bool | None:
    """Every record of the topic raises an alarm that somebody hears, on one road or another; EventBridge too needs a trail that records."""
    found = [by_filters(session, topic, one) for one in roads]
    if True in found:
        return True
    if topic in AT_HOME and recorded:
        place = (session.account, home(session.partition))
        found.append(receivers.ruled(session, place, map(event, TOPICS[topic])))
    return True if True in found else None if None in found else False


def by_filters(session: OrganizationSession, topic: str, way: Road) -> bool | None:
    """Each record of the topic passes a metric filter whose metric raises an alarm that somebody hears."""
    place, filters, alarms = way
    if filters is None or alarms is None:
        return None
    found = [by_filter(session, place, filters, alarms, (topic, number)) for number in range(len(TOPICS[topic]))]
    return False if False in found else None if None in found else True


def by_filter(
    session: OrganizationSession,
    place: receivers.Place,
    filters: list[Item],
    alarms: list[Item],
    record: tuple[str, int],
) -> bool | None:
    """One record, by its topic and number."""
    metrics = {metric for one in filters if passes(text(one, "filterPattern"), *record) for metric in counted(one)}
    raised = [one for one in alarms if (text(one, "Namespace"), text(one, "MetricName")) in metrics]
    found = [receivers.any_hears(session, place, alarm["AlarmActions"]) for alarm in raised]
    return True if True in found else None if None in found else False


@lru_cache(maxsize=65536)
def passes(pattern: str | None, topic: str, number: int) -> bool:
    """The record fits the pattern. Kept: the same filters stand behind many accounts."""
    return matches(pattern, TOPICS[topic][number])


def counted(one: Item) -> Iterator[tuple[str | None, str | None]]:
    """Namespace and name of the metrics that a filter makes; without dimensions, by which alarms would have to ask."""
    for transformation in one.get("metricTransformations") or ():
        if not transformation.get("dimensions"):
            yield text(transformation, "metricNamespace"), text(transformation, "metricName")
