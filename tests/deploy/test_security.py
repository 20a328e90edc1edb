"""The security of the agent itself: what docs/threat-model.md and docs/security.md promise, tried."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard

from agent.keys import make_salt_key, make_signing_key
from agent.programme import HealthEndpoint
from tests.deploy.dockerfile import ROOT
from tests.deploy.test_image import PROGRAMME
from tests.fakes.aws import FakeAws, Raw, access_key
from tests.fakes.estate import Estate

MODEL = (ROOT / "docs/threat-model.md").read_text()
HELD = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", MODEL)


def test_every_threat_names_a_test_that_there_is() -> None:
    rows = re.findall(r"^\|.*\|$", MODEL.split("## Threats")[1], re.MULTILINE)
    assert len(rows) - 2 == len(HELD) > 12
    for path, name in HELD:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), f"{path}::{name}"


SERVERS = {"agent/endpoint.py", "agent/demo/server.py", "agent/demo/simulation.py", "agent/demo/microsoft/azure.py"}
"""What opens a port: the daemon's endpoint, and the simulated clouds of the demo."""
OPENS = re.compile(
    r"\b(?:\w*HTTPServer|TCPServer|create_server|start_http_server|make_server|run_simple)\b|\.(?:listen|bind)\("
)


def test_nothing_but_the_daemon_and_the_demo_opens_a_port() -> None:
    modules = [path for package in ("agent", "collectors", "controls") for path in (ROOT / package).rglob("*.py")]
    opening = {path.relative_to(ROOT).as_posix() for path in modules if OPENS.search(path.read_text())}
    assert "agent/endpoint.py" in opening
    assert opening <= SERVERS
    assert HealthEndpoint().listen.startswith("127.0.0.1:")


def desk(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "programme.yaml").write_text(PROGRAMME)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    return folder


CANARY = "canary4Credential9Of7Ours"


@contextmanager
def cloud(*troubles: tuple[str, Exception]) -> Iterator[dict[str, str]]:
    """A fake AWS, and an environment whose credentials can be told from everything else."""
    estate = Estate(accounts=("111122223333",), regions=("eu-west-1",), external_id=f"{CANARY}External")
    server = FakeAws(answers=estate.answer).start()
    for operation, raised in troubles:
        server.trouble(operation, raised)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "STARCADENCE_"))}
    yield clean | {
        "AWS_ACCESS_KEY_ID": access_key(estate.management), "AWS_SECRET_ACCESS_KEY": f"{CANARY}Secret", "AWS_ENDPOINT_URL": server.url,
        "AWS_SESSION_TOKEN": f"{CANARY}Token", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "PYTHONPATH": str(ROOT),
        "STARCADENCE_EXTERNAL_ID": f"{CANARY}External",
    }  # fmt: skip
    server.stop()


def everything(path: Path) -> Iterator[bytes]:
    """A file's bytes, and those that are packed in it."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".zst":
        yield zstandard.ZstdDecompressor().decompress(data, max_output_size=1 << 28)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                inside = archive.read(name)
                yield (
                    zstandard.ZstdDecompressor().decompress(inside, max_output_size=1 << 28)
                    if name.endswith(".zst")
                    else inside
                )


COMMANDS = (
    ["check"],
    ["commit"],
    ["run", "--interim", "interim.zip", "--metrics-file", "agent.prom"],
    ["run", "--json"],
    ["status", "--json"],
    ["work"],
    ["activity", "--csv"],
    ["explain", "CCM:4.1:CEK-03"],
    ["store", "check"],
    ["permissions", "aws"],
)


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("broken", [False, True], ids=["a good day", "answers that nobody can read"])
def test_no_credential_of_ours_stands_anywhere(tmp_path: Path, broken: bool) -> None:
    home = desk(tmp_path / "home")
    troubles = [("ec2.DescribeVolumes", Raw(b"\xff\xfe no answer"))] if broken else []
    said = []
    with cloud(*troubles) as environment:
        for words in COMMANDS:
            command = [sys.executable, "-m", "agent.cli", "--log-format=json", *words]
            done = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False, timeout=120)
            said += [done.stdout, done.stderr]
            assert done.returncode == 0 or words == ["check"], done.stderr
        crash = "from agent.cli import main; import agent.running as r; r.sweep_now = None; main(['run'])"
        bug = subprocess.run(
            [sys.executable, "-c", crash], cwd=home, env=environment, capture_output=True, check=False, timeout=60
        )
    assert b"Traceback" in bug.stderr
    found = [path for path in home.rglob("*") if path.is_file()]
    assert len(found) > 20 and (home / "interim.zip") in found
    marked = [str(path) for path in found for data in everything(path) if CANARY.encode() in data]
    assert marked == []
    assert [text for text in (*said, bug.stdout, bug.stderr) if CANARY.encode() in text] == []
    handed = b"token-of-"  # the session token that the fake gives for an assumed role
    assert [str(path) for path in found for data in everything(path) if handed in data] == []


def listening(pid: int) -> set[str]:
    """Addresses on which a process listens, as the kernel says."""
    sockets = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                address = bytes.fromhex(fields[1].partition(":")[0])
                words = [address[at : at + 4][::-1] for at in range(0, len(address), 4)]
                found.add(socket.inet_ntop(socket.AF_INET if table == "tcp" else socket.AF_INET6, b"".join(words)))
    return found


@pytest.mark.slow
@pytest.mark.whole
def test_the_daemon_listens_on_loopback_alone(tmp_path: Path) -> None:
    home = desk(tmp_path / "home")
    with cloud() as environment:
        run = [sys.executable, "-m", "agent.cli", "--log-format=json"]
        subprocess.run([*run, "commit"], cwd=home, env=environment, check=True, capture_output=True)
        command = [*run, "daemon", "--listen", "127.0.0.1:0"]
        with subprocess.Popen(
            command, cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as daemon:
            assert daemon.stderr is not None
            told = next(json.loads(line) for line in daemon.stderr if b'"answering"' in line)
            assert told["address"].startswith("127.0.0.1:")
            end = time.monotonic() + 20
            while not listening(daemon.pid) and time.monotonic() < end:
                time.sleep(0.05)
            found = listening(daemon.pid)
            daemon.terminate()
            daemon.communicate(timeout=60)
    assert found == {"127.0.0.1"}


def copied(folder: Path, at: float) -> Path:
    """What a wheel is made of, in another place and with other times."""
    for name in ("agent", "collectors", "controls"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements", ".ci"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    for path in folder.rglob("*"):
        os.utime(path, (at, at))
    return folder


@pytest.mark.slow
@pytest.mark.whole
def test_two_builds_of_the_wheel_are_equal_byte_for_byte(tmp_path: Path) -> None:
    wheels = []
    for name, at in (("one", 1_600_000_000.0), ("another/place", 1_750_000_000.0)):
        (tmp_path / name).mkdir(parents=True)
        source = copied(tmp_path / name, at)
        command = [
            ROOT / ".ci/uv",
            "build",
            "--quiet",
            "--wheel",
            "--build-constraints",
            source / "requirements/build.txt",
        ]
        out = tmp_path / f"out-{len(wheels)}"
        environment = {**os.environ, "PYTHON": os.environ.get("PYTHON", "python3")}
        done = subprocess.run(
            [*command, "--out-dir", out, source],
            cwd=source,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        wheels.append(next(out.glob("*.whl")).read_bytes())
    assert wheels[0] == wheels[1]


@pytest.mark.slow
@pytest.mark.whole
def test_the_list_of_parts_fits_the_schema_of_cyclonedx() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    command = [sys.executable, ROOT / "deploy/image/sbom.py", ROOT / "requirements"]
    document = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(document) is None
    spoilt = {**json.loads(document), "components": [{"name": "x"}]}
    assert validator.validate_str(json.dumps(spoilt)) is not None


def test_every_lock_carries_hashes_and_every_part_stands_in_one() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        pinned = re.findall(
            r"^[\w.-]+==[^\s;]+(?:\s*;[^\\]*)?\s*\\\n(\s+--hash=sha256:[0-9a-f]{64})", path.read_text(), re.MULTILINE
        )
        assert len(pinned) == len(re.findall(r"^[\w.-]+==", path.read_text(), re.MULTILINE)) > 0, path.name
