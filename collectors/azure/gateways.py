"""Application gateways: the load balancers that end TLS. Those that pass packets on end nothing, and are no end point here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, cast

from collectors.azure.elements import every, flag, header, inner, listed, properties, some, text
from collectors.azure.locks import GRANT, locked
from collectors.azure.logs import kept
from collectors.azure.machines import own_id
from collectors.azure.scalesets import multi_zone
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.serving import Endpoint

Tls = Literal["none", "1.0", "1.1", "1.2", "1.3"]
ACCESS = frozenset({"ApplicationGatewayAccessLog"})
POLICIES: Mapping[str, Tls] = {
    "appgwsslpolicy20150501": "1.0", "appgwsslpolicy20170401": "1.1", "appgwsslpolicy20170401s": "1.2",
    "appgwsslpolicy20220101": "1.2", "appgwsslpolicy20220101s": "1.2",
}  # fmt: skip
"""Azure's own policies of TLS -> the oldest version that each accepts."""
SPOKEN = {"http": False, "tcp": False, "https": True, "tls": True}
"""Protocol of a listener -> it is encrypted."""
VERSIONS: Mapping[str, Tls] = {"tlsv1_0": "1.0", "tlsv1_1": "1.1", "tlsv1_2": "1.2", "tlsv1_3": "1.3"}


@collector(
    "azure.gateways",
    sees=Endpoint,
    kinds=("load balancer",),
    learns=(
        "public",
        "transport_encrypted",
        "oldest_tls",
        "filtered",
        "access_logged",
        "multi_zone",
        "deletion_protected",
    ),
    moves=("etag", "operationalState"),
    redacts=("data", "publicCertData", "password"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Network/applicationGateways/read",
        "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies/read",
        "Microsoft.Insights/diagnosticSettings/read",
        GRANT,
    ),
    where="account",
)
class Gateways:
    """Every application gateway of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Gateways", "data")

    def describe(self, session: Session, item: Item) -> Endpoint:
        """The row tells all but its logs, its locks and the policies of its firewall."""
        known = properties(item)
        exports = session.ask("arm.DiagnosticSettings", id=item["id"])
        frontends = listed(known, "frontendIPConfigurations")
        return Endpoint(
            **header(session, item), kind="load balancer", public=None if frontends is None else some(map(faces_internet, frontends)),
            transport_encrypted=transport_encrypted(known), oldest_tls=oldest_tls(known), filtered=filtered(session, known),
            access_logged=None if exports is None else kept(exports, ACCESS), multi_zone=multi_zone(item),
            deletion_protected=locked(session, item["id"]),
        )  # fmt: skip


def faces_internet(frontend: Mapping[str, Any]) -> bool | None:
    """One of its addresses is a public one; one of a subnet is not."""
    known = properties(frontend)
    if inner(known, "publicIPAddress") is not None:
        return True
    return False if inner(known, "subnet") is not None or text(known, "privateIPAddress") else None


def transport_encrypted(known: Mapping[str, Any] | None) -> bool | None:
    """Every listener speaks TLS, or sends its callers to one that does."""
    listeners = listed(known, "httpListeners")
    if listeners is None:
        return None
    return not listeners or every(refuses_plain(known, one) for one in listeners)


def refuses_plain(known: Mapping[str, Any] | None, listener: Mapping[str, Any]) -> bool | None:
    """One listener speaks TLS, or sends its callers on."""
    speaks = SPOKEN.get((text(properties(listener), "protocol") or "").lower())
    return redirected(known, listener) if speaks is False else speaks


def redirected(known: Mapping[str, Any] | None, listener: Mapping[str, Any]) -> bool | None:
    """All rules of a listener send its callers on, to an address or a listener with TLS."""
    rules, ways = listed(known, "requestRoutingRules"), listed(known, "redirectConfigurations")
    if rules is None or ways is None:
        return None
    named = _id(listener)
    own = [one for one in rules if _id(inner(one, "properties", "httpListener")) == named]
    safe = {_id(one) for one in ways if leads_to_tls(known, one)} - {""}
    return bool(own) and all(_id(inner(one, "properties", "redirectConfiguration")) in safe for one in own)


def leads_to_tls(known: Mapping[str, Any] | None, way: Mapping[str, Any]) -> bool:
    """A redirection ends at `https:` or at a listener with TLS."""
    target = _id(inner(way, "properties", "targetListener"))
    speaks = {_id(one) for one in listed(known, "httpListeners") or () if text(properties(one), "protocol") == "Https"}
    return (text(properties(way), "targetUrl") or "").lower().startswith("https:") or bool(target and target in speaks)


def oldest_tls(known: Mapping[str, Any] | None) -> Tls | None:
    """Of the gateway's policy and of those that listeners have of their own; `none` where no listener speaks TLS."""
    listeners = listed(known, "httpListeners")
    if known is None or listeners is None:
        return None
    spoken = some(SPOKEN.get((text(properties(one), "protocol") or "").lower()) for one in listeners)
    if not spoken:
        return None if spoken is None else "none"
    default = POLICIES.get((text(known, "defaultPredefinedSslPolicy") or "").lower())
    policies = [
        known.get("sslPolicy"),
        *((properties(one) or {}).get("sslPolicy") for one in listed(known, "sslProfiles") or ()),
    ]
    found = [default if one is None else of_policy(one) for one in policies]
    return oldest(found)


def of_policy(policy: Any) -> Tls | None:
    """The oldest version that one policy accepts."""
    if not isinstance(policy, Mapping):
        return None
    named, least = text(policy, "policyName"), text(policy, "minProtocolVersion")
    return POLICIES.get(named.lower()) if named else VERSIONS.get(least.lower()) if least else None


def oldest(found: Iterable[Tls | None]) -> Tls | None:
    """The least of several versions, if all are known."""
    every_one = list(found)
    known = sorted(one for one in every_one if one is not None)
    return None if not known or len(known) < len(every_one) else known[0]


def filtered(session: Session, known: Mapping[str, Any] | None) -> bool | None:
    """A policy of the firewall is on it, and on; or the older firewall inside the gateway is."""
    if known is None:
        return None
    if flag(inner(known, "webApplicationFirewallConfiguration"), "enabled"):
        return True
    policy = text(inner(known, "firewallPolicy"), "id")
    if policy is None:
        return False
    rows = cast("AzureSession", session).joined("graph.GatewayShields", own_id, policy)
    return some(_at_work(one) for one in rows) if rows else None


def _at_work(policy: Mapping[str, Any]) -> bool | None:
    state = text(inner(policy, "properties", "policySettings"), "state")
    return None if state is None else state.lower() == "enabled"


def _id(element: Mapping[str, Any] | None) -> str:
    return (text(element, "id") or "").lower()
