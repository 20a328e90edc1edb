"""Versions of TLS as AWS names them: which is the oldest that something accepts."""

from collections.abc import Iterable
from typing import Literal

Version = Literal["none", "1.0", "1.1", "1.2", "1.3"]

VERSIONS: dict[str, Version] = {
    "SSLV2": "1.0", "SSLV3": "1.0", "TLSV1": "1.0", "TLSV1.0": "1.0", "TLSV1.1": "1.1", "TLSV1.2": "1.2", "TLSV1.3": "1.3",
}  # fmt: skip
"""Protocols in the words of Elastic Load Balancing and CloudFront, in capitals; SSL counts as the oldest TLS."""


SCHEMES = {"internet-facing": True, "internal": False}
"""A load balancer's scheme -> it can be reached from the Internet."""


def version(protocol: str) -> Version | None:
    """The version that one protocol's name stands for."""
    return VERSIONS.get(protocol.upper())


def oldest(accepted: Iterable[Version | None]) -> Version | None:
    """The oldest of some versions; `none` where there are none, `None` where one was not learned and none is the very oldest."""
    found = set(accepted)
    if "1.0" in found or None not in found:
        return min((one for one in found if one), default="none")
    return None
