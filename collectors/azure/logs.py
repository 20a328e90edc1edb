"""Diagnostic settings: which categories of log are kept, and where."""

from collections.abc import Iterable, Mapping
from typing import Any

from collectors.azure.elements import flag, listed, properties, text

DESTINATIONS = ("storageAccountId", "workspaceId", "eventHubAuthorizationRuleId", "marketplacePartnerId")
EVERYTHING = frozenset({"alllogs", "audit"})
"""Category groups that hold the records of access."""


def kept(answer: Mapping[str, Any], wanted: Iterable[str]) -> bool | None:
    """One of the settings under `value` keeps all wanted categories somewhere; `None` where the settings cannot be read."""
    settings = listed(answer, "value")
    if settings is None:
        return None
    found = [keeps(one, frozenset(wanted)) for one in settings]
    return True if True in found else None if None in found else False


def keeps(setting: Mapping[str, Any], wanted: frozenset[str]) -> bool | None:
    """One setting has a destination and all wanted categories switched on."""
    known = properties(setting)
    logs = listed(known, "logs")
    if known is None or logs is None:
        return None
    on = [one for one in logs if flag(one, "enabled")]
    groups = {str(one.get("categoryGroup") or "").lower() for one in on}
    categories = {str(one.get("category") or "") for one in on}
    return bool(destinations(known)) and (bool(groups & EVERYTHING) or wanted <= categories)


def destinations(known: Mapping[str, Any]) -> tuple[str, ...]:
    """Which kinds of destination a setting's properties name."""
    return tuple(name for name in DESTINATIONS if text(known, name))
