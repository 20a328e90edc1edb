"""The switch of the auditor's report: another framework's clauses beside each specification, from small text inside the page."""

import re

import pytest

from agent.page import render
from agent.page.clauses import tables
from agent.report import public
from controls.crosswalk import FRAMEWORKS


def test_each_table_has_a_line_for_each_row_of_the_catalogue(samples):
    report = samples.rich()
    found = {one.id: one for one in tables(report)}
    assert set(found) == {one.id for one in FRAMEWORKS if not one.id.startswith("fedramp-") or one.id == "fedramp-ksi"}
    place = [row.id for row in report.specifications].index("CCM:4.1:LOG-06")
    assert {len(one.lines.split("\n")) for one in found.values()} == {len(report.specifications)}
    assert found["iso27001"].lines.split("\n")[place] == "A.8.17"
    assert found["soc2"].lines.split("\n")[place] == ""
    assert found["sp800-161"].note.startswith("by our own table to SP 800-53, and from there; our own selection")


def test_links_of_low_confidence_are_left_to_the_command(samples):
    report = samples.rich()
    place = [row.id for row in report.specifications].index("CCM:4.1:DSP-16")
    (soc2,) = (one for one in tables(report) if one.id == "soc2")
    assert "P4.2" in soc2.lines.split("\n")[place] and "PI1.5" not in soc2.lines.split("\n")[place]


def test_only_the_auditors_page_has_the_switch_and_it_stays_small(samples):
    report = samples.rich()
    page = render(report)
    assert sum(len(one) for one in re.findall(r"<template data-framework.*?</template>", page, re.DOTALL)) < 40_000
    assert "<template data-framework" not in render(public(report))


def test_a_report_of_an_older_version_has_the_clauses_of_the_successors(samples):
    import msgspec

    from controls import ccm

    rich = samples.rich()
    one = next(row for row in rich.specifications if row.id == "CCM:4.1:LOG-06")
    rows = tuple(msgspec.structs.replace(one, id=each.id) for each in ccm.specifications("4.0"))
    report = msgspec.structs.replace(rich, ccm="4.0.13", specifications=rows)
    (iso,) = (one for one in tables(report) if one.id == "iso27001")
    assert iso.lines.split("\n")[[row.id for row in rows].index("CCM:4.0:IAM-12")] == ""  # 4.1 dropped it
    assert "A.5.16" in iso.lines.split("\n")[[row.id for row in rows].index("CCM:4.0:IAM-14")]


@pytest.mark.browser
def test_the_switch_shows_and_hides_clauses_without_any_network(browser, tmp_path, samples):
    path = tmp_path / "report.html"
    path.write_text(render(samples.rich()))
    tab, said, asked = browser.new_page(), [], []
    try:
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        switch = tab.locator("[data-clauses] select")
        assert tab.locator(".clauses").count() == 0
        switch.select_option("soc2")
        assert tab.locator('[id="s-CCM-4.1-IAM-13"] .clauses').text_content() == "CC6.1 CC6.6"
        assert tab.locator('[id="s-CCM-4.1-LOG-06"] .clauses').count() == 0
        assert "AICPA Trust Services Criteria 2017: beside 1" in tab.locator("[data-clauses] output").text_content()
        switch.select_option("iso27001")
        assert tab.locator('[id="s-CCM-4.1-LOG-06"] .clauses').text_content() == "A.8.17"
        assert tab.locator('[id="s-CCM-4.1-IAM-13"] .clauses').text_content() == "A.5.16 A.8.5"
        switch.select_option("")
        assert tab.locator(".clauses:visible").count() == 0
        assert tab.locator("[data-clauses] output").text_content() == ""
        assert (said, asked) == ([], [path.as_uri()])
    finally:
        tab.close()
