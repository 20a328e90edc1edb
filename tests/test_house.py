"""The house around the code: what lies where, what must never land in a file, and that the promises of the build are kept."""

import ast
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.cli import COMMANDS, cli
from agent.errors import AgentError

ROOT = Path(__file__).parents[1]
PACKAGES = ("agent", "collectors", "controls")
TOP = {
    "pyproject.toml", "agent", "collectors", "controls", "deploy", "tests", "Dockerfile", "README.md", "CHANGELOG.md",
    "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "Makefile", "docs", "requirements",
}  # fmt: skip
MOST_LINES = 400


@functools.cache
def files() -> tuple[str, ...]:
    """What is, or would be, under version control, as paths from the top; everything there where git is not."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return tuple(sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))
    own = (path for top in TOP for path in ((ROOT / top).rglob("*") if (ROOT / top).is_dir() else [ROOT / top]))
    return tuple(
        sorted(str(path.relative_to(ROOT)) for path in own if path.is_file() and "__pycache__" not in path.parts)
    )


@functools.cache
def texts() -> dict[str, str]:
    """Every file that is text, by path."""
    found = {}
    for name in files():
        try:
            found[name] = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def modules() -> dict[str, str]:
    """Our Python, without the tests."""
    return {name: text for name, text in texts().items() if name.endswith(".py") and name.split("/")[0] in PACKAGES}


def test_the_top_level_holds_what_a_newcomer_expects_and_no_more():
    assert {name.split("/")[0] for name in files() if not name.startswith(".")} <= TOP


def test_the_licence_is_apache_2_0_to_the_letter():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest().startswith("cfc7749b96f63bd31c3c42b5c471bf75")


# Put together, so that this file does not hold what it looks for.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted",
    "npmjs" + ".",
    "crates" + ".io",
    "proxy.go" + "lang.org",
    "ghcr" + ".io",
)
MACHINES = re.compile(r"(?<![\w.:*<>/-])/(?:work|root|home/\w+|Users/\w+|opt/wheels|tmp)(?=/|\b)")
MARKERS = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK|W" + r"IP)\b")


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host):
    assert [name for name, text in texts().items() if host in text] == []


def found_by(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}: {match.group()}"
        for name, text in texts().items()
        for match in pattern.finditer(text)
        if name != "LICENSE"
    ]


def test_no_file_names_a_place_on_somebodys_machine():
    assert found_by(MACHINES) == []


def test_nothing_is_marked_for_later():
    assert found_by(MARKERS) == []


@pytest.mark.parametrize(("pattern", "canary"), [(MACHINES, "see /ho" + "me/me/x"), (MARKERS, "# TO" + "DO: later")])
def test_the_search_would_find_one(pattern, canary):
    assert pattern.search(canary)


def test_tests_are_no_package():
    assert [name for name in files() if name.startswith("tests/") and name.endswith("__init__.py")] == []


def test_every_module_says_what_it_is_for():
    assert [name for name, text in modules().items() if not ast.get_docstring(ast.parse(text))] == []


def test_no_module_outgrows_three_screens():
    assert {name: lines for name, text in modules().items() if (lines := text.count("\n")) > MOST_LINES} == {}


FORBIDDEN = {
    "a cloud SDK in a check": ("controls/tally.py", "import boto3"),
    "a cloud SDK in the machinery that all clouds share": ("collectors/gap.py", "import botocore.session"),
    "a cloud SDK in the agent": ("agent/cycle.py", "import boto3"),
    "a check that opens a socket": ("controls/tally.py", "import socket"),
    "a check that reads the clock": ("controls/verdict.py", "import time"),
    "a collector that judges": ("collectors/gap.py", "import controls.tally"),
    "a check that keeps": ("controls/tally.py", "import agent.errors"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The packages and the contracts, to be spoilt."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.csv", "templates")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [tool, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


def test_the_import_contracts_hold(copy):
    held = contracts(copy)
    assert held.returncode == 0, held.stdout


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(("module", "line"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_import_contracts_bite(copy, module, line):
    path = copy / module
    before = path.read_text()
    try:
        path.write_text(f"{before}\n{line}\n")
        broken = contracts(copy)
    finally:
        path.write_text(before)
    assert broken.returncode == 1
    assert "BROKEN" in broken.stdout


def pages() -> str:
    """What a reader can find: the README and docs/."""
    return "\n".join(text for name, text in texts().items() if name == "README.md" or name.startswith("docs/"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    assert re.search(rf"starcadence {command}\b", pages())


def failures(kind: type[AgentError]) -> set[type[AgentError]]:
    return {kind}.union(*(failures(each) for each in kind.__subclasses__()))


def test_every_exit_status_is_documented():
    page = (ROOT / "docs" / "exit-status.md").read_text()
    assert {f"| {each.status} |" for each in failures(AgentError)} <= set(re.findall(r"^\| \d \|", page, re.MULTILINE))


def test_every_link_in_the_docs_leads_somewhere():
    targets = (
        (name, target)
        for name, text in texts().items()
        if name.endswith(".md")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)", text)
    )
    assert [f"{name} -> {target}" for name, target in targets if not ((ROOT / name).parent / target).exists()] == []


def test_make_help_lists_every_target_with_its_line():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:])
    assert phony == set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))


def test_ci_is_the_same_make_that_everybody_calls():
    script = (ROOT / ".ci" / "run").read_text()
    assert {"make check", "make slow"} <= set(re.findall(r"^(?:\S+ )*(make \w+)$", script, re.MULTILINE))


@pytest.mark.parametrize("script", ["run", "uv", "environment", "wheel"])
def test_the_scripts_of_the_build_are_sound_and_may_be_run(script):
    path = ROOT / ".ci" / script
    subprocess.run(["bash", "-n", path], check=True)
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text()


def pins(name: str) -> dict[str, str]:
    """Package and version of one locked file."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE))


LOCKED = ("build", "demo", "dev", "runtime", "uv")


@pytest.mark.parametrize("name", LOCKED)
def test_every_locked_requirement_has_hashes(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "index" not in text.replace("importlib-metadata", "")


def test_what_runs_in_production_is_what_was_tested_and_nothing_of_the_demo():
    runtime, demo, dev = pins("runtime"), pins("demo"), pins("dev")
    assert runtime.items() <= demo.items() <= dev.items()
    assert not {"moto", "flask", "pytest"} & runtime.keys()


def test_the_lock_holds_what_the_project_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[\[<>=~! ;]", each)[0] for each in project["dependencies"]}
    assert declared <= pins("runtime").keys()
    exact = {each.split("==")[0]: each.split("==")[1] for each in project["dependencies"] if "==" in each}
    assert exact.items() <= pins("runtime").items()
    assert exact.keys() == {"boto3", "botocore"}


@pytest.mark.parametrize(("name", "options"), [("role", []), ("agent", ["--agent"])])
def test_the_policies_to_deploy_are_those_that_the_agent_prints(name, options):
    printed = CliRunner().invoke(cli, ["permissions", "aws", *options], catch_exceptions=False)
    command = f"starcadence permissions aws {' '.join(options)} > deploy/aws/{name}.json"
    assert (ROOT / "deploy" / "aws" / f"{name}.json").read_text() == printed.output, f"write it again: {command}"


LAZY = """
import importlib, pkgutil, sys
import agent, controls
for package in (agent, controls):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.startswith(("agent.demo", "agent.stores.s3", "agent.stores.objects")) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
            heavy = {"boto3", "botocore", "moto", "obstore"} & sys.modules.keys()
            if heavy:
                sys.exit(f"{module.name} loads {heavy}")
"""


def test_no_module_of_agent_or_controls_loads_a_cloud_sdk_by_being_imported():
    """But for those that are one kind of store each, and loaded when a programme names it."""
    loaded = subprocess.run([sys.executable, "-c", LAZY], cwd=ROOT, capture_output=True, text=True, check=False)
    assert loaded.returncode == 0, loaded.stderr
