"""What a visit of one cell brings back: sightings, gaps and calls, as they are stored and sealed.

No value here is part of a ring, so Python need not look for one among a million of them: `gc=False`.
"""

from datetime import datetime
from typing import Any

import msgspec

from collectors.gap import Gap
from collectors.resources import AnyResource


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The provider's own answer, redacted: what a fact was read from."""

    operation: str
    """`service.Operation` in the provider's words."""
    answer: Any
    """The answer (for a listing: the element) as JSON, without what moves by itself and with what must not be kept replaced."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One resource as one cell saw it. A line of a facts shard."""

    cell: str
    resource: AnyResource
    evidence: tuple[Evidence, ...]
    cites: tuple[str, ...] = ()
    """Ids of the resources that joined facts came from."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What moved by itself on one resource. A line of a readings shard, beside the facts shard of the same name."""

    id: str
    values: dict[str, Any]
    """The collector's `readings`, by field name."""
    evidence: tuple[Evidence, ...]
    """The moving keys of the same answers, in the same order."""


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One HTTP exchange with a provider, so that its own audit log can corroborate it."""

    operation: str
    subject: str
    host: str
    request_id: str
    """As the provider gave it; empty when no answer came."""
    date: str
    """The answer's Date header, as it stood; empty when no answer came."""
    status: int
    """HTTP status; 0 when no answer came."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One cell, looked at."""

    cell: str
    sightings: tuple[Sighting, ...]
    readings: tuple[Reading, ...]
    gaps: tuple[Gap, ...]
    calls: tuple[Call, ...]
    captured: datetime | None = None
    """The road: when the provider's own inventory, which told what is in the cell, was last brought up to date; `None` where each service
    was asked itself."""

    @property
    def complete(self) -> bool:
        """Everything in the cell was listed: no gap without a subject."""
        return all(gap.subject for gap in self.gaps)


class ClosedRegion(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A region in which the organisation lets nobody make or read anything, us neither."""

    region: str
    by: str
    """The policy that closes it, as this discovery has read it."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One account of the estate and how the programme's scope takes it."""

    account: str
    name: str | None
    state: str
    """`in scope`, `excluded` (with a reason), `unallocated`, or `closed` (the provider says suspended or closing)."""
    reason: str | None = None
    owner: str | None = None
    regions: tuple[str, ...] = ()
    """Enabled regions to look at; empty unless in scope."""
    regions_excluded: tuple[str, ...] = ()
    regions_closed: tuple[ClosedRegion, ...] = ()
    """Enabled regions that are not looked at while the named policy stands; they open when it is read no more."""


class Estate(msgspec.Struct, frozen=True, kw_only=True):
    """What discovery found: the accounts, their regions, and what it could not find out."""

    provider: str
    organization: str | None
    management_account: str | None
    members: tuple[Member, ...]
    gaps: tuple[Gap, ...]
    """Discovery gaps; their cells use the collectors `<cloud>.organization` and `<cloud>.enabled_regions`, which concern every check."""
    calls: tuple[Call, ...]
    read: datetime | None = None
