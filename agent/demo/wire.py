"""HTTP for the simulated cloud: one event loop, connections that stay open, and a memory of answers.

moto holds the interpreter's lock while it works, so more threads make it no faster; what can be saved is everything around it.
An answer to a reading request is kept until something that it may rest on has changed (`Memory`), so that a sweep over an idle
estate costs the simulated cloud next to nothing.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

Environ = dict[str, Any]


class Answer(NamedTuple):
    """One HTTP answer: status code, headers, body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Request(NamedTuple):
    """One HTTP request as read from the wire; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Respond = Callable[[Request], Answer]


class Connection(asyncio.Protocol):
    """Reads requests off one connection, one after the other, and writes what `respond` says."""

    def __init__(self, respond: Respond, connections: set["Connection"]) -> None:
        self.respond = respond
        self.connections = connections
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.invited = False
        """The client was told to go on and send the body that it announced."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, so that an outage can cut it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget the connection."""
        self.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self.buffer += data
        while self.transport and not self.transport.is_closing() and (request := self.next_request()):
            answer = self.respond(request)
            lines = [f"HTTP/1.1 {answer.status} {'OK' if answer.status < 300 else 'Refused'}"]
            lines += [f"{name}: {value}" for name, value in answer.headers]
            body = b"" if request.method == "HEAD" else answer.body
            if request.method != "HEAD":
                lines.append(f"content-length: {len(body)}")
            self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def next_request(self) -> Request | None:
        """Take one whole request out of the buffer; `None` while it is not there yet."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        start, length = end + 4, int(headers.get("content-length", 0))
        if len(self.buffer) < start + length:
            if "expect" in headers and not self.invited and self.transport:
                self.invited = True
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        self.invited = False
        body = bytes(self.buffer[start : start + length])
        del self.buffer[: start + length]
        method, target, _ = first.split(" ", 2)
        return Request(method, target, headers, body)


def environ(request: Request, port: int) -> Environ:
    """The request as WSGI hands it to an application."""
    path, _, query = request.target.partition("?")
    made: Environ = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": unquote(path, "latin-1"), "QUERY_STRING": query,
        "RAW_URI": request.target, "REQUEST_URI": request.target, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False, "CONTENT_LENGTH": str(len(request.body)),
    }  # fmt: skip
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        made[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return made


def call(application: Callable[[Environ, Any], Iterable[bytes]], made: Environ) -> Answer:
    """What a WSGI application answers, whole."""
    started: list[Any] = []
    chunks = application(made, lambda status, headers, _exc=None: started.extend((status, headers)))
    body = b"".join(chunks)
    if (close := getattr(chunks, "close", None)) is not None:
        close()
    status, headers = started
    dropped = {"content-length", "connection", "server", "date", "transfer-encoding", "access-control-allow-origin"}
    return Answer(int(status.split(" ", 1)[0]), [(n, v) for n, v in headers if n.lower() not in dropped], body)


class Kept(NamedTuple):
    """One answer that was kept."""

    service: str
    operation: str
    answer: Answer
    timed: bool


class Memory:
    """Answers to reading requests, by account, each kept until something that it may rest on changes.

    A write changes all that its account is told, and one in the organisation's own account what every account is told; a tick of the
    clock only answers that hold times that pass by themselves (`timed`). Refusals are never kept.
    """

    def __init__(self, organization: str) -> None:
        self.organization = organization
        self.kept: dict[str, dict[tuple[Any, ...], Kept]] = {}

    def recall(self, account: str, key: tuple[Any, ...]) -> Kept | None:
        """The kept answer, if there is one."""
        return self.kept.get(account, {}).get(key)

    def keep(self, account: str, key: tuple[Any, ...], kept: Kept) -> None:
        """Remember an answer."""
        if kept.answer.status < 400:
            self.kept.setdefault(account, {})[key] = kept

    def written(self, account: str) -> None:
        """Something in an account has changed."""
        if account == self.organization:
            self.kept.clear()
        self.kept.pop(account, None)

    def ticked(self) -> None:
        """The cloud's clock has moved."""
        for account, kept in self.kept.items():
            self.kept[account] = {key: one for key, one in kept.items() if not one.timed}
