"""A sheet of CAIQ answers, a row for each question, with what each rests on.

Ids and our own words only: no text of CSA's is written. An answer is given where the cycle shows it: `Yes` for met, `No` for missed, none
where it is not shown, had nothing to judge or was not committed to. What a person answers beyond that is theirs to write.
"""

from collections.abc import Iterator

from agent.exports.workbook import workbook
from agent.report import Report, Specification
from controls import ccm
from controls.ccm.questions import questions
from controls.tally import Result

COLUMNS = (
    "Question ID", "Specification", "Answer shown", "SSRM ownership", "Result over the cycle", "Basis", "Reach", "What it rests on",
    "What remains unseen", "Provider's part", "Customer's part",
)  # fmt: skip
WIDTHS = (13, 18, 10, 22, 14, 16, 8, 60, 60, 30, 30)
ANSWERS = {Result.MET: "Yes", Result.MISSED: "No"}
OWNERSHIP = {
    "provider": "CSP-owned", "customer": "CSC-owned", "shared": "Shared CSP and CSC", "third party": "3rd-party outsourced",
}  # fmt: skip
"""Our word for responsibility -> CAIQ's own choice."""


def answers(report: Report) -> bytes:
    """The sheet: every question of the CCM version, in its order."""
    rows = {row.id: row for row in report.specifications}
    asked = questions(ccm.release(report.ccm))
    return workbook(
        "CAIQ", [COLUMNS, *(_row(report, name, rows[of]) for name, of in asked.items() if of in rows)], WIDTHS
    )


def _row(report: Report, question: str, row: Specification) -> tuple[str, ...]:
    answer = ANSWERS.get(row.result, "") if row.committed and row.result is not None else ""
    return (
        question, row.id, answer, OWNERSHIP.get(row.responsibility or "", ""), row.result or "not committed", row.basis, row.reach,
        "; ".join(_rests(report, row)), row.unseen, row.ours or "", row.customers or "",
    )  # fmt: skip


def _rests(report: Report, row: Specification) -> Iterator[str]:
    """Checks with their counts, metrics, and where the sealed evidence is."""
    for one in row.objectives:
        if not one.advisory:
            yield f"{one.check} on {one.provider}: {one.tally.passed} of {one.tally.population} passed, {one.result}"
    yield from (
        f"metric {one.id}: {one.result}"
        for one in report.metrics
        if one.specification == row.id and one.result is not None
    )
    if row.basis != "none":
        yield f"Starcadence bundle of {report.service}, cycle {report.cycle}" + (
            " (SIMULATED)" if report.simulated else ""
        )
