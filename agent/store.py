"""Where everything is kept: one store, written only by put-if-absent, so that no crash and no race can change what stands.

Keys are relative POSIX paths (see `docs/store.md` for the layout). Blobs are addressed by the sha256 of their plain bytes and stored
as zstd. A record that stands is never rewritten. `Folder` is the default; `agent.stores` holds the other kinds.
"""

import errno
import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zstandard

from agent.canonical import digest
from agent.errors import StoreError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
LARGEST_BLOB = 64 * 1024 * 1024
"""A shard is at most 8 MiB; nothing honest comes near this when it is opened."""
TEMPORARY = "tmp"
"""Folder of what is being written; what is left over there is harmless."""


class Store(ABC):
    """The primitives that everything rests on, and blobs made of them. Failures are `StoreError`s with a remedy."""

    address: str
    """As the programme writes it: a path, or `s3://bucket/prefix`."""
    near = False
    """Reading a blob takes less than judging what it holds."""
    settles = timedelta(0)
    """`gc` leaves alone what is younger than this, whatever the sweep interval."""

    @abstractmethod
    def get(self, key: str) -> bytes:
        """The bytes at a key. `KeyError` if there are none."""

    @abstractmethod
    def has(self, key: str) -> bool:
        """Something stands at the key."""

    @abstractmethod
    def list(self, prefix: str) -> Iterator[str]:
        """Keys directly or deeper under a folder prefix, sorted."""

    @abstractmethod
    def children(self, prefix: str) -> tuple[str, ...]:
        """Names directly under a folder prefix, sorted."""

    @abstractmethod
    def put_if_absent(self, key: str, data: bytes) -> bytes:
        """Put bytes where nothing stands; return what stands there now (equal bytes: ours, or as good as ours)."""

    @abstractmethod
    def place(self, temporary: Path, key: str) -> bool:
        """Move a finished temporary file to a key; False if something stands there already."""

    @abstractmethod
    def temporary(self) -> Path:
        """A fresh local path for a file that will be placed."""

    @abstractmethod
    def local(self, key: str) -> AbstractContextManager[Path]:
        """A file on this machine with what stands at a key, for as long as it is open. `StoreError` if nothing does."""

    @abstractmethod
    def retain(self, key: str) -> bool:
        """Keep what stands at a key, because it was referred to just now: only ever longer. False if nothing stands there."""

    @abstractmethod
    def written(self, key: str) -> datetime:
        """When a key was put, or last referred to. `KeyError` if nothing stands there."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Remove what no record names: for `gc` alone. Nothing happens if nothing stands there; `StoreError` if it is retained."""

    @abstractmethod
    def ready(self) -> None:
        """Raise `StoreError` unless the store can be written, and keeps put-if-absent."""

    @abstractmethod
    def where(self, key: str) -> str:
        """A key in words that its operator can use: a path, or an address."""

    def many(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes at several keys, in their order. `KeyError` at the first that is not there."""
        return map(self.get, keys)

    def blob(self, plain: bytes) -> str:
        """Keep plain bytes under their sha256; return the address."""
        address = digest(plain)
        if not self.retain(blob_key(address)):
            self.put_if_absent(blob_key(address), zstandard.ZstdCompressor(level=6).compress(plain))
        return address

    def packed(self, address: str) -> bytes:
        """A blob as it is stored (zstd), held against its address."""
        packed = self._packed(address)
        self.plain(packed, address)
        return packed

    def read(self, address: str) -> bytes:
        """A blob's plain bytes, held against its address."""
        return self.plain(self._packed(address), address)

    def _packed(self, address: str) -> bytes:
        try:
            return self.get(blob_key(address))
        except KeyError:
            raise missing(self, blob_key(address)) from None

    def plain(self, packed: bytes, address: str) -> bytes:
        """The plain bytes of a blob as it is stored; `StoreError` unless they are what its address says."""
        where = self.where(blob_key(address))
        try:
            plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST_BLOB)
        except zstandard.ZstdError as error:
            raise StoreError(f"{where} is damaged ({error}); restore it from the backup") from error
        if digest(plain) != address:
            raise StoreError(f"{where} does not hold what its name says; restore it from the backup")
        return plain


class Folder(Store):
    """A store in a folder of one file system that has hard links."""

    near = True

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address = str(root)

    def get(self, key: str) -> bytes:
        """The bytes at a key. `KeyError` if there are none."""
        try:
            return (self.root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise KeyError(key) from None
        except OSError as error:
            raise refused(error, self.root / key) from error

    def has(self, key: str) -> bool:
        """Something stands at the key."""
        try:
            return (self.root / key).is_file()
        except OSError as error:
            raise refused(error, self.root / key) from error

    def list(self, prefix: str) -> Iterator[str]:
        """Keys directly or deeper under a folder prefix, sorted."""
        top = self.root / prefix
        found = (path.relative_to(self.root).as_posix() for path in top.rglob("*") if path.is_file())
        yield from sorted(found)

    def children(self, prefix: str) -> tuple[str, ...]:
        """Names directly under a folder prefix, sorted."""
        try:
            return tuple(sorted(entry.name for entry in os.scandir(self.root / prefix)))
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise refused(error, self.root / prefix) from error

    def put_if_absent(self, key: str, data: bytes) -> bytes:
        """Put bytes where nothing stands; return what stands there now (equal bytes: ours, or as good as ours)."""
        target = self.root / key
        if self.has(key):
            return self.get(key)
        temporary = self.temporary()
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            return data if self.place(temporary, key) else self.get(key)
        except OSError as error:
            raise refused(error, target) from error
        finally:
            temporary.unlink(missing_ok=True)

    def place(self, temporary: Path, key: str) -> bool:
        """Link a finished temporary file of this store to a key; False if something stands there already."""
        target = self.root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(temporary, target)
            _sync(target.parent)
        except FileExistsError:
            return False
        except OSError as error:
            raise refused(error, target) from error
        finally:
            temporary.unlink(missing_ok=True)
        return True

    def temporary(self) -> Path:
        """A fresh path inside the store for a file that will be placed; left-overs of a killed run are harmless."""
        folder = self.root / TEMPORARY
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refused(error, folder) from error
        return folder / f"{os.getpid()}-{secrets.token_hex(8)}"

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The file itself."""
        if not self.has(key):
            raise missing(self, key)
        return nullcontext(self.root / key)

    def retain(self, key: str) -> bool:
        """Make the file young, so that `gc` leaves it alone. What else keeps it is the file system's own matter."""
        try:
            os.utime(self.root / key)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except PermissionError:  # another user's file in a shared folder: it stands, and only gets no younger
            return self.has(key)
        except OSError as error:
            raise refused(error, self.root / key) from error
        return True

    def written(self, key: str) -> datetime:
        """The time of the file's last change, which `retain` moves."""
        try:
            return datetime.fromtimestamp((self.root / key).stat().st_mtime, UTC)
        except (FileNotFoundError, NotADirectoryError):
            raise KeyError(key) from None

    def remove(self, key: str) -> None:
        """Unlink the file."""
        try:
            (self.root / key).unlink(missing_ok=True)
        except OSError as error:
            raise refused(error, self.root / key) from error

    def where(self, key: str) -> str:
        """The file's path."""
        return str(self.root / key)

    def ready(self) -> None:
        """Raise `StoreError` unless the folder can be written and has hard links."""
        temporary = self.temporary()
        other = temporary.with_suffix(".link")
        try:
            temporary.write_bytes(b"")
            os.link(temporary, other)
        except OSError as error:
            raise StoreError(
                f"{self.root} cannot hold a store: {error.strerror}; it needs a writable file system with hard links"
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
            other.unlink(missing_ok=True)


def missing(store: Store, key: str) -> StoreError:
    """What to say where something should stand, and does not."""
    return StoreError(f"{store.where(key)} is missing; restore the store from its backup")


def blob_key(address: str) -> str:
    """Where a blob stands."""
    return f"blobs/sha256/{address[:2]}/{address[2:]}.zst"


def blob_address(key: str) -> str | None:
    """The address of a blob's key; `None` for a key of another form."""
    match key.split("/"):
        case ["blobs", "sha256", first, rest] if rest.endswith(".zst") and len(first + rest) == 68:
            return first + rest.removesuffix(".zst")
    return None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refused(error: OSError, path: Path) -> StoreError:
    """What to say where the file system refuses a path of the store."""
    remedy = (
        "make room and run again: nothing is lost" if error.errno in FULL else "check the folder's owner and rights"
    )
    return StoreError(f"{path}: {error.strerror}; {remedy}")
