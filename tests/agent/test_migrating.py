"""From CCM 4.0 to 4.1: every reference moved, every comment kept, every trend carried on, and nothing written that was not meant."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from agent.activity import activity
from agent.carrying import carried, earlier
from agent.cli import cli
from agent.errors import UsageError
from agent.material import Past
from agent.migrating import REMINDER, migrate, moved_to
from agent.strict import read
from controls import ccm
from controls.tally import Result
from tests.agent import worlds
from tests.agent.living import begin

HEAD = """\
# What we promise.
provider: Example Cloud GmbH   # as on the contract
contact: assurance@cloud.example
cadence: {cycle: monthly, time_zone: UTC, sweep_every: 24h}
scope: {aws: {organization: o-simulated01, role: starcadence-read}}
approved_exceptions: exceptions
services:
"""
SERVICE = """\
  - id: object-store
    name: Example Object Store
    owner: storage-lead
    level: 1
    ccm: 4.0.13          # until the next boundary
    specifications:
      # identity first
      CCM:4.0:IAM-14: {owner: storage-lead, responsibility: provider}  # CCM:4.0:IAM-14 is MFA
      "CCM:4.0:IVS-03":
        owner: storage-lead      # the network people

        responsibility: provider
      CCM:4.0:IAM-12:            # gone
        owner: storage-lead
        # a remark inside
        responsibility: provider

      CCM:4.0:LOG-*: {owner: storage-lead, responsibility: provider}
      CCM:4.0:CEK-03: {owner: storage-lead, responsibility: provider, slo: 100%}
"""
TAIL = "owners: {storage-lead: {email: storage@cloud.example}}\n"
PROGRAMME = HEAD + SERVICE + TAIL


def test_references_move_and_comments_stay():
    found = migrate(PROGRAMME, "programme.yaml")
    assert found.text == PROGRAMME.replace("ccm: 4.0.13 ", "ccm: 4.1.0 ").replace(
        "CCM:4.0:IAM-14: {owner", "CCM:4.1:IAM-13: {owner"
    ).replace('"CCM:4.0:IVS-03"', '"CCM:4.1:I&S-03"').replace("CCM:4.0:LOG-*", "CCM:4.1:LOG-*").replace(
        "CCM:4.0:CEK-03", "CCM:4.1:CEK-03"
    ).replace(
        """\
      CCM:4.0:IAM-12:            # gone
        owner: storage-lead
        # a remark inside
        responsibility: provider
""",
        """\
      # no counterpart in CCM 4.1: CCM:4.0:IAM-12:            # gone
      # no counterpart in CCM 4.1:   owner: storage-lead
      # no counterpart in CCM 4.1:   # a remark inside
      # no counterpart in CCM 4.1:   responsibility: provider
""",
    )


def test_what_has_no_counterpart_what_is_new_and_what_was_revised_is_told():
    (step,) = migrate(PROGRAMME, "programme.yaml").steps
    assert step.dropped == ("CCM:4.0:IAM-12",)
    assert dict(step.moved)["CCM:4.0:IVS-03"] == "CCM:4.1:I&S-03"
    assert step.gained == ("CCM:4.1:LOG-08",)  # the pattern stands for it too
    assert "CCM:4.1:AIS-08" in step.new and "CCM:4.1:LOG-08" not in step.new
    assert "CCM:4.1:I&S-03" in step.revised and "CCM:4.1:IAM-13" not in step.revised


@pytest.mark.parametrize("one", [one.id for one in ccm.specifications("4.0")][::7])
def test_a_reference_moves_by_the_way_between_the_versions(one):
    assert moved_to(one) == ccm.translate(one, "4.1").target


@pytest.mark.parametrize(
    ("pattern", "target"),
    [("CCM:4.0:IVS-*", "CCM:4.1:I&S-*"), ("CCM:4.0:A&A-*", "CCM:4.1:A&A-*"), ("CCM:4.0:*", "CCM:4.1:*")],
)
def test_a_pattern_moves_with_its_domain(pattern, target):
    assert moved_to(pattern) == target
    moved = {ccm.translate(name, "4.1").target for name in ccm.expand(pattern, "4.0")} - {None}
    assert moved <= set(ccm.expand(target, "4.1"))


def test_one_line_of_braces_is_edited_where_nothing_must_go():
    owned = "{owner: storage-lead, responsibility: provider}"
    inline = f"    specifications: {{CCM:4.0:IAM-13: {owned}, CCM:4.0:IAM-14: {owned}}}\n"
    text = HEAD + SERVICE.split("    specifications:", maxsplit=1)[0] + inline + TAIL
    assert f"{{CCM:4.1:IAM-12: {owned}, CCM:4.1:IAM-13: {owned}}}" in migrate(text, "p").text
    with pytest.raises(UsageError, match=r"CCM:4\.0:IAM-12 has no counterpart, and stands inside of \{\.\.\.\}"):
        migrate(text.replace("IAM-13", "IAM-12"), "p")


def test_services_of_4_1_are_left_and_one_can_be_chosen():
    other = SERVICE.replace("object-store", "queue").replace("Object Store", "Queue")
    both = HEAD + SERVICE + other + TAIL
    assert [step.service for step in migrate(both, "p").steps] == ["object-store", "queue"]
    once = migrate(both, "p", "queue")
    assert [step.service for step in once.steps] == ["queue"]
    assert SERVICE in once.text
    assert migrate(once.text, "p").text == migrate(both, "p").text
    with pytest.raises(UsageError, match="no service queue commits to CCM 4"):
        migrate(once.text, "p", "queue")
    with pytest.raises(UsageError, match="there is no service other; it has object-store, queue"):
        migrate(both, "p", "other")


def test_a_service_of_which_nothing_would_remain_is_refused():
    alone = (
        HEAD
        + SERVICE.split("      # identity", maxsplit=1)[0]
        + "      CCM:4.0:IAM-12: {owner: storage-lead, responsibility: provider}\n"
        + TAIL
    )
    with pytest.raises(UsageError, match="has nothing for any of its specifications"):
        migrate(alone, "p")


def test_a_layout_that_lines_cannot_edit_is_refused():
    folded = PROGRAMME.replace("    ccm: 4.0.13          # until the next boundary\n", "    ccm:\n      4.0.13\n")
    with pytest.raises(UsageError, match="cannot be edited; write it plainly on its line"):
        migrate(folded, "p")


OLD = [one.id for one in ccm.specifications("4.0")]


@given(st.lists(st.sampled_from(OLD), min_size=1, max_size=12, unique=True), st.booleans(), st.booleans())
def test_any_programme_says_the_same_under_its_new_ids(names, quoted, blocks):
    key = '"{}"'.format if quoted else "{}".format
    body = (
        "\n        owner: storage-lead\n        responsibility: provider  # {}"
        if blocks
        else " {{owner: storage-lead, responsibility: provider}} # {}"
    )
    lines = "".join(f"      {key(name)}:{body.format(name)}\n" for name in names)
    text = HEAD + SERVICE.split("      # identity", maxsplit=1)[0] + lines + TAIL
    targets = [ccm.translate(name, "4.1").target for name in names]
    if not any(targets):
        return
    found = migrate(text, "p")
    written = read(found.text.encode(), "p").value["services"][0]
    assert list(written["specifications"]) == [one for one in targets if one]
    assert found.text.count("\n") == text.count("\n")
    assert all(f"# {name}" in found.text for name in names)  # each comment is there


def typed(*arguments):
    return CliRunner().invoke(
        cli, ["programme", "migrate", *map(str, arguments)], catch_exceptions=False, standalone_mode=False
    )


def test_the_command_says_what_moves_and_writes_it(tmp_path):
    path = tmp_path / "programme.yaml"
    path.write_text(PROGRAMME)
    (tmp_path / "exceptions").mkdir()
    path.chmod(0o640)
    said = typed("--to", "4.1", "--programme", path, "--dry-run").stdout
    assert "nothing was written (--dry-run)" in said and path.read_text() == PROGRAMME
    said = typed("--to", "4.1.0", "--programme", path).stdout
    assert "CCM:4.0:IAM-14  -> CCM:4.1:IAM-13  Strong Authentication" in said
    assert "no counterpart; now a comment: CCM:4.0:IAM-12" in said
    assert "it takes effect with the commitment" in said and f"reminder: {REMINDER}" in said
    assert path.read_text() == migrate(PROGRAMME, "p").text
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["exceptions", "programme.yaml"]
    with pytest.raises(UsageError, match="there is nothing to migrate"):
        typed("--to", "4.1", "--programme", path)


@pytest.mark.parametrize(("version", "words"), [("4.0.13", "no way back"), ("5", "is not a version")])
def test_only_the_way_forward_exists(tmp_path, version, words):
    with pytest.raises(UsageError, match=words):
        typed("--to", version)


def test_a_trend_goes_on_under_the_new_ids():
    past = Past(
        service="s", cycle="2026-09", start=datetime(2026, 9, 1, tzinfo=UTC), end=datetime(2026, 10, 1, tzinfo=UTC), state="complete",
        results={"CCM:4.0:IAM-14": Result.MET, "CCM:4.0:IAM-12": Result.MISSED, "CCM:4.0:CEK-03": Result.NOT_SHOWN},
    )  # fmt: skip
    assert carried(past.results, "4.1") == {"CCM:4.1:IAM-13": Result.MET, "CCM:4.1:CEK-03": Result.NOT_SHOWN}
    assert carried(past.results, "4.0") == past.results
    assert earlier(past, "CCM:4.1:IAM-13") == ("2026-09 as CCM:4.0:IAM-14", Result.MET)
    assert earlier(past, "CCM:4.0:IAM-14") == ("2026-09", Result.MET)
    assert earlier(past, "CCM:4.1:LOG-08") is None  # new
    assert earlier(past, "CCM:4.1:IAM-14") is None  # the successor of CCM:4.0:IAM-15, which was not judged


def test_a_lived_migration_takes_effect_at_the_boundary_and_carries_the_trend(tmp_path):
    old = worlds.PROGRAMME.replace("4.1.0", "4.0.13").replace("CCM:4.1:", "CCM:4.0:").replace("IAM-13", "IAM-14")
    life = begin(tmp_path, programme=old.replace("sweep_every: 10d", "sweep_every: 31d"))
    life.run()
    said = json.loads(typed("--to", "4.1", "--programme", tmp_path / "programme.yaml", "--json").stdout)
    assert said["boundary"] == "2026-10-01T00:00:00Z" and said["written"]
    life.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    assert [one.cycle for one in life.run().sealed] == ["2026-09"] * 3  # by 4.0 to its end
    life.clock.now = datetime(2026, 11, 1, 1, tzinfo=UTC)
    life.run()
    entries = life.agent.journal.entries
    assert [one.about for one in activity(entries) if one.what == "migration"] == [
        "everything, tagged, apart to CCM 4.1.0, takes effect with the next cycle"
    ]
    reports = {path.parent.name: _report(path) for path in life.bundles() if path.parent.parent.name == "apart"}
    (row,) = (row for row in reports["2026-09"]["specifications"] if row["id"] == "CCM:4.0:IAM-14")
    (now,) = (row for row in reports["2026-10"]["specifications"] if row["id"] == "CCM:4.1:IAM-13")
    assert (reports["2026-09"]["ccm"], reports["2026-10"]["ccm"]) == ("4.0.13", "4.1.0")
    assert now["previous"] == row["result"]
    assert now["history"] == [["2026-09 as CCM:4.0:IAM-14", row["result"]]]
    assert all(one["specification"].startswith("CCM:4.1:") for one in reports["2026-10"]["changes"])


def _report(path):
    import zipfile

    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("report.json"))
