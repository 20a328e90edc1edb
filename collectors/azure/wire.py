"""One question and its answer, through azure-core's own pipeline: rated, asked again where that may help, accounted for.

The pipeline is a short one: azure-core's retries and JSON decoding are left out, since both are done here (its decoding of a page of
Resource Graph costs seven times ours).
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal

from collectors.azure.faults import Fault, answered, broken
from collectors.azure.places import Place, host_of, is_plain
from collectors.azure.rates import Rates
from collectors.azure.scope import Scope
from collectors.gap import Reason
from collectors.notes import Failure
from collectors.sighting import Call

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

CONNECT_TIMEOUT = 4.0
READ_TIMEOUT = 60.0
"""Seconds; a page of Resource Graph may take long."""
BLOCK = 1 << 16
"""Bytes that are read of an answer at once."""
LARGEST = 64 << 20
"""Bytes of one answer; a page of a thousand rows has about one and a half million."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One HTTP request."""

    operation: str
    service: Literal["manager", "directory"]
    url: str
    bucket: str
    body: bytes | None = None
    """Of a query; without one it is a GET."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came of one question: a body or a failure, and every exchange that it took."""

    body: bytes
    failure: Failure | None
    headers: Mapping[str, str]
    """Lower-case names."""
    calls: tuple[Call, ...]


class Wire:
    """Puts questions to Azure. Shared by all cells and threads of a sweep."""

    def __init__(self, scope: Scope, place: Place, rates: Rates, *, connections: int) -> None:
        self.place = place
        self._scope = scope
        self._rates = rates
        self._connections = connections
        self._lock = threading.RLock()

    def read(self, question: Question) -> Reply:
        """Ask once, or until it is clear that there will be no answer. Raises only for bugs of ours."""
        calls: list[Call] = []
        attempt = 1
        while True:
            self._rates.wait(question.bucket)
            outcome = self._once(question, calls)
            if isinstance(outcome, Reply):
                return outcome
            fault, headers = outcome
            silent = fault.reason is Reason.UNREACHABLE
            if not fault.again or not self._rates.pause(question.bucket, attempt, headers, silent=silent):
                failure = Failure(operation=question.operation, reason=fault.reason, detail=fault.detail)
                return Reply(body=b"", failure=failure, headers=headers, calls=tuple(calls))
            attempt += 1

    def close(self) -> None:
        """End the connections."""
        for name in ("_manager", "_directory", "_transport"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def _once(self, question: Question, calls: list[Call]) -> Reply | tuple[Fault, Mapping[str, str]]:
        try:
            response = self._send(question)
            body = response.read()
        except Exception as error:
            fault = broken(error)
            if fault is None:
                raise
            if fault.reason is not Reason.NO_ROLE:
                calls.append(_call(question, {}, 0))
            return fault, {}
        headers = {name.lower(): value for name, value in response.headers.items()}
        calls.append(_call(question, headers, response.status_code))
        self._rates.heard(question.bucket, headers)
        if response.status_code != 200:
            return answered(response.status_code, body), headers
        if len(body) > LARGEST:
            return Fault(Reason.MALFORMED, "an answer beyond all measure"), headers
        return Reply(body=body, failure=None, headers=headers, calls=tuple(calls))

    def _send(self, question: Question) -> Any:
        from azure.core.rest import HttpRequest

        headers = {"Accept": "application/json"}
        if question.body is None:
            request = HttpRequest("GET", question.url, headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            request = HttpRequest("POST", question.url, headers=headers, content=question.body)
        with self._lock:  # made once, by whoever comes first
            client = self._manager if question.service == "manager" else self._directory
        # read as a stream: otherwise requests, and azure-core once more, take the body apart in pieces of a few kilobytes
        return client.send_request(request, stream=True, enforce_https=not is_plain(self.place))

    @cached_property
    def _credential(self) -> "TokenCredential":
        from collectors.azure.credentials import credential

        return credential(self._scope, self.place)

    @cached_property
    def _manager(self) -> Any:
        from azure.mgmt.resource.resources import ResourceManagementClient

        return ResourceManagementClient(
            self._credential, "", base_url=self.place.manager, credential_scopes=[self.place.manager_scope],
            policies=self._policies(self.place.manager_scope), transport=self._transport,
        )  # fmt: skip

    @cached_property
    def _directory(self) -> Any:
        from azure.core import PipelineClient

        return PipelineClient(
            self.place.directory, policies=self._policies(self.place.directory_scope), transport=self._transport
        )

    def _policies(self, scope: str) -> list[Any]:
        from azure.core.pipeline import policies

        return [
            policies.UserAgentPolicy(user_agent=agent_name(), user_agent_overwrite=True),
            policies.ProxyPolicy(),
            policies.BearerTokenCredentialPolicy(self._credential, scope),
        ]

    @cached_property
    def _transport(self) -> Any:
        """One for both services, with connections enough that no thread opens one for a single call."""
        from azure.core.pipeline.transport import RequestsTransport

        from collectors.azure.connections import Connections

        return RequestsTransport(
            session=Connections(self._connections),
            connection_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            connection_data_block_size=BLOCK,
        )


def agent_name() -> str:
    """How requests name us in user agents."""
    try:
        return f"starcadence/{version('starcadence')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "starcadence/source"


def _call(question: Question, headers: Mapping[str, str], status: int) -> Call:
    request_id = headers.get("x-ms-request-id") or headers.get("request-id", "")
    return Call(
        operation=question.operation, subject="", host=host_of(question.url), request_id=request_id,
        date=headers.get("date", ""), status=status,
    )  # fmt: skip
