"""Checks and collectors of installed packages, by entry point: others' code, loaded where sweeps are taken and sealed, and nowhere else."""

import functools
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points, packages_distributions, version
from typing import Any

from agent.errors import UsageError
from collectors.collector import Collector
from controls.check import Check

CONTROLS, COLLECTORS = "starcadence.controls", "starcadence.collectors"
OURS = frozenset({"agent", "controls", "collectors"})


def plugged_checks(ours: Iterable[Check]) -> tuple[Check, ...]:
    """Every check of the packages, by entry point. Raises `UsageError` for what is none, or has a name that stands already."""
    seen = {one.name for one in ours}
    found: list[Check] = []
    for point, one in _offered(CONTROLS):
        if not isinstance(one, Check):
            raise _refused(point, f"offers {type(one).__name__}, not checks")
        if one.name in seen or not one.name.startswith(f"{point.name}_"):
            raise _refused(
                point, f"offers a check with the name {one.name}, which is taken or does not begin with {point.name}_"
            )
        seen.add(one.name)
        found.append(one)
    return tuple(found)


def plugged_collectors(cloud: str, ours: Iterable[Collector]) -> tuple[Collector, ...]:
    """Every collector that the packages offer for a cloud. Raises `UsageError` as `plugged_checks`."""
    seen = {one.name for one in ours}
    found: list[Collector] = []
    for point, one in _offered(COLLECTORS, cloud):
        if not isinstance(one, Collector):
            raise _refused(point, f"offers {type(one).__name__}, not collectors")
        if one.name in seen or not one.name.startswith(f"{cloud}."):
            raise _refused(
                point, f"offers a collector with the name {one.name}, which is taken or does not begin with {cloud}."
            )
        seen.add(one.name)
        found.append(one)
    return tuple(found)


class Named(frozenset[str]):
    """Names of checks, and any that an installed package may offer: those begin with its entry point's name. Loads nothing."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or str(name).startswith(
            tuple(f"{one.name}_" for one in _points(CONTROLS, tuple(sys.path)))
        )


def packages(checks: Iterable[Check]) -> dict[str, str]:
    """Package -> version, of every check that is neither ours nor a pack's."""
    tops = {one.function.__module__.partition(".")[0] for one in checks if hasattr(one.function, "__name__")} - OURS
    if not tops:
        return {}
    homes = packages_distributions()
    return {name: version(name) for top in sorted(tops) for name in sorted(homes.get(top, ()))}


@functools.cache
def _points(group: str, path: tuple[str, ...]) -> tuple[EntryPoint, ...]:  # noqa: ARG001 - it decides what is installed
    """What the installed packages offer, read once: finding it out opens the metadata of every one of them."""
    return tuple(sorted(entry_points(group=group), key=lambda one: (one.name, one.value)))


def _offered(group: str, name: str | None = None) -> Iterator[tuple[EntryPoint, Any]]:
    for point in _points(group, tuple(sys.path)):
        if name is not None and point.name != name:
            continue
        try:
            offered = point.load()
        except Exception as error:  # others' code may fail in any way, and a sweep without it would be blind in silence
            raise _refused(point, f"cannot be loaded ({type(error).__name__}: {error})") from error
        if not isinstance(offered, tuple | list):
            raise _refused(point, "is no tuple")
        yield from ((point, one) for one in offered)


def _refused(point: EntryPoint, words: str) -> UsageError:
    package = point.dist.name if point.dist else "an installed package"
    return UsageError(
        f"the entry point {point.group} {point.name} of {package} {words}; mend that package, or uninstall it"
    )
