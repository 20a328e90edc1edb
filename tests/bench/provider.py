"""The server of `tests.bench.aws`, a process of its own: AWS over TLS, with latency, behind token buckets at published rates."""

import asyncio
import json
import re
import ssl
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent.demo.wire import Answer, Connection, Request
from tests.bench.fleet import AGGREGATED, CANONICAL, LATENCY, MEMBER
from tests.fakes import pages
from tests.fakes.aggregated import Aggregated
from tests.fakes.aws import FakeAws, respond
from tests.fakes.estate import Estate

PUBLISHED = {
    # sustained calls a second and burst, per account and region
    "ec2": (20.0, 100.0), "iam": (20.0, 40.0), "kms": (500.0, 1000.0), "organizations": (10.0, 20.0), "account": (10.0, 20.0),
    "cloudtrail": (10.0, 20.0), "s3": (5500.0, 5500.0), "sts": (600.0, 600.0),
}  # fmt: skip
OTHERWISE = (20.0, 60.0)
"""What AWS documents, or is known to grant, where the services' own pages say nothing."""
_SIGNED = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
MARKUP = frozenset(
    {"ec2", "iam", "sts", "rds", "autoscaling", "elasticloadbalancing", "monitoring", "sns", "s3", "cloudfront"}
)
"""Services that refuse in XML."""


class Buckets:
    """Token buckets per account, region and API."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], tuple[float, float]] = {}
        self.throttled = 0

    def takes(self, api: tuple[str, str, str], service: str) -> bool:
        """There was a token."""
        rate, burst = PUBLISHED.get(service, OTHERWISE)
        now = time.monotonic()
        tokens, filled = self.kept.get(api, (burst, now))
        tokens = min(burst, tokens + (now - filled) * rate)
        self.throttled += tokens < 1
        self.kept[api] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1


class Slow(Connection):
    """A connection whose answers come after the latency."""

    def data_received(self, data: bytes) -> None:
        """Answer later."""
        self.buffer += data
        while request := self.next_request():
            asyncio.get_running_loop().call_later(LATENCY, self._answer, request)

    def _answer(self, request: Request) -> None:
        answer = self.respond(request)
        if self.transport and not self.transport.is_closing():
            head = [f"HTTP/1.1 {answer.status} OK", *(f"{name}: {value}" for name, value in answer.headers)]
            head += [
                f"content-length: {len(answer.body)}",
                "x-amzn-RequestId: bench",
                f"date: {formatdate(usegmt=True)}",
                "",
                "",
            ]
            self.transport.write(
                "\r\n".join(head).encode("latin-1") + (b"" if request.method == "HEAD" else answer.body)
            )


class Provider:
    """Answers of the fake, kept by what was asked and given again with the asking account's id."""

    def __init__(self) -> None:
        self.estate: Estate = Aggregated() if AGGREGATED else Estate()
        self.buckets = Buckets()
        self.kept: dict[Any, tuple[int, dict[str, str], bytes]] = {}
        self.fake = FakeAws(answers=self.estate.answer)

    def answer(self, request: Request) -> Answer:
        """One answer; too much for a bucket is refused."""
        key, region, service = _SIGNED.search(request.headers.get("authorization", "")).groups()  # type: ignore[union-attr]
        account = key[-12:]
        what = operation(request)
        if not self.buckets.takes((account, region, f"{service}.{what}"), service):
            return Answer(400, [("content-type", "application/x-amz-json-1.1")], throttled(service))
        if service == "sts":  # its answers hold credentials, each of their own
            status, given, text = self.asked(request)
            return Answer(status, list(given.items()), text)
        like = CANONICAL if account == CANONICAL else MEMBER
        alike = disguised(request, account, like)
        asked = (service, region, request.method, alike.target, what, alike.body, like)
        if asked not in self.kept:
            self.kept[asked] = self.asked(alike)
        status, given, text = self.kept[asked]
        if service != "organizations":
            text = text.replace(like.encode(), account.encode())
        return Answer(status, list(given.items()), text)

    def asked(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """What the fake answers."""
        headers = {name.title(): value for name, value in request.headers.items()}
        found = respond(self.fake, request.method, request.target, headers, request.body)
        self.fake.requests.clear()
        return found

    def resize(self, accounts: int) -> None:
        """From now on the organisation has so many accounts (two at least), and nothing was asked yet."""
        self.estate.accounts = tuple(str(int(CANONICAL) + number) for number in range(max(2, accounts)))
        self.kept.clear()
        self.buckets.kept.clear()
        self.buckets.throttled = 0


def operation(request: Request) -> str:
    """What is asked, as far as rates tell apart."""
    action = re.search(rb"Action=(\w+)", request.body)
    if action:
        return action[1].decode()
    return request.headers.get("x-amz-target") or request.method + request.target.partition("?")[2].partition("=")[0]


def disguised(request: Request, account: str, like: str) -> Request:
    """The request as the account that stands for all would make it, with a key that lasts."""
    signed = re.sub("ASIA[0-9]{4}", "AKIAFAKE", request.headers["authorization"].replace(account, like))
    headers = {**request.headers, "authorization": signed}
    headers.pop("x-amz-security-token", None)
    return Request(
        request.method,
        request.target.replace(account, like),
        headers,
        request.body.replace(account.encode(), like.encode()),
    )


def serve(folder: Path) -> None:
    """Print the port; a number on standard input is how many accounts there are from now on, `counts` asks what was throttled."""
    pages.PAGE = 1000
    provider = Provider()

    async def listen() -> None:
        connections: set[Connection] = set()
        made = asyncio.get_running_loop().create_server(
            lambda: Slow(provider.answer, connections), "127.0.0.1", 0, ssl=certified(folder), backlog=512
        )
        print((await made).sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()

    def obey() -> None:
        for line in sys.stdin:
            if line.strip() == "counts":
                print(json.dumps({"throttled": provider.buckets.throttled}), flush=True)
            else:
                provider.resize(int(line))
                print("resized", flush=True)

    threading.Thread(target=obey, daemon=True).start()
    asyncio.run(listen())


def throttled(service: str) -> bytes:
    """How the service's protocol says that this was too much."""
    if service in MARKUP:
        return b"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
    return b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


def certified(folder: Path) -> ssl.SSLContext:
    """TLS for localhost under a root of our own, written to `root.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=2)).add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "root.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
