"""Google's own credential chain over TLS: a service account's key file and the metadata server, each in a process of its own.

gRPC reads its roots and google-auth its endpoints once in a process, so the look is taken in another one.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from agent.demo.google.inventory import FakeInventory
from tests.fakes.gcp_estate import organization

LOOK = """
import json, sys
from agent.programme import GcpScope
from collectors.gcp.disks import Disks
from tests.fakes.gcp_looking import look
found = look(GcpScope(**json.loads(sys.argv[1])), [Disks])
print(json.dumps({
    "gaps": sorted({f"{gap.reason}: {gap.detail}" for gap in (*found.estate.gaps, *found.gaps)}),
    "members": [member.account for member in found.estate.members], "disks": len(found.resources),
}))
"""


class Tokens(BaseHTTPRequestHandler):
    """Google's token endpoint and the metadata server of a machine: both give the same token, or none."""

    working = True

    def do_GET(self) -> None:
        texts = {"": "", "project/project-id": "acme-prod", "universe/universe-domain": "googleapis.com"}
        path = self.path.partition("/computeMetadata/v1/")[2].partition("?")[0]
        token = {"access_token": "a-token", "expires_in": 3600, "token_type": "Bearer"}
        account = {"email": "agent@acme-prod.iam.gserviceaccount.com", "scopes": ["all"], "aliases": ["default"]}
        if path in texts:
            self.reply(texts[path].encode(), "text/plain")
        else:
            self.reply(json.dumps(token if path.endswith("/token") else account).encode(), "application/json")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = {"access_token": "a-token", "expires_in": 3600, "token_type": "Bearer"}
        self.reply(
            json.dumps(answer if self.working else {"error": "invalid_grant"}).encode(),
            "application/json",
            self.working,
        )

    def reply(self, body: bytes, kind: str, good: bool = True) -> None:
        self.send_response(200 if good else 400)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Metadata-Flavor": "Google",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Silence."""


@pytest.fixture
def tokens() -> Iterator[str]:
    """The token server's host and port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    Tokens.working = True
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, bytes]:
    """A certificate for the machine itself: as a file of roots, and with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "inventory.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("roots") / "roots.pem"
    path.write_bytes(pem)
    return path, private, pem


@pytest.fixture
def guarded(roots: tuple[Path, bytes, bytes]) -> Iterator[FakeInventory]:
    """The inventory behind TLS."""
    server = FakeInventory(assets=organization().listed, aliases={"projects/acme-prod": "projects/900000000001"})
    yield server.start(grpc.ssl_server_credentials([(roots[1], roots[2])]))
    server.stop()


@pytest.fixture
def key_file(tmp_path: Path, tokens: str) -> Path:
    """A service account's key file whose tokens come from our endpoint."""
    private = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "account.json"
    path.write_text(json.dumps({
        "type": "service_account", "project_id": "acme-prod", "private_key_id": "1", "private_key": private.decode(),
        "client_email": "agent@acme-prod.iam.gserviceaccount.com", "client_id": "1", "token_uri": f"http://{tokens}/token",
    }))  # fmt: skip
    return path


def looked(server: FakeInventory, roots: Path, scope: dict[str, object], **environment: str) -> dict[str, object]:
    """What a process of its own sees, with nothing of this machine's credentials."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "GCE_", "CLOUDSDK_"))}
    environment = {
        **clean, "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDASSET": f"https://127.0.0.1:{server.port}", "CLOUDSDK_CONFIG": os.devnull,
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(roots), "GRPC_VERBOSITY": "NONE", "NO_PROXY": "127.0.0.1", **environment,
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", LOOK, json.dumps(scope)],
        env=environment,
        cwd=Path(__file__).parents[3],
        check=True,
        capture_output=True,
    )
    return dict(json.loads(ran.stdout))


def test_a_key_file_is_found_and_its_token_sent_over_tls(
    guarded: FakeInventory, roots: tuple[Path, bytes, bytes], key_file: Path
) -> None:
    scope = {"organization": "123456789012", "quota_project": "acme-quota"}
    found = looked(guarded, roots[0], scope, GOOGLE_APPLICATION_CREDENTIALS=str(key_file))
    assert found["gaps"] == []
    assert found["disks"] == 2
    assert {request.metadata["authorization"] for request in guarded.requests} == {"Bearer a-token"}
    assert {request.metadata["x-goog-user-project"] for request in guarded.requests} == {"acme-quota"}


@pytest.mark.slow
@pytest.mark.whole
def test_a_machines_own_account_looks_at_its_own_project(
    guarded: FakeInventory, roots: tuple[Path, bytes, bytes], tokens: str
) -> None:
    found = looked(guarded, roots[0], {}, GCE_METADATA_HOST=tokens, GCE_METADATA_IP=tokens, GCE_METADATA_ROOT=tokens)
    assert found["members"] == ["acme-prod"]
    assert found["gaps"] == []
    assert {request.metadata["authorization"] for request in guarded.requests} == {"Bearer a-token"}
    assert {request.parent for request in guarded.requests} == {"projects/acme-prod"}


@pytest.mark.slow
@pytest.mark.whole
def test_credentials_that_give_no_token_are_nobody(
    guarded: FakeInventory, roots: tuple[Path, bytes, bytes], key_file: Path
) -> None:
    Tokens.working = False
    found = looked(guarded, roots[0], {"organization": "123456789012"}, GOOGLE_APPLICATION_CREDENTIALS=str(key_file))
    assert {gap.partition(":")[0] for gap in found["gaps"]} == {"no role"}  # type: ignore[attr-defined]
    assert guarded.requests == []


@pytest.mark.slow
@pytest.mark.whole
def test_a_stranger_with_another_certificate_is_not_asked(
    guarded: FakeInventory, key_file: Path, tmp_path: Path, roots: tuple[Path, bytes, bytes]
) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(other.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(other, hashes.SHA256())
    )  # fmt: skip
    (tmp_path / "other.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    found = looked(
        guarded, tmp_path / "other.pem", {"organization": "123456789012"}, GOOGLE_APPLICATION_CREDENTIALS=str(key_file)
    )
    assert {gap.partition(":")[0] for gap in found["gaps"]} == {"unreachable"}  # type: ignore[attr-defined]
    assert guarded.requests == []
