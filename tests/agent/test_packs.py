"""Packs of others: read strictly, tried on their examples, pinned by a cycle, sealed with it and judged again by their own bytes."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.archive import Archive
from agent.canaries import examine
from agent.cli import cli
from agent.errors import ProgrammeError
from agent.judging import Rules
from agent.packs import pack
from agent.reading import load
from agent.replay import replay
from collectors.aws.catalogue import COLLECTORS
from controls.assess import Judge, concerns
from controls.catalogue import links
from controls.verdict import Outcome, passed
from tests.agent.living import PROGRAMME, begin

PACK = """\
pack: acme
version: "1.0"
checks:
  - name: acme_volumes_have_our_name
    title: Volumes are called as we agreed.
    judges: DataStore
    kinds: [volume]
    severity: low
    remediation: Give it a name.
    links:
      - {specification: "CCM:4.1:DCS-06", unseen: everything else}
    holds: encrypted and len(id) < 50
    otherwise: its id is too long
    examples:
      passing:
        - {encrypted: true}
      failing:
        - {encrypted: false}
      unknown:
        - {}
"""


def words(text):
    with pytest.raises(ProgrammeError) as refused:
        pack(text.encode(), "acme.yaml")
    return str(refused.value)


def test_a_pack_is_checks_like_any_other():
    (one,) = pack(PACK.encode()).checks
    assert (one.reads, one.timed, one.kinds) == (("encrypted",), False, ("volume",))
    assert [link.specification for link in links(one, "4.1")] == ["CCM:4.1:DCS-06"]
    assert one.digest != pack(PACK.replace("too long", "longer").encode()).checks[0].digest


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("holds: encrypted", "holds: encryptd", 12, "did you mean encrypted"),
        ("holds: encrypted and len(id) < 50", "holds: id.__class__", 12, "not of the language"),
        ("holds: encrypted and len(id) < 50", "holds: 1 < 2", 12, "names no fact"),
        ("judges: DataStore", "judges: DataStor", 6, "did you mean 'DataStore'"),
        ("CCM:4.1:DCS-06", "DCS-06", 11, "does not say its version"),
        ("CCM:4.1:DCS-06", "CCM:4.1:DCS-99", 11, "DCS-99"),
        ("acme_volumes", "volumes", 4, "call it acme_volumes_have_our_name"),
        ("- {encrypted: false}", "- {encrypted: true}", 18, "calls this example passed"),
        ("- {encrypted: true}", "- {encrypted: yes}", 16, "mend this example"),
        ("- {}", "- {encrypted: true}", 20, "calls this example passed"),
        ("pack: acme", "pack: data", 4, "call it data_acme_volumes_have_our_name"),
        ("severity: low", "severity: lo", 8, "low"),
        ("otherwise: its id is too long", "others: x", 4, "otherwise"),
    ],
)  # fmt: skip
def test_a_bad_pack_says_file_line_and_remedy(old, new, line, said):
    told = words(PACK.replace(old, new, 1))
    assert said in told and f"acme.yaml:{line}: " in told


def test_a_pack_cannot_take_the_name_of_a_check_of_ours():
    text = PACK.replace("pack: acme", "pack: data").replace("acme_volumes_have_our_name", "data_is_encrypted_at_rest")
    assert "is a check of ours" in words(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(PACK) - 1), cut=st.integers(0, 12), put=st.text(max_size=5))
def test_no_damage_of_a_pack_is_more_than_a_fault(at, cut, put):
    text = (PACK[:at] + put + PACK[at + cut :]).encode("utf-8", "surrogatepass")
    try:
        checks = pack(text, "acme.yaml").checks
    except ProgrammeError as refused:
        assert "acme.yaml:" in str(refused)
    else:
        assert all(one.name.startswith("a") or one.pack for one in checks)


def test_a_cycle_is_judged_by_the_pack_that_it_opened_with_and_replayed_by_its_bytes(tmp_path):
    (tmp_path / "acme.yaml").write_text(PACK)
    programme = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace(
        "      CCM:4.1:IAM-13:",
        "      CCM:4.1:DCS-06: {owner: storage-lead, responsibility: provider}\n      CCM:4.1:IAM-13:",
    )
    life = begin(tmp_path, programme=programme + "packs: [acme.yaml]\n")
    life.run()
    (tmp_path / "acme.yaml").write_text(PACK.replace("len(id) < 50", "len(id) < 45"))
    for _ in range(7):
        life.clock.now += timedelta(days=10)
        life.run()
    first, second = life.bundles()
    found = {}
    for bundle in (first, second):
        with Archive.open(bundle) as archive:
            report = json.loads(archive.read("report.json", 1 << 26))
            found[bundle] = next(one for one in report["specifications"] if one["id"] == "CCM:4.1:DCS-06")
            assert b"acme_volumes_have_our_name" in archive.read("packs/acme.yaml", 1 << 20)
            assert "acme_volumes_have_our_name" in {one["name"] for one in report["checks"]}
            assert b"acme" not in archive.read("public/specifications.csv", 1 << 26)
        assert replay(bundle).ok, replay(bundle).words
    said = [
        next(one["closing"] for one in found[bundle]["objectives"] if one["check"].startswith("acme_"))
        for bundle in (first, second)
    ]
    assert said == ["met", "missed"]  # ids of the simulator have 45 letters and more


def test_programme_names_what_is_wrong_with_packs_and_exceptions_may_speak_of_their_checks(tmp_path):
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "acme.yaml").write_text(PACK)
    (tmp_path / "programme.yaml").write_text(PROGRAMME + "packs: [acme.yaml, nothing.yaml, acme.yaml]\n")
    with pytest.raises(ProgrammeError) as refused:
        load(tmp_path / "programme.yaml")
    assert "nothing.yaml cannot be read" in str(refused.value) and "second pack with the id 'acme'" in str(
        refused.value
    )
    (tmp_path / "programme.yaml").write_text(PROGRAMME + "packs: [acme.yaml]\n")
    (tmp_path / "exceptions" / "one.yaml").write_text(
        "id: one\ncheck: acme_volumes_have_our_name\nrequester: a\napprover: b\nrationale: r\ncreated: 2026-09-01\nexpires: 2026-10-01\n"
        "accounts: ['111122223333']\n"
    )
    loaded = load(tmp_path / "programme.yaml")
    assert loaded.packs[0].checks[0].judge.__name__ == "judge" and loaded.exceptions[0].check.startswith("acme_")


def test_the_catalogue_lists_the_checks_of_a_programmes_packs(tmp_path):
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "acme.yaml").write_text(PACK)
    (tmp_path / "programme.yaml").write_text(PROGRAMME + "packs: [acme.yaml]\n")
    found = CliRunner().invoke(cli, ["catalog", "checks", "--json", "--programme", str(tmp_path / "programme.yaml")])
    assert json.loads(found.output)[-1]["name"] == "acme_volumes_have_our_name"


def test_kinds_that_it_does_not_name_and_what_the_provider_manages_are_not_applicable():
    (one,) = pack(PACK.encode()).checks
    from tests.controls.test_expressions import NOW, store

    assert one.judge(store(encrypted=True), now=NOW).outcome is Outcome.NOT_APPLICABLE


def test_the_pack_of_the_page_is_one():
    page = (Path(__file__).parents[2] / "docs" / "packs.md").read_text()
    (block,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert [one.name for one in pack(block.encode()).checks] == ["acme_databases_are_backed_up_weekly"]


TIMED = PACK.replace("holds: encrypted and len(id) < 50", "holds: not older_than(last_backup, 2)").replace(
    """      passing:
        - {encrypted: true}
      failing:
        - {encrypted: false}
""",
    """      passing:
        - {last_backup: 2026-01-01T00:00:00Z}
      failing:
        - {last_backup: 2025-12-01T00:00:00Z}
""",
)


@pytest.mark.parametrize("text", [PACK, TIMED, PACK.replace("acme_volumes", "acme_other")], ids=["id", "time", "other"])
def test_a_sweep_judges_the_examples_of_packs_too(tmp_path, text):
    checks = (*pack(text.encode()).checks, *pack(PACK.replace("acme_volumes", "acme_more").encode()).checks)
    rules = Rules.of(begin(tmp_path).agent.loaded.programme, checks, (), datetime(2027, 5, 5, tzinfo=UTC))
    found = examine(rules, {"aws": COLLECTORS})
    volumes = [one for one in COLLECTORS if concerns(checks[0], one) and "volume" in one.kinds]
    assert (found.canaries, found.distrusted) == (4 * len(volumes), {}) and volumes
    wrong = replace(checks[0], function=lambda _, **__: passed())
    found = examine(replace(rules, judge=Judge((wrong, checks[1])), checks=(wrong, checks[1])), {"aws": COLLECTORS})
    assert found.distrusted == {"aws": (wrong.name,)}
