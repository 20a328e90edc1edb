"""A place where cycles are published: a folder, or a prefix of a bucket; written by put-if-absent only."""

import hashlib
from pathlib import Path

from agent import bundle
from agent.canonical import digest
from agent.errors import StoreError
from agent.manifest import Tier
from agent.reading import Loaded
from agent.store import Folder, Store
from agent.stores.naming import is_remote
from agent.stores.opening import open_store

UNFINISHED = ".unfinished"
NEVER_REPLACED = "holds something else; move it away, for nothing published is ever replaced"


class Shelf(Folder):
    """A target in a folder."""

    def temporary(self) -> Path:
        """A fresh path in a hidden folder, which no web server lists and no runner removes under another."""
        return Folder(self.root / UNFINISHED).temporary()


def shelf(loaded: Loaded, to: str) -> Store:
    """The target that a programme names. `StoreError` if a bucket is not there, or would let itself be overwritten."""
    if not is_remote(to):
        return Shelf(loaded.beside(to))
    target = open_store(to)
    target.ready()
    return target


def put(target: Store, key: str, content: bytes) -> str:
    """Digest of what stands at the key now, which is what we meant to put there. `StoreError` if it is something else."""
    if target.put_if_absent(key, content) != content:
        raise StoreError(f"{target.where(key)} {NEVER_REPLACED}")
    return digest(content)


def put_first(target: Store, key: str, content: bytes) -> str:
    """Digest of what stands at the key now: ours, or what an attempt before this one put there."""
    return digest(target.put_if_absent(key, content))


def cut(target: Store, sealed: Path, tier: Tier, key: str) -> str:
    """Put an edition of a sealed bundle into the target; return its digest. `StoreError` if something else stands there."""
    temporary = target.temporary()
    try:
        bundle.cut(sealed, tier, temporary)
        made = _digest(temporary)
        if not target.place(temporary, key):
            with target.local(key) as standing:
                if _digest(standing) != made:
                    raise StoreError(f"{target.where(key)} {NEVER_REPLACED}")
    finally:
        temporary.unlink(missing_ok=True)
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
