"""Rows of Resource Graph as they came over the wire: parted by subscription without decoding them, and decoded when they are wanted.

A block is a JSON object with rows under `data`, such as a page is.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from collectors.answer import Clean, Plain
from collectors.detectors import pure


class _Apart(msgspec.Struct):
    data: list[msgspec.Raw]


_apart = msgspec.json.Decoder(_Apart)
_row = msgspec.json.Decoder(dict[str, Any])


def by_owner(owners: Sequence[str], block: bytes) -> dict[str, bytes]:
    """A block for each owner of its rows, in lower case. Whose each row is, is given in their order."""
    whose = {owner: owner.lower() for owner in dict.fromkeys(owners)}
    if len({*whose.values()}) <= 1:
        return dict.fromkeys(whose.values(), block)
    groups: dict[str, list[msgspec.Raw]] = defaultdict(list)
    for owner, row in zip(owners, _apart.decode(block).data, strict=True):
        groups[whose[owner]].append(row)
    return {owner: msgspec.json.encode(_Apart(data=group)) for owner, group in groups.items()}


def decoded(block: bytes) -> Iterator[dict[str, Any]]:
    """Each row. Raises `msgspec.DecodeError` or `UnicodeDecodeError` at the first that cannot be read."""
    kind = Clean if pure(block) else Plain
    return map(kind, map(_row.decode, _apart.decode(block).data))
