"""What the address of a store names: a bucket of a kind that is known, or a folder."""

import re

REMOTE = re.compile(r"(s3|gs|az)://([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:/([^?#\\]*))?")
"""Scheme, bucket or container, prefix."""


def is_remote(address: str) -> bool:
    """The address names a bucket or container, not a folder."""
    return REMOTE.fullmatch(address) is not None
