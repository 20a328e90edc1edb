"""What a report is computed from: records only, so that the store (at the seal) and a bundle (at replay) give the same report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from agent.anew import Break
from agent.baseline import Compared
from agent.dossier import Dossier
from agent.exemptions import ExemptionRow
from agent.foreign.disagreements import Disagreement
from agent.period import Due
from agent.programme import ApprovedException, Commitment, Programme, Service
from agent.record import Part, Plan, Standing, Sweep
from agent.scanned import Scanned
from collectors.resources import AnyResource
from controls.check import Check
from controls.tally import Result


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What the journal keeps of an ended cycle: the body of a `sealed` or `missed` entry."""

    service: str
    cycle: str
    start: datetime
    end: datetime
    state: str
    """`complete`, `partial` or `missed`."""
    late: bool = False
    manifest: str = ""
    """sha256 of the manifest; empty for a missed cycle."""
    envelope: str = ""
    """sha256 of the envelope, which also names the zip."""
    counts: dict[str, int] = {}
    results: dict[str, Result] = {}
    """Committed specification -> result over the period."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a `cycle` entry: what the cycle is judged by from its first instant to its last."""

    cycle: str
    start: datetime
    """Where judging starts: the calendar start, or the commitment in a first cycle."""
    calendar_start: datetime
    """From where slots are counted: the calendar start of a first cycle, the end of the one before of any other."""
    end: datetime
    programme: str
    """Blob address of the programme in force."""
    rules: dict[str, str]
    """Check name -> digest."""
    services: tuple[str, ...] = ()
    """The services that owe this cycle, in the programme's order."""
    packs: dict[str, str] = {}
    """Pack of others' checks -> blob address of its bytes."""
    deadlines: dict[str, datetime] = {}
    """Step (`agent.steps`) -> by when it is promised."""
    sweep_every: int = 0
    """Seconds from one due sweep to the next; 0 in journals that do not say it."""


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a `closing` entry: fixes what goes into one bundle, so that whoever seals it seals the same."""

    service: str
    cycle: str
    interim: bool
    until: datetime
    """The cycle's end; for an interim bundle the instant at which it was asked for."""
    sweeps: dict[str, str]
    """Stamp of each closed sweep -> sha256 of its `sweep.json`."""
    late: bool
    previous: str | None
    """sha256 of the manifest of the service's previous sealed cycle."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """All that one report of one service and cycle rests on."""

    programme: Programme
    service: Service
    commitments: Mapping[str, Commitment]
    """Specification -> commitment, patterns expanded, in CCM order."""
    exceptions: tuple[ApprovedException, ...]
    opened: Opened
    closing: Closing
    height: int
    """Journal entries that go into the bundle, the closing entry the last of them."""
    head: str
    history: tuple[Past, ...]
    """The service's earlier cycles, oldest first."""
    dues: tuple[Due, ...]
    plan: Plan | None
    """Of the closing sweep; None if none was taken."""
    parts: tuple[Part, ...]
    standing: tuple[Standing, ...]
    """Deviations that stand for the service at the closing sweep, by check and resource."""
    resources: Mapping[tuple[str, str], AnyResource]
    """The resources that they stand for, as last seen, by facts shard and id: what a user is and what it may do have one id."""
    checks: tuple[Check, ...]
    fingerprint: str
    tool: str
    breaks: tuple[Break, ...] = ()
    """What was written off since the cycle began."""
    scanned: Scanned = field(default_factory=dict)
    """What findings and scanners count for metrics at the closing sweep."""
    baseline: Compared | None = None
    """The closing sweep held against the newest approved baseline."""
    exemptions: tuple[ExemptionRow, ...] = ()
    """What clouds let off by their own record at the closing sweep."""
    disagreements: tuple[Disagreement, ...] = ()
    """Where another tool judged the same fact otherwise at the closing sweep."""
    dossier: Dossier = field(default_factory=Dossier)
    """Records, registers and suppliers, as the journal's newest entry names them."""

    @property
    def last(self) -> Sweep | None:
        """The closing sweep."""
        taken = [due.sweep for due in self.dues if due.sweep is not None]
        return taken[-1] if taken else None
