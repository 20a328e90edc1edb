"""A Cloud Asset Inventory over gRPC on loopback, made of google-cloud-asset's own messages: for the demonstration and for tests.

It gives each listing one read time, filters by parent, by asset types as regular expressions and by content, pages, and goes wrong on
request. What it holds is somebody else's.
"""

import re
import threading
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.cloud.asset_v1.types import Asset, ListAssetsRequest, ListAssetsResponse
from google.protobuf import any_pb2, json_format, timestamp_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from agent.demo.google.trouble import Request, Trouble

CONTENTS = {
    0: "CONTENT_TYPE_UNSPECIFIED", 1: "RESOURCE", 2: "IAM_POLICY", 4: "ORG_POLICY", 5: "ACCESS_POLICY", 6: "OS_INVENTORY",
}  # fmt: skip
FIELDS = {
    "RESOURCE": ("resource",), "IAM_POLICY": ("iamPolicy",), "ORG_POLICY": ("orgPolicy",), "OS_INVENTORY": ("osInventory",),
    "ACCESS_POLICY": ("accessPolicy", "accessLevel", "servicePerimeter"),
}  # fmt: skip
"""Content -> the fields that are it."""
ALWAYS = ("name", "assetType", "ancestors", "updateTime")
READ_TIME = 1_794_000_000
"""2026-11-06T21:20:00Z"""


@dataclass(kw_only=True)
class FakeInventory:
    """The server. `assets` is what it holds, as REST words it; `aliases` gives project ids their resource names."""

    assets: Callable[[], list[dict[str, Any]]]
    aliases: dict[str, str] = field(default_factory=dict)
    page_size: int = 3
    """Assets per page at most, whatever is asked for."""
    read_time: int = READ_TIME
    """What its answers are true to: seconds since the epoch."""
    requests: list[Request] = field(default_factory=list)
    _troubles: list[Trouble] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: Any = None
    port: int = 0

    def start(self, tls: grpc.ServerCredentials | None = None) -> "FakeInventory":
        """Listen on a free port of loopback, with TLS if a certificate is given."""
        handler = grpc.method_handlers_generic_handler(
            "google.cloud.asset.v1.AssetService",
            {
                "ListAssets": grpc.unary_unary_rpc_method_handler(
                    self._answer, ListAssetsRequest.pb().FromString, lambda answer: answer
                )
            },
        )
        self._server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.max_send_message_length", -1)])
        self._server.add_generic_rpc_handlers((handler,))
        here = "127.0.0.1:0"
        self.port = self._server.add_secure_port(here, tls) if tls else self._server.add_insecure_port(here)
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop(None).wait()

    @property
    def url(self) -> str:
        """What the endpoint override is set to."""
        return f"http://127.0.0.1:{self.port}"

    def listings(self) -> set[tuple[str, str]]:
        """Every asset type and content that was asked for."""
        return {(request.asset_type, request.content) for request in self.requests}

    def trouble(
        self, asset_type: str = "*", content: str = "*", code: grpc.StatusCode | None = None,
        change: Callable[[Any], bytes] | None = None, reason: str = "", after: int = 0, times: int = 1 << 30,
    ) -> None:  # fmt: skip
        """Let listings go wrong; the latest trouble strikes first."""
        with self._lock:
            self._troubles.insert(
                0,
                Trouble(
                    asset_type=asset_type, content=content, code=code, change=change, reason=reason, after=after, times=times
                ),
            )  # fmt: skip

    def deny(self, asset_type: str = "*", content: str = "*") -> None:
        """Refuse listings."""
        self.trouble(asset_type, content, grpc.StatusCode.PERMISSION_DENIED)

    def untroubled(self) -> None:
        """No trouble any more."""
        with self._lock:
            self._troubles.clear()

    def calm(self) -> None:
        """No trouble any more, small pages, and nothing asked yet."""
        self.page_size = 3
        self.untroubled()
        self.requests.clear()

    def _answer(self, message: Any, context: grpc.ServicerContext) -> bytes:
        request = Request(
            parent=message.parent, asset_type=message.asset_types[0] if message.asset_types else "",
            content=CONTENTS[message.content_type], token=message.page_token, page_size=message.page_size,
            metadata={key: str(value) for key, value in context.invocation_metadata()},
        )  # fmt: skip
        with self._lock:
            self.requests.append(request)
            struck = next((trouble for trouble in self._troubles if trouble.strikes(request)), None)
        if struck is not None and struck.code is not None:
            _abort(context, struck)
        page = self._page(request)
        if struck is not None and struck.change is not None:
            return struck.change(page)
        return bytes(page.SerializeToString())

    def _page(self, request: Request) -> Any:
        fitting = [asset for asset in self.assets() if self._fits(asset, request)]
        start = int(request.token or 0)
        end = start + min(request.page_size or 100, self.page_size)
        page = ListAssetsResponse.pb()(
            read_time=timestamp_pb2.Timestamp(seconds=self.read_time),
            next_page_token=str(end) if end < len(fitting) else "",
        )
        for asset in fitting[start:end]:
            kept = {key: value for key, value in asset.items() if key in {*ALWAYS, *FIELDS.get(request.content, ())}}
            page.assets.append(json_format.ParseDict(kept, Asset.pb()()))
        return page

    def _fits(self, asset: dict[str, Any], request: Request) -> bool:
        parent = self.aliases.get(request.parent, request.parent)
        wanted = FIELDS.get(request.content)
        return (
            parent in asset["ancestors"]
            and (wanted is None or any(one in asset for one in wanted))
            and (not request.asset_type or re.fullmatch(request.asset_type, asset["assetType"]) is not None)
        )


def _abort(context: grpc.ServicerContext, trouble: Trouble) -> None:
    assert trouble.code is not None
    if trouble.reason:
        detail = any_pb2.Any()
        detail.Pack(ErrorInfo(reason=trouble.reason, domain="googleapis.com"))
        status = Status(code=trouble.code.value[0], message="no", details=[detail])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(trouble.code, "no: projects/900000000001 of somebody@corp.example")
