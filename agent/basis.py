"""What each specification rests on besides its checks: metrics of our own state, records, registers, suppliers. Its result is its worst.

A metric that only counts verdicts or rows that are judged here anyway is named as a basis and changes nothing: the objective is then the
commitment's own. One of our own state decides, by its own objective, where no check does, or none had anything to judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import msgspec

from agent.papers import Basis
from agent.report import Specification
from agent.units import share
from controls.metering import METRICS
from controls.metrics import Metered
from controls.tally import Result, against, worst

ORDER = ("checks", "metric", "record", "supplier")
REACHES = ("none", "part", "full")
DECIDES = frozenset(one.id for one in METRICS if one.basis == "state")
"""Metrics that judge what nothing else here does."""
COUNTED = "what the metric does not count"


def based(
    rows: Iterable[Specification], metrics: Iterable[Metered], bases: Mapping[str, tuple[Basis, ...]]
) -> tuple[Specification, ...]:
    """The same rows, with all that each rests on."""
    counted: dict[str, tuple[Metered, ...]] = {}
    for one in metrics:
        if one.computed == "true" and one.low is not None:
            counted[one.specification] = (*counted.get(one.specification, ()), one)
    return tuple(_row(row, counted.get(row.id, ()), bases.get(row.id, ())) for row in rows)


def _row(row: Specification, metrics: tuple[Metered, ...], bases: tuple[Basis, ...]) -> Specification:
    if not metrics and not bases:
        return row
    names = {row.basis, *(["metric"] if metrics else []), *(one.what for one in bases)}
    reaches = [row.reach, *(["part"] if metrics else []), *(one.reach for one in bases)]
    words = [row.unseen] if row.basis != "none" else []
    words += [one.words for one in bases] or ([COUNTED] if row.basis == "none" else [])
    changed = msgspec.structs.replace(
        row, basis="; ".join(name for name in ORDER if name in names), reach=max(reaches, key=REACHES.index),
        unseen="; ".join(dict.fromkeys(word for word in words if word)),
    )  # fmt: skip
    if not row.committed:
        return changed
    told = tuple(_results(row, metrics, bases))
    if not told:
        return changed
    by_checks = row.basis != "none"
    over, closing = ([*told, said] if by_checks and said else told for said in (row.result, row.closing))
    return msgspec.structs.replace(changed, result=worst(over), closing=worst(closing))


def _results(row: Specification, metrics: tuple[Metered, ...], bases: tuple[Basis, ...]) -> Iterator[Result]:
    """What each basis besides checks says, held against the commitment's objective where it is a count."""
    if row.basis == "none" or row.result is Result.NOTHING:
        yield from (one.result for one in metrics if one.id in DECIDES and one.result is not None)
    yield from held(bases, share(row.slo or "100%"))


def held(bases: Iterable[Basis], slo: Fraction) -> Iterator[Result]:
    """What papers say, registers held against an objective."""
    for one in bases:
        if one.result is not None:
            yield one.result
        if one.tally is not None:
            yield against(one.tally, slo)
