"""A small HTTP server in threads of its own: bounded requests, bounded time, a bounded number of askers, and TLS if it is asked for.

It answers GET and HEAD of a fixed set of paths from values in memory: no path is ever a file's.
"""

import io
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from agent.errors import UsageError
from agent.programme import Tls
from agent.version import version

MOST_ASKERS = 16
LARGEST_REQUEST = 16 * 1024
"""Bytes of a request line with all its headers."""
PATIENCE = 10.0
"""Seconds from the first byte of a connection to its last, handshake included."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back."""

    body: bytes
    kind: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answers = Callable[[str, str], Answer | None]
"""Path and `Accept` header -> answer; `None` for a path that is not one of ours."""


class Endpoint:
    """Listens from its making on; answers from `start` to `stop`."""

    def __init__(self, listen: str, answers: Answers, context: Callable[[], ssl.SSLContext | None]) -> None:
        """`context` is asked for each connection, so that a renewed certificate is used. `UsageError` where nobody can listen."""
        host, _, port = listen.rpartition(":")
        host = host.strip("[]")
        self._server = _server(host, int(port), answers, context)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="endpoint", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens; the port that was found where 0 was asked for."""
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def start(self) -> "Endpoint":
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Certificates:
    """The TLS context of an endpoint, made again when renewed files lie in their place."""

    def __init__(self, tls: Tls, beside: Callable[[str], Path]) -> None:
        """`UsageError` where the files cannot be used; later on, files that cannot be used change nothing."""
        self._tls, self._beside = tls, beside
        self._made = self._times()
        self._context = tls_context(tls, beside)

    def __call__(self) -> ssl.SSLContext:
        """The context for the next connection."""
        times = self._times()
        if times != self._made:
            with suppress(UsageError):  # half renewed: the next connection looks again
                self._context = tls_context(self._tls, self._beside)
                self._made = times
        return self._context

    def _times(self) -> tuple[int, ...]:
        files = (self._beside(name) for name in (self._tls.certificate, self._tls.key, self._tls.clients) if name)
        return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


def tls_context(tls: Tls, beside: Callable[[str], Path]) -> ssl.SSLContext:
    """The context of an endpoint with a certificate. `UsageError` where a file cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(beside(tls.certificate), beside(tls.key), password=lambda: b"")
        if tls.clients is not None:
            context.load_verify_locations(beside(tls.clients))
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"health.tls: {error.strerror or error}; write PEM files that fit together, without a passphrase"
        ) from error
    return context


def _server(host: str, port: int, answers: Answers, context: Callable[[], ssl.SSLContext | None]) -> "_Server":
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return _Server(family, (host, port), answers, context)
    except (OSError, OverflowError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"health.listen: {host}:{port}: {words}; name a free address of this machine") from error


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, family: int, address: tuple[str, int], answers: Answers, context: Callable[[], ssl.SSLContext | None]
    ) -> None:
        self.address_family = family
        self.answers, self.context = answers, context
        self._askers = threading.BoundedSemaphore(MOST_ASKERS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """One thread for each asker, up to as many as there may be: the others are let go at once."""
        if not self._askers.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands if need be, answer, leave."""
        try:
            with suppress(OSError):  # the world's: askers that leave, stall or speak no TLS
                secured = self._secured(request)
                with secured:
                    _Handler(secured, client_address, self)
        finally:
            self._askers.release()
            self.shutdown_request(request)

    def _secured(self, request: socket.socket) -> socket.socket:
        request.settimeout(PATIENCE / 2)
        context = self.context()
        return request if context is None else context.wrap_socket(request, server_side=True)


class _Bounded(io.RawIOBase):
    """What an asker sends, up to so many bytes and so many seconds."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._left, self._until = connection, LARGEST_REQUEST, time.monotonic() + PATIENCE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        seconds = self._until - time.monotonic()
        if self._left <= 0 or seconds <= 0:
            raise TimeoutError
        self._connection.settimeout(seconds)
        count = self._connection.recv_into(buffer, min(len(buffer), self._left))
        self._left -= count
        return count


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = f"starcadence/{version()}"
    sys_version = ""
    protocol_version = "HTTP/1.0"  # one request per connection: nobody holds a thread by doing nothing

    def setup(self) -> None:
        super().setup()
        self.rfile = io.BufferedReader(_Bounded(self.connection), 8192)
        self.connection.settimeout(PATIENCE)

    def do_GET(self) -> None:
        self._answer(head=False)

    def do_HEAD(self) -> None:
        self._answer(head=True)

    def log_message(self, *_: Any) -> None:
        """A scrape every few seconds is no event."""

    def _answer(self, *, head: bool) -> None:
        path = self.path.partition("?")[0]
        answer = self.server.answers(path, self.headers.get("Accept", "")) or Answer(body=b"not found\n", status=404)
        self.send_response(answer.status)
        for name, value in {**HEADERS, **answer.headers, "Content-Type": answer.kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not head:
            self.wfile.write(answer.body)


HEADERS = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}  # fmt: skip
"""On every answer; the page brings a policy of its own."""
