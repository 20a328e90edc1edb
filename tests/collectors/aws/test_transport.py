"""TLS: what is trusted is what the operator says, loaded once for all connections."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from agent.programme import AwsScope
from collectors.aws.cloud import Aws
from collectors.gap import Reason
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate of 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """The fake AWS over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = FakeAws(answers=estate.answer).start(context)
    ambient(monkeypatch, estate.management, server.url)
    yield server
    server.stop()


def test_a_bundle_of_the_operator_is_trusted(
    sweep: Callable[..., Aws], secure: FakeAws, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    assert sweep(AwsScope()).discover().gaps == ()
    assert secure.operations() == {"sts.GetCallerIdentity", "ec2.DescribeRegions"}


def test_nobody_else_is_trusted(sweep: Callable[..., Aws], secure: FakeAws) -> None:
    [gap] = sweep(AwsScope()).discover().gaps
    assert (gap.reason, gap.detail) == (Reason.UNREACHABLE, "SSLError")
    assert secure.requests == []


def test_another_hosts_certificate_is_not_trusted(
    sweep: Callable[..., Aws], secure: FakeAws, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("AWS_ENDPOINT_URL", secure.url.replace("127.0.0.1", "localhost"))
    [gap] = sweep(AwsScope()).discover().gaps
    assert (gap.reason, gap.detail) == (Reason.UNREACHABLE, "SSLError")


def test_a_bundle_that_cannot_be_read_is_a_gap(
    sweep: Callable[..., Aws], secure: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    [gap] = sweep(AwsScope()).discover().gaps
    assert (gap.reason, gap.detail) == (Reason.FAILED, "UnreadableRoots")
