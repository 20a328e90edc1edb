"""`starcadence catalog import`: CSA's own files go to a folder of the user's, and from there before our own tables."""

import importlib.util
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent import bundle as ours
from agent.bundle import Member
from agent.canonical import encode
from agent.cli import cli
from agent.errors import UsageError
from agent.manifest import Tier
from agent.members import specifications_csv
from tests.agent import bundles
from tests.fakes import csa


def rich():
    """The rich report that pages are tested with."""
    spec = importlib.util.spec_from_file_location("samples_of_pages", Path(__file__).parents[1] / "page/samples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.rich()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sealed")
    report = rich()
    members = [
        Member(name="report.json", tier=Tier.AUDITOR, content=encode(report)),
        Member(name="specifications.csv", tier=Tier.AUDITOR, content=specifications_csv(report)),
        Member(name="public/specifications.csv", tier=Tier.PUBLIC, content=specifications_csv(report)),
    ]
    return bundles.loose(folder / "b.zip", bundles.signer(folder), bundles.claim(), members).path


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STARCADENCE_PROGRAMME", raising=False)
    (tmp_path / "CCM.xlsx").write_bytes(csa.ccm_workbook("4.1"))
    return tmp_path


def typed(*arguments):
    return CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False, standalone_mode=False)


def test_a_file_is_read_into_a_folder_beside_the_programme(here):
    (here / "where").mkdir()
    (here / "where/programme.yaml").write_text("anything: at all\n")
    result = typed("catalog", "import", "CCM.xlsx", "--programme", "where/programme.yaml")
    assert result.stdout.startswith("where/csa/4.1.json: CCM 4.1: 207 texts; mapping to CIS v8.0 of 1 specifications")
    assert result.stderr == "passed over, for nothing in them is known or kept: Introduction, Acknowledgments\n"
    assert typed("catalog", "import", "CCM.xlsx").stdout.startswith("csa/4.1.json")  # here, where there is no programme
    with pytest.raises(UsageError, match="there is no programme at other"):
        typed("catalog", "import", "CCM.xlsx", "--programme", "other")


def test_json_says_what_was_found_and_left(here):
    (here / "m.yaml").write_text(csa.METRICS)
    found = json.loads(typed("catalog", "import", "m.yaml", "--folder", "f", "--json").stdout)
    assert [(one["ccm"], one["metrics"], one["texts"]) for one in found["libraries"]] == [("4.0", 2, 0), ("4.1", 2, 0)]
    assert sorted(path.name for path in (here / "f").iterdir()) == ["4.0.json", "4.1.json"]


def test_the_package_is_never_written_to(here):
    import agent
    import controls

    before = {path for package in (agent, controls) for path in Path(package.__file__).parent.rglob("*.json")}
    typed("catalog", "import", "CCM.xlsx")
    assert {path for package in (agent, controls) for path in Path(package.__file__).parent.rglob("*.json")} == before


def test_csas_mapping_takes_the_place_of_our_table(here, bundle):
    ask = ("crosswalk", "--to", "iso27001", "--bundle", bundle, "--json")
    (mine,) = json.loads(typed(*ask).stdout)
    typed("catalog", "import", "CCM.xlsx")
    (found,) = json.loads(typed(*ask).stdout)
    assert len(mine["clauses"]) == 93
    assert {one["clause"] for one in found["clauses"]} == {"A.5.15", "A.5.16", "A.8.17"}
    lines = {line["specification"]: line for one in found["clauses"] for line in one["specifications"]}
    assert (lines["CCM:4.1:LOG-06"]["origin"], lines["CCM:4.1:LOG-06"]["confidence"]) == ("CSA's mapping", "medium")
    assert found["note"] == "by CSA's mapping of CCM 4.1, from CCM.xlsx"
    (untouched,) = json.loads(typed("crosswalk", "--to", "csf", "--bundle", bundle, "--json").stdout)
    assert len(untouched["clauses"]) == 108


def test_a_framework_that_only_csa_has_can_be_read_too(here, bundle):
    typed("catalog", "import", "CCM.xlsx")
    assert "cis-v8-0          CIS v8.0 (2 clauses): CSA's mapping" in typed("crosswalk").stdout
    (found,) = json.loads(typed("crosswalk", "--to", "cis-v8-0", "--bundle", bundle, "--json").stdout)
    assert {one["clause"] for one in found["clauses"]} == {"5.1", "6.1"}


def test_an_import_of_4_0_alone_speaks_of_a_4_1_cycle_by_the_way_between_them(here, bundle):
    mapped = {"IAM-14": ("A.8.5", "No Gap"), "IAM-12": ("A.8.2", ""), "LOG-09": ("A.8.15", "No Gap")}
    (here / "old.xlsx").write_bytes(csa.ccm_workbook("4.0", {"ISO/IEC 27001:2022": mapped}))
    typed("catalog", "import", "old.xlsx", "--folder", "elsewhere")
    (found,) = json.loads(
        typed("crosswalk", "--to", "iso27001", "--csa", "elsewhere", "--bundle", bundle, "--json").stdout
    )
    lines = {
        (one["clause"], line["specification"]): line["confidence"]
        for one in found["clauses"]
        for line in one["specifications"]
    }
    assert lines == {("A.8.5", "CCM:4.1:IAM-13"): "high", ("A.8.15", "CCM:4.1:LOG-10"): "medium"}  # 4.1 dropped IAM-12


def test_the_report_is_drawn_anew_with_csas_mapping_and_words_outside_of_the_bundle(here, bundle):
    before = bundle.read_bytes()
    with pytest.raises(UsageError, match="nothing of CSA's was imported"):
        typed("crosswalk", "--report", "r.html", "--bundle", bundle)
    typed("catalog", "import", "CCM.xlsx")
    assert "it stands in no bundle" in typed("crosswalk", "--report", "r.html", "--bundle", bundle).stdout
    page = (here / "r.html").read_text()
    assert 'data-framework="cis-v8-0"' in page
    assert 'data-note="by CSA&#39;s mapping of CCM 4.1, from CCM.xlsx"' in page
    assert "Our own made-up words about A&amp;A-01, on one and another line &amp; with &lt;signs&gt;." in page
    assert 'data-framework="csf"' in page
    assert bundle.read_bytes() == before


def test_a_report_is_drawn_of_a_whole_bundle_only(here, bundle):
    typed("catalog", "import", "CCM.xlsx")
    with pytest.raises(UsageError, match="name it"):
        typed("crosswalk", "--report", "r.html")
    ours.cut(bundle, Tier.PUBLIC, here / "public.zip")
    with pytest.raises(UsageError, match="has no auditor's report"):
        typed("crosswalk", "--report", "r.html", "--bundle", "public.zip")
    with pytest.raises(UsageError, match="cannot be written"):
        typed("crosswalk", "--report", "no/such/r.html", "--bundle", bundle)


def test_a_report_of_another_version_of_ours_says_so(here, tmp_path):
    typed("catalog", "import", "CCM.xlsx")
    old = bundles.loose(tmp_path / "old.zip", bundles.signer(tmp_path)).path
    with pytest.raises(UsageError, match="another version of Starcadence"):
        typed("crosswalk", "--report", "r.html", "--bundle", old)
