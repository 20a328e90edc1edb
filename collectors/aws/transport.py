"""One TLS context and one connection pool for every client.

botocore makes a session per client, and urllib3 loads the CA bundle into each new connection's context: 17 to 28 ms of CPU per
connection on OpenSSL 3.0 (boto/botocore#3171). Loaded once, a new connection costs 2.4 ms.
"""

import os
import socket
import ssl
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session, create_urllib3_context, get_cert_path
from botocore.utils import get_environ_proxies

from collectors.aws.faults import UnreadableRoots

CONNECT_TIMEOUT = 4.0
READ_TIMEOUT = 20.0
_HOSTS = 4096
"""Pools kept: services times regions, so that no host is evicted."""


class SharedTransport(URLLib3Session):  # type: ignore[misc]  # botocore has no types
    """botocore's HTTP session, with the trusted roots loaded once. Raises `UnreadableRoots`."""

    def __init__(self, *, ca_bundle: str | None, proxied: str, connections: int) -> None:
        self._context: ssl.SSLContext = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
        verify = ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE") or True
        try:
            self._context.load_verify_locations(**_roots(get_cert_path(verify)))
        except OSError as error:
            raise UnreadableRoots from error
        super().__init__(
            verify=verify,
            proxies=get_environ_proxies(proxied),
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
            max_pool_connections=connections,
            socket_options=[
                (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ],  # as botocore's clients: else each request waits 40 ms
        )

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """As botocore's, which takes an answer that ends too early for a whole one. Raises `ConnectionClosedError` for such."""
        response = super().send(request)
        promised = response.headers.get("content-length", "")
        if promised.isdigit() and request.method != "HEAD" and len(response.content) < int(promised):
            raise ConnectionClosedError(endpoint_url=request.url)
        return response

    def _get_ssl_context(self) -> ssl.SSLContext:
        return self._context

    def _setup_ssl_cert(self, conn: Any, url: str, verify: Any) -> None:  # noqa: ARG002 - botocore's signature
        conn.cert_reqs, conn.ca_certs = "CERT_REQUIRED", None

    def _get_pool_manager_kwargs(self, **extra: Any) -> dict[str, Any]:
        kept: dict[str, Any] = super()._get_pool_manager_kwargs(**{"num_pools": _HOSTS, **extra})
        return kept


def _roots(path: str) -> dict[str, str]:
    return {"capath": path} if os.path.isdir(path) else {"cafile": path}  # noqa: PTH112 - a path of OpenSSL's
