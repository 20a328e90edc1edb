"""Detectors of Security Command Center: on or off for a project, by its own settings or by those of a level above.

The inventory words the settings in two ways, of which the newer also says what is in effect. Where nobody set anything on any level,
Security Command Center was never activated.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.collector import Item
from collectors.gcp import lineage
from collectors.gcp.elements import at, text
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.gcp.wire import OPERATION

SETTINGS = "security(center|centermanagement).googleapis.com/(.*Settings|SecurityCenterService)"
NOTIFICATION = "securitycenter.googleapis.com/NotificationConfig"
EVENTS, MACHINES, CONTAINERS = "eventthreatdetection", "virtualmachinethreatdetection", "containerthreatdetection"
POSTURE = "securityhealthanalytics"
_SHORT = {"vmthreatdetection": MACHINES}
INHERITED: Literal["inherited"] = "inherited"
STATES: dict[str, bool | Literal["inherited"]] = {
    "ENABLED": True, "DISABLED": False, "INGEST_ONLY": False, "INHERITED": INHERITED, "ENABLEMENT_STATE_UNSPECIFIED": INHERITED,
}  # fmt: skip
"""State -> whether it detects."""


def on(session: GcpSession, item: Item, detector: str) -> bool | None:
    """A detector is on: the nearest level that decides. `None` where a level was not learned before one did."""
    for level in lineage.levels(item):
        known = session.worked_out("detectors", SETTINGS, RESOURCE, _settings, owner=level)
        if known is None:
            return None
        for asset in known.get(detector, ()):
            session.notes.answers.append((OPERATION, asset))
            said = _state(at(asset, "resource", "data"))
            if said != INHERITED:
                return said
    return False


def reported(session: GcpSession, item: Item) -> bool | None:
    """Findings go to a topic by themselves, by a configuration of some level."""
    for level in lineage.levels(item):
        found = session.worked_out("topics", NOTIFICATION, RESOURCE, _receivers, owner=level)
        if found is None:
            return None
        if found:
            session.notes.cites.append(found[0])
            return True
    return False


def _settings(assets: Iterator[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Detector -> its settings of this level, those that say what is in effect first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for asset in assets:
        name = asset["name"].rpartition("/")[2].lower().replace("-", "").replace("_", "").removesuffix("settings")
        found.setdefault(_SHORT.get(name, name), []).append(asset)
    for settings in found.values():
        settings.sort(key=lambda asset: text(asset, "resource", "data", "effectiveEnablementState") is None)
    return found


def _state(said: Mapping[str, Any] | None) -> bool | Literal["inherited"] | None:
    """Of the first that decides; `None` for a word that is not known."""
    for key in ("effectiveEnablementState", "intendedEnablementState", "serviceEnablementState"):
        state = STATES.get(text(said, key) or "INHERITED")
        if state != INHERITED:
            return state
    return INHERITED


def _receivers(assets: Iterator[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(asset["name"] for asset in assets if text(asset, "resource", "data", "pubsubTopic"))
