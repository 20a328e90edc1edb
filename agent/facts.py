"""Facts shards inside a bundle: zstd of JSON lines, one resource each, opened within bounds. Each line is a leaf of the Merkle tree."""

from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from agent.errors import VerificationError

FOLDER = "evidence/facts/"
SUFFIX = ".jsonl.zst"
LARGEST = 64 << 20
"""Bytes of one shard, opened. A shard is made of at most 8 MiB, or of one resource that is larger."""
WINDOW = 27
"""Largest window that zstd may ask for, as a power of two: what level 19 uses on large inputs."""
_PIECE = 1 << 18


def is_facts(path: str) -> bool:
    """Whether a member is a facts shard."""
    return path.startswith(FOLDER) and path.endswith(SUFFIX)


def lines(packed: BinaryIO, name: str) -> Iterator[bytes]:
    """The lines of a shard, without their line ends. Raises `VerificationError` for what is none, or opens to too much."""
    begun: list[bytes] = []
    """Pieces of the line that has no end yet."""
    size = 0
    reader = zstandard.ZstdDecompressor(max_window_size=1 << WINDOW).stream_reader(packed, read_across_frames=True)
    try:
        while piece := reader.read(_PIECE):
            size += len(piece)
            if size > LARGEST:
                raise VerificationError(f"{name} opens to more than {LARGEST} bytes")
            first, *others = piece.split(b"\n")
            begun.append(first)
            if others:
                yield b"".join(begun)
                yield from others[:-1]
                begun = [others[-1]]
    except zstandard.ZstdError as error:
        raise VerificationError(f"{name} cannot be opened: {error}") from None
    if any(begun):
        raise VerificationError(f"{name} does not end with a line")
