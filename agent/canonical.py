"""The one byte form of every record: JSON with sorted keys, no spaces, UTC instants ending in Z."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from agent.errors import StoreError

T = TypeVar("T")
_encoder = msgspec.json.Encoder(order="sorted")


def encode(value: Any) -> bytes:
    """Canonical bytes of a record."""
    return _encoder.encode(value)


def decode(data: bytes, of: type[T], *, what: str) -> T:
    """The record that the bytes hold; `StoreError` that names `what` if they do not."""
    try:
        return msgspec.json.decode(data, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{what} is not what it should be: {error}; run `starcadence verify` on the store") from error


def lines(values: Iterable[Any]) -> bytes:
    """Canonical JSON lines."""
    return b"".join(_encoder.encode(value) + b"\n" for value in values)


def each(data: bytes, of: type[T], *, what: str) -> Iterator[T]:
    """The records of JSON lines, one at a time."""
    decoder = msgspec.json.Decoder(of)
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
