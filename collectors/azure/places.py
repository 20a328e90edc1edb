"""The clouds of Azure: endpoints, token scopes and hosts, one row each; and the one way to be sent elsewhere.

Source: `azure.mgmt.core.tools.get_arm_endpoints` and Microsoft Graph's "national cloud deployments"; a test holds the rows against
the SDK, so that what marks SIMULATED does not trust what it marks.
"""

import ipaddress
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

ENDPOINT_VARIABLE = "STARCADENCE_AZURE_ENDPOINT"
"""Sends everything but the asking for tokens to one other address: a fake. What is read there is SIMULATED."""

AUTHORITY_VARIABLE = "AZURE_AUTHORITY_HOST"
"""Azure's own variable for another place that gives tokens, as disconnected clouds have one; always over TLS."""


class Place(NamedTuple):
    """One cloud."""

    manager: str
    """Resource Manager and Resource Graph."""
    manager_scope: str
    directory: str
    """Microsoft Graph."""
    directory_scope: str
    authority: str
    """Where tokens come from."""


PLACES = {
    "AzureCloud": Place(
        "https://management.azure.com", "https://management.azure.com/.default", "https://graph.microsoft.com",
        "https://graph.microsoft.com/.default", "login.microsoftonline.com",
    ),
    "AzureUSGovernment": Place(
        "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net/.default", "https://graph.microsoft.us",
        "https://graph.microsoft.us/.default", "login.microsoftonline.us",
    ),
    "AzureChinaCloud": Place(
        "https://management.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default", "https://microsoftgraph.chinacloudapi.cn",
        "https://microsoftgraph.chinacloudapi.cn/.default", "login.chinacloudapi.cn",
    ),
}  # fmt: skip
"""By the name that the Azure CLI gives them."""
REAL_HOSTS = frozenset(
    urlsplit(address).netloc for place in PLACES.values() for address in (place.manager, place.directory)
)


class BadEndpoint(ValueError):
    """`STARCADENCE_AZURE_ENDPOINT` names a place where tokens would travel in the clear; the message says what to write."""


def is_provider_host(host: str) -> bool:
    """The host is one of Azure's own endpoints; what is read elsewhere is marked SIMULATED."""
    return host.lower() in REAL_HOSTS


def host_of(url: str) -> str:
    """Host of a URL in lower case and its port, but for that of the scheme: Azure writes `:443` into some links."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    return host.removesuffix({"https": ":443", "http": ":80"}.get(parts.scheme, ""))


def place_of(cloud: str, environment: Mapping[str, str]) -> Place:
    """A cloud's row, or the endpoint that the environment names instead. Raises `BadEndpoint`."""
    place = PLACES[cloud]
    authority = environment.get(AUTHORITY_VARIABLE, "").removeprefix("https://").rstrip("/")
    place = place._replace(authority=authority or place.authority)
    endpoint = environment.get(ENDPOINT_VARIABLE, "").rstrip("/")
    if not endpoint:
        return place
    parts = urlsplit(endpoint)
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and _loopback(parts.hostname))):
        raise BadEndpoint(f"{ENDPOINT_VARIABLE} must be an https address, or http on this machine itself (127.0.0.1)")
    return place._replace(manager=endpoint, directory=endpoint)


def is_known_authority(host: str) -> bool:
    """Microsoft can be asked whether the host is one of its own; another's must be trusted unasked."""
    return host in {place.authority for place in PLACES.values()}


def is_plain(place: Place) -> bool:
    """The endpoint is without TLS: a fake on this machine."""
    return place.manager.startswith("http://")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
