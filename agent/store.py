"""Where everything is kept: one folder, written only by put-if-absent, so that no crash and no race can change what stands.

Keys are relative POSIX paths (see `docs/store.md` for the layout). Blobs are addressed by the sha256 of their plain bytes and stored
as zstd. A record that stands is never rewritten.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import zstandard

from agent.canonical import digest
from agent.errors import StoreError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
LARGEST_BLOB = 64 * 1024 * 1024
"""A shard is at most 8 MiB; nothing honest comes near this when it is opened."""


class Folder:
    """A store in a folder of one file system that has hard links."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, key: str) -> bytes:
        """The bytes at a key. `KeyError` if there are none."""
        try:
            return (self.root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise KeyError(key) from None
        except OSError as error:
            raise _refused(error, self.root / key) from error

    def has(self, key: str) -> bool:
        """Something stands at the key."""
        return (self.root / key).is_file()

    def list(self, prefix: str) -> Iterator[str]:
        """Keys directly or deeper under a folder prefix, sorted."""
        top = self.root / prefix
        found = (path.relative_to(self.root).as_posix() for path in top.rglob("*") if path.is_file())
        yield from sorted(found)

    def children(self, prefix: str) -> tuple[str, ...]:
        """Names directly under a folder prefix, sorted."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return tuple(sorted(entry.name for entry in os.scandir(self.root / prefix)))
        return ()

    def put_if_absent(self, key: str, data: bytes) -> bytes:
        """Put bytes where nothing stands; return what stands there now (equal bytes: ours, or as good as ours)."""
        target = self.root / key
        if target.is_file():
            return self.get(key)
        temporary = self.temporary()
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            return data if self.place(temporary, key) else self.get(key)
        except OSError as error:
            raise _refused(error, target) from error
        finally:
            temporary.unlink(missing_ok=True)

    def place(self, temporary: Path, key: str) -> bool:
        """Link a finished temporary file of this store to a key; False if something stands there already."""
        target = self.root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(temporary, target)
        except FileExistsError:
            return False
        except OSError as error:
            raise _refused(error, target) from error
        finally:
            temporary.unlink(missing_ok=True)
        _sync(target.parent)
        return True

    def temporary(self) -> Path:
        """A fresh path inside the store for a file that will be placed; left-overs of a killed run are harmless."""
        folder = self.root / "tmp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refused(error, folder) from error
        return folder / f"{os.getpid()}-{secrets.token_hex(8)}"

    def blob(self, plain: bytes) -> str:
        """Keep plain bytes under their sha256; return the address."""
        address = digest(plain)
        if not self.has(_path(address)):
            self.put_if_absent(_path(address), zstandard.ZstdCompressor(level=6).compress(plain))
        return address

    def packed(self, address: str) -> bytes:
        """A blob as it is stored (zstd)."""
        try:
            return self.get(_path(address))
        except KeyError:
            raise StoreError(f"{self.root / _path(address)} is missing; restore the store from its backup") from None

    def read(self, address: str) -> bytes:
        """A blob's plain bytes, checked against its address."""
        try:
            plain = zstandard.ZstdDecompressor().decompress(self.packed(address), max_output_size=LARGEST_BLOB)
        except zstandard.ZstdError as error:
            raise StoreError(
                f"{self.root / _path(address)} is damaged ({error}); restore it from the backup"
            ) from error
        if digest(plain) != address:
            raise StoreError(
                f"{self.root / _path(address)} does not hold what its name says; restore it from the backup"
            )
        return plain

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


def _path(address: str) -> str:
    return f"blobs/sha256/{address[:2]}/{address[2:]}.zst"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(error: OSError, path: Path) -> StoreError:
    remedy = (
        "make room and run again: nothing is lost" if error.errno in FULL else "check the folder's owner and rights"
    )
    return StoreError(f"{path}: {error.strerror}; {remedy}")
