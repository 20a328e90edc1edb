"""What registers count for CSA's metrics."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction

from agent.papers import Papers
from agent.registers import DataFlow, Incident, Person, SupplierRow
from controls.metrics import Count
from controls.tally import COUNTED, Tally
from controls.verdict import Outcome

HOUR, DAY = 3600, 86400


def registered(metric: str, kind: str, papers: Papers, machines: Mapping[str, Tally]) -> Iterator[Count]:
    """The counts of one metric; none where its register is not there. `machines`: cloud -> those that were judged."""
    if kind not in papers.extracts:
        return
    if metric == "SEF-06-M2":
        yield from _slope(papers)
    elif metric == "UEM-09-M2":
        yield from _malware(papers, machines)
    else:
        yield _whole(kind, COUNTING.get(metric, _as_judged)(papers, kind), papers)


def _whole(kind: str, tallies: Iterable[Tally], papers: Papers) -> Count:
    return Count(source=kind, tally=sum(tallies, papers.unseen(kind)))


def _as_judged(papers: Papers, kind: str) -> Iterator[Tally]:
    return (COUNTED[outcome] for _, outcome in papers.judged(kind))


def _leavers(papers: Papers, kind: str) -> Iterator[Tally]:
    return (COUNTED[outcome] for row, outcome in papers.judged(kind) if isinstance(row, Person) and row.event == "left")


def _flows(wanted: str) -> Callable[[Papers, str], Iterator[Tally]]:
    return lambda papers, kind: (
        COUNTED[outcome] for row, outcome in papers.judged(kind) if isinstance(row, DataFlow) and row.kind == wanted
    )


def _sources(papers: Papers, kind: str) -> Iterator[Tally]:
    """Whether a system or a person reported each event."""
    for row, _ in papers.judged(kind):
        if isinstance(row, Incident):
            said = None if row.source is None else row.source == "system"
            yield Tally(unknown=1) if said is None else COUNTED[Outcome.PASSED if said else Outcome.FAILED]


def _connections(papers: Papers, kind: str) -> Iterator[Tally]:
    """Whether each approved supplier was connected to within the days."""
    for row, _ in papers.judged(kind):
        if isinstance(row, SupplierRow) and row.approved:
            seen = row.last_connection
            yield (
                Tally(unknown=1)
                if seen is None
                else COUNTED[Outcome.PASSED if papers.first <= seen <= papers.day else Outcome.FAILED]
            )


def _slope(papers: Papers) -> Iterator[Count]:
    """Least squares of the hours to triage over the days; exact. Nothing for fewer than two events, or all at one instant."""
    events = [row for row, _ in papers.judged("incidents") if isinstance(row, Incident)]
    points = [(row.detected, row.triaged - row.detected) for row in events if row.triaged is not None]
    untold = Tally(passed=len(points), unknown=len(events) - len(points)) + papers.unseen("incidents")
    start = min((at for at, _ in points), default=None)
    pairs = [(_exact(at - start, DAY), _exact(took, HOUR)) for at, took in points] if start else []
    number = len(pairs)
    spread = number * sum(x * x for x, _ in pairs) - sum(x for x, _ in pairs) ** 2
    if number > 1 and spread:
        shared = number * sum(x * y for x, y in pairs) - sum(x for x, _ in pairs) * sum(y for _, y in pairs)
        yield Count(source="incidents", tally=untold, slope=Fraction(shared) / spread)


def _exact(span: timedelta, unit: int) -> Fraction:
    return Fraction(span // timedelta(seconds=1), unit)


def _malware(papers: Papers, machines: Mapping[str, Tally]) -> Iterator[Count]:
    """Every incident against each cloud's machines: nothing is added across clouds, and the weakest counts."""
    number = sum(
        isinstance(row, Incident) and row.category is not None and row.category.strip().lower() == "malware"
        for row, _ in papers.judged("incidents")
    )
    for cloud, judged in machines.items():
        there = judged.passed + judged.failed + judged.unknown
        tally = Tally(passed=max(there - number, 0), failed=min(number, there), unseen=judged.unseen)
        yield Count(source="incidents", provider=cloud, tally=tally + papers.unseen("incidents"))


COUNTING: Mapping[str, Callable[[Papers, str], Iterable[Tally]]] = {
    "IAM-07-M1": _leavers,
    "DSP-05-M1": _flows("store"),
    "DSP-05-M2": _flows("stream"),
    "SEF-05-M1": _sources,
    "STA-07-M5": _connections,
}
"""Metrics that count otherwise than their register's rows are judged."""
