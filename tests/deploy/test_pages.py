"""What pages show is so: snippets run, tables hold, programmes load, the site has every page and is built without a fault."""

import io
import random
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from cryptography.exceptions import InvalidSignature

from agent.programme import Programme
from agent.units import share
from controls.tally import Result, Tally, against
from tests.agent.bundles import loose, signer
from tests.agent.living import PROGRAMME, begin
from tests.deploy.dockerfile import ROOT
from tests.deploy.test_docs import PAGES

DOCS = ROOT / "docs"
REFUSALS = (
    ValueError,
    KeyError,
    TypeError,
    InvalidSignature,
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    zlib.error,
)
"""However the standard library puts it."""


def verifier() -> ModuleType:
    """The program of docs/implementing.md."""
    (code,) = re.findall(r"^```python\n(.*?)^```", (DOCS / "implementing.md").read_text(), re.MULTILINE | re.DOTALL)
    module = ModuleType("verifier")
    exec(compile(code, "verifier.py", "exec"), module.__dict__)
    return module


def test_a_verifier_written_from_the_specification_takes_a_small_bundle_and_no_forgery(tmp_path: Path) -> None:
    ours, verify = signer(tmp_path), verifier().verify
    loose(tmp_path / "bundle.zip", ours)
    data, pem = (tmp_path / "bundle.zip").read_bytes(), ours.public_key.pem.encode()
    assert verify(data, pem)["cycle"] == "2026-10"
    for at in random.Random(20261122).sample(range(len(data)), 100):
        forged = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(REFUSALS):
            verify(forged, pem)
    for forged in (data + b"\0", data[:-1], b"\0" + data):
        with pytest.raises(REFUSALS):
            verify(forged, pem)
    with pytest.raises(InvalidSignature):
        verify(data, signer(tmp_path, 7).public_key.pem.encode())


def test_it_takes_a_sealed_cycle_with_its_journal(tmp_path: Path) -> None:
    life = begin(tmp_path, programme=PROGRAMME.replace("24h", "10d"))
    life.run()
    life.clock.now = life.clock.now.replace(month=10)
    life.run()
    (path,) = life.bundles()
    pem = life.agent.press.signer.public_key.pem.encode()
    assert verifier().verify(path.read_bytes(), pem)["journal"]["height"] > 2


def test_the_table_of_ranges_is_what_we_compute() -> None:
    rows = re.findall(r"^\| (.*?) \| (\d+%) \| (.*?) \| (.*?) \|$", (DOCS / "range.md").read_text(), re.MULTILINE)
    assert len(rows) == 5
    for seen, objective, _, result in rows:
        counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|unknown)", seen)}
        tally = Tally(**counts, unseen=int("denied" in seen))
        assert against(tally, share(objective)) == Result(result), seen
    assert Tally(passed=95, failed=1, unknown=4).range == (Fraction(95, 100), Fraction(99, 100))


def blocks() -> dict[str, str]:
    """Every YAML block of every page, by page and number."""
    found = {}
    for page in PAGES:
        for number, block in enumerate(
            re.findall(r"^ *```yaml\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL)
        ):
            found[f"{page.relative_to(ROOT)}-{number}"] = block
    return found


@pytest.mark.parametrize("name", blocks())
def test_every_piece_of_yaml_can_be_read_and_names_keys_that_there_are(name: str) -> None:
    read = yaml.safe_load(
        io.StringIO(re.sub(r"^   ", "", blocks()[name], flags=re.MULTILINE) if "how-to" in name else blocks()[name])
    )
    assert read
    if isinstance(read, dict) and "how-to" in name:
        assert set(read) <= set(Programme.__struct_fields__)


def nav(value: object) -> list[str]:
    if isinstance(value, dict):
        return [found for one in value.values() for found in nav(one)]
    return [found for one in value for found in nav(one)] if isinstance(value, list) else [str(value)]


def test_the_site_shows_every_page() -> None:
    settings = tomllib.loads((ROOT / ".ci/site.toml").read_text())["project"]
    shown = nav(settings["nav"])
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    beneath = {page for page in pages if page.startswith(("adr/", "runbooks/")) and page != "runbooks/index.md"}
    assert len(shown) == len(set(shown))
    assert set(shown) - pages == {"contributing.md", "changelog.md"}
    assert pages - beneath - set(shown) == set(), "name it in .ci/site.toml"
    assert settings["theme"]["font"] is False


@pytest.mark.slow
@pytest.mark.whole
def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    tool = ROOT / ".tools/docs/bin/zensical"
    if not tool.is_file():
        pytest.skip("the site's own environment is not here: make docs")
    subprocess.run([sys.executable, ROOT / ".ci/site.py", tmp_path], check=True)
    alone = (
        ["unshare", "--net"]
        if shutil.which("unshare") and Path("/proc/self/ns/net").exists() and _may_unshare()
        else []
    )
    done = subprocess.run(
        [*alone, tool, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "No issues found" in done.stdout + done.stderr) == (0, True), done.stdout + done.stderr
    loaded = set()
    for path in (tmp_path / "site").rglob("*.html"):
        loaded |= set(re.findall(r'<(?:script|img|iframe)[^>]+src="?(https?:[^"\s>]+)', path.read_text()))
        loaded |= set(
            re.findall(r'<link[^>]+rel="?(?:stylesheet|preconnect)"?[^>]+href="?(https?:[^"\s>]+)', path.read_text())
        )
    assert loaded == set()
    assert len(list((tmp_path / "site").rglob("*.html"))) > 50


def _may_unshare() -> bool:
    return subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0
