"""Which of Google's services a project has enabled."""

from collections.abc import Iterator
from typing import Any

from collectors.gcp.elements import text
from collectors.gcp.session import RESOURCE, GcpSession

SERVICE = "serviceusage.googleapis.com/Service"


def enabled(session: GcpSession, service: str) -> bool | None:
    """A service (`dlp.googleapis.com`) is enabled in the cell's project; `None` and a gap if not learned."""
    found = session.worked_out("enabled", SERVICE, RESOURCE, _enabled)
    return None if found is None else service in found


def _enabled(assets: Iterator[dict[str, Any]]) -> frozenset[str]:
    """The inventory lists those that are enabled, and may still list one that no longer is."""
    return frozenset(
        asset["name"].rpartition("/services/")[2]
        for asset in assets
        if text(asset, "resource", "data", "state") in {None, "ENABLED"}
    )
