"""Documents: every command in them is one that our command line takes, every snippet runs, and the reference is that of the code."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.commands import fault_of, inline, lines, words_of
from tests.deploy.dockerfile import ROOT

PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md"))
    if path.name != "CHANGELOG.md"
)
NAMED = {path.relative_to(ROOT).as_posix(): path for path in PAGES}


@pytest.mark.parametrize("page", NAMED)
def test_every_command_of_a_document_is_one_that_we_take(page):
    text = NAMED[page].read_text()
    typed = [*lines(text), *(one for one in inline(text) if len(one.split()) > 2)]  # two words name a command
    assert {line: fault for line in typed if (fault := fault_of(words_of(line)))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "starcadence fly",
        "starcadence run --fast",
        "starcadence submit",
        "starcadence daemon --tier secret",
        "starcadence catalog",
        "starcadence status now",
    ],
)
def test_a_command_that_we_do_not_take_is_found(line):
    assert fault_of(words_of(line)) is not None


def test_there_are_commands_to_look_at():
    assert sum(len([*lines(path.read_text())]) for path in PAGES) > 60


def reference() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("reference", ROOT / ".ci/reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


@pytest.mark.parametrize(
    "name", ["commands.md", "csa-metrics.md", "permissions.md", "resource-types.md", "glossary.md", "clouds.md"]
)
def test_the_reference_is_that_of_the_code(name):
    assert (ROOT / "docs" / name).read_text() == reference()[name], "write it again: make reference"


@pytest.mark.parametrize("page", ["how-to/write-a-check", "how-to/write-a-collector"])
def test_the_snippets_of_a_page_run(page):
    snippets = re.findall(r"^```python\n(.*?)^```", (ROOT / f"docs/{page}.md").read_text(), re.MULTILINE | re.DOTALL)
    assert snippets
    command = [sys.executable, "-c", "import linecache, sys\n" + SNIPPETS, *snippets]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


SNIPPETS = """
namespace = {"__name__": "snippet"}
sys.modules["snippet"] = type(sys)("snippet")
text = "\\n".join(sys.argv[1:])
linecache.cache["snippet.py"] = (len(text), None, text.splitlines(True), "snippet.py")
sys.modules["snippet"].__dict__.update(namespace, __file__="snippet.py")
exec(compile(text, "snippet.py", "exec"), sys.modules["snippet"].__dict__)
"""


def test_every_page_can_be_found_from_the_index():
    seen, left = set(), [ROOT / "docs/index.md"]
    while left:
        page = left.pop()
        if page in seen or not page.is_file():
            continue
        seen.add(page)
        left += [(page.parent / target).resolve() for target in re.findall(r"\]\(([^)#:\s]+\.md)", page.read_text())]
    assert {path for path in (ROOT / "docs").rglob("*.md") if "adr" not in path.parts} - seen == set()


@pytest.mark.slow
@pytest.mark.whole
def test_the_tutorial_works_as_it_is_typed(tmp_path: Path):
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/tutorial.md").read_text(), re.MULTILINE | re.DOTALL)
    clone = tmp_path / "starcadence"
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "VIRTUAL_ENV", "PYTEST"))}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=clone,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "refused with status 5" in done.stdout
    assert done.stdout.count("=> verified: SIMULATED") >= 2
    assert (clone / "elsewhere/answers.yaml").stat().st_size > 100
