"""Exemptions that a cloud itself keeps from its policies, beside our own approved exceptions: whom they let off, and until when."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from agent.baseline import Blobs, of_types
from agent.membership import Membership
from agent.programme import Service
from agent.record import Part
from collectors.resource import FAR
from collectors.terms import Exemption

TYPES = frozenset({"Exemption"})


class ExemptionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exemption by a cloud's own record, as the closing sweep saw it."""

    resource: str
    provider: str
    account: str
    policy: str | None
    """The cloud's id of what is not applied."""
    scope: str | None
    """The cloud's id of what it is not applied to."""
    mitigated: bool | None
    """The policy's aim is said to be met in another way."""
    ends: datetime | None
    """`None` where it has no end, and where that was not learned."""
    state: str
    """`in force`, `in force without end`, `ended`, `in force, its end not learned`."""


def exempted(blobs: Blobs, service: Service, parts: Sequence[Part], now: datetime) -> tuple[ExemptionRow, ...]:
    """Those in the service's accounts, what is in force and ends last first."""
    membership = Membership((service,))
    found = [
        _row(one.resource, now)
        for one in of_types(blobs, parts, TYPES)
        if isinstance(one.resource, Exemption) and membership.of(one.resource)
    ]
    return tuple(sorted(found, key=_order))


def _row(one: Exemption, now: datetime) -> ExemptionRow:
    known = one.ends is not None and one.ends != FAR
    return ExemptionRow(
        resource=one.id, provider=one.provider, account=one.account, policy=one.policy, scope=one.scope, mitigated=one.mitigated,
        ends=one.ends if known else None, state=_state(one.ends, now),
    )  # fmt: skip


def _state(ends: datetime | None, now: datetime) -> str:
    if ends is None:
        return "in force, its end not learned"
    if ends == FAR:
        return "in force without end"
    return "in force" if ends > now else "ended"


def _order(row: ExemptionRow) -> tuple[bool, float, str, str]:
    late = row.ends.timestamp() if row.ends else FAR.timestamp()
    return row.state == "ended", -late, row.account, row.resource
