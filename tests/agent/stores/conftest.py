"""Stores of every kind: a folder, moto's S3 and obstore's memory; in the slow run MinIO, fake-gcs-server and Azurite, real servers all."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import boto3
import pytest

from agent.programme import StoreOptions
from agent.store import Store
from agent.stores.opening import open_store
from tests.servers.running import Server, azurite, fake_gcs, minio, s3_environment
from tests.servers.tools import MissingError

KINDS = (
    "folder",
    pytest.param("moto", marks=(pytest.mark.slow, pytest.mark.sampled)),
    "memory",
    *(pytest.param(kind, marks=(pytest.mark.slow, pytest.mark.whole)) for kind in ("minio", "gcs", "azure")),
)
SCHEMES = {"moto": "s3", "minio": "s3", "gcs": "gs", "azure": "az"}
numbers = count()


class Place:
    """Where a store of one kind is made, empty each time."""

    def __init__(self, kind: str, folder: Path, environment: dict[str, str]) -> None:
        self.kind, self.environment = kind, environment
        self.address = "gs://bucket/in-memory" if kind == "memory" else str(folder / "store")
        if kind in SCHEMES:
            self.address = f"{SCHEMES[kind]}://bucket/{os.getpid()}/{next(numbers)}"

    def open(self, **options: object) -> Store:
        """A store object, as every process makes its own."""
        return open_store(self.address, StoreOptions(**options))  # type: ignore[arg-type]


def started(server: Callable[[Path], AbstractContextManager[Server]], folder: Path) -> Iterator[Server]:
    """The server, or a skip that says what is missing; where CI is true nothing may be missing."""
    try:
        with server(folder) as running:
            yield running
    except MissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def moto_server() -> Iterator[Server]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    made = Server(port=port, environment=s3_environment(f"http://127.0.0.1:{port}", "testing", "testing"))
    client(made).create_bucket(Bucket="bucket")
    yield made
    server.stop()


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    for running in started(minio, tmp_path_factory.mktemp("minio")):
        client(running).create_bucket(Bucket="bucket")
        client(running).create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        yield running


@pytest.fixture(scope="session")
def gcs_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from started(fake_gcs, tmp_path_factory.mktemp("gcs"))


@pytest.fixture(scope="session")
def azure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from started(azurite, tmp_path_factory.mktemp("azure"))


def client(server: Server):
    """A plain S3 client, as an administrator has one."""
    keys = server.environment
    return boto3.client(
        "s3", endpoint_url=server.url, region_name="us-east-1", aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip


def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bucket is obstore's own store in memory, one for the whole test."""
    pytest.importorskip("obstore", reason="obstore is not installed: `make test` installs it")
    from obstore.store import MemoryStore

    made = MemoryStore()
    monkeypatch.setattr("agent.stores.objects.GCSStore", lambda *_, **__: made)


def settle(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Set what the SDKs read, and take away what the machine has."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "AZURE_"))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def of_kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Place]:
    """A fresh place of a kind, found through the environment as in the world."""

    def make(kind: str) -> Place:
        environment = request.getfixturevalue(f"{kind}_server").environment if kind in SCHEMES else {}
        settle(monkeypatch, environment)
        if kind == "memory":
            in_memory(monkeypatch)
        return Place(kind, tmp_path, environment)

    return make


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, of_kind: Callable[[str], Place]) -> Place:
    return of_kind(request.param)


@pytest.fixture
def store(place: Place) -> Store:
    return place.open()
