"""What a cell met on a road that spares calls, an aggregator or an administrator that tells for many accounts, beside its own listing.

Where such a road does not lead to the end, the service itself is asked, and the cell is seen nonetheless; that it did not is said by a gap
which names who did not tell.
"""

from dataclasses import dataclass, field
from datetime import datetime

from collectors.notes import Failure


@dataclass(kw_only=True)
class Aside:
    """One cell's."""

    missed: list[tuple[str, Failure]] = field(default_factory=list)
    """Who was to tell, and why he did not."""
    told: set[datetime] = field(default_factory=set)
    """When what the inventory told the cell was last brought up to date; a set, since items of a cell are told side by side."""

    @property
    def captured(self) -> datetime | None:
        """The earliest of these; `None` where each service was asked itself."""
        return min(self.told, default=None)

    def miss(self, whom: str, *failures: Failure) -> None:
        """Somebody did not tell."""
        self.missed += ((whom, failure) for failure in failures)
