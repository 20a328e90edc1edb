"""Web application firewalls of AWS WAF: whether their managed rule groups are current, whether anything is turned away, and what is logged.

A managed rule group without a version follows its vendor's default, which is the current one; a version that is named stays until somebody
changes it. A rule group counts as turning away what it finds unless all of it is set to count: rules in it that are set to count one by one
are not weighed. What firewalls compare with (a secret header, say) is never kept.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.aws.elements import text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.aws.web_acls import Scope, listed, marked
from collectors.collector import Item, Unseen, collector, learned
from collectors.serving import Filter

GONE = ("WAFNonexistentItemException",)
EDGE = "us-east-1"
"""Where the firewalls of content delivery live."""
STOPS = frozenset({"Block", "Captcha", "Challenge"})
"""Actions that let not everybody pass."""
FROM_ABOVE = ("PreProcessFirewallManagerRuleGroups", "PostProcessFirewallManagerRuleGroups")
"""Rule groups that Firewall Manager puts before and behind the account's own."""
LOGS = ("CUSTOMER", "SECURITY_LAKE", "CLOUDWATCH_TELEMETRY_RULE_MANAGED")
"""Who may have switched logging on."""
NUMBERED = re.compile(r"\D*(\d+)\.(\d+)")
"""Versions as AWS names them: `Version_2.1`."""
Managed = Literal["none", "current", "outdated"]


@collector(
    "aws.filters",
    sees=Filter,
    kinds=("web application firewall",),
    learns=("blocking", "managed_rules", "logged"),
    redacts=("SearchString", "RegexString", "InsertHeaders", "ResponseHeaders", "CustomResponseBodies"),
    grants=(
        "tag:GetResources", "wafv2:GetWebACL", "wafv2:ListAvailableManagedRuleGroupVersions", "wafv2:ListLoggingConfigurations",
        "wafv2:ListWebACLs",
    ),
    counted=("AWS::WAFv2::WebACL",),
    where="region",
)  # fmt: skip
class Filters:
    """Every web ACL of the account in the region; those of content delivery in their one region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """ARNs, from `ListWebACLs`."""
        scopes: tuple[Scope, ...] = ("REGIONAL",)
        if (session.partition, session.region) == ("aws", EDGE):
            scopes = ("REGIONAL", "CLOUDFRONT")
        for scope in scopes:
            found = listed(session, scope)
            if found is None:
                raise Unseen("no list of firewalls")
            yield from ({"ARN": one, "Scope": scope} for one in found)

    def describe(self, session: CellSession, item: Item) -> Filter:
        """One call; versions of rule groups and who logs are asked once for all."""
        arn, scope = item["ARN"], item["Scope"]
        *_, name, number = arn.split("/")
        answer = session.ask("wafv2.GetWebACL", gone=GONE, Name=name, Id=number, Scope=scope)
        rules = learned(answer, every_rule)
        return Filter(
            id=arn, provider="aws", account=session.account, region=session.region, kind="web application firewall", name=name,
            tags=tags_of(session, arn, "wafv2"), managed_by="customer",
            blocking=None if answer is None or rules is None else blocking(answer["WebACL"], rules),
            managed_rules=None if rules is None else managed_rules(session, rules, scope), logged=logged(session, arn, scope),
        )  # fmt: skip


def every_rule(answer: Mapping[str, Any]) -> tuple[Item, ...] | None:
    """The rules of a web ACL, and the groups that Firewall Manager puts around them, in the form of rules."""
    firewall = answer.get("WebACL") or {}
    rules = firewall.get("Rules")
    if not isinstance(rules, list):
        return None
    around = [
        {**one, "Statement": one.get("FirewallManagerStatement")}
        for key in FROM_ABOVE
        for one in firewall.get(key) or ()
    ]
    return (*rules, *around)


def blocking(firewall: Mapping[str, Any], rules: tuple[Item, ...]) -> bool | None:
    """It lets in nobody by default, or some rule stops requests, or some group of rules acts as it is written."""
    default = firewall.get("DefaultAction")
    if not isinstance(default, Mapping):
        return None
    return "Block" in default or any(stops(one) for one in rules)


def stops(rule: Item) -> bool:
    """What the rule, or some rule of its group, finds does not pass."""
    return bool(STOPS & set(rule.get("Action") or ())) or "None" in (rule.get("OverrideAction") or ())


def managed_rules(session: CellSession, rules: tuple[Item, ...], scope: Scope) -> Managed | None:
    """Of which age the managed rule groups are, all together."""
    if not all(isinstance(one.get("Statement") or {}, Mapping) for one in rules):
        return None
    groups = [
        one["Statement"]["ManagedRuleGroupStatement"]
        for one in rules
        if "ManagedRuleGroupStatement" in (one.get("Statement") or ())
    ]
    if not groups:
        return "none"
    said = [current(session, one, scope) for one in groups]
    return "outdated" if False in said else None if None in said else "current"


def current(session: CellSession, group: Item, scope: Scope) -> bool | None:
    """A rule group follows the default of its vendor, or names that version or a later one."""
    if not group:
        return None
    if "Version" not in group:
        return True
    version = text(group, "Version")
    if version is None:
        return None
    answer = session.common(
        "wafv2.ListAvailableManagedRuleGroupVersions",
        VendorName=group["VendorName"],
        Name=group["Name"],
        Scope=scope,
        Limit=100,
    )
    default = text(answer, "CurrentDefaultVersion")
    if default is None:
        return None
    if version == default:
        return True
    named, given = NUMBERED.fullmatch(version), NUMBERED.fullmatch(default)
    return None if named is None or given is None else numbers(named) > numbers(given)


def numbers(version: re.Match[str]) -> tuple[int, int]:
    """A version as numbers, which sort as they should."""
    return int(version[1]), int(version[2])


def logged(session: CellSession, arn: str, scope: Scope) -> bool | None:
    """A logging configuration stands on it."""
    unlearned = False
    for owner in LOGS:
        found = marked(session, "wafv2.ListLoggingConfigurations", "LoggingConfigurations", Scope=scope, LogScope=owner)
        if found is None:
            unlearned = True
        elif any(text(one, "ResourceArn") == arn for one in found):
            return True
    return None if unlearned else False
