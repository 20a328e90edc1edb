"""What access levels demand of people's devices (Access Context Manager).

A level is met by all of its conditions together, or by one of them where it says so; a condition may rest on other levels. What a level
of free words (`custom`) demands is not read. Levels that say nothing of devices are none of these rules.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import at, on, parts, text, texts, tri_any
from collectors.gcp.lineage import LEVELS
from collectors.gcp.session import ACCESS_POLICY, GcpSession
from collectors.terms import DeviceRule

Levels = Mapping[str, Mapping[str, Any]]


@collector(
    "gcp.device_rules",
    sees=DeviceRule,
    kinds=("device rule",),
    learns=("screen_locks", "storage_encrypted"),
    grants=("cloudasset.assets.listAccessPolicy",),
    where="organization",
)
class DeviceRules:
    """Every access level of the organisation that speaks of devices."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of the organisation itself, one for each level."""
        found = session.assets(LEVELS["organizations"], ACCESS_POLICY)
        return (asset for asset in found if of_devices(at(asset, "accessLevel")))

    def describe(self, session: GcpSession, item: Item) -> DeviceRule:
        """The level, and those that it rests on."""
        level = item["accessLevel"]
        levels = session.worked_out("levels", LEVELS["organizations"], ACCESS_POLICY, _by_name) or {}
        return DeviceRule(
            id=f"//accesscontextmanager.googleapis.com/{level['name']}", provider="gcp", account=session.account, region="global",
            kind="device rule", name=text(level, "title"), tags={}, managed_by="customer",
            screen_locks=demanded(level, locked, levels), storage_encrypted=demanded(level, encrypted, levels),
        )  # fmt: skip


def of_devices(level: Any) -> bool:
    """The level says something of devices."""
    said = text(level, "custom", "expr", "expression") or ""
    return "device." in said or any("devicePolicy" in one for one in parts(level, "basic", "conditions"))


def locked(policy: Any) -> bool:
    """Only devices that lock their screens."""
    return on(policy, "requireScreenlock")


def encrypted(policy: Any) -> bool:
    """Only devices that are known to be encrypted."""
    allowed = at(policy, "allowedEncryptionStatuses")
    return isinstance(allowed, list) and set(map(str, allowed)) == {"ENCRYPTED"}


def demanded(level: Any, asks: Callable[[Any], bool], levels: Levels, above: tuple[str, ...] = ()) -> bool | None:
    """Nobody meets the level but from a device for which that holds."""
    name, basic = text(level, "name") or "", at(level, "basic")
    if not isinstance(basic, dict) or name in above:
        return False if name in above else None
    found = [_of_condition(one, asks, levels, (*above, name)) for one in parts(basic, "conditions")]
    one_is_enough = basic.get("combiningFunction", "AND")
    if one_is_enough not in {"AND", "OR"}:
        return None
    return _all(found) if one_is_enough == "OR" else tri_any(found)


def _of_condition(condition: Any, asks: Callable[[Any], bool], levels: Levels, above: tuple[str, ...]) -> bool | None:
    """One that is turned round is met by whoever does not meet it, and so demands nothing."""
    if at(condition, "negate"):
        return False
    others = (demanded(levels.get(one), asks, levels, above) for one in texts(condition, "requiredAccessLevels"))
    return tri_any((asks(at(condition, "devicePolicy")), *others))


def _all(found: Iterable[bool | None]) -> bool | None:
    every = tuple(found)
    return False if False in every or not every else None if None in every else True


def _by_name(assets: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    levels = (at(asset, "accessLevel") for asset in assets)
    return {name: level for level in levels if (name := text(level, "name"))}
