"""The Pushgateway: one PUT of everything under job and provider, over real HTTP."""

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from agent.errors import Incomplete, UsageError
from agent.health import Health, exposition
from agent.pushing import push

HEALTH = Health(now=datetime(2026, 3, 2, tzinfo=UTC), version="0.1.0", journal_height=7)


@dataclass
class Gateway:
    """What a gateway was sent."""

    port: int = 0
    status: int = 200
    seen: list[tuple[str, str, str | None, bytes]] = field(default_factory=list)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    held = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.seen.append((self.command, self.path, self.headers.get("Authorization"), body))
            self.send_response(held.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    held.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


def test_everything_is_put_under_job_and_provider(gateway):
    push(f"http://127.0.0.1:{gateway.port}", HEALTH, "Example Cloud/GmbH")
    ((method, path, authorization, body),) = gateway.seen
    named = base64.urlsafe_b64encode(b"Example Cloud/GmbH").decode()
    assert (method, path, authorization) == ("PUT", f"/metrics/job/starcadence/provider@base64/{named}", None)
    assert body == exposition(HEALTH)


def test_a_user_in_the_address_is_sent_as_basic_authentication(gateway):
    push(f"http://agent:s3cret@127.0.0.1:{gateway.port}", HEALTH, "x")
    assert gateway.seen[0][2] == "Basic " + base64.b64encode(b"agent:s3cret").decode()


def test_a_gateway_that_refuses_is_said_without_the_secret(gateway):
    gateway.status = 500
    with pytest.raises(Incomplete, match="what the run did stands") as caught:
        push(f"http://agent:s3cret@127.0.0.1:{gateway.port}", HEALTH, "x")
    assert "s3cret" not in str(caught.value)


def test_a_gateway_that_is_away_is_said(gateway):
    with pytest.raises(Incomplete, match="did not take the metrics"):
        push("http://127.0.0.1:9", HEALTH, "x")


@pytest.mark.parametrize("url", ["pushgateway:9091", "file:///etc/passwd", "", "https://"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(UsageError, match="write the address of a Pushgateway"):
        push(url, HEALTH, "x")
