"""One row of the table of defects: what is broken, where, from when to when, and what a check must say of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from controls.verdict import Outcome

Broken = TypeVar("Broken")
"""What is broken: the estate of one cloud."""
UNKNOWN = Outcome.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Defect(Generic[Broken]):
    """One check's verdict on one resource that is not a pass."""

    check: str
    resource: str
    """Of AWS the resource's name in `Estate.ids`, `alias/...`; of other clouds the provider's own id."""
    seed: Callable[[Broken], None] | None
    """How it is broken; `None` where a row above breaks it too."""
    outcome: Outcome = Outcome.FAILED
    begins: datetime | None = None
    """When it begins; `None`: it was so before the first sweep."""
    mend: Callable[[Broken], None] | None = None
    ends: datetime | None = None
    """When it is mended; `None`: it stays."""
    by_itself: bool = False
    """Time alone brings it: `begins` is no act of anybody."""

    def stands(self, at: datetime) -> bool:
        """It is there at an instant."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)
