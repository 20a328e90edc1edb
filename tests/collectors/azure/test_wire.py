"""Credentials of every sort, and what goes wrong on the way: each is a gap, and none hangs the sweep."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from agent.demo.microsoft.azure import FakeAzure, Trouble
from collectors.azure import wire
from collectors.azure.connections import Connections
from collectors.azure.faults import answered, code
from collectors.gap import Reason
from tests.fakes.azure_authority import FakeAuthority
from tests.fakes.azure_estate import BAD, DISABLED, GOOD, TENANT

CLIENT = "99999999-0000-4000-8000-000000000009"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def authority(certificate: Path, azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAuthority]:
    """A place that gives tokens, trusted by the operator's own bundle; no managed identity."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = FakeAuthority(tls=context).start()
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    said = {
        "AZURE_AUTHORITY_HOST": server.url,
        "REQUESTS_CA_BUNDLE": str(certificate),
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": CLIENT,
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


def discovered(found):
    estate = found.discover()
    return {one.account: one.state for one in estate.members}, {(gap.reason, gap.detail) for gap in estate.gaps}


EVERY = {GOOD: "in scope", BAD: "in scope", DISABLED: "closed"}


@pytest.mark.parametrize("way", ["workload identity", "ambient"])
def test_a_workload_is_known_by_its_federated_token(way, sweep, authority, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("a-federated-token")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "token"))
    assert discovered(sweep(credentials=way, tenant=TENANT, client_id=CLIENT)) == (EVERY, set())
    assert {(one["client_id"], one["grant_type"]) for one in authority.asked} == {(CLIENT, "client_credentials")}
    assert authority.asked[0]["scope"].startswith("https://management.azure.com/.default")


@pytest.mark.parametrize("way", ["environment", "ambient"])
def test_a_service_principal_is_known_by_its_secret(way, sweep, authority, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "a-secret")
    assert discovered(sweep(credentials=way, tenant=TENANT)) == (EVERY, set())


def test_one_token_serves_a_whole_sweep(sweep, authority, monkeypatch):
    from tests.collectors.azure.looking import visits

    monkeypatch.setenv("AZURE_CLIENT_SECRET", "a-secret")
    found = sweep(credentials="environment", tenant=TENANT)
    visits(found, found.discover())
    assert len(authority.asked) == 2, "one for Resource Manager, one for Microsoft Graph"


def test_a_wrong_secret_is_a_gap_with_the_providers_code(sweep, authority, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "another")
    members, gaps = discovered(sweep(credentials="environment", tenant=TENANT))
    assert members == {}
    assert gaps == {(Reason.NO_ROLE, "AADSTS7000215")}


def test_a_place_that_nobody_vouches_for_gets_no_secret(sweep, authority, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "a-secret")
    _, gaps = discovered(sweep(credentials="environment", tenant=TENANT))
    assert gaps
    assert authority.asked == []


def test_what_a_netrc_says_of_a_host_does_not_replace_the_token(sweep, azure, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert discovered(sweep()) == (EVERY, set())
    assert all(one.authorization.startswith("Bearer ") for one in azure.asked)


@pytest.mark.parametrize("host", ["management.example", "graph.example", "inside.example"])
def test_the_environment_says_of_each_host_by_which_proxy_it_is_reached(host, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/bundle.pem")
    found = Connections(4)
    for _ in range(2):
        said = found.merge_environment_settings(f"https://{host}/one", {}, True, True, None)
        assert said["proxies"].get("https") == (None if host.startswith("inside") else "http://proxy.example:3128")
        assert (said["verify"], said["stream"], said["cert"]) == ("/bundle.pem", True, None)
        said["proxies"]["https"] = "nobody's"


def test_an_answer_that_does_not_come_is_a_gap(sweep, azure, monkeypatch):
    monkeypatch.setattr(wire, "READ_TIMEOUT", 0.05)
    azure.hold = threading.Event()
    _, gaps = discovered(sweep(subscriptions=(GOOD,)))
    azure.hold.set()
    assert {reason for reason, _ in gaps} == {Reason.UNREACHABLE}


def test_a_fault_that_passes_is_waited_out(sweep, azure, time):
    azure.troubles.append(Trouble(about="/subscriptions", status=503, code="ServerBusy", times=2))
    found = sweep(tenant=TENANT)
    assert discovered(found) == (EVERY, set())
    assert len(time.slept) == 2


def test_each_exchange_is_accounted_for(sweep, azure):
    azure.troubles.append(Trouble(about="/subscriptions", status=503, code="ServerBusy", times=1))
    estate = sweep(tenant=TENANT).discover()
    assert [(call.operation, call.status) for call in estate.calls] == [
        ("arm.Subscriptions", 503), ("arm.Subscriptions", 200), ("arm.Descendants", 200),
    ]  # fmt: skip
    assert {call.request_id for call in estate.calls} == {"fake-request"}
    assert {call.host for call in estate.calls} == {azure.url.removeprefix("http://")}
    assert all(call.date for call in estate.calls)


def error(given, *details):
    inner = ", ".join(f'{{"code": "{one}"}}' for one in details)
    return (
        f'{{"error": {{"code": "{given}", "message": "about /subscriptions/secret", "details": [{inner}]}}}}'.encode()
    )


@pytest.mark.parametrize(
    ("status", "body", "reason", "detail"),
    [
        (403, error("AuthorizationFailed"), Reason.DENIED, "AuthorizationFailed"),
        (401, error("InvalidAuthenticationTokenTenant"), Reason.DENIED, "InvalidAuthenticationTokenTenant"),
        (401, error("ExpiredAuthenticationToken"), Reason.EXPIRED, "ExpiredAuthenticationToken"),
        (429, error("TooManyRequests"), Reason.THROTTLED, "TooManyRequests"),
        (429, b"", Reason.THROTTLED, "no error code"),
        (404, error("ResourceNotFound"), Reason.FAILED, "ResourceNotFound"),
        (408, error("RequestTimeout"), Reason.FAILED, "RequestTimeout"),
        (502, b"<html>bad gateway</html>", Reason.FAILED, "no error code"),
        (400, error("BadRequest", "DisallowedLogicalTableName"), Reason.UNSUPPORTED, "DisallowedLogicalTableName"),
        (400, error("BadRequest", "ParserFailure"), Reason.FAILED, "BadRequest"),
        (409, error("MissingSubscriptionRegistration"), Reason.UNSUPPORTED, "MissingSubscriptionRegistration"),
        (403, error("Authentication_RequestFromNonPremiumTenantOrB2CTenant"), Reason.UNSUPPORTED,
         "Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
        (301, b"", Reason.FAILED, "no error code"),
    ],
)  # fmt: skip
def test_what_an_error_means(status, body, reason, detail):
    found = answered(status, body)
    assert (found.reason, found.detail) == (reason, detail)
    assert found.again is (status in {408, 429} or status >= 500)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"error": "no"}',
        b'{"error": {}}',
        b'{"error": {"code": 7}}',
        b'{"error": {"code": "a b /subscriptions/x"}}',
        b"\xff",
    ],
)
def test_a_code_is_a_word_and_never_a_message(body):
    assert code(body) == "no error code"
