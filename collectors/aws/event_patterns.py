"""EventBridge patterns, matched against an event as EventBridge matches them.

Source: EventBridge user guide, "Comparison operators for use in event patterns". A pattern that cannot be read, or an operator that is not
known here, matches nothing: doubt never makes an alarm.
"""

import json
from collections.abc import Mapping
from typing import Any

from collectors.aws.statements import matches as fits

MISSING = object()
"""Told apart by identity: the event has no such field."""


def matches(pattern: str | None, event: Mapping[str, Any]) -> bool:
    """The event fits the pattern, given as JSON text; a rule without one is a timer and fits no event."""
    try:
        parsed = json.loads(pattern or "")
    except ValueError:
        return False
    return isinstance(parsed, dict) and bool(parsed) and holds(parsed, event)


def holds(pattern: Mapping[str, Any], event: Any) -> bool:
    """Every field of the pattern holds."""
    known = event if isinstance(event, Mapping) else {}
    for name, wanted in pattern.items():
        if name == "$or":
            if not (isinstance(wanted, list) and any(isinstance(one, Mapping) and holds(one, known) for one in wanted)):
                return False
        elif isinstance(wanted, Mapping):
            if not holds(wanted, known.get(name)):
                return False
        elif not isinstance(wanted, list) or not any(admits(one, known.get(name, MISSING)) for one in wanted):
            return False
    return True


def admits(matcher: Any, value: Any) -> bool:
    """One of a field's matchers admits its value; of a list, any of its elements."""
    if isinstance(value, list):
        return any(admits(matcher, one) for one in value)
    if not isinstance(matcher, Mapping):
        return value is not MISSING and bool(matcher == value) and isinstance(matcher, bool) == isinstance(value, bool)
    return len(matcher) == 1 and all(operates(name, operand, value) for name, operand in matcher.items())


def operates(name: str, operand: Any, value: Any) -> bool:  # noqa: PLR0911 - a line for each operator
    """One comparison operator."""
    if name == "exists":
        return (value is not MISSING) is operand
    if value is MISSING:
        return False
    match name, operand, value:
        case "prefix", str(), str():
            return value.startswith(operand)
        case "suffix", str(), str():
            return value.endswith(operand)
        case "equals-ignore-case", str(), str():
            return value.lower() == operand.lower()
        case "wildcard", str(), str():
            return "?" not in operand and fits(operand, value)
        case "numeric", list(), int() | float():
            return numeric(operand, value)
        case "anything-but", str() | int() | float(), _:
            return bool(value != operand)
        case "anything-but", list(), _ if not any(isinstance(one, Mapping) for one in operand):
            return value not in operand
    return False


def numeric(operand: list[Any], value: float) -> bool:
    """Pairs of a sign and a number, all of which must hold."""
    signs = {"=": 0, "<": -1, ">": 1}
    pairs = list(zip(operand[::2], operand[1::2], strict=False))
    if not pairs or len(operand) % 2:
        return False
    for sign, bound in pairs:
        if not isinstance(bound, int | float) or not isinstance(sign, str):
            return False
        order = (value > bound) - (value < bound)
        if order not in {signs[one] for one in sign if one in signs}:
            return False
    return True
