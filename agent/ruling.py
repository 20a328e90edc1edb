"""The hot loop's own values: the checks that speak of one kind of resource, and verdict lines as they are kept.

Most resources of a sweep get one of a few verdicts, so the bytes of a verdict up to its resource are made once and used for all that get
the same; what a group of resources counts is kept as whole numbers until its shard is done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from agent.canonical import each, encode, lines
from agent.record import Judged
from collectors.resource import Resource
from controls.assess import Judge, Step
from controls.tally import Tally
from controls.verdict import AS_IT_SHOULD_BE, Outcome, Verdict

REMEMBERED = 1_000
"""Reasons whose bytes a row keeps at once; some name numbers and dates, and there is no end to those."""
UNTIL = b'"holds_until":null'
"""As the line of a verdict says that time changes nothing."""
Services = tuple[tuple[str, bool], ...]
"""Service ids that a resource belongs to, each with whether that is certain."""


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """The verdicts of a shard."""

    text: bytes
    """Canonical lines of `Judged`, sorted by resource, then check."""
    until: datetime | None
    """From this instant on the same facts may give other verdicts; `None` where time changes nothing."""


class Row:
    """One check that speaks of a kind of resource, with the bytes of the verdicts that it gave."""

    __slots__ = ("_by_reason", "judge", "name", "passes")

    def __init__(self, step: Step) -> None:
        self.name = step[0].name
        self.judge = step[1]
        self.passes = self._beginning(AS_IT_SHOULD_BE)
        """The line of what is as it should be, up to the resource."""
        self._by_reason: dict[str, tuple[Outcome, bytes, bytes]] = {}

    def beginning(self, verdict: Verdict) -> bytes:
        """A verdict's line up to the resource."""
        known = self._by_reason.get(verdict.reason)
        if known is None or known[0] is not verdict.outcome:
            if len(self._by_reason) >= REMEMBERED:
                self._by_reason.clear()
            start, until, end = self._beginning(verdict).partition(UNTIL)
            known = self._by_reason[verdict.reason] = verdict.outcome, start + until[:-4], end
        return known[1] + encode(verdict.holds_until) + known[2]

    def _beginning(self, verdict: Verdict) -> bytes:
        line = Judged(resource="", check=self.name, outcome=verdict.outcome, reason=verdict.reason, holds_until=None)
        return encode(line)[:-3]  # of what a line says, the resource comes last: "" and } are put after it


@dataclass(frozen=True, eq=False)
class Panel:
    """All checks that speak of one type, kind, manager and provider, by name."""

    rows: tuple[Row, ...]
    steps: tuple[tuple[int, Callable[[Resource], Verdict], bytes], ...]
    """The rows as the hot loop takes them: place, judgement, and the line of what is as it should be."""
    type_name: str
    inherited: bool
    """The provider manages what it judges."""


class Panels:
    """The panel of each resource at one instant; made once for a sweep."""

    def __init__(self, judge: Judge, nominal: datetime) -> None:
        self._judge = judge
        self._nominal = nominal
        self._panels: dict[tuple[type[Resource], str, str, str | None], Panel] = {}

    def of(self, resource: Resource) -> Panel:
        """The panel that judges a resource."""
        key = (type(resource), resource.provider, resource.kind, resource.managed_by)
        panel = self._panels.get(key)
        if panel is None:
            rows = tuple(Row(step) for step in self._judge.speaking(resource, self._nominal))
            inherited = resource.managed_by == "provider"
            steps = tuple((place, row.judge, row.passes) for place, row in enumerate(rows))
            panel = self._panels[key] = Panel(rows, steps, type(resource).__name__, inherited)
        return panel


class Group:
    """Resources of one cell that the same services have and the same panel judges: how many, and what each row of the panel counted."""

    __slots__ = (
        "apart", "cell", "certain", "excepted", "failed", "not_applicable", "number", "panel", "services", "sure", "unknown",
    )  # fmt: skip

    def __init__(self, cell: str, services: Services, panel: Panel) -> None:
        self.cell = cell
        self.services = services
        self.certain = tuple(service for service, certain in services if certain)
        self.sure = len(self.certain) == len(services)
        """All of the services certainly have these resources."""
        self.panel = panel
        self.number = 0
        rows = len(panel.rows)
        self.failed = [0] * rows
        """By the row's place, as are the others: failures, excepted ones included."""
        self.excepted = [0] * rows
        self.unknown = [0] * rows
        self.not_applicable = [0] * rows
        self.apart = [0] * rows
        """Verdicts that are counted by themselves."""

    def tallies(self) -> Iterator[tuple[str, Tally]]:
        """What each check counts; what is in no other list has passed."""
        counted = zip(self.failed, self.excepted, self.unknown, self.not_applicable, self.apart, strict=True)
        for row, (failed, excepted, unknown, not_applicable, apart) in zip(self.panel.rows, counted, strict=True):
            passed = self.number - failed - unknown - not_applicable - apart
            if self.number > apart:
                yield (
                    row.name,
                    Tally(
                        passed=passed, failed=failed, excepted=excepted, unknown=unknown, not_applicable=not_applicable
                    ),
                )


def in_order(text: bytes) -> bytes:
    """Verdict lines, sorted by resource, then check: for a shard that did not come sorted by id, as one that others sealed may."""
    return lines(sorted(each(text, Judged, what="verdicts"), key=lambda one: (one.resource, one.check)))
