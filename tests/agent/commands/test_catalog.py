"""`starcadence catalog`: results on stdout, errors with their remedy, tables of 80 columns, no SDK but where collectors are named."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.commands.catalog import catalog
from agent.errors import UsageError
from controls.catalogue import CHECKS
from controls.coverage import CLOUDS, proven


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(catalog, arguments, catch_exceptions=False, standalone_mode=False)

    return invoke


def printed(result):
    return json.loads(result.stdout)


@pytest.mark.parametrize(("spelling", "count"), [("4.1.0", 207), ("4.1", 207), ("4.0.13", 197), ("4.0", 197)])
def test_list_prints_every_specification_of_a_version(run, spelling, count):
    found = printed(run("list", "--ccm", spelling, "--json"))
    assert len(found) == count
    assert list(found[0]) == ["id", "version", "domain", "title", "checks", "reason"]
    assert all(bool(one["checks"]) == (one["reason"] is None) for one in found)


def test_list_of_a_domain_reads_as_a_table(run):
    text = run("list", "--domain", "I&S").stdout
    assert "Infrastructure Security (CCM 4.1.0)" in text
    assert "CCM:4.1:I&S-03  Network Security" in text
    assert "administration_ports_are_closed" in text
    assert "none: how environments are parted" in text
    assert "LOG-" not in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "--ccm", "4.2"), "'4.2' is not a version of the catalogue; write 4.0.13 or 4.1.0"),
        (("coverage", "--ccm", "5"), "'5' is not a version"),
        (("list", "--domain", "IVS"), "CCM 4.1.0 has no domain 'IVS'; it has A&A, AIS"),
        (
            ("translate", "IAM-13"),
            "CCM:4.0:IAM-13 (Uniquely Identifiable Users) or CCM:4.1:IAM-13 (Strong Authentication)",
        ),
        (
            ("translate", "CCM:4.1:IAM-99"),
            "CCM:4.1:IAM-99 is not a specification of CCM 4.1.0; did you mean CCM:4.1:IAM-0",
        ),
    ],
)
def test_what_cannot_be_used_is_a_usage_error_with_its_remedy(run, arguments, words):
    with pytest.raises(UsageError) as refused:
        run(*arguments)
    assert words in str(refused.value)


def test_search_finds_both_versions_under_their_own_headings(run):
    text = run("search", "logs", "protection").stdout
    assert (
        text.index("(CCM 4.1.0)")
        < text.index("CCM:4.1:LOG-02")
        < text.index("(CCM 4.0.13)")
        < text.index("CCM:4.0:LOG-02")
    )
    assert [one["id"] for one in printed(run("search", "strong", "authentication", "--json"))] == [
        "CCM:4.1:IAM-13",
        "CCM:4.0:IAM-14",
    ]


def test_a_search_that_finds_nothing_says_so_on_stderr(run):
    result = run("search", "quantum")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "nothing holds 'quantum'" in result.stderr
    assert printed(run("search", "quantum", "--json")) == []


@pytest.mark.parametrize(
    ("reference", "lines"),
    [
        (
            "CCM:4.0.13:IAM-13",
            [
                "CCM:4.0:IAM-13  Uniquely Identifiable Users",
                "CCM:4.1:IAM-12  Unique Identities",
                "renumbered; its words were revised",
            ],
        ),
        (
            "CCM:4.1.0:IAM-13",
            [
                "CCM:4.1:IAM-13  Strong Authentication",
                "CCM:4.0:IAM-14  Strong Authentication",
                "renumbered; its words stand",
            ],
        ),
        (
            "CCM:4.0:IAM-12",
            ["CCM:4.0:IAM-12  Safeguard Logs Integrity", "none            the other version has none such", "removed"],
        ),
    ],
)
def test_translate_shows_both_titles(run, reference, lines):
    assert run("translate", reference).stdout.splitlines() == lines


def test_translate_as_json(run):
    assert printed(run("translate", "CCM:4.1:AIS-08", "--json")) == {
        "source": "CCM:4.1:AIS-08", "target": None, "relation": "new", "revised": False, "titles": ["API Security", None],
    }  # fmt: skip


def test_checks_are_listed_with_what_they_read_and_reach(run):
    found = printed(run("checks", "--json"))
    assert [one["name"] for one in found] == [check.name for check in CHECKS]
    rotation = next(one for one in found if one["name"] == "keys_rotate")
    assert rotation["reads"] == ["rotatable", "rotation_days", "state"]
    assert rotation["parameters"] == {"max_days": 365}
    assert [link["specification"] for link in rotation["links"]] == ["CCM:4.0:CEK-12", "CCM:4.1:CEK-12"]
    text = run("checks").stdout
    assert "  judges     DataStore (object store)" in text
    assert "  reads      backup_days, min_days 7" in text
    together = " ".join(text.split())  # long titles are wrapped
    assert all(check.title in together for check in CHECKS)


@pytest.mark.parametrize(("version", "count"), [("4.1.0", 207), ("4.0.13", 197)])
def test_coverage_prints_one_object_per_specification(run, version, count):
    found = printed(run("coverage", "--ccm", version, "--json"))
    assert len(found) == count
    assert all(list(one) == ["specification", "title", "aws", "gcp", "azure", "reach", "metrics"] for one in found)
    counting = {name for one in found for name in one["aws"]}
    assert counting <= proven("aws")
    assert all((one["reach"] == "none") == (not any(one[cloud] for cloud in CLOUDS)) for one in found)
    assert {name for one in found for name in one["azure"]} <= proven("azure")


def test_coverage_reads_as_a_table_that_says_why(run):
    text = run("coverage").stdout
    assert "people: personnel registers" in text
    assert "of 207 specifications of CCM 4.1.0 are covered" in text


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("search", "key"), ("translate", "CCM:4.0:SEF-07"), ("checks",), ("coverage",), ("metrics",)],
)
def test_tables_fit_eighty_columns(run, arguments):
    assert max(map(len, run(*arguments).stdout.splitlines())) <= 80


def test_no_sdk_is_loaded():
    script = (
        "import sys; from agent.commands.catalog import catalog\n"
        "for words in sys.argv[1:]:\n"
        "    catalog.main(words.split(), standalone_mode=False)\n"
        "    if any(name.split('.')[0] in {'boto3', 'botocore'} for name in sys.modules): sys.exit(f'{words} loads an SDK')"
    )
    commands = ("--help", "list --json", "checks", "coverage --json")
    done = subprocess.run([sys.executable, "-c", script, *commands], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_of_checks_is_as_generated(run):
    page = Path(__file__).parents[3] / "docs" / "checks.md"
    assert page.read_text() == run("checks", "--markdown").stdout, (
        "starcadence catalog checks --markdown > docs/checks.md"
    )


def test_metrics_prints_all_42_with_what_gives_each_and_what_it_would_need(run):
    found = printed(run("metrics", "--json"))
    assert len(found) == 42
    assert all(list(one) == ["metric", "specification", "computed", "from", "needs"] for one in found)
    assert {one["computed"] for one in found} == {True, False, "with"}
    assert all(one["needs"] for one in found if one["computed"] is not True)
    assert sum(one["computed"] is True for one in found) >= 25
    assert {one["specification"][:8] for one in printed(run("metrics", "--ccm", "4.0.13", "--json"))} == {"CCM:4.0:"}


def test_metrics_of_no_release_is_a_usage_error(run):
    with pytest.raises(UsageError, match="is not a version of the catalogue"):
        run("metrics", "--ccm", "5")
