"""What the evidence of specifications says, read by the clauses of another framework: never more than it says of the specifications.

A clause is its worst committed specification: missed, then not shown, then met; nothing to judge only if none had anything. Specifications
that are not committed are listed and count for nothing; a clause with none committed has no result. Links of low confidence alone can say
that a clause is missed, never that it is met.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from controls.crosswalk import CONFIDENCES, Confidence, Link
from controls.tally import WORST_FIRST, Result, worst

RULE = (
    "A clause is its worst committed specification (missed, not shown, met); those not committed are listed and count for nothing. "
    "Links of low confidence alone never show that a clause is met. What is met here is evidence that speaks of a clause, not the clause."
)
State = Literal["committed", "not committed", "not in the evidence"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one row of `specifications.csv` says."""

    specification: str
    committed: bool
    basis: str
    reach: str
    result: Result | None
    """`None` if not committed."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One specification under a clause."""

    specification: str
    title: str
    state: State
    basis: str
    reach: str
    result: Result | None
    confidence: Confidence
    origin: str
    through: tuple[str, ...]


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One clause, as the specifications that speak of it show it."""

    clause: str
    result: Result | None
    """`None` where no committed specification speaks of it."""
    confidence: Confidence | None
    """Of the surest link with a committed specification."""
    committed: int
    """How many of the specifications that speak of it are committed."""
    specifications: tuple[Line, ...]


def clauses(
    names: Sequence[str], links: Iterable[Link], evidence: Mapping[str, Evidence], titles: Mapping[str, str]
) -> tuple[Clause, ...]:
    """Every clause, worst first and then in the framework's own order; those without result come last.

    `evidence` and `titles` are by specification.
    """
    found: dict[str, list[Link]] = {name: [] for name in names}
    for link in links:
        found.setdefault(link.clause, []).append(link)
    made = [_clause(name, mine, evidence, titles) for name, mine in found.items()]
    return tuple(sorted(made, key=_rank))


def _clause(name: str, links: Sequence[Link], evidence: Mapping[str, Evidence], titles: Mapping[str, str]) -> Clause:
    lines = tuple(_line(link, evidence.get(link.specification), titles) for link in links)
    counted = [line for line in lines if line.state == "committed"]
    surest = min((line.confidence for line in counted), key=CONFIDENCES.index, default=None)
    result = worst(line.result or Result.NOT_SHOWN for line in counted) if counted else None
    if result is Result.MET and surest == "low":
        result = Result.NOT_SHOWN
    return Clause(clause=name, result=result, confidence=surest, committed=len(counted), specifications=lines)


def _line(link: Link, said: Evidence | None, titles: Mapping[str, str]) -> Line:
    state: State = "not in the evidence" if said is None else "committed" if said.committed else "not committed"
    return Line(
        specification=link.specification, title=titles.get(link.specification, ""), state=state, basis=said.basis if said else "",
        reach=said.reach if said else "", result=said.result if said and said.committed else None, confidence=link.confidence,
        origin=link.origin, through=link.through,
    )  # fmt: skip


def _rank(clause: Clause) -> int:
    if clause.result is not None:
        return WORST_FIRST.index(clause.result)
    return len(WORST_FIRST) + (not clause.specifications)
