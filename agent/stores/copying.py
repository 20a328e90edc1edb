"""Copying one store into another, of the same kind or of another: again and again if need be, each piece held against what it should be.

The journal goes last and in order, as far as it went when the copy began: what a half-made copy holds is a whole store of an earlier day.
"""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent.errors import StoreError
from agent.journal import ENTRY, Journal
from agent.store import Store, blob_address
from agent.stores.references import BUNDLE, contents
from agent.surroundings import STORE_KEY

ORDER = ("blobs/", "sweeps/", "cycles/", STORE_KEY, "journal/")
"""What is copied: what is named before what names it. A status page and the like is made anew where it is wanted."""


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy did."""

    copied: int
    stood: int
    """Pieces that the target held already, and that are the same."""
    height: int
    """Journal entries of the target."""
    head: str


def copy(source: Store, target: Store) -> Copied:
    """Copy everything that the source holds. `StoreError` where a piece is damaged, or the target holds something else."""
    entries = [name for name in source.children("journal") if ENTRY.fullmatch(name)]
    begun = Journal(source)
    if not entries:
        raise StoreError(f"{source.address} holds no journal; give the address of a store")
    _same_journal(begun, target)
    target.ready()
    standing = set(target.list(""))
    keys = [key for key in source.list("") if key.startswith(ORDER[:-1])]
    keys = sorted(keys, key=_rank) + [f"journal/{height:08d}.json" for height in range(1, begun.height + 1)]
    bundles = [key for key in keys if BUNDLE.fullmatch(key)]
    _small(source, target, filter(blob_address, keys))
    for key in bundles:
        _file(source, target, key)
    _small(source, target, (key for key in keys if not blob_address(key) and key not in bundles))
    made = Journal(target)
    return Copied(copied=len(set(keys) - standing), stood=len(set(keys) & standing), height=made.height, head=made.head)


def _rank(key: str) -> tuple[int, str]:
    return next(number for number, prefix in enumerate(ORDER) if key.startswith(prefix)), key


def _same_journal(source: Journal, target: Store) -> None:
    """The target is empty, or holds the same journal, shorter or longer."""
    standing = Journal(target)
    shorter = min(source.height, standing.height)
    if source.entries[:shorter] != standing.entries[:shorter]:
        raise StoreError(f"{target.address} holds the journal of another store; copy into an empty one")


def _small(source: Store, target: Store, keys: Iterable[str]) -> None:
    for key, data in contents(source, keys):
        address = blob_address(key)
        if address:
            source.plain(data, address)
        standing = target.put_if_absent(key, data)
        if standing == data:
            continue
        if not address:
            raise _other(target, key)
        target.plain(standing, address)  # the same content, packed by another version


def _file(source: Store, target: Store, key: str) -> None:
    """A bundle, streamed; read back where it stood already or its upload could not be told."""
    with source.local(key) as path:
        expected = _digest(path)
        if not target.has(key):
            temporary = target.temporary()
            shutil.copyfile(path, temporary)
            target.place(temporary, key)
    with target.local(key) as path:
        if _digest(path) != expected:
            raise _other(target, key)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _other(target: Store, key: str) -> StoreError:
    return StoreError(f"{target.where(key)} holds something else than the source; copy into an empty store")
