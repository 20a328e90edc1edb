"""The report's pages of metrics and papers: what each edition tells, and that nothing hostile gets through."""

import re

import pytest

from agent.page import render
from agent.page.story import metric_value
from agent.report import public


def section(page, name):
    return re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)[0]


def test_the_auditors_page_names_every_paper_and_each_row_that_did_not_pass(samples):
    told = section(render(samples.rich()), "papers")
    assert all(
        words in told
        for words in (
            "Access policy",
            "Ada Beispiel",
            "expired",
            "INC-7",
            "Resolved in time.",
            "Example Hosting",
            "CUEC-2",
        )
    )


def test_the_public_page_counts_papers_and_names_none(samples):
    page = render(public(samples.canaries()))
    assert samples.SECRET not in page and "the auditor's edition names them" in section(page, "papers").replace(
        "&#39;", "'"
    )


def test_every_edition_shows_the_metrics(samples):
    for report in (samples.rich(), public(samples.rich())):
        told = section(render(report), "metrics")
        assert [one in told for one in ("CEK-03-M3", "66.66%", "99.50% to 100.00%", "no value", "at least 99%")] == [
            True
        ] * 5


@pytest.mark.parametrize(
    ("reference", "value"),
    [("CEK-04-M1", "66.66%"), ("IAM-09-M1", "99.50% to 100.00%"), ("UEM-04-M1", "no value"), ("AIS-07-M6", "3.00%")],
)
def test_a_value_is_rounded_toward_the_worse_side_and_an_empty_one_is_none(samples, reference, value):
    assert metric_value(next(one for one in samples.metrics() if one.id == reference)) == value


def test_what_is_hostile_in_a_paper_is_told_and_does_nothing(samples):
    told = section(render(samples.hostile()), "papers")
    assert "<script>alert" not in told and "<img" not in told and "\u202e" not in told


def test_without_metrics_and_papers_the_page_says_none(samples):
    page = render(samples.empty())
    assert "None." in section(page, "papers") and "None." in section(page, "metrics")
