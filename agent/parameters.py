"""Parameters of checks as a programme sets them: tighter at will, looser with a reason. What is in effect judges, and is sealed."""

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import replace

from agent.errors import UsageError
from agent.programme import Programme
from controls.check import Check


def effective(checks: Iterable[Check], programme: Programme) -> tuple[Check, ...]:
    """The checks with the programme's parameters in place of those that they were shipped with."""
    return tuple(_set(one, programme) for one in checks)


def shipped(check: Check) -> dict[str, int]:
    """The parameters that a check was written with, be it moved or not."""
    if not check.parameters:
        return {}
    known = inspect.signature(check.function).parameters
    return {name: known[name].default for name in check.parameters}


def looser(name: str, before: int, after: int) -> bool:
    """More passes under the second value: less of a `min_...`, or more of anything else, all of which are limits."""
    return after < before if name.startswith("min_") else after > before


def faults(check: Check, values: dict[str, int], because: str | None) -> Iterator[tuple[str, str]]:
    """What is wrong with the values that a programme sets for a check: the parameter, and words with a remedy."""
    own = shipped(check)
    for name, value in values.items():
        if name not in own:
            known = f"it takes {', '.join(own)}" if own else "it takes none"
            yield name, f"{check.name} has no parameter {name!r}; {known}"
        elif looser(name, own[name], value) and not (because or "").strip():
            yield (
                name,
                f"{name} {value} is looser than {own[name]}, with which the check is shipped; say why under `because`, or leave it out",
            )


def held(checks: Iterable[Check], programme: Programme) -> None:
    """Raise `UsageError` for parameters of checks of packages, which were not loaded when the programme was read."""
    every = {one.name: one for one in checks}
    for name, moved in programme.parameters.items():
        if name not in every:
            raise UsageError(f"parameters: no check is called {name!r}; install its package, or leave it out")
        for _, words in faults(every[name], moved.values, moved.because):
            raise UsageError(f"parameters: {words}")


def _set(check: Check, programme: Programme) -> Check:
    said = programme.parameters.get(check.name)
    if said is None:
        return check
    values = {name: value for name, value in said.values.items() if name in check.parameters}
    return replace(check, parameters={**check.parameters, **values})
