"""Eight processes race over every kind of store through a month's end: one seal, no lost sweep, nothing that does not verify."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.journal import Journal
from agent.replay import replay
from agent.store import Store
from agent.stores.inspecting import inspect
from agent.stores.mirror import mirrored
from agent.verify import verify_all
from tests.agent.living import PROGRAMME, begin
from tests.agent.stores.conftest import KINDS, Place, numbers, settle
from tests.agent.stores.racing import DAYS

ROOT = Path(__file__).parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.whole]


def raced(folder: Path, address: str, extra: str = "") -> None:
    begin(folder, programme=f"{PROGRAMME}store: {address}\n{extra}")
    command = [sys.executable, "-m", "tests.agent.stores.racing", str(folder), "8"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]


def sound(store: Store) -> None:
    entries = Journal(store).entries
    sealed = [entry for entry in entries if entry.kind == "sealed"]
    assert [entry.key for entry in sealed] == ["sealed/object-store/2026-09"]
    swept = [entry.key for entry in entries if entry.kind == "sweep"]
    assert len(swept) == len(set(swept)) == len(DAYS)
    assert inspect(store).faults == ()
    with mirrored(store) as root:
        (bundle,) = root.glob(f"cycles/*/*/bundle-{sealed[0].body['envelope']}.zip")
        assert verify_all((bundle,), any_key=True).ok and replay(bundle).ok


@pytest.mark.parametrize("place", [kind for kind in KINDS if kind != "memory"], indirect=True)
def test_eight_processes_seal_once(place: Place, tmp_path: Path) -> None:
    raced(tmp_path / "life", place.address)
    sound(place.open())


def test_eight_processes_seal_once_under_object_lock(
    minio_server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settle(monkeypatch, minio_server.environment)
    address = f"s3://locked/raced-{next(numbers)}"
    raced(tmp_path / "life", address, "store_options: {retain_days: 400, lock: compliance}\n")
    from agent.stores.opening import open_store

    sound(open_store(address))
