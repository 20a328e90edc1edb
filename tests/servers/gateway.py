"""Puts and copies of Google's XML API, which obstore speaks, as those of its JSON API, which fake-gcs-server answers.

The condition goes along (`x-goog-if-generation-match` as `ifGenerationMatch`), so that the server itself decides who came first;
everything else passes as it came.
"""

import http.client
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"}


def _translated(method: str, path: str, condition: str | None, copied: str | None) -> tuple[str, str]:
    bucket, _, key = path.partition("?")[0].removeprefix("/").partition("/")
    if method != "PUT" or not key or bucket in {"storage", "upload"}:
        return method, path
    if copied is not None:
        source, _, name = copied.removeprefix("/").partition("/")
        return "POST", f"/storage/v1/b/{source}/o/{_quoted(name)}/rewriteTo/b/{bucket}/o/{_quoted(key)}"
    query = {"uploadType": "media", "name": urllib.parse.unquote(key)}
    if condition is not None:
        query["ifGenerationMatch"] = condition
    return "POST", f"/upload/storage/v1/b/{bucket}/o?{urllib.parse.urlencode(query)}"


def _quoted(key: str) -> str:
    return urllib.parse.quote(urllib.parse.unquote(key), safe="")


class _Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    upstream: int

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        method, path = _translated(
            self.command,
            self.path,
            self.headers.get("x-goog-if-generation-match"),
            self.headers.get("x-goog-copy-source"),
        )
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP | {"host"}}
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=30)
        try:
            connection.request(method, path, body or None, headers | {"Host": self.headers["Host"]})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        if method != self.command and answer.status == 200:
            self.send_header("ETag", '"put"')
        size = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", size or "0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815 (the handler's own names)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def gateway(listen: int, upstream: int) -> Iterator[None]:
    """Stand before a fake-gcs-server."""
    handler = type("Gateway", (_Gateway,), {"upstream": upstream})
    server = ThreadingHTTPServer(("127.0.0.1", listen), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
