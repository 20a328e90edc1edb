"""What several cells of one account ask alike is asked once: key aliases, flow logs, instance profiles, detectors, tags.

It is kept until the last cell of the account was looked at, so that memory does not grow with the number of accounts. Cells of whole
accounts keep their own: those that others join are looked at long before the rest, in all accounts at once.
"""

import threading
from collections import Counter
from collections.abc import Iterable

from collectors.aws.gathered import Gathered
from collectors.collector import Cell


class Sharing:
    """The readings that accounts share among their cells. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: Counter[str] = Counter()
        self._kept: dict[str, Gathered] = {}

    def expect(self, cells: Iterable[Cell]) -> None:
        """These cells are to be looked at, each once."""
        with self._lock:
            self._kept.clear()
            self._left = Counter(cell.account for cell in cells)

    def of(self, cell: Cell) -> Gathered | None:
        """What the cell shares with others of its account."""
        if cell.region == "global":
            return None
        with self._lock:
            return self._kept.setdefault(cell.account, Gathered())

    def visited(self, cell: Cell) -> None:
        """The cell was looked at; after the last of its account nothing of it is kept."""
        with self._lock:
            self._left[cell.account] -= 1
            if self._left[cell.account] <= 0:
                self._kept.pop(cell.account, None)
