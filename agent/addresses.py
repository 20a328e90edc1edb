"""Addresses that messages may be sent to."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_private(url: str) -> bool:
    """Nobody in between can read what is sent there: https, or http to this machine itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        own = host == "localhost" or _is_loopback(host)
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and own))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name: where it leads is not known here
        return False
