"""What a report's numbers say, in words and groups: the little arithmetic between a `Report` and its page. Pure."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from agent.page.numbers import count, percent, share, span
from agent.report import CheckRow, Deviation, Objective, Report, Specification, SweepRow
from controls.metrics import NO_SHARE, Metered
from controls.tally import WORST_FIRST, Result

SEVERITIES = ("critical", "high", "medium", "low")
OUT_FIRST = (Result.MISSED, Result.NOT_SHOWN, Result.NOTHING, Result.MET)
OPEN_ROWS = 60
"""Rows of deviations that are unfolded when the page opens; the others are one key press away, and all are printed."""

MEANINGS = {
    Result.MET: "Every matching place was seen, and even with all that is unknown counted as failing the objective holds.",
    Result.MISSED: "Even with all that is unknown counted as passing, the objective does not hold.",
    Result.NOT_SHOWN: "Too much is unknown or unseen to say. It counts as out of objective.",
    Result.NOTHING: "All was seen, and there was nothing of the kind. It does not count as met.",
}

REASONS = {
    "denied": "the provider refused the operation to the agent's role",
    "withheld": "a policy of the organisation denies the operation to everybody in the account",
    "no role": "the agent's role could not be assumed in the account",
    "throttled": "the provider's rate limit outlasted the retries",
    "unreachable": "no answer came",
    "failed": "the provider answered with an error of its own",
    "malformed": "an answer did not have its documented shape",
    "expired": "the credentials ended during the sweep",
    "unsupported": "the service or operation does not exist in that region",
    "redacted": "the answer held what must not be kept",
    "needs": "something that it is joined with was not seen",
    "stale": "the provider's own inventory was not up to date; each service was asked itself",
    "unallocated": "the account is neither in scope nor excluded with a reason",
}


class Group(NamedTuple):
    """The deviations of one check."""

    check: str
    title: str
    severity: str
    remediation: str
    rows: tuple[Deviation, ...]
    unfolded: bool


class Sweeps(NamedTuple):
    """How many sweeps were due, and what became of them."""

    due: int
    complete: int
    partial: int
    missed: int
    longest_missed: int
    """Most in a row."""


def headline(report: Report) -> str:
    """The cycle in one sentence, on the facts only."""
    total = sum(report.counts.values())
    if not total:
        return "No specification is committed to, so there is no result to report."
    parts = [f"{number} {word}" for result, word in SAID if (number := report.counts.get(result, 0))]
    over = "so far in this open cycle" if report.interim else "over this cycle"
    joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of {count(total, 'committed specification')}, {joined}, {over}."


SAID = (
    (Result.MET, "met the objective"),
    (Result.MISSED, "missed it"),
    (Result.NOT_SHOWN, "could not be shown to meet it"),
    (Result.NOTHING, "had nothing to judge"),
)


def committed(report: Report) -> list[tuple[Result | None, tuple[Specification, ...]]]:
    """Committed specifications by result, what is out of objective first; in the catalogue's order within."""
    rows = [row for row in report.specifications if row.committed]
    found: list[tuple[Result | None, tuple[Specification, ...]]] = [
        (result, tuple(row for row in rows if row.result == result)) for result in (*OUT_FIRST, None)
    ]
    return [(result, group) for result, group in found if group]


def resting(report: Report, basis: str) -> int:
    """How many specifications rest on this, be it among others."""
    return sum(basis in row.basis.split("; ") for row in report.specifications)


def metric_value(row: Metered) -> str:
    """A metric's value as a range of shares, rounded toward the worse side; the slope of SEF-06-M2 in hours for a day."""
    if row.low is None or row.high is None:
        return "no value" if row.measures else "not counted"
    if row.b == NO_SHARE:
        return f"{float(share(row.low)):+.2f} hours for each day"
    if row.direction == "lower":
        ends = [percent(1 - share(end)) for end in (row.low, row.high)]
        worst, best = (f"{100 - float(end.removesuffix('%')):.2f}%" for end in reversed(ends))
        return worst if worst == best else f"{best} to {worst}"
    return span(row.low, row.high)


def domains(report: Report) -> list[tuple[str, tuple[Specification, ...]]]:
    """Every specification, by domain, in the catalogue's order."""
    return [(name, tuple(rows)) for name, rows in groupby(report.specifications, key=lambda row: row.domain)]


def worst_first(objectives: Iterable[Objective]) -> list[Objective]:
    """A specification's objectives, the one that decides first; advisory ones last."""
    return sorted(objectives, key=lambda row: (row.advisory, WORST_FIRST.index(row.result), row.check, row.provider))


def trend(before: Result | None, now: Result | None) -> str:
    """`better`, `worse`, `same`, or nothing where the two cannot be ranked."""
    ranks = {Result.MISSED: 0, Result.NOT_SHOWN: 1, Result.MET: 2}
    if before == now and now is not None:
        return "same"
    if before not in ranks or now not in ranks:
        return ""
    return "better" if ranks[now] > ranks[before] else "worse"


def groups(report: Report) -> list[Group]:
    """Deviations by check, the gravest first; unfolded while they are few."""

    def key(row: Deviation) -> tuple[int, str, str]:
        grave = SEVERITIES.index(row.severity) if row.severity in SEVERITIES else len(SEVERITIES)
        return grave, row.check, row.remediation

    found, shown = [], 0
    for _, rows in groupby(sorted(report.deviations, key=key), key=key):
        members = tuple(rows)
        first = members[0]
        unfolded = shown + len(members) <= OPEN_ROWS
        shown += len(members) if unfolded else 0
        found.append(Group(first.check, first.title, first.severity, first.remediation, members, unfolded))
    return found


def new_by_check(report: Report) -> list[tuple[str, int]]:
    """Deviations first seen in this cycle: title of the check, how many."""
    fresh = sorted(row.title for row in report.deviations if row.new)
    return [(title, len(list(rows))) for title, rows in groupby(fresh)]


def severities(report: Report) -> list[tuple[str, int]]:
    """Deviations by severity, the gravest first, those without any included."""
    others = sorted(report.deviations_by_severity.keys() - set(SEVERITIES))
    return [(name, report.deviations_by_severity.get(name, 0)) for name in (*SEVERITIES, *others)]


def sweeps(rows: tuple[SweepRow, ...]) -> Sweeps:
    """Due sweeps by state, and the longest outage."""
    states = [row.state for row in rows]
    outages = [len(list(run)) for state, run in groupby(states) if state == "missed"]
    return Sweeps(
        len(rows), states.count("complete"), states.count("partial"), states.count("missed"), max(outages, default=0)
    )


def counted(row: object) -> dict[Result, int]:
    """The four counts of a cycle's or a sweep's row, by result."""
    names = {Result.MET: "met", Result.MISSED: "missed", Result.NOT_SHOWN: "not_shown", Result.NOTHING: "nothing"}
    return {result: getattr(row, name) for result, name in names.items()}


def results(report: Report) -> dict[Result, int]:
    """Committed specifications by result over the period."""
    return {result: report.counts.get(result, 0) for result in OUT_FIRST}


def titles(checks: Iterable[CheckRow]) -> dict[str, CheckRow]:
    """Checks by name."""
    return {row.name: row for row in checks}
