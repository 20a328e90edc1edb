"""Bundle files, written and read as streams: never extracted, never a second way to write the same members."""

import hashlib
import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from agent.errors import UsageError, VerificationError
from agent.zipform import END64_SIZE, END_SIZE, MAX_MEMBER, Entry, directory, directory_start, fault, listed, local

CHUNK = 1 << 20
"""Bytes that are held at once."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One member that was written."""

    name: str
    size: int
    sha256: bytes


class Writer:
    """Writes members in their order, each in one pass, to a file that can seek."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[Entry] = []

    def add(self, name: str, content: BinaryIO) -> Written:
        """Append a member. Raises `ValueError` if it is larger than a member can be."""
        offset = self._entries[-1].end if self._entries else 0
        digest, crc, size = hashlib.sha256(), 0, 0
        self._file.write(local(Entry(name=name, size=0, crc=0, offset=offset)))
        while chunk := content.read(CHUNK):
            self._file.write(chunk)
            digest.update(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        if size > MAX_MEMBER:
            raise ValueError(f"{name} has {size} bytes, more than a member can have")
        entry = Entry(name=name, size=size, crc=crc, offset=offset)
        self._file.seek(offset)
        self._file.write(local(entry))
        self._file.seek(entry.end)
        self._entries.append(entry)
        return Written(name=name, size=size, sha256=digest.digest())

    def finish(self) -> None:
        """Write the directory. Raises `ValueError` if the names cannot be members of one file, or stand in another order."""
        wrong = fault([entry.name for entry in self._entries])
        if wrong:
            raise ValueError(wrong)
        self._file.write(directory(self._entries))


class Archive:
    """A bundle file, open: every byte outside of the members' contents was already held against our own encoding."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the directory. Raises `VerificationError` unless `file` is in the one form of our ZIP files."""
        self._descriptor = file.fileno()
        self._file = file
        entries = self._directory()
        self.entries = {entry.name: entry for entry in entries}
        wrong = fault([entry.name for entry in entries])
        if wrong:
            raise VerificationError(f"not a bundle: {wrong}")
        for entry in entries:
            if self._pread(entry.start - entry.offset, entry.offset) != local(entry):
                raise VerificationError(f"not a canonical bundle: the header of {entry.name}")

    @classmethod
    def open(cls, path: Path) -> "Archive":
        """Open a file. Raises `UsageError` if it cannot be read, `VerificationError` if it is not a canonical ZIP file."""
        try:
            if not path.is_file():
                raise UsageError(f"{path}: there is no such file; give the path of a bundle")
            file = path.open("rb")
        except OSError as error:
            raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
        try:
            return cls(file)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def content(self, name: str) -> BinaryIO:
        """A member's content, as a stream of its own. `digest` is what checks it."""
        return io.BufferedReader(_Window(self._descriptor, self.entries[name]), CHUNK)

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member's content, piece by piece."""
        entry = self.entries[name]
        at = entry.start
        while at < entry.end:
            chunk = self._pread(min(CHUNK, entry.end - at), at)
            yield chunk
            at += len(chunk)

    def digest(self, name: str) -> bytes:
        """The sha256 of a member's content. Raises `VerificationError` where its checksum differs."""
        digest, crc = hashlib.sha256(), 0
        for chunk in self.chunks(name):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
        if crc != self.entries[name].crc:
            raise VerificationError(f"{name} was changed: its checksum differs")
        return digest.digest()

    def read(self, name: str, limit: int) -> bytes:
        """A whole member. Raises `VerificationError` if it is missing, or has more than `limit` bytes."""
        entry = self.entries.get(name)
        if entry is None:
            raise VerificationError(f"{name} is missing")
        if entry.size > limit:
            raise VerificationError(f"{name} has {entry.size} bytes, more than {limit}")
        return b"".join(self.chunks(name))

    def _directory(self) -> tuple[Entry, ...]:
        size = os.fstat(self._descriptor).st_size
        tail = min(size, END_SIZE + END64_SIZE)
        try:
            start, count = directory_start(self._pread(tail, size - tail), size)
            content = self._pread(size - start, start)
            entries = listed(content, count)
        except ValueError:
            raise VerificationError(
                "not a bundle: not a ZIP file, or one with too many members, or cut short"
            ) from None
        if content != directory(entries):
            raise VerificationError("not a canonical bundle: its directory of members")
        return entries

    def _pread(self, size: int, offset: int) -> bytes:
        content = os.pread(self._descriptor, size, offset)
        if len(content) != size:
            raise VerificationError("the file ends early")
        return content


class _Window(io.RawIOBase):
    """A part of a file as a file."""

    def __init__(self, descriptor: int, entry: Entry) -> None:
        self._descriptor = descriptor
        self._at, self._end = entry.start, entry.end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        content = os.pread(self._descriptor, min(len(buffer), self._end - self._at), self._at)
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)
