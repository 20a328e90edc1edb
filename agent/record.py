"""The records of a sweep as the store keeps them: what was planned, what each account gave, what stood at the end.

Every record is canonical JSON; instants are UTC. A record's presence means that it is done (`docs/store.md`).
"""

from datetime import datetime
from typing import TypeVar

import msgspec

from collectors.gap import Gap
from collectors.sighting import Estate
from controls.tally import Tally

Tallies = dict[str, dict[str, dict[str, Tally]]]
"""Service id -> check name -> provider -> tally, with excepted and carried failures counted in."""
K = TypeVar("K")


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen stored value."""


class Plan(Record, frozen=True, kw_only=True):
    """What one sweep expects to look at. Put if absent: a second runner adopts it."""

    slot: datetime
    nominal: datetime
    """The instant at which every time-dependent check of this sweep judges."""
    previous: str | None
    """Stamp of the last closed sweep, whose standing deviations this one carries on."""
    programme: str
    """Blob address of the programme in force."""
    exceptions: str
    """Blob address of the approved exceptions as read."""
    in_force: tuple[str, ...]
    """Ids of those in force at the nominal instant."""
    rules: dict[str, str]
    """Check name -> digest."""
    method: str
    """Digest of the code that counts."""
    concerned: dict[str, dict[str, tuple[str, ...]]]
    """Cloud -> collector -> names of the checks that need what it sees."""
    estates: tuple[Estate, ...]
    cells: tuple[str, ...]
    """Keys of all expected cells, sorted."""


class CellRecord(Record, frozen=True, kw_only=True):
    """One cell, looked at."""

    key: str
    complete: bool
    resources: int
    gaps: tuple[Gap, ...]
    hosts: tuple[str, ...]
    calls: int
    captured: datetime | None = None
    """When the provider's own inventory, which told what is in the cell, was last brought up to date; `None` where each service was asked
    itself."""


class Shard(Record, frozen=True, kw_only=True):
    """One resource type of one account (a bucket of it): the addresses of its blobs."""

    name: str
    """`<provider>/<account>/<Type>-<bucket>`."""
    lines: int
    facts: str
    readings: str | None
    verdicts: str
    tallies: dict[str, Tallies]
    """Cell key -> what its verdicts count, what is carried apart."""
    resources: dict[str, dict[str, int]]
    inherited: dict[str, int]
    until: datetime | None
    """From this instant on the same facts may give other verdicts; `None` where time changes nothing."""


class Judged(Record, frozen=True, kw_only=True):
    """One verdict. A line of a verdicts shard, sorted by resource, then check."""

    resource: str
    check: str
    outcome: str
    reason: str
    holds_until: datetime | None = None


class Standing(Record, frozen=True, kw_only=True):
    """A deviation that stands: the resource was last seen failing and not seen mended or deleted since."""

    check: str
    resource: str
    cell: str
    provider: str
    after: datetime | None
    """The last sweep that did not see it failing; `None` if it was failing when first seen."""
    by: datetime
    """The first sweep that saw it failing."""
    carried: datetime | None
    """The last sweep that saw it failing, if it stands without having been seen failing in this one; `None` if it was."""
    reason: str
    services: tuple[str, ...]
    exception: str | None
    facts: str
    """Address of the facts shard in which it was last seen."""


class Ended(Record, frozen=True, kw_only=True):
    """A deviation that ended, and how."""

    check: str
    resource: str
    cell: str
    how: str
    """`mended`, `deleted`, `not applicable`, `out of scope`, `check withdrawn`."""
    failing_by: datetime
    after: datetime
    by: datetime
    services: tuple[str, ...]


class Part(Record, frozen=True, kw_only=True):
    """All that one account gave in one sweep."""

    provider: str
    account: str
    cells: tuple[CellRecord, ...]
    shards: tuple[Shard, ...]
    calls: str
    """Blob of `Call` lines."""
    tallies: dict[str, Tallies]
    """Cell key -> tallies."""
    remembered: dict[str, dict[str, dict[str, int]]]
    """Cell key -> service -> check -> how many were judged there when it was last looked at, and are unknown now that it could not be
    listed (or not to its end); what was last seen failing apart, which is carried."""
    standing: str
    """Blob of `Standing` lines."""
    ended: tuple[Ended, ...]
    resources: dict[str, dict[str, int]]
    """Service id -> resource type -> how many."""
    inherited: dict[str, int]
    """Service id -> how many of them the provider manages."""


class Sweep(Record, frozen=True, kw_only=True):
    """A closed sweep: what its parts add up to. Sums are taken once, over cells."""

    slot: datetime
    nominal: datetime
    started: datetime
    ended_at: datetime
    plan: str
    """sha256 of the plan."""
    parts: dict[str, str]
    """`<provider>/<account>` -> sha256 of the part."""
    looked: dict[str, dict[str, tuple[str, ...]]]
    """Service -> cloud -> names of the checks that had at least one cell of it to look at. For any other nobody looked."""
    complete: bool
    """Every cell could be listed."""
    tallies: Tallies
    cells: int
    unseen: int
    gaps: dict[str, int]
    """Reason -> how many."""
    gap_rows: tuple[Gap, ...]
    """One gap for each (cell, operation, reason, detail), its subject `*` where it stands for several resources."""
    subjects: tuple[int, ...]
    """For each gap row, how many resources it concerns; 0 for the cell itself."""
    resources: dict[str, dict[str, int]]
    inherited: dict[str, int]
    hosts: tuple[str, ...]
    calls: int
    ended: tuple[Ended, ...]
    standing: dict[str, int]
    """Service id -> deviations that stand, excepted ones included."""
    canaries: int = 0
    """Seeded samples that were judged, each with a known verdict."""
    distrusted: dict[str, tuple[str, ...]] = {}
    """Cloud -> checks that judged a sample wrongly: what they say of this sweep is not shown."""


def added(one: Tallies, other: Tallies) -> Tallies:
    """Sums of two tables over different cells of the same sweep."""
    total: Tallies = {
        service: {check: dict(clouds) for check, clouds in checks.items()} for service, checks in one.items()
    }
    for service, checks in other.items():
        for check, clouds in checks.items():
            row = total.setdefault(service, {}).setdefault(check, {})
            for provider, tally in clouds.items():
                row[provider] = row[provider] + tally if provider in row else tally
    return total
