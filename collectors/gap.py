"""What could not be looked at, and why: the failures of the world as values."""

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """Why something was not seen. Remedies differ, so reports keep them apart."""

    DENIED = "denied"
    """The provider refused the operation to our role."""
    WITHHELD = "withheld"
    """A policy of the organisation denies the operation to everybody in the account, whatever our role is allowed."""
    NO_ROLE = "no role"
    """Our role could not be assumed in the account."""
    THROTTLED = "throttled"
    """The provider's rate limit outlasted the retry budget."""
    UNREACHABLE = "unreachable"
    """No answer: connection refused, name not resolved, time-out."""
    FAILED = "failed"
    """The provider answered with an error of its own (5xx, internal failure)."""
    MALFORMED = "malformed"
    """An answer that does not have the documented shape; or a collector broke on it."""
    EXPIRED = "expired"
    """The credentials ended during the sweep."""
    UNSUPPORTED = "unsupported"
    """The service or operation does not exist in that region or partition."""
    REDACTED = "redacted"
    """The answer held what must not be kept; the fact that it carried is not learned."""
    NEEDS = "needs"
    """A collector that this one joins with has a gap."""
    STALE = "stale"
    """What the provider's own inventory holds is too old to speak for now."""
    UNALLOCATED = "unallocated"
    """The account is neither in scope nor excluded with a reason."""


class Gap(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing that a cell could not look at.

    `subject` is empty when the listing itself failed, so that nobody knows what the cell holds: then the cell is unseen.
    With a subject the resource is seen and some fact of it is not learned.
    """

    cell: str
    """The cell's key."""
    operation: str
    """What was asked, `service.Operation` in the provider's words; empty if no call was made."""
    subject: str
    """The resource asked about; empty for the cell as a whole."""
    reason: Reason
    detail: str
    """The provider's error code or our own words, one line, redacted; never the provider's message with its ids."""
