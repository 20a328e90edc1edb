"""A sheet of CSA's workbooks as what it says: texts of specifications, questions, and clauses of other frameworks.

The sheets have headers of one row, or of two or three (a framework's name over `Control Mapping`, `Gap Level`, `Addendum`, in merged
cells, of which only the first holds the name). Columns are told by the words of their headers; the column of ids by what stands in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.csa import headers
from agent.csa.found import Found
from agent.csa.workbook import Row

SEARCHED = 40
"""Rows among which the headers are looked for."""
LONGEST = 120
"""Characters of a title."""
FEWEST = 3
"""Ids that make a column one of ids, where no header says so."""


class Mapping(NamedTuple):
    """Where one framework's clauses stand."""

    name: str
    column: int
    gap: int | None


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where what stands; `None` for what a sheet does not have."""

    first: int
    """The first row below the headers."""
    id: int | None
    text: int | None
    question_id: int | None
    question: int | None
    mappings: tuple[Mapping, ...]


def take(name: str, rows: Sequence[Row], found: Found) -> None:
    """Take from a sheet all that is known; a sheet without any is passed over, and said so."""
    before = found.size
    titles = [name, *(cell for row in rows[:SEARCHED] for cell in row if len(cell) < LONGEST)]
    found.said |= {said for one in titles if (said := headers.said_version(one))}
    columns = _columns(rows)
    if columns is not None:
        for row in rows[columns.first :]:
            _row(row, columns, found)
    if found.size == before:
        found.passed_over.append(name)


def _row(row: Row, columns: Columns, found: Found) -> None:
    number = _cell(row, columns.question_id)
    question = headers.QUESTION.fullmatch(number)
    if question:
        found.question(number, _cell(row, columns.question))
    bare = headers.specification(_cell(row, columns.id)) or (f"{question[1]}-{question[2]}" if question else None)
    if bare is None:
        return
    found.seen.add(bare)
    found.text(bare, _cell(row, columns.text))
    for one in columns.mappings:
        found.mapping(bare, one.name, [_cell(row, one.column)], _cell(row, one.gap))


def _columns(rows: Sequence[Row]) -> Columns | None:
    """The columns of a sheet by its headers; `None` if it has none that are known."""
    for number, row in enumerate(rows[:SEARCHED]):
        spoken = [headers.words(cell) for cell in row]
        ids = _find(spoken, headers.ID)
        questions = _find(spoken, headers.QUESTION_ID)
        if ids is None and questions is None:
            continue
        ids = _ids(rows[number + 1 :], spoken) if ids is None or questions is None else ids
        if ids is None and questions is None:
            continue
        first = number + 1
        while first < len(rows) and first < number + 3 and _is_header(rows[first], ids, questions):
            first += 1
        return Columns(
            first=first, id=ids, text=_find(spoken, headers.TEXT), question_id=questions, question=_find(spoken, headers.QUESTION_TEXT),
            mappings=tuple(_mappings(rows[max(number - 2, 0) : first], {ids, questions})),
        )  # fmt: skip
    return None


def _ids(below: Sequence[Row], spoken: Sequence[str]) -> int | None:
    """The column in which ids stand: most of them, and one that a header calls so before others."""
    counts: dict[int, int] = {}
    for row in below:
        for column, cell in enumerate(row):
            if headers.specification(cell):
                counts[column] = counts.get(column, 0) + 1
    named = [column for column in counts if column < len(spoken) and spoken[column] in headers.ID]
    if named:
        return max(named, key=lambda column: counts[column])
    found = max(counts, key=lambda column: counts[column], default=None)
    return found if found is not None and counts[found] >= FEWEST else None


def _is_header(row: Row, *columns: int | None) -> bool:
    """A further row of headers: it holds no id, and something that headers hold."""
    if any(headers.specification(_cell(row, one)) or headers.QUESTION.fullmatch(_cell(row, one)) for one in columns):
        return False
    known = headers.MAPPING | headers.GAP | headers.BESIDES
    return any(headers.words(cell) in known for cell in row)


def _mappings(heads: Sequence[Row], taken: set[int | None]) -> Iterator[Mapping]:
    """Columns of clauses: those called a mapping, under the framework's name; or those that a framework's name alone stands over."""
    width = max((len(row) for row in heads), default=0)
    last, column_of = "", None
    waiting: list[Mapping] = []
    for column in range(width):
        spoken = [headers.words(_cell(row, column)) for row in heads]
        names = [_cell(row, column) for row, said in zip(heads, spoken, strict=True) if _is_framework(said)]
        last = names[-1] if names else last
        lowest = next((one for one in reversed(spoken) if one), "")
        over = [row[column] for row in heads if _cell(row, column) and headers.words(row[column]) != lowest]
        if (
            over and not names and lowest in headers.MAPPING
        ):  # a name that tells nothing of itself still ends the one before
            last = "" if headers.OWN_NAME.search(headers.words(over[-1])) else over[-1]
        if column in taken:
            last = ""
        elif lowest in headers.GAP:
            waiting = [
                one._replace(gap=column) if one.column == column_of and one.gap is None else one for one in waiting
            ]
        elif (lowest in headers.MAPPING or (names and lowest == headers.words(last))) and last:
            waiting.append(Mapping(last, column, None))
            column_of = column
        elif lowest and lowest not in headers.BESIDES:
            last = ""
    yield from waiting


def _is_framework(spoken: str) -> bool:
    """A name of a framework stands here: one that we know, or words that no other header uses and that hold a version."""
    known = (
        headers.ID
        | headers.TEXT
        | headers.QUESTION_ID
        | headers.QUESTION_TEXT
        | headers.MAPPING
        | headers.GAP
        | headers.BESIDES
    )
    if not spoken or spoken in known or len(spoken) > 80:
        return False
    by_name = headers.framework(spoken) != spoken.replace(" ", "-")[:40]
    return by_name or (any(letter.isdigit() for letter in spoken) and not headers.OWN_NAME.search(spoken))


def _find(spoken: Sequence[str], names: frozenset[str]) -> int | None:
    return next((column for column, one in enumerate(spoken) if one in names), None)


def _cell(row: Row, column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""
