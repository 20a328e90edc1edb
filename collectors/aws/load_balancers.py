"""Load balancers for applications and networks, and what each of their listeners takes.

Plain HTTP is refused where each listener for it redirects to HTTPS by its default action; rules that make exceptions are not read. What
passes a listener of TCP or UDP may be encrypted or not: of those nothing is learned. Firewalls stand before those for applications only.
Gateway load balancers pass traffic on to appliances and are nobody's endpoint.
"""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.aws.tls import SCHEMES, Version, oldest, version
from collectors.aws.web_acls import filtered
from collectors.collector import Gone, Item, collector, learned
from collectors.serving import Endpoint

GONE = ("LoadBalancerNotFound",)
ENCRYPTED = frozenset({"HTTPS", "TLS", "QUIC"})
BARE = frozenset({"HTTP", "TCP", "UDP", "TCP_UDP", "TCP_QUIC", "GENEVE"})
"""Protocols of listeners that end no TLS."""
TAGGED = "elasticloadbalancing:loadbalancer"


@collector(
    "aws.load_balancers",
    sees=Endpoint,
    kinds=("load balancer",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "multi_zone", "deletion_protected"),
    redacts=("ClientSecret",),
    grants=(
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeSSLPolicies", "tag:GetResources",
        "wafv2:ListResourcesForWebACL", "wafv2:ListWebACLs",
    ),
    counted=("AWS::ElasticLoadBalancingV2::LoadBalancer",),
    where="region",
)  # fmt: skip
class LoadBalancers:
    """Every load balancer of the account in the region, save classic ones and those of type gateway."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `DescribeLoadBalancers`."""
        found = session.pages("elbv2.DescribeLoadBalancers", "LoadBalancers")
        return (one for one in found if text(one, "Type") != "gateway")

    def describe(self, session: CellSession, item: Item) -> Endpoint:
        """Two calls, of which services behind it need one too; policies, tags and firewalls are read for the cell."""
        name = item["LoadBalancerArn"]
        answer = session.common("elbv2.DescribeListeners", absent=GONE, LoadBalancerArn=name, PageSize=400)
        if answer == {}:
            raise Gone(name)
        listeners = learned(answer, whole)
        attributes = session.ask("elbv2.DescribeLoadBalancerAttributes", gone=GONE, LoadBalancerArn=name)
        kind = text(item, "Type")
        zones = item.get("AvailabilityZones")
        return Endpoint(
            id=name, provider="aws", account=session.account, region=session.region, kind="load balancer",
            name=text(item, "LoadBalancerName"), tags=tags_of(session, name, TAGGED), managed_by="customer",
            created=instant(item, "CreatedTime"), public=SCHEMES.get(text(item, "Scheme") or ""),
            transport_encrypted=learned(listeners, encrypted),
            oldest_tls=oldest_tls(session, listeners),
            filtered=filtered(session, name, "APPLICATION_LOAD_BALANCER") if kind == "application" else False if kind else None,
            access_logged=switch(attributes, "access_logs.s3.enabled"), multi_zone=None if zones is None else len(zones) > 1,
            deletion_protected=switch(attributes, "deletion_protection.enabled"),
        )  # fmt: skip


def whole(answer: dict[str, Any]) -> tuple[Item, ...] | None:
    """All listeners; `None` where they do not fit one page of the largest size, which is more than a quota allows."""
    listed = answer.get("Listeners")
    return None if not isinstance(listed, list) or answer.get("NextMarker") else tuple(listed)


def speaks_tls(listener: Item) -> bool:
    """The listener ends TLS itself."""
    return listener.get("Protocol") in ENCRYPTED


def encrypted(listeners: tuple[Item, ...]) -> bool | None:
    """No listener takes plain HTTP; a load balancer without listeners takes nothing, which proves nothing."""
    said = [refuses_plain(listener) for listener in listeners]
    return False if False in said else True if said and None not in said else None


def refuses_plain(listener: Item) -> bool | None:
    """It speaks TLS, or redirects to where TLS is spoken."""
    if speaks_tls(listener):
        return True
    if listener.get("Protocol") != "HTTP":
        return None
    actions = listener.get("DefaultActions") or ()
    return any(
        one.get("Type") == "redirect" and text(one.get("RedirectConfig"), "Protocol") == "HTTPS" for one in actions
    )


def oldest_tls(session: CellSession, listeners: tuple[Item, ...] | None) -> Version | None:
    """The oldest version that some listener takes."""
    if listeners is None or any(listener.get("Protocol") not in ENCRYPTED | BARE for listener in listeners):
        return None
    return oldest(accepted(session, one) for one in listeners if speaks_tls(one))


def accepted(session: CellSession, listener: Item) -> Version | None:
    """The oldest version that the listener's security policy takes."""
    policy = text(listener, "SslPolicy")
    found = (
        session.among("elbv2.DescribeSSLPolicies", "SslPolicies", by="Name", of=policy, PageSize=400)
        if policy
        else None
    )
    protocols = found[0].get("SslProtocols") if found else None
    return oldest(version(one) for one in protocols) if protocols else None


def switch(answer: dict[str, Any] | None, name: str) -> bool | None:
    """An attribute that is on or off; a network load balancer logs only what comes by TLS."""
    values = {one["Key"]: one.get("Value") for one in (answer or {}).get("Attributes", ())}
    return None if values.get(name) is None else values[name] == "true"
