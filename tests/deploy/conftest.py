"""The image, built once a session for the tests that run it."""

import fcntl
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.deploy.jail import why_not
from tests.servers.tools import HELM, KUSTOMIZE, MissingError, Tool, built

ROOT = Path(__file__).parents[2]
EXTRAS = sorted(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"].keys() - {"demo"}
)


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `tests.deploy.dockerfile` left; workers share one."""
    if reason := why_not():
        pytest.skip(reason)
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "starcadence-image"
    if kept := os.environ.get("STARCADENCE_IMAGE"):  # one that was built before, to spare a developer the wait
        return Path(kept)
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "config.json").exists():
            command = ["unshare", "--mount", sys.executable, "-m", "tests.deploy.dockerfile", folder, " ".join(EXTRAS)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
            assert done.returncode == 0, done.stderr + done.stdout
    return folder


def tool(wanted: Tool) -> Path:
    """The tool, or a skip that says what is missing; where CI is true nothing may be missing."""
    try:
        return built(wanted)
    except MissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def helm() -> Path:
    """The real helm."""
    return tool(HELM)


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """The real kustomize."""
    return tool(KUSTOMIZE)
