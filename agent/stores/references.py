"""What is named in a store.

Any 64 hexadecimal digits that a record holds may be an address, so that what is added to records later counts too.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from agent.canonical import digest
from agent.edition import ENVELOPE
from agent.errors import StoreError
from agent.parts import unpacked
from agent.store import TEMPORARY, Store, blob_address

ADDRESS = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
BUNDLE = re.compile(r"cycles/[^/]+/[^/]+/bundle-([0-9a-f]{64})\.zip")
AT_ONCE = 64
"""Keys whose content is held in memory at the same time."""


def contents(store: Store, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Keys with what stands there, some of them read at once. `StoreError` if one is gone."""
    waiting = iter(keys)
    while batch := tuple(islice(waiting, AT_ONCE)):
        try:
            yield from zip(batch, store.many(batch), strict=True)
        except KeyError as gone:
            raise StoreError(f"{store.where(str(gone.args[0]))} went away meanwhile; run this again") from None


def is_record(key: str) -> bool:
    """A small file that may name others: everything but blobs, bundles and what is being written."""
    return not key.startswith(("blobs/", f"{TEMPORARY}/")) and not key.endswith(".zip")


def named(store: Store, keys: Iterable[str]) -> set[str]:
    """Every address that a record among the keys holds, and the envelope of every committed cycle."""
    found: set[str] = set()
    for key, data in contents(store, filter(is_record, keys)):
        plain = unpacked(data, store.where(key)) if key.endswith(".zst") else data
        found.update(address.decode() for address in ADDRESS.findall(plain))
        if key.endswith(f"/{ENVELOPE}"):
            found.add(digest(data))
    return found


def reached(store: Store, live: set[str], wanted: set[str]) -> set[str]:
    """Those of the wanted blobs that a live blob names, or one that such a blob names in turn."""
    found: set[str] = set()
    todo = live
    while todo and found != wanted:
        held = {one.decode() for address in sorted(todo) for one in ADDRESS.findall(store.read(address))}
        todo = held & wanted - found
        found |= todo
    return found


def blobs(keys: Iterable[str]) -> set[str]:
    """Addresses of the blobs among the keys."""
    return {address for address in map(blob_address, keys) if address}
