"""What went wrong in one exchange: the reason that a gap gives, and whether asking again may help."""

from typing import Any, NamedTuple

from collectors.gap import Reason

CODES: dict[str, tuple[Reason, bool, int]] = {
    "PERMISSION_DENIED": (Reason.DENIED, False, 403),
    "UNAUTHENTICATED": (Reason.EXPIRED, False, 401),
    "RESOURCE_EXHAUSTED": (Reason.THROTTLED, True, 429),
    "UNAVAILABLE": (Reason.UNREACHABLE, True, 503),
    "DEADLINE_EXCEEDED": (Reason.UNREACHABLE, True, 504),
    "INTERNAL": (Reason.FAILED, True, 500),
    "ABORTED": (Reason.FAILED, True, 409),
    "UNKNOWN": (Reason.FAILED, True, 500),
    "DATA_LOSS": (Reason.MALFORMED, False, 500),
    "INVALID_ARGUMENT": (Reason.UNSUPPORTED, False, 400),
    "UNIMPLEMENTED": (Reason.UNSUPPORTED, False, 501),
    "NOT_FOUND": (Reason.FAILED, False, 404),
    "FAILED_PRECONDITION": (Reason.FAILED, False, 400),
    "OUT_OF_RANGE": (Reason.FAILED, False, 400),
}
"""Status code of gRPC -> why, whether once more may help, and the HTTP status that Google gives for it (google.rpc.Code).

`INVALID_ARGUMENT` is how Asset Inventory says that it does not hold this content of this asset type.
"""
DISABLED = "SERVICE_DISABLED"
"""Detail of a gap where the Cloud Asset API is not enabled in the project whose quota is used (google.api.ErrorReason)."""
NOBODY = "no ambient credentials"
NO_TOKEN = "no token for the credentials"  # noqa: S105 - a gap's detail
UNREADABLE = "Exception deserializing response!"
PLUGIN = "Getting metadata from plugin failed"
"""How gRPC's Python client words an answer that is no such message, and credentials that gave no token."""


class Fault(NamedTuple):
    """One failed exchange."""

    reason: Reason
    detail: str
    again: bool
    status: int
    """As HTTP; 0 where no answer came."""


def fault(error: Any) -> Fault:
    """What a `grpc.RpcError` that is a call means."""
    code, words = error.code().name, error.details() or ""
    if words.startswith(PLUGIN):
        return Fault(Reason.NO_ROLE, NO_TOKEN, again=True, status=0)
    if words.startswith(UNREADABLE):
        return Fault(Reason.MALFORMED, "an answer that is no page", again=False, status=200)
    reason, again, status = CODES.get(code, (Reason.FAILED, False, 500))
    if code == "PERMISSION_DENIED" and _said(error) == DISABLED:
        code = DISABLED
    return Fault(reason, code, again=again, status=status)


def _said(error: Any) -> str:
    """The reason in the error's details, where Google gives one."""
    from google.rpc.error_details_pb2 import ErrorInfo
    from google.rpc.status_pb2 import Status

    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            info = ErrorInfo()
            for detail in Status.FromString(value).details:
                if detail.Unpack(info):
                    return str(info.reason)
    return ""
