"""What imported findings come to at the close of a cycle: each vulnerability judged by our own check, counted tool by tool."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from agent.exceptions import covering
from agent.foreign.finding import OPEN, Export, Foreign, Severity
from agent.foreign.folding import speaking
from agent.parameters import effective
from agent.programme import ApprovedException, Programme
from agent.units import duration
from collectors.watching import Finding
from controls.metrics import Count
from controls.tally import COUNTED, Tally
from controls.tvm import vulnerabilities_are_mended_in_time
from controls.verdict import Outcome

MENDED = vulnerabilities_are_mended_in_time
"""The check that judges them."""
FOUND_WITHIN = timedelta(days=7)
"""From a vulnerability's publication to its finding, for TVM-10-M1."""
GRAVE = ("critical", "high", None)
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
METRICS = ("AIS-07-M3", "AIS-07-M6", "TVM-03-M1", "TVM-10-M1")
"""What is counted here."""


class Late(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vulnerability that did not pass."""

    rule: str
    subject: str
    component: str
    severity: Severity | None
    status: str
    outcome: str
    first_seen: datetime | None
    due: datetime | None
    """By the programme's policy, and never later than the check's own days allow."""
    exception: str | None
    """The approved exception that covers it."""


class ForeignRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one tool says, over all of its exports."""

    tool: str
    files: tuple[tuple[str, str, str], ...]
    """Path, format and sha256 of each export that speaks."""
    taken: datetime | None
    """When the oldest of them was taken."""
    dated: bool
    """Each file says itself when; otherwise the instant of its first import stands for it."""
    stale: int
    """Exports that are too old to speak of the cycle's end: each is one unseen."""
    subjects: int
    open: dict[str, int]
    """What stands, by kind."""
    suppressed: int
    """Of it: suppressed in the tool, which mends nothing."""
    not_affected: int
    """Set aside by a statement with a reason."""
    tally: Tally
    """Vulnerabilities, judged by `vulnerabilities_are_mended_in_time`."""
    late: tuple[Late, ...]
    """Those that did not pass, the gravest first."""


def days(programme: Programme) -> dict[str, int]:
    """Severity -> days that a vulnerability may stand: the check's own, or fewer where `remediate_within` says so."""
    said = {name: duration(text).days for name, text in programme.remediate_within.items()}
    (mended,) = effective((MENDED,), programme)
    own = {name: mended.parameters[f"{name}_days"] for name in SEVERITIES}
    return {name: min(own[name], said.get(name, own[name])) for name in SEVERITIES}


class Foreigners:
    """The imported findings that speak for one service's cycle, judged once."""

    def __init__(
        self, exports: Iterable[Export], service: str, *, programme: Programme, exceptions: Sequence[ApprovedException],
        start: datetime, until: datetime,
    ) -> None:  # fmt: skip
        """`until` is the instant at which they are judged: the end of the cycle, or now."""
        self._exports = tuple(one for one in exports if not one.services or service in one.services)
        self._days, self._exceptions, self._start, self._until = days(programme), exceptions, start, until
        self._speaking = speaking(self._exports)

    @property
    def tools(self) -> tuple[str, ...]:
        """All of them, in alphabetical order."""
        return tuple(sorted({one.tool for one in self._exports}))

    def rows(self) -> tuple[ForeignRow, ...]:
        """Every tool for the report."""
        return tuple(self._row(tool) for tool in self.tools)

    def findings(self, tool: str) -> Iterator[Foreign]:
        """Each finding of the export that speaks of its subject."""
        for one in self._of(tool):
            yield from (each for each in one.findings if self._speaking.get((tool, each.subject), one) is one)

    def tally(self, tool: str) -> Tally:
        """A tool's vulnerabilities by our check; an export that is too old is one unseen."""
        counts = (self._counted(one, self._outcome(one)) for one in self._vulnerable(tool))
        return sum(counts, Tally(unseen=self._stale(tool)))

    def counts(self, metric: str) -> Iterator[Count]:
        """What each tool gives to a metric; nothing of a tool that knows no vulnerabilities."""
        for tool in self.tools:
            if metric in METRICS and self._looks(tool):
                yield Count(source=MENDED.name, provider=tool, tally=self._metric(metric, tool))

    def components(self, approved: Mapping[str, bool]) -> Iterator[Count]:
        """Components of bills of materials, tool by tool, by whether their supplier is approved (`approved`: name in lower case)."""
        for tool in self.tools:
            parts = [
                part
                for one in self._of(tool)
                for part in one.components
                if self._speaking.get((tool, part.subject)) is one
            ]
            if parts:
                counts = (_supplied(part.supplier.strip().casefold(), approved) for part in parts)
                yield Count(
                    source="bills of materials", provider=tool, tally=sum(counts, Tally(unseen=self._stale(tool)))
                )

    def _of(self, tool: str) -> list[Export]:
        return [one for one in self._exports if one.tool == tool]

    def _looks(self, tool: str) -> bool:
        """Its format is one of vulnerabilities, or it has found one."""
        return any(
            one.format in {"Trivy", "Grype", "CycloneDX"} or any(each.kind == "vulnerability" for each in one.findings)
            for one in self._of(tool)
        )

    def _stale(self, tool: str) -> int:
        spoken = {id(one) for one in self._speaking.values()}
        old = [
            one for one in self._of(tool) if one.taken is None or one.taken < self._until - duration(one.stale_after)
        ]
        return sum(id(one) in spoken or not one.subjects for one in old)

    def _vulnerable(self, tool: str) -> Iterator[Foreign]:
        return (one for one in self.findings(tool) if one.kind == "vulnerability" and one.status in OPEN)

    def _outcome(self, one: Foreign) -> Outcome:
        parameters = {f"{name}_days": number for name, number in self._days.items()}
        return MENDED.judge(_resource(one), now=self._until, **parameters).outcome

    def _exception(self, one: Foreign) -> str | None:
        return covering(self._exceptions, MENDED.name, _resource(one), self._until.date())

    def _counted(self, one: Foreign, outcome: Outcome) -> Tally:
        return Tally(failed=1, excepted=1) if outcome is Outcome.FAILED and self._exception(one) else COUNTED[outcome]

    def _metric(self, metric: str, tool: str) -> Tally:
        unseen = Tally(unseen=self._stale(tool))
        if metric == "AIS-07-M3":
            return sum(self._applications(tool), unseen)
        grave = [one for one in self._vulnerable(tool) if one.severity in GRAVE]
        if metric == "TVM-10-M1":
            return sum((_found_early(one) for one in grave), unseen)
        return sum((self._mended(one) for one in grave), unseen + Tally(failed=self._ended_late(tool)))

    def _mended(self, one: Foreign) -> Tally:
        return Tally(unknown=1) if one.severity is None else COUNTED[self._outcome(one)]

    def _ended_late(self, tool: str) -> int:
        """Grave ones that were mended too late, in the cycle."""
        ended = (
            each
            for one in self._of(tool)
            for each in one.ended
            if each.kind == "vulnerability" and each.severity in GRAVE
        )
        return sum(
            one.last_seen is not None and self._start <= one.last_seen < self._until
            and (due := self._due(one)) is not None and one.last_seen > due
            for one in ended
        )  # fmt: skip

    def _applications(self, tool: str) -> Iterator[Tally]:
        """Each thing that was looked at as a whole, by whether anything grave and unaccepted stands in it."""
        grave: dict[str, list[Foreign]] = {}
        for one in self._vulnerable(tool):
            if one.severity in GRAVE and self._exception(one) is None:
                grave.setdefault(one.subject, []).append(one)
        for each, subject in self._speaking:
            if each == tool:
                said = [one.severity for one in grave.get(subject, ())]
                yield Tally(failed=1) if any(said) else Tally(unknown=1) if said else Tally(passed=1)

    def _due(self, one: Foreign) -> datetime | None:
        if one.first_seen is None or one.severity is None:
            return None
        return one.first_seen + timedelta(days=self._days[one.severity])

    def _row(self, tool: str) -> ForeignRow:
        spoken = {id(one) for one in self._speaking.values()}
        exports = [one for one in self._of(tool) if id(one) in spoken or not one.subjects]
        stands = [one for one in self.findings(tool) if one.status in OPEN]
        kinds = sorted({one.kind for one in stands})
        return ForeignRow(
            tool=tool, files=tuple((one.file, one.format, one.digest) for one in exports),
            taken=min((one.taken for one in exports if one.taken), default=None), dated=all(one.dated for one in exports),
            stale=self._stale(tool), subjects=sum(each == tool for each, _ in self._speaking),
            open={kind: sum(one.kind == kind for one in stands) for kind in kinds},
            suppressed=sum(one.status == "suppressed" for one in stands),
            not_affected=sum(one.status == "not affected" for one in self.findings(tool)),
            tally=self.tally(tool), late=tuple(self._late(tool)),
        )  # fmt: skip

    def _late(self, tool: str) -> list[Late]:
        found = [
            Late(
                rule=one.rule, subject=one.subject, component=one.component, severity=one.severity, status=one.status,
                outcome=outcome, first_seen=one.first_seen, due=self._due(one), exception=self._exception(one),
            )
            for one in self._vulnerable(tool)
            if (outcome := self._outcome(one)) in {Outcome.FAILED, Outcome.UNKNOWN}
        ]  # fmt: skip
        return sorted(
            found,
            key=lambda one: (
                SEVERITIES.index(one.severity) if one.severity else 0,
                one.rule,
                one.subject,
                one.component,
            ),
        )


def _resource(one: Foreign) -> Finding:
    """The finding as a collector would have seen it; its cloud is the tool."""
    return Finding(
        id=one.id, provider=one.tool, account="", region="global", kind="vulnerability", severity=one.severity,
        first_seen=one.first_seen.astimezone(UTC) if one.first_seen else None, subject=one.subject, published=one.published,
    )  # fmt: skip


def _supplied(supplier: str, approved: Mapping[str, bool]) -> Tally:
    """A supplier that the bill does not say may be anybody; one that the register does not know is not approved."""
    if not supplier:
        return Tally(unknown=1)
    return Tally(passed=1) if approved.get(supplier, False) else Tally(failed=1)


def _found_early(one: Foreign) -> Tally:
    if one.severity is None or one.published is None or one.first_seen is None:
        return Tally(unknown=1)
    return Tally(passed=1) if one.first_seen - one.published <= FOUND_WITHIN else Tally(failed=1)
