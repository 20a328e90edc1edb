"""What `verify` reads of a store, as a folder on this machine: the store itself, or a copy of the signed part of a bucket."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import UsageError, VerificationError
from agent.store import Folder, Store
from agent.stores.opening import open_store
from agent.surroundings import STORE_KEY

FOLDERS = ("journal", "cycles")
"""What is signed."""


@contextmanager
def mirrored(store: Store) -> Iterator[Path]:
    """The root of a folder that holds the store's journal, cycles and public key, for as long as it is open."""
    if isinstance(store, Folder):
        yield store.root
        return
    with tempfile.TemporaryDirectory(prefix="starcadence-mirror-") as folder:
        root = Path(folder)
        for name in FOLDERS:
            (root / name).mkdir()
        for key in _signed(store):
            target = root / key
            if not target.resolve().is_relative_to(root.resolve()):
                raise VerificationError(f"{store.where(key)} is a key that leads out of its store: nothing of ours")
            target.parent.mkdir(parents=True, exist_ok=True)
            with store.local(key) as path:
                shutil.copyfile(path, target)
        yield root


@contextmanager
def fetched(address: str) -> Iterator[Path]:
    """What an address of a store, or of a cycle or bundle in one, names: as a path into a mirror of that store."""
    top, _, rest = address.partition("/cycles/")
    store = open_store(top)
    if not store.has("journal/00000001.json"):
        raise UsageError(f"{top} holds no journal; give the address of a store, or of a cycle in it: {top}/cycles/...")
    with mirrored(store) as root:
        yield root / "cycles" / rest if rest else root


def _signed(store: Store) -> Iterator[str]:
    for name in FOLDERS:
        yield from store.list(name)
    if store.has(STORE_KEY):
        yield STORE_KEY
