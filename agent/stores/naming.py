"""What the address of a store names: a bucket of a kind that is known, or a folder."""

import re

REMOTE = re.compile(r"(s3|gs|az)://([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:/([^?#\\]*))?")
"""Scheme, bucket or container, prefix."""


KINDS = {
    ".html": "text/html; charset=utf-8", ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".zip": "application/zip",
}  # fmt: skip


def media_type(key: str) -> str:
    """How a bucket serves what stands at a key, where it is read in a browser."""
    return KINDS.get(f".{key.rpartition('.')[2]}", "application/octet-stream")


def is_remote(address: str) -> bool:
    """The address names a bucket or container, not a folder."""
    return REMOTE.fullmatch(address) is not None
