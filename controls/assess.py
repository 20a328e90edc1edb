"""Judging resources, and knowing which unseen cells a check would have needed. Pure, and the hot loop: a million resources a sweep."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from collectors.collector import Cell, Collector
from collectors.resource import Resource
from controls.check import Check
from controls.unproven import Unproven, untold
from controls.verdict import Outcome, Verdict

Step = tuple[Check, Callable[[Resource], Verdict]]
DISCOVERY = ("organization", "enabled_regions")
"""Collectors of gap cells that concern every check of their cloud: without them nobody knows which cells there are."""


class Judge:
    """Every check that speaks of a resource's type, in catalogue order. Built once for a sweep; judges like `Check.judge`."""

    def __init__(self, checks: Iterable[Check], parameters: Mapping[str, Mapping[str, int]] | None = None) -> None:
        """`parameters`: check name -> its keyword parameters that differ from the defaults; `ValueError` where one is not known."""
        self.checks = tuple(checks)
        self.parameters = {
            each.name: {**each.parameters, **(parameters or {}).get(each.name, {})} for each in self.checks
        }
        for each in self.checks:
            if odd := self.parameters[each.name].keys() - each.parameters.keys():
                raise ValueError(
                    f"{each.name} has no parameter {', '.join(sorted(odd))}; it takes {sorted(each.parameters)}"
                )
        if odd := (parameters or {}).keys() - self.parameters.keys():
            raise ValueError(f"parameters for checks that are not judged: {', '.join(sorted(odd))}")
        self._steps: dict[tuple[type[Resource], str, str, bool, datetime], tuple[Step, ...]] = {}
        self._speaking: dict[tuple[type[Resource], str, str, bool, datetime], tuple[Step, ...]] = {}

    def __call__(self, resource: Resource, now: datetime) -> Iterator[tuple[Check, Verdict]]:
        """Each check of the resource's type with its verdict at the nominal instant `now`."""
        key = (type(resource), resource.provider, resource.kind, resource.managed_by == "provider", now)
        steps = self._steps.get(key)
        if steps is None:
            steps = self._steps[key] = tuple(self._plan(resource, now))
        for check, judge in steps:
            yield check, judge(resource)

    def speaking(self, resource: Resource, now: datetime) -> tuple[Step, ...]:
        """The checks that speak of resources of this type, kind, manager and provider, by name, each with its way to the verdict at `now`.

        The same value for all of them, so that what a caller makes of it once serves the whole sweep.
        """
        key = (type(resource), resource.provider, resource.kind, resource.managed_by == "provider", now)
        steps = self._speaking.get(key)
        if steps is None:
            spoken = (one for one in self._plan(resource, now) if not one[0].kinds or resource.kind in one[0].kinds)
            steps = self._speaking[key] = tuple(sorted(spoken, key=lambda one: one[0].name))
        return steps

    def _plan(self, resource: Resource, now: datetime) -> Iterator[Step]:
        """What every resource of this type, kind and manager goes through: constant verdicts are made once."""
        for check in self.checks:
            if check.judges is not type(resource):
                continue
            apart = check.apart(resource)
            step: Callable[[Resource], Verdict] = check.function
            if apart is not None:
                step = partial(_constant, apart)
            elif check.timed:
                step = partial(check.function, now=now, **self.parameters[check.name])
            elif self.parameters[check.name]:
                step = partial(check.function, **self.parameters[check.name])
            silence = untold(resource.provider, check.name)
            yield check, step if silence is None else partial(_told, step, silence)


def _constant(verdict: Verdict, _: Resource) -> Verdict:
    return verdict


def _told(step: Callable[[Resource], Verdict], silence: Unproven, resource: Resource) -> Verdict:
    """The verdict where a cloud does not tell what the check asks for: it may fail there, and otherwise it does not apply.

    An unknown that no sweep can ever end would keep whatever rests on the check from being met on that cloud for ever. That the cloud
    does not tell stands in the row's words of what remains unseen. What it does tell and was not learned today is unknown as ever.
    """
    verdict = step(resource)
    if verdict.outcome is not Outcome.UNKNOWN or any(getattr(resource, fact) is None for fact in silence.rests_on):
        return verdict
    return Verdict(
        outcome=Outcome.NOT_APPLICABLE,
        reason=f"{resource.provider} does not tell: {silence.words}",
        holds_until=verdict.holds_until,
    )


def relevant(check: Check, collectors: Iterable[Collector]) -> tuple[str, ...]:
    """Names of the collectors that see something the check judges: where their cells are unseen, the check's population is too."""
    return tuple(each.name for each in collectors if concerns(check, each))


def concerns(check: Check, collector: Collector) -> bool:
    """The collector sees the check's type, in any of the kinds that the check speaks of."""
    return collector.sees is check.judges and (not check.kinds or not set(check.kinds).isdisjoint(collector.kinds))


def unseen(check: Check, provider: str, collectors: Sequence[Collector], cells: Iterable[Cell]) -> int:
    """How many of the unseen `cells` of a cloud the check would have needed, those of discovery included."""
    names = {*relevant(check, collectors), *(f"{provider}.{each}" for each in DISCOVERY)}
    return sum(cell.provider == provider and cell.collector in names for cell in cells)
