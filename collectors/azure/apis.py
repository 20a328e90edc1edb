"""API Management: each API with the gateway that serves it.

An item is an API as it was listed, with its service's row beside it under `service`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from collectors.azure.elements import every, flag, header, inner, instant, properties, said, text
from collectors.azure.gateways import Tls
from collectors.azure.logs import kept
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.serving import Endpoint

ACCESS = frozenset({"GatewayLogs"})
SECURITY = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols."
OLD: tuple[tuple[str, Tls], ...] = (("Ssl30", "1.0"), ("Tls10", "1.0"), ("Tls11", "1.1"))
"""Switches of older protocols, with what each lets in; SSL is said as 1.0."""
OFF_SINCE = datetime(2018, 4, 1, tzinfo=UTC)
"""Services made later have the older protocols off where nobody switched them."""
PROTOCOLS = {"http": False, "ws": False, "https": True, "wss": True}
"""Protocol of an API -> it is encrypted."""
ELEMENT = re.compile(r"<[a-z][a-z-]*")
CHECKS = ("<validate-jwt", "<validate-azure-ad-token", "<validate-client-certificate")


@collector(
    "azure.apis",
    sees=Endpoint,
    kinds=("api",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "callers_known"),
    redacts=("publisherEmail", "notificationSenderEmail", "certificatePassword", "encodedCertificate", "contact"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.ApiManagement/service/read",
        "Microsoft.ApiManagement/service/apis/read",
        "Microsoft.ApiManagement/service/apis/policies/read",
        "Microsoft.Insights/diagnosticSettings/read",
    ),
    where="account",
)
class Apis:
    """Every API of every service of API Management."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of each service's listing."""
        for service in session.pages("graph.ApiServices", "data"):
            for api in session.pages("arm.Apis", "value", id=service["id"]):
                yield {**api, "service": service}

    def describe(self, session: Session, item: Item) -> Endpoint:
        """Who calls is told by the API and its policy, the rest by the service."""
        service = item["service"]
        known, own = properties(service), properties(item)
        exports = cast("AzureSession", session).ask_once("arm.DiagnosticSettings", id=service["id"])
        outside, spoken = public(known), transport_encrypted(own)
        place = {**item, "location": service.get("location"), "tags": service.get("tags")}
        return Endpoint(
            **header(session, place), kind="api", public=outside, transport_encrypted=spoken, oldest_tls=oldest_tls(known),
            # Nothing stands before the service's own address, whatever stands before another one.
            filtered=None if outside is None else False,
            access_logged=None if exports is None else kept(exports, ACCESS), callers_known=callers_known(session, item),
        )  # fmt: skip


def public(known: Mapping[str, Any] | None) -> bool | None:
    """The gateway answers on the Internet; services that never set it do."""
    if known is None:
        return None
    if (text(known, "virtualNetworkType") or "").lower() == "internal":
        return False
    access = known.get("publicNetworkAccess")
    return True if access is None else said(known, "publicNetworkAccess", {"enabled": True, "disabled": False})


def transport_encrypted(own: Mapping[str, Any] | None) -> bool | None:
    """The API speaks no plain protocol."""
    listed = (own or {}).get("protocols")
    spoken = [PROTOCOLS.get(str(one).lower()) for one in listed] if isinstance(listed, list) else []
    return every(spoken)


def oldest_tls(known: Mapping[str, Any] | None) -> Tls | None:
    """The oldest protocol that is switched on."""
    if known is None:
        return None
    switches = inner(known, "customProperties") or {}
    made = instant(known, "createdAtUtc")
    for name, version in OLD:
        value = switches.get(f"{SECURITY}{name}")
        if value is None and made is None:
            return None
        if (value is None and made is not None and made < OFF_SINCE) or str(value).lower() == "true":
            return version
    return "1.2"


def without_values(answer: dict[str, Any]) -> dict[str, Any]:
    """A policy with the names of its elements only: people write passwords into policies."""
    names = ELEMENT.findall(text(inner(answer, "properties"), "value") or "")
    return {"properties": {"value": " ".join(names)}}


def callers_known(session: Session, item: Item) -> bool | None:
    """A subscription key is asked for, or a policy of the API validates a token or a certificate."""
    if flag(properties(item), "subscriptionRequired"):
        return True
    policy = cast("AzureSession", session).ask(
        "arm.ApiPolicy", id=item["id"], absent=("ResourceNotFound", "NotFound"), through=without_values
    )
    if policy is None or properties(item) is None:
        return None
    written = text(properties(policy), "value") or ""
    return any(check in written for check in CHECKS)
