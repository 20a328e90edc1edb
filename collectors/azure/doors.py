"""Azure Front Door: what callers of its end points and domains may speak, and which of them a firewall guards.

The older kinds of content delivery share its type of resource and say none of this: of them nothing is learned but that they are there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import every, header, inner, listed, properties, text
from collectors.azure.gateways import Tls, oldest
from collectors.azure.logs import kept
from collectors.collector import Item, Session, collector
from collectors.serving import Endpoint

ACCESS = frozenset({"FrontDoorAccessLog"})
PROTOCOLS = {"http": False, "https": True}
VERSIONS: Mapping[str, Tls] = {"tls10": "1.0", "tls12": "1.2", "tls13": "1.3"}
OWN_DOMAIN: Tls = "1.2"
"""What `azurefd.net` accepts: Front Door ended older versions in March 2025."""


@collector(
    "azure.front_doors",
    sees=Endpoint,
    kinds=("content delivery",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged"),
    redacts=("validationToken", "validationProperties"),
    moves=("extendedProperties", "expirationDate"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Cdn/profiles/read",
        "Microsoft.Cdn/profiles/customdomains/read",
        "Microsoft.Cdn/profiles/afdendpoints/read",
        "Microsoft.Cdn/profiles/afdendpoints/routes/read",
        "Microsoft.Cdn/profiles/securitypolicies/read",
        "Microsoft.Insights/diagnosticSettings/read",
    ),
    where="account",
)
class FrontDoors:
    """Every profile of Front Door and of content delivery."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.FrontDoors", "data")

    def describe(self, session: Session, item: Item) -> Endpoint:
        """Domains, end points with their routes, firewall policies and logs are asked for."""
        if "frontdoor" not in (text(inner(item, "sku"), "name") or "").lower():
            return Endpoint(**header(session, item), kind="content delivery", public=True)
        domains = listed(session.ask("arm.DoorDomains", id=item["id"]), "value")
        entries = listed(session.ask("arm.DoorEndpoints", id=item["id"]), "value")
        shields = listed(session.ask("arm.DoorShields", id=item["id"]), "value")
        exports = session.ask("arm.DiagnosticSettings", id=item["id"])
        return Endpoint(
            **header(session, item), kind="content delivery", public=True, oldest_tls=oldest_tls(domains, entries),
            transport_encrypted=transport_encrypted(session, entries), filtered=filtered(domains, entries, shields),
            access_logged=None if exports is None else kept(exports, ACCESS),
        )  # fmt: skip


Elements = list[Mapping[str, Any]] | None


def oldest_tls(domains: Elements, entries: Elements) -> Tls | None:
    """The oldest version that one of the domains accepts."""
    if domains is None or entries is None:
        return None
    least = [text(inner(one, "properties", "tlsSettings"), "minimumTlsVersion") for one in domains]
    return oldest([OWN_DOMAIN if entries else "none", *(VERSIONS.get((one or "").lower()) for one in least)])


def transport_encrypted(session: Session, entries: Elements) -> bool | None:
    """Every route takes HTTPS only, or sends others there."""
    if entries is None:
        return None
    routes: list[Mapping[str, Any]] = []
    for one in entries:
        found = listed(session.ask("arm.DoorRoutes", id=one["id"]), "value")
        if found is None:
            return None
        routes += found
    return not routes or every(map(encrypted, routes))


def encrypted(route: Mapping[str, Any]) -> bool | None:
    """One route does not serve plain HTTP."""
    known = properties(route)
    spoken = (known or {}).get("supportedProtocols")
    if not isinstance(spoken, list):
        return None
    if (text(known, "httpsRedirect") or "").lower() == "enabled":
        return True
    return every(PROTOCOLS.get(str(one).lower()) for one in spoken)


def filtered(domains: Elements, entries: Elements, shields: Elements) -> bool | None:
    """A firewall policy is associated with every end point and every domain."""
    if domains is None or entries is None or shields is None:
        return None
    guarded = {
        (text(each, "id") or "").lower()
        for one in shields
        for association in listed(inner(one, "properties", "parameters"), "associations") or ()
        for each in listed(association, "domains") or ()
    }
    return bool(entries) and {str(one["id"]).lower() for one in (*domains, *entries)} <= guarded
