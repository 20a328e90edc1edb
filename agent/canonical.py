"""The one byte form of every record: JSON with sorted keys, no spaces, UTC instants ending in Z."""

import hashlib
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from agent.errors import StoreError

T = TypeVar("T")
_encoder = msgspec.json.Encoder(order="sorted")


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_making = threading.Lock()


def _decoder(of: type[T]) -> msgspec.json.Decoder[T]:
    """Made once for each type, by one thread: two that meet a type for the first time at once can end the process (msgspec 0.22)."""
    found = _decoders.get(of)
    if found is None:
        with _making:
            found = _decoders.setdefault(of, msgspec.json.Decoder(of))
    return found


def encode(value: Any) -> bytes:
    """Canonical bytes of a record."""
    return _encoder.encode(value)


def decode(data: bytes, of: type[T], *, what: str) -> T:
    """The record that the bytes hold; `StoreError` that names `what` if they do not."""
    try:
        return _decoder(of).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{what} is not what it should be: {error}; run `starcadence verify` on the store") from error


def lines(values: Iterable[Any]) -> bytes:
    """Canonical JSON lines."""
    return b"".join(_encoder.encode(value) + b"\n" for value in values)


def each(data: bytes, of: type[T], *, what: str) -> Iterator[T]:
    """The records of JSON lines, one at a time."""
    decoder = _decoder(of)
    try:
        for line in data.splitlines():
            yield decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{what} is not what it should be: {error}; run `starcadence verify` on the store") from error


def digest(data: bytes) -> str:
    """sha256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def stamp(instant: datetime) -> str:
    """An instant as a path-safe name: `20260901T000000Z`."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
