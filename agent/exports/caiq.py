"""A sheet of CAIQ answers with what each rests on: by specification in a bundle; by question where the user imported CSA's questionnaire.

Ids and our own words only: no text of CSA's is written. An answer is given where the cycle shows it: `Yes` for met, `No` for missed, none
where it is not shown, had nothing to judge or was not committed to. What a person answers beyond that is theirs to write.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from agent.archive import Archive
from agent.edition import read
from agent.errors import UsageError
from agent.exports.workbook import workbook
from agent.report import Report, Specification
from controls import ccm
from controls.tally import Result

LARGEST = 1 << 29

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


def answers(report: Report, questions: Mapping[str, str] | None = None) -> bytes:
    """The sheet. `questions` is CAIQ question id -> specification; without, one row for each specification."""
    rows = {row.id: row for row in report.specifications}
    asked: Iterable[tuple[str, Specification]] = (
        [(name, rows[of]) for name, of in questions.items() if of in rows] if questions is not None
        else [("", row) for row in report.specifications]
    )  # fmt: skip
    return workbook("CAIQ", [COLUMNS, *(_row(report, name, row) for name, row in asked)], WIDTHS)


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


def by_question(bundle: Path, folder: Path) -> tuple[bytes, int]:
    """The sheet of a bundle by the questions of an import, and how many they are. Raises `UsageError` without such an import."""
    from agent.csa.library import load

    report = read_report(bundle)
    library = load(folder, ccm.release(report.ccm))
    if library is None or not library.questions:
        words = f"{folder}: no questions of CCM {report.ccm} were imported there; type `starcadence catalog import` with CSA's CAIQ"
        raise UsageError(words)
    questions = {name: _qualified(report, one.specification) for name, one in library.questions.items()}
    return answers(report, questions), len(questions)


def read_report(bundle: Path) -> Report:
    """The report of a bundle, the auditor's or the public one, held against its manifest. Raises `UsageError`, `VerificationError`."""
    with Archive.open(bundle) as archive:
        edition = read(archive)
        name = "report.json" if "report.json" in edition.tiers else "public/report.json"
        data = edition.read(name, LARGEST)
    try:
        return msgspec.json.decode(data, type=Report)
    except msgspec.MsgspecError as error:
        words = f"{bundle}: its report is of another version of Starcadence ({error}); install that version"
        raise UsageError(words) from None


def _qualified(report: Report, specification: str) -> str:
    return specification if specification.startswith("CCM:") else f"CCM:{ccm.release(report.ccm)}:{specification}"
