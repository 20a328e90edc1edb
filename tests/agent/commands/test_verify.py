"""`starcadence verify` as it is typed: words for a person, JSON for a machine, exit statuses for a script."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent import bundle
from agent.cli import cli
from agent.commands.verify import as_finding
from agent.errors import UsageError
from agent.manifest import Tier
from agent.replay import Replayed
from agent.verification import State
from tests.agent import bundles
from tests.agent.bundles import Lived


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("lived")
    return bundles.live(folder / "store", bundles.signer(folder))


@pytest.fixture
def loose(lived: Lived, tmp_path: Path) -> Path:
    return Path(shutil.copy(lived.bundles["2026-10"], tmp_path / "b.zip"))


@pytest.fixture
def key(lived: Lived, tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_text(lived.signer.public_key.pem)
    return path


def typed(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["verify", *map(str, arguments)])


def test_a_bundle_with_its_key_is_verified(loose: Path, key: Path, lived: Lived) -> None:
    result = typed(loose, "--key", key)
    assert result.exit_code == 0
    assert "=> verified: SIMULATED" in result.output
    assert "this is a key that you gave" in result.output
    assert lived.manifests["2026-10"] in result.output
    assert "not known" in result.output
    assert "What this rests on:" in result.output


def test_a_bundle_without_a_key_is_checked_and_refused(loose: Path, lived: Lived) -> None:
    result = typed(loose)
    assert result.exit_code == 5
    assert "not authenticated" in result.output
    assert lived.signer.fingerprint in result.output
    assert "ok         reports" in result.output
    assert typed(loose, "--any-key").exit_code == 0


def test_a_bundle_in_its_store_is_self_asserted(lived: Lived) -> None:
    result = typed(lived.bundles["2026-10"])
    assert result.exit_code == 0
    assert "self-asserted" in result.output


@pytest.mark.parametrize("folder", [".", "cycles", f"cycles/{bundles.SERVICE}"])
def test_a_store_is_verified_with_its_chain(folder: str, lived: Lived) -> None:
    result = typed(lived.root / folder, "--json")
    assert result.exit_code == 0
    told = json.loads(result.output)
    assert [one["cycle"] for one in told["bundles"]] == ["2026-08", "2026-09", "2026-10"]
    assert told["chains"][0]["state"] == "verified"


def test_a_cycles_folder_stands_for_the_bundle_that_counts(lived: Lived) -> None:
    told = json.loads(typed(lived.bundles["2026-09"].parent, "--json").output)
    assert [one["path"] for one in told["bundles"]] == [str(lived.bundles["2026-09"])]


def test_the_same_bundle_named_twice_is_verified_once(loose: Path, key: Path) -> None:
    assert len(json.loads(typed(loose, loose, "--key", key, "--json").output)["bundles"]) == 1


def test_a_sealed_cycle_whose_bundle_is_gone_is_a_usage_error(lived: Lived, tmp_path: Path) -> None:
    root = tmp_path / "store"
    shutil.copytree(lived.root, root)
    (root / lived.bundles["2026-09"].relative_to(lived.root)).unlink()
    assert "no such file" in str(typed(root).exception)


def test_what_was_changed_is_refused_in_words_and_json(loose: Path, key: Path) -> None:
    loose.write_bytes(loose.read_bytes().replace(b"canary-gap", b"canary-gaq"))
    result = typed(loose, "--key", key)
    assert result.exit_code == 5
    assert "REFUSED    digests: gaps.json was changed" in result.output
    assert "=> refused" in result.output
    assert "What this rests on" not in result.output
    told = json.loads(typed(loose, "--key", key, "--json").output)
    assert told["ok"] is False
    assert told["bundles"][0]["checks"][-1]["state"] == "refused"


def test_a_dropped_cycle_is_refused(lived: Lived, key: Path) -> None:
    result = typed(lived.bundles["2026-08"], lived.bundles["2026-10"], "--key", key)
    assert result.exit_code == 5
    assert "REFUSED" in result.output


def test_the_head_must_be_in_the_chain(loose: Path, key: Path, lived: Lived) -> None:
    good = typed(loose, "--key", key, "--head", "sha256:" + lived.manifests["2026-10"].upper())
    assert good.exit_code == 0
    assert "ok         newest" in good.output
    assert typed(loose, "--key", key, "--head", "00" * 32).exit_code == 5
    assert typed(loose, "--key", key, "--head", "abc").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent.zip"], "no such file"),
        (["--key", "absent.pem", "absent.zip"], "cannot read the public key"),
        (["--key", "absent.pem", "--any-key", "absent.zip"], "give one of them"),
        (["."], "no cycle is sealed here"),
    ],
)
def test_what_cannot_be_used_is_said(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = typed(*arguments)
    assert isinstance(result.exception, UsageError)
    assert words in str(result.exception)


def test_an_interim_bundle_says_so(tmp_path: Path, lived: Lived, key: Path) -> None:
    path = bundles.loose(tmp_path / "interim.zip", lived.signer, bundles.claim(interim=True, simulated=False)).path
    result = typed(path, "--key", key)
    assert result.exit_code == 0
    assert "object-store interim 2026-10" in result.output
    assert "SIMULATED" not in result.output


@pytest.mark.parametrize(
    ("answer", "state", "install"),
    [
        (Replayed(ok=True, words=("7 tallies", "agree")), State.VERIFIED, None),
        (Replayed(ok=False, words=("1 verdict differs",)), State.REFUSED, None),
        (Replayed(ok=False, words=("judged by other checks",), to_install="0.0.9"), State.UNKNOWN, "0.0.9"),
    ],
)
def test_other_checks_are_no_fault_of_the_bundle(answer: Replayed, state: State, install: str | None) -> None:
    finding, needs = as_finding(answer)
    assert (finding.state, needs) == (state, install)
    assert finding.words == "; ".join(answer.words)


def test_a_bundle_that_cannot_be_judged_again_is_refused_by_replay_alone(loose: Path, key: Path) -> None:
    assert typed(loose, "--key", key).exit_code == 0
    result = typed(loose, "--key", key, "--replay")
    assert result.exit_code == 5
    assert "REFUSED    replay: " in result.output


def test_only_a_sound_whole_bundle_is_replayed(loose: Path, key: Path, tmp_path: Path) -> None:
    bundle.cut(loose, Tier.PUBLIC, tmp_path / "public.zip")
    result = typed(tmp_path / "public.zip", "--key", key, "--replay")
    assert result.exit_code == 0
    assert "withheld   replay" in result.output
    loose.write_bytes(loose.read_bytes()[:-1])
    result = typed(loose, "--key", key, "--replay")
    assert result.exit_code == 5
    assert "nothing that was refused is judged again" in result.output


def test_verifying_loads_no_sdk_and_being_imported_no_cryptography(loose: Path, key: Path) -> None:
    code = (
        "import sys, agent.commands.verify, agent.verify; early = 'cryptography' in sys.modules; "
        "from agent.cli import cli; cli(['verify', sys.argv[1], '--key', sys.argv[2]], standalone_mode=False); "
        "sys.exit(early or bool({'boto3', 'botocore', 'moto', 'jinja2', 'prometheus_client'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code, loose, key], capture_output=True, check=False).returncode == 0
