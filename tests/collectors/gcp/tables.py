"""What the tables of facts share: one collector's look at one resource, and changes of single fields of its asset."""

from collections.abc import Mapping
from typing import Any

from collectors.gcp.catalogue import COLLECTORS
from tests.fakes.gcp_looking import Look, look

BY_NAME = {collector.name: collector for collector in COLLECTORS}
Row = tuple[str, str, str, dict[str, Any], dict[str, Any]]
"""Collector, end of the resource's id, end of the changed asset's name (empty: the same), changes, facts."""


def seen(collector: str, end: str) -> Any:
    """The one resource whose id ends so, as a collector sees it now."""
    found: Look = look(collectors=[BY_NAME[collector]])
    (resource,) = [one for one in found.resources.values() if one.id.endswith(end)]
    return resource


def put(target: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Set values at dotted paths; `...` takes them out."""
    for path, value in changes.items():
        *way, last = path.split(".")
        place = target
        for key in way:
            place = place.setdefault(key, {})
        if value is ...:
            place.pop(last, None)
        else:
            place[last] = value
