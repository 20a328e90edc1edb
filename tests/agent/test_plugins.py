"""Installed packages' checks and collectors: loaded for sweeps, named in the bundle, never loaded by whoever only looks or verifies."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from agent.archive import Archive
from agent.errors import UsageError
from agent.plugins import plugged_checks, plugged_collectors
from agent.reading import load
from agent.replay import replay
from controls.catalogue import CHECKS
from tests.agent.living import PROGRAMME, begin

MODULE = """\
from collectors.resource import DataStore
from controls.check import check, part
from controls.verdict import holds

@check(part("CCM:4.1:CEK-03", "the rest"), judges=DataStore, kinds=("volume",), severity="low", remediation="r")
def acme_volumes_are_encrypted(store: DataStore):
    \"\"\"Volumes are encrypted.\"\"\"
    return holds(store.encrypted, "no")

CHECKS = (acme_volumes_are_encrypted,)
NONE = ("x",)
"""


def install(folder, points="[starcadence.controls]\nacme = acme_checks:CHECKS\n"):
    (folder / "acme_checks.py").write_text(MODULE)
    info = folder / "acme_checks-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-checks\nVersion: 1.2\n")
    (info / "RECORD").write_text("acme_checks.py,,\n")
    (info / "entry_points.txt").write_text(points)
    return folder


@pytest.fixture
def site(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("acme_checks", None)


def test_a_package_judges_is_named_with_its_version_and_replayed_only_where_asked(tmp_path, site):
    install(site)
    life = begin(tmp_path / "life", programme=PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d"))
    (tmp_path / "life" / "exceptions" / "one.yaml").write_text(
        "id: one\ncheck: acme_volumes_are_encrypted\nrequester: a\napprover: b\nrationale: r\ncreated: 2026-09-01\nexpires: 2026-10-01\n"
        "accounts: ['111122223333']\n"
    )
    assert load(tmp_path / "life" / "programme.yaml").exceptions
    for _ in range(4):
        life.run()
        life.clock.now += timedelta(days=10)
    (bundle,) = life.bundles()
    with Archive.open(bundle) as archive:
        assert json.loads(archive.read("rules.json", 1 << 20))["packages"] == {"acme-checks": "1.2"}
        assert "acme_volumes_are_encrypted" in archive.read("report.html", 1 << 26).decode()
    alone = replay(bundle)
    assert not alone.ok and alone.to_install == "acme-checks 1.2" and "--with-packages" in alone.words[0]
    assert replay(bundle, with_packages=True).ok


def test_nothing_of_a_package_is_loaded_by_who_only_looks(tmp_path, site):
    install(site)
    (site / "acme_checks.py").write_text("raise SystemExit('loaded')")
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from agent.cli import main; main()"
    for command in (["--help"], ["verify", "--help"], ["catalog", "checks", "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", script, str(site), *command], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("[starcadence.controls]\nacme = acme_checks:NONE\n", "offers str, not checks"),
        ("[starcadence.controls]\nother = acme_checks:CHECKS\n", "does not begin with other_"),
        ("[starcadence.controls]\nacme = nowhere:CHECKS\n", "cannot be loaded"),
        ("[starcadence.controls]\nacme = acme_checks:MODULE\n", "cannot be loaded"),
    ],
)
def test_a_package_that_offers_something_else_is_an_error_that_names_it(site, points, words):
    install(site, points)
    with pytest.raises(UsageError, match=r"acme-checks .*mend that package") as refused:
        plugged_checks(CHECKS)
    assert words in str(refused.value)


def test_a_collector_is_offered_for_its_cloud(site):
    install(site, "[starcadence.collectors]\naws = acme_checks:NONE\n")
    assert plugged_collectors("gcp", ()) == ()
    with pytest.raises(UsageError, match="offers str, not collectors"):
        plugged_collectors("aws", ())
