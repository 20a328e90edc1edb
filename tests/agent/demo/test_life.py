"""The demo's first cycle, lived by the production agent in two of its six days: what it seals, what it proves, what it must never keep."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard

from agent.archive import Archive
from agent.canonical import decode
from agent.demo.beside import beside
from agent.demo.canaries import CANARIES
from agent.demo.comparing import Difference, proven
from agent.demo.defects import broken
from agent.demo.google.defects import GOOGLE
from agent.demo.life import ambient, live, prepare
from agent.demo.microsoft.defects import MICROSOFT
from agent.demo.proving import first_sweep
from agent.demo.seeding import seeded
from agent.demo.simulation import simulated
from agent.demo.story import BEGINS
from agent.keys import load_public
from agent.replay import replay
from agent.report import Report
from agent.running import Agent
from agent.verify import verify_all

UNTIL = BEGINS + timedelta(days=6)
"""The end of the short first cycle."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Agent, tuple[Difference, ...]]]:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    prepare(folder)
    with simulated() as endpoint, beside(GOOGLE, MICROSOFT) as others, ambient(endpoint.url, others):
        agent, wrong = live(folder, broken(seeded(endpoint)), others, lambda _: None, until=UNTIL, step=3)
        yield folder, agent, wrong


def bundles(folder: Path) -> list[Path]:
    return sorted((folder / "store" / "cycles").glob("*/*/bundle-*.zip"))


def test_every_verdict_is_the_one_of_the_table(lived):
    _, _, wrong = lived
    assert wrong == ()


def test_one_bundle_for_each_service_verifies_and_replays(lived):
    folder, _, _ = lived
    paths = bundles(folder)
    verified = verify_all(paths, (load_public(folder / "store" / "signing.pub"),))
    assert [path.parts[-3] for path in paths] == ["analytics", "object-store", "platform"]
    assert verified.ok and all(replay(path).ok for path in paths)


def test_a_bundle_says_that_it_is_simulated_because_of_the_hosts_that_it_read(lived):
    folder, _, _ = lived
    for path, clouds in zip(bundles(folder), (2, 1, 3), strict=True):
        with Archive.open(path) as archive:
            report = decode(archive.read("report.json", 1 << 28), Report, what="report.json")
        assert report.simulated
        assert all(host.startswith("127.0.0.1:") for host in report.reach.hosts)
        assert len({host.rpartition(":")[2] for host in report.reach.hosts}) >= clouds


def test_what_the_demonstration_proves_counts_as_proven(lived):
    """All that counts is proven by the fake estates of the collectors' tests; the demonstration shows a part of it."""
    _, agent, _ = lived
    shipped = json.loads((Path(__file__).parents[3] / "controls" / "proven.json").read_text())
    found = proven(agent, first_sweep(agent))
    assert found.keys() == {"aws", "gcp", "azure"}
    assert all(set(checks) <= set(shipped[cloud]) for cloud, checks in found.items())


def test_no_secret_and_no_address_of_the_estate_is_in_any_byte_of_the_store(lived):
    folder, _, _ = lived
    searched = 0
    for name, data in every_byte(folder / "store"):
        searched += 1
        for canary in CANARIES:
            assert canary.encode() not in data, (name, canary)
    assert searched > 100


def every_byte(store: Path) -> Iterator[tuple[str, bytes]]:
    for path in store.rglob("*"):
        if path.is_file():
            yield path.name, opened(path.read_bytes(), path.suffix)
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        yield f"{path.name}/{name}", opened(archive.read(name), Path(name).suffix)


def opened(data: bytes, suffix: str) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data) if suffix == ".zst" else data
