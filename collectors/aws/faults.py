"""What went wrong in one exchange: the reason that a gap gives, and whether asking again may help."""

import re
from enum import Enum, auto
from typing import Any, NamedTuple

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    EndpointProviderError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    ProxyConnectionError,
    SSLError,
    UnknownEndpointError,
    UnknownServiceError,
)
from botocore.parsers import ResponseParserError

from collectors.gap import Reason


class Again(Enum):
    """Whether asking once more may help."""

    NO = auto()
    PAUSE = auto()
    """After a pause."""
    RENEW = auto()
    """With new credentials."""


class Fault(NamedTuple):
    """One failed exchange."""

    reason: Reason
    detail: str
    """The provider's error code, or the kind of our client's error."""
    again: Again = Again.NO
    unconnected: bool = False
    """No connection came about: the host itself may be dark."""


DARK = Fault(Reason.UNREACHABLE, "no answer earlier in this sweep")
"""The host is left alone for the rest of the sweep; nothing was sent."""
LACKING = Fault(Reason.UNSUPPORTED, "no endpoint in the region")
"""Nobody answers, and nobody is expected to: the partition or the region does not have the service."""
DENIED = frozenset({
    "AccessDenied", "AccessDeniedException", "AccessDeniedForDependencyException", "AllAccessDisabled", "AuthFailure",
    "AuthorizationError", "Forbidden", "403", "InvalidClientTokenId", "NotAuthorized", "SignatureDoesNotMatch", "UnauthorizedAccess",
    "UnauthorizedOperation", "UnrecognizedClientException", "InvalidAccessKeyId",
})  # fmt: skip
THROTTLED = frozenset({
    "BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete", "ProvisionedThroughputExceededException",
    "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling",
    "ThrottlingException", "TooManyRequestsException", "429",
})  # fmt: skip
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
UNSUPPORTED = frozenset({
    "InvalidAction", "NotImplemented", "OptInRequired", "SubscriptionRequiredException", "UnknownOperationException",
    "UnsupportedOperation", "UnsupportedOperationException",
})  # fmt: skip
NOT_READY = frozenset({"ReportInProgress"})
"""The provider is still making what was asked for."""


class UnreadableRoots(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """`AWS_CA_BUNDLE` (or `REQUESTS_CA_BUNDLE`) names something that holds no certificates."""

    fmt = "the CA bundle cannot be read"


_CODE = re.compile(r"[\w.:-]{1,100}")
ORGANIZATIONS = re.compile(r"explicit deny in a (?:service|resource) control policy")
"""What a refusal's message says where the organisation's policies refuse, not those of our role (IAM user guide, "Troubleshoot access
denied error messages")."""
DISGUISED = (("Macie is not enabled", "NotEnabled"),)
"""What a refusal's message says where its code says only that there is one -> our code for it. Macie answers so where it is off."""


_OURS: tuple[tuple[tuple[type[Exception], ...], Fault], ...] = (
    ((SSLError,), Fault(Reason.UNREACHABLE, "", unconnected=True)),
    (
        (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError),
        Fault(Reason.UNREACHABLE, "", Again.PAUSE, unconnected=True),
    ),
    ((HTTPClientError,), Fault(Reason.UNREACHABLE, "", Again.PAUSE)),
    ((ResponseParserError,), Fault(Reason.MALFORMED, "")),
    ((NoCredentialsError, CredentialRetrievalError), Fault(Reason.NO_ROLE, "")),
    ((EndpointProviderError, NoRegionError, UnknownEndpointError, UnknownServiceError), Fault(Reason.UNSUPPORTED, "")),
    ((BotoCoreError,), Fault(Reason.FAILED, "")),
)
"""Errors of our own side, the first that fits; an empty detail is filled with the error's kind."""


def fault(error: Exception) -> Fault | None:
    """What an exchange's error means; `None` for one that is a bug of ours and must be raised."""
    if isinstance(error, ClientError):
        found = _answered(code(error), int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)))
        withheld = found.reason is Reason.DENIED and ORGANIZATIONS.search(_message(error))
        return found._replace(reason=Reason.WITHHELD) if withheld else found
    if isinstance(error, ParamValidationError):
        return None
    ours = next((known for kinds, known in _OURS if isinstance(error, kinds)), None)
    return ours._replace(detail=ours.detail or type(error).__name__) if ours else None


def pending(operation: str, answer: dict[str, Any]) -> Fault | None:
    """An answer that says only that the real one is being made; asked again, it will be there."""
    if operation == "iam.GenerateCredentialReport" and answer.get("State") in {"STARTED", "INPROGRESS"}:
        return Fault(Reason.FAILED, "ReportInProgress", Again.PAUSE)
    return None


def code(error: ClientError) -> str:
    """The provider's error code, if it is one: never a message with its ids."""
    given = str(error.response.get("Error", {}).get("Code", ""))
    if given in DENIED:
        given = next((ours for phrase, ours in DISGUISED if phrase in _message(error)), given)
    return given if _CODE.fullmatch(given) else "no error code"


def _message(error: ClientError) -> str:
    """The provider's message, to be looked at and not kept."""
    return str(error.response.get("Error", {}).get("Message", ""))


_CODES = (
    (THROTTLED, Reason.THROTTLED, Again.PAUSE),
    (NOT_READY, Reason.FAILED, Again.PAUSE),
    (EXPIRED, Reason.EXPIRED, Again.RENEW),
    (DENIED, Reason.DENIED, Again.NO),
    (UNSUPPORTED, Reason.UNSUPPORTED, Again.NO),
)


def _answered(given: str, status: int) -> Fault:
    for codes, reason, again in _CODES:
        if given in codes:
            return Fault(reason, given, again)
    if status == 429:
        return Fault(Reason.THROTTLED, given, Again.PAUSE)
    return Fault(Reason.FAILED, given, Again.PAUSE if status >= 500 else Again.NO)
