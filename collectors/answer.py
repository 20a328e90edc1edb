"""A provider's answer as plain JSON, and what is taken out of it before it is kept."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

TRANSPORT = frozenset({"ResponseMetadata"})
"""Top-level keys that the SDK adds: request ids and headers, which move with every call and are kept in `Call`."""

_AS_IT_IS = frozenset({str, int, bool, float, type(None)})


class Plain(dict[str, Any]):
    """An answer that its cloud's own machinery made of JSON's types, without transport keys."""


class Clean(Plain):
    """One that came in a text which holds nothing that `collectors.detectors` looks for, so that nobody has to look again."""


def plain(answer: Any) -> Any:
    """The answer in JSON's own types: datetimes as UTC ISO with `Z`, bytes as base64, without the SDK's transport keys.

    Raises `TypeError` for what JSON cannot say.
    """
    if isinstance(answer, Plain):
        return answer
    if isinstance(answer, Mapping):
        return {key: _plain(value) for key, value in answer.items() if key not in TRANSPORT}
    return _plain(answer)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:  # what a client makes of JSON has these very types; others are asked for what they are like
        return value
    if kind is dict:
        return {str(key): _plain(inner) for key, inner in value.items()}
    if kind is list:
        return [_plain(inner) for inner in value]
    return _unlike(value)


def _unlike(value: Any) -> Any:
    match value:
        case bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case datetime():
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def parted(answer: Any, moving: frozenset[str]) -> tuple[Any, Any]:
    """What stands still in a plain answer, and what moves by itself: the values under `moving` keys, at any depth.

    The moving part has the shape of the whole: objects hold only the keys that lead to something moving, lists keep their length
    with `null` for elements in which nothing moves. It is `None` when nothing moves.
    """
    if not moving:
        return answer, None
    if isinstance(answer, dict):
        still: dict[str, Any] = {}
        moved: dict[str, Any] = {}
        for key, value in answer.items():
            if key in moving:
                moved[key] = value
                continue
            still[key], part = parted(value, moving)
            if part is not None:
                moved[key] = part
        return still, moved or None
    if isinstance(answer, list):
        pairs = [parted(value, moving) for value in answer]
        parts = [part for _, part in pairs]
        return [rest for rest, _ in pairs], parts if any(part is not None for part in parts) else None
    return answer, None


def withheld(answer: Any, keys: frozenset[str]) -> Any:
    """The plain answer with the values under `keys`, at any depth, replaced by `[redacted: <key>]`."""
    if not keys:
        return answer
    if isinstance(answer, dict):
        return {key: f"[redacted: {key}]" if key in keys else withheld(value, keys) for key, value in answer.items()}
    if isinstance(answer, list):
        return [withheld(value, keys) for value in answer]
    return answer
