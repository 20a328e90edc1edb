"""Addresses that messages may be sent to."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_private(url: str) -> bool:
    """Nobody in between can read what is sent there: https, or http to this machine itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        own = is_own(host)
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and own))


def is_own(host: str) -> bool:
    """Only this machine itself is reached there."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name: where it leads is not known here
        return False
