"""Activity: what people decided and what was missed, with digests before and after, and how each approval is known."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.activity import Activity, activity, as_csv, harmless
from agent.cli import cli
from agent.keys import load_signer, make_signing_key
from agent.reviewing import sealed_cycle, sign
from agent.submitting import submit
from tests.agent.living import PROGRAMME, Life, begin

EXCEPTION = (
    "id: legacy-volume\ncheck: data_is_encrypted_at_rest\nrequester: storage-lead\napprover: security-lead\n"
    "rationale: replaced in October\ncreated: 2026-08-20\nexpires: 2026-09-10\naccounts: ['111122223333']\n"
)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    life = begin(tmp_path)
    life.run()
    return life


def found(life: Life, what: str) -> list[Activity]:
    return [one for one in activity(life.agent.journal.entries) if one.what.split(" ")[0] == what]


def test_the_commitment_comes_first(life: Life) -> None:
    first = activity(life.agent.journal.entries)[0]
    assert (first.what, first.who, first.approval, len(first.after)) == (
        "commitment",
        "Example Cloud GmbH",
        "declared",
        64,
    )


def test_a_changed_programme_names_its_parts_with_digests_before_and_after(life: Life) -> None:
    (life.folder / "programme.yaml").write_text(
        PROGRAMME.replace("slo: 100%", "slo: 50%") + "remediate_within: {high: 3d}\n"
    )
    life.run()
    whole, *parts = found(life, "programme")[1:]
    assert (
        whole.before
        and whole.after
        and whole.before != whole.after
        and whole.about == "takes effect with the next cycle"
    )
    assert [(one.what, one.about) for one in parts] == [
        ("programme remediate_within", "changed"), ("programme services.object-store", "changed"),
    ]  # fmt: skip
    assert all(one.before and one.after and one.before != one.after for one in parts)


def test_an_approved_exception_names_who_asked_and_who_approved(life: Life) -> None:
    path = life.folder / "exceptions" / "one.yaml"
    path.write_text(EXCEPTION)
    life.run()
    path.write_text(EXCEPTION.replace("October", "November"))
    life.run()
    path.unlink()
    life.run()
    parts = [one for one in found(life, "exceptions") if "legacy-volume" in one.what]
    assert [one.about for one in parts] == [
        f"{how}, requested by storage-lead" for how in ("added", "changed", "removed")
    ]
    assert {(one.who, one.approval) for one in parts} == {("security-lead", "declared")}
    assert parts[0].before == "" and parts[0].after == parts[1].before and parts[2].after == ""


def test_lapses_reviews_and_submissions_are_told(life: Life, tmp_path: Path) -> None:
    life.clock.now = datetime(2026, 10, 20, tzinfo=UTC)
    life.run()
    agent = life.agent
    sign(
        agent.store, agent.journal, sealed_cycle(agent.store, agent.journal, "2026-09", None), (), reviewer="Ada Beispiel",
        programme=load_signer(life.folder / "keys" / "signing.pem"), own=make_signing_key(tmp_path / "ada.pem"), now=life.clock.now,
    )  # fmt: skip
    submit(
        life.agent.journal,
        "object-store",
        "2026-09",
        reference="STAR-1",
        by="Bo Muster",
        on=life.clock.now.date(),
        now=life.clock.now,
    )
    (late,) = found(life, "late")
    assert late.late and late.about == "not reviewed by 2026-10-11T00:00:00Z"
    (review,) = found(life, "reviewed")
    assert (review.who, review.approval, review.late) == ("Ada Beispiel", "proven", True)
    (submitted,) = found(life, "submitted")
    assert (submitted.who, submitted.approval, submitted.about) == ("Bo Muster", "declared", "STAR-1 on 2026-10-20")
    assert found(life, "sealed")[0].late


def test_routine_is_left_out(life: Life) -> None:
    assert not {"sweep", "cycle", "closing"} & {one.what for one in activity(life.agent.journal.entries)}


def test_the_table_has_a_row_for_each_and_runs_no_formula(life: Life) -> None:
    agent = life.agent
    submit(
        agent.journal, "object-store", None, reference="=cmd()", by="+1", on=life.clock.now.date(), now=life.clock.now
    )
    told = activity(life.agent.journal.entries)
    rows = list(csv.DictReader(io.StringIO(as_csv(told))))
    assert len(rows) == len(told)
    assert (rows[-1]["who"], rows[-1]["about"], rows[-1]["late"]) == ("'+1", "'=cmd() on 2026-09-01", "no")


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (True, "yes"), ("a=b", "a=b"), ("-1", "'-1"), ("\tx", "'\tx"), (7, "7")]
)
def test_a_cell_is_harmless(value: object, cell: str) -> None:
    assert harmless(value) == cell


@pytest.mark.parametrize("option", ["", "--csv", "--json"])
def test_the_command_tells_it(life: Life, option: str) -> None:
    result = CliRunner().invoke(
        cli, ["activity", "--programme", str(life.folder / "programme.yaml"), *filter(None, [option])]
    )
    assert result.exit_code == 0, result.output
    assert "commitment" in result.output and "declared" in result.output
