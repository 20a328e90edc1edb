"""msgspec.Raw of Resource Graph as they came over the wire: whose each is, told without decoding it, and decoded when it is wanted."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from collectors.answer import Plain


class Owned(msgspec.Struct):
    """Of a row, whose it is."""

    subscriptionId: str  # noqa: N815 - Azure's name


_owners = msgspec.json.Decoder(list[Owned])
_apart = msgspec.json.Decoder(list[msgspec.Raw])
_row = msgspec.json.Decoder(dict[str, Any])


def by_owner(rows: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Rows by subscription, each a list as they came. Raises a `ValueError` of decoding if one says not whose it is."""
    owners = [one.subscriptionId.lower() for one in _owners.decode(rows)]
    if len(whose := dict.fromkeys(owners)) <= 1:
        return dict.fromkeys(whose, rows)
    groups: dict[str, list[msgspec.Raw]] = defaultdict(list)
    for owner, row in zip(owners, _apart.decode(rows), strict=True):
        groups[owner].append(row)
    return {owner: msgspec.Raw(msgspec.json.encode(group)) for owner, group in groups.items()}


def decoded(rows: msgspec.Raw) -> Iterator[dict[str, Any]]:
    """Each row of a list. Raises `msgspec.DecodeError` or `UnicodeDecodeError` at the first that cannot be read."""
    return map(Plain, map(_row.decode, _apart.decode(rows)))
