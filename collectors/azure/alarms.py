"""Which acts raise an alarm that reaches somebody: alerts on the activity log, rules that search sign-ins, and their action groups.

A topic counts only with all of its acts (as in the CIS benchmark for Azure). Groups of other subscriptions are asked for by id.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from collectors.azure.elements import flag, inner, listed, properties, text
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.watching import Alerting

TOPICS: Mapping[str, tuple[str, ...]] = {
    "audit trails": ("microsoft.insights/diagnosticsettings/write", "microsoft.insights/diagnosticsettings/delete"),
    "configuration": (
        "microsoft.authorization/policyassignments/write",
        "microsoft.authorization/policyassignments/delete",
    ),
    "data stores": ("microsoft.sql/servers/firewallrules/write", "microsoft.sql/servers/firewallrules/delete"),
    "identity": ("microsoft.authorization/roleassignments/write",),
    "keys": ("microsoft.keyvault/vaults/write", "microsoft.keyvault/vaults/delete"),
    "networks": ("microsoft.network/networksecuritygroups/write", "microsoft.network/networksecuritygroups/delete"),
}
"""Topic -> the acts that must each raise an alarm."""
SEARCHED: Mapping[str, tuple[str, ...]] = {
    "root use": ("elevateaccess", "elevated their access"),
    "sign-in": ("signinlogs",),
}
"""Topic -> what a rule that searches logs must name, in lower case: one of these. A tenant's administrator who takes all of Azure's
subscriptions at once (elevated access) is what a root user is elsewhere."""
PLAIN: Mapping[str, frozenset[str]] = {
    "category": frozenset({"administrative"}), "status": frozenset({"succeeded", "started", "accepted"}),
    "level": frozenset({"informational"}),
}  # fmt: skip
"""Conditions, beside the act, that leave no act out, with values that do not."""
RECEIVERS = (
    "emailReceivers", "smsReceivers", "webhookReceivers", "itsmReceivers", "azureAppPushReceivers", "automationRunbookReceivers",
    "voiceReceivers", "logicAppReceivers", "azureFunctionReceivers", "armRoleReceivers", "eventHubReceivers",
)  # fmt: skip


@collector(
    "azure.alarms",
    sees=Alerting,
    kinds=("alarms",),
    learns=("topics",),
    redacts=(*RECEIVERS, "groupShortName"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Insights/activityLogAlerts/read",
        "Microsoft.Insights/scheduledQueryRules/read",
        "Microsoft.Insights/actionGroups/read",
    ),
    where="account",
)
class Alarms:
    """The subscription's alarms, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item, made from the cell."""
        yield {"subscriptionId": session.account}

    def describe(self, session: Session, item: Item) -> Alerting:  # noqa: ARG002 - made from the cell
        """Alerts, rules and groups are rows of Resource Graph."""
        here = cast("AzureSession", session)
        alerts, rules = here.joined("graph.ActivityAlerts", _all, ""), here.joined("graph.QueryAlerts", _all, "")
        groups = here.joined("graph.ActionGroups", _all, "")
        return Alerting(
            id=f"/subscriptions/{session.account}/alarms", provider="azure", account=session.account, region="global", kind="alarms",
            name="alarms", tags={}, managed_by="customer",
            topics=None if alerts is None or rules is None or groups is None else topics(here, alerts, rules, groups),
        )  # fmt: skip


def topics(
    session: AzureSession, alerts: Iterable[Item], rules: Iterable[Item], groups: Iterable[Item]
) -> tuple[str, ...] | None:
    """Topics of which every act raises an alarm; `None` where a group of another subscription could not be asked."""
    reaching = {str(one["id"]).lower(): reaches(properties(one)) for one in groups}
    acts: set[str] = set()
    for alert in alerts:
        heard = told(session, reaching, groups_of_alert(alert)) if watches_all(session, alert) else False
        if heard is None:
            return None
        acts |= acts_of(alert) if heard else set()
    found = {topic for topic, needed in TOPICS.items() if acts.issuperset(needed)}
    for rule in rules:
        heard = (
            told(session, reaching, groups_of_rule(rule)) if flag(properties(rule), "enabled") is not False else False
        )
        if heard is None:
            return None
        found |= searched(rule) if heard else set()
    return tuple(sorted(found))


def told(session: AzureSession, reaching: dict[str, bool], groups: Iterable[str]) -> bool | None:
    """One of the groups reaches somebody."""
    for group in groups:
        if group not in reaching:
            answer = session.ask("arm.ActionGroup", id=group, absent=("ResourceNotFound", "ResourceGroupNotFound"))
            if answer is None:
                return None
            reaching[group] = reaches(properties(answer))
        if reaching[group]:
            return True
    return False


def reaches(group: Mapping[str, Any] | None) -> bool:
    """A group is on and has somebody, or something, that receives."""
    return bool(flag(group, "enabled")) and any(listed(group, name) for name in RECEIVERS)


def watches_all(session: Session, alert: Item) -> bool:
    """The alert is on, for the whole subscription."""
    known = properties(alert)
    scopes = (known or {}).get("scopes")
    named = {str(one).lower().rstrip("/") for one in scopes} if isinstance(scopes, list) else set()
    return flag(known, "enabled") is not False and f"/subscriptions/{session.account}" in named


def acts_of(alert: Item) -> set[str]:
    """Acts that raise the alert: those it names, or all administrative ones where it names none.

    An alert on something narrower (failures only, one resource, one caller) does not count.
    """
    conditions = listed(inner(alert, "properties", "condition"), "allOf") or []
    named: list[set[str]] = []
    for one in conditions:
        field, values = wanted(one)
        if field == "operationname":
            named.append(values)
        elif not values & PLAIN.get(field, frozenset()):
            return set()
    every_act = {act for acts in TOPICS.values() for act in acts}
    return set.intersection(*named) if named else every_act if conditions else set()


def wanted(condition: Mapping[str, Any]) -> tuple[str, set[str]]:
    """The field of one condition and the values that meet it, in lower case."""
    choices = listed(condition, "anyOf") or [condition]
    fields = {(text(one, "field") or "").lower() for one in choices}
    values = {(text(one, "equals") or "").lower() for one in choices}
    for one in choices:
        many = one.get("containsAny")
        values |= {str(each).lower() for each in many} if isinstance(many, list) else set()
    return (fields.pop() if len(fields) == 1 else ""), values - {""}


def searched(rule: Item) -> set[str]:
    """Topics that a rule searches logs for."""
    criteria = listed(inner(rule, "properties", "criteria"), "allOf") or []
    written = " ".join(text(one, "query") or "" for one in criteria).lower()
    return {topic for topic, words in SEARCHED.items() if any(word in written for word in words)}


def groups_of_alert(alert: Item) -> list[str]:
    """Ids of the groups that an alert on the activity log tells."""
    found = listed(inner(alert, "properties", "actions"), "actionGroups") or []
    return [each.lower() for one in found if (each := text(one, "actionGroupId"))]


def groups_of_rule(rule: Item) -> list[str]:
    """Ids of the groups that a rule tells."""
    found = (inner(rule, "properties", "actions") or {}).get("actionGroups")
    return [str(one).lower() for one in found] if isinstance(found, list) else []


def _all(row: Item) -> Iterator[str]:  # noqa: ARG001 - every row of the subscription is wanted
    yield ""
