"""The last look at a request before it leaves: is it this cell's, and is there anybody at the other end?"""

import re
import threading
import time
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from collectors.aws.caller import CALLER, TRACE, Caller
from collectors.aws.places import host_of, is_endpoint

_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_ACCOUNT_LABEL = re.compile(r"(\d{12})\.")
_DARK_AFTER = {True: 2, False: 6}
"""Failures in a row after which a host is left alone: connections that did not come about, and those that were never answered."""
_AGAIN_AFTER = 300.0
"""Seconds after which it is tried again."""
Place = tuple[str, str]
"""A host, and the region that was asked for there, which tells silences apart where an endpoint of the operator's own serves all regions;
empty for connections."""


class MixedCallers(RuntimeError):
    """A request was about to leave with another cell's keys, region or host. A bug of ours; nothing was sent."""


class DarkHost(ConnectionError):
    """The host did not answer before in this sweep; nothing was sent."""


class DarkHosts:
    """Hosts that do not answer: remembered, so that a dead or hanging endpoint costs a sweep minutes and not hours.

    After a while they are tried again, so that a short outage of ours does not cost it the rest.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[Place, int] = {}
        self._since: dict[Place, float] = {}
        self._lock = threading.Lock()

    def __contains__(self, place: Place) -> bool:
        host, region = place
        return self._is_dark((host, "")) or self._is_dark((host, region))

    def failed(self, host: str, region: str = "") -> None:
        """No connection came about, or, in a region, no answer."""
        with self._lock:
            self._failed[host, region] = self._failed.get((host, region), 0) + 1
            self._since[host, region] = self._clock()

    def answered(self, host: str, region: str) -> None:
        """It answered something."""
        for place in ((host, ""), (host, region)):
            if place in self._failed:
                with self._lock:
                    self._failed.pop(place, None)

    def _is_dark(self, place: Place) -> bool:
        limit = _DARK_AFTER[place[1] == ""]
        if self._failed.get(place, 0) < limit:
            return False
        with self._lock:
            if self._clock() - self._since[place] < _AGAIN_AFTER:
                return True
            self._failed[place] = limit - 1  # one more failure, and it is dark again
            return False


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
    if (host, region) in dark:
        raise DarkHost(host)


def _own(host: str, caller: Caller, service: str) -> bool:
    """One of AWS's endpoints for the caller's region; where the host names an account, the caller's."""
    label = _ACCOUNT_LABEL.match(host)
    return is_endpoint(host, region=caller.region, service=service) and (label is None or label[1] == caller.account)


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header
