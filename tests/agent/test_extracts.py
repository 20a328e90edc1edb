"""Registers: what each row says, how a file is read, every fault with its line, and no person in what is kept."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from agent.extracts import SIDE, extract, pseudonymous
from agent.registers import (
    SCHEMAS,
    SPEAKS_FOR,
    AccessReview,
    Change,
    Disposal,
    Incident,
    ManagementReview,
    Person,
    SupplierRow,
    Training,
)
from agent.strict import Refusal
from controls import ccm

DAY = date(2026, 9, 30)
HEADER = """\
query: tickets of the queue security
extractor: siem-export
extracted: 2026-09-30
first: 2026-09-01
last: 2026-09-30
rows: {rows}
"""


def at(day, hour=0):
    return datetime(2026, 9, day, hour, tzinfo=UTC)


ROWS = [
    (Incident(id="1", detected=at(1), resolved=at(2), resolve_by=at(3)), "passed"),
    (Incident(id="1", detected=at(1), resolved=at(4), resolve_by=at(3)), "failed"),
    (Incident(id="1", detected=at(1), resolve_by=at(3)), "failed"),
    (Incident(id="1", detected=at(29), resolve_by=datetime(2026, 10, 3, tzinfo=UTC)), "unknown"),
    (Incident(id="1", detected=at(1), resolved=at(2)), "unknown"),
    (Change(id="1", implemented=at(5), approved=at(4), tested=True, requester="a", approver="b"), "passed"),
    (Change(id="1", implemented=at(5), approved=at(4), tested=True, requester="a", approver="a"), "failed"),
    (Change(id="1", implemented=at(5), approved=at(6), tested=True), "failed"),
    (Change(id="1", implemented=at(5), approved=at(6), tested=True, emergency=True), "passed"),
    (Change(id="1", implemented=at(5), approved=at(9), tested=True, emergency=True), "failed"),
    (Change(id="1", implemented=at(5), approved=at(4)), "unknown"),
    (Change(id="1", implemented=at(5), approved=at(4), tested=False), "failed"),
    (Person(person="p", event="joined", at=at(5)), "not applicable"),
    (Person(person="p", event="left", at=at(5), access_changed=at(5, 23)), "passed"),
    (Person(person="p", event="left", at=at(5), access_changed=at(7)), "failed"),
    (Person(person="p", event="left", at=at(5)), "failed"),
    (Person(person="p", event="left", at=at(30)), "unknown"),
    (AccessReview(account="a", reviewed=date(2026, 7, 2), correct=True), "passed"),
    (AccessReview(account="a", reviewed=date(2026, 7, 1), correct=True), "failed"),
    (AccessReview(account="a", reviewed=date(2026, 9, 2), correct=False), "failed"),
    (AccessReview(account="a", reviewed=date(2026, 9, 2)), "unknown"),
    (AccessReview(account="a"), "failed"),
    (AccessReview(account="a", reviewed=date(2026, 9, 2), correct=True, reviewer="a"), "failed"),
    (Training(person="p", course="c", due=date(2026, 9, 1), completed=date(2026, 9, 1)), "passed"),
    (Training(person="p", course="c", due=date(2026, 9, 1)), "failed"),
    (Training(person="p", course="c", due=date(2026, 10, 1)), "not applicable"),
    (SupplierRow(name="s", approved=True, review_due=DAY), "passed"),
    (SupplierRow(name="s", approved=True, review_due=date(2026, 9, 29)), "failed"),
    (SupplierRow(name="s", approved=False, review_due=DAY), "failed"),
    (Disposal(asset="d", disposed=DAY, method="shredded", witness="w"), "passed"),
    (Disposal(asset="d", disposed=DAY, method="shredded"), "failed"),
    (ManagementReview(held=date(2026, 3, 1), next_due=date(2027, 3, 1), minutes="minutes-7"), "passed"),
    (ManagementReview(held=date(2026, 3, 1), next_due=date(2026, 9, 1), minutes="minutes-7"), "failed"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "outcome"), ROWS)
def test_what_a_row_says_on_a_day(row, outcome):
    assert row.outcome(DAY) == outcome


@pytest.fixture
def write(tmp_path):
    def put(text, header=None, name="incidents.csv"):
        path = tmp_path / name
        path.write_text(text)
        if header is not None:
            path.with_name(f"{name}{SIDE}").write_text(header)
        return path

    return put


GOOD = "id,detected,source,resolved,reporter\n1,2026-09-02T10:00:00Z,system,,Ada Example\n2,2026-09-03T10:00:00Z,,2026-09-04T10:00:00Z,\n"


def test_a_csv_file_with_its_side_file_is_read_and_empty_cells_are_not_said(write, tmp_path):
    one = extract("incidents", write(GOOD, HEADER.format(rows=2)), tmp_path)
    assert [(row.id, row.source, row.reporter) for row in one.rows] == [
        ("1", "system", "Ada Example"),
        ("2", None, None),
    ]
    assert (one.header.extractor, one.file) == ("siem-export", "incidents.csv")


def test_a_json_file_holds_header_and_rows(write, tmp_path):
    header = {
        "query": "q",
        "extractor": "e",
        "extracted": "2026-09-30",
        "first": "2026-09-01",
        "last": "2026-09-30",
        "rows": 1,
    }
    text = msgspec.json.encode(
        {"header": header, "data": [{"id": "1", "detected": "2026-09-02T10:00:00Z", "source": None}]}
    ).decode()
    assert extract("incidents", write(text, name="incidents.json"), tmp_path).rows[0].id == "1"


def test_persons_become_the_same_pseudonym_everywhere_and_without_the_key_none(write, tmp_path):
    one = extract("incidents", write(GOOD, HEADER.format(rows=2)), tmp_path)
    hidden = pseudonymous(one, b"key")
    assert "Ada" not in msgspec.json.encode(hidden).decode() and hidden.rows[0].reporter.startswith("person-")
    assert hidden == pseudonymous(one, b"key") != pseudonymous(one, b"another")
    assert hidden.rows[1].reporter is None


@pytest.mark.parametrize("schema", SCHEMAS.values())
def test_every_column_that_may_name_a_person_is_one(schema):
    assert set(schema.personal) <= set(schema.__struct_fields__)
    persons = {
        "person",
        "account",
        "reviewer",
        "approver",
        "requester",
        "reporter",
        "handler",
        "contact",
        "witness",
        "chair",
    }
    assert persons & set(schema.__struct_fields__) == set(schema.personal)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_register_speaks_for_specifications_that_there_are(kind):
    assert all(ccm.specification(one) for one in SPEAKS_FOR[kind])


@pytest.mark.parametrize(
    ("text", "header", "words"),
    [
        (GOOD, None, "incidents.csv:1: incidents.csv.register.yaml is missing beside it; write query, extractor"),
        (GOOD, HEADER.format(rows=3), "incidents.csv:1: the file has 2 rows and its header says 3; extract it again"),
        (GOOD.replace("source", "sauce"), HEADER.format(rows=2), "incidents.csv:2: unknown column 'sauce'; did you mean 'source'?"),
        (GOOD.replace("2026-09-03T10:00:00Z", "3 September"), HEADER.format(rows=2), "incidents.csv:3: Invalid RFC3339 encoded datetime"),
        (GOOD.replace("10:00:00Z,system", "10:00:00,system"), HEADER.format(rows=2), "csv:2: Expected `datetime` with a timezone"),
        (GOOD.replace("system,", "system"), HEADER.format(rows=2), "incidents.csv:2: 4 cells under 5 columns; mend this line"),
        (GOOD, HEADER.format(rows=2).replace("last: 2026-09-30", "last: 2026-10-02"), "5: last (2026-10-02) lies after"),
        (GOOD, HEADER.format(rows=2).replace("query", "querry"), "register.yaml:1: unknown key 'querry'; did you mean 'query'?"),
    ],
)  # fmt: skip
def test_a_fault_has_file_line_and_remedy(write, tmp_path, text, header, words):
    with pytest.raises(Refusal) as refused:
        extract("incidents", write(text, header), tmp_path)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("first", "last", "window"),
    [
        ("2026-08-01", "2026-10-05", ("2026-09-01", "2026-09-30", True)),
        ("2026-08-01", "2026-09-25", ("2026-08-27", "2026-09-25", True)),
        ("2026-08-01", "2026-09-22", ("2026-08-24", "2026-09-22", False)),
        ("2026-09-10", "2026-09-30", ("2026-09-01", "2026-09-30", False)),
    ],
)
def test_the_days_that_are_judged_are_as_many_as_the_cycle_has_and_none_is_missing(
    write, tmp_path, first, last, window
):
    header = (
        HEADER.format(rows=2)
        .replace("2026-09-01", first)
        .replace("last: 2026-09-30", f"last: {last}")
        .replace("extracted: 2026-09-30", "extracted: 2026-10-06")
    )
    one = extract("incidents", write(GOOD, header), tmp_path)
    begin, end, whole = one.window(date(2026, 9, 1), DAY)
    assert (begin.isoformat(), end.isoformat(), whole) == window
