"""Fixtures that more than one folder of tests uses."""

import gc
import os
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.fakes.aws import FakeAws, access_key
from tests.fakes.estate import Estate

MEMORY = Path("/dev/shm")
ROOMY = 2 << 30


WHOLE = os.environ.get("STARCADENCE_SWEEP") == "whole"
settings.register_profile("tenth", max_examples=25, derandomize=True, deadline=None, database=None)
settings.register_profile("whole", max_examples=250, deadline=None)
settings.load_profile("whole" if WHOLE else "tenth")


def pytest_configure() -> None:
    """Keep the tests' stores in memory where there is room: every put is synced, and a disk takes its time for that."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        room = os.statvfs(MEMORY)
        if room.f_bavail * room.f_frsize >= ROOMY:
            os.environ["TMPDIR"] = str(MEMORY)
            tempfile.tempdir = None
    gc.disable()  # until all is collected: importing makes a million objects and no rubbish


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what has no tenth (`whole`) to `make slow`, which asks for the whole of everything."""
    if WHOLE:
        return
    left = [
        item
        for item in items
        if item.get_closest_marker("whole") or (item.get_closest_marker("sampled") and _passed_over(item))
    ]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in set(left)]


def pytest_collection_finish() -> None:
    """Take what the imports left (the SDKs' modules) out of the garbage collector's rounds: they are thousands of objects that stay."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _passed_over(item: pytest.Item) -> bool:
    """One in five of a long table is tried by default: always the same, by the digest of its name."""
    return zlib.crc32(item.nodeid.encode()) % 5 != 0


@pytest.fixture
def estate() -> Estate:
    """A small AWS organisation; tests change it before they look."""
    return Estate()


@pytest.fixture
def aws(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """A fake AWS with that organisation, and the environment of an agent that runs in its management account."""
    server = FakeAws(answers=estate.answer).start()
    ambient(monkeypatch, estate.management, server.url)
    yield server
    server.stop()


@pytest.fixture
def no_ambient_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any AWS credentials."""
    ambient(monkeypatch, "", "")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name)


def ambient(monkeypatch: pytest.MonkeyPatch, account: str, url: str) -> None:
    """Set the environment that botocore reads, and nothing of the machine's own."""
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_CA_BUNDLE",
        "AWS_REGION",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", access_key(account))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
