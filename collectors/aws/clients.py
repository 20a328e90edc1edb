"""One botocore client per service for every account and region.

Credentials come from the request's own context, the region through botocore's `before-endpoint-resolution` hook. Clients of this
shape are 18 times faster than one each, and rest on one private attribute (`_endpoint`) and one undocumented hook of botocore,
which is therefore pinned exactly and held against dedicated clients by a test.
"""

import re
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import botocore.session
import msgspec
from botocore import xform_name
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp

from collectors.aws.caller import CALLER, TRACE, Caller, CallerCredentials, Trace
from collectors.aws.guard import DarkHosts, guard
from collectors.aws.models import models
from collectors.aws.places import GLOBAL_SERVICES, HOMES, host_of, is_provider_host, partition_of
from collectors.aws.transport import CONNECT_TIMEOUT, READ_TIMEOUT, SharedTransport

_ACCOUNT_PREFIX = re.compile(r"(?<=://)\d{12}\.")


class Clients:
    """Every AWS client of a sweep, made when first needed. `close` ends their connections."""

    def __init__(self, *, connections: int = 64, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = botocore.session.Session()
        self._session.register_component("data_loader", models())
        self._session.register_component("credential_provider", _CallerProvider())
        self._session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_instant)
        self._connections = connections
        self._clients: dict[str, Any] = {}
        self._transport: SharedTransport | None = None
        self._hosts: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()
        self.dark = DarkHosts(clock)

    def send(self, caller: Caller, operation: str, parameters: dict[str, Any], trace: Trace) -> dict[str, Any]:
        """One HTTP exchange, in a context of its own. Raises botocore's errors, `MixedCallers` and `DarkHost`."""
        service, _, name = operation.partition(".")
        call = getattr(self.client(service), xform_name(name))
        try:
            return copy_context().run(_exchange, caller, trace, call, parameters)
        finally:
            self._hosts[service, caller.region] = trace.host

    def is_dark(self, operation: str, region: str) -> bool:
        """The host that last stood for the operation's service in that region is left alone."""
        return (self._hosts.get((operation.partition(".")[0], region), ""), region) in self.dark

    def lacks(self, operation: str, region: str) -> bool:
        """botocore knows of no endpoint of the operation's service there. It may be behind the times: ask first."""
        service = operation.partition(".")[0]
        if service in GLOBAL_SERVICES:
            return False
        with self._lock:
            return region not in self._session.get_available_regions(service, partition_of(region))

    def client(self, service: str) -> Any:
        """The one client of a service, by boto3's name of it."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._made(service)
            return self._clients[service]

    def paging(self, operation: str) -> dict[str, Any] | None:
        """How botocore's paginators.json pages an operation; `None` if it has one page."""
        service, _, name = operation.partition(".")
        try:
            found: dict[str, Any] = self._session.get_paginator_model(service).get_paginator(name)
        except (ValueError, botocore.exceptions.UnknownServiceError):
            return None
        return found

    def close(self) -> None:
        """End the pooled connections."""
        if self._transport is not None:
            self._transport.close()

    def _made(self, service: str) -> Any:
        client = self._session.create_client(service, region_name=HOMES["aws"], config=_config())
        if self._transport is None:
            bundle = self._session.get_config_variable("ca_bundle")
            self._transport = SharedTransport(
                ca_bundle=bundle, proxied=client.meta.endpoint_url, connections=self._connections
            )
        client._endpoint.http_session.close()  # noqa: SLF001 - ADR 0002
        client._endpoint.http_session = self._transport  # noqa: SLF001 - ADR 0002
        self._hook(client, client.meta.events)
        return client

    def _hook(self, client: Any, events: Any) -> None:
        host = host_of(client.meta.endpoint_url)
        configured = None if is_provider_host(host) else host
        events.register_first("before-endpoint-resolution.*", _region)
        events.register_last("before-send.*", partial(guard, configured=configured, dark=self.dark))
        events.register("before-parse.*", _shaped)
        if configured:
            events.register_first("before-sign.s3-control.*", _without_account)


class _CallerProvider:
    """Stands where botocore looks for its credential chain."""

    def load_credentials(self) -> CallerCredentials:
        return CallerCredentials()


def _instant(value: Any) -> datetime:
    """A point in time in UTC, whatever the time zone of the machine that reads it: botocore gives some in local time."""
    found: datetime = parse_timestamp(value)
    return found.astimezone(UTC)


def agent_name() -> str:
    """How requests name us in user agents."""
    try:
        return f"starcadence/{version('starcadence')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "starcadence/source"


def _config() -> Config:
    return Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        s3={"addressing_style": "path"},
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        # The whole of it, once: what botocore would say of the machine besides is built anew for each request, a tenth of its CPU.
        user_agent=f"Botocore/{botocore.__version__} {agent_name()}",
    )


def _exchange(caller: Caller, trace: Trace, call: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    CALLER.set(caller)
    TRACE.set(trace)
    try:
        answer: dict[str, Any] = call(**parameters)
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:  # how botocore's parsers break on another type than documented
        raise ResponseParserError(type(error).__name__) from error
    return answer


def _region(builtins: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Resolve and sign for the caller's region, by its regional endpoint, and never follow S3 to another one."""
    region = CALLER.get().region
    builtins["AWS::Region"] = region
    for name in ("AWS::STS::UseGlobalEndpoint", "AWS::S3::UseGlobalEndpoint"):
        if name in builtins:
            builtins[name] = False
    context.setdefault("signing", {})["region"] = region
    context.setdefault("s3_redirect", {})["redirected"] = True


def _without_account(request: AWSRequest, **_: Any) -> None:
    """S3 control puts the account before the host, which a local endpoint cannot resolve; it is in a header too."""
    request.url = _ACCOUNT_PREFIX.sub("", request.url)


def _shaped(response_dict: dict[str, Any], operation_model: OperationModel, **_: Any) -> None:
    """Refuse a success whose body is not a document of the protocol: botocore would take it for an answer that says nothing."""
    protocol = operation_model.service_model.resolved_protocol
    reads = _DOCUMENTS.get(protocol)
    if (
        response_dict["status_code"] < 300
        and reads
        and _has_document(operation_model)
        and not reads(response_dict["body"])
    ):
        raise ResponseParserError(f"the answer to {operation_model.name} is not {protocol}")


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(body), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _is_markup(body: bytes) -> bool:
    return body.lstrip().startswith(b"<") and not body.lstrip()[:5].lower().startswith((b"<html", b"<!doc"))


_DOCUMENTS: dict[str, Callable[[bytes], bool]] = {
    "json": _is_object, "rest-json": _is_object, "query": _is_markup, "ec2": _is_markup, "rest-xml": _is_markup,
}  # fmt: skip
"""Whether a body can be a document of the protocol."""


def _has_document(model: OperationModel) -> bool:
    """The answer's members stand in its body, as a document of the protocol."""
    shape = model.output_shape
    if shape is None:
        return False
    payload = shape.serialization.get("payload")
    if payload:
        return bool(shape.members[payload].type_name == "structure")
    return any("location" not in member.serialization for member in shape.members.values())
