"""The clauses of other frameworks beside each specification of the auditor's report, for the switch above its catalogue.

Ids only, as small text inside the page: one line for each specification of the catalogue, in its order. Links of low confidence are left
out: `starcadence crosswalk` lists them.
"""

import functools
from dataclasses import dataclass

from agent.report import Report
from controls import ccm
from controls.crosswalk import FRAMEWORKS, Framework, links, of_specifications

LEFT_OUT = frozenset({"fedramp-low", "fedramp-moderate", "fedramp-high"})
"""Selections of SP 800-53, which is offered itself."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One framework's clauses as the page holds them."""

    id: str
    name: str
    note: str
    """By whose tables; in words for the reader."""
    lines: str
    """A line for each row of the catalogue: clause ids with spaces between them, empty where there is none."""


def tables(report: Report) -> tuple[Table, ...]:
    """Every framework of the switch, for the specifications of a report."""
    return _tables(ccm.release(report.ccm), tuple(row.id for row in report.specifications))


@functools.lru_cache(maxsize=4)
def _tables(version: ccm.Version, ids: tuple[str, ...]) -> tuple[Table, ...]:
    return tuple(_table(one, version, ids) for one in FRAMEWORKS if one.id not in LEFT_OUT)


def _table(framework: Framework, version: ccm.Version, ids: tuple[str, ...]) -> Table:
    clauses = of_specifications(one for one in links(framework.id, version) if one.confidence != "low")
    origin = "by our own table" if framework.via == "" else "by our own table to SP 800-53, and from there"
    note = f"{origin}; {framework.note}" if framework.note else origin
    return Table(
        id=framework.id, name=framework.name, note=note, lines="\n".join(" ".join(clauses.get(one, ())) for one in ids)
    )
