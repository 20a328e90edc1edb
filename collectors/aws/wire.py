"""One question and its answer: rated, asked again where that may help, and accounted for exchange by exchange."""

from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from collectors.aws.caller import Caller, Credentials, Trace
from collectors.aws.clients import Clients
from collectors.aws.faults import DARK, LACKING, Again, Fault, fault, pending
from collectors.aws.guard import DarkHost
from collectors.aws.places import GLOBAL_SERVICES, home, partition_of
from collectors.aws.rates import Api, Rates
from collectors.gap import Reason
from collectors.notes import Failure
from collectors.sighting import Call


class Identity(Protocol):
    """Who asks: one account's credentials, renewed when they end."""

    account: str

    def credentials(self) -> Credentials:
        """Keys that hold now. Raises `NoIdentity`."""
        ...

    def renew(self, stale: Credentials) -> bool:
        """Get other keys than these, which have ended. `False` if there is no way to."""
        ...


class NoIdentity(Exception):
    """There are no credentials for the account; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came of one question: an answer or a failure, and every exchange that it took."""

    answer: dict[str, Any] | None
    failure: Failure | None
    calls: tuple[Call, ...]


class Wire:
    """Puts questions to AWS, at most `in_flight` of them at once. Shared by all cells and threads of a sweep."""

    def __init__(self, clients: Clients, rates: Rates, *, in_flight: int = 32) -> None:
        self.clients = clients
        self._rates = rates
        self._turns = BoundedSemaphore(in_flight)

    def read(self, identity: Identity, region: str, operation: str, parameters: dict[str, Any]) -> Reply:
        """Ask once, or until it is clear that there will be no answer. `region` is where; services without regions know better.

        Raises only for bugs of ours: unknown operations, parameters that do not fit, `MixedCallers`.
        """
        service = operation.partition(".")[0]
        if service in GLOBAL_SERVICES:
            region = home(partition_of(region), service)
        asking = _Asking(self.clients, self._rates, self._turns, identity, region, operation, parameters)
        return asking.reply()


class _Asking:
    """One question while it is being asked."""

    def __init__(
        self,
        clients: Clients,
        rates: Rates,
        turns: BoundedSemaphore,
        identity: Identity,
        region: str,
        operation: str,
        parameters: dict[str, Any],
    ) -> None:
        self._clients = clients
        self._rates = rates
        self._turns = turns
        self._identity = identity
        self._region = region
        self._operation = operation
        self._parameters = parameters
        self._api: Api = (identity.account, region, operation)
        self._calls: list[Call] = []

    def reply(self) -> Reply:
        renewed = False
        attempt = 1
        while True:
            try:
                keys = self._identity.credentials()
            except NoIdentity as nobody:
                return self._failed(nobody.failure)
            outcome = self._once(keys)
            if not isinstance(outcome, Fault):
                return Reply(answer=outcome, failure=None, calls=tuple(self._calls))
            if outcome.again is Again.RENEW and not renewed and self._identity.renew(keys):
                renewed = True
                continue
            silent = outcome.reason is Reason.UNREACHABLE
            if outcome.again is not Again.PAUSE or not self._rates.pause(self._api, attempt, silent=silent):
                return self._failed(Failure(operation=self._operation, reason=outcome.reason, detail=outcome.detail))
            attempt += 1

    def _failed(self, failure: Failure) -> Reply:
        return Reply(answer=None, failure=failure, calls=tuple(self._calls))

    def _once(self, keys: Credentials) -> dict[str, Any] | Fault:
        """One exchange, its accounting, and what it says about rate and host."""
        caller = Caller(account=self._identity.account, region=self._region, credentials=keys)
        trace = Trace()
        if self._clients.is_dark(self._operation, self._region):  # not worth a token, nor the signing of a request
            return DARK
        self._rates.wait(self._api)
        try:
            with self._turns:
                answer = self._clients.send(caller, self._operation, self._parameters, trace)
        except DarkHost:
            return DARK
        except (BotoCoreError, ClientError, ResponseParserError) as error:
            found = fault(error)
            if found is None:
                raise
            self._account(trace, (getattr(error, "response", None) or {}).get("ResponseMetadata", {}), found)
            nowhere = isinstance(error, EndpointConnectionError) and self._clients.lacks(self._operation, self._region)
            return LACKING if nowhere else found
        self._account(trace, answer.get("ResponseMetadata", {}), None)
        return pending(self._operation, answer) or answer

    def _account(self, trace: Trace, metadata: dict[str, Any], found: Fault | None) -> None:
        if found is not None and found.reason is Reason.UNREACHABLE:
            self._clients.dark.failed(trace.host, "" if found.unconnected else self._region)
        else:
            self._clients.dark.answered(trace.host, self._region)
        if found is None:
            self._rates.succeeded(self._api)
        elif found.reason is Reason.THROTTLED:
            self._rates.throttled(self._api)
        headers = metadata.get("HTTPHeaders", {})
        if trace.host:
            self._calls.append(Call(
                operation=self._operation, subject="", host=trace.host, request_id=str(metadata.get("RequestId", "")),
                date=str(headers.get("date", "")), status=int(metadata.get("HTTPStatusCode", 0)),
            ))  # fmt: skip
