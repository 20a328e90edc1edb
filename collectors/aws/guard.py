"""The last look at a request before it leaves: is it this cell's, and is there anybody at the other end?"""

import re
import threading
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from collectors.aws.caller import CALLER, TRACE, Caller
from collectors.aws.places import host_of, is_endpoint

_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_ACCOUNT_LABEL = re.compile(r"(\d{12})\.")
_DARK_AFTER = 2
"""Failed connections, without a good one between them, after which a host is left alone."""


class MixedCallers(RuntimeError):
    """A request was about to leave with another cell's keys, region or host. A bug of ours; nothing was sent."""


class DarkHost(ConnectionError):
    """The host could not be connected to before in this sweep; nothing was sent."""


class DarkHosts:
    """Hosts that cannot be connected to: remembered, so that a dead endpoint costs a sweep seconds and not hours."""

    def __init__(self) -> None:
        self._failed: dict[str, int] = {}
        self._lock = threading.Lock()

    def __contains__(self, host: object) -> bool:
        return self._failed.get(str(host), 0) >= _DARK_AFTER

    def failed(self, host: str) -> None:
        """A connection to the host was refused or timed out, or its name does not resolve."""
        with self._lock:
            self._failed[host] = self._failed.get(host, 0) + 1

    def answered(self, host: str) -> None:
        """The host answered something."""
        if host in self._failed:
            with self._lock:
                self._failed.pop(host, None)


def guard(request: AWSPreparedRequest, *, configured: str | None, dark: DarkHosts, **_: Any) -> None:
    """Compare keys, credential scope and host with the caller's. `configured` is the host that the operator pointed us to, if any.

    Raises `MixedCallers`, or `DarkHost` for a host that did not answer before.
    """
    caller = CALLER.get()
    host = host_of(request.url)
    TRACE.get().host = host
    scope = _SCOPE.search(_text(request.headers.get("Authorization", "")))
    if scope is None:
        raise MixedCallers("a request without a signature")
    access_key, region, service = scope.groups()
    if (access_key, region) != (caller.credentials.access_key, caller.region):
        raise MixedCallers(f"a request for {region}, or its keys, in a cell of {caller.account} in {caller.region}")
    if not (host == configured if configured else _own(host, caller, service)):
        raise MixedCallers(f"a request to {host} in a cell of {caller.account} in {caller.region}")
    if host in dark:
        raise DarkHost(host)


def _own(host: str, caller: Caller, service: str) -> bool:
    """One of AWS's endpoints for the caller's region; where the host names an account, the caller's."""
    label = _ACCOUNT_LABEL.match(host)
    return is_endpoint(host, region=caller.region, service=service) and (label is None or label[1] == caller.account)


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header
