"""What a check says of one resource."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """The four things a verdict can be; `unknown` is never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One check's judgement of one resource, with its reason in words that an operator can act on."""

    outcome: Outcome
    reason: str
    holds_until: datetime | None = None
    """For time-dependent checks: the instant from which the same facts may give another verdict."""


AS_IT_SHOULD_BE = Verdict(outcome=Outcome.PASSED, reason="as it should be")
NOT_LEARNED = Verdict(outcome=Outcome.UNKNOWN, reason="not learned")
"""The two that most resources get: one value each, so that a sweep makes none for them and tells them by identity."""


def passed(reason: str = AS_IT_SHOULD_BE.reason, *, holds_until: datetime | None = None) -> Verdict:
    """The resource is as the check asks."""
    if holds_until is None and reason is AS_IT_SHOULD_BE.reason:
        return AS_IT_SHOULD_BE
    return Verdict(outcome=Outcome.PASSED, reason=reason, holds_until=holds_until)


def failed(reason: str, *, holds_until: datetime | None = None) -> Verdict:
    """The resource is not as the check asks: a deviation."""
    return Verdict(outcome=Outcome.FAILED, reason=reason, holds_until=holds_until)


def unknown(reason: str = NOT_LEARNED.reason, *, holds_until: datetime | None = None) -> Verdict:
    """A fact that the check needs was not learned."""
    if holds_until is None and reason is NOT_LEARNED.reason:
        return NOT_LEARNED
    return Verdict(outcome=Outcome.UNKNOWN, reason=reason, holds_until=holds_until)


def not_applicable(reason: str) -> Verdict:
    """The check does not speak of this resource."""
    return Verdict(outcome=Outcome.NOT_APPLICABLE, reason=reason)


def holds(fact: bool | None, otherwise: str) -> Verdict:  # noqa: FBT001 (the fact is what it is about)
    """True passes, false fails with the words of `otherwise`, not learned is unknown."""
    if fact is None:
        return NOT_LEARNED
    return AS_IT_SHOULD_BE if fact else Verdict(outcome=Outcome.FAILED, reason=otherwise)
