"""Shards: one resource type of one account, split by sha256 of the id into buckets of at most 8 MiB of canonical lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from agent.canonical import encode
from collectors.resources import AnyResource
from collectors.sighting import Reading, Sighting
from collectors.visit import whole

LARGEST = 8 * 1024 * 1024
Seen = tuple[Sighting, Reading | None]
"""A sighting, and what moved of its resource."""


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The sightings of one shard, sorted by resource id, with the readings of those that have any."""

    name: str
    sightings: tuple[Sighting, ...]
    readings: tuple[Reading, ...]


def buckets(seen: Iterable[Seen], largest: int = LARGEST) -> Iterator[Bucket]:
    """The buckets of one account's sightings, each with its reading, in name order. The same things give the same buckets, whoever saw
    them when. An id stands once in each type: one collector's reading never goes to another's resource of the same id.
    """
    by_type: dict[str, list[Seen]] = defaultdict(list)
    for sighting, reading in seen:
        by_type[type(sighting.resource).__name__].append((sighting, reading))
    for type_name, ones in sorted(by_type.items()):
        resource = ones[0][0].resource
        for number, members in _split(ones, largest):
            members.sort(key=lambda one: one[0].resource.id)
            yield Bucket(
                name=f"{resource.provider}/{resource.account}/{type_name}-{number}",
                sightings=tuple(sighting for sighting, _ in members),
                readings=tuple(reading for _, reading in members if reading is not None),
            )


def paired(sightings: Iterable[Sighting], readings: Iterable[Reading]) -> Iterator[tuple[Sighting, AnyResource]]:
    """Each sighting with its resource as it is judged, facts and readings together; readings that do not fit stay not learned."""
    moved = {reading.id: reading for reading in readings}
    for sighting in sightings:
        try:
            yield sighting, whole(sighting, moved.get(sighting.resource.id))
        except msgspec.ValidationError:
            yield sighting, sighting.resource


def _split(ones: list[Seen], largest: int) -> Iterator[tuple[str, list[Seen]]]:
    """Split by leading bits of sha256(id) until each bucket fits; a bucket is named by its bits (`all` when there is one)."""
    sized = [(sha256(one[0].resource.id.encode()).digest(), len(encode(one[0])) + 1, one) for one in ones]
    bits = 0
    while True:
        groups: dict[int, list[tuple[int, Seen]]] = defaultdict(list)
        for digest, size, one in sized:
            groups[int.from_bytes(digest[:4], "big") >> (32 - bits)].append((size, one))
        if bits == 16 or all(sum(size for size, _ in group) <= largest for group in groups.values()):
            break
        bits += 1
    for number, group in sorted(groups.items()):
        yield (f"{number:0{bits}b}" if bits else "all"), [one for _, one in group]
