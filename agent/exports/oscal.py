"""A cycle as OSCAL assessment results: a finding for each committed specification, an observation for each check on each cloud.

Source: NIST OSCAL 1.2.1, model `assessment-results`. A token holds no `:` and no `&`: `CCM:4.1:A&A-01` is `CCM_4.1_A.and.A-01`, which
`reference` reads back. Nothing but met is `satisfied`.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from agent.canonical import encode
from agent.report import Objective, Report, Specification
from controls.tally import Result

VERSION = "1.2.1"
NAMESPACE = "https://starcadence.example/oscal"
"""A name; nothing is served there."""
REASONS = {Result.MET: "pass", Result.MISSED: "fail"}


def token(reference: str) -> str:
    """A version-qualified reference as an OSCAL token."""
    return reference.replace(":", "_").replace("&", ".and.")


def reference(spelled: str) -> str:
    """The reference that a token spells."""
    return spelled.replace(".and.", "&").replace("_", ":")


def assessment_results(report: Report) -> bytes:
    """The document, canonical."""
    rows = [row for row in report.specifications if row.committed]
    metadata = {
        "title": _line(f"{report.service_name}: cycle {report.cycle}"), "last-modified": report.end, "version": report.cycle,
        "oscal-version": VERSION, "parties": [{"uuid": _uuid(report, "provider"), "type": "organization", "name": _line(report.provider)}],
        "props": _props(service=report.service, edition=report.edition, simulated=report.simulated, interim=report.interim),
    }  # fmt: skip
    return encode(
        {
            "assessment-results": {
                "uuid": _uuid(report, "document"), "metadata": metadata,
                "import-ap": {"href": "../programme.json", "remarks": "The programme that the cycle was judged by; not OSCAL."},
                "results": [_result(report, rows)],
            }
        }
    )  # fmt: skip


def _result(report: Report, rows: list[Specification]) -> dict[str, Any]:
    observations = [one for row in rows for one in _observations(report, row)]
    result: dict[str, Any] = {
        "uuid": _uuid(report, "result"), "title": f"Cycle {report.cycle}",
        "description": f"What {report.service_name} committed to under CCM {report.ccm}, over the sweeps of the cycle.",
        "start": report.start, "end": report.end, "props": _props(state=report.state),
        "reviewed-controls": {"control-selections": [_selected(report, rows)]},
        "findings": [_finding(report, row) for row in rows],
    }  # fmt: skip
    if observations:
        result["observations"] = observations
    if not rows:  # OSCAL knows no empty list
        del result["findings"]
    return result


def _selected(report: Report, rows: list[Specification]) -> dict[str, Any]:
    """What was committed to. OSCAL knows no selection of nothing: that is all, without each."""
    if not rows:
        every = [{"control-id": token(row.id)} for row in report.specifications]
        return {"description": "Nothing was committed to.", "include-all": {}, "exclude-controls": every}
    return {"include-controls": [{"control-id": token(row.id)} for row in rows]}


def _finding(report: Report, row: Specification) -> dict[str, Any]:
    result = row.result or Result.NOT_SHOWN
    satisfied = result is Result.MET
    status = {
        "state": "satisfied" if satisfied else "not-satisfied",
        "reason": REASONS.get(result, "other"),
        "remarks": str(result),
    }
    made: dict[str, Any] = {
        "uuid": _uuid(report, "finding", row.id), "title": row.title,
        "description": f"{row.id}: {result}. Basis: {row.basis}; reach: {row.reach}.",
        "props": _props(
            specification=row.id, responsibility=row.responsibility or "", basis=row.basis, reach=row.reach, result=str(result),
        ),
        "target": {"type": "objective-id", "target-id": token(row.id), "status": status},
    }  # fmt: skip
    if row.unseen:
        made["remarks"] = f"What remains unseen: {row.unseen}"
    if row.objectives:
        made["related-observations"] = [{"observation-uuid": _observed(report, row, one)} for one in row.objectives]
    return made


def _observations(report: Report, row: Specification) -> Iterator[dict[str, Any]]:
    for one in row.objectives:
        tally = one.tally
        yield {
            "uuid": _observed(report, row, one), "title": one.check,
            "description": f"{one.check} on {one.provider} over {one.taken} of {one.due} sweeps that were due: {one.result}.",
            "methods": ["TEST"], "types": ["control-objective"], "collected": report.end,
            "props": _props(
                check=one.check, cloud=one.provider, result=str(one.result), closing=str(one.closing), passed=tally.passed,
                failed=tally.failed, excepted=tally.excepted, unknown=tally.unknown, unseen=tally.unseen, slo=one.slo,
                advisory=one.advisory,
            ),
            "relevant-evidence": [{"href": "../report.json", "description": "The figures; `verify --replay` computes them again."}],
        }  # fmt: skip


def _observed(report: Report, row: Specification, one: Objective) -> str:
    return _uuid(report, "observation", row.id, one.check, one.provider)


def _props(**values: str | int) -> list[dict[str, str]]:
    """Properties of our own namespace; an empty one is none."""
    said = {
        name: str(value).lower() if isinstance(value, bool) else _line(str(value)) for name, value in values.items()
    }
    return [{"name": name, "ns": NAMESPACE, "value": value} for name, value in said.items() if value]


def _line(text: str) -> str:
    """One line without blanks at its ends, as titles, names and properties must be."""
    return " ".join(text.split())


def _uuid(report: Report, *parts: str) -> str:
    """The same for the same thing of the same cycle: version 5."""
    named = "/".join((report.provider, report.service, report.cycle, report.end.isoformat(), *parts))
    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE), named))
