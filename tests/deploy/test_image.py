"""The image: what its recipe says, and that what it builds runs as nobody, on a read-only root, without a shell or a network."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from agent.keys import make_salt_key, make_signing_key
from tests.deploy.dockerfile import ROOT, context, ignored, stages
from tests.deploy.jail import NOBODY, Container, Mount, contained

PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly}
scope: {aws: {organization: o-exampleorg1, role: starcadence-read}}
services:
  - id: object-store
    name: Example Object Store
    owner: storage-lead
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-03: {owner: storage-lead, responsibility: provider}
owners: {storage-lead: {email: storage@cloud.example}}
"""


def test_hadolint_finds_nothing():
    tool = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([tool, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_nobodys_and_has_no_shell_between():
    build, final = stages((ROOT / "Dockerfile").read_text())
    assert (build.base, final.base) == ("${BASE}", "${BASE}")
    assert final.said("USER") == [f"{NOBODY}:{NOBODY}"]
    assert json.loads(final.said("ENTRYPOINT")[0]) == ["/opt/starcadence/bin/starcadence"]
    assert final.said("COPY") == [
        "--from=build /opt/starcadence /opt/starcadence",
        "--from=build --chown=65532:65532 /made /",
    ]
    assert final.said("RUN") == []


def test_nothing_but_code_and_locks_is_sent_to_the_builder():
    sent = {
        name
        for name in ("agent/cli.py", "requirements/runtime.txt", "deploy/image/sbom.py")
        if context(name, ignored())
    }
    kept = {
        name
        for name in (
            "demo/keys/signing.pem",
            ".git/config",
            "tests/conftest.py",
            "deploy/aws/role.json",
            "agent/__pycache__/cli.pyc",
        )
        if not context(name, ignored())
    }
    assert (len(sent), len(kept)) == (3, 5)


def test_every_extra_of_production_has_a_lock_of_its_name():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"].keys() - {"demo"}
    locks = {path.stem: path.read_text() for path in (ROOT / "requirements").glob("*.txt")}
    runtime = set(re.findall(r"^[\w.-]+==[^\s;]+", locks["runtime"], re.MULTILINE))
    assert extras <= locks.keys()
    for extra in extras:
        assert runtime <= set(re.findall(r"^[\w.-]+==[^\s;]+", locks[extra], re.MULTILINE)), extra


def test_the_list_of_parts_is_the_environment_and_the_same_each_time():
    command = [sys.executable, ROOT / "deploy/image/sbom.py", ROOT / "requirements"]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first == second
    found = json.loads(first)
    parts = {part["name"]: part for part in found["components"]}
    assert (found["bomFormat"], found["metadata"]["component"]["name"]) == ("CycloneDX", "starcadence")
    assert parts["boto3"]["purl"] == f"pkg:pypi/boto3@{parts['boto3']['version']}"
    assert parts["boto3"]["properties"][0]["name"] == "starcadence:locked:sha256"
    references = {part["bom-ref"] for part in (*found["components"], found["metadata"]["component"])}
    asked = {one for each in found["dependencies"] for one in each["dependsOn"]}
    assert asked <= references


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """A folder as somebody mounts it: it belongs to the image's user."""
    import os

    folder = tmp_path / "programme"
    folder.mkdir()
    (folder / "programme.yaml").write_text(PROGRAMME)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    return folder


@pytest.mark.slow
@pytest.mark.whole
def test_the_built_image_makes_a_bundle_that_verifies(image: Path, programme: Path, tmp_path: Path):
    mounts = (
        Mount(source=str(programme), target="/programme", writable=True),
        Mount(source=str(tmp_path), target="/bundles"),
    )
    helped, rehearsed, committed, ran, again, verified, refused = contained(
        image,
        tmp_path,
        Container(arguments=("--help",)),
        Container(arguments=("run", "--rehearse"), mounts=mounts),
        Container(arguments=("commit",), mounts=mounts),
        Container(arguments=("run", "--interim", "interim.zip", "--metrics-file", "agent.prom"), mounts=mounts),
        Container(arguments=("run",), mounts=mounts),
        Container(arguments=("verify", "--any-key", "--replay", "interim.zip"), mounts=mounts),
        Container(arguments=("init", "--directory", "/opt/starcadence/elsewhere"), mounts=mounts),
    )
    assert (helped.status, "verify" in helped.out) == (0, True)
    assert rehearsed.status == 0, rehearsed.err
    assert "rehearsal: nothing was kept" in rehearsed.out
    assert committed.status == 0, committed.err
    assert ran.status == 0, ran.err
    assert again.status == 0, again.err
    assert (verified.status, "=> " in verified.out) == (0, True), verified.err
    assert (refused.status, "Read-only file system" in refused.err) == (2, True)
    assert "starcadence_last_sweep_cells" in (programme / "agent.prom").read_text()
    parts = json.loads((image / "image/opt/starcadence/sbom.cdx.json").read_text())
    found = {part["name"] for part in parts["components"]}
    assert {"boto3", "google-cloud-asset", "obstore"} <= found  # every extra of production
    assert not {"moto", "pytest"} & found
    entrypoint = Container(arguments=("-c", "echo here"), entrypoint=("/bin/sh",))
    (shell,) = contained(image, tmp_path, entrypoint)
    assert shell.status != 0
