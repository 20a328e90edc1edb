"""Web application firewalls: policies of Cloud Armor that stand before some service. Others stand before nothing, and are left out.

Rules that Google maintains follow the core rule set of OWASP: those whose names carry no version follow its version 3.0, which newer ones
have replaced (Cloud Armor, "Tune preconfigured WAF rules"). What a policy finds is in the log of each service behind it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.collector import Item, Unseen, collector
from collectors.gcp.elements import at, data, instant, labels, on, parts, path, region, text
from collectors.gcp.plumbing import PLUMBING
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.serving import Filter

POLICY = "compute.googleapis.com/(Region)?SecurityPolicy"
BEFORE_SERVICES = frozenset({None, "CLOUD_ARMOR"})
TURNS_AWAY = re.compile(r"deny.*|throttle|rate_based_ban|redirect")
NAMED = re.compile(r"evaluatePreconfigured(?:Waf|Expr)\(\s*['\"]([\w-]+)['\"]")
REPLACED = re.compile(
    r"(sqli|xss|lfi|rfi|rce|methodenforcement|scannerdetection|protocolattack|php|sessionfixation)-(stable|canary)"
)


@collector(
    "gcp.filters",
    sees=Filter,
    kinds=("web application firewall",),
    learns=("blocking", "managed_rules", "logged"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Filters:
    """Every policy of the project that stands before a service."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of policies."""
        guarded = session.worked_out("guarded", PLUMBING, RESOURCE, _guarded)
        if guarded is None:
            raise Unseen("not learned what stands behind a policy")
        for asset in session.assets(POLICY):
            if text(data(asset), "type") in BEFORE_SERVICES and path(asset["name"]) in guarded:
                yield asset

    def describe(self, session: GcpSession, item: Item) -> Filter:
        """The asset, and the services behind it."""
        policy = data(item)
        behind = (session.worked_out("guarded", PLUMBING, RESOURCE, _guarded) or {}).get(path(item["name"]) or "")
        session.notes.cites += [name for name, _ in behind or ()]
        rules = rules_of(policy)
        return Filter(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "region"), kind="web application firewall",
            name=text(policy, "name"), tags=labels(policy), managed_by="customer", created=instant(policy, "creationTimestamp"),
            blocking=None if rules is None else any(TURNS_AWAY.fullmatch(text(one, "action") or "") for one in rules),
            managed_rules=managed_rules(rules), logged=all(kept for _, kept in behind) if behind else None,
        )  # fmt: skip


def rules_of(policy: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...] | None:
    """The rules that act; those in preview only tell."""
    return tuple(one for one in parts(policy, "rules") if not on(one, "preview")) if "rules" in policy else None


def managed_rules(rules: tuple[Mapping[str, Any], ...] | None) -> Literal["none", "current", "outdated"] | None:
    """Whether Google's rules among them are of today."""
    if rules is None:
        return None
    names = [name for one in rules for name in NAMED.findall(text(one, "match", "expr", "expression") or "")]
    if not names:
        return "none"
    return "outdated" if any(map(REPLACED.fullmatch, names)) else "current"


def _guarded(assets: Iterator[dict[str, Any]]) -> dict[str, list[tuple[str, bool]]]:
    """Policy -> the services behind it, each with whether it keeps a log."""
    found = defaultdict(list)
    for asset in assets:
        if policy := path(text(at(asset, "resource", "data"), "securityPolicy")):
            found[policy].append((asset["name"], on(asset, "resource", "data", "logConfig", "enable")))
    return dict(found)
