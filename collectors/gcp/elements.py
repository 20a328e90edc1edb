"""Reading single fields of assets, each strictly: what is not there, or of another type, is not learned."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

_ZONE = re.compile(r"(?P<region>[a-z]+-[a-z]+\d+)-[a-z]")
_PATH = re.compile(r"projects/.+")
_PLACE = re.compile(r"/(?:locations|regions|zones)/([^/]+)/")
_SECONDS = re.compile(r"(\d+)(?:\.\d+)?s")


def data(asset: Mapping[str, Any]) -> dict[str, Any]:
    """The provider's own description of the resource. Raises `KeyError` for an asset without one, which is then malformed."""
    found = asset["resource"]["data"]
    return dict(found)


def at(element: Any, *path: str) -> Any:
    """The value at the end of a path of keys; `None` where the path ends early."""
    for key in path:
        if not isinstance(element, dict):  # a plain answer has no other mapping
            return None
        element = element.get(key)
    return element


def flag(element: Any, *path: str) -> bool | None:
    """A boolean; fields of Google's that are off are left out, so ask with `off` where that is documented."""
    value = at(element, *path)
    return value if isinstance(value, bool) else None


def on(element: Any, *path: str) -> bool:
    """A boolean that Google leaves out where it is off."""
    return at(element, *path) is True


def number(element: Any, *path: str) -> int | None:
    """A whole number, or one in a string, as Google writes those of 64 bits."""
    value = at(element, *path)
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(element: Any, *path: str) -> str | None:
    """A string that is not empty."""
    for key in path:  # as `at`, without the call: this is asked ten times an asset
        if not isinstance(element, dict):
            return None
        element = element.get(key)
    return element if isinstance(element, str) and element else None


def texts(element: Any, *path: str) -> tuple[str, ...]:
    """The strings of a list; `()` where the list is left out."""
    value = at(element, *path)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def parts(element: Any, *path: str) -> tuple[dict[str, Any], ...]:
    """The objects of a list; `()` where the list is left out."""
    value = at(element, *path)
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def seconds(element: Any, *path: str) -> int | None:
    """A duration such as `7776000s`."""
    said = _SECONDS.fullmatch(text(element, *path) or "")
    return int(said[1]) if said else None


def instant(element: Any, *path: str) -> datetime | None:
    """A point in time as RFC 3339; `None` for what is none, or has no zone."""
    try:
        found = datetime.fromisoformat(text(element, *path) or "")
    except ValueError:
        return None
    return found.astimezone(UTC).replace(microsecond=0) if found.tzinfo else None


def labels(element: Mapping[str, Any], key: str = "labels") -> dict[str, str]:
    """The resource's labels, sorted; Google leaves the field out where there are none."""
    found = at(element, key)
    return {name: str(found[name]) for name in sorted(found)} if isinstance(found, dict) else {}


def last(name: str | None) -> str | None:
    """What a path ends with: `default` of `projects/p/global/networks/default`."""
    return name.rsplit("/", 1)[-1] if name else None


def path(url: str | None) -> str | None:
    """`projects/p/zones/z/disks/d` of an URL or of a full name: one thing has several addresses."""
    found = _PATH.search(url or "")
    return found[0] if found else None


def region(asset: Mapping[str, Any], *path: str) -> str:
    """Where it lies, in Google's lower-case words: a region, a multi-region, `global`; of a zone, its region."""
    said = text(asset, "resource", "location") or text(asset, "resource", "data", *(path or ("location",)))
    return _region_of(said or _named_place(asset["name"]))


def _named_place(name: str) -> str:
    """The place that stands in a name: of assets that say it nowhere else."""
    found = _PLACE.search(name)
    return found[1] if found else "global"


@lru_cache(maxsize=1024)
def _region_of(place: str) -> str:
    """There are few places and many assets."""
    place = last(place.lower()) or "global"
    zone = _ZONE.fullmatch(place)
    return zone["region"] if zone else place


def key_held_by(key: str | None) -> Literal["provider", "customer"]:
    """Whose key encrypts what Google stores: nothing is stored unencrypted (Google Cloud, "Default encryption at rest")."""
    return "customer" if key else "provider"


def tri_any(facts: Iterable[bool | None]) -> bool | None:
    """One is true; `None` where none is and one was not learned."""
    found = tuple(facts)
    return True if True in found else None if None in found else False
