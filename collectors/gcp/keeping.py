"""Whether what a project's services write is kept: by its `_Default` sink, or by another one that takes everything."""

from collections.abc import Iterator
from typing import Any

from collectors.gcp.elements import at, flag, on, parts, text
from collectors.gcp.session import RESOURCE, GcpSession

SINK = "logging.googleapis.com/LogSink"


def logged(session: GcpSession) -> bool | None:
    """Services of Google's write to Cloud Logging by themselves; a sink must keep it. `None` where a sink leaves something out."""
    return session.worked_out("keeping", SINK, RESOURCE, _kept)


def _kept(assets: Iterator[dict[str, Any]]) -> bool | None:
    """`_Default` always takes all but the audit logs that `_Required` keeps; any other sink is narrowed by its filter."""
    partly = False
    for asset in assets:
        sink = at(asset, "resource", "data")
        everything = asset["name"].endswith("/_Default") or text(sink, "name") == "_Default" or not text(sink, "filter")
        if not sink or flag(sink, "disabled") is not at(sink, "disabled"):
            partly = True  # it may be the one
            continue
        if not everything or on(sink, "disabled"):
            continue
        if not any(not on(one, "disabled") for one in parts(sink, "exclusions")):
            return True
        partly = True
    return None if partly else False
