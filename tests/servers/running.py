"""Servers on the loopback with free ports, started for one test session and ended with it."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.tools import AZURITE, FAKE_GCS, MINIO, MissingError, built

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds until a server must answer."""
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The published key of every Azure emulator: no secret."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """One that answers, and the environment in which clients find it."""

    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def minio(folder: Path) -> Iterator[Server]:
    """S3, with a true Object Lock."""
    port = free_port()
    command = [str(built(MINIO)), "server", "--quiet", "--address", f"{HOST}:{port}", "--console-address", f"{HOST}:{free_port()}",
               str(folder)]  # fmt: skip
    keys = {"MINIO_ROOT_USER": "starcadence", "MINIO_ROOT_PASSWORD": "on-loopback-only", "MINIO_BROWSER": "off"}
    with _started(command, folder, keys, port, "/minio/health/ready"):
        yield Server(port=port, environment=s3_environment(f"http://{HOST}:{port}", "starcadence", "on-loopback-only"))


@contextmanager
def fake_gcs(folder: Path) -> Iterator[Server]:
    """Google Cloud Storage."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    command = [str(built(FAKE_GCS)), "-scheme", "http", "-host", HOST, "-port", str(port), "-backend", "memory",
               "-public-host", f"{HOST}:{port}", "-external-url", url, "-log-level", "error"]  # fmt: skip
    with _started(command, folder, {}, port, "/storage/v1/b?project=example"):
        yield Server(port=port, environment={"GOOGLE_BASE_URL": url, "GOOGLE_BEARER_TOKEN": "any"})


@contextmanager
def azurite(folder: Path) -> Iterator[Server]:
    """Azure Blob Storage."""
    port = free_port()
    command = ["node", str(built(AZURITE)), "--blobHost", HOST, "--blobPort", str(port), "--inMemoryPersistence", "--silent",
               "--skipApiVersionCheck", "--disableTelemetry"]  # fmt: skip
    with _started(command, folder, {}, port, f"/{AZURE_ACCOUNT}?comp=list"):
        yield Server(
            port=port,
            environment={
                "AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
                "AZURE_STORAGE_ENDPOINT": f"http://{HOST}:{port}/{AZURE_ACCOUNT}",
            },
        )  # fmt: skip


def s3_environment(url: str, key: str, secret: str) -> dict[str, str]:
    """What the AWS SDK reads, and nothing of the machine's own."""
    return {
        "AWS_ENDPOINT_URL_S3": url, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip


@contextmanager
def _started(command: list[str], folder: Path, environment: dict[str, str], port: int, path: str) -> Iterator[None]:
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(
                command, env=os.environ | environment, cwd=folder, stdout=out, stderr=subprocess.STDOUT
            )
        except OSError as error:
            raise MissingError(f"{command[0]} cannot be started: {error}") from error
    try:
        _await(lambda: _answers(port, path), process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"{process.args!r} does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.05)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
