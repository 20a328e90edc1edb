"""What an interrupted sweep saw of its finished accounts, for what others join: it is read back, and nothing is asked twice."""

from collections.abc import Collection
from functools import lru_cache

from agent.canonical import each
from agent.parts import read_part
from agent.record import Part
from agent.store import Store
from collectors.collector import Cell, Collector
from collectors.sighting import Reading, Sighting, Visit


class Finished:
    """The accounts of one cloud whose parts stood when the sweep was taken up again. Called from many threads."""

    def __init__(self, store: Store, folder: str, accounts: Collection[str]) -> None:
        """`folder` is the sweep's."""
        self._store, self._folder, self._accounts = store, folder, accounts
        self._part = lru_cache(maxsize=8)(self._read)

    def visit(self, cell: Cell, collector: Collector) -> Visit | None:
        """What was seen of a cell, without the calls that its part accounts for; `None` where its account is not finished."""
        if cell.account not in self._accounts:
            return None
        part = self._part(f"{cell.provider}/{cell.account}")
        sightings: list[Sighting] = []
        readings: list[Reading] = []
        for shard in part.shards:
            if shard.name.rpartition("/")[2].partition("-")[0] != collector.sees.__name__:
                continue
            here = [
                one for one in each(self._store.read(shard.facts), Sighting, what=shard.name) if one.cell == cell.key
            ]
            ids = {one.resource.id for one in here}
            sightings += here
            if shard.readings and ids:
                moved = each(self._store.read(shard.readings), Reading, what=shard.name)
                readings += (one for one in moved if one.id in ids)
        gaps = next((record.gaps for record in part.cells if record.key == cell.key), ())
        return Visit(
            cell=cell.key, sightings=tuple(sorted(sightings, key=lambda one: one.resource.id)),
            readings=tuple(sorted(readings, key=lambda one: one.id)), gaps=gaps, calls=(),
        )  # fmt: skip

    def _read(self, account: str) -> Part:
        return read_part(self._store, self._folder, account)
