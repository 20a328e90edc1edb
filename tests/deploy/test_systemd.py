"""systemd: units that its own tools take and call hardened, and commands that our command line takes."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.commands import fault_of
from tests.deploy.dockerfile import ROOT

HERE = ROOT / "deploy/systemd"
SERVICES = ("starcadence.service", "starcadence-daemon.service")
EXPOSURE = 15
"""Tenths of systemd's measure, of 100; 12 today. What is left is the network, which the agent is for."""


class Twice(dict):
    """Keeps every value of a key that stands several times."""

    def __setitem__(self, key, value):
        super().__setitem__(key, [*self[key], *value] if isinstance(value, list) and key in self else value)


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(
        strict=False, interpolation=None, dict_type=Twice, comment_prefixes=("#",), delimiters=("=",)
    )
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string((HERE / name).read_text())
    return parser


def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is not installed")
    return found


@pytest.mark.parametrize("name", [*SERVICES, "starcadence.timer"])
def test_systemd_takes_the_units(name, tmp_path: Path):
    for path in HERE.iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/starcadence/bin/starcadence", "/bin/true"))
    done = subprocess.run([analyze(), "verify", tmp_path / name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_calls_the_services_hardened(name):
    command = [analyze(), "security", "--offline=true", f"--threshold={EXPOSURE}", HERE / name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_the_services_say_what_our_command_line_takes(name):
    started = unit(name)["Service"]["ExecStart"].split()
    assert started[0] == "/opt/starcadence/bin/starcadence"
    assert fault_of(["starcadence", *started[1:]]) is None


def test_both_services_are_held_alike():
    once, kept = ({**unit(name)["Service"]} for name in SERVICES)
    differ = {key for key in once.keys() | kept.keys() if once.get(key) != kept.get(key)}
    assert differ == {"Type", "ExecStart", "ExecReload", "TimeoutStartSec", "TimeoutStopSec", "Restart", "RestartSec"}


def test_the_timer_makes_up_for_calls_that_were_lost():
    timer = unit("starcadence.timer")["Timer"]
    assert (timer["OnCalendar"], timer["Persistent"]) == ("hourly", "true")
    assert "SuccessExitStatus" not in unit("starcadence.service")["Service"]  # 3 needs a person
