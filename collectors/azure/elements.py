"""Reading single fields of Azure's answers, each strictly: what is not there, or of another type, is not learned."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from collectors.collector import Item, Session

_SPAN = re.compile(r"P(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T.*)?", re.ASCII)


class Header(TypedDict):
    """What every resource says of itself."""

    id: str
    provider: str
    account: str
    region: str
    name: str | None
    tags: dict[str, str] | None
    managed_by: Any


def header(session: Session, item: Item) -> Header:
    """The header of a resource as Resource Manager and Resource Graph both write it. ids do not depend on letters' case."""
    return {
        "id": item["id"].lower(), "provider": "azure", "account": session.account, "region": text(item, "location") or "global",
        "name": text(item, "name"), "tags": tags(item), "managed_by": "customer",
    }  # fmt: skip


def properties(item: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The object under `properties`; `None` where there is none."""
    found = (
        item.get("properties") if item is not None else None
    )  # as `inner`, without the call: this is asked of every item
    return found if isinstance(found, dict) else None


def inner(element: Mapping[str, Any] | None, *keys: str) -> Mapping[str, Any] | None:
    """An object in an object; `None` where the way ends earlier."""
    for key in keys:
        found = element.get(key) if element is not None else None
        element = found if isinstance(found, dict) else None  # asked of a class, not of `Mapping`: a third of the time
    return element


def listed(element: Mapping[str, Any] | None, key: str) -> list[Mapping[str, Any]] | None:
    """A list of objects; `None` where it is not one."""
    found = element.get(key) if element is not None else None
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None


def flag(element: Mapping[str, Any] | None, key: str) -> bool | None:
    """A boolean field."""
    value = element.get(key) if element is not None else None
    return value if isinstance(value, bool) else None


def switched(element: Mapping[str, Any] | None, *keys: str) -> bool | None:
    """A boolean field that Azure leaves out, or null, with the objects around it, until it is set once: then it is off."""
    for key in keys[:-1]:
        if element is None:
            return None
        found = element.get(key)
        if found is not None and not isinstance(found, dict):
            return None
        element = found or {}
    if element is None:
        return None
    value = element.get(keys[-1])
    return False if value is None else flag(element, keys[-1])


def number(element: Mapping[str, Any] | None, key: str) -> int | None:
    """A whole number."""
    value = element.get(key) if element is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(element: Mapping[str, Any] | None, key: str) -> str | None:
    """A string that is not empty."""
    value = element.get(key) if element is not None else None
    return value if isinstance(value, str) and value else None


def said(element: Mapping[str, Any] | None, key: str, words: Mapping[str, bool]) -> bool | None:
    """A word of a list, in whatever case, as yes or no; another one is not learned."""
    value = text(element, key)
    return words.get(value.lower()) if value else None


def instant(element: Mapping[str, Any] | None, key: str) -> datetime | None:
    """A point in time as ISO text; without a zone it is UTC."""
    value = text(element, key)
    try:
        found = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    if found is None:
        return None
    if found.tzinfo is UTC:
        return found
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def tags(item: Mapping[str, Any]) -> dict[str, str] | None:
    """Tags, sorted by key; Azure writes null, or nothing, where there are none."""
    found = item.get("tags")
    if found is None:
        return {}
    if not isinstance(found, dict):
        return None
    return {key: value if type(value) is str else "" for key, value in sorted(found.items())} if found else {}


def every(values: Iterable[bool | None]) -> bool | None:
    """All are so; one that is not is enough to say no. Of nothing, nothing is learned."""
    found = tuple(values)
    if False in found:
        return False
    return None if not found or None in found else True


def some(values: Iterable[bool | None]) -> bool | None:
    """One is so; no is said only where all are known."""
    found = tuple(values)
    return True if True in found else None if None in found else False


def ancestors(identity: str) -> list[str]:
    """The scopes in which an ARM id lies, from its subscription to itself, in lower case."""
    parts = identity.lower().strip("/").split("/")
    ends = (
        [2, 4, *range(8, len(parts) + 1, 2)] if parts[2:3] == ["resourcegroups"] else [2, *range(6, len(parts) + 1, 2)]
    )
    return ["/" + "/".join(parts[:end]) for end in ends if end <= len(parts)]


def span_days(value: str | None) -> int | None:
    """`P90D`, `P2Y` as days (a month has 30, a year 365); parts of a day do not count."""
    found = _SPAN.fullmatch(value) if value else None
    if found is None:
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years * 365 + months * 30 + weeks * 7 + days


def admits_everybody(ranges: Iterable[tuple[str, str]]) -> bool | None:
    """Ranges of a service's firewall together hold the whole Internet, or the addresses of every customer of Azure.

    `0.0.0.0` to `0.0.0.0` is Azure's own sign for the latter. `None` for a range that cannot be read.
    """
    networks: list[ipaddress.IPv4Network] = []
    for first, last in ranges:
        if (first, last) == ("0.0.0.0", "0.0.0.0"):  # noqa: S104 - a sign, not an address to listen on
            return True
        try:
            networks += ipaddress.summarize_address_range(ipaddress.IPv4Address(first), ipaddress.IPv4Address(last))
        except ValueError:
            return None
    return world(networks)


ELSEWHERE = tuple(map(ipaddress.IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
)))  # fmt: skip
"""Addresses that nobody on the Internet has (IANA special-purpose registry)."""
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


def world(networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """The networks together hold every public IPv4 address, or every global IPv6 one: two halves are a whole."""
    every = list(networks)
    four = [one for one in every if isinstance(one, ipaddress.IPv4Network)]
    six = [one for one in every if isinstance(one, ipaddress.IPv6Network)]
    whole = ipaddress.collapse_addresses([*four, *ELSEWHERE] if four else [])
    return ipaddress.IPv4Network("0.0.0.0/0") in whole or any(
        GLOBAL_UNICAST.subnet_of(one) for one in ipaddress.collapse_addresses(six)
    )
