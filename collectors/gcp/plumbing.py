"""What lies behind a forwarding rule: proxies, maps of addresses, policies of TLS, services and buckets, pools and groups."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.gcp.elements import at, on, parts, path, text, texts
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.gcp.wording import anew

PLUMBING = "compute.googleapis.com/(Region|Global)?(BackendBucket|BackendService|SslPolicy|Target(.*Proxy|Instance|Pool)|UrlMap)"
"""All in one listing: an estate has few of each."""
_PLACE = re.compile(r"/(zones/[^/]+|regions/[^/]+|global)/")
DEFAULTS = ("defaultService", "defaultUrlRedirect", "defaultRouteAction")
"""What a map of addresses does with those that it does not name: one of these."""
Backends = tuple[Mapping[str, Any], ...] | None
"""Descriptions of services and buckets, `None` if one of them was not learned."""


def behind(session: GcpSession, url: str) -> dict[str, Any] | None:
    """The description of what an URL names, cited; `None` if it was not learned, or is not there."""
    found = session.named(PLUMBING, RESOURCE, f"//compute.googleapis.com/{path(url)}")
    if not found:
        return None
    session.notes.cites.append(found["name"])
    described = at(found, "resource", "data")
    return dict(anew(described)) if isinstance(described, dict) else None


def backends(session: GcpSession, rule: Mapping[str, Any], proxy: Mapping[str, Any] | None) -> Backends:
    """All services, buckets, pools and machines to which a rule may lead; none for one that only redirects."""
    if proxy is None:
        return None
    if "instances" in proxy or "instance" in proxy:
        return (proxy,)
    named = {text(rule, "backendService"), text(proxy, "service"), text(proxy, "backendService")} - {None}
    if addresses := text(proxy, "urlMap"):
        found = behind(session, addresses)
        if found is None or not any(key in found for key in DEFAULTS):
            return None
        named |= set(led_to(found))
    elif not named:
        return None  # a proxy leads somewhere
    known = [behind(session, str(one)) for one in sorted(map(str, named))]
    return None if None in known else tuple(one for one in known if one is not None)


def led_to(addresses: Any) -> Iterator[str]:
    """Every service that a map of addresses names, at any depth: by default, by path, by rule, with weights."""
    if isinstance(addresses, dict):
        for key, value in addresses.items():
            if key in {"defaultService", "service", "backendService"} and isinstance(value, str):
                yield value
            elif key != "tests":
                yield from led_to(value)
    elif isinstance(addresses, list):
        for one in addresses:
            yield from led_to(one)


def guarded(found: Backends) -> bool | None:
    """Each has a policy of Cloud Armor; buckets take one at the edge only. What only redirects has nothing to guard."""
    if found is None:
        return None
    return all(text(one, "edgeSecurityPolicy" if "bucketName" in one else "securityPolicy") for one in found)


def watched(found: Backends) -> bool | None:
    """Each keeps a log of its requests; those of buckets are always kept. Of what only redirects or passes on that is not learned."""
    if not found or any("instances" in one or "instance" in one for one in found):
        return None
    return all("bucketName" in one or on(one, "logConfig", "enable") for one in found)


def several_zones(found: Backends) -> bool | None:
    """Backends lie in more than one zone, or in groups that a region spreads. Buckets do always, and so does what only redirects."""
    if found is None:
        return None
    if not found or any("bucketName" in one for one in found):
        return True
    members = [
        member
        for one in found
        for member in (
            *(text(group, "group") or "" for group in parts(one, "backends")),
            *texts(one, "instances"),
            *filter(None, (text(one, "instance"),)),
        )
    ]
    return spread(members) if members else None


def spread(members: Iterable[str]) -> bool | None:
    """Groups, endpoints or machines by URL: two zones, or one that a region or all of Google holds."""
    zones = [_PLACE.search(member) for member in members]
    if len({zone[1] for zone in zones if zone}) > 1 or any(zone and not zone[1].startswith("zones/") for zone in zones):
        return True
    return None if None in zones else False
