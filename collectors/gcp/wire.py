"""One page of `ListAssets` over gRPC, as the protocol buffer that came: one channel, our own rates and retries.

The client library's generated stub would wrap every message (proto-plus: twenty times the time) and its retry leaves out 429, so the
method is called on the channel itself, with the library's own message types.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from collectors.gap import Reason
from collectors.gcp.faults import NOBODY, Fault, fault
from collectors.gcp.places import endpoint
from collectors.gcp.rates import Rates
from collectors.gcp.scope import Scope
from collectors.notes import Failure
from collectors.sighting import Call

OPERATION = "cloudasset.ListAssets"
METHOD = "/google.cloud.asset.v1.AssetService/ListAssets"
CONTENTS = {
    "RESOURCE": 1,
    "IAM_POLICY": 2,
    "ORG_POLICY": 4,
    "ACCESS_POLICY": 5,
    "OS_INVENTORY": 6,
    "CONTENT_TYPE_UNSPECIFIED": 0,
}
PAGE_SIZE = 1000
"""The most that Asset Inventory gives."""
TIMEOUT = 120.0
"""Seconds for one page: an organisation's first page of a large type may take half a minute."""
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
"""The one OAuth scope that Asset Inventory takes; what may be done is the role's to say."""


class Reply(NamedTuple):
    """One page, or why there is none."""

    page: Any
    """A `google.cloud.asset.v1.ListAssetsResponse` as protobuf has it; `None` without an answer."""
    calls: tuple[Call, ...]
    """Every try."""
    failure: Failure | None


class Nobody(Exception):
    """There is nobody to ask as."""


class Wire:
    """The channel of one sweep. `reason` goes with every request into the provider's own audit log."""

    def __init__(self, scope: Scope, rates: Rates, *, reason: str) -> None:
        self._scope = scope
        self._rates = rates
        self._reason = reason
        self._lock = threading.Lock()
        self._channel: Any = None
        self._ask: Callable[..., Any] | None = None
        self.host = endpoint()[0]
        self.project: str | None = None
        """The project of the ambient credentials, once `ready` was asked."""

    def ready(self) -> Failure | None:
        """Open the channel if it is not; why it cannot be."""
        try:
            self._opened()
        except Nobody:
            return Failure(operation=OPERATION, reason=Reason.NO_ROLE, detail=NOBODY)
        return None

    def page(self, parent: str, asset_type: str, content: str, token: str) -> Reply:
        """One page of the assets of a type under an organisation, folder or project; an empty type asks for all."""
        import grpc
        from google.cloud.asset_v1.types import ListAssetsRequest

        try:
            ask = self._opened()
        except Nobody:
            return Reply(None, (), Failure(operation=OPERATION, reason=Reason.NO_ROLE, detail=NOBODY))
        request = ListAssetsRequest.pb()(
            parent=parent, asset_types=[asset_type] if asset_type else [], content_type=CONTENTS[content],
            page_size=PAGE_SIZE, page_token=token,
        )  # fmt: skip
        calls: list[Call] = []
        while True:
            self._rates.wait()
            try:
                page = ask(request, timeout=TIMEOUT, metadata=self._metadata(parent))
            except grpc.RpcError as error:
                found = fault(error)
                calls.append(self._call("", found.status))
                if not (found.again and self._rates.pause(len(calls))):
                    return Reply(None, tuple(calls), _failure(found, asset_type, content))
            else:
                calls.append(self._call(_instant(page), 200))
                return Reply(page, tuple(calls), None)

    def close(self) -> None:
        """End the connection."""
        if self._channel is not None:
            self._channel.close()

    def _opened(self) -> Callable[..., Any]:
        """The method on the one channel. Raises `Nobody`."""
        from google.cloud.asset_v1.types import ListAssetsRequest, ListAssetsResponse

        with self._lock:
            if self._ask is None:
                self._channel = self._open()
                self._ask = self._channel.unary_unary(
                    METHOD,
                    request_serializer=ListAssetsRequest.pb().SerializeToString,
                    response_deserializer=ListAssetsResponse.pb().FromString,
                )
            return self._ask

    def _open(self) -> Any:
        import grpc

        host, secure = endpoint()
        options = [("grpc.max_receive_message_length", -1)]  # a page of a thousand assets may be large
        if not secure:  # on the machine itself: no credentials are sent in the clear
            return grpc.insecure_channel(host, options=options)
        import google.auth.exceptions
        from google.auth.transport.grpc import secure_authorized_channel
        from google.auth.transport.requests import Request

        try:
            credentials, self.project = google.auth.default(scopes=[SCOPE], quota_project_id=self._scope.quota_project)
        except google.auth.exceptions.DefaultCredentialsError:
            raise Nobody from None
        if self._scope.impersonate:
            credentials = _impersonated(self._scope.impersonate, self._scope.quota_project)
        target = host if ":" in host else f"{host}:443"
        return secure_authorized_channel(credentials, Request(), target, options=options)  # type: ignore[no-untyped-call]

    def _metadata(self, parent: str) -> tuple[tuple[str, str], ...]:
        quota = self._scope.quota_project
        named = (("x-goog-user-project", quota),) if quota else ()
        return ("x-goog-request-params", f"parent={parent}"), ("x-goog-request-reason", self._reason), *named

    def _call(self, date: str, status: int) -> Call:
        return Call(operation=OPERATION, subject="", host=self.host, request_id="", date=date, status=status)


def _impersonated(account: str, quota: str | None) -> Any:
    """Credentials of a service account that the ambient identity may impersonate."""
    import google.auth
    from google.auth import impersonated_credentials

    source, _ = google.auth.default(scopes=[SCOPE])
    return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
        source_credentials=source, target_principal=account, target_scopes=[SCOPE], quota_project_id=quota
    )


def _failure(found: Fault, asset_type: str, content: str) -> Failure:
    return Failure(
        operation=OPERATION, reason=found.reason, detail=f"{found.detail}: {content} of {asset_type or 'all types'}"
    )


def _instant(page: Any) -> str:
    """The page's read time, to which its contents are true."""
    return str(page.read_time.ToJsonString()) if page.HasField("read_time") else ""
