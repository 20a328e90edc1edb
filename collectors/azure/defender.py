"""Defender for Cloud's plans: which of its services a subscription pays for, and with which extensions."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from collectors.azure.elements import flag, listed, properties, said, text

TIERS = {"standard": True, "free": False}


class Plan(NamedTuple):
    """One plan of a subscription."""

    on: bool
    extensions: frozenset[str]
    """Names of the extensions that are switched on."""


def plans(answer: Mapping[str, Any] | None) -> dict[str, Plan | None] | None:
    """Plan by name, those that others replace left out; `None` for one, or for all, that cannot be read."""
    found = listed(answer, "value")
    if found is None:
        return None
    return {str(one.get("name")): _plan(one) for one in found if not flag(properties(one), "deprecated")}


def plan(answer: Mapping[str, Any] | None, name: str) -> Plan | None:
    """One plan; one that Azure does not list is off."""
    known = plans(answer)
    return None if known is None else known.get(name, Plan(on=False, extensions=frozenset()))


def _plan(one: Mapping[str, Any]) -> Plan | None:
    known = properties(one)
    on = said(known, "pricingTier", TIERS)
    if on is None:
        return None
    extensions = listed(known, "extensions") or []
    return Plan(on=on, extensions=frozenset(text(each, "name") or "" for each in extensions if _enabled(each)))


def _enabled(extension: Mapping[str, Any]) -> bool:
    """Azure writes `True` and `False` as text here."""
    return str(extension.get("isEnabled")).lower() == "true"
