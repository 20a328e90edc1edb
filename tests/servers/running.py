"""Servers on the loopback with free ports, started for one test session and ended with it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.servers.gateway import gateway
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
    """Google Cloud Storage, with the bucket `bucket`."""
    upstream, port = free_port(), free_port()
    own, url = f"{HOST}:{port}", f"http://{HOST}:{port}"
    command = [str(built(FAKE_GCS)), "-scheme", "http", "-host", HOST, "-port", str(upstream), "-backend", "memory",
               "-public-host", own, "-external-url", url, "-log-level", "error"]  # fmt: skip
    with _started(command, folder, {}, upstream, "/storage/v1/b?project=example"), gateway(port, upstream):
        _post(f"{url}/storage/v1/b?project=example", {"name": "bucket"})
        yield Server(port=port, environment={"GOOGLE_BASE_URL": url, "GOOGLE_BEARER_TOKEN": "any"})


def _post(url: str, body: dict[str, str]) -> None:
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        assert answer.status == 200


@contextmanager
def azurite(folder: Path) -> Iterator[Server]:
    """Azure Blob Storage, with the container `bucket`."""
    port = free_port()
    command = ["node", str(built(AZURITE)), "--blobHost", HOST, "--blobPort", str(port), "--inMemoryPersistence", "--silent",
               "--skipApiVersionCheck", "--disableTelemetry"]  # fmt: skip
    with _started(command, folder, {}, port, f"/{AZURE_ACCOUNT}?comp=list"):
        _make_container(port)
        yield Server(
            port=port,
            environment={
                "AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
                "AZURE_STORAGE_ENDPOINT": f"http://{HOST}:{port}/{AZURE_ACCOUNT}",
            },
        )  # fmt: skip


def _make_container(port: int) -> None:
    """Shared Key, by hand: obstore makes no containers."""
    date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    headers = {"x-ms-date": date, "x-ms-version": "2021-08-06"}
    resource = f"/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/bucket\nrestype:container"
    signed = "PUT" + "\n" * 12 + "".join(f"{name}:{value}\n" for name, value in headers.items()) + resource
    mac = base64.b64encode(hmac.digest(base64.b64decode(AZURE_KEY), signed.encode(), hashlib.sha256)).decode()
    url = f"http://{HOST}:{port}/{AZURE_ACCOUNT}/bucket?restype=container"
    headers["Authorization"] = f"SharedKey {AZURE_ACCOUNT}:{mac}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers, method="PUT")) as answer:
        assert answer.status == 201


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
