"""The health endpoint: what it answers, to whom, and what it does to askers who mean no good."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain

from agent import endpoint, rhythm
from agent.endpoint import MOST_ASKERS, Answer, Certificates, Endpoint, tls_context
from agent.errors import StoreError, UsageError
from agent.front import Front
from agent.lookout import Lookout
from agent.programme import Tls
from agent.pulse import Pulse
from tests.agent.living import DAY, Life, begin

PULSE = Pulse(instance="one", started=datetime(2026, 9, 1, tzinfo=UTC), beat=0.0, patience=300.0)


class World:
    """A front over a life, with a pulse that tests change."""

    def __init__(self, life: Life) -> None:
        self.life, self.pulse, self.tick = life, PULSE, 0.0
        self.lookout = Lookout(lambda: life.agent, lambda: self.tick)
        self.front = Front(
            pulse=lambda: self.pulse, lookout=self.lookout, ticks=lambda: self.tick, page=lambda: Answer(body=b"page")
        )

    def get(self, path: str, accept: str = "") -> Answer:
        self.tick += 100
        self.pulse = PULSE.__class__(
            **{**{f: getattr(self.pulse, f) for f in PULSE.__struct_fields__}, "beat": self.tick}
        )
        found = self.front(path, accept)
        assert found is not None
        return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    life = begin(tmp_path)
    life.days(3)
    return World(life)


@contextmanager
def listening(answers=lambda path, _: Answer(body=path.encode()), context=lambda: None) -> Iterator[tuple[str, int]]:
    made = Endpoint("127.0.0.1:0", answers, context).start()
    try:
        yield made.address
    finally:
        made.stop()


def ask(address, path="/x", method="GET", **headers):
    with closing(http.client.HTTPConnection(*address, timeout=10)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())


def values(families) -> dict[str, float]:
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}


def test_metrics_are_served_in_both_formats(world):
    text, om = (
        world.get("/metrics"),
        world.get("/metrics", "application/openmetrics-text; version=1.0.0, text/plain;q=0.5"),
    )
    old, new = values(plain(text.body.decode())), values(openmetrics(om.body.decode()))
    assert om.kind.startswith("application/openmetrics-text") and text.kind.startswith("text/plain; version=0.0.4")
    assert old["starcadence_last_sweep_complete"] == new["starcadence_last_sweep_complete"] == 1
    assert old["starcadence_daemon_runs_total"] == new["starcadence_daemon_runs_total"] == 0


def test_without_a_store_the_loop_still_speaks_and_nothing_else_is_claimed(world):
    (world.life.folder / "store" / "journal").rename(world.life.folder / "away")
    (world.life.folder / "store" / "sweeps").rename(world.life.folder / "gone")
    found = values(plain(world.get("/metrics").body.decode()))
    assert "starcadence_daemon_failures_in_a_row" in found
    assert "starcadence_last_sweep_complete" not in found
    assert world.get("/readyz").status == 503
    assert world.get("/healthz").status == 200


def test_the_front_sees_what_another_replica_did(world):
    before = values(plain(world.get("/metrics").body.decode()))["starcadence_journal_height"]
    world.life.run()
    assert values(plain(world.get("/metrics").body.decode()))["starcadence_journal_height"] == before + 1


def test_ready_says_what_is_not(world):
    assert json.loads(world.get("/readyz").body)["ready"] is True
    world.pulse = Pulse(
        instance="one", started=PULSE.started, beat=0, patience=300, tries=2, error="StoreError", refused=True
    )
    answer = world.get("/readyz")
    assert answer.status == 503
    assert [one["what"] for one in json.loads(answer.body)["findings"] if not one["ok"]] == ["programme", "run"]


def test_a_loop_that_stands_still_is_not_healthy(world):
    assert world.get("/healthz").status == 200
    world.tick += 301
    found = world.front("/healthz", "")
    assert found is not None and found.status == 503


@pytest.mark.parametrize(
    "path",
    [
        "/store/journal/00000001.json",
        "/../keys/signing.pem",
        "/journal/00000001.json",
        "/metrics/",
        "/status/index.html",
        "/%2e%2e/",
    ],
)
@pytest.mark.slow
@pytest.mark.sampled
def test_no_path_reaches_anything_else(world, path):
    with listening(world.front) as address:
        assert ask(address, path)[:2] == (404, b"not found\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
@pytest.mark.slow
@pytest.mark.sampled
def test_nothing_can_be_written(method):
    with listening() as address:
        assert ask(address, method=method)[0] == 501


def test_head_is_get_without_a_body():
    with listening() as address:
        status, body, headers = ask(address, "/abc", "HEAD")
        assert (status, body, headers["Content-Length"]) == (200, b"", "4")


def test_every_answer_forbids_what_a_page_must_not_do():
    with listening() as address:
        headers = ask(address)[2]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Python" not in headers["Server"]


@pytest.mark.parametrize(
    "request_",
    [b"GET /" + b"a" * 70000, b"GET / HTTP/1.0\r\n" + b"x: y\r\n" * 20000, b"\x16\x03\x01\x02garbage\r\n\r\n", b""],
)
def test_a_hostile_request_is_let_go_and_the_next_is_served(request_):
    with listening() as address:
        with closing(socket.create_connection(address, timeout=10)) as bad:
            try:
                bad.sendall(request_)
                bad.shutdown(socket.SHUT_WR)
                while bad.recv(4096):
                    pass
            except OSError:
                pass
        assert ask(address)[0] == 200


def test_a_slow_asker_is_let_go(monkeypatch):
    monkeypatch.setattr(endpoint, "PATIENCE", 0.4)
    with listening() as address, closing(socket.create_connection(address, timeout=10)) as slow:
        slow.sendall(b"GET / HT")
        begun = time.monotonic()
        assert slow.recv(10) == b""
        assert time.monotonic() - begun < 5


def test_more_askers_than_there_may_be_are_let_go_at_once(monkeypatch):
    monkeypatch.setattr(endpoint, "PATIENCE", 2.0)
    with listening() as address:
        held = [socket.create_connection(address, timeout=10) for _ in range(MOST_ASKERS)]
        try:
            with closing(socket.create_connection(address, timeout=10)) as extra:
                assert extra.recv(10) == b""
        finally:
            for one in held:
                one.close()


def test_a_stopped_endpoint_leaves_no_thread_and_frees_its_port():
    before = threading.active_count()
    with listening() as address:
        ask(address)
    Endpoint(f"127.0.0.1:{address[1]}", lambda *_: None, lambda: None).start().stop()
    assert threading.active_count() <= before


def test_a_port_that_is_taken_says_so():
    with listening() as address, pytest.raises(UsageError, match="name a free address"):
        Endpoint(f"127.0.0.1:{address[1]}", lambda *_: None, lambda: None)


def test_the_docs_list_every_metric_of_the_loop():
    assert rhythm.table() in (Path(__file__).parents[2] / "docs" / "health.md").read_text()


def test_a_failing_answer_says_nothing_of_why():
    def failing(path, accept):
        raise StoreError("secret")

    life = None
    front = Front(pulse=lambda: PULSE, lookout=life, ticks=lambda: 0.0, page=lambda: failing("", ""))  # type: ignore[arg-type]
    answer = front("/", "")
    assert answer is not None and answer.status == 503 and b"secret" not in answer.body


class Authority:
    """A certificate authority of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.path = self._write("ca", self._signed(self.name, self.key.public_key(), authority=True))

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        path = self._write(name, self._signed(subject, key.public_key(), authority=False))
        secret = self.folder / f"{name}.key"
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        secret.write_bytes(pem)
        return path, secret

    def _signed(self, subject, public, *, authority):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        return builder.sign(self.key, hashes.SHA256())

    def _write(self, name, certificate) -> Path:
        path = self.folder / f"{name}.pem"
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return path


def over_tls(address, authority: Authority, client: tuple[Path, Path] | None = None) -> bytes:
    context = ssl.create_default_context(cafile=authority.path)
    if client:
        context.load_cert_chain(*client)
    with (
        socket.create_connection(address, timeout=10) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as secure,
    ):
        secure.sendall(b"GET /x HTTP/1.0\r\n\r\n")
        found = b""
        while part := secure.recv(4096):
            found += part
        return found


def test_tls_is_spoken_and_client_certificates_are_asked_for(tmp_path):
    authority = Authority(tmp_path)
    certificate, key = authority.issue("server")
    open_to_all = Tls(certificate=certificate.name, key=key.name)
    guarded = Tls(certificate=certificate.name, key=key.name, clients="ca.pem")
    beside = tmp_path.joinpath
    with listening(context=lambda: tls_context(open_to_all, beside)) as address:
        assert b"200 OK" in over_tls(address, authority)
        assert ask_plainly(address) == b""
    with listening(context=lambda: tls_context(guarded, beside)) as address:
        with pytest.raises(OSError):
            assert over_tls(address, authority) != b"", "the handshake's refusal comes with the first read"
        stranger = tmp_path / "stranger"
        stranger.mkdir()
        with pytest.raises(OSError):
            assert over_tls(address, authority, Authority(stranger).issue("other")) != b""
        assert b"200 OK" in over_tls(address, authority, authority.issue("prometheus"))


def test_a_renewed_certificate_is_used_and_half_a_renewal_changes_nothing(tmp_path):
    first = Authority(tmp_path)
    certificate, key = first.issue("server")
    held = Certificates(Tls(certificate=certificate.name, key=key.name), tmp_path.joinpath)
    with listening(context=held) as address:
        assert b"200 OK" in over_tls(address, first)
        (tmp_path / "new").mkdir()
        second = Authority(tmp_path / "new")
        renewed, secret = second.issue("server")
        key.write_bytes(secret.read_bytes())
        assert b"200 OK" in over_tls(address, first)
        certificate.write_bytes(renewed.read_bytes())
        assert b"200 OK" in over_tls(address, second)


def ask_plainly(address) -> bytes:
    with closing(socket.create_connection(address, timeout=10)) as raw:
        raw.sendall(b"GET /x HTTP/1.0\r\n\r\n")
        try:
            return raw.recv(7) if not raw.recv(7) else b""
        except OSError:
            return b""


@pytest.mark.parametrize("wrong", ["absent.pem", "server.key"])
def test_certificates_that_cannot_be_used_say_so(tmp_path, wrong):
    _, key = Authority(tmp_path).issue("server")
    with pytest.raises(UsageError, match=r"health\.tls"):
        tls_context(Tls(certificate=wrong, key=key.name), tmp_path.joinpath)
