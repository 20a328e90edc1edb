"""What went wrong in one exchange: the reason that a gap gives, and whether asking again may help."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from collectors.gap import Reason


class Fault(NamedTuple):
    """One failed exchange."""

    reason: Reason
    detail: str
    """The provider's error code, or the kind of our client's error."""
    again: bool = False
    """Asking once more, after a pause, may help."""


NOBODY = "no ambient credentials"
"""As the other clouds say it: `check` names the remedy."""
EXPIRED = frozenset({"ExpiredAuthenticationToken", "TokenExpired"})
UNREADABLE = frozenset({"InvalidSubscriptionId", "SubscriptionNotFound"})
"""How Azure says 404 of a subscription that the caller has no role in."""
UNSUPPORTED = frozenset({
    "DisabledFeature", "DisallowedLogicalTableName", "FeatureNotSupported", "InvalidApiVersionParameter", "InvalidResourceNamespace",
    "InvalidResourceType", "InvalidTable", "MissingSubscriptionRegistration", "NoRegisteredProviderFound", "NotSupported",
    "SubscriptionNotRegistered", "UnsupportedApiVersion", "UnsupportedResourceOperation",
    # Microsoft Graph, where the tenant has not the licence that a report belongs to:
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
})  # fmt: skip
"""The provider, table or version does not exist there: a gap of its own kind, since no permission mends it."""
_CODE = re.compile(r"[\w.:-]{1,100}")
_STATUS_CODE = re.compile(r"AADSTS\d+")


def answered(status: int, body: bytes) -> Fault:
    """What an answer that is an error means."""
    given = code(body)
    if given in UNSUPPORTED:
        return Fault(Reason.UNSUPPORTED, given)
    if given in EXPIRED:
        return Fault(Reason.EXPIRED, given)
    if status in {401, 403} or given in UNREADABLE:
        return Fault(Reason.DENIED, given)
    if status == 429:
        return Fault(Reason.THROTTLED, given, again=True)
    if status == 408 or status >= 500:
        return Fault(Reason.FAILED, given, again=True)
    return Fault(Reason.FAILED, given)


def code(body: bytes) -> str:
    """The provider's most exact error code, if it is one: never a message with its ids."""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "no error code"
    error = answer.get("error") if isinstance(answer, Mapping) else None
    if not isinstance(error, Mapping):
        return "no error code"
    details = error.get("details")
    codes = [_said(one) for one in details if isinstance(one, Mapping)] if isinstance(details, list) else []
    exact = next((one for one in codes if one in UNSUPPORTED), "")
    return exact or _said(error) or "no error code"


def _said(error: Mapping[str, Any]) -> str:
    given = error.get("code")
    return given if isinstance(given, str) and _CODE.fullmatch(given) else ""


def broken(error: Exception) -> Fault | None:
    """What an error of the client means; `None` for one that is a bug of ours and must be raised."""
    from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError, ServiceResponseError
    from azure.identity import CredentialUnavailableError

    kind = type(error).__name__
    if isinstance(error, CredentialUnavailableError):
        return Fault(Reason.NO_ROLE, NOBODY)
    if isinstance(error, ClientAuthenticationError):
        found = _STATUS_CODE.search(str(error))
        return Fault(Reason.NO_ROLE, found.group() if found else kind)
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        return Fault(Reason.UNREACHABLE, kind, again=True)
    return Fault(Reason.FAILED, kind) if isinstance(error, AzureError) else None
