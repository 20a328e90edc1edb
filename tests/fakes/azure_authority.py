"""The place that gives tokens to applications: a service principal's secret, or a workload's federated token, over TLS."""

import json
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.azure_estate import TENANT


@dataclass(kw_only=True)
class FakeAuthority:
    """The server. `asked` holds the form of each request for a token."""

    tls: ssl.SSLContext
    secrets: frozenset[str] = frozenset({"a-secret", "a-federated-token"})
    asked: list[dict[str, str]] = field(default_factory=list)

    def start(self) -> "FakeAuthority":
        """Listen on a free port of loopback."""
        fake = self

        class Handler(_Handler):
            authority = fake

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """What `AZURE_AUTHORITY_HOST` is set to."""
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A token for a secret or assertion that it knows."""
        self.asked.append(form)
        if form.get("client_secret", form.get("client_assertion")) not in self.secrets:
            return 401, {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret provided.",
            }
        resource = form["scope"].split()[0].removesuffix("/.default")
        return 200, {"token_type": "Bearer", "expires_in": 3600, "access_token": f"fake-token-for-{resource}"}


class _Handler(BaseHTTPRequestHandler):
    authority: FakeAuthority
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        base = f"{self.authority.url}/{TENANT}"
        self._say(200, {
            "issuer": f"{base}/v2.0", "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        })  # fmt: skip

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(*self.authority.token({key: values[0] for key, values in parse_qs(body).items()}))

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Silence."""
