"""Assets of Compute Engine in the words of before 2020, when the inventory named lists in the singular.

Dumps of then are still about, and a few types came in both words at once for a while: the newer words go before.
"""

from collections.abc import Mapping
from typing import Any

ANEW = {
    "networkInterface": "networkInterfaces", "accessConfig": "accessConfigs", "ipv6AccessConfig": "ipv6AccessConfigs",
    "serviceAccount": "serviceAccounts", "scope": "scopes", "sourceRange": "sourceRanges", "sourceTag": "sourceTags",
    "sourceServiceAccount": "sourceServiceAccounts", "ipProtocol": "IPProtocol", "port": "ports", "backend": "backends",
}  # fmt: skip
"""Old word -> new word."""


def anew(element: Mapping[str, Any]) -> Mapping[str, Any]:
    """A description in the newer words; as it is where none of the old ones stands in it, or in the elements of its lists."""
    return _worded(element) if _old(element) or any(map(_old_inside, element.values())) else element


def _old(value: Any) -> bool:
    return isinstance(value, dict) and not ANEW.keys().isdisjoint(value)


def _old_inside(value: Any) -> bool:
    return isinstance(value, list) and any(map(_old, value))


def _worded(element: Mapping[str, Any]) -> dict[str, Any]:
    return {ANEW.get(key, key): _inside(value) for key, value in element.items() if ANEW.get(key) not in element}


def _inside(value: Any) -> Any:
    if isinstance(value, dict):
        return _worded(value)
    return [_inside(one) for one in value] if isinstance(value, list) else value
