"""Classic load balancers: no redirects, no firewall, no protection from deletion, and a security policy in so many attributes."""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import arn, flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.load_balancers import TAGGED
from collectors.aws.tagging import tags_of
from collectors.aws.tls import SCHEMES, Version, oldest, version
from collectors.collector import Item, collector, learned
from collectors.serving import Endpoint

GONE = ("LoadBalancerNotFound",)
ENCRYPTED, BARE = frozenset({"HTTPS", "SSL"}), frozenset({"HTTP", "TCP"})
PROTOCOL = "Protocol-"
"""How the attributes of a policy that switch versions on begin: `Protocol-TLSv1.2`."""


@collector(
    "aws.classic_load_balancers",
    sees=Endpoint,
    kinds=("load balancer",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "multi_zone", "deletion_protected"),
    grants=(
        "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancerPolicies",
        "elasticloadbalancing:DescribeLoadBalancers", "tag:GetResources",
    ),
    counted=("AWS::ElasticLoadBalancing::LoadBalancer",),
    where="region",
)  # fmt: skip
class ClassicLoadBalancers:
    """Every classic load balancer of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `DescribeLoadBalancers`, of the older of the two services of that name."""
        return session.pages("elb.DescribeLoadBalancers", "LoadBalancerDescriptions")

    def describe(self, session: CellSession, item: Item) -> Endpoint:
        """The attributes, and the policies where a listener speaks TLS."""
        name = arn(session, "elasticloadbalancing", f"loadbalancer/{item['LoadBalancerName']}")
        answer = session.ask("elb.DescribeLoadBalancerAttributes", gone=GONE, LoadBalancerName=item["LoadBalancerName"])
        attributes = learned(answer, lambda known: dict(known.get("LoadBalancerAttributes", {})))
        listeners, zones = listened(item), item.get("AvailabilityZones")
        return Endpoint(
            id=name, provider="aws", account=session.account, region=session.region, kind="load balancer",
            name=item["LoadBalancerName"], tags=tags_of(session, name, TAGGED), managed_by="customer",
            created=instant(item, "CreatedTime"), public=SCHEMES.get(text(item, "Scheme") or ""),
            transport_encrypted=learned(listeners, encrypted),
            oldest_tls=None if listeners is None else oldest_tls(session, item["LoadBalancerName"], listeners), filtered=False,
            access_logged=flag((attributes or {}).get("AccessLog"), "Enabled"), multi_zone=None if zones is None else len(zones) > 1,
            deletion_protected=False,
        )  # fmt: skip


def listened(item: Item) -> list[tuple[str, Item]] | None:
    """Protocol, in capitals, and description of each listener; `None` where one of them is not told."""
    listed = item.get("ListenerDescriptions")
    if not isinstance(listed, list):
        return None
    found = [((text(one.get("Listener"), "Protocol") or "").upper(), one) for one in listed]
    return found if all(protocol in ENCRYPTED | BARE for protocol, _ in found) else None


def encrypted(listeners: list[tuple[str, Item]]) -> bool | None:
    """No listener takes plain HTTP; what passes one of TCP may be encrypted or not."""
    spoken = {protocol for protocol, _ in listeners}
    return False if "HTTP" in spoken else True if spoken and spoken <= ENCRYPTED else None


def oldest_tls(session: CellSession, name: str, listeners: list[tuple[str, Item]]) -> Version | None:
    """The oldest version that some listener's policies take."""
    speaking = [one for protocol, one in listeners if protocol in ENCRYPTED]
    policies = sorted({policy for one in speaking for policy in one.get("PolicyNames") or ()})
    if not speaking:
        return "none"
    if not policies:
        return None
    answer = session.ask(
        "elb.DescribeLoadBalancerPolicies", gone=(*GONE, "PolicyNotFound"), LoadBalancerName=name, PolicyNames=policies
    )
    return learned(answer, accepted)


def accepted(answer: dict[str, Any]) -> Version | None:
    """The oldest version that is switched on; policies of another type (stickiness) switch none on."""
    said = [
        one for policy in answer.get("PolicyDescriptions", ()) for one in policy.get("PolicyAttributeDescriptions", ())
    ]
    on = [one["AttributeName"] for one in said if one.get("AttributeValue") == "true"]
    found = [version(name.removeprefix(PROTOCOL)) for name in on if name.startswith(PROTOCOL)]
    return oldest(found) if found else None
