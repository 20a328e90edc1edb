"""Web application firewalls: policies that stand before an application gateway or a Front Door. Others stand before nothing: left out.

Microsoft keeps up the latest three versions of each rule set; what is older gets no new rules ("Azure Web Application Firewall managed
ruleset support policy", of 2026). What a policy finds is in the logs of what it stands before.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from collectors.azure.elements import every, header, inner, listed, properties, said, text
from collectors.azure.logs import kept
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.serving import Filter

ATTACHED = ("applicationGateways", "httpListeners", "pathBasedRules", "securityPolicyLinks", "frontendEndpointLinks")
KEPT_UP = {
    "owasp": (3, 2), "microsoft_defaultruleset": (2, 0), "microsoft_botmanagerruleset": (1, 0), "microsoft_httpddosruleset": (1, 0),
    "defaultruleset": (2, 0), "botprotection": (1, 0),
}  # fmt: skip
"""Rule set, in lower case -> the oldest version that still gets new rules. The last two are the first names of the second and third."""
CATEGORIES = {
    "microsoft.network/applicationgateways": "ApplicationGatewayFirewallLog",
    "microsoft.cdn/profiles": "FrontDoorWebApplicationFirewallLog",
    "microsoft.network/frontdoors": "FrontdoorWebApplicationFirewallLog",
}
"""What stands behind a policy -> the category of log in which what it finds is kept."""
ROOT = re.compile(r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/(?P<type>[^/]+/[^/]+)/[^/]+")
_VERSION = re.compile(r"\d+(\.\d+)*")


@collector(
    "azure.filters",
    sees=Filter,
    kinds=("web application firewall",),
    learns=("blocking", "managed_rules", "logged"),
    moves=("etag", "resourceState"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies/read",
        "Microsoft.Network/frontDoorWebApplicationFirewallPolicies/read",
        "Microsoft.Insights/diagnosticSettings/read",
    ),
    where="account",
)
class Filters:
    """Every policy of the subscription that stands before something."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        for table in ("graph.GatewayFilters", "graph.DoorFilters"):
            yield from (row for row in session.pages(table, "data") if behind(row) != ())

    def describe(self, session: Session, item: Item) -> Filter:
        """The row tells all but the logs of what stands behind it."""
        known = properties(item)
        return Filter(
            **header(session, item), kind="web application firewall", blocking=blocking(inner(known, "policySettings")),
            managed_rules=managed_rules(listed(inner(known, "managedRules"), "managedRuleSets")), logged=logged(session, behind(item)),
        )  # fmt: skip


def behind(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Ids, in lower case, of the gateways and doors before which a policy stands; `None` where they cannot be read."""
    known = properties(row)
    found: set[str] = set()
    for name in ATTACHED:
        links = [] if known is None or known.get(name) is None else listed(known, name)
        roots = [ROOT.match((text(one, "id") or "").lower()) for one in links or ()]
        if known is None or links is None or None in roots:
            return None
        found |= {root[0] for root in roots if root}
    return tuple(sorted(found))


def blocking(settings: Mapping[str, Any] | None) -> bool | None:
    """It is on, and in prevention mode."""
    on = said(
        settings, "state" if "state" in (settings or {}) else "enabledState", {"enabled": True, "disabled": False}
    )
    return every((on, said(settings, "mode", {"prevention": True, "detection": False})))


def managed_rules(sets: list[Mapping[str, Any]] | None) -> Literal["none", "current", "outdated"] | None:
    """Whether Microsoft still keeps up each rule set at the version in use."""
    if not sets:
        return None if sets is None else "none"
    fresh = every(kept_up(one) for one in sets)
    return None if fresh is None else "current" if fresh else "outdated"


def kept_up(one: Mapping[str, Any]) -> bool | None:
    """One rule set is at a version that gets new rules; previews of the first days do not. `None` for one that we do not know."""
    least, version = KEPT_UP.get((text(one, "ruleSetType") or "").lower()), text(one, "ruleSetVersion")
    if least is None or version is None:
        return None
    if version.lower().startswith("preview"):
        return False
    return tuple(map(int, version.split("."))) >= least if _VERSION.fullmatch(version) else None


def logged(session: Session, things: tuple[str, ...] | None) -> bool | None:
    """Each gateway or door behind a policy keeps its firewall's log."""
    return every(_kept(cast("AzureSession", session), one) for one in things or ())


def _kept(session: AzureSession, thing: str) -> bool | None:
    found = ROOT.match(thing)
    category = CATEGORIES.get(found["type"]) if found else None
    if category is None:
        return None
    exports = session.ask_once("arm.DiagnosticSettings", id=thing)
    return None if exports is None else kept(exports, (category,))
