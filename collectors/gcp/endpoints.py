"""Load balancers: each forwarding rule, with the proxy, the map of addresses, the policy of TLS and the backends that it leads to.

A rule that passes packets on to machines ends no TLS: what its callers speak is not learned. A load balancer survives a zone where its
backends do; Google's own part of it always lives in several.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.collector import Item, collector
from collectors.gcp.elements import data, instant, labels, on, region, text
from collectors.gcp.plumbing import backends, behind, guarded, led_to, several_zones, watched
from collectors.gcp.session import GcpSession
from collectors.serving import Endpoint

RULE = "compute.googleapis.com/(Global)?ForwardingRule"
PUBLIC = {
    "EXTERNAL": True, "EXTERNAL_MANAGED": True, "EXTERNAL_PASSTHROUGH": True, "INTERNAL": False, "INTERNAL_MANAGED": False,
    "INTERNAL_SELF_MANAGED": False, "INTERNAL_PASSTHROUGH": False,
}  # fmt: skip
"""Scheme of a rule -> the Internet reaches it."""
TLS: dict[str | None, Literal["1.0", "1.1", "1.2", "1.3"]] = {
    None: "1.0",
    "TLS_1_0": "1.0",
    "TLS_1_1": "1.1",
    "TLS_1_2": "1.2",
    "TLS_1_3": "1.3",
}
"""As policies word it; without a policy Google accepts TLS 1.0 (Cloud Load Balancing, "SSL policies overview")."""
SPEAKS_TLS = ("/targetHttpsProxies/", "/targetSslProxies/")
CALLED = (
    *SPEAKS_TLS,
    "/targetHttpProxies/",
    "/targetTcpProxies/",
    "/targetGrpcProxies/",
    "/targetPools/",
    "/targetInstances/",
)


@collector(
    "gcp.endpoints",
    sees=Endpoint,
    kinds=("load balancer",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "multi_zone"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Endpoints:
    """Every forwarding rule of the project that leads to backends: not those of VPN gateways and of private service connections."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of forwarding rules."""
        return (
            asset
            for asset in session.assets(RULE)
            if text(data(asset), "backendService") or any(one in (text(data(asset), "target") or "") for one in CALLED)
        )

    def describe(self, session: GcpSession, item: Item) -> Endpoint:
        """The asset and all that it leads to, cited."""
        rule = data(item)
        target = text(rule, "target") or ""
        proxy = behind(session, target) if target else {}
        found = backends(session, rule, proxy)
        return Endpoint(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "region"), kind="load balancer",
            name=text(rule, "name"), tags=labels(rule), managed_by="customer", created=instant(rule, "creationTimestamp"),
            public=PUBLIC.get(text(rule, "loadBalancingScheme") or "EXTERNAL"),
            transport_encrypted=transport_encrypted(session, target, proxy), oldest_tls=oldest_tls(session, target, proxy),
            filtered=guarded(found), access_logged=watched(found), multi_zone=several_zones(found),
        )  # fmt: skip


def transport_encrypted(session: GcpSession, target: str, proxy: Mapping[str, Any] | None) -> bool | None:
    """Proxies of TLS refuse plain connections; one of HTTP redirects all of them, or answers."""
    if any(one in target for one in SPEAKS_TLS):
        return True
    if "/targetHttpProxies/" not in target:
        return None
    addresses = behind(session, text(proxy, "urlMap") or "") if proxy else None
    if not addresses:
        return None
    return on(addresses, "defaultUrlRedirect", "httpsRedirect") and not any(led_to(addresses))


def oldest_tls(
    session: GcpSession, target: str, proxy: Mapping[str, Any] | None
) -> Literal["none", "1.0", "1.1", "1.2", "1.3"] | None:
    """The least that the proxy's policy allows; `none` where no TLS ends here."""
    if not any(one in target for one in SPEAKS_TLS):
        return "none"
    if not proxy:
        return None
    policy = text(proxy, "sslPolicy")
    if policy is None:
        return TLS[None]
    found = behind(session, policy)
    return TLS.get(text(found, "minTlsVersion")) if found else None
