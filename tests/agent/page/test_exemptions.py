"""What clouds let off by their own record stands beside our own exceptions, for the auditor alone."""

from datetime import UTC, datetime

import msgspec

from agent.exemptions import ExemptionRow
from agent.page import render
from agent.report import public


def row(name, ends, state, *, mitigated=None):
    return ExemptionRow(
        resource=f"/subscriptions/s/policyexemptions/{name}", provider="azure", account="s", policy="/policyassignments/benchmark",
        scope="/subscriptions/s", mitigated=mitigated, ends=ends, state=state,
    )  # fmt: skip


ROWS = (
    row("never", None, "in force without end"),
    row("later", datetime(2027, 6, 1, tzinfo=UTC), "in force", mitigated=True),
)


def test_the_auditor_reads_them_beside_our_own_exceptions_and_nobody_else_does(samples):
    report = msgspec.structs.replace(samples.rich(), exemptions=ROWS)
    page = render(report)
    assert (
        "By the clouds' own record" in page
        and "in force without end" in page
        and "said to be met in another way" in page
    )
    assert page.index("Approved exceptions</h2>") < page.index("By the clouds' own record")
    assert public(report).exemptions == () and "policyexemptions" not in render(public(report))
    assert "own record" not in render(samples.rich())


def test_what_is_too_much_for_a_page_is_counted(samples):
    many = tuple(row(str(number), None, "in force without end") for number in range(300))
    page = render(msgspec.structs.replace(samples.rich(), exemptions=many))
    assert "300 exemptions" in page and "more: report.json holds them all" in page
