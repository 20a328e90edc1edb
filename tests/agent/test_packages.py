"""A package with a collector and a check, installed from its wheel, lives through a whole cycle against the fake AWS."""

import base64
import hashlib
import importlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.archive import Archive
from agent.cli import cli
from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.parts import read_part
from agent.reading import load
from agent.replay import replay
from agent.running import commit, run
from agent.store import Folder
from collectors.gap import Reason
from tests.agent.living import DAY
from tests.agent.simulator import Clock
from tests.conftest import ambient
from tests.fakes.aws import SERVICES, FakeAws, Refusal, Request
from tests.fakes.estate import Estate

SOURCE = '''\
"""Repositories of source code: seen and judged by a package of others."""

from collectors.collector import collector
from collectors.resource import DataStore
from controls.check import check, part
from controls.verdict import holds


@collector("aws.acme_repositories", sees=DataStore, kinds=("acme repository",), learns=("key_held_by",),
           grants=("codecommit:GetRepository", "codecommit:ListRepositories"), where="region")
class Repositories:
    """Every repository of the account in the region."""

    def list(self, session):
        return session.pages("codecommit.ListRepositories", "repositories")

    def describe(self, session, item):
        told = session.ask("codecommit.GetRepository", repositoryName=item["repositoryName"])
        key = None if told is None else "customer" if told["repositoryMetadata"].get("kmsKeyId") else "provider"
        return DataStore(id=item["repositoryId"], provider="aws", account=session.account, region=session.region,
                         kind="acme repository", name=item["repositoryName"], key_held_by=key)


@check(part("CCM:4.1:CEK-08", "who may use the key"), judges=DataStore, kinds=("acme repository",), severity="low",
       remediation="Give it a key.")
def acme_repositories_are_under_our_keys(store: DataStore):
    """Repositories are encrypted under a key of the customer's."""
    return holds(None if store.key_held_by is None else store.key_held_by == "customer", "it is under the provider's key")


CHECKS = (acme_repositories_are_under_our_keys,)
COLLECTORS = (Repositories,)
'''
POINTS = "[starcadence.controls]\nacme = acme_code:CHECKS\n\n[starcadence.collectors]\naws = acme_code:COLLECTORS\n"
PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, sweep_every: 31d}
scope: {aws: {organization: o-exampleorg1, role: starcadence-read}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:CEK-08": {owner: lead, responsibility: provider, slo: 40%}}
owners: {lead: {email: lead@cloud.example}}
"""
CELL = "aws/111122223333/eu-west-1/aws.acme_repositories"


def wheel(folder: Path) -> Path:
    """The package as a wheel, as any build makes it."""
    info = "acme_code-2.0.dist-info"
    files = {
        "acme_code.py": SOURCE,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: acme-code\nVersion: 2.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a-test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": POINTS,
        f"{info}/top_level.txt": "acme_code\n",
    }
    rows = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text.encode())}"
        for name, text in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    path = folder / "acme_code-2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return path


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages that is on the path, with the wheel unpacked as installers unpack it."""
    folder = tmp_path / "site"
    with zipfile.ZipFile(wheel(tmp_path)) as made:
        made.extractall(folder)
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
    yield folder
    sys.modules.pop("acme_code", None)


class Host:
    """The fake AWS with repositories of code, of which one tells nothing."""

    def __init__(self) -> None:
        self.estate = Estate(accounts=("111122223333",), regions=("eu-west-1",))

    def answer(self, request: Request) -> object:
        match request.operation:
            case "codecommit.ListRepositories":
                return {
                    "repositories": [
                        {"repositoryName": one, "repositoryId": f"id-{one}"} for one in ("ours", "theirs", "shut")
                    ]
                }
            case "codecommit.GetRepository":
                name = request.parameters["repositoryName"]
                if name == "shut":
                    raise Refusal("AccessDeniedException", 400)
                return {"repositoryMetadata": {"repositoryName": name, **({"kmsKeyId": "k"} if name == "ours" else {})}}
        return self.estate.answer(request)


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path) -> Iterator[object]:
    monkeypatch.setitem(SERVICES, "codecommit", "codecommit")
    host = Host()
    server = FakeAws(answers=host.answer).start()
    ambient(monkeypatch, host.estate.management, server.url)
    folder = tmp_path / "life"
    (folder / "keys").mkdir(parents=True)
    (folder / "programme.yaml").write_text(PROGRAMME)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    yield open_agent(load(folder / "programme.yaml"), clock=Clock())
    server.stop()


@pytest.mark.slow
@pytest.mark.whole
def test_its_collector_sees_its_check_judges_and_both_are_sealed_and_replayed(agent):
    commit(agent)
    sweep = run(agent).sweep
    store = Folder(Path(agent.store.address))
    name = f"sweeps/{sweep.slot:%Y%m%dT%H%M%SZ}"
    (part,) = (
        one for one in (read_part(store, name, account) for account in sweep.parts) if one.account == "111122223333"
    )
    (cell,) = (one for one in part.cells if one.key == CELL)
    assert cell.complete and [(gap.reason, gap.operation) for gap in cell.gaps] == [
        (Reason.DENIED, "codecommit.GetRepository")
    ]
    agent.clock.now += 30 * DAY
    run(agent, sweep=False)
    (bundle,) = (Path(agent.store.address) / "cycles").rglob("*.zip")
    with Archive.open(bundle) as archive:
        rules = json.loads(archive.read("rules.json", 1 << 22))
        report = json.loads(archive.read("report.json", 1 << 26))
    assert rules["packages"] == {"acme-code": "2.0"}
    assert "acme_repositories_are_under_our_keys" in json.dumps(rules)
    (row,) = (one for one in report["specifications"] if one["id"] == "CCM:4.1:CEK-08")
    (point,) = (one for one in row["objectives"] if one["check"] == "acme_repositories_are_under_our_keys")
    assert {name: point["tally"][name] for name in ("passed", "failed", "unknown")} == {
        "passed": 1,
        "failed": 1,
        "unknown": 1,
    }
    assert [one["reason"] for one in report["deviations"] if one["check"] == point["check"]] == [
        "it is under the provider's key"
    ]
    assert not replay(bundle).ok and replay(bundle).to_install == "acme-code 2.0"
    assert replay(bundle, with_packages=True).ok


def test_what_it_offers_is_listed_and_its_permissions_are_printed(site):
    def said(*line):
        done = CliRunner().invoke(cli, line)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    listed = {one["name"]: one for one in said("catalog", "checks", "--packages", "--json")}
    assert listed["acme_repositories_are_under_our_keys"]["reads"] == ["key_held_by"]
    assert "acme_repositories_are_under_our_keys" not in {one["name"] for one in said("catalog", "checks", "--json")}
    actions = json.dumps(said("permissions", "aws"))
    assert "codecommit:GetRepository" in actions and "codecommit:ListRepositories" in actions
    assert "codecommit" not in json.dumps(said("permissions", "azure"))


@pytest.mark.parametrize("command", [("catalog", "checks", "--packages"), ("permissions", "aws")])
def test_a_broken_package_ends_what_would_load_it_with_its_name_and_a_remedy(site, command):
    (site / "acme_code.py").write_text("import nowhere_to_be_found\n")
    done = CliRunner().invoke(cli, command)
    assert done.exit_code != 0 and not done.stdout
    words = str(done.exception) if done.exception and not isinstance(done.exception, SystemExit) else done.stderr
    assert "acme-code cannot be loaded (ModuleNotFoundError" in words and "mend that package, or uninstall it" in words
    assert CliRunner().invoke(cli, ["catalog", "checks"]).exit_code == 0


@pytest.mark.slow
@pytest.mark.whole
def test_the_wheel_installs_and_the_command_line_knows_it(tmp_path):
    target = tmp_path / "target"
    command = [
        ".ci/uv",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--offline",
        "--target",
        str(target),
        str(wheel(tmp_path)),
    ]
    subprocess.run(command, check=True)
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from agent.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, str(target), "catalog", "checks", "--packages", "--json"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "acme_repositories_are_under_our_keys" in {one["name"] for one in json.loads(done.stdout)}
