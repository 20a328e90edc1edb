"""The pictures of docs/report.md: of the demo, by a browser, on a desktop and on a phone. `make screenshots` writes them anew."""

import os
import re
import shutil
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.board import board
from agent.manifest import Tier
from agent.opening import open_agent
from agent.outlook import outlook
from agent.page.status import render_status
from agent.reading import load
from agent.showing import to_do
from tests.agent.page.conftest import browser  # noqa: F401 (a fixture)
from tests.deploy.dockerfile import ROOT

IMAGES = ROOT / "docs/images"
SIZES = {"desktop": (1100, 720), "phone": (390, 780)}
PICTURES = {
    "report-desktop": ("report.html", "desktop"),
    "report-phone": ("public-report.html", "phone"),
    "status-desktop": ("status.html", "desktop"),
    "status-phone": ("status.html", "phone"),
}
LARGEST = 200_000
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
"""The morning after the demo's last day."""


def dimensions(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_there_small_and_of_its_size(name: str) -> None:
    picture = (IMAGES / f"{name}.png").read_bytes()
    assert dimensions(picture) == SIZES[PICTURES[name][1]]
    assert len(picture) < LARGEST


def test_every_picture_that_a_page_shows_is_there_and_none_besides() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in (ROOT / "docs").rglob("*.md")
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text())
    }
    assert shown == {(IMAGES / f"{name}.png").resolve() for name in PICTURES}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder, with the status page of the morning after."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "agent.cli", "--quiet", "demo", "--directory", folder / "demo"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    found = folder / "demo"
    agent = open_agent(load(found / "programme.yaml"), clock=lambda: NOW)
    view = outlook(agent.store, agent.journal, agent.press.checks, agent.loaded.exceptions, NOW, agent.loaded.programme)
    assert view is not None
    told = board(view, agent.store, agent.journal, to_do(view, agent, agent.journal), Tier.PUBLIC)
    (found / "status.html").write_text(render_status(told))
    return found


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.browser
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_taken(name: str, demo: Path, browser, tmp_path: Path) -> None:  # noqa: F811 (the fixture)
    page_name, size = PICTURES[name]
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto((demo / page_name).as_uri())
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=tmp_path / f"{name}.png")
    context.close()
    picture = (tmp_path / f"{name}.png").read_bytes()
    assert dimensions(picture) == (width, height)
    assert len(picture) < LARGEST
    if os.environ.get("STARCADENCE_SCREENSHOTS") == "write":
        IMAGES.mkdir(exist_ok=True)
        shutil.copy(tmp_path / f"{name}.png", IMAGES)
