"""The papers of the demonstration: they load at every instant of the story, and say what the story says."""

from datetime import date, timedelta
from pathlib import Path

from agent.demo import papers
from agent.demo.life import prepare
from agent.demo.story import BEGINS, ENDS
from agent.reading import load

SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)


def test_the_papers_load_at_the_beginning_and_the_register_again_in_october(tmp_path: Path) -> None:
    prepare(tmp_path)
    first = load(tmp_path / "programme.yaml", environment={}).desk.dossier
    assert not papers.lay(tmp_path, BEGINS) and not papers.lay(tmp_path, BEGINS + timedelta(days=20))
    assert papers.lay(tmp_path, ENDS)
    second = load(tmp_path / "programme.yaml", environment={}).desk.dossier
    assert {one.tool for one in first.exports} == {"Prowler", "Trivy"} and first.exports != second.exports
    assert first.records == second.records and first.registers != second.registers
    (reviews,) = first.registers
    assert [outcome for _, outcome in reviews.judged(SEPTEMBER, SEPTEMBER)] == ["passed"] * 4
    (reviews,) = second.registers
    first_day, last_day, whole = reviews.window(date(2026, 10, 1), OCTOBER)
    assert whole and [outcome for _, outcome in reviews.judged(first_day, last_day)] == ["passed"] * 3 + ["failed"]


def test_the_incident_plan_is_overdue_in_october_and_the_suppliers_report_bridged(tmp_path: Path) -> None:
    prepare(tmp_path)
    dossier = load(tmp_path / "programme.yaml", environment={}).desk.dossier
    states = {one.id: (one.state(SEPTEMBER), one.state(OCTOBER)) for one in dossier.records}
    assert states == {"access-policy": ("current", "current"), "incident-plan": ("current", "overdue")}
    (supplier,) = dossier.suppliers
    assert supplier.last < OCTOBER <= (supplier.bridge or supplier.last)
