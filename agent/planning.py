"""What a sweep expects to look at: discovery, then one cell for each collector, account and region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.record import Plan
from collectors.collector import Cell, Collector
from collectors.gap import Gap, Reason
from collectors.resource import Resource
from collectors.sighting import Estate, Visit

UNDECIDED = "neither in scope nor excluded with a reason"


class Access(Protocol):
    """A way into one cloud, for one sweep (`collectors.aws.cloud.Aws`)."""

    def discover(self) -> Estate:
        """Find accounts and regions, and get ready to visit them."""
        ...

    def cells(self, estate: Estate, collectors: Sequence[Collector]) -> tuple[Cell, ...]:
        """Every place to look."""
        ...

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        """Look at one; failures of the world are its gaps."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """One cloud of a programme's scope: its collectors and the way in."""

    name: str
    collectors: tuple[Collector, ...]
    access: Access


def discovery_gaps(estate: Estate) -> tuple[Gap, ...]:
    """What discovery could not find out; an unallocated account is a gap like any other."""
    undecided = (
        Gap(
            cell=f"{estate.provider}/{account}/global/{estate.provider}.organization", operation="", subject="",
            reason=Reason.UNALLOCATED, detail=UNDECIDED,
        )
        for account in unallocated(estate)
    )  # fmt: skip
    return tuple(sorted({*estate.gaps, *undecided}))


def expected_cells(cloud: Cloud, estate: Estate, previous: Plan | None) -> tuple[str, ...]:
    """Keys of all cells to look at, sorted.

    Where discovery has a gap, what the last plan expected there is expected still: an account whose regions or very existence could
    not be learned today, or that is unallocated, does not leave the scope by that. Excluding it with a reason is what does.
    """
    keys = {cell.key for cell in cloud.access.cells(estate, cloud.collectors)}
    if previous is not None:
        known = {one.name for one in cloud.collectors}
        by_state = {member.account: member.state for member in estate.members}
        blind = {Cell.of(gap.cell).account for gap in discovery_gaps(estate)}
        all_blind = any(
            Cell.of(gap.cell).collector.endswith(".organization") and gap.reason is not Reason.UNALLOCATED
            for gap in estate.gaps
        )
        for key in previous.cells:
            cell = Cell.of(key)
            state = by_state.get(cell.account)
            ours = cell.provider == cloud.name and cell.collector in known and state not in {"excluded", "closed"}
            if ours and (cell.account in blind or (all_blind and state is None)):
                keys.add(key)
    return tuple(sorted(keys))


def unallocated(estate: Estate) -> frozenset[str]:
    """Accounts that nobody decided about: nothing in them is asked, and nothing that was seen in them is forgotten."""
    return frozenset(member.account for member in estate.members if member.state == "unallocated")


def passed_over(cell: Cell) -> Visit:
    """The visit of a cell in an unallocated account."""
    gap = Gap(cell=cell.key, operation="", subject="", reason=Reason.UNALLOCATED, detail=UNDECIDED)
    return Visit(cell=cell.key, sightings=(), readings=(), gaps=(gap,), calls=())
